#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The tour of examples/quickstart.sh, without its packages and build, and the
# hook that it uses where it isn't root.

bats_require_minimum_version 1.5.0

setup_file() {
	export top=$BATS_TEST_DIRNAME/../..
	QUORATE=${QUORATE:-$top/build/cmd/quorate}
	QUORATE=$(realpath "$QUORATE")
	export QUORATE
	export run_hook=${QUORATE%/cmd/quorate}/tests/tools/run-hook
}

setup() {
	dir=$BATS_TEST_TMPDIR
	hook=$dir/demo-file
	# What it finds of this host's: nothing
	export HOME=$dir/home XDG_STATE_HOME=$dir/state
	cp "$top/examples/hooks/demo-file" "$hook"
	chmod 755 "$hook"
}

# set_to SECRET, try SECRET; without the descriptors 3 and 4 of bats
set_to() {
	printf %s "$1" | "$run_hook" "$hook" apply n "" "$dir/target" 1 3<&- 4<&-
}

try() {
	printf %s "$1" | "$run_hook" "$hook" verify n "" "$dir/target" 1 3<&- 4<&-
}

# What each tour ends with.
is_whole() {
	[[ "$output" == *"generation 1 of \"db-root\""*\
"0 of 1 approvals are there"*"approved, signed by lars"*"no quorum"*\
"\"db-root\" is burned"*"generation 2 of \"db-root\""*\
"rotated: the target takes the new secret, and refuses the old one"*\
"c3-cto.pdf: card 3: retired"*"cards 1,2 rebuild the key"*\
"closed as emergency"*"nothing is due"*"covers "*": agrees"*"--- Done"* ]]
	for c in 1-cfo 2-ciso 3-cto; do
		[ -s "$dir/cards/db-root-g1-c$c.pdf" ]
		[ -s "$dir/new-cards/db-root-g2-c$c.pdf" ]
	done
	[ -s "$dir/report.html" ] && [ -s "$dir/playbook.pdf" ]
	grep -q '"event":"open",.*"checkpoint":"quorate/' "$dir/alerts"
}

@test "the demonstration hook says what it takes" {
	run "$run_hook" "$hook" describe n "" "$dir/target" 1
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "1 to 200" ]
}

@test "the demonstration hook accepts what was set, and nothing else" {
	run try guess
	[[ "$output" == *unknown* ]]
	[ "$(set_to first)" = yes ]
	[ "$(try first)" = yes ]
	[ "$(try firs)" = no ]
	[ "$(set_to second)" = yes ]
	[ "$(try second)" = yes ]
	[ "$(try first)" = no ]
	run ! grep second "$dir/target"
}

@test "the tour stops where a command fails" {
	printf '#!/bin/sh\nexit 3\n' >"$dir/broken"
	chmod 755 "$dir/broken"
	QUORATE=$dir/broken run sh "$top/examples/quickstart.sh" --tour \
		"$dir" ""
	[ "$status" -eq 3 ]
	[[ "$output" != *"--- 3."* ]]
}

@test "the tour, where a file plays the target" {
	run sh "$top/examples/quickstart.sh" --tour "$dir" ""
	echo "$output"
	[ "$status" -eq 0 ]
	is_whole
	[[ "$output" == *demo-file* ]]
}

@test "the tour, with an account that this host never sees" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	apart='unshare -m'
	$apart true || apart='unshare -m --propagation unchanged'
	$apart true || skip "wants a mount namespace of its own"
	before=$(cat /etc/passwd /etc/shadow | sha256sum)
	run $apart sh "$top/examples/quickstart.sh" --tour "$dir" apart
	echo "$output"
	[ "$status" -eq 0 ]
	is_whole
	[ "$(cat /etc/passwd /etc/shadow | sha256sum)" = "$before" ]
	[ ! -e /etc/quorate-quickstart ]
	[[ "$output" == *unix-account* ]] ||
		skip "its mounts would be seen outside: a file was the target"
}

@test "the roster to begin with is what an export gives" {
	mkdir -p "$dir/config/quorate"
	export XDG_CONFIG_HOME=$dir/config
	printf '%s\n' "ledger = $dir/ledger.db" 'syslog = none' \
		"hooks = $dir" >"$dir/config/quorate/config"
	chmod 600 "$dir/config/quorate/config"
	"$QUORATE" log init --auditor-card "$dir/auditor.txt"
	run "$QUORATE" import "$top/examples/roster.json"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" != *warning* ]]
	"$QUORATE" export | cmp - "$top/examples/roster.json"
}
