#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Credentials that are given up: refusals first.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	"$ledger_tool" deal "$ledger" db 1 '2 of (a, b, c)'
}

# burn NAME: as an opening does
burn() {
	"$ledger_tool" record "$ledger" event=request credential="$1" \
	    requester=boss reason=x ticket=T-1 expected=1h \
	    expires=2099-01-01T00:00:00Z
	"$ledger_tool" record "$ledger" event=open credential="$1" \
	    requester=boss incident="INC-$(($(entries | wc -l) - 1))" \
	    reason=x ticket=T-1 cards=1,2 generation=1 \
	    set="$(entries | fields event set | sed -n 's/^deal //p')" \
	    deadline=2099-01-01T00:00:00Z
}

@test "without a reason, a name or a ledger nothing is retired" {
	count=$(entries | wc -l)
	refuse 2 '--reason TEXT is wanted' "$quorate" retire db
	refuse 2 '--reason TEXT is wanted' "$quorate" retire db --reason $'a\nb'
	refuse 2 'NAME' "$quorate" retire --reason x
	refuse 2 'there is none' "$quorate" retire db --reason x --no-ledger
	[ "$(entries | wc -l)" -eq "$count" ]
}

@test "what isn't there is not retired, and that is logged" {
	run --separate-stderr "$quorate" retire dbc --reason x
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" == *'retire: "dbc" is not in the ledger'* ]]
	[[ "$stderr" == *'did you mean "db"?'* && "$stderr" != *rotate* ]]
	[ "$(entries | tail -n 1 | fields event act credential)" = \
	    "refused retire dbc" ]
}

@test "burned it is refused: what was seen still opens the target" {
	burn db
	run --separate-stderr "$quorate" retire db --reason x
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"rotate it first"* ]]
	[ "$(entries | tail -n 1 | fields event act credential)" = \
	    "refused retire db" ]
	"$quorate" status db --json >j.json || true
	[ "$(json j.json 'j["credentials"][0]["state"]')" = burned ]
}

@test "a retired one leaves the table, and nothing is due of it" {
	run --separate-stderr "$quorate" retire db --reason 'the host is gone'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ "$stderr" == *'"db" is retired'* ]]
	[[ "$stderr" == *"close its account on the target"* ]]
	[[ "$stderr" == *"attest db --destroyed --generation 1 --form FILE"* ]]
	[[ "$stderr" == *'nothing more is due'* && "$stderr" != *review* ]]
	[ "$(entries | tail -n 1 | fields event credential reason)" = \
	    "retire db the host is gone" ]
	run "$quorate" status
	[[ "$output" != *db* ]]
	run "$quorate" status --all
	[[ "$output" == *db*retired* ]]
	run --separate-stderr "$quorate" retire db --reason again
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"it is retired already"* ]]
	"$quorate" log verify
}

@test "what was never dealt has no cards to destroy" {
	echo '{"credentials":[{"name":"web"}]}' | "$quorate" import -
	run -0 --separate-stderr "$quorate" retire web --reason x
	[ "$stderr" = 'quorate: "web" is retired: nothing more is due of it' ]
}

@test "a review that is due stays so, and is told" {
	"$ledger_tool" record "$ledger" event=request credential=db \
	    requester=boss reason=x ticket=T-1 expected=1h \
	    expires=2099-01-01T00:00:00Z
	incident=INC-$(($(entries | wc -l) - 1))
	"$ledger_tool" record "$ledger" event=open-retired credential=db \
	    requester=boss incident="$incident" reason=x ticket=T-1 \
	    cards=1,2 generation=1 \
	    set="$(entries | fields event set | sed -n 's/^deal //p')"
	run -0 --separate-stderr "$quorate" retire db --reason x
	[[ "$stderr" == *'nothing but reviews is due of it'* ]]
	[[ "$stderr" == *"next: quorate review $incident --reviewer WHO"* ]]
}

@test "as JSON" {
	"$quorate" retire db --reason x --json >j.json
	[ "$(json j.json 'j["credential"], j["state"], j["reason"]')" = \
	    "('db', 'retired', 'x')" ]
}
