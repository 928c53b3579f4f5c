#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate log: refusals first.

load common

setup() {
	begin
	ledger_tool=${quorate%/cmd/quorate}/tests/tools/ledger-tool
	book="--ledger $BATS_TEST_TMPDIR/book.db"
}

teardown() {
	no_terminal
}

init() {
	# shellcheck disable=SC2086 # an option and its value
	"$quorate" log init $book --auditor-card auditor.txt
}

@test "an action that isn't there, and one that is missing" {
	refuse 2 'did you mean verify' "$quorate" log verifi
	refuse 2 'something is missing' "$quorate" log
	refuse 2 'one argument too many' "$quorate" log show $book x
}

@test "what is about the ledger says so where there is none" {
	refuse 2 'the configuration' "$quorate" log show
	refuse 2 '--no-ledger' "$quorate" log show --no-ledger
	refuse 2 'there is no ledger at' "$quorate" log show $book
	[[ "$stderr" == *'quorate log init'* ]]
}

@test "init wants a place for the auditor's card, and leaves nothing else" {
	refuse 2 "where does the auditor's card go" "$quorate" log init $book
	refuse 3 'nowhere/a.txt' "$quorate" log init $book \
		--auditor-card nowhere/a.txt
	[ ! -e "$BATS_TEST_TMPDIR/book.db" ]
	run -0 init
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/book.db" auditor.txt)" = \
		"$(printf '600\n600')" ]
	[ "$(find "$BATS_TEST_TMPDIR" -name 'book*' | wc -l)" -eq 1 ]
	refuse 2 'is there already' init
}

@test "the auditor's card is a PDF or a text, and nothing else" {
	for name in auditor auditor.png auditor.html pdf .pdf/; do
		refuse 2 'must end in .pdf or .txt' "$quorate" log init $book \
			--auditor-card "$name"
	done
	echo mine >auditor.pdf
	refuse 2 'exists already' "$quorate" log init $book \
		--auditor-card auditor.pdf
	refuse 3 'nowhere/a.pdf' "$quorate" log init $book \
		--auditor-card nowhere/a.pdf
	[ ! -e "$BATS_TEST_TMPDIR/book.db" ]
}

@test "a card that can't be drawn is none, and there is no ledger" {
	cp "$quorate" program
	refuse 3 "quorate-draw" ./program log init $book \
		--auditor-card auditor.pdf
	[ ! -e "$BATS_TEST_TMPDIR/book.db" ]
}

# with SCRIPT COMMAND...: where the scanner is that script
with() {
	printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/scanner"
	chmod 755 "$BATS_TEST_TMPDIR/scanner"
	shift
	unshare -m sh -c 'mount --bind "$0" "$1"; shift; exec "$@"' \
		"$BATS_TEST_TMPDIR/scanner" "${quorate%/*}/quorate-scan" "$@"
}

@test "a card that doesn't read back is none, and there is no ledger" {
	with 'exit 0' true || skip "nothing can be mounted here"
	refuse 3 "doesn't read back" with 'cat >/dev/null; exit 1' \
		"$quorate" log init $book --auditor-card auditor.pdf
	# The scanner that reads something else, as a frame of its own making.
	"$quorate" log init --ledger other.db --auditor-card other.pdf
	"${quorate%/*}/quorate-scan" <other.pdf >frames
	refuse 3 "doesn't read back" with "cat >/dev/null; cat $PWD/frames" \
		"$quorate" log init $book --auditor-card auditor.pdf
	[ ! -e "$BATS_TEST_TMPDIR/book.db" ]
	with "cat >/dev/null; cat $PWD/frames" "$quorate" log verify \
		--ledger other.db --auditor-key other.pdf
}

@test "the auditor's card on paper has the key, as symbol and in words" {
	for paper in a4 letter; do
		rm -f "$BATS_TEST_TMPDIR/book.db" auditor.pdf
		"$quorate" log init $book --auditor-card auditor.pdf \
			--paper $paper
		[ "$(stat -c %a auditor.pdf)" = 600 ]
		pdfinfo auditor.pdf >info
		grep -q '^Pages: *1$' info
		grep -qi "^Page size:.*$paper" info
		"$quorate" log export $book --output log
		"$quorate" log verify log --auditor-key auditor.pdf >ours
		grep -q '^seal: holds for 1 entries' ours
		pdftotext -layout auditor.pdf text
		id=$("$quorate" log checkpoint $book | sed -n 's,quorate/,,p')
		grep -q "^Ledger  *$id$" text
		grep -q "^Host  *$(uname -n)$" text
		pdftoppm -r 150 -gray auditor.pdf page
		[[ "$(zbarimg --nodbus -q --raw page-1.pgm)" == QUO1A:* ]]
		zbarimg --nodbus -q --raw page-1.pgm >key
		"$quorate" log verify log --auditor-key key | diff - ours
		sed -n '/^The same in words/,/^For the auditor/p' text |
			grep '^[1-7] ' >words
		"$quorate" log verify log --auditor-key words | diff - ours
	done
}

@test "files that are no ledger, or can't be used, are named as such" {
	init
	echo nonsense >"$BATS_TEST_TMPDIR/other.db"
	run -3 "$quorate" log show --ledger "$BATS_TEST_TMPDIR/other.db"
	[[ "$output" == *'damaged, or is none'* ]]
	ledger=$BATS_TEST_TMPDIR/book.db in_ledger "PRAGMA user_version = 99"
	run -3 "$quorate" log show $book
	[[ "$output" == *'newer version'* ]]
}

@test "where anybody can write, the ledger is said to be anybody's" {
	mkdir shared
	book="--ledger shared/book.db"
	run -0 init
	run -0 --separate-stderr "$quorate" log show $book
	[ -z "$stderr" ]
	chmod 1777 shared
	run -0 --separate-stderr "$quorate" log show $book
	[[ "$stderr" == *'/shared is writable by anybody'* ]]
	chmod 700 shared
	chmod o+w shared/book.db
	run -0 --separate-stderr "$quorate" log show $book
	[[ "$stderr" == *'/shared/book.db is writable by anybody'* ]]
}

@test "a ledger that brings triggers along is none" {
	run -0 init
	ledger=$BATS_TEST_TMPDIR/book.db in_ledger "CREATE TRIGGER t AFTER
		INSERT ON entry BEGIN DELETE FROM delivery; END"
	run -3 "$quorate" log show $book
	[[ "$output" == *'is damaged, or is none'* ]]
}

@test "a log is shown, exported, and verified by two programs" {
	init
	run -0 --separate-stderr "$quorate" log show $book
	[[ "$output" == *'log-init'* && "$output" == *'claimed'* ]]
	run -0 --separate-stderr "$quorate" log show $book --json
	[[ "$output" == '{"n":0,'*'"event":"log-init"'* ]]
	"$quorate" log export $book --output log
	"$quorate" log export $book | cmp - log
	"$quorate" log checkpoint $book >checkpoint
	"$quorate" log verify log --witness checkpoint \
		--auditor-key auditor.txt >ours
	/usr/bin/python3 "$BATS_TEST_DIRNAME/../../examples/verify-log.py" \
		log --witness checkpoint --auditor-key auditor.txt >theirs
	diff ours theirs
	# A pipe has no size to go by.
	"$quorate" log verify --witness checkpoint --auditor-key auditor.txt \
		<(cat log) | diff - ours
	run -0 "$quorate" log verify $book --rebuild
	[[ "$output" == *'state: as the log makes it'* ]]
	[[ "$output" == *'1 entries; the last outside witness covers 0; 1'* ]]
}

@test "a changed byte, a cut and a wrong key are found" {
	init
	"$quorate" log export $book --output log
	"$quorate" log checkpoint $book >checkpoint
	sed 's/"host":"./"host":"x/' log >changed
	run -1 "$quorate" log verify changed --witness checkpoint
	[[ "$output" == *'CONTRADICTS'*'one of 0 to 0'* ]]
	run -1 "$quorate" log verify changed --auditor-key auditor.txt
	[[ "$output" == *'entry 0: the seal is WRONG'* ]]
	: >empty
	run -1 "$quorate" log verify empty --witness checkpoint
	[[ "$output" == *'is AHEAD'* ]]
	printf '%064d' 1 >key
	run -1 "$quorate" log verify log --auditor-key key
	[[ "$output" == *'WRONG'* ]]
	echo QUO1A:AAAA >key
	refuse 2 'look at it again' "$quorate" log verify log --auditor-key key
	echo nothing >witness
	run -1 "$quorate" log verify log --witness witness
	[[ "$output" == *'there is no checkpoint in it'* ]]
}

@test "what doesn't follow from the log is found" {
	init
	ledger=$BATS_TEST_TMPDIR/book.db in_ledger "INSERT INTO credential
		(name, state, since) VALUES ('ghost', 'active', 'now')"
	run -1 "$quorate" log verify $book --rebuild
	[[ "$output" == *'table credential'* ]]
}

@test "follow shows what comes" {
	init
	"$quorate" log follow $book --last 1 >followed &
	for _ in $(seq 100); do
		[ ! -s followed ] || break
		sleep 0.05
	done
	kill -INT $!
	wait $! || true
	grep -q log-init followed
}

@test "on a terminal entries are wrapped between words, in a pipe they aren't" {
	init
	"$ledger_tool" record "$BATS_TEST_TMPDIR/book.db" event=refused \
	    act=open "reason=$(printf 'würde %.0s' {1..40})end"
	# shellcheck disable=SC2086
	"$quorate" log show $book --event refused >piped
	[ "$(wc -l <piped)" -eq 3 ]
	grep -q 'würde end$' piped
	terminal
	enter "stty cols 61; clear; $quorate log show $book --event refused"
	await 'würde end'
	tmux -S tmux capture-pane -p | grep 'reason\|würde' >shown
	[ "$(wc -l <shown)" -ge 4 ]
	[ "$(wc -L <shown)" -le 61 ]
	[ "$(wc -L <shown)" -gt 54 ]
	! grep -qvE '^        .*(würde|end)$' shown
	[ "$(tr -s ' \n' ' ' <shown)" = "$(tail -n 1 piped | tr -s ' \n' ' ')" ]
}

@test "where no entry is like that it says so, and exits well" {
	init
	# shellcheck disable=SC2086
	run -0 --separate-stderr "$quorate" log show $book --event nosuch
	[ -z "$output" ]
	[ "$stderr" = 'quorate: no entry is like that' ]
}

@test "export says where the log is" {
	init
	# shellcheck disable=SC2086
	run -0 --separate-stderr "$quorate" log export $book --output x.log
	[ -z "$output" ]
	[ "$stderr" = 'quorate: the log is in x.log' ]
}
