#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# reconstruct: what a rescue without a ledger leaves.

load common

setup() {
	begin
	printf 'correct horse' | deal root@db1 cards -k 2 -n 3 \
	    --user root --secret-file -
	card1=$(echo cards/*-c1*) card2=$(echo cards/*-c2*)
	card3=$(echo cards/*-c3*)
}

# The check that the last line of a receipt should have.
check_of() {
	head -n -1 "$1" | sha256sum | cut -c 1-16
}

value() {
	sed -n "s/^$1: //p" "$2"
}

@test "a file that is there is refused before any card is read" {
	echo mine >old
	refuse 2 "there already" "$quorate" reconstruct missing.png \
	    --receipt old --output-fd 9 9>out
	ln -s nowhere dangling
	rm out
	refuse 2 "there already" "$quorate" reconstruct "$card1" "$card2" \
	    --receipt dangling --output-fd 1
}

@test "a place that can't be is refused before any card is read" {
	refuse 2 "no/such" "$quorate" reconstruct "$card1" "$card2" \
	    --receipt no/such/file --output-fd 1
	refuse 2 "name a file" "$quorate" reconstruct "$card1" "$card2" \
	    --receipt cards/ --output-fd 1
}

@test "no quorum leaves no receipt" {
	refuse 1 "no quorum" "$quorate" reconstruct "$card1" \
	    --receipt slip --output-fd 1
}

@test "the receipt is on the disk before the secret is out" {
	"$quorate" reconstruct "$card1" "$card2" --receipt slip --exec -- \
	    sh -c 'cat slip >seen; cat <&3 >secret'
	[ "$(cat secret)" = "correct horse" ]
	[ "$(value check seen)" = "$(check_of seen)" ]
	[ -z "$(value closed seen)" ]
	[ -n "$(value closed slip)" ]
	[ "$(value check slip)" = "$(check_of slip)" ]
	[ "$(value id slip)" = "$(value id seen)" ]
	[ "$(stat -c %a slip)" = 600 ]
	[ "$(ls -A | sort | xargs)" = "cards secret seen slip" ]
}

@test "it says what was opened, by what, and why" {
	"$quorate" check --json "$card1" >check.json
	echo nonsense >bad
	before=$(date -u +%FT%TZ)
	"$quorate" reconstruct "$card1" bad "$card1" "$card3" --receipt slip \
	    --reason "sso is down" --ticket none --requester "who calls" \
	    --output-fd 9 9>out 2>said
	after=$(date -u +%FT%TZ)
	[ "$(head -1 slip)" = "quorate receipt 1" ]
	[ "$(value name slip)" = root@db1 ]
	set=$(json check.json 'j["sets"][0]["set"]')
	[ "$(value set slip)" = "$set" ]
	[ "$(value generation slip)" = 1 ]
	[ "$(value quorum slip)" = "1 3" ]
	[ "$(value reason slip)" = "sso is down" ]
	[ "$(value ticket slip)" = none ]
	[ "$(value requester slip)" = "who calls" ]
	[ "$(value exposure slip)" = output-fd ]
	[ "$(value ledger slip)" = choice ]
	[ "$(value actor slip)" = "uid $(id -u)" ]
	[ "$(value host slip)" = "$(uname -n)" ]
	opened=$(value opened slip) closed=$(value closed slip)
	[[ ! "$opened" < "$before" && ! "$closed" < "$opened" ]]
	[[ ! "$closed" > "$after" ]]
	value card slip >cards.said
	id=${set:0:16}
	grep -qx "1 whole $id" cards.said
	grep -qx "1 duplicate $id" cards.said
	grep -qx "3 whole $id" cards.said
	grep -qx -- "- damaged -" cards.said
	[ "$(wc -l <cards.said)" = 4 ]
	[[ "$(cat said)" == *"slip: keep it"* ]]
}

@test "nothing of the secret or of a share is in it" {
	"$quorate" reconstruct "$card1" "$card2" --receipt slip \
	    --output-fd 9 9>out
	! grep -q "correct horse" slip
	for card in "$card1" "$card2"; do
		code=$(grep -o 'QUO1S:[A-Z2-7]*' "$card")
		/usr/bin/python3 - slip "${code#QUO1S:}" <<-'END'
			import base64, sys
			slip = open(sys.argv[1]).read()
			text = sys.argv[2]
			code = base64.b32decode(text + "=" * (-len(text) % 8))
			# All but serial, n and the set's 8 bytes.
			for i in range(2, len(code) - 8 - 4):
			    assert code[i:i + 4].hex() not in slip
		END
	done
}

@test "with --no-ledger it goes to standard error" {
	"$quorate" reconstruct "$card1" "$card2" --no-ledger -q \
	    --output-fd 9 9>out 2>said
	[ "$(cat out)" = "correct horse" ]
	sed -n '/^quorate receipt 1$/,/^check: /p' said >slip
	[ "$(value check slip)" = "$(check_of slip)" ]
	[ "$(value name slip)" = root@db1 ]
}

@test "without being asked for there is none" {
	rejoin "$card1" "$card2" >out
	[ "$(cat out)" = "correct horse" ]
	! grep -q receipt said
}

@test "what would drive a terminal, or break a line, is escaped" {
	"$quorate" reconstruct "$card1" "$card2" --receipt slip \
	    --reason "$(printf 'a\nset: 0\033[2J')" --output-fd 9 9>out
	[ "$(value reason slip)" = 'a\nset: 0\x1b[2J' ]
	[ "$(value check slip)" = "$(check_of slip)" ]
	[ "$(value set slip | wc -l)" = 1 ]
}

@test "a full disk takes no secret away: standard error gets the receipt" {
	mkdir full
	if ! mount -t tmpfs -o size=4k none full 2>mounted; then
		skip "no tmpfs can be mounted"
	fi
	head -c 4096 /dev/zero >full/all || true
	run --separate-stderr "$quorate" reconstruct "$card1" "$card2" \
	    --receipt full/slip --output-fd 1
	umount full
	[ "$status" -eq 0 ]
	[ "$output" = "correct horse" ]
	[[ "$stderr" == *"full/slip"* ]]
	[[ "$stderr" == *"quorate receipt 1"*"check: "* ]]
}

@test "a file that appears meanwhile is left alone" {
	mkfifo pipe
	(exec 5>pipe && echo mine >slip && cat "$card1" "$card2" >&5) &
	run --separate-stderr "$quorate" reconstruct pipe --receipt slip \
	    --output-fd 1
	wait
	[ "$status" -eq 0 ]
	[ "$output" = "correct horse" ]
	[ "$(cat slip)" = mine ]
	[[ "$stderr" == *"exists already"*"quorate receipt 1"*"check: "* ]]
}

@test "one to be printed is refused where its text can't stand beside it" {
	echo mine >slip.txt
	refuse 2 "slip.txt: it is there already" "$quorate" reconstruct \
	    "$card1" "$card2" --receipt slip.pdf --output-fd 1
	refuse 2 "no/such" "$quorate" reconstruct "$card1" "$card2" \
	    --receipt no/such/slip.pdf --output-fd 1
	rm slip.txt
	echo mine >slip.pdf
	refuse 2 "slip.pdf: it is there already" "$quorate" reconstruct \
	    "$card1" "$card2" --receipt slip.pdf --output-fd 1
}

@test "as paper it is there before the secret is out, its text beside it" {
	"$quorate" reconstruct "$card1" "$card3" --receipt slip.pdf \
	    --reason "sso is down" --ticket none --requester "who calls" \
	    --exec -- sh -c 'ls slip* >seen; cat <&3 >secret'
	[ "$(cat secret)" = "correct horse" ]
	[ "$(xargs <seen)" = "slip.pdf slip.txt" ]
	[ "$(stat -c %a slip.pdf slip.txt | xargs)" = "600 600" ]
	[ "$(value check slip.txt)" = "$(check_of slip.txt)" ]
	[ -n "$(value closed slip.txt)" ]
	pdfinfo slip.pdf | grep -q '^Pages: *1$'
	pdftotext -layout slip.pdf - | tr -s ' \n' ' ' >text
	for words in "Reason sso is down" "Requester who calls" \
	    "Handed over by exec" "$(value set slip.txt)" "root@db1" \
	    "1 – whole" "3 – whole" "Opened at $(value opened slip.txt)" \
	    "received by: name" "quorate receipt 1 id: $(value id slip.txt)"
	do
		grep -qF -- "$words" text || { echo "$words"; cat text; false; }
	done
	! grep -q "correct horse" text
	# Typed off the paper, but for when it ended, it is the receipt.
	pdftotext -layout slip.pdf - | sed -n '/quorate receipt 1/,/check: /p' |
	    sed 's/^ *//; /^$/d' >typed
	[ "$(value check typed)" = "$(check_of typed)" ]
}

@test "where paper can't be drawn the text is there, and the rescue goes on" {
	cp "$quorate" program
	./program reconstruct "$card1" "$card2" --receipt slip.pdf \
	    --output-fd 9 9>out 2>said
	[ "$(cat out)" = "correct horse" ]
	[ ! -e slip.pdf ]
	[ "$(value check slip.txt)" = "$(check_of slip.txt)" ]
	grep -q 'slip.pdf: quorate-draw' said
}

@test "with a ledger it witnesses the log, as text and on paper" {
	make_ledger
	printf 'syslog = none\nhooks = %s/none\n' "$BATS_TEST_TMPDIR" \
	    >>"$settings"
	book "$card1" root@db1
	for form in slip a.txt b.pdf c.html; do
		"$quorate" reconstruct root@db1 "$card1" "$card2" \
		    --reason "sso is down" --ticket OPS-9 --requester ana \
		    --emergency "again and again" --receipt $form --exec -- \
		    sh -c "cp $form seen; cat <&3 >secret"
		[ "$(cat secret)" = "correct horse" ]
		cmp seen $form
		[ "$(stat -c %a $form)" = 600 ]
		incident=$(entries | fields event incident |
		    sed -n 's/^open //p' | tail -n 1)
		case $form in
		*.pdf) pdftotext -layout $form text ;;
		*.html) sed "s/<[^>]*>/ /g" $form >text ;;
		*) cp $form text ;;
		esac
		for words in "$incident" "sso is down" OPS-9 ana \
		    "again and again" exec genuine; do
			grep -qF -- "$words" text
		done
		! grep -q "correct horse" text
		[ $form != c.html ] || continue
		# As it was before the secret was out: opened, not yet closed.
		run -0 "$quorate" log verify --witness $form
		size=$(entries | fields n event incident |
		    sed -n "s/ opened $incident$//p")
		[[ "$output" == *"covers $((size + 1)): agrees"* ]]
	done
	[ ! -e b.txt ]
	# It is no rescue: the ledger has it already.
	run -1 "$quorate" log receipt slip
}

@test "of cards that the ledger never saw there is a receipt, too" {
	make_ledger
	printf 'syslog = none\nhooks = %s/none\n' "$BATS_TEST_TMPDIR" \
	    >>"$settings"
	"$quorate" reconstruct "$card1" "$card2" --reason "sso is down" \
	    --ticket none --requester ana --emergency "all is down" \
	    --receipt slip --output-fd 9 9>out 2>said
	[ "$(cat out)" = "correct horse" ]
	! grep -q null said
	incident=$(sed -n 's/^incident: //p' slip)
	grep -q "^quorate: $incident is declared" said
	grep -q '^card: 1 whole$' slip
	grep -q '^emergency: all is down$' slip
	run -0 "$quorate" log verify --witness slip
	"$quorate" form receipt "$incident"
	[ -s "$incident-receipt.pdf" ]
}
