#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# check: what a ledger adds to the verdicts.

load common

setup() {
	begin
	printf 'one' | deal db-root cards -k 2 -n 3 --secret-file - 2>split
	card1=$(echo cards/*-c1*) card2=$(echo cards/*-c2*)
	make_ledger
	echo 'syslog = none' >>"$settings"
}


@test "a ledger that was named and isn't there is refused" {
	refuse 2 "no ledger at" "$quorate" check "$card1" \
	    --ledger "$PWD/nowhere"
	echo "ledger = $PWD/nowhere" >"$settings"
	run -0 --separate-stderr "$quorate" check "$card1"
	[[ "$stderr" == *"no ledger at $PWD/nowhere"*"can't be told"* ]]
	[[ "$output" == *": whole"* ]]
}

@test "a ledger that is none is told, and the cards are checked" {
	head -c 4096 /dev/urandom >"$ledger"
	run -0 --separate-stderr "$quorate" check "$card1"
	[[ "$stderr" == *"$ledger"*"can't be told"* ]]
	[[ "$output" == *": whole"* ]]
	run -3 --separate-stderr "$quorate" check "$card1" --ledger "$ledger"
}

@test "a card of a set that the ledger doesn't know is no good card" {
	run -1 --separate-stderr "$quorate" check "$card1"
	[[ "$output" == *": whole"*"ledger doesn't know"* ]]
	run -0 --separate-stderr "$quorate" check "$card1" --no-ledger
	[[ "$output" != *"ledger"* ]]
}

@test "a card of the current set is genuine, and it is said whose" {
	book "$card1" db-root
	set=$(sed -n 's/^quorate: set id \([0-9a-f]*\).*/\1/p' split)
	"$ledger_tool" record "$ledger" event=acknowledge set="$set" card=2 \
	    credential=db-root hash="$set" location="the north safe" bag=B7
	before=$(sha256sum "$ledger")
	run -0 --separate-stderr "$quorate" check "$card1" "$card2"
	[[ "$output" == *"card 1: genuine"*"card 2: genuine"* ]]
	[[ "$output" == *'card 1 is of "db-root", generation 1, held by cfo; never drilled, next by '* ]]
	[[ "$output" == *'card 2 is of "db-root", generation 1, held by ciso, the north safe, bag B7; never drilled'* ]]
	[ "$(sha256sum "$ledger")" = "$before" ]
	run -0 --separate-stderr "$quorate" check "$card2" --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["cards"][0]["verdict"]')" = genuine ]
	[ "$(json out.json 'j["known"][0]["credential"]')" = db-root ]
	[ "$(json out.json 'j["known"][0]["location"]')" = "the north safe" ]
	[ "$(json out.json 'j["known"][0]["drilled"]')" = None ]
}

@test "cards of two current sets are no mix" {
	printf 'two' | deal other more -k 2 -n 3 --secret-file - --no-ledger
	book "$card1" db-root
	run -1 --separate-stderr "$quorate" check "$card1" more/*-c1*
	book more/*-c1* other
	run -0 --separate-stderr "$quorate" check "$card1" more/*-c1*
	[[ "$output" == *'"db-root"'*'"other"'* ]]
	[ -z "$stderr" ]
}

@test "a card of a retired credential is retired" {
	book "$card1" db-root
	"$ledger_tool" record "$ledger" event=retire credential=db-root \
	    reason="the host is gone"
	run -1 --separate-stderr "$quorate" check "$card1"
	[[ "$output" == *"card 1: retired"*"have it destroyed"* ]]
	[[ "$output" == *'card 1 was of "db-root", generation 1'* ]]
}

@test "another set under a known inventory id and generation is suspect" {
	"$quorate" check --no-ledger --json "$card1" >one.json
	fields=(credential=db-root policy="2 of (cfo, ciso, cto)" cards=3
	    inventory="$(json one.json 'j["sets"][0]["inventory"]')"
	    generation=1 set="$(printf '%064d' 7)")
	"$ledger_tool" record "$ledger" event=deal-intent "${fields[@]}"
	"$ledger_tool" record "$ledger" event=deal "${fields[@]}"
	run -1 --separate-stderr "$quorate" check "$card1"
	[[ "$output" == *"card 1: suspect"*"tell the auditor"* ]]
	[[ "$output" == *'card 1 claims to be of "db-root"'* ]]
	# A pin silences nothing that is known.
	run -1 --separate-stderr "$quorate" check "$card1" \
	    --set "$(json one.json 'j["sets"][0]["set"]')"
	[[ "$output" == *"card 1: suspect"* ]]
}

@test "a card that was lost and is here again is told" {
	book "$card1" db-root
	set=$(sed -n 's/^quorate: set id \([0-9a-f]*\).*/\1/p' split)
	"$ledger_tool" record "$ledger" event=lost set="$set" card=2 \
	    credential=db-root reason="not in its bag"
	run -1 --separate-stderr "$quorate" check "$card2"
	[[ "$stderr" == *'card 2 of "db-root" is counted as lost since '* ]]
	run -0 --separate-stderr "$quorate" check "$card1"
}
