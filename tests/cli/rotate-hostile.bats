#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A rotation among those who mean it ill: hooks that say yes to everything,
# targets that change late, credentials that stand in each other's way.

load common
load rotation

setup() {
	begin_rotation
	takes no yes >"$target/describe"
	deal_db
}

# plant NAME: a hook that says yes to everything, and keeps what it is told
plant() {
	cat >"$hooks/$1" <<-END
		#!/bin/sh
		[ "\$1" != describe ] || exec cat "$target/describe"
		echo "\$1 \$(cat <&3)" >>"$target/stolen"
		[ ! -e "$target/on-$1" ] || . "$target/on-$1"
	END
	chmod 755 "$hooks/$1"
}

# own NAME...: the inventory names their hook
own() {
	local name list=
	for name; do
		list="$list${list:+,}{\"name\": \"$name\",
		    \"account\": \"admin\", \"target\": \"host\",
		    \"hook\": \"$hooks/hook\"}"
	done
	printf '{"credentials": [%s]}' "$list" >roster.json
	"$quorate" import roster.json >/dev/null 2>&1
	rm roster.json
}

# burn NAME CARD...: somebody opens it
burn() {
	"$quorate" reconstruct "$1" "${@:2}" --reason down --ticket T-1 \
	    --requester ann --exec -- true 2>/dev/null
}

# three: aa, bb and cc, burned in that order; the inventory has their hook
three() {
	local n
	for n in aa bb cc; do
		printf old | deal $n $n -k 2 -n 3 2>/dev/null
	done
	own aa bb cc
	for n in aa bb cc; do
		burn $n $n/*c[12].txt
	done
}

rotate() {
	"$quorate" rotate db --hook "$hooks/${with:-hook}" --format txt \
	    --output "${out:-new}" "$@"
}

due() {
	faketime -f +30d "$quorate" rotate --due --format txt --output new \
	    "$@"
}

# The new cards, where they are, open what the target has by now.
opens_late() {
	for _ in $(seq 100); do
		[ "$(cat "$target/password")" = old ] || break
		sleep 0.1
	done
	[ "$(rejoin --no-ledger new/*c[12]*.txt)" = \
	    "$(cat "$target/password")" ]
}

@test "who says yes to everything proves nothing" {
	own db
	burn db "${old[@]}"
	plant yes
	with=yes rotate 2>said
	grep -q "unproven: .*isn't the inventory's" said
	grep -q '"db" is burned still' said
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	[ "$(cat "$target/password")" = old ]
}

@test "nor does another target or account than the inventory's" {
	own db
	burn db "${old[@]}"
	rotate --target elsewhere 2>said
	grep -q "unproven: .*isn't the inventory's" said
	out=two rotate --user nobody 2>said
	grep -q "unproven: .*isn't the inventory's" said
	[ "$(stands)" = "unproven 1:current 2:pending 3:pending" ]
	out=three rotate --user admin --target host
	[ "$(stands)" = "rotated 1:former 2:former 3:former 4:current" ]
}

@test "a rotation isn't settled by another hook, which sees nothing" {
	own db
	takes no no >"$target/describe"
	on verify 'exit 9'
	on apply 'exit 9'
	run -3 rotate
	plant leak
	for what in --abandon --resume --prove-old; do
		refuse 2 "is another than the inventory's" "$quorate" rotate \
		    db --hook "$hooks/leak" $what "${old[@]}" new/*c[12]*.txt
		refuse 2 "is another than the inventory's" "$quorate" rotate \
		    db --target away $what "${old[@]}" new/*c[12]*.txt
	done
	[ ! -e "$target/stolen" ]
	rm "$target"/on-*
	"$quorate" rotate db --resume "${old[@]}" new/*c[12]*.txt
	[ "$(stands)" = "dealt 1:former 2:current" ]
}

@test "another hook doesn't prove what is unproven" {
	own db
	takes no no >"$target/describe"
	rotate
	plant no
	echo '[ "$1" != verify ] || exit 1' >"$target/on-no"
	refuse 2 "is another than the inventory's" "$quorate" rotate db \
	    --hook "$hooks/no" --prove-old "${old[@]}"
	[ "$(stands)" = "unproven 1:current 2:pending" ]
}

@test "killed, and the target does it late: the new cards open it" {
	on apply 'cat <&3 >late; setsid sh -c "exec 8>&-; sleep 3
	    cp late password" >/dev/null 2>&1 </dev/null & sleep 60'
	run -3 rotate "${old[@]}" --hook-timeout 1s
	[[ "$output" == *"keep both sets"*"try the old cards first"* ]]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	opens_late
	"$quorate" rotate db --hook "$hooks/hook" --resume new/*c[12]*.txt \
	    "${old[@]}"
	[ "$(stands)" = "dealt 1:former 2:current" ]
}

@test "said to be set, and seen late: the new cards open it" {
	on apply 'cat <&3 >late; setsid sh -c "exec 8>&-; sleep 3
	    cp late password" >/dev/null 2>&1 </dev/null & exit 0'
	run -3 rotate "${old[@]}"
	[[ "$output" == *"may still be at it"* ]]
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	opens_late
}

@test "what can't be begun doesn't use up a limit" {
	three
	takes yes yes >"$target/needs"
	on describe 'case $QUORATE_NAME in
	    aa) exit 1;; bb) cat needs; exit;; esac'
	run -1 due --limit 1
	[[ "$output" == *'"aa": failed'*'"bb": in need'* ]]
	[ "$(stands cc)" = "rotated 1:former 2:current" ]
}

@test "where all cards are lost nothing was confirmed" {
	run -1 rotate --confirm all
	for card in 1 2 3; do
		"$quorate" lost db --card $card --generation 2 --reason fire ||
		    true
	done
	run -1 "$quorate" rotate db --hook "$hooks/hook" --resume \
	    --confirm all new/*c[12]*.txt
	[[ "$output" == *"too many of them are lost"* ]]
	[ "$(stands)" = "dealt 1:current 2:waiting" ]
}

@test "rotated by somebody else meanwhile: not once more" {
	three
	on apply '[ "$QUORATE_NAME" != aa ] || . ./meanwhile'
	cat >"$target/meanwhile" <<-END
		LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$XDG_CONFIG_HOME \
		    XDG_STATE_HOME=$XDG_STATE_HOME LOGNAME=tester \
		    "$quorate" rotate bb --format txt --output "$PWD/paper" \
		    >"$target/said" 2>&1
	END
	due 2>said || true
	cat said "$target/said"
	grep -q '"bb" was rotated meanwhile' said
	[ "$(stands bb)" = "rotated 1:former 2:current" ]
	[ "$(stands cc)" = "rotated 1:former 2:current" ]
}

@test "what a hook left behind, and keeps it locked, can be found" {
	on apply 'setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $! >pid'
	rotate
	run -3 rotate
	kill "$(cat "$target/pid")"
	[[ "$output" == *"$ledger-rotating, as fuser tells"* ]]
}

@test "a hook that nobody named sees nothing unnoticed by abandoning" {
	on verify 'exit 9'
	on apply 'exit 9'
	run -3 rotate "${old[@]}"
	[ "$(stands)" = "rotating 1:current 2:pending" ]
	rm "$target"/on-*
	rotate() { "$quorate" rotate db --hook "$hooks/hook" "$@"; }
	rotate --abandon "${old[@]}" 2>said
	grep -q "counts as an opening" said
	[ "$(stands)" = "burned 1:current 2:void" ]
}

@test "which hook is handed an old secret is on record before" {
	takes no no >"$target/describe"
	rotate
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	plant other
	# it can't even say: the secret was with it all the same
	echo 'kill -9 $PPID; exit 9' >"$target/on-other"
	before=$(entries | wc -l)
	run "$quorate" rotate db --hook "$hooks/other" --prove-old "${old[@]}"
	[ -s "$target/stolen" ]
	[ "$(entries "$before" | grep '"opened"' | fields detail)" = \
	    "to prove that it is refused; hook $hooks/other" ]
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	rm "$target/stolen"
	own db
	before=$(entries | wc -l)
	for what in --prove-old --abandon --resume; do
		refuse 2 "is another than the inventory's" "$quorate" rotate \
		    db --hook "$hooks/other" $what "${old[@]}"
	done
	[ "$(entries | wc -l)" = "$before" ]
	[ ! -e "$target/stolen" ]
}

@test "abandoning, over and over, locks no account out" {
	takes no yes 'wrong-logins = 3/1h' >"$target/describe"
	on verify 'exit 9'
	on apply 'cat <&3 >password; exit 9'
	run -3 rotate
	rm "$target"/on-*
	: >"$target/calls"
	for _ in 1 2 3 4; do
		run "$quorate" rotate db --abandon "${old[@]}" \
		    --hook "$hooks/hook"
		[ "$status" -ne 0 ]
	done
	[ "$(grep -c verify "$target/calls")" -eq 2 ]
}

@test "a clock behind the log hides nothing that is due" {
	three
	run -3 faketime -f -40d "$quorate" rotate --due --format txt \
	    --output new
	[[ "$output" == *"the clock is behind the log"* ]]
	due
}

@test "many targets that say later hold no more files than there may be" {
	local n list=
	for n in $(seq 30); do
		printf old | deal c$n c -k 2 -n 3 2>/dev/null
		list="$list,{\"name\": \"c$n\", \"hook\": \"$hooks/hook\"}"
	done
	printf '{"credentials": [%s]}' "${list#,}" >roster.json
	"$quorate" import roster.json >/dev/null 2>&1
	on apply 'exit 75'
	ulimit -Sn 72
	run -1 faketime -f +900d "$quorate" rotate --due --format txt \
	    --output new --retry-for 1s
	[[ "$output" == *"30 targets said later"* ]]
	[[ "$output" != *"apply: a helper program failed"* ]]
}

@test "a delivery that fails tells nobody what is on the card" {
	cat >"$hooks/deliver" <<-'END'
		#!/bin/sh
		[ "$QUORATE_CARD" != 2 ] || { cat >&2; exit 1; }
		cat >/dev/null
	END
	chmod 755 "$hooks/deliver"
	run -3 "$quorate" rotate db --hook "$hooks/hook" --deliver \
	    "$hooks/deliver" --format txt
	[[ "$output" == *"withheld"* ]]
	[[ "$output" != *QUO1S* ]]
}

@test "what was seen is proven dead itself, not by what came between" {
	takes no no >"$target/describe"
	# it takes two, as a cloud does
	printf old >"$target/first"
	on verify 'cat <&3 >tried; cmp -s tried password && exit 0
	    [ ! -e dead ] && cmp -s tried first && exit 0; exit 1'
	own db
	burn db "${old[@]}"
	rotate
	[ "$(stands)" = "unproven 1:current 2:pending" ]
	out=two rotate new/*c[12]*.txt 2>said
	grep -q "unproven: .*not all that the target may have" said
	[ "$(stands)" = "unproven 1:current 2:pending 3:pending" ]
	settle() { "$quorate" rotate db --prove-old "$@"; }
	run -1 settle new/*c[12]*.txt
	[[ "$output" == *"a quorum of generation 1"* ]]
	run -1 settle "${old[@]}" new/*c[12]*.txt
	[[ "$output" == *"still takes what generation 1"* ]]
	: >"$target/dead"
	settle "${old[@]}" new/*c[12]*.txt
	[ "$(stands)" = "rotated 1:former 2:former 3:current" ]
}
