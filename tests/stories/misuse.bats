#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What people try who shouldn't, or who are tired: each is refused or told,
# and the log says so; and what no log can see is said to be so.

load ledger

setup() {
	begin_site ana bob cy
	"$quorate" log init -q --auditor-card "$outside/auditor.txt" 2>said
	cat >roster.json <<-END
	{"people": [$(person ana requester), $(person bob approver requester),
	  $(person cy approver), $(person ina auditor),
	  $(person cfo custodian), $(person ciso custodian),
	  $(person cto custodian)],
	 "credentials": [{"name": "db-root", "approvals": 2,
	  "criteria": ["the directory is lost"], "hook": "$hooks/hook"}]}
	END
	"$quorate" import -q roster.json 2>said
	printf old | deal db-root g1 -q --policy '2 of (cfo, ciso, cto)' \
	    2>said
	one=g1/db-root-g1-c1-cfo.txt two=g1/db-root-g1-c2-ciso.txt
	three=g1/db-root-g1-c3-cto.txt
}

# Every test's last word: state and log agree, and the log holds.
teardown() {
	remove_hook
	[ -n "${tampered:-}" ] || "$ledger_tool" agrees "$ledger"
}

# logged ACT WORDS: the last refusal on record is of ACT, with these words
logged() {
	entries | grep '"event":"refused"' | tail -n 1 | fields act reason \
	    >"$outside/last"
	echo "the last refusal: $(cat "$outside/last")"
	grep -q "^$1 .*$2" "$outside/last"
}

# An incident that ana, or WHO, declares: its name in $incident, its document
# in $outside/doc
declare_incident() {
	rm -f "$outside/doc"
	"$quorate" request db-root --requester "${1:-ana}" --ticket OPS-7 \
	    --reason 'no sign-on' --criterion 1 -q --output "$outside/doc" \
	    >"$outside/name"
	incident=$(cat "$outside/name")
}

approve() {
	sign "$1" "$outside/doc"
	"$quorate" approve -q "$incident" --approver "$1" \
	    --signature "$outside/$1.sig"
}

# open CARD...: under $incident
open() {
	"$quorate" reconstruct db-root "$@" --incident "$incident" \
	    --output-fd 1
}

approved() {
	declare_incident
	approve bob
	approve cy
}

@test "no ticket, no criterion, nobody of that name" {
	says 1 'an opening needs --ticket ID' "$quorate" reconstruct db-root \
	    "$one" "$two" --requester ana --reason x --output-fd 1 </dev/null
	logged open 'it needs --ticket'
	says 1 '(1) the directory is lost' "$quorate" reconstruct db-root \
	    "$one" "$two" --requester ana --reason x --ticket none \
	    --output-fd 1
	logged request 'which of the criteria'
	says 1 'no role on the roster' "$quorate" request db-root \
	    --requester mallory --reason x --ticket none --criterion 1
	logged request '"mallory"'
	says 1 'is no requester' "$quorate" request db-root \
	    --requester cfo --reason x --ticket none --criterion 1
	alerts >heard
	[ "$(grep -c '^refused' heard)" -eq 4 ]
}

@test "nobody approves, one approves, one approves the own request" {
	declare_incident bob
	says 1 '0 of 2 approvals' open "$one" "$two"
	logged open '0 of 2 approvals'
	sign bob "$outside/doc"
	says 1 'nobody approves their own request' "$quorate" approve \
	    "$incident" --approver bob --signature "$outside/bob.sig"
	logged approve 'own request'
	approve cy
	says 1 'has approved it already' "$quorate" approve "$incident" \
	    --approver cy --signature "$outside/cy.sig"
	logged approve 'already'
	says 1 '1 of 2 approvals' open "$one" "$two"
	# the custodians were there each time, and that is on record
	[ "$(entries | grep -c '"event":"present"')" -eq 4 ]
	[ "$(entries | grep -c '"event":"open"')" -eq 0 ]
}

@test "last month's signature, and approvals that were used" {
	approved
	cp "$outside/cy.sig" "$outside/old.sig"
	[ "$(open "$one" "$two" 2>said)" = old ]
	says 1 'its approvals have been used' open "$one" "$three"
	declare_incident
	says 1 'a replay' "$quorate" approve "$incident" --approver cy \
	    --signature "$outside/old.sig"
	logged approve 'a replay'
	says 1 'must be signed' "$quorate" approve "$incident" --approver cy
	logged approve 'must be signed'
}

@test "a card that was tampered with, and the same card twice" {
	approved
	sed '1s/./A/60;1s/./B/61' "$two" >forged
	says 1 '1 more needed' open "$one" forged
	[ "$(entries | grep '"event":"present"' | fields card verdict |
	    tail -n 2)" = "1 genuine
- damaged" ]
	says 1 '1 more needed' open "$one" "$one"
	entries | grep '"event":"present"' | tail -n 1 | grep -q duplicate
	entries | grep -q '"event":"open-failed"'
	# bad cards never hurt good ones
	[ "$(open "$one" forged "$three" 2>said)" = old ]
}

@test "a stranger's set under the same name" {
	printf trojan | deal db-root strange --no-ledger -q \
	    --policy '2 of (cfo, ciso, cto)' 2>said
	approved
	says 1 '' open strange/*c1* strange/*c2*
	[[ "$output" != *trojan* ]]
	[ "$(entries | grep -c '"event":"open"')" -eq 0 ]
	says 1 "doesn't know its set" "$quorate" drill strange/*c1*
	[ "$(entries | tail -n 1 | fields event verdict)" = 'present whole' ]
}

@test "a set that was replaced: refused, and told where it is meant" {
	approved
	open "$one" "$two" >out 2>said
	"$quorate" rotate db-root "$one" "$two" -q --format txt --output g2 \
	    2>said
	declare_incident
	approve bob
	approve cy
	says 1 'another set has replaced these cards' open "$one" "$two"
	logged open-retired 'replaced'
	says 1 'retired' "$quorate" drill "$one"
	says 1 'are for other cards' open "$one" "$two" --retired
	logged open-retired 'are for other cards'
	[ "$(open "$one" "$two" --retired --emergency look 2>said)" = old ]
	[ "$(entries | grep -c '"event":"open-retired"')" -eq 1 ]
	"$ledger_tool" agrees "$ledger"
}

@test "a log that was cut, rewritten, or exchanged for an old copy" {
	"$quorate" log export --output before.log
	cp "$ledger" "$outside/old.db"
	approved
	open "$one" "$two" >out 2>said
	"$quorate" rotate db-root "$one" "$two" -q --format txt --output g2 \
	    2>said
	"$quorate" log export --output whole.log
	card=g2/db-root-g2-c3-cto.txt
	sed 's/"requester":"ana"/"requester":"bob"/' whole.log >rewritten.log
	# cut where nobody but the new card saw it
	head -n "$(wc -l <before.log)" whole.log >cut.log
	cmp cut.log before.log
	for verifier in verify verify_without; do
		says 0 'agrees' $verifier whole.log --witness "$card" \
		    --auditor-key "$outside/auditor.txt"
		says 0 'honesty alone' $verifier cut.log --auditor-key \
		    "$outside/auditor.txt" --witness "$one"
		says 1 AHEAD $verifier cut.log --witness "$card"
		says 1 CONTRADICTS $verifier rewritten.log --witness "$card"
		says 1 'seal' $verifier rewritten.log --auditor-key \
		    "$outside/auditor.txt"
		# what nobody outside holds against it can't be seen
		says 0 'witness covers 0' $verifier rewritten.log
	done
	# the ledger itself, put back as it was before
	cp "$outside/old.db" "$ledger"
	says 0 'honesty alone' "$quorate" log verify
	says 1 AHEAD "$quorate" log verify --witness "$card"
	says 1 AHEAD "$quorate" log verify --witness "$outside/alerts"
	# and its card is one that this ledger never dealt
	says 1 "doesn't know" "$quorate" check "$card"
}

@test "two histories, for two auditors" {
	cp "$ledger" "$outside/other.db"
	approved
	open "$one" "$two" >out 2>said
	"$quorate" rotate db-root "$one" "$two" -q --format txt --output g2 \
	    2>said
	"$quorate" log export --output shown.log
	mv "$outside/other.db" "$ledger"
	for _ in $(seq 20); do
		"$quorate" drill -q "$one" >out
	done
	says 0 'honesty alone' "$quorate" log verify --auditor-key \
	    "$outside/auditor.txt" --witness "$one"
	for verifier in verify verify_without; do
		says 0 'agrees' $verifier shown.log --witness g2/*c1-cfo.txt \
		    --auditor-key "$outside/auditor.txt"
	done
	says 1 CONTRADICTS "$quorate" log verify --witness g2/*c1-cfo.txt
	logs=$("$quorate" log export)
	says 1 CONTRADICTS verify_without /dev/stdin \
	    --witness g2/db-root-g2-c1-cfo.txt <<<"$logs"
}

@test "an entry changed in the ledger, and a state without one" {
	tampered=1
	cp "$ledger" "$outside/good.db"
	in_ledger "UPDATE entry SET line = replace(line, 'cfo', 'cxo')"
	says 1 'the seal is WRONG' "$quorate" log verify --auditor-key "$outside/auditor.txt"
	cp "$outside/good.db" "$ledger"
	in_ledger "UPDATE card SET lost = NULL, custodian = 'mallory'
		WHERE serial = 1"
	says 0 'honesty alone' "$quorate" log verify
	says 1 'card' "$quorate" log verify --rebuild
}

@test "who inspects holds no card, and nobody opens alone unasked" {
	says 1 '"ina" is an auditor' "$quorate" split audited --policy \
	    '2 of (cfo, ina)' --format txt --mint --output x
	logged deal 'is an auditor'
	says 0 'cfo is auditor and custodian' "$quorate" person change cfo \
	    --role custodian,auditor
	says 2 '--allow-single' "$quorate" split solo -k 1 -n 2 --mint \
	    --format txt --output x
	"$quorate" split solo -k 1 -n 2 --mint --format txt --output solo \
	    --allow-single 2>said
	grep -q 'smallest group.* 1 person' said
	entries | grep '"event":"deal"' | tail -n 1 >last
	grep -q '"policy":"1 of (_, _)"' last
	grep -q 'one person alone' last
}

@test "a quorum goes around the ledger: what is left to be seen" {
	"$quorate" acknowledge db-root --custodian cfo --form "$one" \
	    --location 'safe 3' --bag A-17 2>said
	before=$(entries | wc -l)
	"$quorate" reconstruct db-root "$one" "$two" --no-ledger \
	    --output-fd 9 9>out 2>slip
	[ "$(cat out)" = old ]
	# no entry; an alert, on an honest host; and a bag that was opened
	[ "$(entries | wc -l)" -eq "$before" ]
	[ "$(tail -n 1 "$outside/alerts" | fields event detail)" = \
	    'open opened without the ledger' ]
	says 0 'bag A-17' "$quorate" drill "$one"
	# the receipt may be thrown away, or taken in
	sed -n '/^quorate receipt 1$/,/^check: /p' slip >receipt
	says 0 'is burned' "$quorate" log receipt receipt
	entries | grep '"event":"open"' | fields emergency | grep -q receipt
	says 1 'taken in already' "$quorate" log receipt receipt
	logged receipt 'already'
}

@test "an alert sink that is dead holds nobody up, and is told" {
	touch "$outside/pager-is-down"
	approved 2>said
	[ "$(open "$one" "$two" 2>said)" = old ]
	grep -q 'NOT DELIVERED to hook:pager' said
	run "$quorate" status
	[ "$status" -eq 1 ]
	[[ "$output" == *'NOT DELIVERED'* ]]
	says 2 'QUORATE CRITICAL' "$quorate" status --nagios
	entries | grep '"event":"undelivered"' | fields sink | grep -q pager
	rm "$outside/pager-is-down"
	faketime -f +2h "$quorate" log deliver 2>said
	alerts >heard
	grep -qx 'open db-root' heard
	entries | grep '"event":"delivered"' | fields sink | grep -q pager
	run "$quorate" status
	[[ "$output" != *'NOT DELIVERED'* ]]
}
