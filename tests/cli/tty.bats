#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The terminal: questions, typed secrets, a secret that is shown and cleared.
# A real one by tmux; tests/tools/tty-tool.c calls cmd/tty.h and typed.h.

setup() {
	bats_require_minimum_version 1.5.0
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")
	export tool=$build/../tests/tools/tty-tool
	export LC_ALL=C.UTF-8
	unset NO_COLOR
	cd "$BATS_TEST_TMPDIR"
	term new-session -d -x 80 -y 24 \
	    "exec env PS1='$ ' bash --norc --noprofile"
	await '$'
}

teardown() {
	term kill-server || true
}

term() {
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"
}

keys() {
	term send-keys "$@"
}

screen() {
	term capture-pane -p "$@"
}

# Until the screen has this text, 5 seconds at most.
await() {
	for _ in $(seq 100); do
		screen | grep -qF -- "$1" && return
		sleep 0.05
	done
	echo "no \"$1\" on the screen:"
	screen | grep -v '^$'
	return 1
}

# Neither on the screen nor in what was scrolled away.
absent() {
	[ "$(screen -S - | grep -cF -- "$1")" -eq 0 ]
}

enter() {
	keys "$@" Enter
}

# The first four letters of each word of a row.
row() {
	"$tool" rows | awk -v n="$1" '$1 == n {
		for (i = 2; i <= 8; i++)
			printf "%s ", substr($i, 1, 4)
	}'
}

type_rows() {
	for n in "$@"; do
		keys -l "$(row "$n")"
	done
}

echoes() {
	enter 'clear; stty -a | grep -o "[-]\?echo " | sed "s/^/tty:/"'
	await 'tty:echo'
}

@test "nothing is asked where standard input is no terminal" {
	printf x > out
	for what in secret new line confirm 'typed out' 'show out 1'; do
		run --separate-stderr "$tool" $what < /dev/null
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "$stderr" = "quorate: tool: standard input is no terminal" ]
	done
	enter 'echo y | $tool confirm; echo rc=$?'
	await 'rc=2'
}

@test "a typed secret is not shown" {
	enter '$tool secret'
	await 'secret:'
	enter 'pässw€rd'
	await 'got 11 bytes, first 70, last 64'
	absent ssw
	echoes
}

@test "an empty secret and Ctrl-D are no secret" {
	enter '$tool secret; echo rc=$?'
	await 'secret:'
	enter ''
	await 'rc=1'
	enter 'clear; $tool secret; echo rc=$?'
	await 'secret:'
	keys C-d
	await 'rc=1'
	screen | grep -q 'nothing was entered'
	echoes
}

@test "a secret over the limit is refused, not cut" {
	enter '$tool secret; echo rc=$?'
	await 'secret:'
	enter "$(printf '%1025s' | tr ' ' x)"
	await 'rc=2'
	screen | grep -q 'too large'
	enter 'clear; $tool secret; echo rc=$?'
	await 'secret:'
	enter "$(printf '%1024s' | tr ' ' x)"
	await 'got 1024 bytes'
}

@test "a new secret is typed twice, alike" {
	enter '$tool new'
	await 'new secret:'
	enter one
	await 'the same again:'
	enter two
	await 'they are not alike'
	enter three
	sleep 0.2
	enter three
	await 'got 5 bytes'
	enter 'clear; $tool new; echo rc=$?'
	await 'new secret:'
	for i in 1 2 3; do
		enter "a$i"
		sleep 0.2
		enter "b$i"
		sleep 0.2
	done
	await 'rc=1'
	absent 'a1'
}

@test "Ctrl-C, a stop and a kill give the terminal back" {
	enter '$tool secret'
	await 'secret:'
	keys C-c
	echoes
	enter 'clear; $tool secret'
	await 'secret:'
	keys abc C-z
	await 'Stopped'
	echoes
	enter 'fg'
	await 'secret:'
	enter xyz
	await 'got 3 bytes, first 78, last 7a'
	enter 'clear; $tool secret & sleep 0.3; fg'
	await 'secret:'
	kill -TERM "$(pgrep -f "^$tool secret" -s "$(term display -p '#{pane_pid}')")"
	await 'Terminated'
	echoes
}

@test "yes is yes, and all else is no" {
	for answer in y Y yes YES; do
		enter 'clear; $tool confirm'
		await '[y/N]'
		enter "$answer"
		await 'got yes'
	done
	for answer in '' n yy ye yesss; do
		enter 'clear; $tool confirm'
		await '[y/N]'
		enter "$answer"
		await 'got no'
	done
}

@test "an answer typed before the question is none" {
	enter 'clear; sleep 1; $tool confirm'
	keys y Enter
	await '[y/N]'
	enter n
	await 'got no'
}

@test "a shown secret is cleared by a key" {
	printf 'k7RwO0l1 x' > secret
	enter 'echo before; $tool show secret 0'
	await 'any key clears it'
	await 'O0l1'
	await 'capital Oscar'
	await 'digit zero'
	keys Up
	await 'done'
	await 'before'
	absent 'O0l1'
}

@test "a shown secret is cleared at its deadline" {
	printf 'k7RwO0l1' > secret
	enter '$tool show secret 2'
	await 'O0l1'
	sleep 2.3
	await 'done'
	absent 'O0l1'
}

@test "a stop and a signal clear a shown secret" {
	printf 'k7RwO0l1' > secret
	enter '$tool show secret 0'
	await 'O0l1'
	keys C-z
	await 'Stopped'
	absent 'O0l1'
	enter fg
	await 'O0l1'
	keys C-c
	sleep 0.3
	absent 'O0l1'
	echoes
}

@test "what is typed before the secret is shown doesn't clear it" {
	printf 'k7RwO0l1' > secret
	enter 'sleep 1; $tool show secret 0'
	keys x x
	await 'O0l1'
	sleep 0.3
	await 'O0l1'
	keys x
	await 'done'
}

@test "binary and lines are shown as hexadecimal, escapes never as they are" {
	printf 'a\033[31mb' > secret
	enter '$tool show secret 0'
	await '61 1b 5b 33'
	keys q
	await 'done'
	printf 'one\ntwo' > secret
	enter 'clear; $tool show secret 0'
	await '6f 6e 65 0a'
	keys q
	await 'done'
}

@test "a secret that doesn't fit the window is not shown" {
	head -c 4000 /dev/zero > secret
	enter '$tool show secret 0; echo rc=$?'
	await 'rc=2'
	screen | grep -q 'too large'
}

@test "a shown secret follows the window" {
	printf 'k7RwO0l1k7RwO0l1k7RwO0l1k7RwO0l1' > secret
	enter '$tool show secret 0'
	await 'O0l1'
	term resize-window -x 50 -y 30
	await '   17  k7Rw'
	term resize-window -x 30 -y 8
	await 'too small'
	absent 'O0l1'
	term resize-window -x 80 -y 24
	await 'O0l1'
	keys q
	await 'done'
}

@test "four letters of a word are enough, and are completed in sight" {
	enter '$tool typed out'
	await 'row  1'
	keys -l 'atta deve assi eyeb'
	await 'attach   develop  assign   eyeball'
	keys -l ' scar'
	keys Tab
	keys -l 'apart bact '
	await 'row  2'
	type_rows 2 3 4 5 6 7
	await 'the share is whole'
	keys n
	await 'done'
	"$tool" rows | head -n 7 | cmp - out
	absent 'attach'
	echoes
}

@test "a wrong word is named at once, and Tab takes what was meant" {
	enter '$tool typed out'
	await 'row  1'
	keys -l 'attach develp '
	await 'word 2 "develp" is not in the list; did you mean "develop"?'
	keys Tab
	keys -l 'zzzz '
	await 'word 3 "zzzz" is not in the list'
	keys -l 'assi'
	await 'attach   develop  assign'
	enter ''
	await 'a row has 7 words: 4 more'
	keys C-d
	await 'nothing was entered'
	[ ! -e out ]
	absent 'attach'
	echoes
}

@test "a wrong row is named, typed again, or left to be corrected" {
	enter '$tool typed out; echo rc=$?'
	await 'row  1'
	type_rows 1 2
	keys -l 'cris mosq icic work gest evol gadg '
	await 'row 3 has a wrong word'
	type_rows 3
	await 'row  4'
	keys -l 'mona leop mole clus pudd bamb clas '
	await 'row 4 has a wrong word'
	enter ''
	await 'row  5'
	keys -l '? '
	keys -l "$(row 5 | cut -c 6-)"
	type_rows 6 7
	await 'row 4 word 6: you typed "bamboo", the code says "beehive"'
	screen | grep -q 'is that what the card says? \[y/N\]'
	keys y
	await 'row 5 word 1: you typed "?", the code says "rhubarb"'
	keys y
	await 'the share is whole'
	keys n
	await 'rc=0'
	"$tool" rows | head -n 7 | cmp - out
}

@test "a correction that is declined asks for the row again" {
	enter '$tool typed out; echo rc=$?'
	await 'row  1'
	type_rows 1 2 3
	keys -l 'mona leop mole clus pudd bamb clas '
	await 'row 4 has a wrong word'
	enter ''
	type_rows 5 6 7
	await 'the code says "beehive"'
	keys n
	await 'then row 4 once more'
	type_rows 4
	await 'the share is whole'
	keys C-d
	await 'rc=0'
	"$tool" rows | head -n 7 | cmp - out
}

@test "the set's rows are typed too, and a missing one is noticed" {
	enter '$tool typed out; echo rc=$?'
	await 'row  1'
	type_rows 1 2 3 4 5 6 7
	await 'type them from this card?'
	keys y
	await 'row 11'
	type_rows 11 12 13 14
	await 'row 15'
	enter ''
	await "these can't be all rows of the card"
	type_rows 15
	await 'row 16'
	enter ''
	await 'rc=0'
	"$tool" rows | cmp - out
}

@test "words that can't be mended are asked for again" {
	enter '$tool typed out; echo rc=$?'
	await 'row  1'
	keys -l '? ? ? ? ? ? ? '
	keys -l '? ? ? ? ? ? ? '
	type_rows 3 4 5 6 7
	await 'too many words are wrong or missing'
	await 'row 1 once more'
	type_rows 1
	await 'row 2 once more'
	enter ''
	await 'the code says "convince"'
	keys C-d
	await 'rc=1'
	[ ! -e out ]
}

@test "a stop and a kill while typing leave no word behind" {
	enter '$tool typed out'
	await 'row  1'
	type_rows 1
	await 'row  2'
	keys C-z
	await 'Stopped'
	absent 'attach'
	echoes
	enter fg
	await 'row  2'
	type_rows 2 3 4 5 6 7
	await 'the share is whole'
	keys C-c
	sleep 0.3
	absent 'convince'
	[ ! -e out ]
	echoes
}

@test "on a dumb terminal a row is a line" {
	enter 'TERM=dumb $tool typed out; echo rc=$?'
	await 'row 1:'
	enter '1 atta deve assgn eyeb scar apar bact'
	await 'word 3 "assgn" is not in the list; did you mean "assign"?'
	enter 'atta deve'
	await 'a row has 7 words'
	for n in 1 2 3 4 5 6 7; do
		enter "$(row $n)"
	done
	await 'type them from this card? [y/N]'
	enter n
	await 'rc=0'
	"$tool" rows | head -n 7 | cmp - out
}
