#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Cards from arguments and at the terminal; tests/tools/cards-tool.c calls
# cmd/cards.h.

load common

setup() {
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")
	export tool=$build/../tests/tools/cards-tool
	export LC_ALL=C.UTF-8
	cd "$BATS_TEST_TMPDIR"
	mkdir cards
	"$tool" deal cards 12
}

teardown() {
	no_terminal
}

@test "two names, or a path that isn't there, are misuse" {
	run --separate-stderr "$tool" name db foo cards/card-1.txt
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = "quorate: foo: no such file" ]
	[[ "${stderr_lines[1]}" == *'"db" is no file either'* ]]
	run --separate-stderr "$tool" name ./db cards/card-1.txt
	[ "$status" -eq 2 ]
	run --separate-stderr "$tool" read db cards/card-1.txt
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = "quorate: db: no such file" ]
}

@test "what is no file is the NAME, wherever it stands" {
	run --separate-stderr "$tool" name cards/card-1.txt db cards/card-2.txt
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"NAME is db"* ]]
	[[ "$stderr" == *"a quorum is here"* ]]
}

@test "files that are no card are named and stop nothing" {
	: > empty
	printf '# only\n\n  # comments\n' > comments
	head -c 300000 /dev/zero > zeros
	head -c 300000 /dev/zero | tr '\0' x > long
	printf '\211PNG\r\n\032\nrubbish' > rubbish.png
	printf '%%PDF-1.4 rubbish' > rubbish.pdf
	printf 'hello\n' > hello
	run --separate-stderr "$tool" read empty comments zeros long rubbish.png \
	    rubbish.pdf hello cards cards/card-1.txt cards/card-2.txt
	[ "$status" -eq 0 ]
	for file in empty comments zeros long rubbish.png rubbish.pdf hello cards
	do
		[ "$(grep -cE "^quorate: (warning: )?$file:" <<< "$stderr")" -eq 1 ]
	done
	[[ "$stderr" == *"a quorum is here"* ]]
}

@test "a hostile file name can't drive the terminal" {
	name=$'x\e[2J\u202etxt'
	: > "$name"
	run --separate-stderr "$tool" read "$name"
	[[ "$stderr" == *'x\x1b[2J\u202etxt'* ]]
	[[ "$stderr" != *$'\e'* ]]
}

@test "standard input is a card" {
	run --separate-stderr "$tool" read - cards/card-2.txt < cards/card-1.txt
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"standard input: card 1 (cfo)"* ]]
	[[ "$stderr" == *"a quorum is here"* ]]
}

@test "a named pipe is a card" {
	mkfifo pipe
	cat cards/card-1.txt > pipe &
	run --separate-stderr "$tool" read pipe
	[[ "$stderr" == *"pipe: card 1 (cfo)"* ]]
}

@test "says who could still come" {
	run --separate-stderr "$tool" read cards/card-3.txt
	[[ "$stderr" == *"1 of its cards is here, 1 more needed"* ]]
	[[ "$stderr" == *"could still come: card 1 (cfo), card 2 (ciso)"* ]]
}

@test "the sealed file is found beside a card, or given" {
	mkdir big alone
	"$tool" deal big 4000
	run --separate-stderr "$tool" read big/card-1.txt big/card-2.txt
	[[ "$stderr" == *"a quorum is here" ]]
	cp big/card-[12].txt alone
	cp cards/card-1.txt alone/other.sealed
	mkfifo alone/pipe.sealed
	run --separate-stderr "$tool" read alone/card-1.txt alone/card-2.txt
	[[ "$stderr" == *"the file with its sealed credential is missing"* ]]
	run --separate-stderr "$tool" read alone/card-1.txt alone/card-2.txt \
	    big/card.sealed
	[[ "$stderr" == *"a quorum is here" ]]
}

@test "nothing is asked where standard input is no terminal" {
	run --separate-stderr "$tool" ask < /dev/null
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" == *"no terminal to ask at"* ]]
}

@test "cards are asked for until a quorum is here" {
	terminal
	enter '$tool ask; echo rc=$?'
	await 'card file, or w for words, or empty to end:'
	enter 'nothing'
	await 'nothing: no such file'
	enter "'cards/card-1.txt' "
	await 'card 1 (cfo) of set'
	await 'could still come: card 2 (ciso), card 3 (cto)'
	enter 'cards/card-1.txt'
	await 'duplicate'
	enter 'cards/card-3.txt'
	await 'a quorum is here'
	await 'rc=0'
}

@test "an empty answer ends the asking" {
	terminal
	enter '$tool ask; echo rc=$?'
	await 'empty to end:'
	enter ''
	await 'rc=0'
}

@test "phrases are asked for until a quorum is unlocked" {
	run --separate-stderr "$tool" lock cards 12
	[ "$status" -eq 0 ]
	run --separate-stderr "$tool" unlock cards/card-1.txt cards/card-2.txt \
	    < /dev/null
	[ "$status" -eq 1 ]
	[[ "$stderr" == *'--phrase-file 1=FILE'* ]]
	terminal
	enter '$tool unlock cards/card-*.txt; echo rc=$?'
	await 'lock phrase of card 1 (cfo)'
	tmux -S tmux send-keys -l "$(cat cards/phrase-2)"
	enter ''
	await 'that is not the phrase of card 1 (cfo)'
	tmux -S tmux send-keys -l "$(cat cards/phrase-1)"
	enter ''
	await 'lock phrase of card 2 (ciso)'
	enter ''
	await 'lock phrase of card 3 (cto)'
	tmux -S tmux send-keys -l "$(awk '{
		for (i = 1; i <= 7; i++)
			printf "%s ", substr($i, 1, 4)
	}' cards/phrase-3)"
	await 'card 3 (cto): unlocked'
	await 'card 2 (ciso): left out'
	await 'rc=0'
	[ "$(tmux -S tmux capture-pane -p -S - | grep -c "$(cut -d' ' -f1 \
	    cards/phrase-1)")" -eq 0 ]
}

@test "too few phrases are no quorum" {
	"$tool" lock cards 12
	terminal
	enter 'TERM=dumb $tool unlock cards/card-[12].txt; echo rc=$?'
	await 'phrase:'
	tmux -S tmux send-keys -l "$(cat cards/phrase-1)"
	enter ''
	await 'lock phrase of card 2 (ciso)'
	enter ''
	await 'too few cards are unlocked'
	await 'rc=1'
}
