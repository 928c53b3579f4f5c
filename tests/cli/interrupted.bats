#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Cards that were shown are on record, also where a signal ends it at the
# prompt, and it ends by that signal.

load common

why=(--reason x --ticket none --requester ana)

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	hooks=$BATS_TEST_TMPDIR/hooks
	echo "hooks = $hooks" >>"$settings"
	printf x | deal db db -k 2 -n 3 2>/dev/null
	one=$(echo db/*c1*) two=$(echo db/*c2*)
	before=$(entries | wc -l)
}

teardown() {
	no_terminal
	"$quorate" log verify --rebuild | grep -q 'as the log makes it'
}

since() {
	entries "$before" | fields "$@"
}

# At a terminal: begin_asking COMMAND...
begin_asking() {
	[ -e tmux ] || terminal
	enter "clear; $(printf '%q ' "$quorate" "$@")"
}

# Ask there, show the first card, and wait: ask COMMAND...
ask() {
	begin_asking "$@"
	await 'card file, or w'
	enter "$one"
	await '1 more needed'
}

# What kill sends: tell SIGNAL
tell() {
	local shell
	shell=$(tmux -S tmux display -p '#{pane_pid}')
	kill "-$1" "$(ps -o pid= --ppid "$shell" | tr -d ' ')"
}

interrupt() {
	tmux -S tmux send-keys C-c
}

# What the shell says of its end, and that it has its terminal: ends STATUS
ends() {
	for _ in $(seq 200); do
		[ "$(tmux -S tmux capture-pane -p | grep -v '^$' |
		    tail -n 1)" != '$' ] || break
		sleep 0.05
	done
	enter 'echo "rc=$?"; stty -a | grep -o "[-]\?echo " | sed "s/^/tty:/"'
	await "rc=$1"
	await 'tty:echo'
}

@test "reconstruct: the card, and that it was interrupted" {
	ask reconstruct db "${why[@]}" --show
	interrupt
	ends 130
	since event card verdict reason incident >got
	diff got - <<-END
		request - - x -
		present 1 genuine - INC-3
		open-failed - - interrupted INC-3
	END
}

@test "reconstruct without NAME, by the other signals" {
	for signal in TERM:143 HUP:129; do
		ask reconstruct "${why[@]}" --show
		tell "${signal%:*}"
		ends "${signal#*:}"
		[ "$(since event card reason)" = "\
present 1 -
open-failed - interrupted" ]
		before=$(entries | wc -l)
	done
}

@test "people are told, as of each attempt that fails" {
	mkdir -m 700 "$hooks"
	printf '#!/bin/sh\ncat >>%q\n' "$PWD/told" >"$hooks/tell"
	chmod 700 "$hooks/tell"
	ask reconstruct db "${why[@]}" --show
	interrupt
	ends 130
	grep -q '"event":"open-failed"' told
	grep -q interrupted told
}

@test "files as arguments are told before the prompt: they count too" {
	begin_asking reconstruct db "$two" "${why[@]}" --show
	await '1 more needed'
	interrupt
	ends 130
	since event card verdict | grep -qx 'present 2 genuine'
}

@test "a pipe that says nothing is no reason to stay" {
	mkfifo pipe
	exec 9<>pipe
	"$quorate" reconstruct db "$one" pipe "${why[@]}" --exec -- true \
	    </dev/null 2>said &
	victim=$!
	for _ in $(seq 200); do
		! grep -q 'card 1' said || break
		sleep 0.05
	done
	kill -TERM "$victim"
	status=0
	wait "$victim" || status=$?
	exec 9<&-
	[ "$status" -eq 143 ]
	[ "$(since event card reason)" = "\
request - x
present 1 -
open-failed - interrupted" ]
}

@test "while words are typed, and while a phrase is" {
	ask reconstruct db "${why[@]}" --show
	enter w
	await 'rows of the share'
	interrupt
	ends 130
	[ "$(since event card reason | tail -n 2)" = "\
present 1 -
open-failed - interrupted" ]
	printf x | deal locked locked -k 2 -n 3 --lock --phrase-dir phrases \
	    2>/dev/null
	before=$(entries | wc -l)
	begin_asking reconstruct locked locked/*c[12]* "${why[@]}" --show
	await 'type the lock phrase'
	interrupt
	ends 130
	[ "$(since event reason | tail -n 1)" = 'open-failed interrupted' ]
	since event | grep -qx open
}

# Show the secret, and be told to end: shown SIGNAL STATUS OPTION...
shown() {
	local signal=$1 status=$2
	shift 2
	before=$(entries | wc -l)
	begin_asking reconstruct db "$one" "$two" "${why[@]}" --show "$@"
	await 'any key clears it'
	if [ "$signal" = INT ]; then
		interrupt
	else
		tell "$signal"
	fi
	await 'have it reviewed: quorate review INC-'
	await 'rotate it by'
	run ! grep -q 'any key' <(tmux -S tmux capture-pane -p -S -)
	ends "$status"
	[ "$(since event detail | tail -n 2)" = "\
opened -
close show, exit 0" ]
	[[ "$(since event seconds | tail -n 1)" =~ ^close\ [0-9]+$ ]]
}

@test "a screen that shows it is cleared as by a key, and closed" {
	shown INT 130
	shown TERM 143
	shown HUP 129
	# what was to follow is not begun by who wants to leave
	make_hook
	shown INT 130 --then-rotate --hook "$hooks/hook" --format txt \
	    --output new
	[ ! -e new ]
}

@test "a terminal that is gone: closed all the same" {
	begin_asking reconstruct db "$one" "$two" "${why[@]}" --show
	await 'any key clears it'
	no_terminal
	for _ in $(seq 200); do
		! since event | grep -qx close || break
		sleep 0.05
	done
	[ "$(since event | tail -n 2)" = $'opened\nclose' ]
}

@test "opened, and told to end before it is shown: closed" {
	mkdir -m 700 "$hooks"
	mkfifo go
	printf '#!/bin/sh\ngrep -q %s || exit 0\n: >%q\nread line <%q\n' \
	    "'\"event\":\"open\"'" "$PWD/told" "$PWD/go" >"$hooks/tell"
	chmod 700 "$hooks/tell"
	"$quorate" reconstruct db "$one" "$two" "${why[@]}" --exec -- \
	    touch ran </dev/null 2>said &
	victim=$!
	for _ in $(seq 200); do
		[ ! -e told ] || break
		sleep 0.05
	done
	kill -TERM "$victim"
	echo >go
	status=0
	wait "$victim" || status=$?
	[ "$status" -eq 143 ]
	[ ! -e ran ]
	grep -q 'rotate it by' said
	[ "$(since event detail | tail -n 2)" = "\
opened -
close exec, exit 1" ]
}

@test "a second signal ends it at once, whatever is not on record" {
	ask reconstruct db "${why[@]}" --show
	printf '%s\n' 'import sqlite3, sys, time' \
	    'db = sqlite3.connect(sys.argv[1], isolation_level=None)' \
	    'db.execute("BEGIN IMMEDIATE")' 'print("held", flush=True)' \
	    'time.sleep(300)' >hold.py
	/usr/bin/python3 hold.py "$ledger" >held &
	holder=$!
	until grep -q held held; do sleep 0.05; done
	interrupt
	await interrupted
	interrupt
	ends 130
	kill "$holder"
	[ "$(since event)" = request ]
}

@test "reissue" {
	ask reissue db "${why[@]}" --format txt --output new
	interrupt
	ends 130
	[ ! -e new ]
	[ "$(since event card reason)" = "\
request - x
present 1 -
open-failed - interrupted" ]
}

@test "rotate, and its --resume" {
	make_hook
	begin_asking rotate db "$one" --hook "$hooks/hook" --user u \
	    --format txt --output new
	await 'card file, or w'
	interrupt
	ends 130
	[ "$(since event card detail reason)" = "\
present 1 for rotation -
open-failed - for rotation interrupted" ]
	[ ! -e new ]
	run ! grep -q '^apply' "$target/calls"
	"$quorate" rotate db "$one" "$two" --hook "$hooks/hook" --user u \
	    --format txt --output new --confirm quorum </dev/null && false
	before=$(entries | wc -l)
	begin_asking rotate db "$one" new/*c1* --resume --hook \
	    "$hooks/hook" --user u
	await 'card file, or w'
	interrupt
	ends 130
	[ "$(since event card reason)" = "\
present 1 -
present 1 -
open-failed - interrupted" ]
}

@test "drill, with and without --quorum" {
	ask drill db --quorum
	interrupt
	ends 130
	[ "$(since event card detail)" = 'present 1 drill, interrupted' ]
	before=$(entries | wc -l)
	ask drill db
	interrupt
	ends 130
	[ "$(since event card detail)" = 'present 1 drill, interrupted' ]
}
