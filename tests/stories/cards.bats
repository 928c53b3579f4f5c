#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Stories of cards: one lost and one torn; a thief; a forger.

load ../cli/common

setup() {
	begin
	printf 'the secret' >secret
}

teardown() {
	no_terminal
	remove_hook
}

# The numbered rows of words on a page: rows PDF
rows() {
	pdftotext -layout -r 72 -x 297 -y 0 -W 298 -H 842 "$1" - |
	    /usr/bin/python3 -c 'import re, sys
row = 0
words = {}
for token in re.findall(r"\S+", sys.stdin.read()):
    due = {0: 1, 7: 11}.get(row, row + 1)
    if token == str(due) and (row == 0 or len(words[row]) == 7):
        row = int(token)
        words[row] = []
    elif row and len(words[row]) < 7 and re.fullmatch("[a-z]{4,8}", token):
        words[row].append(token)
for row in sorted(words):
    print(row, *words[row])'
}

@test "a card is lost and one is torn: a page, and words typed in" {
	"$quorate" split db -k 2 -n 3 --secret-file secret --output pages \
	    2>split
	rows pages/db-g1-c2.pdf >words
	[ "$(awk '$1 < 8 && NF == 8' words | wc -l)" -eq 7 ]
	# card 3 is lost; of card 2 the symbols are torn off: one word is
	# read wrong, one can't be read; of the rows of the set code none is
	# wanted, card 1 has it
	head -n 7 words | awk 'NR == 2 { $4 = "?" }
		NR == 5 { $3 = $3 == "zebra" ? "yellow" : "abandon" } 1' >torn
	# Nobody is there to say what the card says: it isn't mended.
	refuse 1 "1 more needed" "$quorate" reconstruct pages/db-g1-c1.pdf torn \
	    --output-fd 1 </dev/null
	terminal
	enter '$quorate reconstruct pages/db-g1-c1.pdf torn --output-fd 5 5>got; echo rc=$?'
	await 'is that what the card says?'
	enter y
	await 'is that what the card'
	for _ in $(seq 40); do
		tmux -S tmux capture-pane -p | grep -q '^rc=' && break
		enter y
		sleep 0.2
	done
	await 'rc=0'
	cmp got secret
}

@test "a thief of k-1 cards has nothing, whatever he does with them" {
	deal db cards -k 3 -n 5 --secret-file secret
	mkdir stolen
	cp cards/db-g1-c[24].txt stolen
	refuse 1 "1 more needed" "$quorate" reconstruct stolen/*.txt \
	    --output-fd 1 </dev/null
	refuse 1 "1 more needed" "$quorate" reconstruct stolen/*.txt \
	    stolen/*.txt --output-fd 1 </dev/null
	# a third one, made of the second: another serial, or another share
	for place in 9 12 20 40 80; do
		sed "1s/A/B/;t;1s/./A/$place" stolen/db-g1-c4.txt >made
		refuse 1 "no quorum" "$quorate" reconstruct stolen/*.txt made \
		    --output-fd 1 </dev/null
	done
	# of a set of his own with the same name
	printf guess | deal db own -k 3 -n 5
	refuse 1 "no quorum" "$quorate" reconstruct stolen/*.txt \
	    own/db-g1-c1.txt --output-fd 1 </dev/null
	run ! grep -rF 'the secret' stolen
}

@test "a forger with a consistent set of his own" {
	make_hook
	deal db cards -k 2 -n 3 --secret-file secret 2>split
	set=$(set_of split)
	printf trojan | deal db forged -k 2 -n 3
	# He swaps one card: it is not of the set, and the two left still open.
	"$quorate" reconstruct cards/*c1.txt forged/*c2.txt cards/*c3.txt \
	    --set "$set" --output-fd 1 2>said >got
	cmp got secret
	grep -q 'forged/db-g1-c2.txt.*: foreign' said
	# He brings more cards than the others: no majority decides.
	refuse 1 "which is meant?" "$quorate" reconstruct cards/*c[13].txt \
	    forged/*.txt --output-fd 1 </dev/null
	# He swaps them all: never called genuine, and refused by the id.
	"$quorate" check forged/*.txt >out
	run ! grep -q ': genuine' out
	refuse 1 "no quorum" "$quorate" reconstruct forged/*.txt --set "$set" \
	    --output-fd 1 </dev/null
}

@test "a forger who was a dealer: the same credential and generation" {
	make_hook
	printf old | deal db cards -k 2 -n 2
	for set in real forged; do
		printf old >"$target/password"
		"$quorate" rotate db cards/*.txt --hook "$hooks/hook" \
		    --format txt --output "$set" 2>"$set.said"
	done
	"$quorate" check --set "$(set_of real.said)" real/*c1.txt \
	    forged/*c1.txt >out 2>said && false
	grep -q '^real/db-g2-c1.txt: card 1: genuine' out
	grep -q '^forged/db-g2-c1.txt: card 1: suspect' out
	grep -q 'tell the auditor' out
	refuse 1 "suspect" "$quorate" reconstruct real/*c1.txt \
	    forged/*.txt --set "$(set_of real.said)" --output-fd 1 </dev/null
}
