#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate check: a verdict for each card, whatever is brought.

load common

setup() {
	begin
	printf 'the secret' | deal db a --names \
	    --policy '2 of (cfo, ciso, cto)' 2>said
	set=$(set_of said)
	one=a/db-g1-c1-cfo.txt two=a/db-g1-c2-ciso.txt three=a/db-g1-c3-cto.txt
}

teardown() {
	no_terminal
}

# verdict STATUS WORDS CARD...: checks, exits with STATUS, says WORDS
verdict() {
	local want=$1 words=$2
	shift 2
	run --separate-stderr "$quorate" check "$@"
	echo "status $status, want $want; said: $output$stderr"
	[ "$status" -eq "$want" ]
	[[ "$output$stderr" == *"$words"* ]]
	[[ "$output$stderr" != *"the secret"* ]]
}

@test "misuse" {
	refuse 2 "no card is given" "$quorate" check </dev/null
	refuse 2 "nothing: no such file" "$quorate" check nothing
	refuse 2 "nothing: no such file" "$quorate" check "$one" nothing
	for id in '' x 12 "${set:0:31}" "${set:0:30}" "${set}00" \
	    "${set:0:33}" "zz${set:2}" 'celery kitten organic enclose'; do
		refuse 2 "--set $id: no set id" "$quorate" check --set "$id" \
		    "$one"
	done
}

@test "a whole card says so, and never genuine" {
	verdict 0 "$one: card 1 (cfo): whole" "$one"
	[[ "$output" == *"any 2 of cfo, ciso, cto"* ]] ||
	    [[ "$output" == *"2 of"* ]]
	[[ "$output" == *"only --set ID tells"* ]]
	[[ "$output" != *"card 1 (cfo): genuine"* ]]
	verdict 0 "whole" "$one" "$two" "$three"
}

@test "a pinned card is genuine, by any length of the id" {
	for id in "${set:0:32}" "${set:0:40}" "$set" "${set^^}"; do
		verdict 0 "card 2 (ciso): genuine" --set "$id" "$two"
	done
}

@test "damage is found, and where" {
	sed '1s/./&&/30' "$one" >longer
	verdict 1 "damaged" longer
	for place in 20 60 120 200; do
		sed "1s/A/B/;t;1s/./A/$place" "$one" >flipped
		verdict 1 "damaged: the share code" flipped
	done
	sed '2s/^\(QUO1C:.\{40\}\)./\1A/;t' "$one" >set-code
	cmp -s set-code "$one" || verdict 1 "damaged: the set code" set-code
	grep -v '^QUO1C' "$one" >no-set
	verdict 1 "its set code was not read" no-set
	grep '^QUO1C' "$one" >only-set
	verdict 1 "" only-set
}

@test "things that are no card" {
	: >empty
	head -c 5000 /dev/urandom >noise
	head -c 5000000 /dev/zero >zeros
	echo hello >hello
	printf '%%PDF-1.4 rubbish' >broken.pdf
	printf '\211PNG\r\n\032\nrubbish' >broken.png
	mkdir folder
	for file in empty noise zeros hello broken.pdf broken.png folder \
	    /dev/null; do
		verdict 1 "$file" "$file"
	done
	verdict 1 "card 1 (cfo): whole" hello "$one"
}

@test "parts of two cards in one file are damaged" {
	printf 'other' | deal db b -k 2 -n 3
	{ grep '^QUO1S' "$one"; grep '^QUO1C' b/*c1.txt; } >mixed
	verdict 1 "damaged" mixed
	[[ "$output" == *"different cards: keep it, and tell the auditor"* ]]
}

@test "of another set: foreign, or suspect where it claims the same" {
	printf other | deal db b -k 2 -n 3
	verdict 1 "card 1: foreign" --set "$set" b/db-g1-c1.txt
	[[ "$output" == *"give it back to whose it is"* ]]
	verdict 1 "these cards are of different sets" "$one" b/db-g1-c1.txt
	verdict 1 "foreign" --set "$set" "$one" "$two" b/db-g1-c1.txt
	[[ "$output" == *"card 1 (cfo): genuine"* ]]
}

@test "no majority decides" {
	printf other | deal db b -k 2 -n 5
	verdict 1 "different sets" "$one" b/*.txt
	run ! grep -E ': (genuine|suspect|foreign)' <<<"$output"
}

@test "the same card twice counts once" {
	verdict 1 "duplicate" "$one" "$two" "$one"
	[[ "$output" == *"find out who copied it"* ]]
	cp "$one" copy
	verdict 1 "copy: card 1 (cfo): duplicate" "$one" copy
}

@test "folded, with blanks, and from standard input" {
	tr 'A-Z' 'a-z' <"$one" >lower
	verdict 0 "card 1 (cfo): whole" lower
	sed 's/$/\r/; s/./&\t/20' "$one" >blanks
	verdict 0 "card 1 (cfo): whole" blanks
	verdict 0 "standard input: card 1 (cfo): whole" - <"$one"
	cat "$one" "$two" >both
	verdict 0 "card 2 (ciso): whole" both
}

@test "a sealed file that is missing is said" {
	head -c 3000 /dev/urandom | deal big b -k 2 -n 2
	verdict 0 "whole" b/big-g1-c1.txt
	[[ "$stderr" != *"sealed file"* ]]
	cp b/big-g1-c1.txt alone.txt
	verdict 0 "its sealed file is not here" alone.txt
	verdict 0 "whole" alone.txt b/big-g1-c2.sealed
	[[ "$stderr" != *"sealed file"* ]]
	head -c 3000 /dev/urandom >alone.sealed
	verdict 0 "its sealed file is not here" alone.txt
}

@test "a locked card needs no phrase to be checked" {
	printf 'the secret' | deal db c -k 2 -n 2 --lock --phrase-dir p
	verdict 0 "locked" c/*.txt
}

@test "--json is JSON, with everything but the secret" {
	"$quorate" check --json "$one" "$two" "$one" >out 2>said && false
	[ "$(json out '[(c["card"], c["verdict"], c["custodian"])
	    for c in j["cards"]]')" = "[(1, 'whole', 'cfo'),\
 (2, 'whole', 'ciso'), (1, 'duplicate', 'cfo')]" ]
	[ "$(json out 'j["sets"][0]["set"]')" = "$set" ]
	[ "$(json out 'j["sets"][0]["quorum"]')" = True ]
	run ! grep -E 'the secret|QUO1' out said
	echo hello >hello
	"$quorate" check --json hello >out 2>said && false
	[ "$(json out 'j["cards"][0]["verdict"]')" = damaged ]
}

@test "a hostile file name can't drive the terminal, nor break JSON" {
	name=$'x\e[2J"\u202e\xff.txt'
	cp "$one" "$name"
	verdict 0 'x\x1b[2J' "$name"
	[[ "$output$stderr" != *$'\e'* ]]
	"$quorate" check --json "$name" >out
	json out 'j["cards"][0]["verdict"]'
}

@test "an overdue set is said to be" {
	faketime -f +800d "$quorate" check "$one" 2>said
	grep -q overdue said
}

@test "on paper: a page, several in one file, a photo upside down" {
	printf 'the secret' | "$quorate" split db -k 2 -n 3 --output paper
	verdict 0 "card 1: whole" paper/db-g1-c1.pdf
	pdfunite paper/*.pdf all.pdf
	verdict 0 "card 3: whole" all.pdf
	[ "$(grep -c ': whole' <<<"$output")" -eq 3 ]
	pdftoppm -r 150 -gray -png paper/db-g1-c2.pdf page
	/usr/bin/python3 -c 'import PIL.Image as I, glob
I.open(sorted(glob.glob("page*.png"))[0]).rotate(180).save("photo.jpg", quality=60)'
	verdict 0 "photo.jpg: card 2: whole" photo.jpg
}

@test "asked at the terminal, each is said once" {
	terminal
	enter "\$quorate check >out; echo rc=\$?"
	await 'empty to end:'
	enter "$one"
	await '1 more needed'
	enter "$one"
	await 'empty to end:'
	enter ''
	await 'rc=1'
	[ "$(grep -c 'cfo): whole' out)" -eq 1 ]
	[ "$(grep -c 'cfo): duplicate' out)" -eq 1 ]
}

@test "a page of words alone is not searched for codes that aren't there" {
	printf %0130d 1 | "$quorate" split db -k 2 -n 2 --output paper
	run -0 pdfinfo paper/db-g1-c1.pdf
	[[ "$output" == *'Pages:           2'* ]]
	run -0 --separate-stderr "$quorate" check paper/db-g1-c1.pdf
	[[ "$stderr" != *'ran short'* ]]
}
