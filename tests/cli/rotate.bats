#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate rotate against a target of files: whatever its hook does, a quorum
# of some cards opens what the target accepts, and it is said which.

load common

setup() {
	begin
	make_hook
	printf old | deal db a --names --policy '2 of (cfo, ciso, cto)' \
	    --user admin --target host --note 'the note' 2>/dev/null
	one=a/db-g1-c1-cfo.txt two=a/db-g1-c2-ciso.txt three=a/db-g1-c3-cto.txt
}

teardown() {
	no_terminal
	remove_hook
}

# rotate OPTION...: with two of the old cards
rotate() {
	"$quorate" rotate db "$one" "$two" --hook "$hooks/hook" --format txt \
	    --output new "$@"
}

# The hook does this before anything else, when called for a verb.
on() {
	printf '%s\n' "$2" >"$target/on-$1"
}

# what_opens CARD...: the target accepts what they open
accepted() {
	[ "$(rejoin "$@")" = "$(cat "$target/password")" ]
}

# kept STATUS WORDS: it failed, the old cards are valid and said to be, and
# the new ones are gone
kept() {
	before=$(listing)
	run --separate-stderr rotate "${@:3}"
	echo "status $status, want $1; said: $stderr"
	[ "$status" -eq "$1" ]
	[[ "$stderr" == *"$2"* ]]
	[[ "$stderr" == *"old cards"*"valid"* ]]
	[ "$(listing)" = "$before" ]
	[ "$(cat "$target/password")" = old ]
	accepted "$one" "$three"
}

# unsure WORDS: it may have changed late what it hadn't by now: both sets stay
unsure() {
	run --separate-stderr rotate "${@:2}"
	echo "status $status; said: $stderr"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"$1"*"may still be at it"* ]]
	[[ "$stderr" == *"keep both sets"*"try the old cards first"* ]]
	[ "$(cat "$target/password")" = old ]
	accepted "$one" "$three"
	[ -e new/db-g2-c1-cfo.txt ]
	rm -r new
}

@test "a forged set doesn't come in place of the one that is meant" {
	printf evil | deal db evil --policy '1 of (x, y)' --allow-single
	forged=evil/db-g1-c1-x.txt
	refuse 1 "cards of another set are here" "$quorate" rotate db "$one" \
	    "$forged" --hook "$hooks/hook" --format txt --output new
	[[ "$stderr" == *"any 1 of 2 cards"* ]]
	refuse 2 "one person alone could open" "$quorate" rotate db \
	    "$forged" --hook "$hooks/hook" --format txt --output new
	[ "$(cat "$target/password")" = old ]
}

@test "misuse" {
	refuse 2 "--hook is missing" "$quorate" rotate db "$one" "$two"
	refuse 2 "NAME" "$quorate" rotate --hook "$hooks/hook"
	refuse 2 "NAME is missing" "$quorate" rotate "$one" \
	    --hook "$hooks/hook" -k 2 -n 3
	refuse 2 "who holds the new cards" "$quorate" rotate db \
	    --hook "$hooks/hook"
	refuse 2 "no such file" "$quorate" rotate db "$one" nothing \
	    --hook "$hooks/hook"
	refuse 2 "no such file" "$quorate" rotate db "$one" "$two" \
	    --hook "$hooks/nothing"
	refuse 2 "--generation" rotate --generation 7
	refuse 2 "--policy" rotate -k 2 --policy '2 of (a, b)'
	refuse 2 "go together" rotate -k 2
	refuse 2 "--lock is missing" rotate --phrase-dir p
	refuse 2 "--user is no" "$quorate" rotate db --hook "$hooks/hook" \
	    -k 2 -n 3 --user $'a\nb'
	[ ! -e "$target/calls" ] || run ! grep -q apply "$target/calls"
}

@test "a hook that others could change isn't run" {
	chmod 777 "$hooks/hook"
	refuse 2 "$hooks/hook" rotate
	[ ! -e "$target/calls" ]
}

@test "new in, old out, proven" {
	rotate >out 2>said
	grep -q 'takes the new secret, and refuses the old one' said
	accepted new/db-g2-c1-cfo.txt new/db-g2-c3-cto.txt
	[ "$(cat "$target/password")" != old ]
	[ "$(rejoin "$one" "$two")" = old ]
	run -1 rejoin "$one" new/db-g2-c2-ciso.txt
	grep -q '^apply db admin host 2$' "$target/calls"
	"$quorate" reconstruct new/*.txt --json --exec -- true >out 2>said
	[ "$(json out 'j["name"], j["user"], j["target"], j["note"]')" = \
	    "('db', 'admin', 'host', 'the note')" ]
	[ "$(json out 'j["sets"][0]["generation"]')" = 2 ]
	# once more, from the new ones
	"$quorate" rotate new/db-g2-c1*.txt db new/db-g2-c2*.txt \
	    --hook "$hooks/hook" --format txt --output third
	accepted third/db-g3-c2*.txt third/db-g3-c3*.txt
}

@test "what the new dealing takes from the old one, and from options" {
	rotate --policy '1 of (x, y)' --allow-single --user root \
	    --target web --note other 2>said
	grep -q '^apply db root web 2$' "$target/calls"
	"$quorate" reconstruct new/db-g2-c2-y.txt --json --exec -- true >out
	[ "$(json out 'j["user"], j["target"], j["note"]')" = \
	    "('root', 'web', 'other')" ]
}

@test "fewer than a quorum: nothing is asked of the target" {
	run -1 --separate-stderr "$quorate" rotate db "$one" \
	    --hook "$hooks/hook" --output new </dev/null
	[[ "$stderr" == *"1 more needed"* ]]
	[ ! -e new ]
	run ! grep -E 'apply|verify' "$target/calls"
}

@test "cards of another NAME: nothing is asked of the target" {
	run -1 --separate-stderr "$quorate" rotate web "$one" "$two" \
	    --hook "$hooks/hook" --output new
	[[ "$stderr" == *'open "db", not "web"'* ]]
	[ ! -e new ]
	run ! grep -E 'apply|verify' "$target/calls"
}

@test "without old cards: unproven, or proven where the target holds one" {
	"$quorate" rotate web -k 2 -n 3 --hook "$hooks/hook" --user u \
	    --format txt --output new --json >out 2>said
	[ "$(json out 'j["state"], j["old_known"]')" = "('unproven', False)" ]
	grep -q 'unproven: whether it refuses the old one is not known' said
	accepted new/web-g1-c1.txt new/web-g1-c3.txt
	printf '%s\n' 'alphabet = clear' 'length = 1-200' 'needs-old = no' \
	    'single-secret = yes' >"$target/describe"
	"$quorate" rotate web -k 2 -n 3 --hook "$hooks/hook" --user u \
	    --generation 5 --format txt --output single --json >out
	[ "$(json out 'j["state"], j["generation"]')" = "('proven', 5)" ]
}

@test "apply refuses: the old cards are valid" {
	on apply 'echo "too simple" >&2; exit 1'
	kept 1 "the target refused the new secret"
	[[ "$stderr" == *"too simple"* ]]
	[[ "$stderr" == *"new cards were taken back"* ]]
	[[ "${stderr_lines[-1]}" == "quorate: hint: when the cause is "*": \
quorate rotate db CARD..., with the same cards" ]]
}

@test "apply asks to come later: the old cards are valid" {
	on apply 'exit 75'
	kept 1 "try again later"
	[[ "${stderr_lines[-1]}" == *"--retry-for 10m: quorate rotate db "* ]]
}

@test "apply crashes, and nothing is seen of it: both sets are kept" {
	on apply 'kill -SEGV $$'
	unsure ""
	on apply 'exit 9'
	unsure ""
}

@test "apply takes too long: both sets are kept" {
	on apply 'sleep 60'
	unsure "took too long" --hook-timeout 1s
}

@test "apply says that it did, and nothing is seen of it: both are kept" {
	on apply 'exit 0'
	unsure ""
}

@test "apply crashes after it did: rotated all the same" {
	on apply 'cat <&3 >password; kill -9 $$'
	rotate 2>said
	grep -q 'refuses the old one' said
	accepted new/db-g2-c1*.txt new/db-g2-c2*.txt
}

@test "verify answers nothing: both sets are kept, which first is said" {
	for answer in 'exit 75' 'exit 9' 'kill -9 $$' 'sleep 60'; do
		printf old >"$target/password"
		on verify "$answer"
		run --separate-stderr rotate --hook-timeout 1s
		echo "$answer: $status: $stderr"
		case $answer in
		*9) [[ "$status:$stderr" == 1:*"no login could try it"* ]] ;;
		sleep*) [[ "$stderr" == *"hook verify: "*"took too long"* ]] ;;&
		*) [ "$status" -eq 3 ] ;;
		esac
		[[ "$stderr" == *"keep both sets; try generation 2 first"* ]]
		accepted new/db-g2-c1*.txt new/db-g2-c2*.txt
		rm -r new
	done
}

@test "a hook that can't be started to try it is told as that" {
	on apply 'cat <&3 >password; mv "$0" "$0.away"; exit 0'
	run -1 --separate-stderr rotate --json
	printf %s "$output" >out
	[[ "$stderr" == *"the hook could not be started to try it: no such file"* ]]
	[[ "$stderr" == *"Mend the hook, then quorate rotate db --resume"* ]]
	[ "$(json out 'j["state"], j["reason"]')" = "('unproven', 'the hook "\
"could not be started to try it: no such file')" ]
	mv "$hooks/hook.away" "$hooks/hook"
	# nor by what is to run it
	on apply 'cat <&3 >password; echo "#!/nowhere" >"$0.new"
	    chmod 755 "$0.new"; mv "$0" "$0.away"; mv "$0.new" "$0"; exit 0'
	printf old >"$target/password"
	run -1 --separate-stderr "$quorate" rotate db "$one" "$two" --hook \
	    "$hooks/hook" --format txt --output again
	[[ "$stderr" == *"started to try it: No such file or directory"* ]]
	[[ "$stderr" != *"no login could try it"* ]]
}

@test "neither is accepted: both sets are kept" {
	on apply 'echo garbage >password; exit 0'
	run --separate-stderr rotate --json
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"try the old cards first"* ]]
	[ -e new/db-g2-c1-cfo.txt ]
	printf %s "$output" >out
	[ "$(json out 'j["state"]')" = unknown ]
}

@test "old and new are accepted: said, exit 1, both sets are kept" {
	on apply 'cat <&3 >password; cat password >new-one; exit 0'
	on verify 'exit 0'
	run --separate-stderr rotate --json
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"still the old one"* ]]
	printf %s "$output" >out
	[ "$(json out 'j["state"]')" = "old still accepted" ]
	accepted new/db-g2-c1*.txt new/db-g2-c2*.txt
}

@test "of the old one nothing is known: unproven" {
	on verify 'cat <&3 >tried; cmp -s tried password && exit 0; exit 9'
	rotate --json >out 2>said
	[ "$(json out 'j["state"]')" = unproven ]
	grep -q 'unproven' said
}

@test "describe fails, or talks nonsense: nothing was changed" {
	for answer in 'exit 1' 'echo nonsense; exit 0' 'kill -9 $$' \
	    'yes; exit 0' 'sleep 60'; do
		on describe "$answer"
		refuse 3 "describe" rotate --hook-timeout 1s
		[[ "$stderr" == *"nothing was changed"* ]]
	done
	run ! grep -E 'apply|verify' "$target/calls"
}

@test "the secret is what the target takes" {
	printf '%s\n' 'alphabet = digits' 'length = 1-12' 'needs-old = no' \
	    'single-secret = no' >"$target/describe"
	refuse 3 "what the target takes gives less than 128 bits" rotate
	printf '%s\n' 'alphabet = hex' 'length = 40-40' 'needs-old = no' \
	    'single-secret = no' >"$target/describe"
	rotate
	[[ "$(cat "$target/password")" =~ ^[0-9a-f]{40}$ ]]
}

@test "a hook that needs the old secret gets it, or nothing is done" {
	printf '%s\n' 'alphabet = clear' 'length = 1-200' 'needs-old = yes' \
	    'single-secret = no' >"$target/describe"
	refuse 2 "needs the old secret" "$quorate" rotate db -k 2 -n 3 \
	    --hook "$hooks/hook" --format txt --output new
	on apply 'cat <&4 >given; cmp -s given password || exit 1'
	rotate
	[ "$(cat "$target/given")" = old ]
	accepted new/db-g2-c1*.txt new/db-g2-c2*.txt
}

@test "a hook gets a clean environment and no other descriptor" {
	on apply 'env | sort >env; ls /proc/self/fd >fds; tty >tty'
	CANARY=1 rotate 9>nine
	run ! grep -q CANARY "$target/env"
	[ "$(grep -c '^QUORATE_' "$target/env")" -eq 5 ]
	run ! grep -qx 9 "$target/fds"
}

@test "a locked set is followed by a locked one" {
	printf old | deal db l -k 2 -n 2 --lock --phrase-dir p 2>/dev/null
	local cards=(l/db-g1-c1.txt l/db-g1-c2.txt
	    --phrase-file 1=p/db-g1-c1.phrase --phrase-file 2=p/db-g1-c2.phrase)
	refuse 2 "nobody is at the terminal to be shown" "$quorate" rotate db \
	    "${cards[@]}" --hook "$hooks/hook" --format txt --output new \
	    </dev/null
	"$quorate" rotate db "${cards[@]}" --hook "$hooks/hook" --format txt \
	    --output new --phrase-dir p
	run -1 rejoin new/*.txt
	accepted new/*.txt --phrase-file 1=p/db-g2-c1.phrase \
	    --phrase-file 2=p/db-g2-c2.phrase
	printf old >"$target/password"
	"$quorate" rotate db "${cards[@]}" --hook "$hooks/hook" --format txt \
	    --output open --no-lock
	accepted open/*.txt
}

@test "phrases of a rotation that failed are taken back" {
	on apply 'exit 1'
	kept 1 "refused" --lock --phrase-dir p
	[ ! -e p ]
}

@test "an output that can't be written: nothing is asked of the target" {
	mkdir new
	echo mine >new/db-g2-c2-ciso.txt
	kept 2 "the file exists already"
	run ! grep -E 'apply|verify' "$target/calls"
}

@test "--deliver: each card to the hook, before anything is applied" {
	mkdir "$target/got"
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >"$target/got/\$QUORATE_FILE"
		cp "$target/password" "$target/at-\$QUORATE_CARD"
	END
	chmod 755 "$hooks/deliver"
	"$quorate" rotate db "$one" "$two" --hook "$hooks/hook" --format txt \
	    --deliver "$hooks/deliver"
	[ "$(cat "$target/at-3")" = old ]
	accepted "$target"/got/*c1* "$target"/got/*c3*
}

@test "--deliver fails, or apply does after it: what is void is said" {
	printf '#!/bin/sh\n[ "$QUORATE_CARD" != 2 ]\n' >"$hooks/deliver"
	chmod 755 "$hooks/deliver"
	run --separate-stderr "$quorate" rotate db "$one" "$two" \
	    --hook "$hooks/hook" --format txt --deliver "$hooks/deliver"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"this set is void"* ]]
	[[ "$stderr" == *"nothing was changed: the old cards are valid"* ]]
	[ "$(cat "$target/password")" = old ]
	printf '#!/bin/sh\ncat >/dev/null\n' >"$hooks/deliver"
	on apply 'exit 1'
	run --separate-stderr "$quorate" rotate db "$one" "$two" \
	    --hook "$hooks/hook" --format txt --deliver "$hooks/deliver"
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"generation 2, are void: have them destroyed"* ]]
}

@test "a signal while the target is being set waits for its answer" {
	on apply 'touch applying; sleep 1; cat <&3 >password; exit 0'
	"$quorate" rotate db "$one" "$two" --hook "$hooks/hook" --format txt \
	    --output new 2>said &
	victim=$!
	for _ in $(seq 200); do
		[ ! -e "$target/applying" ] || break
		sleep 0.05
	done
	kill -TERM "$victim"
	status=0
	wait "$victim" || status=$?
	[ "$status" -eq 143 ]
	grep -q 'refuses the old one' said
	accepted new/db-g2-c1*.txt new/db-g2-c2*.txt
}

@test "--json has state, set and files, and no secret" {
	rotate --json >out 2>said
	[ "$(json out 'j["state"], j["generation"], len(j["files"])')" = \
	    "('proven', 2, 3)" ]
	[ "$(json out 'j["old_known"], j["old_refused"]')" = "(True, True)" ]
	run ! grep -F "$(cat "$target/password")" out said
	run ! grep -E 'QUO1|"old"' out said
}
