#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate rotate that was stopped, or whose end is not known: --resume,
# --abandon, --prove-old, --confirm.

load common
load rotation

setup() {
	begin_rotation
	deal_db
}

# rotate OPTION...
rotate() {
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output \
	    "${out:-new}" "$@"
}

# settle OPTION...: what was begun
settle() {
	"$quorate" rotate db --hook "$hooks/hook" "$@"
}

describe() {
	takes "$@" >"$target/describe"
}

has() {
	cat "$target/password"
}

opens() {
	rejoin --no-ledger "$@"
}

# It dies where the hook is asked to do something: before it, or behind it
die() {
	if [ "$2" = before ]; then
		on "$1" 'kill -9 $PPID; exit 2'
	else
		on "$1" 'cat <&3 >password; kill -9 $PPID; exit 0'
	fi
	rotate "${old[@]}" 2>/dev/null || true
	# its hook may need a moment more
	sleep 0.2
	rm "$target/on-$1"
	new=(new/db-g2-c[12]*.txt)
}

@test "where nothing was begun there is nothing to settle" {
	refuse 1 'no rotation of "db" was begun and not ended' settle --resume
	[[ "$stderr" == *"quorate rotate db begins one"* ]]
	refuse 1 'no rotation of "db" is on its way' settle --abandon
	refuse 1 'there is nothing to prove: "db" is dealt' settle --prove-old \
	    "${old[@]}"
	refuse 1 '"web" is not in the ledger' "$quorate" rotate web --resume
	refuse 2 "NAME is missing" "$quorate" rotate "${old[@]}" --resume
	refuse 2 "--abandon" "$quorate" rotate db --resume --abandon
	[ "$(has)" = old ]
	run ! grep -qE '^(apply|verify)' "$target/calls"
}

@test "new cards wait until they are scanned; then it goes on" {
	run -1 rotate "${old[@]}" --confirm quorum
	[[ "$output" == *"a quorum of the new cards must be scanned first"* ]]
	[[ "$output" == *"not scanned yet: card 1 (cfo), card 2 (ciso), card 3 (cto)"* ]]
	[[ "$output" == *"quorate rotate db --resume CARD"* ]]
	[ "$(stands)" = "dealt 1:current 2:waiting" ]
	[ "$(has)" = old ]
	run ! grep -qE '^(apply|verify)' "$target/calls"
	# one of them alone doesn't do, and none is minted in their place
	refuse 1 "a quorum of generation 2" settle --resume --confirm quorum
	refuse 1 "a quorum of generation 2" settle --resume new/*c1*.txt \
	    --confirm quorum
	refuse 1 "not scanned yet: card 3" settle --resume new/*c[12]*.txt \
	    --confirm all
	[ "$(has)" = old ]
	# a card that was drilled by itself counts
	"$quorate" drill db new/*c3*.txt
	settle --resume new/*c[12]*.txt "${old[@]}" --confirm all 2>said
	grep -q "the new cards were scanned: all of them" said
	grep -q "refuses the old one" said
	[ "$(has)" = "$(opens new/*c[13]*.txt)" ]
	[ "$(stands)" = "dealt 1:former 2:current" ]
	[ "$(since event | tail -n 4)" = "$(printf '%s\n' opened opened \
	    rotate-start rotate-end)" ]
	since event verdict card | grep -q '^drill genuine 3$'
}

@test "the settings say which cards must be scanned" {
	echo 'confirm = most' >>"$settings"
	refuse 2 "confirm is rendered, quorum or all" rotate "${old[@]}"
	sed -i 's/^confirm = most/confirm = all/' "$settings"
	run -1 --separate-stderr rotate "${old[@]}" --json
	[[ "$stderr" == *"all of the new cards must be scanned first"* ]]
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["state"]')" = waiting ]
	[ "$(stands)" = "dealt 1:current 2:waiting" ]
	out=again run rotate "${old[@]}" --confirm rendered
	[ "$status" -eq 0 ]
	[[ "$output" == *"the cards of generation 2 are void"* ]]
	[ "$(stands)" = "dealt 1:former 2:void 3:current" ]
}

# What the cards were shown for: shown WORDS
shown() {
	[ "$(entries "$before" | grep '"present"' | fields detail |
	    sort -u)" = "$1" ]
	before=$(entries | wc -l)
}

@test "the log says what cards were shown for" {
	describe yes no
	before=$dealt
	die apply before
	shown "for rotation"
	run settle --resume "${new[@]}"
	shown "to resume a rotation"
	settle --abandon "${old[@]}" "${new[@]}"
	shown "to abandon a rotation"
	on verify 'cat <&3 >tried; cmp -s tried password && exit 0; exit 9'
	out=again rotate "${old[@]}"
	shown "for rotation"
	run settle --prove-old "${old[@]}"
	shown "to prove that it is refused"
}

@test "the log remembers which cards are to be scanned" {
	run -1 rotate "${old[@]}" --confirm all
	[ "$(since event criterion | grep redeal)" = "redeal all" ]
	run "$quorate" status db
	[[ "$output" == *"all of its cards to be scanned"* ]]
	# also the timer does
	run -1 faketime -f +400d "$quorate" rotate --due --confirm rendered
	[[ "$output" == *'"db": waiting: its new cards are to be scanned'* ]]
	# weaker than that isn't taken
	refuse 2 "--confirm quorum: its cards were dealt to be scanned: all" \
	    settle --resume new/*.txt --confirm quorum
	refuse 1 "not scanned yet: card 3" settle --resume new/*c[12]*.txt
	[ "$(has)" = old ]
	settle --resume new/*.txt "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current" ]
	# stronger is
	out=more run -1 rotate new/*c[12]*.txt --confirm quorum
	refuse 1 "not scanned yet: card 3" settle --resume more/*c[12]*.txt \
	    --confirm all
	settle --resume more/*c[12]*.txt new/*c[12]*.txt
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
	# what was meant once holds, whatever the settings say since
	out=last run rotate more/*c[12]*.txt --confirm all
	echo 'confirm = rendered' >>"$settings"
	refuse 1 "not scanned yet: card 3" settle --resume last/*c[12]*.txt
}

@test "killed before the target changed: both quorums settle it" {
	describe yes no
	die apply before
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	[ "$(has)" = old ]
	run -1 --separate-stderr settle --resume
	[[ "$stderr" == *"try generation 2, then generation 1"* ]]
	[[ "$stderr" == *"a quorum of generation 2"* ]]
	run -1 --separate-stderr settle --resume --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["state"], j["try"]')" = "('rotating', [2, 1])" ]
	# the hook wants the old secret, which the new cards don't open
	refuse 3 "the old cards are needed, too" settle --resume "${new[@]}"
	[[ "$stderr" == *"so try the old cards first"* ]]
	# which the ledger remembers
	run ! "$quorate" status db
	[[ "$output" == *"generation 1 first, then generation 2"* ]]
	run -1 --separate-stderr settle --resume
	[[ "$stderr" == *"try generation 1, then generation 2"* ]]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	settle --resume "${new[@]}" "${old[@]}" 2>said
	grep -q "refuses the old one" said
	[ "$(has)" = "$(opens "${new[@]}")" ]
	[ "$(stands)" = "dealt 1:former 2:current" ]
	since event detail | grep -q '^rotate-start resumed; old secret known'
}

@test "killed behind the change: it is found out and proven" {
	die apply behind
	[ "$(has)" = "$(opens "${new[@]}")" ]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	calls=$(grep -c ^apply "$target/calls")
	settle --resume "${new[@]}" --json >out.json 2>said
	[ "$(json out.json 'j["state"]')" = unproven ]
	[ "$(json out.json 'j["reason"]')" = \
	    "the old secret was not at hand" ]
	grep -q "rotate db --prove-old" said
	# it was not set again
	[ "$(grep -c ^apply "$target/calls")" = "$calls" ]
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	refuse 1 "takes the new secret already" settle --abandon
	settle --prove-old "${old[@]}" --json >out.json
	[ "$(json out.json 'j["state"]')" = proven ]
	[ "$(stands)" = "dealt 1:former 2:current" ]
	since event set outcome | tail -n 1 | grep -q proven
}

@test "without cards a new secret is minted, where the old isn't wanted" {
	die apply behind
	# the wrong cards, or too few, are no wish for others
	refuse 1 "a quorum of generation 2" settle --resume "${old[@]}"
	refuse 1 "a quorum of generation 2" settle --resume "${new[0]}"
	settle --resume --format txt --output third 2>said
	grep -q "a new secret is minted in its place" said
	[ "$(has)" = "$(opens third/db-g3-c[12]*.txt)" ]
	[ "$(stands)" = "unproven 1:current 2:pending 3:pending" ]
	# each that the target may have had must be refused
	run -1 settle --prove-old "${new[@]}"
	[[ "$output" == *"a quorum of generation 1"* ]]
	run -1 settle --prove-old "${new[0]}" "${old[0]}"
	[[ "$output" == *"a quorum of generation 2"* ]]
	[[ "$output" == *"a quorum of generation 1"* ]]
	settle --prove-old "${new[@]}" "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
}

@test "what waits is abandoned without asking anybody" {
	run rotate "${old[@]}" --confirm all
	settle --abandon
	[ "$(stands)" = "dealt 1:current 2:void" ]
	refuse 1 "is on its way" settle --abandon
	run -1 settle --resume new/*c[12]*.txt
	run -1 "$quorate" drill db new/*c1*.txt
	[ "$(has)" = old ]
}

@test "once the target was asked, only the old cards give it up" {
	die apply before
	refuse 1 "only the old cards can prove that it took nothing" \
	    settle --abandon
	refuse 1 "only the old cards" settle --abandon "${new[@]}"
	# it may hold several secrets: that it refuses the new one is shown
	refuse 1 "may hold more than one secret" settle --abandon "${old[@]}"
	settle --abandon "${old[@]}" "${new[@]}" 2>said
	grep -q "the target takes what generation 1 opens" said
	# a hook that nobody named has seen what the target takes
	[ "$(stands)" = "burned 1:current 2:void" ]
	[ "$(since outcome | tail -n 1)" = abandoned ]
	[ "$(opens "${old[@]}")" = "$(has)" ]
}

@test "what the target took isn't abandoned" {
	describe no yes
	die apply behind
	refuse 1 "the target refuses the old secret" settle --abandon \
	    "${old[@]}"
	[[ "$stderr" == *"--resume"* ]]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	echo both >"$target/password"
	on verify 'exit 0'
	describe no no
	refuse 1 "takes the secret of generation 2" settle --abandon \
	    "${old[@]}" "${new[@]}"
	[ "$(stands)" = "rotating 1:current 2:pending" ]
}

@test "what the target may take isn't forgotten by a reissue" {
	local why=(--reason disk --ticket none --requester ana)
	again() {
		"$quorate" reissue db "$@" "${why[@]}" --format txt --output b
	}
	describe no no
	on apply 'exit 2'
	run -3 rotate
	refuse 1 'a rotation is on its way' again new/*c[12]*.txt
	# nor where somebody opened what is on its way
	"$quorate" reconstruct db new/*c[12]*.txt "${why[@]}" --exec=stdin -- \
	    true
	[ "$(stands)" = "burned 1:current 2:pending" ]
	refuse 1 'a rotation is on its way' again new/*c[12]*.txt
	[[ "$stderr" == *"quorate rotate db --resume"* ]]
	rm "$target/on-apply"
	out=two rotate
	[ "$(stands)" = "unproven 1:current 2:pending 3:pending" ]
	refuse 1 'the target may take what other cards hold' again \
	    two/*c[12]*.txt --emergency 'no time'
	[[ "$stderr" == *"quorate rotate db --prove-old"* ]]
	[ "$(since event act | tail -n 1)" = 'refused reissue' ]
	# and it is shown, whoever opens it
	"$quorate" reconstruct db two/*c[12]*.txt "${why[@]}" --exec=stdin -- \
	    true
	run -1 "$quorate" status
	[[ "$output" == *"due   db: burned since"* ]]
	[[ "$output" == *"that the old secret is refused isn't proven"* ]]
	run ! "$ledger_tool" record "$ledger" event=reissue credential=db \
	    generation=4 cards=2 policy='2 of (a, b)' \
	    "set=$(printf 4%.0s $(seq 64))"
	[ ! -e b ]
}

@test "a proof leaves alone what waits" {
	describe no no
	rotate
	out=two rotate --confirm quorum || true
	[ "$(stands)" = "unproven 1:current 2:pending 3:waiting" ]
	settle --prove-old "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current 3:waiting" ]
	# it goes on, or is abandoned
	settle --resume two/*c[12]*.txt new/*c[12]*.txt --confirm quorum
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
	[ "$(opens two/*c[12]*.txt)" = "$(has)" ]
	out=three rotate
	out=four rotate --confirm quorum || true
	settle --abandon
	[ "$(stands)" = "unproven 1:former 2:former 3:current 4:pending 5:void" ]
	refuse 1 "takes the new secret already" settle --abandon
}

@test "the inventory's hook is its own, also while it isn't there" {
	echo '{"credentials": [{"name": "db", "hook": "'"$hooks/hook"'"}]}' \
	    >roster.json
	"$quorate" import roster.json >/dev/null 2>&1
	run -1 "$quorate" rotate db --confirm quorum --format txt --output new
	mv "$hooks/hook" "$hooks/away"
	refuse 3 'hook describe: no such file' "$quorate" rotate db --resume \
	    new/*c[12]*.txt --confirm quorum
	"$quorate" rotate db --abandon
	[ "$(stands)" = "dealt 1:current 2:void" ]
}

@test "dealt anew after it was retired it begins anew" {
	describe no no
	"$quorate" reconstruct db "${old[@]}" --reason disk --ticket none \
	    --requester ana --exec=stdin -- true
	rotate
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	"$quorate" retire db --reason gone
	printf anew | deal db again --policy '2 of (cfo, ciso, cto)' 2>/dev/null
	[ "$(stands)" = "dealt 1:former 2:former 3:current" ]
	run "$quorate" status
	[[ "$output" != *burned* ]]
	[[ "$output" != *"isn't proven"* ]]
	[[ "$output" == *"to be reviewed"* ]]
}

@test "an old secret that lives isn't proven dead" {
	on apply 'cat <&3 >>password; echo >>password; exit 0'
	on verify 'cat <&3 >tried; grep -qxF -f tried password; exit'
	echo old >"$target/password"
	run -1 rotate "${old[@]}"
	refuse 1 "still takes what generation 1 opens" settle --prove-old \
	    "${old[@]}"
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	refuse 1 "a quorum of generation 1" settle --prove-old new/*c[12]*.txt
	on verify 'exit 75'
	refuse 3 "the target could not be asked" settle --prove-old "${old[@]}"
	on verify 'cat <&3 >tried; grep -qxF -f tried password; exit'
	sed -i '/^old$/d' "$target/password"
	settle --prove-old "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current" ]
}

@test "of what stood there before the first cards nothing is proven" {
	describe no no
	"$quorate" rotate web --hook "$hooks/hook" --user admin --target host \
	    --policy '2 of (cfo, ciso, cto)' --format txt --output web
	[ "$(stands web)" = "unproven 1:pending" ]
	run -1 "$quorate" status web
	[ "${lines[0]}" = "web: unproven, generation 1" ]
	refuse 1 "no cards are known of what the target" "$quorate" rotate \
	    web --hook "$hooks/hook" --prove-old web/*c[12]*.txt
	[[ "$stderr" == *"rotate it once more, with cards of generation 1"* ]]
	"$quorate" rotate web --hook "$hooks/hook" --format txt --output web2 \
	    web/*c[12]*.txt
	[ "$(stands web)" = "dealt 1:former 2:current" ]
}

@test "a lock-out isn't provoked" {
	describe no no 'wrong-logins = 3/1h'
	on verify 'cat <&3 >tried; cmp -s tried password && exit; exit 1'
	rotate "${old[@]}" 2>said
	grep -q "refuses the old one" said
	[ "$(since event | grep -c probe)" = 1 ]
	out=two rotate new/*c[12]*.txt 2>said
	grep -q "refuses the old one" said
	tries=$(grep -c ^verify "$target/calls")
	# a third would lock the account out
	out=three rotate two/*c[12]*.txt 2>said
	grep -q "not tried: the target locks accounts out" said
	[ "$(($(grep -c ^verify "$target/calls") - tries))" = 1 ]
	[[ "$(stands)" == "unproven "* ]]
	refuse 3 "not tried" settle --prove-old two/*c[12]*.txt
	faketime -f +2h "$quorate" rotate db --hook "$hooks/hook" \
	    --prove-old two/*c[12]*.txt
	[[ "$(stands)" == "dealt "* ]]
	describe no no 'wrong-logins = 0'
	faketime -f +9h "$quorate" rotate db --hook "$hooks/hook" --format \
	    txt --output four three/*c[12]*.txt 2>said
	grep -q "not tried" said
}

@test "a target that says later is asked again" {
	on apply 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n
	    [ $n -ge 2 ] || exit 75'
	out=first run -1 rotate "${old[@]}"
	[ "$(cat "$target/n")" = 1 ]
	[[ "$(stands)" == "dealt 1:current 2:void" ]]
	[ ! -e first ]
	rotate "${old[@]}" --retry-for 20s 2>said
	grep -q "asked again in" said
	[[ "$(stands)" == "dealt 1:former 2:void 3:current" ]]
}

@test "where the hook couldn't be started to try it, resuming proves it" {
	on apply 'cat <&3 >password; mv "$0" "$0.away"; exit 0'
	run -1 rotate "${old[@]}"
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	[[ "$(since detail | tail -n 1)" == "the hook could not be started"* ]]
	mv "$hooks/hook.away" "$hooks/hook"
	rm "$target/on-apply"
	settle --resume new/*c[12]*.txt "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current" ]
}

@test "what can't be set now is set later, with the same cards" {
	run rotate "${old[@]}" --confirm quorum
	on apply 'exit 75'
	refuse 3 "can't take a new secret now" settle --resume new/*c[12]*.txt "${old[@]}"
	[[ "$stderr" == *"the new cards stay good: resume again"* ]]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	rm "$target/on-apply"
	settle --resume new/*c[12]*.txt "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current" ]
	[ "$(has)" = "$(opens new/*c[23]*.txt)" ]
}

@test "new cards that somebody opened leave it burned" {
	die apply behind
	"$quorate" reconstruct db "${new[@]}" --reason look --ticket T-1 \
	    --requester ann --exec -- true
	[[ "$(stands)" == "burned 1:current 2:pending" ]]
	settle --resume "${new[@]}" "${old[@]}" 2>said
	grep -q "somebody opened the new cards already" said
	grep -q '"db" is burned still' said
	[[ "$(stands)" == "burned 1:former 2:current" ]]
	out=three rotate "${new[@]}"
	[[ "$(stands)" == "rotated 1:former 2:former 3:current" ]]
}

@test "opening cards that only wait makes them void" {
	run rotate "${old[@]}" --confirm quorum
	refuse 1 "the target was never given what these cards open" \
	    "$quorate" reconstruct new/*c[12]*.txt --reason look --ticket T-1 \
	    --requester ann --exec -- true
	"$quorate" reconstruct db new/*c[12]*.txt --retired --reason look \
	    --ticket T-1 --requester ann --exec -- true
	[ "$(stands)" = "requested 1:current 2:void" ]
	run -1 settle --resume new/*c[12]*.txt
}

@test "with cards of both at hand the ones that hold are opened" {
	run rotate "${old[@]}" --confirm quorum
	"$quorate" reconstruct db "${old[@]}" new/*c[12]*.txt --reason look \
	    --ticket T-1 --requester ann --exec -- cp /dev/fd/3 got
	[ "$(cat got)" = old ]
}

@test "without a ledger the cards tell what was begun" {
	die apply before
	mv "$ledger" away
	refuse 2 "there is no ledger" settle --resume "${new[@]}" "${old[@]}"
	refuse 2 "no quorum is here" settle --resume --no-ledger new/*c1*.txt
	refuse 2 "no ledger to tell" settle --abandon --no-ledger "${old[@]}"
	settle --resume --no-ledger "${new[@]}" "${old[@]}" 2>said
	grep -q "refuses the old one" said
	[ "$(has)" = "$(opens "${new[@]}")" ]
	settle --prove-old --no-ledger "${old[@]}" 2>said
	grep -q "proven: the target refuses what generation 1 opens" said
	refuse 1 "still takes what generation 2" settle --prove-old \
	    --no-ledger "${new[@]}"
	mv away "$ledger"
}

@test "another hook than the inventory's counts as an opening" {
	printf '{"credentials": [{"name": "db", "hook": "%s"}]}' \
	    "$hooks/hook" >r.json
	"$quorate" import r.json
	rotate "${old[@]}"
	cp "$hooks/hook" "$hooks/other"
	"$quorate" rotate db --hook "$hooks/other" --format txt --output two \
	    new/*c[12]*.txt 2>said
	grep -q "is not the hook of the inventory: that counts as an opening" \
	    said
	grep -q "unproven: .*isn't the inventory's" said
	[[ "$(stands)" == "unproven 1:former 2:current 3:pending" ]]
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output three \
	    two/*c[12]*.txt 2>said
	run ! grep -q "counts as an opening" said
	# what it was handed is refused, too: by the hook of the inventory
	[[ "$(stands)" == "unproven "*" 4:pending" ]]
	settle --prove-old new/*c[12]*.txt two/*c[12]*.txt
	[[ "$(stands)" == "rotated "*" 4:current" ]]
	# where it changes nothing the credential stays burned
	cat >"$hooks/thief" <<-'END'
		#!/bin/sh
		[ "$1" = describe ] || exit 1
		printf '%s\n' 'alphabet = clear' 'length = 1-200' \
		    'needs-old = no' 'single-secret = no'
	END
	chmod 755 "$hooks/thief"
	run -1 "$quorate" rotate db --hook "$hooks/thief" --format txt \
	    --output four three/*c[12]*.txt
	[[ "$(stands)" == "burned "* ]]
	[[ "$output" == *"INC-"* ]]
}

@test "locked sets: a phrase belongs to a generation" {
	printf old | deal web w -k 2 -n 3 --lock --phrase-dir wp 2>/dev/null
	web() {
		"$quorate" rotate web --hook "$hooks/hook" --format txt \
		    --output wn --phrase-dir wnp "$@"
	}
	echo old >"$target/password"
	printf old >"$target/password"
	phrases=(--phrase-file 1=wp/web-g1-c1.phrase
	    --phrase-file 2=wp/web-g1-c2.phrase)
	run -1 web w/*c[12].txt "${phrases[@]}" --confirm quorum
	"$quorate" rotate web --hook "$hooks/hook" --resume \
	    w/*c[12].txt wn/*c[12].txt \
	    --phrase-file 1/1=wp/web-g1-c1.phrase \
	    --phrase-file 1/2=wp/web-g1-c2.phrase \
	    --phrase-file 2/1=wnp/web-g2-c1.phrase \
	    --phrase-file 2/2=wnp/web-g2-c2.phrase 2>said
	grep -q "refuses the old one" said
	refuse 2 "write SERIAL=FILE" web wn/*c[12].txt --phrase-file 2/x=f
}

@test "a hook that nobody named, and that refuses, has seen the secret" {
	on apply 'exit 1'
	run -1 rotate "${old[@]}"
	[[ "$output" == *"that counts as an opening"* ]]
	[ "$(stands)" = "burned 1:current 2:void" ]
	since event reason | grep -q "^open a hook that the inventory doesn't"
	rm "$target/on-apply"
	rotate "${old[@]}"
	[ "$(stands)" = "rotated 1:former 2:void 3:current" ]
}
