#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The roster: refusals first.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	ssh-keygen -q -t ed25519 -N '' -C anna@home -f key
	public=$(cut -d ' ' -f 1,2 key.pub)
}

# Refused, and neither log nor roster has anything of it.
refuse_all() {
	"$quorate" export >before
	count=$(entries | wc -l)
	refuse "$@"
	"$quorate" export | cmp - before
	[ "$(entries | wc -l)" -eq "$count" ]
}

@test "verbs and handles" {
	refuse_all 2 'something is missing' "$quorate" person
	refuse_all 2 'there is no "ad"' "$quorate" person ad anna
	[[ "$stderr" == *"did you mean add?"* ]]
	refuse_all 2 'there is no "frobnicate"' "$quorate" person frobnicate
	[[ "$stderr" == *"add, change, retire, show or list"* ]]
	refuse_all 2 'person add: whom?' "$quorate" person add
	refuse_all 2 'person list takes no handle' "$quorate" person list anna
	refuse_all 2 'a name has 1 to 255' "$quorate" person add ''
	refuse_all 2 'a name has 1 to 255' "$quorate" person add $'a\nb'
	refuse_all 2 'U+200B in it is not seen' "$quorate" person add \
	    $'an\u200bna'
	refuse_all 2 'mixes Latin and Cyrillic' "$quorate" person add \
	    $'ann\u0430'
	refuse_all 2 'neither begins nor ends' "$quorate" person add 'anna '
	refuse_all 2 'there is no person "anna"' "$quorate" person change anna
	refuse_all 2 'there is no person "anna"' "$quorate" person retire anna
	refuse_all 2 'there is no person "anna"' "$quorate" person show anna
	# What was begun is given up: no alert hangs on it.
	[[ "$("$quorate" person retire anna 2>&1)" != *DELIVERED* ]]
	refuse_all 2 'takes nothing that says who' \
	    "$quorate" person show anna --name Anna
}

@test "values that are none" {
	refuse_all 2 '--role: "boss" is none of custodian' \
	    "$quorate" person add anna --role requester,boss
	refuse_all 2 '--role: "" is none of' \
	    "$quorate" person add anna --role auditor,,requester
	refuse_all 2 '--name: a text has' "$quorate" person add anna \
	    --name $'a\eb'
	refuse_all 2 '--contact is one line' "$quorate" person add anna \
	    --contact $'a\nb'
	refuse_all 2 '--key: ' "$quorate" person add anna --key 'ssh-ed25519 x'
	refuse_all 2 'absent: no such file' "$quorate" person add anna \
	    --key-file absent
	: >empty
	refuse_all 2 'empty: there is no key in it' "$quorate" person add \
	    anna --key-file empty
	refuse_all 2 '--key-file: ' "$quorate" person add anna --key-file key
}

@test "no ledger, or none wanted" {
	refuse 2 'there is no ledger at' "$quorate" person list \
	    --ledger "$BATS_TEST_TMPDIR/absent.db"
	refuse 2 'this is about the ledger, and there is none' \
	    "$quorate" person list --no-ledger
	refuse 2 'this is about the ledger, and there is none' \
	    "$quorate" person add anna --no-ledger
}

@test "somebody comes, changes, and leaves" {
	"$quorate" person add anna --name 'Anna Ø' --contact '+45 1' \
	    --contact a@example.org --role approver,requester \
	    --key-file key.pub 2>said
	grep -q 'new person "anna": name, contact, roles, keys' said
	refuse_all 2 'there is a person "anna" already' \
	    "$quorate" person add anna
	refuse_all 1 'there is a person "anna": "Anna" would be taken for' \
	    "$quorate" person add Anna
	echo '{"people": [{"handle": "ANNA"}]}' >twin.json
	refuse_all 1 'there is a person "anna"' "$quorate" import twin.json
	"$quorate" person show anna --json >j 2>said
	[ "$(json j 'j["name"], j["roles"], j["keys"] == ["'"$public"'"]')" \
	    = "('Anna Ø', ['requester', 'approver'], True)" ]
	[ "$("$quorate" person show anna | grep -c .)" -eq 7 ]
	"$quorate" person change anna --role custodian --contact '' 2>said
	grep -q 'changed person "anna": contact, roles' said
	"$quorate" person change anna --role custodian 2>said
	grep -q 'nothing changed' said
	"$quorate" person list >list
	[ "$(cat list)" = "$(printf '%-16s %-40s %s' anna custodian 'Anna Ø')" ]
	"$quorate" person retire anna 2>said
	refuse_all 2 'anna was retired at 20' "$quorate" person retire anna
	"$quorate" person list | grep -q '(retired)$'
	[ "$(entries 1 | fields event act person detail)" = \
"person add anna name, contact, roles, keys
person change anna contact, roles
person retire anna retired" ]
	run ! grep -q 'Anna Ø' < <(entries)
	"$ledger_tool" agrees "$ledger"
}

@test "who gives up holds nothing, and what waits goes on waiting" {
	mkdir "$BATS_TEST_TMPDIR/hooks"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/hooks/mail"
	chmod 755 "$BATS_TEST_TMPDIR/hooks/mail"
	echo "hooks = $BATS_TEST_TMPDIR/hooks" >>"$settings"
	"$quorate" person add anna
	run -1 "$quorate" drill --alert
	refuse_all 2 'there is a person "anna" already' \
	    "$quorate" person add anna
	[[ "$stderr" != *'NOT DELIVERED: the ledger'* ]]
	refuse_all 2 'there is no person "bo"' "$quorate" person change bo
	[[ "$stderr" != *'NOT DELIVERED: the ledger'* ]]
}

@test "who leaves with cards is told which sets are due" {
	"$quorate" person add anna --role custodian
	"$quorate" person add bo --role custodian
	"$ledger_tool" deal "$ledger" db 1 '2 of (anna, bo, anna)'
	"$ledger_tool" deal "$ledger" other-one 1 '2 of (bo, cy, dee)'
	"$quorate" person show anna | grep -q '^holds    "db", generation 1, card 3'
	"$quorate" person retire anna --json >j 2>said
	[ "$(json j 'j["due"]')" = \
	    "[{'credential': 'db', 'generation': 1, 'cards': [1, 3]}]" ]
	grep -q '"db", generation 1, is due for dealing anew: anna holds card 1' said
	run ! grep -q other-one said
}

@test "an auditor with a card is warned of" {
	run --separate-stderr "$quorate" person add aud \
	    --role auditor,custodian
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning: aud is auditor and custodian"* ]]
}
