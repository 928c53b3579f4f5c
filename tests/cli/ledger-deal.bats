#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate split with a ledger: what is refused is logged, what is out is on
# record, and what isn't on record is not out.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
}

# Every test's last word: state and log agree.
teardown() {
	remove_hook
	"$ledger_tool" agrees "$ledger"
}

# refused_entry WORDS: the last entry says that this was refused
refused_entry() {
	entries | tail -n 1 | fields event reason >last
	cat last
	[[ "$(cat last)" == "refused "*"$1"* ]]
}

people() {
	cat >people.json <<-'END'
		{"people": [
		{"handle": "cfo", "roles": ["custodian"]},
		{"handle": "ciso", "roles": ["custodian", "approver"]},
		{"handle": "cto", "roles": ["custodian"]},
		{"handle": "gone", "roles": ["custodian"],
		 "retired": "2026-01-01T00:00:00Z"},
		{"handle": "audit", "roles": ["auditor"]},
		{"handle": "desk", "roles": ["requester"]}]}
	END
	/usr/bin/python3 - "$ledger" <<-'END'
		import json, sqlite3, sys
		bits = {"custodian": 1, "requester": 2, "approver": 4,
		        "auditor": 8}
		db = sqlite3.connect(sys.argv[1])
		for p in json.load(open("people.json"))["people"]:
		    db.execute("INSERT INTO person (handle, roles, retired) "
		               "VALUES (?, ?, ?)", (p["handle"],
		               sum(bits[r] for r in p["roles"]),
		               p.get("retired")))
		db.commit()
	END
	rm people.json
}

@test "without a ledger nothing is dealt, unless it is meant" {
	rm "$ledger"
	refuse_input pw 2 "there is no ledger at $ledger" deal db a -k 2 -n 3
	[[ "$stderr" == *"quorate log init"* ]]
	[[ "$stderr" == *"--no-ledger"* ]]
	printf pw | deal db a -k 2 -n 3 --no-ledger
	[ "$(rejoin --no-ledger a/*c[12].txt)" = pw ]
	echo 'ledger = none' >"$settings"
	printf pw | deal db b -k 2 -n 3
	"$ledger_tool" create "$ledger"
}

@test "a ledger that is none, or can't be written" {
	echo rubbish >"$ledger"
	refuse_input pw 3 "$ledger" deal db a -k 2 -n 3
	[[ "$stderr" == *"--no-ledger"* ]]
	rm "$ledger"
	"$ledger_tool" create "$ledger"
}

@test "custodians are people who may hold cards" {
	people
	while IFS='|' read -r policy words; do
		refuse_input pw 1 "$words" deal db a --policy "$policy"
		refused_entry "$words"
		entries | tail -n 1 | fields act credential policy >last
		[ "$(cat last)" = "deal db $policy" ]
	done <<-'END'
		2 of (cfo, ciso, nobody)|"nobody" isn't on the roster
		2 of (cfo, gone, cto)|"gone" is retired
		2 of (audit, ciso, cto)|"audit" is an auditor
		2 of (cfo, ciso, desk)|"desk" is no custodian
		2 of (cfo, 2 of (ciso, gone))|"gone" is retired
	END
	[ "$(entries | fields event | sort | uniq -c | tr -s ' ')" = \
	    "$(printf ' 1 log-init\n 5 refused')" ]
}

@test "nothing is asked for where the rules refuse" {
	"$ledger_tool" deal "$ledger" db 1 '2 of (a, b, c)'
	"$ledger_tool" record "$ledger" event=retire credential=db reason=old
	"$ledger_tool" deal "$ledger" db 2 '2 of (a, b, c)'
	for event in redeal rotate-start; do
		"$ledger_tool" record "$ledger" event=$event credential=db \
		    generation=3 set=00000003$(printf 3%.0s $(seq 56)) \
		    policy='2 of (a, b, c)' cards=3 \
		    inventory=$(entries | fields inventory | tail -n 1)
	done
	# a secret file that isn't there would be told, were it looked for
	refuse 1 'deal: "db" is rotating: rotate it instead' "$quorate" \
	    split db -k 2 -n 3 --secret-file nothing
	refused_entry '"db" is rotating'
	refuse 1 'deal: "db" is rotating' "$quorate" split db -k 2 -n 3 \
	    --json --mint --format txt --output a
}

@test "one person alone is refused, or accepted and logged" {
	refuse_input pw 2 "--allow-single" deal db a --policy '1 of (x, y)'
	printf pw | deal db a --policy '1 of (x, y)' --allow-single
	entries | tail -n 1 | fields event detail >last
	[[ "$(cat last)" == "deal "*"one person alone can open it: accepted" ]]
	people
	printf pw | deal b b --policy '2 of (cfo, cfo, ciso)' --allow-single \
	    2>said
	grep -q 'warning: cfo holds more than one card: 1 and 2' said
}

@test "intent, cards, dealing" {
	printf pw | deal db a --policy '2 of (cfo, ciso, "ops, night")' \
	    --user root --target db1 --review-by 2099-12-31 2>said
	set=$(set_of said)
	[ "$(entries 1 | fields event credential generation policy cards \
	    set expires actor)" = "$(cat <<-END
		deal-intent db 1 2 of (cfo, ciso, "ops, night") - - - $(id -un)
		credential db - - - - - $(id -un)
		deal db 1 2 of (cfo, ciso, "ops, night") 3 $set 2099-12-31T00:00:00Z $(id -un)
	END
	)" ]
	entries 3 | fields detail | grep -q '^all 3 shares were exposed'
	grep -q 'smallest group .*: 2 people' said
	# the log as it was when it was intended stands on the cards…
	[ "$(entries 3 | fields size)" = 3 ]
	"$quorate" check a/*c1*.txt --json >out || true
	entries 3 | fields root | grep -qE '^[0-9a-f]{64}$'
	# …and the cards are known
	"$quorate" check a/*.txt | grep -c genuine
	[ "$(rejoin a/*c[13]*.txt)" = pw ] || [ -s said ]
}

@test "the inventory learns what it doesn't know, and fills in what it does" {
	printf pw | deal db a -k 2 -n 3 --user root --target db1
	printf pw2 | deal db b -k 2 -n 3 --target other 2>said || cat said
	grep -q 'warning: cards of "db" are out, of generation 1' said
	[ "$(entries | fields event | grep -c '^credential$')" = 1 ]
	"$quorate" reconstruct --no-ledger b/db-g2*.txt --json --exec -- true \
	    >out 2>/dev/null
	[ "$(json out 'j["user"], j["target"]')" = "('root', 'other')" ]
	[ "$(entries | fields event generation inventory | grep '^deal ' |
	    cut -d' ' -f3 | sort -u | wc -l)" = 1 ]
}

@test "a file in the way: failed, logged, nothing out" {
	mkdir a
	touch a/db-g1-c2.txt
	run -2 deal db a -k 2 -n 3 < <(printf pw)
	[ "$(ls a)" = db-g1-c2.txt ]
	[ "$(entries | tail -n 1 | fields event generation set reason)" = \
	    "deal-failed 1 - failed: planning the files" ]
	rm a/*
	# the generation was never out: it is free
	printf pw | deal db a -k 2 -n 3
	[ "$(entries | tail -n 1 | fields event generation)" = "deal 1" ]
}

@test "a delivery that fails half way leaves a void set on record" {
	make_hook
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		echo "\$QUORATE_CHECKPOINT" >>"$target/checkpoints"
		[ "\$QUORATE_CARD" -lt 3 ] || { echo secret words >&2; exit 9; }
		cat >"$target/card-\$QUORATE_CARD"
	END
	chmod 755 "$hooks/deliver"
	run -3 "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver "$hooks/deliver"
	[ "$(entries | tail -n 1 | fields event generation cards detail)" = \
	    "deal-failed 1 3 cards are out, and void: 1, 2, perhaps 3" ]
	run ! grep -a 'secret words' "$ledger"
	# the checkpoint of the intent went with each card
	root=$(sort -u "$target/checkpoints")
	[[ "$root" =~ ^2:[0-9a-f]{64}$ ]]
	run -1 "$quorate" check "$target/card-1"
	[[ "$output" == *retired* ]]
	printf pw | deal db a -k 2 -n 3
	[ "$(entries | tail -n 1 | fields event generation)" = "deal 2" ]
}

@test "what can't be recorded is taken back" {
	make_hook
	cat >"$hooks/lock" <<-END
		#!/usr/bin/python3
		import sqlite3, sys, time
		db = sqlite3.connect("$ledger", isolation_level=None)
		db.execute("BEGIN IMMEDIATE")
		open("$target/locked", "w").close()
		time.sleep(20)
	END
	# a hook that takes the ledger away while it takes the last card
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		[ "\$QUORATE_CARD" -lt 3 ] || mv "$ledger" "$ledger.away"
		[ "\$QUORATE_CARD" -lt 3 ] || echo rubbish >"$ledger"
		cat >"$target/card-\$QUORATE_CARD"
	END
	chmod 755 "$hooks/deliver"
	cp "$ledger" "$ledger.copy"
	run "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver "$hooks/deliver"
	echo "status $status: $output"
	mv "$ledger.away" "$ledger"
	[ "$status" -eq 3 ]
	[[ "$output" == *"cards are out that are not on record, of generation 1: 1, 2, 3"* ]]
	[[ "$output" == *"have them destroyed"* ]]
	[[ "$output" == *"begun and not ended"* ]]
	# the next dealing says so, and doesn't use that generation again
	run -0 deal db a -k 2 -n 3 < <(printf pw)
	[[ "$output" == *"was begun and never ended"* ]]
	[ "$(entries | fields event generation | tail -n 3)" = "$(cat <<-END
		deal-intent 2
		deal 2
		deal-failed 1
	END
	)" ]
}

@test "interrupted: no card, and the log says so" {
	make_hook
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >"$target/card-\$QUORATE_CARD"
		kill -TERM \$PPID
	END
	chmod 755 "$hooks/deliver"
	run "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver "$hooks/deliver"
	[ "$status" -ne 0 ]
	entries | tail -n 1 | fields event reason detail >last
	[ "$(cat last)" = "deal-failed interrupted: giving the cards out cards are out, and void: 1" ]
}

@test "killed between intent and cards: the next one tells" {
	make_hook
	printf '#!/bin/sh\ncat >/dev/null\nkill -KILL $PPID\n' \
	    >"$hooks/deliver"
	chmod 755 "$hooks/deliver"
	run "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver "$hooks/deliver"
	[ "$status" -ne 0 ]
	[ "$(entries | tail -n 1 | fields event)" = deal-intent ]
	run -0 deal db a -k 2 -n 3 < <(printf pw)
	[[ "$output" == *"was begun and never ended"* ]]
	[ "$(entries | fields event generation | tail -n 2)" = \
	    "$(printf 'deal 2\ndeal-failed 1')" ]
	run -0 deal db b -k 2 -n 3 < <(printf pw)
	[[ "$output" != *"never ended"* ]]
}

@test "two at once on one credential: both are on record, in turn" {
	printf pw | deal db a -k 2 -n 3 2>said-a &
	printf pw | deal db b -k 2 -n 3 2>said-b &
	wait %1 && first=0 || first=$?
	wait %2 && second=0 || second=$?
	cat said-a said-b
	# the one that ends later may have been overtaken; it is told so
	[ "$first" = 0 ] || [ "$second" = 0 ]
	for side in a b; do
		[ -d "$side" ] || grep -q "there already" "said-$side"
	done
	[ "$(entries | fields event generation | grep '^deal-intent' |
	    sort -u | wc -l)" = 2 ]
}
