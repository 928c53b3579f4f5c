#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate rotate with a ledger: what is refused, what is on record before the
# target is touched, and what the ledger says when it goes wrong.

load common
load rotation

setup() {
	begin_rotation
	deal_db
}

# rotate OPTION...: with two of the old cards
rotate() {
	"$quorate" rotate db "$one" "$two" --hook "$hooks/hook" --format txt \
	    --output new "$@"
}

# unaided OPTION...: without any card
unaided() {
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output new \
	    "$@"
}

# Some person opened it with a quorum.
burn() {
	set=$(entries | grep '"event":"deal"' | fields set)
	"$ledger_tool" record "$ledger" event=request credential=db \
	    requester=ann reason=down ticket=T-1 expected=1h \
	    expires=2999-01-01T00:00:00Z
	incident=INC-$(($(entries | wc -l) - 1))
	"$ledger_tool" record "$ledger" event=open credential=db \
	    incident="$incident" set="$set" cards=1,2 requester=ann \
	    reason=down ticket=T-1 deadline=2999-01-01T00:00:00Z
	dealt=$(entries | wc -l)
}

untouched() {
	[ "$(cat "$target/password")" = old ]
	run ! grep -qsE 'apply|verify' "$target/calls"
}

@test "without a ledger nothing is rotated, unless it is meant" {
	mv "$ledger" away
	refuse 2 "there is no ledger at $ledger" rotate
	[[ "$stderr" == *"quorate log init"* && "$stderr" == *"--no-ledger"* ]]
	untouched
	rotate --no-ledger 2>said
	grep -q 'refuses the old one' said
	grep -q '^apply db admin host 2$' "$target/calls"
	mv away "$ledger"
}

@test "out of place: refused by name, logged, nothing asked of anybody" {
	"$ledger_tool" record "$ledger" event=retire credential=db reason=old
	refuse 1 'redeal: "db" is retired' unaided
	[ "$(entries | tail -n 1 | fields event act credential)" = \
	    "refused redeal db" ]
	refuse 1 'redeal: "db" is retired' rotate
	[ "$(since event act verdict | tail -n 3)" = "$(printf '%s\n' \
	    'present - retired' 'present - retired' 'refused redeal -')" ]
	untouched
}

@test "custodians who left hold no new cards" {
	in_ledger "INSERT INTO person (handle, roles, retired) VALUES
		('cfo', 1, NULL), ('ciso', 1, '2026-01-01T00:00:00Z'),
		('cto', 1, NULL), ('new', 1, NULL)"
	refuse 1 'redeal: "ciso" is retired: name another' unaided
	refuse 1 'redeal: "ciso" is retired: name another' rotate
	untouched
	unaided --policy '2 of (cfo, new, cto)'
	[ -e new/db-g2-c2-new.txt ]
}

@test "cards of another set don't come in place of the ledger's" {
	printf evil | deal db evil -k 2 -n 3 --no-ledger 2>said
	evil=$(set_of said)
	refuse 1 "these cards are of no set that the ledger has" "$quorate" \
	    rotate db evil/*c[12].txt --hook "$hooks/hook" --output new
	[[ "$stderr" == *"--set"* ]]
	untouched
	[ "$(since event verdict card | head -n 2)" = "$(printf '%s\n' \
	    'present whole 1' 'present whole 2')" ]
	printf x | deal mail mail -k 2 -n 3
	refuse 1 'genuine, of "mail": not of "db"; put it back' "$quorate" \
	    rotate db mail/*c[12].txt --hook "$hooks/hook" --output new
	untouched
	# their secret, refused by the target, proves nothing
	"$quorate" rotate db evil/*c[12].txt --hook "$hooks/hook" --set \
	    "$evil" --format txt --output new 2>said
	grep -q unproven said
	[ "$(stands)" = "unproven 1:current 2:pending" ]
}

@test "cards that were replaced aren't taken for the ones that hold" {
	rotate 2>/dev/null
	refuse 1 "these cards, of generation 1, were replaced" "$quorate" \
	    rotate db "$one" "$two" --hook "$hooks/hook" --output third
	[[ "$stderr" == *"give those of generation 2"* ]]
}

@test "--generation is the ledger's" {
	refuse 2 "--generation: the ledger tells it" unaided --generation 7
	untouched
}

@test "new in, old out, proven: each step on record before it is done" {
	on apply "cp '$ledger' at-apply; echo \$QUORATE_CHECKPOINT >checkpoint"
	rotate 2>said
	set=$(set_of said)
	[ "$(since event outcome card verdict generation)" = "$(cat <<-END
		present - 1 genuine 1
		present - 2 genuine 1
		deal-intent - - - 2
		redeal - - - 2
		rotate-start - - - 2
		rotate-end proven - - 2
	END
	)" ]
	# what runs unattended is what somebody wrote into the inventory
	grep -q "the inventory names no hook" said
	since detail | grep -q "^old secret known from cards 1,2; hook $hooks/hook$"
	[ "$(stands)" = "dealt 1:former 2:current" ]
	# the names are the ledger's: the codes don't have them
	[ -e new/db-g2-c3-cto.txt ]
	run ! grep -q -e "the old codes don't say" -e burned said
	# when the target was changed the start was on the disk
	[ "$(ledger=$target/at-apply entries | tail -n 1 | fields event set)" = \
	    "rotate-start $set" ]
	[[ "$(cat "$target/checkpoint")" =~ ^$((dealt + 5)):[0-9a-f]{64}$ ]]
	[ "$(rejoin --no-ledger new/*c[13]*.txt)" = "$(cat "$target/password")" ]
}

@test "without cards: policy, fields, names from the ledger" {
	unaided 2>said
	grep -q '^apply db admin host 2$' "$target/calls"
	[ "$(ls new)" = "$(printf '%s\n' db-g2-c1-cfo.txt db-g2-c2-ciso.txt \
	    db-g2-c3-cto.txt)" ]
	grep -q unproven said
	[ "$(since event outcome | tail -n 1)" = "rotate-end unproven" ]
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	# the next one, with the newest cards, proves nothing of the first
	"$quorate" rotate db new/*c[12]*.txt --hook "$hooks/hook" --format txt \
	    --output third
	[ "$(stands)" = "unproven 1:current 2:pending 3:pending" ]
	"$quorate" rotate db "$one" "$two" new/*c[12]*.txt --prove-old \
	    --hook "$hooks/hook"
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
}

@test "burned until it is proven, and for how long" {
	burn
	rotate --json >out 2>said
	grep -qE '"db" was burned for [0-9]+s' said
	grep -q 'its review is outstanding' said
	[ "$(json out 'j["state"]')" = proven ]
	[ "$(stands)" = "rotated 1:former 2:current" ]
	# opened again, for the rotation
	[ "$(since event cards | grep '^opened')" = "opened 1,2" ]
	[ "$(entries | fields event detail | grep -c '^opened for rotation')" = 1 ]
}

@test "the old secret lives: unproven, burned still" {
	burn
	on apply 'cat <&3 >>password; echo >>password; exit 0'
	on verify 'cat <&3 >tried; grep -qxF -f tried password; exit'
	echo old >"$target/password"
	run -1 rotate
	[[ "$output" == *"still the old one"* ]]
	[[ "$output" == *"is burned still"* ]]
	[ "$(since event outcome detail | tail -n 1)" = \
	    "rotate-end unproven the old secret is still accepted" ]
	[ "$(stands)" = "unproven 1:current 2:pending" ]
}

# in_inventory HOOK: it is that of db
in_inventory() {
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' "$1" >r.json
	"$quorate" import r.json >/dev/null 2>&1
	rm r.json
}

@test "the target refuses: kept, new cards void, all as before" {
	in_inventory "$hooks/hook"
	for state in dealt burned; do
		[ "$state" = dealt ] || burn
		on apply 'exit 1'
		run -1 rotate
		[ ! -e new ]
		[ "$(since event outcome | tail -n 1)" = "rotate-end kept" ]
		[[ "$(stands)" == "$state 1:current 2:void"* ]]
	done
	rm "$target/on-apply"
	unaided --policy '2 of (x, y)'
	[[ "$(stands)" == "unproven 1:current 2:void 3:void 4:pending" ]]
}

@test "nobody can say: unknown, until a rotation is proven" {
	in_inventory "$hooks/hook"
	on apply 'exit 9'
	on verify 'exit 9'
	run -3 rotate
	[[ "$output" == *"keep both sets"* ]]
	[ "$(since event outcome | tail -n 1)" = "rotate-end unknown" ]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	rm "$target"/on-*
	on apply 'exit 1'
	run -1 "$quorate" rotate db new/*c[12]*.txt --hook "$hooks/hook" \
	    --format txt --output third
	[ "$(stands)" = "rotating 1:current 2:pending 3:void" ]
	rm "$target"/on-*
	takes no yes >"$target/describe"
	"$quorate" rotate db new/*c[12]*.txt --hook "$hooks/hook" \
	    --format txt --output third
	[ "$(stands)" = "dealt 1:former 2:former 3:void 4:current" ]
}

@test "interrupted between cards and target: taken back, void" {
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >"$target/card-\$QUORATE_CARD"
		[ "\$QUORATE_CARD" -lt 3 ] || kill -TERM \$PPID
	END
	chmod 755 "$hooks/deliver"
	run "$quorate" rotate db "$one" "$two" --hook "$hooks/hook" \
	    --format txt --deliver "$hooks/deliver"
	[ "$status" -ne 0 ]
	[[ "$output" == *"old cards of \"db\" are valid"* ]]
	untouched
	[ "$(since event reason | tail -n 1)" = \
	    "deal-failed interrupted: before the target was asked" ]
	[ "$(stands)" = "dealt 1:current 2:void" ]
}

# The ledger goes away between apply and the rotation's end.
@test "the ledger fails behind apply: it is said what it doesn't know" {
	on apply "cp '$ledger' '$ledger.at-apply'; echo rubbish >'$ledger'"
	run -3 rotate
	[[ "$output" == *"takes the new secret, and refuses the old one"* ]]
	[[ "$output" == *"the ledger doesn't know how this ended (proven)"* ]]
	[[ "$output" == *"quorate rotate db --resume, with cards of generation 2"* ]]
	[ "$(rejoin --no-ledger new/*c[13]*.txt)" = "$(cat "$target/password")" ]
	rm "$target/on-apply"
	mv "$ledger.at-apply" "$ledger"
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	# what was said to be run settles it
	"$quorate" rotate db --resume "$one" "$two" new/*c[12]*.txt \
	    --hook "$hooks/hook"
	[ "$(stands)" = "dealt 1:former 2:current" ]
}

@test "the ledger fails before the target is asked: nothing is changed" {
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >"$target/card-\$QUORATE_CARD"
		[ "\$QUORATE_CARD" -lt 3 ] || echo rubbish >"$ledger"
	END
	chmod 755 "$hooks/deliver"
	cp "$ledger" copy
	run "$quorate" rotate db "$one" "$two" --hook "$hooks/hook" \
	    --format txt --deliver "$hooks/deliver"
	mv copy "$ledger"
	[ "$status" -eq 3 ]
	[[ "$output" == *"cards are out that are not on record"* ]]
	[[ "$output" == *"nothing was changed: the old cards are valid"* ]]
	untouched
}

@test "killed while the target is asked: rotating, and it can go on" {
	on apply 'cat <&3 >password; kill -KILL $PPID; exit 0'
	run rotate
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	[ "$(since event | tail -n 1)" = rotate-start ]
	# one of both sets opens what the target takes
	[ "$(rejoin --no-ledger new/*c[13]*.txt)" = "$(cat "$target/password")" ]
	rm "$target/on-apply"
	takes no yes >"$target/describe"
	"$quorate" rotate db new/*c[12]*.txt --hook "$hooks/hook" \
	    --format txt --output third
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
}

@test "a credential that was never dealt can be rotated first" {
	"$quorate" rotate web --hook "$hooks/hook" -k 2 -n 3 --user root \
	    --format txt --output web 2>/dev/null
	[ "$(since event credential outcome detail | cut -d' ' -f1-3 |
	    grep -v ^credential)" = "$(cat <<-END
		deal-intent web -
		redeal web -
		rotate-start web -
		rotate-end web unproven
	END
	)" ]
	run -2 "$quorate" rotate nix --hook "$hooks/hook"
	[[ "$output" == *"who holds the new cards"* ]]
}

@test "too few cards: presented, on record, not opened" {
	run -1 "$quorate" rotate db "$one" --hook "$hooks/hook" --output new \
	    </dev/null
	[ "$(since event card verdict detail)" = \
	    "present 1 genuine for rotation
open-failed - - for rotation" ]
	untouched
}

@test "two at once on one credential: one of them waits its turn" {
	on apply 'touch applying; until [ -e go ]; do sleep 0.1; done'
	rotate 2>said &
	for _ in $(seq 100); do
		[ ! -e "$target/applying" ] || break
		sleep 0.1
	done
	refuse 3 '"db" is being rotated by another process' "$quorate" rotate \
	    db --hook "$hooks/hook" --output other
	# another credential is another matter
	rm "$target/on-apply"
	"$quorate" rotate web --hook "$hooks/hook" -k 2 -n 3 --format txt \
	    --output web
	touch "$target/go"
	wait %1
	[ "$(stands)" = "dealt 1:former 2:current" ]
	# and one that was killed is in nobody's way
	on apply 'kill -KILL $PPID'
	run "$quorate" rotate db --hook "$hooks/hook" --format txt \
	    --output third
	rm "$target/on-apply"
	sleep 0.3
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output fourth
}

@test "people are told before the hook gets a secret" {
	mkdir -m 755 "$hooks/alerts"
	printf '#!/bin/sh\ncat >>"%s/told"\n' "$target" >"$hooks/alerts/told"
	chmod 755 "$hooks/alerts/told"
	echo "hooks = $hooks/alerts" >>"$settings"
	on apply 'cp told told-before'
	rotate
	grep -q '"event": *"rotate-start"' "$target/told-before"
	grep -q '"event": *"rotate-end"' "$target/told"
}

@test "a locked set is followed by a locked one, though no cards are here" {
	printf old | deal lk a -k 2 -n 2 --lock --phrase-dir p 2>/dev/null
	dealt=$(entries | wc -l)
	refuse 2 "nobody is at the terminal to be shown the lock phrases" \
	    "$quorate" rotate lk --hook "$hooks/hook" --output new
	run ! grep -qsE 'apply|verify' "$target/calls"
	refuse 2 "--lock is missing" unaided --phrase-dir p
	[ "$(entries | wc -l)" -eq "$dealt" ]
	"$quorate" rotate lk --hook "$hooks/hook" --format txt --output new \
	    --phrase-dir p 2>said
	grep -q 'the cards of "lk" are locked: the new ones are, too' said
	[ "$(entries | grep '"redeal"' | fields credential locked)" = 'lk yes' ]
	[ "$(ls p/*lk-g2* | wc -l)" -eq 2 ]
	"$quorate" rotate lk --hook "$hooks/hook" --format txt --output new \
	    --no-lock
	[ "$(entries | grep '"redeal"' | tail -n 1 |
		fields credential locked)" = 'lk -' ]
	# what followed is what counts
	"$quorate" rotate lk --hook "$hooks/hook" --format txt --output new
	[ "$(entries | grep '"redeal"' | tail -n 1 |
		fields generation locked)" = '4 -' ]
}

@test "check and drill say of a card that it waits" {
	run "$quorate" rotate db "$one" "$two" --hook "$hooks/hook" \
	    --format txt --output new --confirm all
	[ "$(stands)" = 'dealt 1:current 2:waiting' ]
	for what in check drill; do
		run "$quorate" $what new/db-g2-c1-cfo.txt
		echo "$output"
		[[ "$output" == *'card 1 WAITS: the target was not asked'* ]]
	done
	run "$quorate" check "$one"
	[[ "$output" != *WAITS* ]]
	"$quorate" check --json new/db-g2-c1-cfo.txt >j
	[ "$(json j 'j["known"][0]["waiting"]')" = True ]
}

@test "what fails before it begins is on record, but for slips" {
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' \
	    "$hooks/hook" >"$target/roster"
	"$quorate" import "$target/roster" >/dev/null 2>&1
	dealt=$(entries | wc -l)
	on describe 'exit 1'
	refuse 3 "describe" "$quorate" rotate db
	[ "$(since event credential reason)" = \
	    "rotate-failed db describe: a helper program failed" ]
	[ "$(stands)" = "dealt 1:current" ]
	# whose hook it is, that somebody looks to
	refuse 3 "describe" unaided
	refuse 3 "describe" rotate
	[ "$(since event | xargs)" = "rotate-failed" ]
	rm "$target/on-describe"
	refuse 2 "no such file" "$quorate" rotate db --hook nowhere
	refuse 2 "--mint=3" unaided --mint 3
	refuse 1 "not in the ledger" "$quorate" rotate other --resume
	[ "$(since event | wc -l)" = 1 ]
	# one that was begun is settled, or isn't: that is no other rotation
	on verify 'exit 9'
	on apply 'exit 9'
	run -3 rotate
	on describe 'exit 1'
	run -3 "$quorate" rotate db --resume --hook "$hooks/hook"
	[ "$(since event | grep -c rotate-failed)" = 1 ]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	# the inventory's own hook is nobody's slip
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' \
	    "$hooks/gone" >"$target/roster"
	"$quorate" import "$target/roster" >/dev/null 2>&1
	refuse 3 "no such file" "$quorate" rotate db
	[ "$(since event reason detail | tail -n 1)" = \
	    "rotate-failed describe: no such file hook $hooks/gone" ]
}

@test "the report says of a rotation when it began, and by which hook" {
	on apply 'exit 75'
	run -1 rotate
	rm "$target/on-apply"
	out=again run -1 "$quorate" rotate db "$one" "$two" --hook \
	    "$hooks/hook" --format txt --output again --confirm quorum
	"$quorate" rotate db --resume again/*c[12]*.txt "$one" "$two" --hook \
	    "$hooks/hook"
	"$quorate" report --json >r.json 2>/dev/null
	entries | grep '"rotate-start"' | fields time >began
	[ "$(json r.json '[(x["outcome"], x["hook"]) for x in j["rotations"]]')" = \
	    "[('kept', '$hooks/hook'), ('proven', '$hooks/hook')]" ]
	[ "$(json r.json '"\n".join(x["began"] for x in j["rotations"])')" = \
	    "$(cat began)" ]
	"$quorate" report --output r.html 2>/dev/null
	grep -q "ended: proven; .*; it began 20..-..-.. ..:..:.., hook $hooks/hook" \
	    r.html
}
