#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What quorate deals, examples/recover.py rejoins without it.

load common

setup() {
	no_ledger
	quorate=${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}
	recover=$BATS_TEST_DIRNAME/../../examples/recover.py
	export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
	cd "$BATS_TEST_TMPDIR"
}

# deal [OPTION...]: cards of the file "secret" into the directory "cards"
deal() {
	"$quorate" split demo --secret-file secret --format txt --output cards \
	    "$@"
}

rejoin() {
	/usr/bin/python3 "$recover" "$@" >out 2>said </dev/null
}

refused() {
	run -1 rejoin "$@"
	[ ! -s out ]
}

@test "one card of two is refused" {
	printf secret >secret
	deal -k 2 -n 3
	refused cards/demo-g1-c2.txt
	grep -q ENOQUORUM said
}

@test "a card with one other character is refused" {
	printf secret >secret
	deal -k 2 -n 2
	sed '1s/^\(.\{60\}\)A/\1B/;t;1s/^\(.\{60\}\)./\1A/' \
	    cards/demo-g1-c1.txt >altered
	run ! cmp -s altered cards/demo-g1-c1.txt
	refused altered cards/demo-g1-c2.txt
	grep -q ECHECK said
}

@test "cards of two dealings are refused" {
	printf secret >secret
	deal -k 2 -n 2
	mv cards first
	deal -k 2 -n 2
	refused first/demo-g1-c1.txt cards/demo-g1-c2.txt
	grep -q ENOQUORUM said
}

@test "a locked card without its phrase is refused" {
	printf secret >secret
	deal -k 2 -n 2 --lock --phrase-dir phrases
	refused cards/*.txt
	grep -q EPHRASE said
	refused --phrase 1=phrases/demo-g1-c1.phrase cards/*.txt
	refused --phrase 1=phrases/demo-g1-c1.phrase \
	    --phrase 2=phrases/demo-g1-c1.phrase cards/*.txt
}

@test "any two of three open" {
	printf 'p\303\244ssw\303\266rd\n\0\n' >secret
	deal -k 2 -n 3 --keep-newline
	for pair in "1 2" "1 3" "2 3" "3 1"; do
		set -- $pair
		rejoin "cards/demo-g1-c$1.txt" "cards/demo-g1-c$2.txt"
		cmp out secret
	done
}

@test "a nested policy with names, fields and locks opens" {
	printf secret >secret
	deal --policy '2 of (2 of (a, b, c), 1 of (d, e))' --names --lock \
	    --phrase-dir phrases --user root --target db1 --note 'a note'
	rejoin --phrase 1=phrases/demo-g1-c1-a.phrase \
	    --phrase 3=phrases/demo-g1-c3-c.phrase \
	    --phrase 5=phrases/demo-g1-c5-e.phrase \
	    cards/demo-g1-c[135]-*.txt
	cmp out secret
	grep -q 'user: root' said
	grep -q 'note: a note' said
}

@test "parts, and a sealed file beside the cards" {
	head -c 1200 /dev/urandom >secret
	deal -k 2 -n 2
	grep -q QUO1P: cards/demo-g1-c1.txt
	rejoin cards/*.txt
	cmp out secret
	rm -r cards
	head -c 65536 /dev/urandom >secret
	deal -k 2 -n 2
	refused cards/*.txt
	grep -q EMISSING said
	rejoin --sealed cards/demo-g1-c1.sealed cards/*.txt
	cmp out secret
}
