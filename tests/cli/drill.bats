#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# drill: proof that cards are good and in place.

load common

setup() {
	begin
	printf 'sEcr3t-0f-Drills' | deal db-root cards -k 2 -n 3 --secret-file - 2>split
	card1=$(echo cards/*-c1*) card2=$(echo cards/*-c2*)
	card3=$(echo cards/*-c3*)
	set=$(sed -n 's/^quorate: set id \([0-9a-f]*\).*/\1/p' split)
	make_ledger
	echo 'syslog = none' >>"$settings"
	book "$card1" db-root
}

# The log, from the first entry behind the dealing: log FIELD...
log() {
	entries 3 | fields "$@"
}

# What a card says in words, a byte of the share changed: typed CARD [BYTE]
typed() {
	"${quorate%/cmd/quorate}/tests/tools/cards-tool" words "$1" "${2:-0}"
}

@test "without a ledger there is nothing to do" {
	no_ledger
	refuse 2 "there is none" "$quorate" drill "$card1"
	refuse 2 "there is none" "$quorate" drill "$card1" --quorum
	refuse 2 "no ledger at" "$quorate" drill "$card1" \
	    --ledger "$PWD/nowhere"
}

@test "a card that is unknown, damaged or given twice is logged as that" {
	printf 'two' | deal other more -k 2 -n 3 --secret-file - --no-ledger
	sed 's/^\(QUO1S:........\)./\1@/' "$card2" >bad
	run -1 --separate-stderr "$quorate" drill more/*-c1* bad "$card1" \
	    "$card1"
	[[ "$stderr" == *"card 1 is not drilled: the ledger doesn't know"* ]]
	[[ "$stderr" == *"bad: a card is not drilled"* ]]
	[[ "$stderr" == *"is not drilled: it is here twice"* ]]
	log event verdict card credential >said
	cat said
	grep -qx "present whole 1 -" said
	grep -qx "present damaged - -" said
	grep -qx "present duplicate 1 db-root" said
	grep -qx "drill genuine 1 db-root" said
	[ "$(grep -c . said)" -eq 4 ]
}

@test "a retired card is told, and changes nothing" {
	"$ledger_tool" record "$ledger" event=retire credential=db-root \
	    reason="the host is gone"
	run -1 --separate-stderr "$quorate" drill "$card1"
	[[ "$stderr" == *"was replaced: have it destroyed"* ]]
	[ "$(entries 4 | fields event verdict card credential set)" = \
	    "present retired 1 db-root $set" ]
}

@test "a card of another credential than NAME doesn't count" {
	run -1 --separate-stderr "$quorate" drill db-other "$card1"
	[[ "$stderr" == *"it is of another credential"* ]]
	[ "$(log event verdict)" = "present genuine" ]
}

@test "a card that is counted as lost doesn't count" {
	"$ledger_tool" record "$ledger" event=lost set="$set" card=1 \
	    credential=db-root reason="not in its bag"
	run -1 --separate-stderr "$quorate" drill "$card1" "$card2"
	[[ "$stderr" == *"counted as lost"* ]]
	[ "$(entries 4 | fields event card)" = "present 1
drill 2" ]
}

@test "typed words don't count, and scanned ones beside them do" {
	typed "$card2" >words
	run -1 --separate-stderr "$quorate" drill words "$card1"
	[[ "$stderr" == *"typed words are proved by --quorum only"* ]]
	[ "$(log event verdict card)" = "present whole 2
drill genuine 1" ]
}

@test "good cards are drilled, and it is said when the next is due" {
	run -0 --separate-stderr "$quorate" drill "$card1" "$card3"
	today=$(date -u +%F) due=$(date -u -d '90 days' +%F)
	[[ "$output" == *"card 1 is of \"db-root\", generation 1, held by cfo; drilled $today, next by $due"* ]]
	[ "$(log event outcome credential set card verdict person actor)" = \
	    "drill - db-root $set 1 genuine cfo $(id -un)
drill - db-root $set 3 genuine cto $(id -un)" ]
	! entries | grep -q "$(printf 'sEcr3t-0f-Drills' | xxd -p)"
	run -0 --separate-stderr "$quorate" drill db-root "$card2" --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["drilled"]')" = 1 ]
	[[ "$(json out.json 'j["known"][0]["drilled"]')" == "$today"T* ]]
	"$ledger_tool" agrees "$ledger"
}

@test "too few cards prove no quorum, and that they came is logged" {
	run -1 --separate-stderr "$quorate" drill "$card1" --quorum
	[[ "$stderr" == *"no quorum"* ]]
	[ "$(log event verdict card)" = "present genuine 1" ]
}

@test "a quorum that the ledger doesn't know is not combined" {
	printf 'two' | deal other more -k 2 -n 3 --secret-file - --no-ledger
	run -1 --separate-stderr "$quorate" drill more/*-c1* more/*-c2* \
	    --quorum
	[[ "$stderr" == *"no current set of the ledger"* ]]
	run -1 --separate-stderr "$quorate" drill db-other "$card1" \
	    "$card2" --quorum
	[[ "$stderr" == *'of "db-root": not of "db-other"'* ]]
	[ "$(log event | sort | uniq -c | xargs)" = "4 present" ]
}

@test "a quorum that doesn't rebuild the key is told and logged" {
	typed "$card2" 1 >words
	run -1 --separate-stderr "$quorate" drill words "$card1" --quorum
	[[ "$stderr" == *"don't open what is sealed"* ]]
	[ "$(log event verdict card cards reason)" = \
	    "present whole 2 - -
present genuine 1 - -
drill-quorum - - 1,2 -
open-failed - - 1,2 the drill of a quorum failed" ]
}

@test "a false share is found where others are a quorum" {
	typed "$card2" 1 >words
	run -1 --separate-stderr "$quorate" drill words "$card1" "$card3" \
	    --quorum
	[[ "$stderr" == *"cards 1,3 rebuild the key"* ]]
	[[ "$stderr" == *"card 2 is not drilled"* ]]
	[ "$(log event card verdict | tail -2)" = "drill 1 genuine
drill 3 genuine" ]
}

@test "a quorum is logged before it is combined, and its cards after" {
	run -0 --separate-stderr "$quorate" drill "$card1" "$card3" --quorum
	[[ "$stderr" == *'cards 1,3 rebuild the key of "db-root"; nothing was opened'* ]]
	[ "$(log event verdict card cards credential)" = \
	    "present genuine 1 - db-root
present genuine 3 - db-root
drill-quorum - - 1,3 db-root
drill genuine 1 - db-root
drill genuine 3 - db-root" ]
	[[ "$output$stderr" != *"sEcr3t-0f-Drills"* ]]
	"$ledger_tool" agrees "$ledger"
}

@test "typed words are drilled where a quorum proves them" {
	typed "$card2" >words
	run -0 --separate-stderr "$quorate" drill words "$card1" --quorum \
	    --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["quorum"]')" = "[1, 2]" ]
	[ "$(json out.json 'j["drilled"]')" = 2 ]
	[ "$(log event verdict card | tail -2 | sort)" = \
	    "drill genuine 1
drill genuine 2" ]
}

@test "a locked set is drilled card by card without its phrases" {
	printf 'two' | deal locked more -k 2 -n 3 --lock --secret-file - \
	    --phrase-dir phrases --no-ledger
	book more/*-c1* locked
	run -0 --separate-stderr "$quorate" drill more/*-c1*
	run -1 --separate-stderr "$quorate" drill more/*-c1* more/*-c2* \
	    --quorum
	[[ "$stderr" == *"phrase is missing"* ]]
	[ "$(entries | fields event reason | tail -1)" = \
	    "open-failed the drill of a quorum failed" ]
	run -0 --separate-stderr "$quorate" drill more/*-c1* more/*-c2* \
	    --quorum --phrase-file 1="$(echo phrases/*-c1*)" \
	    --phrase-file 2="$(echo phrases/*-c2*)"
	[[ "$stderr" == *"rebuild the key"* ]]
}

@test "where the ledger can't be written nothing is combined" {
	mkfifo hold
	exec 7<>hold
	/usr/bin/python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()' "$ledger" <hold >held 3>&- &
	holder=$!
	until grep -q held held; do sleep 0.05; done
	run -3 --separate-stderr "$quorate" drill "$card1" "$card2" --quorum
	kill "$holder"
	exec 7>&-
	[[ "$stderr" == *"$ledger"* && "$stderr" != *"rebuild"* ]]
	[ -z "$(log event)" ]
}
