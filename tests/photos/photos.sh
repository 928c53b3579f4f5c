#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# photos.sh QUORATE-SCAN [COUNT [SEED [QUORATE]]]: make photos, read them,
# compare with zbarimg. 60 of them in every run of the tests; the long suite
# takes 500. They are of pages with the least modules that are printed, 0.5 mm;
# with QUORATE, of cards that it deals.
set -eu
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
pages=
if [ -n "${4:-}" ]; then
	"$4" split --no-ledger -q sample -k 2 -n 5 --mint --format png \
		--output "$dir/plain"
	"$4" split --no-ledger -q sample \
		--policy '2 of (2 of (a, b, c), 1 of (d, e))' --mint --lock --phrase-dir "$dir/phrases" --user admin \
		--target 'the first of two hosts' --format png \
		--output "$dir/locked" </dev/null
	for page in "$dir"/plain/*.png "$dir"/locked/*.png; do
		pages="$pages --page $page"
	done
fi
# shellcheck disable=SC2086 # options, of names without blanks
/usr/bin/python3 "$here/make-photos.py" --count "${2:-60}" --seed "${3:-1}" \
	$pages "$dir/photos"
/usr/bin/python3 "$here/measure.py" --at-least 75 --misses "$1" "$dir/photos"
