#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# split and rotate, killed or failing at each system call that writes: state
# and log agree, and some cards that are out open what the target takes.

load common

setup() {
	begin
	command -v strace >/dev/null || skip "strace isn't installed"
	printf 'ledger = %s\nsyslog = none\n' "$PWD/ledger.db" >"$settings"
	faults=$BATS_TEST_DIRNAME/../tools/deal-faults.py
	build=${quorate%/cmd/quorate}
}

teardown() {
	remove_hook
}

@test "split, at its calls that write, of pwrite64 at each 16th" {
	/usr/bin/python3 "$faults" split "$build" 16 >&3
}

@test "rotate, at its calls that write, of pwrite64 at each 32nd" {
	make_hook
	HOOK=$hooks/hook TARGET=$target /usr/bin/python3 "$faults" rotate \
	    "$build" 32 >&3
}
