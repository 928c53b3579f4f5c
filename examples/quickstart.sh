#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what quorate needs (Debian 12; as root or through sudo), build it in
# build-quickstart, and go the whole way once: mint a password, deal it to
# three PDF cards, rejoin it with two of them, rotate it.
#
#	sh examples/quickstart.sh
#
# Nothing of this machine is changed but for packages, the build directory and
# a new directory in /tmp, which is named at the end. As root the password is
# that of an account on a copy of /etc that only this script sees; else, or
# where no such copy can be had, a file plays the target.
set -eu

# Debian's programs before others of the same names, python3 above all.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
unset MAKEFLAGS DESTDIR
umask 077

script=$(cd "$(dirname "$0")" && pwd)/quickstart.sh
top=$(dirname "$(dirname "$script")")
build=$top/build-quickstart
# A test names another one.
quorate=${QUORATE:-$build/cmd/quorate}

say() {
	printf '%s\n' "$@"
}

step() {
	say '' "--- $1"
	shift
	[ $# -eq 0 ] || say "$@"
	say ''
}

die() {
	printf 'quickstart: %s\n' "$@" >&2
	exit 3
}

# logged WHAT COMMAND...: silent where it goes well
logged() {
	what=$1
	shift
	"$@" >"$build/quickstart.log" 2>&1 </dev/null || {
		tail -n 40 "$build/quickstart.log" >&2
		die "$what failed; all of it: $build/quickstart.log"
	}
}

install_and_build() {
	step '1. Packages and build'
	sh "$top/examples/install-packages.sh" build run demo
	mkdir -p "$build" || die "$top must be writable"
	[ -e "$build/build.ninja" ] ||
		logged 'meson setup' \
			meson setup -Dtests=disabled "$build" "$top"
	logged 'the build' ninja -C "$build"
	say "built: $quorate"
}

# run [!] WORD...: show a quorate command, then run it; behind ! it must exit
# with the status that follows.
run() {
	want=0
	if [ "$1" = '!' ]; then
		want=$2
		shift 2
	fi
	say "\$ quorate $*"
	status=0
	"$quorate" "$@" </dev/null 2>&1 || status=$?
	[ "$status" -eq "$want" ] ||
		die "that ended with status $status, not $want"
	[ "$want" -eq 0 ] || say "(status $status)"
	say ''
}

# An account on a copy of /etc, in the mount namespace that we are in: what is
# mounted here must not be seen outside.
make_account() {
	mkdir "$dir/root"
	mount -t tmpfs none "$dir/root" || return 1
	touch "$dir/root/inside"
	[ ! -e "/proc/$PPID/root$dir/root/inside" ] || {
		umount "$dir/root"
		return 1
	}
	mkdir "$dir/root/etc" "$dir/root/work"
	touch "$dir/root/etc/quorate-quickstart"
	mount -t overlay none -o \
"lowerdir=/etc,upperdir=$dir/root/etc,workdir=$dir/root/work" /etc || return 1
	[ -e /etc/quorate-quickstart ] || return 1
	rm -f /etc/nologin
	useradd -M -s /bin/sh "$user"
}

# tour DIR: from minting to rotation. Cards 1 and 3, then 2 and 3 come together.
tour() {
	cd "$dir"
	# This tour is of cards alone, and leaves this host's ledger in peace.
	XDG_CONFIG_HOME=$dir/config
	export XDG_CONFIG_HOME
	mkdir -p config/quorate
	echo 'ledger = none' >config/quorate/config
	cp "$top/examples/hooks/$hook" "$dir/$hook"
	chmod 700 "$dir/$hook"
	QUORATE_NAME=db-root QUORATE_USER=$user QUORATE_TARGET=$target
	export QUORATE_NAME QUORATE_USER QUORATE_TARGET

	step '2. Mint a password and deal it: any 2 of 3 cards open it' \
		'Nobody has seen the password, this script neither.'
	run split db-root -k 2 -n 3 --mint --user "$user" --target "$target" \
		--output cards

	step '3. Look at two cards, as a scanner would bring them' \
		'This reveals nothing.'
	run check cards/db-root-g1-c1.pdf cards/db-root-g1-c3.pdf

	step '4. One card opens nothing'
	run ! 1 reconstruct db-root cards/db-root-g1-c2.pdf --exec -- true

	step '5. Two cards rejoin the password' \
		'It goes to a program, not to a screen: the hook sets it on' \
		"$what."
	run reconstruct db-root cards/db-root-g1-c1.pdf \
		cards/db-root-g1-c3.pdf --exec -- "./$hook" apply
	say 'Two other cards give the same password: a login with it works.' ''
	run reconstruct db-root cards/db-root-g1-c2.pdf \
		cards/db-root-g1-c3.pdf --exec -- "./$hook" verify

	step '6. Rotate: seen is compromised' \
		'A new password, new cards; only then is it set, and tried;' \
		'the old one must be refused.'
	run rotate db-root cards/db-root-g1-c1.pdf cards/db-root-g1-c3.pdf \
		--hook "./$hook" --output new-cards

	step '7. Old cards and new' \
		'Old cards open what the target no longer takes.'
	run ! 4 reconstruct db-root cards/db-root-g1-c1.pdf \
		cards/db-root-g1-c2.pdf --exec -- "./$hook" verify
	run reconstruct db-root new-cards/db-root-g2-c1.pdf \
		new-cards/db-root-g2-c2.pdf --exec -- "./$hook" verify

	step 'Done' \
		"old cards   $dir/cards" \
		"new cards   $dir/new-cards (look at one)" \
		"the hook    $dir/$hook" \
		"quorate     $quorate" \
		'' \
		"next        $quorate --help" \
		"            $top/README.md" \
		"to end it   rm -r $dir $build"
}

case ${1:-} in
'')
	install_and_build
	dir=$(mktemp -d /tmp/quorate-quickstart.XXXXXX)
	apart='unshare -m'
	$apart true 2>/dev/null || apart='unshare -m --propagation unchanged'
	if [ "$(id -u)" -ne 0 ] || ! $apart true 2>/dev/null; then
		apart=
	fi
	# A child, not exec: what it mounts is looked for from out here.
	# shellcheck disable=SC2086 # words, or none
	$apart sh "$script" --tour "$dir" "${apart:+apart}"
	rmdir "$dir/root" 2>/dev/null || :
	;;
--tour)
	dir=$2
	user=emergency
	if [ "$3" = apart ] && make_account 2>/dev/null; then
		hook=unix-account
		target=localhost
		what="the account \"$user\" (on a copy of /etc, made for this)"
	else
		hook=demo-file
		target=$dir/target
		what="a file that plays the target ($target)"
	fi
	tour
	;;
*) die 'usage: sh examples/quickstart.sh' ;;
esac
