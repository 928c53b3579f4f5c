#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate hook test: hooks that break the contract in one way each (hooks/
# defects), and the line that says so. A defect is named by its own line, and
# by no other.

load common

setup() {
	begin
	bats_require_minimum_version 1.5.0
	mkdir "$BATS_TEST_TMPDIR/hooks" state
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/hooks"
	hook=$BATS_TEST_TMPDIR/hooks/defects
	install -m 755 "$BATS_TEST_DIRNAME/hooks/defects" "$hook"
	target=$PWD/state
}

teardown() {
	[ ! -S "$BATS_TEST_TMPDIR/tmux" ] ||
		tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server || true
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
}

traced() { /usr/bin/strace -q -o /dev/null /bin/true 2>/dev/null; }

# try DEFECT OPTION...
try() {
	local defect=$1
	shift
	run --separate-stderr "$quorate" hook test "$hook" --user u --yes \
		--target "$defect:$target" "$@"
	echo "$defect: $status"
	echo "$output"
	echo "$stderr"
}

# finds DEFECT CHECK TEXT OPTION...: just this check is broken, and says TEXT
finds() {
	local defect=$1 check=$2 text=$3
	shift 3
	rm -rf state
	mkdir state
	try "$defect" "$@"
	[ "$status" -eq 1 ]
	[ "$(echo "$output" | grep -c ': broken: ')" -eq 1 ]
	[[ "$output" == *"$check: broken: "*"$text"* ]]
	[ "$(echo "$output" | wc -l)" -eq 22 ]
}

# The account has a secret already, and it is given.
given() {
	printf %s abcdefghijklmnop >given
	rm -rf state
	mkdir state
	sha256sum <given | cut -d ' ' -f 1 >state/now
}

@test "misuse: no action, no hook, none of that name, too much" {
	run ! "$quorate" hook
	run -2 --separate-stderr "$quorate" hook tset "$hook"
	[[ "$stderr" == *'did you mean test?'* ]]
	run -2 --separate-stderr "$quorate" hook test
	[[ "$stderr" == *"HOOK is missing"* ]]
	run -2 --separate-stderr "$quorate" hook test "$hook" too-much --yes
	[[ "$stderr" == *'"too-much" is one argument too many'* ]]
	run -2 --separate-stderr "$quorate" hook test ./none --yes
	[[ "$stderr" == *"no such file"* ]]
	[[ "$output" == *"runnable: not checked: "* ]]
	run -2 "$quorate" hook test "$hook" --yes --keep-secret-fd x
	run -2 "$quorate" hook test "$hook" --yes --keep-secret-fd 1
	run -2 "$quorate" hook test "$hook" --yes --keep-secret-fd 77
	[[ "$output" == *"--keep-secret-fd 77: it isn't open"* ]]
	run -2 "$quorate" hook test "$hook" --yes --strip-newline
	[ -z "$(ls state)" ]
}

@test "without a terminal it changes nothing unless --yes" {
	run -2 --separate-stderr "$quorate" hook test "$hook" --user emergency \
		--target "none:$target" </dev/null
	[[ "$stderr" == *'changes the secret of account "emergency"'* ]]
	[[ "$stderr" == *"hint: say --yes"* ]]
	[ -z "$(ls state)" ]
}

@test "a good hook: every check is ok, and nothing of it is left" {
	try none
	[ "$status" -eq 0 ]
	[ "$(echo "$output" | grep -c ': ok: ')" -eq 21 ]
	[[ "$output" == *"mints: not checked: it takes characters"* ]]
	[[ "$output" == *"takes-longest: ok: 200 characters count, each"* ]]
	[[ "$stderr" == *"a secret now that nobody knows"* ]]
	[ -z "$(compgen -G '/tmp/quorate-watch.*')" ]
}

@test "what may not be run isn't" {
	for mode in 644 775 757; do
		chmod "$mode" "$hook"
		finds none runnable ""
		[ -z "$(ls state)" ]
	done
}

@test "describe: unknown key, failure, another each time, too weak" {
	finds colour describe "line 1"
	finds describe-fails describe "it exits 1"
	finds moody describe "something else each time"
	finds weak describe "8 of 62 characters are less than 128 bits"
	[ ! -e state/now ]
}

@test "describe is quick" {
	finds slow quick "describe took 6 s"
}

@test "a target that can't be reached is no fault of the hook" {
	for defect in describe-later later apply-later; do
		try "$defect"
		[ "$status" -eq 3 ]
		[[ "$output" == *"exits 75"* ]]
		[[ "$output" != *": broken: "* ]]
		rm -rf state/*
	done
}

@test "mint: two of the right length, not alike" {
	finds mint-same mints "the same secret twice"
	finds mint-short mints "5 bytes, not 12 to 200"
	finds mint-fails mints "mint exits 1"
	[ ! -e state/now ]
	try mint
	[ "$status" -eq 0 ]
	[[ "$output" == *"mints: ok: two secrets of 32 and 32 bytes"* ]]
}

@test "a wrong secret is refused, by 1, before and after apply" {
	finds accepts-all refuses-wrong "verify exits 0"
	finds refuses-by-2 refuses-wrong "verify exits 2"
	finds refuses-by-signal refuses-wrong "is killed by signal 15"
	finds accepts-later still-refuses "verify exits 0"
}

@test "apply sets a secret, again, and another" {
	finds apply-fails applies "apply exits 1"
	finds apply-lies accepts "verify exits 1"
	finds not-again applies-again "apply exits 2"
	finds once changes "apply exits 2"
	[[ "$stderr" == *"nobody knows which secret"* ]]
}

@test "odd secrets trip it up" {
	finds empty odd-secrets "verify exits 0 for an empty secret"
	finds crash-odd odd-secrets "is killed by signal 11"
	finds cut-line odd-secrets "verify exits 0 for a secret with a newline"
}

@test "every character of the longest secret counts" {
	finds cut-long takes-longest "of 200 characters not all count"
}

@test "the old secret is refused, unless the hook says that it may not be" {
	finds keeps-old refuses-old "accepted still"
	rm -rf state/*
	try says-more
	[ "$status" -eq 0 ]
	[[ "$output" == *"refuses-old: ok: "*"as single-secret = no says"* ]]
}

@test "needs-old is true to itself" {
	given
	try needs-old --secret-file given
	[ "$status" -eq 0 ]
	[[ "$output" == *"needs-old: ok: without the old secret it refuses"* ]]
	finds_given() {
		given
		try "$1" --secret-file given
		[ "$status" -eq 1 ]
		[ "$(echo "$output" | grep -c ': broken: ')" -eq 1 ]
		[[ "$output" == *"needs-old: broken: $2"* ]]
	}
	finds_given wants-old "apply exits 1 for a secret, without the old one"
	finds_given sets-without "apply exits 0 without the old secret"
	finds_given changes-first "verify exits 1 for the secret before"
	# and where it isn't given nothing is changed
	given
	cp state/now before
	try needs-old
	[ "$status" -eq 2 ]
	[[ "$stderr" == *"hint: give it by --secret-file"* ]]
	cmp state/now before
}

@test "--secret-file: a newline at its end is no part of it, if so said" {
	given
	echo >>given
	try needs-old --secret-file given
	[ "$status" -eq 2 ]
	[ ! -e state/former ]
	try needs-old --secret-file given --strip-newline
	[ "$status" -eq 0 ]
	given
	run -0 sh -c 'cat given | "$@"' - "$quorate" hook test "$hook" --yes \
		--target "needs-old:$target" --secret-file -
}

@test "it keeps its time" {
	finds hangs in-time "verify did not end in 2 s" --hook-timeout 2s
}

@test "wrong-logins: no more wrong tries than it says" {
	try thrice
	[ "$status" -eq 0 ]
	[ "$(wc -l <state/wrong)" -eq 2 ]
	[[ "$output" == *"refuses-wrong: ok"* ]]
	[[ "$output" == *"still-refuses: not checked: wrong-logins"* ]]
	[[ "$output" == *"refuses-old: ok"* ]]
	rm -rf state/*
	try never
	[ "$status" -eq 0 ]
	[ ! -e state/wrong ]
	[[ "$output" == *"refuses-old: not checked: wrong-logins"* ]]
}

@test "a process that lives on is named, and killed" {
	finds process no-process-left "sleep ("
	pid=$(echo "$output" | sed -n 's/.*sleep (\([0-9]*\)).*/\1/p')
	run ! kill -0 "$pid"
}

@test "what it leaves in /tmp" {
	traced || skip "wants strace"
	finds litter no-file-left "/tmp/quorate-litter."
	rm -f /tmp/quorate-litter.*
}

@test "its input's end, and a terminal that isn't there" {
	traced || skip "wants strace"
	finds reads-on asks-nobody "reads on and on from standard input"
	rm -rf state/*
	try tty
	[ "$status" -eq 0 ]
	[[ "$output" == *"asks-nobody: ok: "*"it looked for a terminal"* ]]
}

@test "secrets in arguments and environments, plain or encoded" {
	traced || skip "wants strace"
	finds argument not-in-arguments "an argument of true"
	finds base64 not-in-arguments "an argument of true"
	finds environ not-in-environment "the environment of true"
}

@test "secrets in the output, however late" {
	finds output not-in-output "a secret is in its output"
	finds late-output not-in-output "a secret is in its output"
}

@test "a secret in a file, though it is removed again" {
	traced || skip "wants strace"
	finds file not-in-files "/state/plain"
	[ ! -e state/plain ]
}

@test "without strace what was sampled is called so" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	unshare -m true 2>/dev/null || skip "wants a mount namespace"
	blind() {
		rm -rf state
		mkdir state
		run --separate-stderr unshare -m sh -c '
			touch empty
			chmod 644 empty
			[ ! -e /usr/bin/strace ] ||
				mount --bind empty /usr/bin/strace
			exec "$@"' - "$quorate" hook test "$hook" --user u \
			--yes --target "$1:$target"
		echo "$output"
	}
	blind none
	[ "$status" -eq 0 ]
	[[ "$output" == *"not-in-arguments: ok: "*"only sampled: "*strace* ]]
	[[ "$output" == *"not-in-files: not checked: "*strace* ]]
	[[ "$output" == *"not-in-output: ok: no secret"* ]]
	blind slow-argument
	[ "$status" -eq 1 ]
	[[ "$output" == *"not-in-arguments: broken: a secret is an argument of s"* ]]
	blind slow-environ
	[ "$status" -eq 1 ]
	[[ "$output" == *"not-in-environment: broken: "*" of s"* ]]
	blind output
	[[ "$output" == *"not-in-output: broken: "* ]]
	blind process
	[[ "$output" == *"no-process-left: broken: sleep"* ]]
}

@test "--keep-secret-fd hands over what the account has at the end" {
	run -0 --separate-stderr "$quorate" hook test "$hook" --yes \
		--target "none:$target" --keep-secret-fd 9 9>kept
	[ -s kept ]
	[ "$(sha256sum <kept | cut -d ' ' -f 1)" = "$(cat state/now)" ]
	[[ "$stderr" != *"nobody knows"* ]]
}

@test "--json says the same" {
	try none --json
	[ "$status" -eq 0 ]
	echo "$output" | /usr/bin/python3 -c '
import json, sys
said = json.load(sys.stdin)
assert said["broken"] == 0 and said["changed"], said
assert len(said["checks"]) == 22
assert {c["verdict"] for c in said["checks"]} == {"ok", "not checked"}'
	rm -rf state/*
	try keeps-old --json
	[ "$status" -eq 1 ]
	echo "$output" | /usr/bin/python3 -c '
import json, sys
said = json.load(sys.stdin)
broken = [c for c in said["checks"] if c["verdict"] == "broken"]
assert said["broken"] == 1 and broken[0]["check"] == "refuses-old"'
}

@test "its own words hold no secret" {
	try apply-lies
	try output
	while read -r hash; do
		[ "$(echo "$output$stderr" | tr -c 'A-Za-z0-9' '\n' |
			while read -r w; do printf %s "$w" | sha256sum; done |
			grep -c "$hash")" -eq 0 ]
	done <state/former
}

# The hook of docs/hooks.md on a server of its own: redis COMMAND...
with_redis() {
	command -v redis-server >/dev/null || skip "no redis-server"
	hook=$BATS_TEST_TMPDIR/hooks/redis-user
	sed -n '/^```sh$/,/^```$/{/^```/!p}' \
		"$BATS_TEST_DIRNAME/../../docs/hooks.md" >"$hook"
	chmod 755 "$hook"
	mkdir server
	socket=$PWD/server/socket
	printf 'user %s\n' 'default on nopass ~* &* +@all' \
		'throwaway on >old-password ~* +ping' >server/acl
	redis-server --port 0 --unixsocket "$socket" --dir "$PWD/server" \
		--save '' --daemonize no --aclfile "$PWD/server/acl" \
		>server/said 2>&1 3>&- 4>&- &
	server=$!
	for _ in $(seq 250); do
		[ "$(redis-cli -s "$socket" ping 2>/dev/null)" != PONG ] ||
			break
		sleep 0.02
	done
}

@test "the hook of docs/hooks.md is good, and says so when it can't" {
	with_redis
	run --separate-stderr "$quorate" hook test "$hook" --yes \
		--user throwaway --target "$socket"
	up=$status
	said=$output
	echo "$said"
	echo "$stderr"
	run --separate-stderr "$quorate" hook test "$hook" --yes \
		--user nobody-there --target "$socket"
	nobody=$status
	nobody_said=$stderr
	echo "$stderr"
	# what it can't carry it refuses, and knows nothing of
	odd=
	for secret in '' 'not letters' "$(printf %0129d 0)" \
	    "$(printf %0128d 0)"; do
		for verb in apply verify; do
			run env QUORATE_USER=throwaway QUORATE_TARGET="$socket" \
				"$hook" $verb 3< <(printf %s "$secret")
			odd="$odd $status"
		done
	done
	kill "$server"
	wait "$server" || :
	run "$quorate" hook test "$hook" --yes --user throwaway \
		--target "$socket"
	[ "$up" -eq 0 ]
	[ "$(echo "$said" | grep -c ': ok: ')" -ge 20 ]
	[ "$nobody" -eq 1 ]
	[[ "$nobody_said" == *'no user "nobody-there"'* ]]
	[ "$odd" = " 1 2 1 2 1 2 0 0" ]
	[ "$status" -eq 3 ]
}

@test "on a terminal it asks, whose account, and takes no for an answer" {
	command -v tmux >/dev/null || skip "no tmux"
	term() { tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"; }
	await() {
		for _ in $(seq 200); do
			! term capture-pane -p | grep -qF -- "$1" || return 0
			sleep 0.05
		done
		term capture-pane -p
		return 1
	}
	term new-session -d -x 80 -y 40 "exec env PS1='$ ' bash --norc"
	term send-keys "$quorate hook test $hook --user emergency" \
		" --target none:$target; echo status \$?" Enter
	await 'throw-away account? [y/N]'
	term capture-pane -p | grep -qF '"emergency"'
	term send-keys n Enter
	await 'status 1'
	[ -z "$(ls state)" ]
	given
	term send-keys "clear; $quorate hook test $hook --user emergency" \
		" --target needs-old:$target --ask; echo status \$?" Enter
	await '[y/N]'
	term send-keys y Enter
	await 'Secret that the account has now:'
	term send-keys abcdefghijklmnop Enter
	await 'status 0'
	run ! grep -q abcdefghijklmnop <<<"$(term capture-pane -p)"
}
