#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate reissue: refusals first; then new cards of the same secret, which
# end nothing but a lack of cards; and what stops it half way.

load common

why=(--reason 'a card is lost' --ticket OPS-7 --requester ana)

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	echo "hooks = $BATS_TEST_TMPDIR/no-hooks" >>"$settings"
	printf 'the secret' | deal db a --policy '2 of (cfo, ciso, cto)' \
	    --user admin --target host --note 'by console' 2>dealt
	one=a/db-g1-c1-cfo.txt two=a/db-g1-c2-ciso.txt three=a/db-g1-c3-cto.txt
	first=$(set_of dealt)
	rm dealt
}

# Every test's last word: state and log agree.
teardown() {
	no_terminal
	remove_hook
	[ -n "${broken:-}" ] || "$ledger_tool" agrees "$ledger"
}

# reissue CARD... [OPTION...]: of db, into the directory b
reissue() {
	"$quorate" reissue db "$@" --format txt --output b "${why[@]}"
}

state_of() {
	in_ledger "SELECT state FROM credential WHERE name = 'db'"
}

# What a child gets: opened CARD... [OPTION...]
opened() {
	"$quorate" reconstruct db "$@" "${why[@]}" --exec=stdin -- cat
}

last() {
	entries | tail -n 1 | fields "$@"
}

# no_cards: nothing new is there, hidden files neither
no_cards() {
	[ -z "$(find . -name '*g2*' -o -name '.*' -type f)" ]
}

# rotated GENERATION DIGIT: one to a set of the digit, proven
rotated() {
	local set
	set=$(printf "$2%.0s" $(seq 64))
	local fields=(credential=db policy='2 of (cfo, ciso, cto)' cards=3
	    "set=$set" "generation=$1" outcome=proven
	    "inventory=$(in_ledger 'SELECT inventory FROM credential')")
	for event in deal-intent redeal rotate-start rotate-end; do
		"$ledger_tool" record "$ledger" "event=$event" "${fields[@]}"
	done
}

@test "misuse" {
	refuse 2 'NAME is missing' "$quorate" reissue "$one" "$two"
	refuse 2 'takes the place' reissue "$one" "$two" -k 2 -n 3 \
	    --policy '2 of (a, b)'
	refuse 2 'one person alone' reissue "$one" "$two" -k 1 -n 3
	refuse 2 'no such file' reissue "$one" nothing
	refuse 2 '--forms' reissue "$one" "$two" --forms nowhere
	refuse 2 'it is there already' reissue "$one" "$two" --receipt "$one"
	refuse 2 'exclude each other' reissue "$one" "$two" --deliver x
	for option in --show --output-fd --exec --hook --mint; do
		refuse 2 "$option" "$quorate" reissue db "$one" "$two" \
		    "$option" 1
	done
}

@test "what must be said is said before a card is read" {
	refuse 1 '--requester' "$quorate" reissue db "$one" "$two" \
	    --reason x --ticket none --output b
	[ "$(last event act)" = 'refused open' ]
	[[ "$stderr" != *genuine* ]]
	refuse 1 '"bd" is not in the ledger' "$quorate" reissue bd "$one" \
	    "$two" "${why[@]}" --output b
	[ "$(state_of)" = dealt ]
}

@test "too few cards, of another set, or forged" {
	refuse 1 'no quorum' reissue "$one"
	[ "$(last event)" = open-failed ]
	printf evil | deal db evil --policy '1 of (x, y)' --allow-single \
	    --no-ledger
	refuse 1 'of no set that the ledger has' reissue evil/*c1*
	[ "$(last event credential)" = 'present -' ]
	refuse 1 'cards of another set are here' "$quorate" reissue db \
	    "$one" evil/*c1* "${why[@]}" --output b
	printf x | deal mail mail -k 2 -n 3
	refuse 1 'genuine, of "mail": not of "db"; put it back' \
	    reissue mail/*c[12].txt
	[ "$(last event credential)" = 'open-failed db' ]
	[ "$(in_ledger 'SELECT count(*) FROM entry WHERE line LIKE "%""open""%"')" \
	    = 0 ]
	[ "$(state_of)" = requested ]
}

@test "nothing is declared where the rules refuse anyway" {
	"$ledger_tool" record "$ledger" event=retire credential=db reason=old
	refuse 1 'reissue: "db" is retired' reissue "$one" "$two"
	[ "$(last event act)" = 'refused reissue' ]
	"$ledger_tool" record "$ledger" event=credential credential=plan \
	    detail=new
	refuse 1 'reissue: "plan" is planned: deal it first' "$quorate" \
	    reissue plan "$one" "${why[@]}" --output b
	run ! grep -q '"request"' <(entries)
}

@test "a rotation on its way is settled first" {
	"$ledger_tool" deal "$ledger" other 1 '2 of (a, b, c)'
	local fields=(credential=db policy='2 of (a, b)' cards=2 generation=2
	    "set=$(printf 2%.0s $(seq 64))"
	    "inventory=$(in_ledger 'SELECT inventory FROM credential WHERE
	        name = "db"')")
	"$ledger_tool" record "$ledger" event=redeal "${fields[@]}"
	"$ledger_tool" record "$ledger" event=rotate-start "${fields[@]}"
	refuse 1 'a rotation is on its way' reissue "$one" "$two"
	refuse 1 'a rotation is on its way' reissue "$one" "$two" \
	    --emergency 'no time'
	[ "$(last event act)" = 'refused reissue' ]
	# Nor where it is another process's business right now.
	"$ledger_tool" record "$ledger" event=rotate-end outcome=kept \
	    "${fields[@]}"
	/usr/bin/python3 - "$ledger" <<-'END' &
		import fcntl, hashlib, struct, sys, time
		f = open(sys.argv[1] + "-rotating", "w")
		at = int.from_bytes(hashlib.sha256(b"db").digest()[:7], "big")
		fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0,
		                               at, 1, 0))
		open("held", "w").close()
		time.sleep(60)
	END
	holder=$!
	for _ in $(seq 100); do
		[ ! -e held ] || break
		sleep 0.05
	done
	rm held
	run -3 --separate-stderr reissue "$one" "$two"
	kill "$holder"
	[[ "$stderr" == *'rotated by another process'* ]]
	no_cards
}

@test "who may hold no card gets none, and nothing is burned" {
	"$ledger_tool" record "$ledger" event=person person=cfo act=add \
	    detail=x
	in_ledger "INSERT INTO person (handle, roles) VALUES ('cfo', 1),
		('ana', 2)"
	refuse 1 "\"zoe\" isn't on the roster" reissue "$one" "$two" \
	    --policy '2 of (cfo, zoe)'
	run ! grep -q '"request"' <(entries)
	# As the old policy does: that is known when the cards are.
	refuse 1 "\"ciso\" isn't on the roster" reissue "$one" "$two"
	[ "$(last event card)" = 'present 2' ]
	[ "$(state_of)" = requested ]
}

@test "new cards of the same secret, burned, and all on record" {
	run -0 --separate-stderr reissue "$one" "$two"
	[ -z "$output" ]
	[[ "$stderr" == *'3 cards are dealt, read back and proven: generation 2'* ]]
	[[ "$stderr" == *'lost ones too, open the same secret'*'only a rotation ends that'* ]]
	[[ "$stderr" == *'those of generation 1 destroyed'* ]]
	[[ "$stderr" == *'rotate it by '*'quorate review INC-'* ]]
	[[ "$stderr" != *'the secret'*'the secret'*'the secret'* ]]
	[ "$(entries 4 | fields event)" = "$(printf '%s\n' request present \
	    present open opened deal-intent reissue close)" ]
	incident=$(entries | grep '"open"' | fields incident)
	[ "$(entries 5 | fields incident | sort -u)" = "$incident" ]
	[ "$(entries | grep '"reissue"' | fields generation policy cards)" = \
	    '2 2 of (cfo, ciso, cto) 3' ]
	[ "$(state_of)" = burned ]
	[ "$(in_ledger 'SELECT generation, status FROM dealing ORDER BY 1')" = \
	    "$(printf '1 former\n2 current')" ]
	# The fields went along, and the old cards open the same.
	[ "$(opened b/*c[13]*)" = 'the secret' ]
	"$quorate" reconstruct db b/*c[13]* "${why[@]}" --json --output-fd 9 \
	    9>/dev/null >j 2>/dev/null
	[ "$(json j '[j[k] for k in ("user", "target", "note")]')" = \
	    "['admin', 'host', 'by console']" ]
	[ "$(opened "$one" "$three" --retired)" = 'the secret' ]
	[ "$(entries | grep -c '"open-retired"')" = 0 ]
}

@test "an approval is used, as by any opening" {
	in_ledger "UPDATE profile SET approvals = 1"
	refuse 1 '0 of 1 approvals' reissue "$one" "$two"
	no_cards
	incident=$(entries | grep '"request"' | tail -n 1 | fields n)
	"$quorate" approve "INC-$incident" --approver bob
	run -0 "$quorate" reissue db "$one" "$two" --incident "INC-$incident" \
	    --format txt --output b
	[ "$(in_ledger 'SELECT count(*) FROM approval WHERE used IS NOT NULL')" = 1 ]
	# In an emergency it isn't asked for, and everybody is told.
	run -0 "$quorate" reissue db b/*c[12]* "${why[@]}" \
	    --emergency 'no time' --format txt --output c
	[ "$(entries | grep '"open"' | tail -n 1 | fields emergency)" = \
	    'no time' ]
}

@test "as JSON" {
	run -0 --separate-stderr reissue "$one" "$two" --json
	echo "$output" >j
	[ "$(json j '[j[k] for k in ("name", "generation", "cards",
	    "replaces", "incident", "locked")]')" = \
	    "['db', 2, 3, 1, 'INC-4', False]" ]
	[ "$(json j 'len(j["files"])')" = 3 ]
}

@test "what check, drill and status say of cards before and after" {
	reissue "$one" "$two"
	run -1 --separate-stderr "$quorate" check "$one" b/*c2*
	[[ "$output" == *'retired'*'opens what its target takes until a rotation'* ]]
	[[ "$output" == *'card 1 was of "db", generation 1, and opens it still'* ]]
	[[ "$output" == *'card 2: genuine'* ]]
	[[ "$output$stderr" != *'may refuse'* ]]
	run -1 --separate-stderr "$quorate" check --json "$one" b/*c2*
	echo "$output" >j
	[ "$(json j '[[k["live"], k["generation"]] for k in j["known"]]')" = \
	    '[[True, 1], [True, 2]]' ]
	run -1 --separate-stderr "$quorate" drill "$one"
	[[ "$stderr" == *'still opens what the target takes: have it destroyed'* ]]
	run -0 "$quorate" drill b/*.txt
	run -1 --separate-stderr opened "$one" "$two"
	[[ "$stderr" == *'replaced, but not its secret: its target takes'* ]]
	[[ "$stderr" == *'open: another set has replaced these cards'* ]]
	[ -z "$output" ]
	run -1 "$quorate" status db
	[[ "$output" == *'burned, generation 2'*'old cards, 1'* ]]
	# When another secret is there they are what they were always said.
	rotated 3 7
	run -1 --separate-stderr "$quorate" check "$one"
	[[ "$output" == *'unless a backup'* ]]
	[[ "$output" != *still* ]]
	run -1 --separate-stderr opened "$one" "$two"
	[[ "$stderr" == *'its target may refuse'*'open-retired: another'* ]]
}

@test "another policy, another way to hold the cards" {
	run -0 reissue "$one" "$two" \
	    --policy '2 of (2 of (cfo, ciso, coo), 1 of (ops-1, ops-2))' \
	    --names
	[ "$(ls b | wc -l)" = 5 ]
	run -1 opened b/*c[12]*
	[ "$(opened b/*c[134]*)" = 'the secret' ]
	# The next one takes after it.
	run -0 "$quorate" reissue db b/*c[125]* "${why[@]}" --format txt \
	    --output c
	[ "$(ls c | grep -c coo)" = 1 ]
	[ "$(in_ledger 'SELECT status, count(*) FROM dealing GROUP BY 1')" = \
	    "$(printf 'current 1\nformer 2')" ]
}

@test "what is locked stays locked" {
	run -2 --separate-stderr reissue "$one" "$two" --phrase-dir p
	[[ "$stderr" == *'--lock is missing'* ]]
	[ "$(state_of)" = requested ]
	printf pw | deal vault v -k 2 -n 3 --lock --phrase-dir p
	files=(--phrase-file "1=$(echo p/*c1*)"
	    --phrase-file "2=$(echo p/*c2*)")
	before=$(listing)
	run -2 --separate-stderr "$quorate" reissue vault v/*c[12]* \
	    "${why[@]}" "${files[@]}" --format txt --output w
	[[ "$stderr" == *'nobody is at the terminal'* ]]
	[ "$(listing)" = "$before" ]
	run ! grep -q '"open"' <(entries)
	run -0 "$quorate" reissue vault v/*c[12]* "${why[@]}" "${files[@]}" \
	    --format txt --output w --phrase-dir q
	[ "$(ls q | wc -l)" = 3 ]
	run ! diff -q p/*c1* q/*c1*
	run -0 --separate-stderr "$quorate" reconstruct vault w/*c[12]* \
	    "${why[@]}" --phrase-file "1=$(echo q/*c1*)" \
	    --phrase-file "2=$(echo q/*c2*)" --exec=stdin -- cat
	[ "$output" = pw ]
	# Old phrases don't open it; and an open set is asked for by name.
	run -1 "$quorate" reconstruct vault w/*c[12]* "${why[@]}" \
	    "${files[@]}" --exec=stdin -- cat
	run -0 "$quorate" reissue vault v/*c[12]* --retired "${why[@]}" \
	    "${files[@]}" --format txt --output x --no-lock
	[ "$("$quorate" reconstruct vault x/*c[23]* "${why[@]}" \
	    --exec=stdin -- cat)" = pw ]
}

@test "a card is lost: the count goes on until the secret changes" {
	run -1 --separate-stderr "$quorate" lost db --card 2 --reason taxi
	[ "$(last event detail)" = "lost who has what is lost opens it with one more card: rotate it now" ]
	reissue "$one" "$three"
	run -1 --separate-stderr "$quorate" status db
	[[ "$output" == *'now   1 of other cards that open it is lost: whoever has them needs one more'* ]]
	run -2 "$quorate" status --nagios
	"$quorate" status --json >j || true
	[ "$(json j '[[c[k] for k in ("cards_lost", "other_cards_lost",
	    "finder_needs")] for c in j["credentials"]]')" = '[[0, 1, 1]]' ]
	# One of the old ones more, and who has them opens it.
	run -1 --separate-stderr "$quorate" lost db --generation 1 \
	    --card 1 --reason 'never came back' --json
	[[ "$stderr" == *'"db", of the cards that were replaced: 2 lost, 1 left'* ]]
	[[ "$stderr" == *'can open "db" alone'*'rotate it now'* ]]
	echo "$output" >j
	[ "$(json j '[j[k] for k in ("generation", "lost", "finder_needs",
	    "rotate_now")]')" = '[1, 2, 0, True]' ]
	run -1 "$quorate" status db
	[[ "$output" == *'2 of other cards that open it are lost: whoever has them can open it'* ]]
	refuse 2 'no set of generation 1 of "db" is out' "$quorate" \
	    acknowledge db --generation 1 --card 3 --form "$one"
	rotated 3 7
	"$quorate" status --json >j || true
	[ "$(json j '[[c[k] for k in ("cards_lost", "other_cards_lost",
	    "finder_needs")] for c in j["credentials"]]')" = '[[0, 0, -1]]' ]
	refuse 2 'no set of generation 1 of "db" is out' "$quorate" lost db \
	    --generation 1 --card 3 --reason x
}

@test "a custodian leaves" {
	for who in cfo ciso cto coo; do
		"$quorate" person add "$who" --role custodian
	done
	"$quorate" person add ana --role requester
	"$quorate" person retire cto
	run -1 --separate-stderr "$quorate" status db
	[[ "$output" == *'retired: cto: deal anew'* ]]
	run -1 --separate-stderr reissue "$one" "$two"
	[[ "$stderr" == *'"cto" is retired: name another custodian'* ]]
	no_cards
	run ! grep -q '"open"' <(entries)
	incident=$(entries | grep '"request"' | fields n)
	run -0 --separate-stderr "$quorate" reissue db "$one" "$two" \
	    --policy '2 of (cfo, ciso, coo)' --incident "INC-$incident" \
	    --format txt --output b
	run -1 --separate-stderr "$quorate" status db
	[[ "$output" != *'retired: cto'* ]]
	[[ "$output" == *'burned since'* ]]
}

@test "a report tells that it was dealt again" {
	reissue "$one" "$two"
	"$quorate" report --output r.html
	grep -q 'the same secret dealt again, as generation 2' r.html
	grep -q 'handed out (cards 1,2): into a new set, and to nobody' r.html
}

@test "cards whose secret the target doesn't have any more" {
	reissue "$one" "$two"
	rotated 3 7
	refuse 1 "that the target doesn't have any more" "$quorate" reissue \
	    db b/*c[12]* "${why[@]}" --retired --output c
	[[ "$stderr" == *'give cards of generation 3'* ]]
	refuse 1 "that the target doesn't have any more" "$quorate" reissue \
	    db b/*c[12]* "${why[@]}" --retired --set "$(in_ledger 'SELECT set_id
	    FROM dealing WHERE generation = 2')" --output c
	run ! grep -q '"open-retired"' <(entries)
}

@test "without a ledger, from the cards alone" {
	broken=1
	rm "$ledger"
	run -3 --separate-stderr reissue "$one" "$two"
	[[ "$stderr" == *"there is no ledger"*--no-ledger* ]]
	no_cards
	run -0 --separate-stderr reissue "$one" "$two" --no-ledger
	[[ "$stderr" == *'quorate receipt 1'*'exposure: reissue'* ]]
	[[ "$stderr" == *'--policy names the custodians of the new ones'* ]]
	[ "$(rejoin --no-ledger b/*c[13]*)" = 'the secret' ]
	# As the cards tell: generation 2, and the same inventory id.
	"$quorate" check --no-ledger --json "$one" b/*c1* >j || true
	[ "$(json j 'sorted(s["generation"] for s in j["sets"])')" = '[1, 2]' ]
	[ "$(json j 'len({s["inventory"] for s in j["sets"]})')" = 1 ]
	# A host that never keeps one: no receipt that nobody would take in.
	echo 'ledger = none' >"$settings"
	run -0 --separate-stderr "$quorate" reissue db b/*c[12]* --output c \
	    --format txt
	[[ "$stderr" != *'quorate receipt'* ]]
	run -0 --separate-stderr "$quorate" reissue db c/*c[12]* --output d \
	    --format txt --receipt slip
	grep -qx 'exposure: reissue' slip
	grep -q '^closed: ' slip
}

@test "a receipt that the ledger takes in" {
	run -0 --separate-stderr reissue "$one" "$two" --no-ledger \
	    --receipt slip
	[ "$(state_of)" = dealt ]
	run -0 --separate-stderr "$quorate" log receipt slip
	[ "$(state_of)" = burned ]
	[[ "$(entries | grep '"receipt"' | fields detail)" == *'(reissue)'* ]]
	[[ "$stderr" == *'tells of a new set, of generation 2'*'--set ID'* ]]
	# A receipt alone makes no card genuine.
	run -1 "$quorate" check b/*c1*
	run -1 --separate-stderr "$quorate" log receipt slip --set "$first"
	[[ "$stderr" == *'tells of no such new set'* ]]
	new=$(sed -n 's/^new-set: //p' slip)
	run -1 --separate-stderr "$quorate" log receipt slip --set \
	    "${new:0:30}"
	[ "$(state_of)" = burned ]
	run -0 --separate-stderr "$quorate" log receipt slip --set "${new:0:32}"
	[[ "$stderr" == *'generation 2 of "db" takes over'* ]]
	run -0 "$quorate" check b/*c1*
	[ "$(in_ledger 'SELECT generation, status FROM dealing ORDER BY 1')" = \
	    "$(printf '1 former\n2 current')" ]
	# Once.
	run -1 --separate-stderr "$quorate" log receipt slip --set "$new"
	[[ "$stderr" == *'generation 2 of "db" is there already'* ]]
}

@test "a receipt with its new set, at once; and one that comes too late" {
	reissue "$one" "$two" --no-ledger --receipt slip
	new=$(sed -n 's/^new-set: //p' slip)
	cp "$ledger" before
	run -0 "$quorate" log receipt slip --set "$new"
	[ "$(entries 4 | fields event)" = "$(printf '%s\n' receipt request \
	    present present open opened close reissue)" ]
	cp before "$ledger"
	rotated 2 7
	run -1 --separate-stderr "$quorate" log receipt slip --set "$new"
	[[ "$stderr" == *"the target doesn't have what this set holds"* ]]
	run ! grep -q '"receipt"' <(entries)
}

@test "a receipt tells that the new set is locked" {
	reissue "$one" "$two" --no-ledger --receipt slip --lock \
	    --phrase-dir p
	grep -qx 'new-locked: yes' slip
	"$quorate" log receipt slip
	"$quorate" log receipt slip --set "$(sed -n 's/^new-set: //p' slip)"
	[ "$(entries | grep '"reissue"' | fields generation locked)" = \
	    '2 yes' ]
	"$quorate" log verify --rebuild >/dev/null
}

@test "the ledger's disk is full half way: nothing goes out" {
	[ "$(id -u)" -eq 0 ] || skip 'mounting takes root'
	mkdir small
	mount -t tmpfs -o size=400k none small || skip 'no mount here'
	cp "$ledger" small/l.db
	dd if=/dev/zero of=small/fill bs=1k 2>/dev/null || true
	run --separate-stderr reissue "$one" "$two" --ledger small/l.db
	umount small
	echo "$stderr"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *'no room is left'* ]]
	rmdir small
	no_cards
}

@test "the ledger fails at each of its entries: what isn't there isn't out" {
	strace -o /dev/null true || skip 'ptrace is not allowed here'
	cp "$ledger" full
	strace -e trace=fdatasync,fsync -o trace "$quorate" reissue db \
	    "$one" "$two" "${why[@]}" --format txt --output b
	at=$(grep -c sync trace)
	[ "$at" -gt 6 ]
	for n in $(seq 1 3 "$at"); do
		rm -rf b trace
		cp full "$ledger"
		rm -f "$ledger"-*
		run strace -o trace -e trace=none \
		    -e "inject=fsync,fdatasync:error=EIO:when=$n+" "$quorate" \
		    reissue db "$one" "$two" "${why[@]}" --format txt \
		    --output b
		echo "sync $n: status $status"
		if [ "$status" -eq 0 ]; then
			[ "$(ls b | wc -l)" = 3 ]
			continue
		fi
		[ "$status" -eq 3 ]
		if grep -q '"reissue"' <(entries); then
			[[ "$output" == *'on record all the same'* ]]
		else
			no_cards
		fi
		"$ledger_tool" agrees "$ledger"
		[ "$(opened "$one" "$three" 2>/dev/null)" = 'the secret' ]
	done
}

# A system call, and the how many-th of it: from before the first card is
# written to behind the entry that it is dealt.
@test "stopped by a signal it leaves all cards, on record, or none" {
	strace -o /dev/null true || skip "strace can't be used here"
	ended=()
	for at in mkdir:1 fsync:3 linkat:1 linkat:6 fsync:7 fdatasync:37 \
	    fdatasync:45; do
		for signal in INT:130 TERM:143 HUP:129; do
			rm -rf b
			before=$(entries | wc -l)
			run -"${signal#*:}" strace -o trace -e \
			    "inject=${at%:*}:signal=${signal%:*}:when=${at#*:}" \
			    "$quorate" reissue db "$one" "$two" "${why[@]}" \
			    --retired --format txt --output b -k 2 -n 6
			cards=$(find b -type f 2>/dev/null | wc -l)
			ended+=("$cards")
			[ "$cards" = "$(($(entries "$before" | fields event |
			    grep -c '^reissue$') * 6))" ]
			[ "$cards" -eq 6 ] || [ ! -e b ]
			"$ledger_tool" agrees "$ledger"
		done
	done
	echo "cards left: ${ended[*]}"
	[ "${ended[0]} ${ended[-1]}" = '0 6' ]
}

@test "a hook takes the new cards; where it fails none is said to hold" {
	make_hook
	cat >"$hooks/deliver" <<-'END'
		#!/bin/sh
		[ "$QUORATE_CARD" -lt 3 ] || exit 1
		cat >"delivered-$QUORATE_CARD"
	END
	chmod 755 "$hooks/deliver"
	run --separate-stderr "$quorate" reissue db "$one" "$two" "${why[@]}" \
	    --format txt --deliver "$hooks/deliver"
	[ "$status" -ne 0 ]
	[[ "$stderr" == *'no new cards were dealt: those of generation 1 are valid'* ]]
	[ "$(entries | grep '"deal-failed"' | fields incident | cut -c1-4)" = \
	    INC- ]
	[ "$(entries | grep '"close"' | fields detail)" = \
	    "not dealt again, exit $status" ]
	[ "$(state_of)" = burned ]
	[ "$(opened "$one" "$three")" = 'the secret' ]
}

@test "the old cards rotate it: their secret is the one that holds" {
	make_hook
	printf 'the secret' >"$target/password"
	reissue "$one" "$two"
	"$quorate" rotate db "$one" "$three" --hook "$hooks/hook" \
	    --format txt --output c 2>said
	grep -q "refuses the old one" said
	[ "$(state_of)" = rotated ]
	[ "$(rejoin --no-ledger c/*c[12]*.txt)" = "$(cat "$target/password")" ]
}
