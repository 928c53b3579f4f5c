#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# No branch and no address may depend on a secret. Each driver marks its
# secrets as undefined memory and runs under valgrind, which reports exactly
# these; built by two compilers at four levels, since each may put branches
# back. One line for each; exit 1 if any is reported or fails.
#
# usage: tests/ct/run.sh [DRIVER]...

set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

compilers=${CT_COMPILERS:-gcc clang}
levels=${CT_LEVELS:--O0 -O2 -O3 -Os}

# A driver, the sources of lib/ and the -lLIBRARYs that it stands on.
table() {
	cat <<-'END'
	ct_words base/secret card/gf1024 card/rs1024 card/word card/words
	ct_shamir base/secret base/buf base/crypt base/utf8 crypto/gf256 crypto/shamir crypto/tree crypto/policy crypto/policy_text -lgcrypt
	ct_codes base/secret base/buf base/crypt base/hex base/utf8 card/text card/code card/header crypto/merkle crypto/policy crypto/policy_text crypto/mint -lgcrypt
	END
}

# clang's own debug format is too new for Debian's valgrind.
flags='-std=c11 -D_GNU_SOURCE -DQUO_CT_CHECK -g -gdwarf-4 -Wall
	-fstack-protector-strong -fPIE -pie -Ilib -I. -Itests/ct'

build() { # compiler level driver source or -lLIBRARY...
	cc=$1 level=$2 name=$3
	shift 3
	files=tests/ct/$name.c libs=
	for word; do
		case $word in
		-l*) libs="$libs $word" ;;
		*) files="$files lib/$word.c" ;;
		esac
	done
	# shellcheck disable=SC2086 # lists of words
	$cc $level $flags -I"$work" -o "$work/driver" $files $libs
}

watch() { # arguments of the driver
	valgrind -q --error-exitcode=99 --leak-check=no \
	    "$work/driver" "$@" >"$work/said" 2>&1
}

python3 lib/card/wordlist-table.py lib/card/wordlist.txt \
    >"$work/wordlist.inc" || exit 1

failed=0
say() { # verdict driver compiler level
	printf '%-6s %-12s %-5s %s\n' "$@"
	case $1 in
	ok) ;;
	*) failed=1; head -n 30 "$work/said" >&2 ;;
	esac
}

for cc in $compilers; do
	for level in $levels; do
		: >"$work/said"
		# First of all: would it see anything?
		for plant in index branch; do
			if build "$cc" "$level" ct_planted; then
				watch "$plant"
				[ $? -eq 99 ] && seen=ok || seen=blind
			else
				seen=build
			fi
			say "$seen" "planted-$plant" "$cc" "$level"
		done
		table | while read -r name sources; do
			if [ $# -gt 0 ]; then
				case " $* " in
				*" $name "*) ;;
				*) continue ;;
				esac
			fi
			echo >"$work/ran"
			# shellcheck disable=SC2086 # a list of words
			if ! build "$cc" "$level" "$name" $sources; then
				say build "$name" "$cc" "$level"
			else
				watch
				case $? in
				0) say ok "$name" "$cc" "$level" ;;
				99) say leaks "$name" "$cc" "$level" ;;
				*) say fails "$name" "$cc" "$level" ;;
				esac
			fi
			[ "$failed" -eq 0 ] || echo >"$work/failed"
		done
	done
done
if [ ! -e "$work/ran" ]; then
	echo "run.sh: no such driver: $*" >&2
	exit 1
fi
[ "$failed" -eq 0 ] && [ ! -e "$work/failed" ]
