#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate rotate --due: unattended, all that is past its deadline or its age.

load common
load rotation

setup() {
	begin_rotation
	takes no yes >"$target/describe"
}

# make NAME...: each dealt, its hook in the inventory
make() {
	local name list=
	for name; do
		printf old | deal "$name" first -k 2 -n 3 2>/dev/null
		list="$list${list:+,}{\"name\": \"$name\", \"hook\": \"$hooks/hook\"}"
	done
	printf '{"credentials": [%s]}' "$list" >roster.json
	"$quorate" import roster.json >/dev/null
}

# Somebody opens it: burn NAME
burn() {
	"$quorate" reconstruct "$1" first/"$1"-g1-c[12]*.txt --reason down \
	    --ticket T-1 --requester ann --exec -- true 2>/dev/null
}

# due [FAKETIME] OPTION...
due() {
	local when=$1
	shift
	faketime -f "$when" "$quorate" rotate --due --format txt \
	    --output new "$@"
}

result() {
	json out.json "[c['result'] for c in j['credentials'] if c['name'] == '$1']"
}

@test "what doesn't go with --due is refused" {
	refuse 2 "--due takes no NAME" "$quorate" rotate db --due
	refuse 2 "from the ledger" "$quorate" rotate --due --hook "$hooks/hook"
	refuse 2 "from the ledger" "$quorate" rotate --due -k 2 -n 3
	refuse 2 "go with --due" "$quorate" rotate db --limit 3
	refuse 2 "NAME is missing" "$quorate" rotate
	refuse 2 "the ledger says what is due" "$quorate" rotate --due \
	    --no-ledger
	refuse 2 "no such file" "$quorate" rotate --due --deliver nowhere
	mv "$ledger" away
	refuse 2 "there is no ledger" "$quorate" rotate --due
	mv away "$ledger"
}

@test "where nothing is due nothing is done" {
	make db web
	burn web
	calls=$(cat "$target/calls" 2>/dev/null || true)
	due +1h --json >out.json
	[ "$(json out.json 'j["due"], j["credentials"]')" = "(0, [])" ]
	[ "$(due +1h --list)" = "" ]
	[ "$(cat "$target/calls" 2>/dev/null || true)" = "$calls" ]
	[ "$(stands web)" = "burned 1:current" ]
	[ ! -e new ]
}

@test "past the deadline or the age it is rotated, and proven" {
	make db web idle
	burn db
	run -1 due +5h --list
	[[ "$output" == "db"$'\t'"overdue"$'\t'2*Z ]]
	[ "${#lines[@]}" = 1 ]
	[ ! -e new ]
	due +5h --json >out.json 2>said
	[ "$(json out.json 'j["due"], j["proven"]')" = "(1, 1)" ]
	[ "$(result db)" = "['proven']" ]
	[ "$(stands db)" = "rotated 1:former 2:current" ]
	[ "$(stands web)" = "dealt 1:current" ]
	[ "$(rejoin --no-ledger new/db-g2-c[13].txt)" = \
	    "$(cat "$target/password")" ]
	due +366d --json >out.json
	[ "$(json out.json 'sorted(c["name"] for c in j["credentials"])')" = \
	    "['db', 'idle', 'web']" ]
	[ "$(json out.json 'j["proven"]')" = 3 ]
}

@test "lost cards but for one demand it, a stopped rotation too" {
	make db web
	"$quorate" lost db --card 1 --reason theft || true
	on apply 'kill -9 $PPID; sleep 0.2'
	"$quorate" rotate web first/web-*c[12].txt --format txt \
	    --output new 2>/dev/null || true
	rm "$target/on-apply"
	# as long as its hook runs, which it was to be, nobody else does
	while ! "$quorate" rotate web --abandon 2>&1 | grep -q "old cards"; do
		sleep 0.1
	done
	[ "$(stands web)" = "rotating 1:current 2:pending" ]
	due +16m --json >out.json
	[ "$(json out.json 'j["proven"]')" = 2 ]
	[ "$(stands db)" = "dealt 1:former 2:current" ]
	[ "$(stands web)" = "dealt 1:former 2:former 3:current" ]
}

@test "a limit takes what presses most" {
	make a b c
	burn b
	run -1 due +400d --limit 1 --json
	[ "$(stands b)" = "rotated 1:former 2:current" ]
	[ "$(stands a)" = "dealt 1:current" ]
	run -1 due +400d --limit 1
	[[ "$output" == *"1 is left for the next run"* ]]
	due +400d --limit 1
	[ "$(stands c)" = "dealt 1:former 2:current" ]
}

@test "what failed is tried later, and later still" {
	make db
	burn db
	on apply 'exit 1'
	run -1 --separate-stderr due +5h --json
	printf '%s' "$output" >out.json
	[ "$(result db)" = "['failed']" ]
	[ "$(json out.json 'j["credentials"][0]["reason"]')" = \
	    "the hook says that the target refused the new secret" ]
	calls=$(grep -c ^apply "$target/calls")
	run -1 due +5h
	[[ "$output" == *'"db": paused: failed 1 time; the next try is due'* ]]
	run -1 due +316m
	[ "$(grep -c ^apply "$target/calls")" = $((calls + 1)) ]
	# twice as long
	run -1 due +340m
	[[ "$output" == *"paused: failed 2 times"* ]]
	run -1 due +340m --again
	[ "$(grep -c ^apply "$target/calls")" = $((calls + 2)) ]
	rm "$target/on-apply"
	due +40h
	[[ "$(stands db)" == "rotated "*":current" ]]
	[ "$(ls new/*c1.txt)" = new/db-g5-c1.txt ]
}

@test "who says later is asked again with the same cards, behind the others" {
	make db web
	burn db
	burn web
	on apply '[ "$QUORATE_NAME" = web ] || { n=$(cat n 2>/dev/null)
	    echo $((n + 1)) >n; [ "$n" = 2 ] || [ "$n" = 3 ] || exit 75; }'
	due +5h --json >out.json 2>said
	[ "$(json out.json 'j["proven"]')" = 2 ]
	grep -q "1 target said later: asked again in" said
	[ "$(stands db)" = "rotated 1:former 2:current" ]
	grep ^apply "$target/calls" | head -n 2 | grep -q web
	# when its time is over nothing was changed
	on apply 'exit 75'
	run -1 --separate-stderr due +400d --retry-for 2s --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["failed"]')" = 2 ]
	[ "$(stands db)" = "rotated 1:former 2:current 3:void" ]
	[ "$(ls new/*c1.txt | wc -l)" = 2 ]
}

@test "what needs somebody is named, and not touched" {
	make db web old
	burn db
	burn web
	burn old
	on describe '[ "$QUORATE_NAME" != old ] || { printf "%s\n" \
	    "alphabet = clear" "length = 1-200" "needs-old = yes" \
	    "single-secret = no"; exit 0; }
	    [ "$QUORATE_NAME" != web ] || { printf "%s\n" \
	    "alphabet = clear" "length = 1-200" "needs-old = no" \
	    "single-secret = no"; exit 0; }'
	run -1 due +5h
	[[ "$output" == *'"old": in need of somebody: its hook wants the old secret: '*\
'quorate rotate old OLD-CARD...'* ]]
	[[ "$output" == *'"web": unproven'* ]]
	[ "$(stands db)" = "rotated 1:former 2:current" ]
	[ "$(stands old)" = "burned 1:current" ]
	[ "$(stands web)" = "unproven 1:current 2:pending" ]
	run -1 due +6h
	[[ "$output" == *'"web": in need of somebody: unproven: quorate '*\
'rotate web --prove-old OLD-CARD...'* ]]
	[ "$(stands web)" = "unproven 1:current 2:pending" ]
}

@test "a locked set is followed by a locked one, or by none" {
	make open
	printf old | deal db first -k 2 -n 3 --lock --phrase-dir p 2>/dev/null
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' \
	    "$hooks/hook" >roster.json
	"$quorate" import roster.json >/dev/null
	entries | grep '"event":"deal"' | fields credential locked |
		grep -qx 'db yes'
	entries | grep '"event":"deal"' | fields credential locked |
		grep -qx 'open -'
	rm -f "$target/calls"
	run -1 due +400d </dev/null
	[[ "$output" == *'"db": in need of somebody: its cards are locked: --phrase-dir'* ]]
	[ "$(stands db)" = "dealt 1:current" ]
	[ "$(stands open)" = "dealt 1:former 2:current" ]
	run ! grep -q ' db ' "$target/calls"
	# a place for phrases is for those that are locked
	due +800d --phrase-dir p </dev/null
	[ "$(stands db)" = "dealt 1:former 2:current" ]
	[ "$(stands open)" = "dealt 1:former 2:former 3:current" ]
	entries | grep '"event":"redeal"' | fields credential generation \
	    locked | sort -u | xargs -n 3 >dealt
	[ "$(cat dealt | xargs)" = 'db 2 yes open 2 - open 3 -' ]
	[ "$(ls p/*db-g2* | wc -l)" = 3 ]
	run ! ls p/*open*
	# unless somebody says so
	due +1200d --no-lock </dev/null
	[ "$(entries | grep '"event":"redeal"' | grep '"db"' | tail -n 1 |
		fields generation locked)" = '3 -' ]
	"$quorate" log verify --rebuild >/dev/null
}

@test "cards that must be scanned are dealt once" {
	make db
	burn db
	run -1 due +5h --confirm all
	[[ "$output" == *'"db": waiting'* ]]
	[ "$(stands db)" = "burned 1:current 2:waiting" ]
	run -1 due +9h --confirm all
	[[ "$output" == *"its new cards are to be scanned"* ]]
	[ "$(stands db)" = "burned 1:current 2:waiting" ]
	"$quorate" rotate db --resume new/*c[123].txt --confirm all
	[ "$(stands db)" = "rotated 1:former 2:current" ]
}

@test "one run at a time" {
	make db
	burn db
	on apply 'touch asked; while [ ! -e go ]; do sleep 0.1; done'
	due +5h &
	while [ ! -e "$target/asked" ]; do sleep 0.1; done
	refuse 3 "what is due is being rotated by another process" due +5h
	# by hand neither
	refuse 3 '"db" is being rotated by another process' "$quorate" rotate \
	    db -k 2 -n 3
	touch "$target/go"
	wait $!
	[ "$(stands db)" = "rotated 1:former 2:current" ]
}

@test "told to stop, it ends what it began and leaves the rest" {
	make a b c
	on apply 'kill -TERM $PPID'
	for name in a b c; do
		"$quorate" lost $name --card 1 --reason theft 2>/dev/null || true
	done
	run -143 "$quorate" rotate --due --format txt --output new
	[[ "$output" == *"2 are left for the next run"* ]]
	[ "$(stands a)" = "dealt 1:former 2:current" ]
	[ "$(stands b)" = "dealt 1:current" ]
	[ "$(stands c)" = "dealt 1:current" ]
}

@test "of a thousand, 50 of which fail, those are named and no other" {
	rm "$ledger"
	"${ledger_tool%/ledger-tool}/fill-ledger" "$ledger" 1000
	/usr/bin/python3 - "$hooks/hook" >roster.json <<-'END'
		import json, sys
		print(json.dumps({"credentials": [
		    {"name": "cred-%06d" % i, "hook": sys.argv[1]}
		    for i in range(1000)]}))
	END
	"$quorate" import roster.json >/dev/null
	cat >"$hooks/hook" <<-END
		#!/bin/sh
		cd "$target"
		case \$1:\$QUORATE_NAME in
		describe:*) exec cat describe ;;
		apply:*05) exit 1 ;;
		apply:*25) exit 75 ;;
		apply:*45) exit 9 ;;
		apply:*65) kill -9 \$\$ ;;
		apply:*85) exec sleep 30 ;;
		apply:*) cat <&3 >"\$QUORATE_NAME" ;;
		verify:*) exec cmp -s - "\$QUORATE_NAME" <&3 ;;
		esac
	END
	run -1 --separate-stderr due +400d --hook-timeout 1s --retry-for 5s \
	    -q --json
	printf '%s' "$output" >out.json
	/usr/bin/python3 - "$target" <<-'END'
		import glob, json, os, sys
		said = json.load(open("out.json"))
		failed = {c["name"] for c in said["credentials"]
		          if c["result"] != "proven"}
		due = {c["name"] for c in said["credentials"]}
		want = {n for n in due if n[-2:] in ("05", "25", "45", "65", "85")}
		assert failed == want, failed ^ want
		assert len(want) == 50 and len(due) >= 990, (len(want), len(due))
		assert said["proven"] == len(due) - 50
		assert all(c["reason"] for c in said["credentials"]
		           if c["name"] in failed)
		have = {os.path.basename(p) for p in
		        glob.glob(sys.argv[1] + "/cred-*")}
		assert have == due - want
	END
	for name in cred-000001 cred-000777; do
		[ "$(rejoin --no-ledger new/$name-*c[13]-*.txt)" = \
		    "$(cat "$target/$name")" ]
	done
}

@test "who has left is followed by somebody's word alone" {
	printf old | deal db first --policy '2 of (cfo, ciso, cto)' \
	    2>/dev/null
	for who in cfo ciso cto; do
		"$quorate" person add "$who" --role custodian
	done
	"$quorate" person add ann --role requester
	"$quorate" person retire cto 2>/dev/null
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' \
	    "$hooks/hook" >roster.json
	"$quorate" import roster.json >/dev/null 2>&1
	burn db
	run -1 due +5h --json
	[[ "$output" == *'"result": "needs"'* ]]
	[[ "$output" == *'cto retired: quorate rotate db --policy POLICY'* ]]
	[ "$(stands db)" = "burned 1:current" ]
	run -1 "$quorate" status
	[[ "$output" == *"quorate rotate db CARD... --policy POLICY"* ]]
	[ ! -e new ]
}

@test "what is unproven is rotated where that proves it" {
	make db
	burn db
	takes no no >"$target/describe"
	run -1 due +5h
	[ "$(stands db)" = "unproven 1:current 2:pending" ]
	takes no yes >"$target/describe"
	due +6h
	[ "$(stands db)" = "rotated 1:former 2:former 3:current" ]
	entries | tail -n 1 | fields event detail | grep -q \
	    "^rotate-end its hook says that the target holds a single secret"
}

# What there is of rotations that never began
fails() {
	entries | grep '"rotate-failed"' | fields credential reason detail
}

@test "what fails before it begins is on record, told, and tried later" {
	make db
	burn db
	mkdir -m 755 "$hooks/alerts"
	printf '#!/bin/sh\ncat >>"%s/told"\n' "$target" >"$hooks/alerts/told"
	chmod 755 "$hooks/alerts/told"
	echo "hooks = $hooks/alerts" >>"$settings"
	on describe 'echo "the password is tiger" >&2; exit 1'
	run -1 --separate-stderr due +5h --json
	printf '%s' "$output" >out.json
	[ "$(result db)" = "['failed']" ]
	[ "$(fails)" = "db describe: a helper program failed hook $hooks/hook" ]
	grep -q '"event": *"rotate-failed"' "$target/told"
	# what a hook says isn't for the log
	[[ "$(entries)" != *tiger* ]]
	[ "$(stands db)" = "burned 1:current" ]
	# not before its time, and not on record then
	before=$(entries | wc -l)
	calls=$(wc -l <"$target/calls")
	run -1 due +5h
	[[ "$output" == *'"db": paused: failed 1 time; the next try is due'* ]]
	[ "$(wc -l <"$target/calls")" = "$calls" ]
	[ "$(entries | wc -l)" = "$before" ]
	# twice as long, then
	run -1 due +316m
	[ "$(fails | wc -l)" = 2 ]
	run -1 due +340m
	[[ "$output" == *"paused: failed 2 times"* ]]
	[ "$(fails | wc -l)" = 2 ]
	run faketime -f +340m "$quorate" status db
	[[ "$output" == *"2 times"*"describe: a helper program failed"* ]]
	[[ "$output" == *"next try"*"by rotate --due: "*", in "* ]]
	rm "$target/on-describe"
	due +40h
	[ "$(stands db)" = "rotated 1:former 2:current" ]
	"$quorate" log verify --rebuild >/dev/null
}

@test "whatever keeps it from beginning is one entry a try" {
	make gone impossible left
	for name in gone impossible left; do
		burn $name
	done
	cp "$hooks/hook" "$hooks/away"
	printf '{"credentials": [{"name": "gone", "hook": "%s"}]}' \
	    "$hooks/away" >roster.json
	"$quorate" import roster.json >/dev/null
	rm "$hooks/away"
	on describe '[ "$QUORATE_NAME" != impossible ] || { printf "%s\n" \
	    "alphabet = digits" "length = 1-12" "needs-old = no" \
	    "single-secret = yes"; exit 0; }
	    [ "$QUORATE_NAME" != left ] || exit 75'
	before=$(entries | wc -l)
	run -1 due +5h
	[ "$(entries "$before" | fields event | sort | uniq -c |
		xargs)" = "3 rotate-failed" ]
	fails | grep -qx "gone describe: no such file hook $hooks/away"
	fails | grep -q "^impossible what the target takes gives less than 128"
	fails | grep -q "^left describe: it can't be done now: try again later"
	run -1 due +5h
	[ "$(grep -c ': paused: failed 1 time' <<<"$output")" = 3 ]
	# a custodian who left is refused by the rules: that is the entry
	rm "$target/on-describe"
	printf left | deal who w --policy '2 of (cfo, ciso, cto)' 2>/dev/null
	cat >roster.json <<-END
		{"people": [{"handle": "cfo", "roles": ["custodian"]},
		    {"handle": "ciso", "roles": ["custodian"]}],
		 "credentials": [{"name": "who", "hook": "$hooks/hook"}]}
	END
	"$quorate" import roster.json >/dev/null
	before=$(entries | wc -l)
	run -1 due +400d
	[ "$(entries "$before" | grep '"who"' | fields event act outcome)" = \
	    "refused redeal failed" ]
	run -1 due +400d
	[[ "$output" == *'"who": paused: failed 1 time'* ]]
	[ "$(entries "$before" | grep -c '"who"')" = 1 ]
	"$quorate" log verify --rebuild >/dev/null
}

@test "cards that nothing can deliver: on record, once a try" {
	make db
	before=$(entries | wc -l)
	run -2 due +1h --deliver nowhere
	[ "$(entries | wc -l)" = "$before" ]
	burn db
	before=$(entries | wc -l)
	for _ in 1 2; do
		run -2 faketime -f +5h "$quorate" rotate --due \
		    --deliver nowhere
		[ "$(entries "$before" | fields event credential reason)" = \
		    "rotate-failed db --deliver nowhere: no such file" ]
	done
	[[ "$output" == *"paused"* ]]
}

# What is killed leaves its hook for a moment, which holds the lock:
# paused FAKETIME TIMES OPTION...
paused() {
	local when=$1 times=$2
	shift 2
	while run faketime -f "$when" "$quorate" rotate --due "$@" &&
	    [[ "$output" == *"by another process"* ]]; do
		sleep 0.1
	done
	[ "$status" = 1 ]
	[[ "$output" == *"paused: failed $times; the next try is due"* ]]
}

@test "what is killed while the target is asked is tried later, too" {
	make db
	burn db
	on apply 'kill -9 $PPID; exit 2'
	run ! due +5h
	paused +301m "1 time" --format txt --output new
	[ "$(stands db)" = "rotating 1:current 2:pending" ]
	run faketime -f +301m "$quorate" status db
	[[ "$output" == *"rotate --due waits until 2"* ]]
	[[ "$output" == *"next try"*"by rotate --due: 2"*", in 1"* ]]
	# twice as long, then
	run ! due +316m
	paused +340m "2 times" --format txt --output new
	[ "$(stands db)" = "rotating 1:current 2:pending 3:pending" ]
	rm "$target/on-apply"
	due +347m
	[ "$(stands db)" = "rotated 1:former 2:former 3:former 4:current" ]
}

@test "what is killed while it delivers is tried later, too" {
	local deliver="$hooks/deliver"
	make db
	burn db
	printf '#!/bin/sh\ncat >/dev/null\nkill -9 $PPID\n' >"$deliver"
	chmod 755 "$deliver"
	run ! faketime -f +5h "$quorate" rotate --due --deliver "$deliver"
	paused +301m "1 time" --deliver "$deliver"
	run faketime -f +301m "$quorate" status db
	[[ "$output" == *"rotate --due waits until 2"* ]]
	run ! faketime -f +317m "$quorate" rotate --due --deliver "$deliver"
	paused +318m "2 times" --deliver "$deliver"
	due +349m
	[ "$(stands db)" = "rotated 1:former 4:current" ]
}

@test "a slip of somebody's command line keeps the timer from nothing" {
	make db
	burn db
	"$quorate" person add cto --role custodian
	before=$(entries | wc -l)
	printf '#!/bin/sh\nexit 1\n' >"$hooks/bad"
	chmod 755 "$hooks/bad"
	run -3 faketime -f +5h "$quorate" rotate db --hook "$hooks/bad"
	[ "$(entries | wc -l)" = "$before" ]
	run ! faketime -f +5h "$quorate" rotate db \
	    --policy '2 of (nobody, cto)' --format txt --output new
	[ "$(entries "$before" | fields event act outcome)" = \
	    "refused redeal -" ]
	due +5h
	[ "$(stands db)" = "rotated 1:former 2:current" ]
}

@test "without a hook it needs somebody" {
	printf old | deal db first -k 2 -n 3 2>/dev/null
	burn db
	before=$(entries | wc -l)
	run -1 due +5h
	[[ "$output" == *'"db": in need of somebody: the inventory names no '*\
'hook: quorate rotate db --hook EXE'* ]]
	[ "$(entries | wc -l)" = "$before" ]
}
