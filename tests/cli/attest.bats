#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate attest, and drill --alert: refusals first.

load common

setup() {
	begin
	make_ledger
	printf 'syslog = none\nhooks = %s\n' "$BATS_TEST_TMPDIR/none" \
		>>"$settings"
	echo 'signed' >form.pdf
}

known() {
	printf %s secret | deal db db -k 2 -n 3
}

@test "what was signed must be said, and be there" {
	known
	refuse 2 '--destroyed or --ceremony' "$quorate" attest db \
		--form form.pdf
	refuse 2 'exclude each other' "$quorate" attest db --destroyed \
		--ceremony --form form.pdf
	refuse 2 '--form FILE' "$quorate" attest db --destroyed
	refuse 2 'no such file' "$quorate" attest db --destroyed --form gone
	: >empty
	refuse 2 'is empty' "$quorate" attest db --destroyed --form empty
	refuse 2 'about all cards' "$quorate" attest db --ceremony --card 1 \
		--form form.pdf
}

@test "a dealing or card that isn't there" {
	refuse 1 'no such dealing' "$quorate" attest db --ceremony \
		--form form.pdf
	known
	refuse 1 'no such dealing' "$quorate" attest db --destroyed \
		--generation 7 --form form.pdf
	refuse 1 'no card 4' "$quorate" attest db --destroyed --card 4 \
		--form form.pdf
	[ "$(entries | fields event | grep -c destroyed)" -eq 0 ]
}

@test "the sheet of a ceremony, with who signed it" {
	known
	run -0 "$quorate" attest db --ceremony --form form.pdf \
		--witness ana --witness ben
	[ "$(entries | fields event hash detail | tail -n 1)" = \
		"ceremony $(sha256sum <form.pdf | cut -d' ' -f1) signed by ana, ben" ]
}

@test "more witnesses than an entry has room for" {
	known
	ana=$(printf 'ä%.0s' $(seq 2035))
	refuse 2 'longer than 4096 bytes' "$quorate" attest db --ceremony \
		--form form.pdf --witness "$ana" --witness "$ana"
	run -0 "$quorate" attest db --ceremony --form form.pdf \
		--witness "$ana" --witness ben
	[ "$(entries | fields detail | tail -n 1)" = "signed by $ana, ben" ]
}

@test "old cards are destroyed, one or all, and status tells" {
	known
	"$ledger_tool" record "$ledger" event=retire credential=db \
		reason='no longer there'
	run -0 "$quorate" attest db --destroyed --generation 1 --card 2 \
		--form form.pdf
	run "$quorate" status db
	[[ "$output" == *'old cards, 1'*'1 of 3 attested'* ]]
	run -0 "$quorate" attest db --destroyed --generation 1 \
		--form form.pdf
	run "$quorate" status db
	[[ "$output" == *'3 of 3 attested'* ]]
	"$quorate" log verify --rebuild | grep -q 'as the log makes it'
}

@test "alerts are drilled: taken, or NOT DELIVERED" {
	refuse 2 'goes without cards' "$quorate" drill --alert card.txt
	run -0 "$quorate" drill --alert
	[ "$(entries | fields event | tail -n 1)" = drill-alert ]
	sed -i 's|^syslog.*|syslog = /nonexistent/socket|' "$settings"
	run -1 "$quorate" drill --alert
	[[ "$output" == *'NOT DELIVERED'* ]]
}
