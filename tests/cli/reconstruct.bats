#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate reconstruct: which cards open, and where the secret goes.

load common

setup() {
	begin
	printf 'pässwörd€' >secret
	deal db a --names --policy '2 of (cfo, ciso, cto)' --user admin \
	    --secret-file secret 2>split
	set=$(set_of split)
	one=a/db-g1-c1-cfo.txt two=a/db-g1-c2-ciso.txt three=a/db-g1-c3-cto.txt
}

teardown() {
	no_terminal
}

# opens CARD...: they open the secret
opens() {
	rejoin "$@" | cmp - secret
}

# shut STATUS WORDS CARD...: they don't, and nothing comes out
shut() {
	local want=$1 words=$2
	shift 2
	refuse "$want" "$words" "$quorate" reconstruct "$@" --output-fd 1 \
	    </dev/null
	[[ "$stderr" != *pässwörd* ]]
}

@test "it must be said where the secret goes, and in one way" {
	refuse 2 "where should the secret go?" "$quorate" reconstruct "$one" "$two"
	refuse 2 "go together" "$quorate" reconstruct "$one" "$two" --exec
	refuse 2 "go together" "$quorate" reconstruct "$one" "$two" --exec --
	refuse 2 "go together" "$quorate" reconstruct "$one" "$two" \
	    --output-fd 1 -- cat
	refuse 2 "--exec=fd4" "$quorate" reconstruct "$one" "$two" --exec=fd4 \
	    -- true
	refuse 2 "exclude each other" "$quorate" reconstruct "$one" "$two" \
	    --exec --show -- true
	refuse 2 "exclude each other" "$quorate" reconstruct "$one" "$two" \
	    --output-fd 1 --show
	refuse 2 "no terminal" "$quorate" reconstruct "$one" "$two" --show \
	    </dev/null
	refuse 2 "--expose-for" "$quorate" reconstruct "$one" "$two" \
	    --expose-for 5 --show
	refuse 2 "--expose-for" "$quorate" reconstruct "$one" "$two" \
	    --expose-for 5m --output-fd 1
}

@test "a descriptor that is none, or takes nothing" {
	for fd in x '' -1 77 1x; do
		refuse 2 "--output-fd" "$quorate" reconstruct "$one" "$two" \
		    --output-fd "$fd"
	done
	refuse 2 "messages go there" "$quorate" reconstruct "$one" "$two" \
	    --output-fd 2
	refuse 2 "isn't open for writing" "$quorate" reconstruct "$one" \
	    "$two" --output-fd 5 5</dev/null
	refuse 2 "--json goes there" "$quorate" reconstruct "$one" "$two" \
	    --output-fd 1 --json
	refuse 3 "descriptor 5" "$quorate" reconstruct "$one" "$two" \
	    --output-fd 5 5>/dev/full
}

@test "cards that aren't there" {
	shut 2 "no card is given"
	shut 2 "no card is given" db
	shut 2 "no such file" one two
	shut 2 "no such file" "$one" ./nothing
	shut 1 ".: reading" folder-is-name "$one" .
	for option in --phrase-file; do
		shut 2 "$option" "$one" "$two" $option 1
		shut 2 "$option" "$one" "$two" $option x=y
		shut 2 "$option" "$one" "$two" $option 0=y
		shut 2 "$option" "$one" "$two" $option 256=y
	done
}

@test "a directory of NAME's name is no card" {
	mkdir db
	opens db "$one" "$two"
}

@test "fewer than a quorum: who could still come" {
	shut 1 "1 more needed" "$two"
	[[ "$stderr" == *"could still come: card 1 (cfo), card 3 (cto)"* ]]
	shut 1 "no quorum" "$two" "$two"
	cp "$two" copy
	shut 1 "duplicate" "$two" copy
}

@test "each quorum opens, in any order, NAME wherever it stands" {
	opens "$one" "$two"
	opens "$three" "$one" db
	opens db "$two" "$three"
	opens "$three" db "$two" "$one"
	cat "$one" "$three" >both
	opens both
	opens - "$two" <"$one" || [ -s said ]
	"$quorate" reconstruct - "$two" --output-fd 9 9>&1 >/dev/null <"$one" |
	    cmp - secret
}

@test "another NAME than the one that was sealed" {
	shut 1 'these cards open "db", not "web"' web "$one" "$two"
}

@test "bad and surplus cards are named and set aside" {
	sed '1s/A/B/;t;1s/./A/60' "$three" >bad
	printf other | deal db b -k 2 -n 3
	echo hello >hello
	opens bad hello "$one" b/*c1.txt "$two"
	grep -q '^quorate: bad: .*damaged' said
	grep -q '^quorate: hello: ' said
	grep -q '^quorate: b/db-g1-c1.txt: card 1 of set' said
	opens "$one" "$two" "$three" "$one"
	grep -q duplicate said
	shut 1 "no quorum" "$one" bad
}

@test "two sets with a quorum each: neither is opened unless one is pinned" {
	printf other | deal db b -k 2 -n 3 2>split2
	local other
	other=$(set_of split2)
	shut 1 "which is meant?" "$one" "$two" b/*c1.txt b/*c2.txt b/*c3.txt
	[[ "$stderr" == *"--set ${set:0:32}"* ]]
	[[ "$stderr" == *"--set ${other:0:32}"* ]]
	opens "$one" "$two" b/*.txt --set "${set:0:32}"
	grep -q 'foreign' said
	[ "$(rejoin "$one" "$two" b/*.txt --set "$other")" = other ]
}

@test "a set id that is wrong, short, or no id" {
	shut 1 "no quorum" "$one" "$two" --set "00${set:2}"
	[[ "$stderr" == *foreign* ]]
	shut 2 "--set" "$one" "$two" --set "${set:0:30}"
	shut 2 "--set" "$one" "$two" --set "celery kitten organic enclose"
	opens "$one" "$two" --set "$set"
	grep -q genuine said
}

@test "a sealed file that is missing, beside, or another's" {
	head -c 5000 /dev/urandom >secret
	deal big b -k 2 -n 3 --secret-file secret
	opens b/*c1.txt b/*c3.txt
	mkdir alone
	cp b/*.txt alone
	shut 1 "sealed" alone/*c1.txt alone/*c3.txt
	[[ "$stderr" == *".sealed file"* ]]
	cp b/big-g1-c2.sealed elsewhere.sealed
	opens alone/*c1.txt alone/*c3.txt elsewhere.sealed
	opens elsewhere.sealed alone/*c1.txt alone/*c3.txt
	rm elsewhere.sealed
	head -c 5000 /dev/urandom >wrong.sealed
	shut 1 "sealed" alone/*c1.txt alone/*c3.txt wrong.sealed
	cp b/big-g1-c1.sealed damaged.sealed
	printf x | dd of=damaged.sealed bs=1 seek=100 conv=notrunc 2>dd
	shut 1 "sealed" alone/*c1.txt alone/*c3.txt damaged.sealed
}

@test "--exec: on descriptor 3, or standard input, to its end" {
	"$quorate" reconstruct "$one" "$two" --exec -- \
	    sh -c 'cat <&3 >got; [ ! -t 0 ]' </dev/null
	cmp got secret
	"$quorate" reconstruct "$one" "$two" --exec=stdin -- tee got2 >got3
	cmp got2 secret
	cmp got3 secret
	head -c 65536 /dev/urandom >secret
	deal big b -k 2 -n 2 --secret-file secret
	"$quorate" reconstruct b/*.txt --exec=stdin -- tee got4 >/dev/null
	cmp got4 secret
}

@test "--exec: no shell in between, nothing in argv or environment" {
	cat >show <<-'END'
		#!/bin/sh
		printf '<%s>' "$@" >args
		tr '\0' '\n' </proc/self/environ >env
		tr '\0' '\n' </proc/$PPID/environ >>env
		tr '\0' '\n' </proc/$PPID/cmdline >>env
		ls /proc/self/fd >fds
	END
	chmod 755 show
	"$quorate" reconstruct "$one" "$two" --exec -- ./show 'a b' '$HOME' '*' \
	    ';' '' -q --json
	[ "$(cat args)" = '<a b><$HOME><*><;><><-q><--json>' ]
	run ! grep -a pässw args env
}

@test "--exec: how the child ends is told" {
	refuse 4 "sh exited with 7" "$quorate" reconstruct "$one" "$two" \
	    --exec -- sh -c 'exit 7'
	refuse 4 "sh was ended by signal 9" "$quorate" reconstruct "$one" \
	    "$two" --exec -- sh -c 'kill -9 $$'
	refuse 4 "no-such-program: " "$quorate" reconstruct \
	    "$one" "$two" --exec -- no-such-program
	refuse 4 "a: Permission denied" "$quorate" reconstruct "$one" "$two" \
	    --exec -- ./a
	[[ "$stderr" == *"is burned"* ]]
}

@test "--exec: a child may leave its input unread" {
	for how in fd3 stdin; do
		timeout 10 "$quorate" reconstruct "$one" "$two" \
		    "--exec=$how" -- true
	done
}

@test "--exec: where SIGCHLD is ignored the child's end is known" {
	run -4 timeout 10 /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$quorate" reconstruct "$one" "$two" \
	    --exec -- sh -c 'exit 3'
}

@test "--exec: when the time is over the child is ended" {
	before=$(date +%s)
	run --separate-stderr "$quorate" reconstruct "$one" "$two" \
	    --expose-for 1s --exec -- sleep 60
	[ "$status" -eq 4 ]
	[[ "$stderr" == *"the time is over"* ]]
	[ "$(($(date +%s) - before))" -lt 10 ]
	run --separate-stderr "$quorate" reconstruct "$one" "$two" \
	    --expose-for 1s --exec -- /usr/bin/python3 -c 'import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(60)'
	[ "$status" -eq 4 ]
	[[ "$stderr" == *"signal 9"* ]]
	[ "$(($(date +%s) - before))" -lt 25 ]
}

@test "--exec: SIGTERM is passed on" {
	"$quorate" reconstruct "$one" "$two" --exec -- \
	    sh -c 'trap "touch told; exit 0" TERM; touch up
		while :; do sleep 0.05; done' 2>said &
	victim=$!
	for _ in $(seq 100); do [ ! -e up ] || break; sleep 0.05; done
	kill -TERM "$victim"
	wait "$victim"
	[ -e told ]
}

@test "--output-fd: a pipe, a file; standard output only when it is named" {
	"$quorate" reconstruct "$one" "$two" --output-fd 1 2>/dev/null | cmp - secret
	"$quorate" reconstruct "$one" "$two" --output-fd 5 5>got >out
	cmp got secret
	[ ! -s out ]
}

@test "--json is JSON without the secret, also when the answer is no" {
	"$quorate" reconstruct db "$three" "$one" --json --exec \
	    --reason fire --ticket T1 --requester me -- true >out 2>said
	[ "$(json out 'j["name"], j["user"], j["quorum"]')" = \
	    "('db', 'admin', [1, 3])" ]
	[ "$(json out 'j["reason"], j["ticket"], j["requester"]')" = \
	    "('fire', 'T1', 'me')" ]
	[[ "$(json out 'j["opened"]')" =~ ^20..-..-..T..:..:..Z$ ]]
	run ! grep -aE 'pässw|QUO1' out said
	run -1 --separate-stderr "$quorate" reconstruct "$one" --json \
	    --exec -- true </dev/null
	printf %s "$output" >out
	[ "$(json out 'j["opened"], j["sets"][0]["present"]')" = "(None, 1)" ]
}

@test "-q says only what is wrong" {
	run --separate-stderr "$quorate" reconstruct -q "$one" "$two" --exec \
	    -- true
	[ "$status" -eq 0 ]
	run ! grep -v '^quorate: warning:' <<<"$stderr"
}

@test "a sealed file is found among those of many credentials" {
	head -c 3000 /dev/urandom | tee secret | deal big b -k 2 -n 3 \
	    --secret-file -
	# Each file system has its own order: far from the first that are seen.
	for name in {a..z}.sealed; do
		rm -rf safe
		mkdir safe
		(cd safe && touch {1..150}.sealed)
		cp b/big-g1-c1.sealed safe/$name
		(cd safe && touch {151..300}.sealed)
		[ "$(ls -U safe | grep -n "^$name" | cut -d: -f1)" -gt 100 ] &&
		    break
	done
	cp b/*.txt safe
	opens safe/big-g1-c1.txt safe/big-g1-c3.txt
}

@test "locked cards want their phrases" {
	deal db l -k 2 -n 3 --lock --phrase-dir p --secret-file secret
	phrase() { echo "--phrase-file $1=p/db-g1-c$1.phrase"; }
	shut 1 "card 1 is locked: its phrase is missing" l/*c1.txt l/*c2.txt
	[[ "$stderr" == *"hint: --phrase-file 1=FILE"* ]]
	shut 1 "card 2 is locked" l/*c1.txt l/*c2.txt $(phrase 1)
	opens l/*c1.txt l/*c2.txt $(phrase 1) $(phrase 2)
	opens l/*.txt $(phrase 3) $(phrase 1)
	shut 1 "card 1: this is not the phrase of this card" l/*c1.txt \
	    l/*c2.txt --phrase-file 1=p/db-g1-c2.phrase $(phrase 2)
	sed 's/[a-z]*$/zzzz/' p/db-g1-c1.phrase >slip
	shut 1 "word 7 of the phrase is not in the list" l/*c1.txt l/*c2.txt \
	    --phrase-file 1=slip $(phrase 2)
	cut -d' ' -f1-6 p/db-g1-c1.phrase >short
	shut 1 "card 1: this is not the phrase" l/*c1.txt l/*c2.txt \
	    --phrase-file 1=short $(phrase 2)
	: >empty
	shut 1 "a phrase has 7 words" l/*c1.txt l/*c2.txt \
	    --phrase-file 1=empty $(phrase 2)
	shut 1 "no such file" l/*c1.txt l/*c2.txt \
	    --phrase-file 1=nothing $(phrase 2)
	tr 'a-z' 'A-Z' <p/db-g1-c1.phrase | sed 's/ /  /g' >loud
	opens l/*c1.txt l/*c2.txt --phrase-file 1=loud $(phrase 2)
}

# lie WORD...: a phrase that its check word fits, as any holder can make
lie() {
	PYTHONPATH=$BATS_TEST_DIRNAME/../vectors /usr/bin/python3 -c '
import base64, sys, quo1
code = open(sys.argv[1]).read().split()[1][6:]
salt = base64.b32decode(code + "=" * (-len(code) % 8))[5:20]
phrase = " ".join(sys.argv[3:])
words = open(sys.argv[2]).read().split()
print(phrase, words[quo1.phrase_check(salt, 1, phrase)])
' l/db-g1-c1.txt "$BATS_TEST_DIRNAME/../../lib/card/wordlist.txt" "$@"
}

@test "a false phrase shuts nobody out whose cards are here, too" {
	deal db l -k 2 -n 3 --lock --phrase-dir p --secret-file secret
	phrase() { echo "--phrase-file $1=p/db-g1-c$1.phrase"; }
	lie aardvark abide ability abroad absorb abstract >lie
	shut 1 "these cards don't open what is sealed" l/*c1.txt l/*c2.txt \
	    --phrase-file 1=lie $(phrase 2)
	opens l/*.txt --phrase-file 1=lie $(phrase 2) $(phrase 3)
	grep -q "these cards don't open what is sealed" said
}

@test "a lock that costs more than ours is announced" {
	PYTHONPATH=$BATS_TEST_DIRNAME/../vectors /usr/bin/python3 -c '
import quo1
class Cards(quo1.Cards):
    def stretch(self, password, serial): return bytes(32)
c = Cards("dear", (2, ["a", "b"]), {"secret": b"x"}, ["", ""], lock=(17, 4))
print(*c.share_texts(), *c.set_texts(), sep="\n")' >dear.txt
	shut 1 "128 MiB of memory and 4 passes" dear.txt
}

@test "at a terminal: another card may come where the first don't open" {
	deal db l -k 2 -n 3 --lock --phrase-dir p --secret-file secret
	lie aardvark abide ability abroad absorb abstract >lie
	terminal
	enter 'TERM=dumb $quorate reconstruct l/*c[12].txt --phrase-file 1=lie \
--phrase-file 2=p/db-g1-c2.phrase --phrase-file 3=p/db-g1-c3.phrase \
--exec=stdin -- cat; echo rc=$?'
	await "don't open what is sealed"
	await 'card file, or w for words'
	enter l/db-g1-c3.txt
	await 'c3.txt: card 3'
	enter ''
	await 'rc=0'
}

@test "a set that nobody has pinned is named, and what else is here" {
	printf evil | deal db evil --policy '1 of (x, y)' --allow-single
	forged=evil/db-g1-c1-x.txt
	opens "$one" "$two"
	grep -q "any 2 of 3 cards; whether it is genuine only --set ID tells" \
	    said
	opens "$one" "$two" --set "$set"
	run ! grep -q "only --set ID tells" said
	rejoin "$one" "$forged" >out
	grep -q "another set .*has a quorum is .*any 1 of 2 cards" said
	shut 1 "no quorum" "$one" "$forged" --set "$set"
	terminal
	enter '$quorate reconstruct '"$one $forged"' --exec -- true; echo rc=$?'
	await 'Is this the set to open?'
	enter n
	await 'rc=1'
}

@test "a custodian's name can't pose as a verdict" {
	printf x | deal db n --names --policy '2 of ("a) of set b: genuine", c)'
	shut 1 "card 1 (a_ of set b_ genuine) of set" n/*c1*
}

@test "an opened card of an older generation says that newer ones exist" {
	opens "$one" "$two"
	grep -q 'generation 1; a newer one may exist' said
}

@test "at a terminal: asks for cards, shows, clears on a key" {
	terminal
	enter '$quorate reconstruct db --show; echo rc=$?'
	await 'card file, or w for words'
	enter "$one"
	await '1 more needed'
	enter "$two"
	await 'admin'
	await 'w'
	tmux -S tmux send-keys q
	await 'rc=0'
	[ "$(tmux -S tmux capture-pane -p -S - | grep -c 'pässw')" -eq 0 ]
}

@test "at a terminal: the screen is cleared when the time is over" {
	printf canarycanary | deal db c -k 2 -n 2
	terminal
	enter '$quorate reconstruct c/*.txt --show --expose-for 2s; echo rc=$?'
	await 'cana'
	await 'rc=0'
	[ "$(tmux -S tmux capture-pane -p -S - | grep -c 'cana')" -eq 0 ]
}

@test "a terminal that can't be cleared is found before anything is opened" {
	terminal
	enter "TERM=dumb \$quorate reconstruct $one $two --show; echo rc=\$?"
	await "this terminal can't be cleared"
	await 'rc=2'
	run ! grep -q burned <(tmux -S tmux capture-pane -p)
	enter 'clear; TERM= $quorate split t -k 2 -n 2 --mint --format terminal'
	await 'TERM is not set, or dumb'
	enter 'clear; TERM= $quorate split t -k 2 -n 2 --mint --lock'
	await 'name a place for them'
}

@test "a terminal as descriptor is refused" {
	terminal
	enter "\$quorate reconstruct $one $two --output-fd 1; echo rc=\$?"
	await 'is a terminal'
	await 'rc=2'
}
