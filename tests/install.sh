#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Install into a prefix of our own; build and run examples/deal.c with
# nothing but what pkg-config says; ask each hook that is installed whether it
# is one.
#
# usage: tests/install.sh SOURCE BUILD

set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

DESTDIR=$work meson install -C "$build" --no-rebuild --quiet >"$work/log" 2>&1 ||
	{ cat "$work/log" >&2; exit 1; }
pc=$(find "$work" -name quorate.pc)
[ -n "$pc" ] || { echo "install.sh: no quorate.pc" >&2; exit 1; }
PKG_CONFIG_PATH=$(dirname "$pc")
PKG_CONFIG_SYSROOT_DIR=
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
prefix=$work$(pkg-config --variable=prefix quorate)
pkgconf() { pkg-config --define-variable=prefix="$prefix" "$@" quorate; }

[ "$(wc -l <"$source/examples/deal.c")" -lt 60 ] ||
	{ echo "install.sh: the example has 60 lines or more" >&2; exit 1; }
for include in quorate.h quorate/quorate.h; do
	sed "s|<quorate.h>|<$include>|" "$source/examples/deal.c" >"$work/deal.c"
	# shellcheck disable=SC2046 # lists of words
	${CC:-cc} -std=c11 -Wall -Wextra -Werror $(pkgconf --cflags) \
	    "$work/deal.c" -o "$work/deal" $(pkgconf --libs)
	said=$("$work/deal")
	[ "$said" = "root@db1: hunter2" ] ||
		{ echo "install.sh: the example says: $said" >&2; exit 1; }
done
# Each header by itself, as C11 without extensions.
cd "$prefix/include/quorate"
for header in */*.h; do
	# shellcheck disable=SC2046
	echo "#include <$header>" | ${CC:-cc} -std=c11 -Wall -Wextra -Werror \
	    -pedantic $(pkgconf --cflags) -fsyntax-only -xc -
done

# A hook for root: nobody else writes to it, and it knows what it takes.
fail() { echo "install.sh: $*" >&2; exit 1; }
hooks=$prefix/$(meson introspect --buildoptions "$build" |
	/usr/bin/python3 -c 'import json, sys
print([o["value"] for o in json.load(sys.stdin) if o["name"] == "libexecdir"][0])
')/quorate
for hook in "$hooks"/hooks/* "$hooks"/deliver/*; do
	[ "$(stat -c %a "$hook")" = 755 ] || fail "$hook isn't of mode 755"
	original=$source/examples/${hook#"$hooks"/}
	cmp -s "$hook" "$original" || fail "$hook isn't $original"
	case $hook in
	*/hooks/*) env -i PATH="$PATH" "$hook" describe >"$work/says" ||
		fail "$hook doesn't say what it takes" ;;
	esac
done
for hook in "$source"/examples/hooks/* "$source"/examples/deliver/*; do
	case $hook in
	*/cloud-template | */demo-file) continue ;;
	esac
	[ -x "$hooks/${hook#"$source"/examples/}" ] ||
		fail "$hook isn't installed"
done
