#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Roster and inventory from and to a file: refusals first.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
}

refuse_document() {
	printf '%s' "$1" >f.json
	refuse 2 "$2" "$quorate" import f.json
	[ "$(entries | wc -l)" -eq 1 ]
}

@test "files that are none" {
	refuse 2 'absent.json: no such file' "$quorate" import absent.json
	refuse 3 '.: reading or writing failed' "$quorate" import .
	refuse_document '' 'f.json:1:'
	refuse_document '{"people": [' 'f.json:1:'
	refuse_document $'{\n "people": [],\n "people": []}' \
	    'f.json:3:9: duplicate object key'
	refuse_document '[]' 'f.json:1:1: an object is wanted'
}

@test "one that is too large, from a file or a pipe" {
	{
		echo '{}'
		head -c 67108861 /dev/zero | tr '\0' ' '
	} >f.json
	"$quorate" import f.json
	echo >>f.json
	refuse 2 'f.json: an inventory has at most 64 MiB' \
	    "$quorate" import f.json
	[[ "$stderr" == *"hint: import it in parts"* ]]
	refuse 2 '-: an inventory has at most 64 MiB' \
	    "$quorate" import - < <(cat f.json)
	[ "$(entries | wc -l)" -eq 1 ]
}

@test "what is unknown is refused by its name, with all of the file" {
	refuse_document $'{"people": [{"handle": "jose\u0301"}]}' \
	    'U+0301 in it is a mark of its own'
	refuse_document $'{"credentials": [{"name": "db\u202e"}]}' \
	    'U+202E in it is not seen, or turns the direction'
	refuse_document '{"poeple": []}' 'there is no key "poeple"'
	refuse_document '{"people": [{"handle": "good"}],
	    "credentials": [{"name": "db", "ownr": "x"}]}' \
	    'credentials, number 1 ("db"): there is no key "ownr"'
	[ "$("$quorate" export | tr -d ' \n')" = \
	    '{"people":[],"credentials":[]}' ]
}

@test "there is no ledger, or none is wanted" {
	echo '{}' >f.json
	refuse 2 'there is none' "$quorate" import f.json --no-ledger
	refuse 2 'there is no ledger at' "$quorate" export \
	    --ledger "$BATS_TEST_TMPDIR/absent.db"
}

roster() {
	cat >roster.json <<-'END'
		{"credentials": [
		  {"name": "db-root", "owner": "dba", "approvals": 1,
		   "domain": "data", "criteria": ["no sign-on for 15m"],
		   "depends_on": ["power", "LDAP"], "deadline": "240m"},
		  {"name": "db-2", "domain": "data", "criteria": ["x"]}],
		 "people": [
		  {"handle": "bo", "roles": ["approver"]},
		  {"handle": "anna", "name": "Anna", "contact": ["+45 1"],
		   "roles": ["requester", "custodian"]}]}
	END
}

@test "the first import changes, the second doesn't" {
	roster
	"$quorate" import roster.json --dry-run --json >j 2>said
	[ "$(json j '[(c["act"], c["fields"]) for c in j["changes"]][0]')" = \
	    "('add', 'name, contact, roles')" ]
	grep -q 'nothing was written' said
	[ "$(entries | wc -l)" -eq 1 ]
	"$quorate" import roster.json 2>said
	grep -q '^quorate: new credential "db-root": owner, ' said
	grep -q 'warning: "db-root" depends on "LDAP"' said
	[ "$(entries 1 | fields event act person credential)" = \
"import - - -
person add anna -
person add bo -
credential add - db-2
credential add - db-root" ]
	[ "$(entries 1 | head -n 1 | fields hash detail)" = \
	    "$(sha256sum roster.json | cut -c-64) 2 people, 2 credentials" ]
	cp "$ledger" was
	"$quorate" import - <roster.json 2>said
	grep -q 'nothing changed' said
	[ "$(entries | wc -l)" -eq 6 ]
	"$quorate" import roster.json --dry-run 2>said
	grep -q 'nothing would change' said
	"$ledger_tool" agrees "$ledger"
}

@test "a changed file changes what it names, and no more" {
	roster
	"$quorate" import roster.json -q 2>said
	echo '{"people": [{"handle": "anna", "name": "Anna B"}]}' >f.json
	"$quorate" import f.json 2>said
	grep -q 'changed person "anna": name, contact, roles' said
	[ "$(entries 6 | fields event act person detail)" = \
"import - - 1 people, 0 credentials
person change anna name, contact, roles" ]
	"$quorate" export >out
	[ "$(json out 'j["people"]')" = "[{'handle': 'anna', 'name': \
'Anna B'}, {'handle': 'bo', 'roles': ['approver']}]" ]
}

@test "what is exported comes back to the byte" {
	roster
	"$quorate" import roster.json -q 2>said
	"$quorate" export >one
	[ "$(json one 'j["credentials"][1]["deadline"]')" = 4h ]
	"$quorate" import one 2>said
	grep -q 'nothing changed' said
	"$ledger_tool" create other.db
	"$quorate" import one --ledger other.db -q 2>said
	"$quorate" export --ledger other.db >two
	cmp one two
	"$quorate" export --json | cmp - one
}

@test "a full disk under the export is no success" {
	roster
	"$quorate" import roster.json -q 2>said
	run --separate-stderr bash -c '"$quorate" export >/dev/full'
	[ "$status" -eq 3 ]
}
