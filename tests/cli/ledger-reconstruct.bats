#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate reconstruct with a ledger: refusals first, then use, then rescue.

load common

why=(--reason 'sign-on is down' --ticket OPS-7 --requester ana)

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	no_hooks=$BATS_TEST_TMPDIR/no-hooks
	echo "hooks = $no_hooks" >>"$settings"
}

# A set that the ledger knows: known NAME
known() {
	printf %s "secret of $1" | deal "$1" "$1" -k 2 -n 3
}

# What a child gets: opened OPTION...
opened() {
	"$quorate" reconstruct "$@" --exec=stdin -- cat
}

state_of() {
	in_ledger "SELECT state FROM credential WHERE name = ?" "$1"
}

last() {
	entries | fields "$@" | tail -n 1
}

agrees() {
	"$quorate" log verify --rebuild | grep -q 'as the log makes it'
}

teardown() {
	no_terminal
	[ ! -e "$ledger" ] || [ -n "${broken:-}" ] || agrees
}

@test "what must be said before a card is read" {
	known db
	run -1 --separate-stderr opened db db/*c[12].txt
	[ "$(last event act)" = 'refused open' ]
	for option in --reason --ticket --requester; do
		[[ "$stderr" == *"$option"* ]]
	done
	[[ "$stderr" != *'genuine'* ]]
	[ -z "$output" ]
	run -1 opened db db/*c[12].txt --reason x --ticket none
	[[ "$output" == *--requester* && "$output" != *--reason* ]]
}

@test "what the ledger doesn't know is refused, and logged so" {
	printf x | deal other other -k 2 -n 3 --no-ledger
	run -1 --separate-stderr opened other other/*c[12].txt "${why[@]}"
	[[ "$stderr" == *'not in the ledger'*'--emergency'* ]]
	[ -z "$output" ]
	[ "$(last event act)" = 'refused request' ]
	# Told before anybody is asked why, and as the slip that it may be.
	known database
	run -1 --separate-stderr opened databse other/*c[12].txt
	[[ "$stderr" == *'did you mean "database"?'* ]]
	[[ "$stderr" != *--reason* ]]
	[ "$(last event act credential)" = 'refused request databse' ]
	# Nor by the cards alone.
	run -1 --separate-stderr opened other/*c[12].txt "${why[@]}"
	[ -z "$output" ]
}

@test "an incident that isn't there, or is about something else" {
	known db
	known web
	run -1 opened db db/*c[12].txt --incident INC-99
	[[ "$output" == *'no incident "INC-99"'* ]]
	incident=$("$quorate" request web "${why[@]}")
	run -1 opened db db/*c[12].txt --incident "$incident"
	[[ "$output" == *'is about "web"'* ]]
	run -1 --separate-stderr opened db/*c[12].txt --incident "$incident"
	[[ "$stderr" == *'of "db": not of "web"'* ]]
	[ -z "$output" ]
	# Not in an emergency either: the log would burn the wrong one.
	run -1 --separate-stderr opened db/*c[12].txt --incident "$incident" \
		--emergency 'no time'
	[[ "$stderr" == *'of "db": not of "web"'* ]]
	[[ "$stderr" != *'hint: --emergency'* ]]
	[ -z "$output" ]
	[ "$(state_of web)" = requested ]
	[ "$(state_of db)" != burned ]
	run -0 --separate-stderr opened db/*c[12].txt --emergency 'no time'
	[ "$output" = 'secret of db' ]
	[ "$(state_of db)" = burned ]
}

@test "no quorum: the cards are recorded, and that it failed" {
	known db
	run -1 --separate-stderr opened db db/*c1.txt "${why[@]}"
	[[ "$stderr" == *'stays declared: the same again with --incident INC-'* ]]
	[ "$(entries | fields event | tail -n 3)" = \
		"$(printf '%s\n' request present open-failed)" ]
	[ "$(entries | grep '"present"' | fields card verdict)" = '1 genuine' ]
	[ "$(state_of db)" = requested ]
	# Who named nothing is in the log all the same.
	run -1 opened db/*c1.txt "${why[@]}"
	[ "$(last event credential requester ticket detail)" = \
		'open-failed db ana OPS-7 sign-on is down' ]
}

@test "burned before the key is rejoined, in this order" {
	known db
	run -0 --separate-stderr opened db db/*c[13].txt "${why[@]}"
	[ "$output" = 'secret of db' ]
	[ "$(entries | fields event | tail -n 6)" = "$(printf '%s\n' request \
		present present open opened close)" ]
	[ "$(entries | grep '"opened"' | fields cards)" = 1,3 ]
	[ "$(entries | grep '"open"' | fields reason ticket requester)" = \
		'sign-on is down OPS-7 ana' ]
	[ "$(state_of db)" = burned ]
	[[ "$stderr" == *'rotate it by'* ]]
}

@test "the child can see that it is burned: the entry came first" {
	known db
	run -0 --separate-stderr "$quorate" reconstruct db db/*c[12].txt \
		"${why[@]}" --exec -- "$quorate" log show --event open
	[[ "$output" == *'open "db"'* ]]
}

@test "a second opening is possible, and told" {
	known db
	opened db db/*c[12].txt "${why[@]}"
	run -0 --separate-stderr opened db db/*c[12].txt "${why[@]}"
	[[ "$stderr" == *'burned already'* ]]
	[ "$(entries | grep -c '"event":"open"')" -eq 2 ]
	# It puts nothing off.
	run -0 --separate-stderr faketime -f +1h "$quorate" reconstruct db \
		db/*c[12].txt "${why[@]}" --exec=stdin -- true
	[ "$(entries | grep '"event":"open"' | fields deadline | sort -u |
		wc -l)" -eq 1 ]
	by=$(entries | grep '"event":"open"' | fields deadline | head -n 1)
	[[ "$stderr" == *"rotate it by ${by:0:10} ${by:11:5} UTC"* ]]
}

# The cards of db in old/, replaced by others: replaced
replaced() {
	printf %s 'secret of db' | deal db old -k 2 -n 3
	printf %s 'another' | deal db db -k 2 -n 3
}

# review INCIDENT: by whom, and how
review() {
	"$quorate" review "$1" --reviewer eva --classification drill \
		--findings none --actions none --recording none:x
}

@test "an old set burns nothing: its opening is reviewed at once" {
	replaced
	run -0 --separate-stderr opened db old/*c[12].txt --retired "${why[@]}"
	[ "$output" = 'secret of db' ]
	[[ "$stderr" != *burned* && "$stderr" != *'rotate it'* ]]
	incident=$(last incident)
	[[ "$stderr" == *"have it reviewed: quorate review $incident"* ]]
	run -1 "$quorate" status db
	[[ "$output" == *"$incident by ana is to be reviewed by 20"* ]]
	review "$incident"
	run -0 "$quorate" status db
	[ "$(state_of db)" = dealt ]
	# Also where no rotation will come any more.
	"$quorate" retire db --reason gone
	run -1 --separate-stderr opened db old/*c[12].txt "${why[@]}"
	[[ "$stderr" == *'what these cards open is retired: --retired opens'* ]]
	[ -z "$output" ]
	"$quorate" request --withdraw "$(last incident)" --reason no
	run -0 opened db old/*c[12].txt --retired "${why[@]}"
	incident=$(last incident)
	run -1 "$quorate" status db
	review "$incident"
	run -0 "$quorate" status db
}

@test "nobody approves what is retired: an emergency opens it" {
	known db
	"$quorate" retire db --reason gone
	echo '{"credentials":[{"name":"db","approvals":1}]}' |
		"$quorate" import -
	run -1 --separate-stderr opened db db/*c[12].txt --retired "${why[@]}"
	[[ "$stderr" == *'it is retired: nothing'*'--emergency'* ]]
	[ -z "$output" ]
	run -0 --separate-stderr opened db db/*c[12].txt --retired \
		--emergency 'a look'
	[ "$output" = 'secret of db' ]
}

# A request that wants an approval: wanted
wanted() {
	echo '{"credentials":[{"name":"db","approvals":1}]}' |
		"$quorate" import -
	incident=$("$quorate" request db "${why[@]}" --output doc | head -n 1)
	rm doc
}

@test "an approval is for the cards that its document names" {
	replaced
	wanted
	"$quorate" approve "$incident" --approver ben
	run -1 --separate-stderr opened db old/*c[12].txt --retired \
		--incident "$incident"
	[[ "$stderr" == *"approvals of $incident are for other cards"* ]]
	[[ "$stderr" == *"--incident $incident takes it up again"* ]]
	[ -z "$output" ]
	[ "$(last event act)" = 'refused open-retired' ]
	run -0 --separate-stderr opened db db/*c[12].txt --incident "$incident"
	[ "$output" = another ]
}

@test "approved before they were replaced, old cards open as such" {
	known db
	wanted
	"$quorate" approve "$incident" --approver ben
	"$ledger_tool" record "$ledger" event=retire credential=db reason=x
	run -0 --separate-stderr opened db db/*c[12].txt --retired \
		--incident "$incident"
	[ "$output" = 'secret of db' ]
}

@test "who asked for cards that were replaced asks anew" {
	known db
	wanted
	"$ledger_tool" record "$ledger" event=redeal credential=db \
		set="$(printf '2%.0s' {1..64})" generation=2 cards=3 \
		policy='2 of (a, b, c)' \
		inventory="$(entries | grep '"deal"' | fields inventory)"
	"$ledger_tool" record "$ledger" event=rotate-start credential=db \
		set="$(printf '2%.0s' {1..64})" generation=2
	run -1 "$quorate" status db
	[[ "$output" == *"quorate approve $incident"* ]]
	"$ledger_tool" record "$ledger" event=rotate-end credential=db \
		set="$(printf '2%.0s' {1..64})" generation=2 outcome=proven
	run -1 "$quorate" status db
	[[ "$output" == *"$incident by ana: its cards were replaced: request"* ]]
	[[ "$output" == *"quorate request --withdraw $incident"* ]]
	[[ "$output" != *"quorate approve"* ]]
	run -1 "$quorate" approve "$incident" --approver ben
	[[ "$output" == *'replaced by other cards: request anew'* ]]
	[ "$(last event act)" = 'refused approve' ]
	run -1 opened db db/*c[12].txt --retired --incident "$incident"
	[[ "$output" != *"--incident $incident"* ]]
}

@test "a forged card is recorded with its verdict, and sets nothing free" {
	known db
	printf x | deal db forged -k 2 -n 3 --no-ledger
	run -0 --separate-stderr opened db db/*c[12].txt forged/*c3.txt \
		"${why[@]}"
	[ "$output" = 'secret of db' ]
	[ "$(entries | grep '"present"' | fields card verdict | sort | uniq)" \
		= "$(printf '%s\n' '1 genuine' '2 genuine' '3 whole')" ]
	# A whole forged quorum isn't the one that the ledger knows.
	run -1 --separate-stderr opened db forged/*c[12].txt "${why[@]}"
	[[ "$stderr" == *'never dealt for "db"'* ]]
	[ -z "$output" ]
	[ "$(entries | grep -c '"event":"open"')" -eq 1 ]
}

@test "a damaged card is recorded as such" {
	known db
	sed 's/QUO1S:./QUO1S:7/' db/*c3.txt >bad.txt
	run -0 --separate-stderr opened db db/*c[12].txt bad.txt "${why[@]}"
	entries | grep '"present"' | fields verdict | grep -qx damaged
}

@test "a card that counts as lost raises a question" {
	known db
	run -1 "$quorate" lost db --card 2 --reason 'bag is gone'
	run -0 --separate-stderr opened db db/*c[12].txt "${why[@]}"
	[[ "$stderr" == *'card 2 is counted as lost'* ]]
	entries | grep '"present"' | grep -q 'counted as lost'
}

@test "--emergency opens what was refused, and says so for ever" {
	printf x | deal other other -k 2 -n 3 --no-ledger
	run -0 --separate-stderr opened other other/*c[12].txt \
		--emergency 'nobody answers'
	[ "$output" = x ]
	[ "$(entries | grep '"event":"open"' | fields emergency)" = \
		'nobody answers' ]
}

@test "approvals that are wanted must be there" {
	known db
	echo '{"credentials":[{"name":"db","approvals":2}]}' |
		"$quorate" import -
	incident=$("$quorate" request db "${why[@]}" --output doc | head -n 1)
	run -1 --separate-stderr opened db db/*c[12].txt \
		--incident "$incident"
	[[ "$stderr" == *'0 of 2 approvals'* ]]
	[ -z "$output" ]
	"$quorate" approve "$incident" --approver ben
	run -1 --separate-stderr opened db db/*c[12].txt \
		--incident "$incident"
	[[ "$stderr" == *'1 of 2'* ]]
	"$quorate" approve "$incident" --approver cid
	run -0 --separate-stderr opened db db/*c[12].txt \
		--incident "$incident"
	[ "$output" = 'secret of db' ]
	# Once.
	run -1 --separate-stderr opened db db/*c[12].txt \
		--incident "$incident"
	[[ "$stderr" == *'have been used: request anew'* ]]
	[[ "$stderr" != *' of 2'* && "$stderr" != *"--incident $incident"* ]]
}

@test "it takes longer than was said: warned, overdue, and not cut off" {
	known db
	echo '{"credentials":[{"name":"db","deadline":"1m"}]}' |
		"$quorate" import -
	in_ledger "UPDATE profile SET deadline = 1"
	run -0 --separate-stderr "$quorate" reconstruct db db/*c[12].txt \
		"${why[@]}" --expected 1s --exec=stdin -- sh -c \
		'sleep 3; cat'
	[ "$output" = 'secret of db' ]
	[[ "$stderr" == *'it was to take 1s'* ]]
	[[ "$stderr" == *'overdue'* ]]
	entries | fields event | grep -qx overdue
	[ "$(entries | grep '"close"' | fields seconds)" -ge 2 ]
}

@test "--expose-for ends it" {
	known db
	run -4 --separate-stderr "$quorate" reconstruct db db/*c[12].txt \
		"${why[@]}" --expose-for 1s --exec=stdin -- sleep 60
	[ "$(entries | grep '"close"' | fields detail)" = 'exec, exit 4' ]
}

@test "alert hooks are told before the child starts, and slow ones don't hold it" {
	known db
	mkdir -m 755 "$no_hooks"
	cat >"$no_hooks/tell" <<-END
		#!/bin/sh
		cat >>"$BATS_TEST_TMPDIR/told"
	END
	cat >"$no_hooks/slow" <<-END
		#!/bin/sh
		sleep 600
	END
	chmod 755 "$no_hooks"/*
	# Root trusts no directory of others.
	hooks_ok=$(mktemp -d /run/quorate-hooks-XXXXXX) ||
		skip 'no place that others cannot write to'
	chmod 755 "$hooks_ok"
	cp "$no_hooks"/* "$hooks_ok"
	printf 'hooks = %s\nhook-timeout = 2s\n' "$hooks_ok" >>"$settings"
	sed -i "\|hooks = $no_hooks|d" "$settings"
	SECONDS=0
	run -0 --separate-stderr "$quorate" reconstruct db db/*c[12].txt \
		"${why[@]}" --exec -- grep -c '"event":"open"' \
		"$BATS_TEST_TMPDIR/told"
	rm -r "$hooks_ok"
	[ "$output" -eq 1 ]
	[ "$SECONDS" -lt 60 ]
	[[ "$stderr" == *'NOT DELIVERED to hook:slow'* ]]
}

# rescue WORDS [LEDGER]: what fails is said, refused, yields to --emergency,
# and leaves a receipt
rescue() {
	local words=$1
	shift
	run --separate-stderr opened db db/*c[12].txt "${why[@]}" "$@"
	echo "$stderr"
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ "$stderr" == *"$words"* ]]
	[[ "$stderr" == *--no-ledger* ]]
	rm -f slip
	run -0 --separate-stderr opened db db/*c[12].txt "${why[@]}" "$@" \
		--emergency 'no time' --receipt slip
	[ "$output" = 'secret of db' ]
	[[ "$stderr" == *"$words"* ]]
	grep -q '^quorate receipt 1' slip
}

@test "rescue: the ledger is missing" {
	known db
	rescue 'there is no ledger at' --ledger nowhere.db
	grep -qx 'ledger: missing' slip
}

@test "rescue: the ledger is no ledger" {
	known db
	echo nonsense >bad.db
	rescue 'damaged, or is none' --ledger bad.db
	grep -qx 'ledger: corrupt' slip
}

@test "rescue: the ledger is of a newer version" {
	known db
	cp "$ledger" new.db
	ledger=new.db in_ledger "PRAGMA user_version = 99"
	rescue 'newer version' --ledger new.db
	grep -qx 'ledger: newer' slip
}

@test "cards of another credential don't count: put back, and on record" {
	known db
	known mail
	run -1 --separate-stderr opened db mail/*c[12].txt "${why[@]}"
	[ -z "$output" ]
	[[ "$stderr" == *'genuine, of "mail": not of "db"; put it back'* ]]
	[[ "$stderr" == *'no quorum'* && "$stderr" != *'more needed'* ]]
	[[ "$stderr" != *'a quorum is here'* ]]
	[ "$(entries | fields event credential card verdict | tail -n 3)" = \
	    "present mail 1 genuine
present mail 2 genuine
open-failed db - -" ]
	[ "$(state_of mail)" = dealt ]
	run -1 --separate-stderr opened db mail/*c[12].txt db/*c1.txt \
	    "${why[@]}"
	[[ "$stderr" == *'1 of its cards is here, 1 more needed'* ]]
	run -1 opened db mail/*c[12].txt "${why[@]}" --emergency 'no time'
	[ "$(state_of db) $(state_of mail)" = 'requested dealt' ]
	run -0 --separate-stderr opened db mail/*c[12].txt db/*c[13].txt \
	    "${why[@]}"
	[ "$output" = 'secret of db' ]
	[ "$(state_of db) $(state_of mail)" = 'burned dealt' ]
}

@test "rescue: another process holds the ledger" {
	known db
	/usr/bin/python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
open("held", "w").close()
time.sleep(60)' "$ledger" &
	holder=$!
	for _ in $(seq 100); do
		[ ! -e held ] || break
		sleep 0.05
	done
	rescue 'another process holds' || failed=1
	# With an incident that can't be looked up now: the receipt names it.
	rm slip
	run --separate-stderr opened db db/*c[12].txt --incident INC-7 \
	    --emergency 'no time' --receipt slip
	[ "$status" -eq 0 ] && [ "$output" = 'secret of db' ] || failed=1
	grep -qx 'reason: INC-7' slip || failed=1
	kill "$holder"
	wait "$holder" || true
	[ -z "${failed:-}" ]
	grep -qx 'ledger: busy' slip
}

@test "rescue: the disk is full" {
	[ "$(id -u)" -eq 0 ] || skip 'mounting takes root'
	known db
	mkdir small
	mount -t tmpfs -o size=300k none small || skip 'no mount here'
	cp "$ledger" small/l.db
	dd if=/dev/zero of=small/fill bs=1k 2>/dev/null || true
	rescue 'no room is left' --ledger small/l.db || failed=1
	umount small
	[ -z "${failed:-}" ]
	grep -qx 'ledger: full' slip
}

@test "rescue: the file system can't be written" {
	[ "$(id -u)" -eq 0 ] || skip 'mounting takes root'
	known db
	mkdir ro
	mount -t tmpfs none ro || skip 'no mount here'
	cp "$ledger" ro/l.db
	mount -o remount,ro ro
	rescue "can't be written" --ledger ro/l.db || failed=1
	umount ro
	[ -z "${failed:-}" ]
	grep -qx 'ledger: read-only' slip
}

@test "rescue: on a host that never had a ledger nothing is asked" {
	known db
	broken='the settings name none'
	echo 'syslog = none' >"$settings"
	[ "$(id -u)" -ne 0 ] || [ ! -e /var/lib/quorate/ledger.db ] ||
		skip 'this host has one'
	run -0 --separate-stderr opened db db/*c[12].txt --receipt slip
	[ "$output" = 'secret of db' ]
	[[ "$stderr" == *'there is no ledger at'* ]]
	grep -qx 'ledger: missing' slip
}

@test "a receipt is taken in once, and shows as what it was" {
	known db
	opened db db/*c[12].txt --no-ledger --reason 'all down' \
		--receipt slip
	run -0 "$quorate" log receipt slip
	[ "$(entries | fields event | grep -c '^receipt$')" -eq 1 ]
	run -1 "$quorate" log receipt slip
	[[ "$output" == *already* ]]
}

@test "at a terminal: which criterion is met, and who holds the cards" {
	known db
	echo '{"people": [{"handle": "ana", "roles": ["requester"]}],
	    "credentials": [
	    {"name": "db", "criteria": ["no sign-on", "fire"]}]}' |
		"$quorate" import -q -
	terminal
	enter "$quorate reconstruct db --reason x --ticket none \
	    --requester ana --show"
	await '(2) fire'
	await 'Which one is met (its number)?'
	enter 3
	await '"3" is none of them: a number from 1 to 2'
	enter 2
	await 'card file, or w'
	tmux -S tmux capture-pane -p >screen
	cat screen
	grep -q '^quorate: card 1: ' screen
	[ "$(entries | grep '"event":"request"' | fields criterion)" = fire ]
	enter "db/$(cd db && echo *c1*)"
	await '1 more needed'
}

@test "approvals that are missing are told before cards are gathered" {
	known db
	echo '{"credentials": [{"name": "db", "approvals": 2}]}' |
		"$quorate" import -q -
	run -1 opened db db/*c[12].txt "${why[@]}"
	[[ "$output" == *'0 of 2 approvals are there: quorate request --show INC-'*\
'genuine'*'0 of 2 approvals are there'* ]]
}

@test "at a terminal missing words are asked for, and a lost ledger" {
	known db
	terminal
	enter "$quorate reconstruct db db/*c[12].txt --exec=stdin -- cat"
	await 'Why is it opened?'
	enter 'disk full'
	await 'which ticket'
	enter 'none'
	await 'For whom?'
	enter 'ana'
	await 'secret of db'
	[ "$(entries | grep '"event":"open"' | fields reason requester)" = \
		'disk full ana' ]
	enter "clear; $quorate reconstruct db db/*c[12].txt --ledger gone.db \
	    --exec=stdin -- cat"
	await 'Go on without the ledger?'
	enter y
	await 'secret of db'
	await 'quorate receipt 1'
}
