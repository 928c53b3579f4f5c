#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What all commands have in common: help, version, misuse.

load common

setup() {
	no_ledger
	quorate=${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}
	cd "$BATS_TEST_TMPDIR"
}

commands() {
	"$quorate" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'
}

@test "no command is misuse" {
	run --separate-stderr "$quorate"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "quorate: a command is missing" ]
	[ "${stderr_lines[1]}" = "quorate: hint: see quorate --help" ]
}

@test "an unknown command is misuse, and the nearest is named" {
	run --separate-stderr "$quorate" hepl
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = 'quorate: unknown command "hepl"' ]
	[ "${stderr_lines[1]}" = "quorate: hint: did you mean help?" ]
	run --separate-stderr "$quorate" frobnicate
	[ "$status" -eq 2 ]
	[[ "$stderr" != *"did you mean"* ]]
}

@test "an option before the command is misuse" {
	run --separate-stderr "$quorate" --json help
	[ "$status" -eq 2 ]
	[[ "$stderr" == *"--json stands before the command"* ]]
}

@test "an unknown option is misuse, and the nearest is named" {
	run --separate-stderr "$quorate" help --qiuet
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "quorate: unknown option --qiuet" ]
	[ "${stderr_lines[1]}" = "quorate: hint: did you mean --quiet?" ]
}

@test "one argument too many is misuse" {
	run --separate-stderr "$quorate" help one two
	[ "$status" -eq 2 ]
	[[ "$stderr" == *'"two" is one argument too many'* ]]
}

@test "--ledger takes a path, and excludes --no-ledger" {
	run --separate-stderr "$quorate" check --ledger= -
	[ "$status" -eq 2 ]
	[ "$stderr" = "quorate: --ledger takes a path" ]
	run --separate-stderr "$quorate" check --ledger x.db --no-ledger -
	[ "$status" -eq 2 ]
	[[ "$stderr" == *"--ledger and --no-ledger exclude each other"* ]]
	[ ! -e x.db ]
}

@test "a slip in the configuration is named, but blocks no rescue" {
	echo secret | "$quorate" split x -k 2 -n 3 --strip-newline \
	    --format txt --output cards
	printf 'deadline = 2h\nledgr = none\n' >"$settings"
	run --separate-stderr "$quorate" check cards/x-g1-c1.txt
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = \
	    "quorate: $settings:2: there is no setting \"ledgr\"" ]
	[ "${stderr_lines[1]}" = "quorate: hint: did you mean ledger?" ]
	run --separate-stderr "$quorate" reconstruct --no-ledger \
	    cards/x-g1-c[12].txt --exec=stdin -- cat
	[ "$status" -eq 0 ]
	[ "$output" = secret ]
	[[ "$stderr" == *"warning: $settings:2: there is no setting"* ]]
	for words in help "check --help" --version; do
		# shellcheck disable=SC2086
		run --separate-stderr "$quorate" $words
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
}

@test "what is typed can't drive the terminal" {
	run --separate-stderr "$quorate" $'a\e[2Jb'
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = 'quorate: unknown command "a\x1b[2Jb"' ]
}

@test "help and version go to standard output" {
	run --separate-stderr "$quorate" --version
	[ "$status" -eq 0 ]
	[[ "$output" =~ ^quorate\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ -z "$stderr" ]
	run --separate-stderr "$quorate" --help
	[ "$status" -eq 0 ]
	[[ "$output" == *$'\n\ncards:\n  split '* ]]
	[[ "$output" == *$'\n\nan emergency:\n  request '* ]]
	[ -z "$stderr" ]
}

@test "each command has help of 80 columns with its exit codes" {
	[ -n "$(commands)" ]
	for command in $(commands); do
		run --separate-stderr "$quorate" "$command" --help
		[ "$status" -eq 0 ]
		[[ "${lines[0]}" == "usage: quorate $command "* ]]
		[[ "$output" == *"exit codes:"* ]]
		[[ "$output" == *"--allow-unlocked"* ]]
		[ -z "$stderr" ]
		[ -z "$(printf '%s\n' "$output" | LC_ALL=C.UTF-8 awk 'length > 80')" ]
		help=$output
		run --separate-stderr "$quorate" help "$command"
		[ "$status" -eq 0 ]
		[ "$output" = "$help" ]
	done
}

@test "a full disk under standard output is no success" {
	status=0
	"$quorate" --version > /dev/full 2> err || status=$?
	[ "$status" -eq 3 ]
	grep -q "standard output can't be written" err
}

@test "closed standard descriptors do no harm" {
	"$quorate" --version <&- 2>&-
	status=0
	"$quorate" nonsense <&- >&- 2>&- || status=$?
	[ "$status" -eq 2 ]
}

@test "memory stays out of core dumps" {
	(ulimit -c unlimited 2> /dev/null || true
	exec strace -f -o trace "$quorate" --version)
	grep -q 'PR_SET_DUMPABLE, SUID_DUMP_DISABLE' trace
	grep -q 'RLIMIT_CORE, {rlim_cur=0, rlim_max=0}' trace
}
