#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# photos.sh QUORATE-SCAN [COUNT [SEED]]: make photos, read them, compare with
# zbarimg. 60 of them in every run of the tests; the long suite takes 500.
set -eu
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
/usr/bin/python3 "$here/make-photos.py" --count "${2:-60}" --seed "${3:-1}" \
	"$dir"
/usr/bin/python3 "$here/measure.py" --at-least 75 --misses "$1" "$dir"
