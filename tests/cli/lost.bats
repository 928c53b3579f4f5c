#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Cards that are gone, and cards that were received: refusals first.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	"$ledger_tool" deal "$ledger" db 1 '3 of (a, b, c, d, e)'
	echo signed >form.pdf
}

refuse_all() {
	count=$(entries | wc -l)
	refuse "$@"
	[ "$(entries | wc -l)" -eq "$count" ]
}

@test "what isn't said, or isn't there" {
	for c in "lost db" "acknowledge db --card 1"; do
		refuse_all 2 'is wanted' "$quorate" $c
	done
	refuse_all 2 'which cards?' "$quorate" lost db --reason x
	refuse_all 2 'which cards?' "$quorate" acknowledge db --form form.pdf
	refuse_all 2 'exclude each other' "$quorate" lost db --reason x \
	    --card 1 --custodian a
	refuse_all 2 '"db" has 5 cards, no card 6' "$quorate" lost db \
	    --reason x --card 6
	refuse_all 2 'zoe holds no card of "db"' "$quorate" lost db \
	    --reason x --custodian zoe
	[[ "$stderr" == *"those who do: a, b, c, d, e"* ]]
	refuse_all 2 'the ledger knows no cards of "bd"' "$quorate" lost bd \
	    --reason x --card 1
	refuse_all 2 'no set of generation 2 of "db" is out' "$quorate" \
	    lost db --reason x --card 1 --generation 2
	refuse_all 2 '--reason TEXT is wanted' "$quorate" lost db \
	    --card 1 --reason $'a\nb'
	refuse_all 2 'absent: no such file' "$quorate" acknowledge db \
	    --card 1 --form absent
	: >empty
	refuse_all 2 'empty: the form is empty' "$quorate" acknowledge db \
	    --card 1 --form empty
	refuse_all 2 '--location is a text of one line' "$quorate" \
	    acknowledge db --card 1 --form form.pdf --location ''
	refuse_all 2 'there is none' "$quorate" lost db --card 1 --reason x \
	    --no-ledger
}

@test "the same card is not lost twice, and that is logged" {
	"$quorate" lost db --card 1 --reason x
	run --separate-stderr "$quorate" lost db --card 1 --reason y
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"counted as lost already"* ]]
	[ "$(entries | tail -n 1 | fields event act card)" = \
	    "refused lost 1" ]
}

@test "an alert that can't be delivered is told, and blocks nothing" {
	printf 'ledger = %s\nsyslog = /nonexistent\n' "$ledger" >"$settings"
	"$quorate" lost db --card 1 --reason x 2>said
	grep -q 'warning: alert NOT DELIVERED' said
	grep -q '"db": 1 lost, 4 left' said
}

@test "losses are counted until a rotation is due" {
	"$quorate" lost db --card 1 --reason 'left on a train' 2>said
	grep -q '"db": 1 lost, 4 left' said
	grep -q '1 more may be lost' said
	run ! grep -q 'rotate it now' said
	[ "$(entries | tail -n 1 | fields event person card reason)" = \
	    "lost a 1 left on a train" ]
	run --separate-stderr "$quorate" lost db --custodian b --reason x \
	    --json
	[ "$status" -eq 1 ]
	[[ "$stderr" == *'"db" just opens: no other card may be lost'* ]]
	[[ "$stderr" == *'gets one more card opens "db"'* ]]
	[[ "$stderr" == *'rotate it now: quorate rotate "db"'* ]]
	echo "$output" >j
	[ "$(json j '[j[k] for k in ("lost", "left", "opens", "spare", '\
'"finder_needs", "rotate_now")]')" = "[2, 3, True, 0, 1, True]" ]
	run --separate-stderr "$quorate" lost db --card 3 --reason x
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"can't be opened any more"* ]]
	[[ "$stderr" == *'who has the lost cards can open "db" alone'* ]]
	[[ "$stderr" == *"without cards"* ]]
	"$ledger_tool" agrees "$ledger"
}

@test "forms come in until the credential is active" {
	"$quorate" acknowledge db --card 1 --form form.pdf \
	    --location 'safe 3' --bag A1 2>said
	grep -q 'still to be acknowledged, .*: card 2 (b), card 3' said
	[ "$(entries | tail -n 1 | fields event person location bag hash)" = \
	    "acknowledge a safe 3 A1 $(sha256sum form.pdf | cut -c-64)" ]
	"$quorate" lost db --card 5 --reason x
	for who in b c; do
		"$quorate" acknowledge db --custodian $who --form form.pdf
	done
	"$quorate" acknowledge db --card 4 --form form.pdf --json >j 2>said
	[ "$(json j 'j["outstanding"]')" = "[]" ]
	grep -q 'all cards of "db" are acknowledged' said
	[ "$(in_ledger "SELECT state FROM credential")" = active ]
	"$ledger_tool" agrees "$ledger"
}
