# SPDX-License-Identifier: GPL-3.0-or-later
# A throw-away root for tests: a mount namespace of the test's own with an
# overlay over /etc and an empty /run and /mnt.

begin_root() {
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/x}")/..
	export run_hook=$build/tests/tools/run-hook
	export root=$BATS_FILE_TMPDIR
	# Here, for root runs no hook that others could change.
	export tool=/run/quorate-hook-test/run-hook
	export hook=/run/quorate-hook-test/unix-account
	export source=$BATS_TEST_DIRNAME/../../examples/hooks/unix-account
	export namespace='unshare -m'
	mkdir "$root/probe"
	$namespace true || namespace='unshare -m --propagation unchanged'
}

# What is mounted inside isn't seen outside: in a chroot, unshare can't see
# to that.
is_private() {
	$namespace sh -euc '
		mount -t tmpfs none "$root/probe"
		touch "$root/probe/inside"
		seen=0
		[ ! -e "/proc/$PPID/root$root/probe/inside" ] || seen=1
		umount "$root/probe"
		exit $seen'
}

# Run the lines of standard input on the throw-away root, by sh -eu, without
# the descriptors 3 and 4 of bats.
on_root() {
	$namespace sh -euc '
		mount -t tmpfs none /mnt
		mkdir /mnt/etc /mnt/work
		mount -t overlay none -o \
			lowerdir=/etc,upperdir=/mnt/etc,workdir=/mnt/work /etc
		mount -t tmpfs none /run
		mkdir /run/quorate-hook-test
		cp "$run_hook" "$tool"
		cp "$source" "$hook"
		chmod 755 "$hook"
		rm -f /etc/nologin
		useradd -M -s /bin/sh emergency
		set_to() { printf %s "$1" |
			"$tool" "$hook" apply "db root" emergency "" 7; }
		try() { printf %s "$1" |
			"$tool" "$hook" verify "db root" emergency "" 7; }
		is() { [ "$1" = "$2" ] || {
			echo "got \"$1\", want \"$2\""; exit 9; }; }
		none() { if grep "$@"; then exit 9; fi; }
		'"$(cat)" 3<&- 4<&-
}
