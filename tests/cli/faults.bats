#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What faults at system calls once found. All of them: tests/fault.

load common

setup() {
	begin
	echo 'syslog = none' >>"$settings"
	strace -o /dev/null true || skip "strace can't be used here"
}

# faulty CALL N ERROR COMMAND...: COMMAND, whose Nth CALL fails
faulty() {
	local call=$1 nth=$2 error=$3
	shift 3
	run --separate-stderr strace -o trace -e trace="$call" \
	    -e inject="$call:error=$error:when=$nth" "$@"
	grep -q INJECTED trace
}

@test "no ledger without its auditor's card" {
	local n=1
	while faulty fsync "$n" EIO "$quorate" log init --ledger \
	    "$PWD/db" --auditor-card card.txt; do
		echo "fsync $n: $status $stderr"
		[ "$status" -eq 3 ]
		[ ! -e db ] || [ -e card.txt ]
		rm -f db card.txt
		n=$((n + 1))
	done
	[ "$n" -gt 2 ]
}

@test "failed, and on record all the same: it says so" {
	make_ledger
	echo 'syslog = none' >>"$settings"
	local n=1 seen=0 count
	count=$(entries | wc -l)
	while faulty fdatasync "$n" EIO "$quorate" person add "p$n" ||
	    faulty fsync "$n" EIO "$quorate" person add "p$n"; do
		echo "sync $n: $status $stderr"
		[ "$status" -eq 0 ] || [ "$(entries | wc -l)" -eq "$count" ] ||
		    [[ "$stderr" == *"entry $((count)) is on record"*"log show"* ]]
		[[ "$stderr" != *"on record all the same"* ]] ||
		    seen=$((seen + 1))
		count=$(entries | wc -l)
		n=$((n + 1))
	done
	[ "$seen" -gt 0 ]
	"$ledger_tool" agrees "$ledger"
}

@test "an incident without its document is named" {
	make_ledger
	echo 'syslog = none' >>"$settings"
	"$ledger_tool" deal "$ledger" db 1 '2 of (a, b, c)'
	run -3 --separate-stderr sh -c '"$quorate" request db \
	    --requester ana --reason r --ticket T-1 -q --json >/dev/full'
	[[ "$stderr" == *"INC-$(($(entries | wc -l) - 1)) is on record"* ]]
}

@test "standard output fails: it says what is on record" {
	make_ledger
	echo 'syslog = none' >>"$settings"
	printf pw | deal db a -k 2 -n 3 2>said
	run -3 --separate-stderr sh -c '"$quorate" drill a/*c1.txt >/dev/full'
	echo "$stderr"
	[[ "$stderr" == *"entry $(($(entries | wc -l) - 1)) is on record"* ]]
	run -3 --separate-stderr sh -c '"$quorate" log show >/dev/full'
	[[ "$stderr" != *"is on record"* ]]
	for command in 'status --json' 'log export' 'log export --json'; do
		run -3 --separate-stderr sh -c "'$quorate' $command >/dev/full"
		[ "$stderr" = \
		    "quorate: standard output can't be written" ]
	done
}
