#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate form: refusals first; then what stands on the paper.

load common

setup() {
	begin
	make_ledger
	printf 'syslog = none\nhooks = %s/none\n' "$BATS_TEST_TMPDIR" \
		>>"$settings"
	cat >roster.json <<-'END'
		{"people": [
		{"handle": "cfo", "name": "Ana Ķ.", "roles": ["custodian"],
		 "contact": ["+49 30 5550 101", "home -456"]},
		{"handle": "ciso", "roles": ["custodian"]},
		{"handle": "cto", "roles": ["custodian"]},
		{"handle": "dba", "name": "Bo", "roles": ["requester"],
		 "contact": ["+49 30 5550 100"]},
		{"handle": "eve", "roles": ["approver"]},
		{"handle": "kim", "roles": ["approver"]}],
		"credentials": [{"name": "db-root", "owner": "dba",
		 "target": "db-3.example.net", "account": "root",
		 "scenario": "For when single sign-on is down.",
		 "criteria": ["nobody can log in", "the directory is down"],
		 "approvals": 1, "playbook": "cloud",
		 "hook": "/etc/quorate/hooks/postgres"},
		 {"name": "planned", "owner": "dba"}]}
	END
	"$quorate" import -q roster.json
	rm roster.json
}

split() {
	printf 'correct horse' | "$quorate" split "${1:-db-root}" -q \
		--policy '2 of (cfo, ciso, cto)' --secret-file - \
		--output cards --format txt 2>/dev/null
	set=$(entries | fields event set | sed -n 's/^deal //p' | tail -n 1)
}

# All of an incident: opens; sets $incident
open_it() {
	"$quorate" request db-root -q --requester dba --reason 'no login' \
		--ticket OPS-7 --criterion 1 --output approval
	incident=$(sed -n 's/^incident: //p' approval)
	"$quorate" approve "$incident" -q --approver eve
	rejoin -q cards/*-c1-* cards/*-c3-* --incident "$incident" >secret
}

pages() {
	pdfinfo "$1" | sed -n 's/^Pages: *//p'
}

# says FILE WORDS...: the PDF has them, white space aside
says() {
	local file=$1 words
	shift
	pdftotext -layout "$file" - | tr -s ' \n' ' ' >text
	for words; do
		grep -qF -- "$words" text || {
			echo "$file doesn't say: $words"
			cat text
			return 1
		}
	done
}

# The command lines of a form as HTML, one a line.
commands() {
	/usr/bin/python3 - "$1" <<-'END'
		import html, re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		found = re.findall(r"<code[^>]*>(.*?)</code>", page, re.S)
		found += re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.S)
		for text in found:
		    text = html.unescape(re.sub(r"<[^>]*>", "", text))
		    for line in text.split("\n"):
		        if line.startswith("quorate "):
		            print(" ".join(line.split()))
	END
}

# known FILE: the program takes each command line, as it stands there
known() {
	commands "$1" >lines
	while read -r line; do
		echo "$1: $line"
		eval "set -- ${line#quorate }"
		"$quorate" "$@" --help >help || return 1
		grep -q "^usage: quorate $1" help || return 1
	done <lines
	[ -s lines ]
}

@test "a kind that isn't there, and one of nothing" {
	refuse 2 'did you mean playbook' "$quorate" form playbok db-root
	refuse 2 'something is missing' "$quorate" form
	refuse 2 'form receipt: of what?' "$quorate" form receipt
	[[ "$stderr" == *'--blank'* ]]
	refuse 2 '--variant' "$quorate" form playbook db-root --variant moon
}

@test "without a ledger there are blank forms only" {
	refuse 2 '--no-ledger' "$quorate" form playbook db-root --no-ledger
	"$quorate" form playbook --blank --no-ledger
	[ "$(ls)" = blank-playbook.pdf ]
}

@test "what the ledger doesn't know is refused" {
	refuse 2 'knows no credential "ghost"' "$quorate" form playbook ghost
	refuse 2 'knows no credential "ghost"' "$quorate" form ceremony ghost
	refuse 2 'no cards of "planned" are out' \
		"$quorate" form playbook planned
	refuse 2 'no cards of "planned" are out' \
		"$quorate" form acknowledgement planned
	refuse 2 'say --policy' "$quorate" form ceremony planned
	refuse 2 'no set of generation 3' \
		"$quorate" form ceremony planned --generation 3
	refuse 2 'goes wrong behind: 2 of (cfo' \
		"$quorate" form ceremony planned --policy '2 of (cfo'
	refuse 1 'no incident "INC-99"' "$quorate" form receipt INC-99
	refuse 1 'no incident "db-root"' "$quorate" form receipt db-root
	split
	refuse 2 'has 3 cards, no card 4' \
		"$quorate" form acknowledgement db-root --card 4
	"$quorate" request db-root -q --requester dba --reason x \
		--ticket none --criterion 1 --output approval
	refuse 1 'was not opened' "$quorate" form receipt \
		"$(sed -n 's/^incident: //p' approval)"
}

@test "no file is overwritten, and all are there or none" {
	split
	echo mine >db-root-g1-c2-acknowledgement.pdf
	refuse 2 'c2-acknowledgement.pdf: it is there already' \
		"$quorate" form acknowledgement db-root
	refuse 2 'is there already' "$quorate" form playbook db-root \
		--output db-root-g1-c2-acknowledgement.pdf
	refuse 2 'name a directory' "$quorate" form acknowledgement db-root \
		--output one.pdf
	refuse 2 'knows no credential' "$quorate" form playbook db-root ghost
	refuse 2 'must end in .pdf or .html' "$quorate" form playbook db-root \
		--output book.txt
	refuse 2 'no such directory' "$quorate" form playbook db-root \
		--output nowhere/
	refuse 3 'nowhere' "$quorate" form playbook db-root \
		--output nowhere/a.pdf
}

@test "a playbook is one page, and has the facts" {
	split
	"$quorate" acknowledge db-root --card 2 --form "$settings" -q \
		--location 'safe 2' --bag A17
	run -1 "$quorate" lost db-root -q --card 3 --reason stolen
	for paper in a4 letter; do
		for variant in cloud premises plant; do
			"$quorate" form playbook db-root --paper $paper \
				--variant $variant --output $paper-$variant.pdf
			[ "$(pages $paper-$variant.pdf)" -eq 1 ]
			[ "$(stat -c %a $paper-$variant.pdf)" = 600 ]
			pdfinfo $paper-$variant.pdf |
				grep -qi "^Page size:.*$paper"
			says $paper-$variant.pdf 'Playbook: db-root' \
				'For when single sign-on is down.' \
				db-3.example.net 'any 2 of 3 cards' \
				'1 nobody can log in' \
				'2 the directory is down' \
				'dba (Bo), +49 30 5550 100' \
				'1 of eve, kim' \
				'1 cfo (Ana Ķ.) +49 30 5550 101, home -456' \
				'2 ciso safe 2 A17' '3 cto counted as lost' \
				'--hook /etc/quorate/hooks/postgres' \
				'reviews it within 5 days'
		done
	done
	says a4-cloud.pdf 'tokens of root' '--criterion N' \
		'quorate reconstruct db-root --incident INC-N --show'
	says a4-premises.pdf 'at its console'
	says a4-plant.pdf 'control room' 'quorate log receipt receipt.txt'
	"$quorate" form playbook db-root
	says db-root-playbook.pdf 'tokens of root'
	"$quorate" form playbook db-root --call 'the night desk' \
		--output night.pdf
	says night.pdf 'the night desk'
}

@test "long names still fit a playbook, or it is refused clearly" {
	/usr/bin/python3 - >long.json <<-'END'
		import json
		name = "long " + 15 * "name " + "end"
		print(json.dumps({"people": [{"handle": h, "name": 60 * "W",
		    "contact": [60 * "9"], "roles": ["custodian"]}
		    for h in ("cfo", "ciso", "cto")],
		    "credentials": [{"name": name, "target": 80 * "t",
		    "account": 40 * "u", "owner": 100 * "o",
		    "scenario": 200 * "s"}, {"name": "too-long",
		    "criteria": [f"{i} " + 300 * "c" for i in range(60)]}]}))
	END
	"$quorate" import -q long.json
	name=$(json long.json 'j["credentials"][0]["name"]')
	split "$name"
	"$quorate" form playbook "$name" --output long.pdf
	[ "$(pages long.pdf)" -eq 1 ]
	says long.pdf 'name end' '--incident INC-N --show'
	split too-long
	refuse 2 'too long for its page' "$quorate" form playbook too-long
	[[ "$stderr" == *'--format html'* ]]
	"$quorate" form playbook too-long --format html
	[ -s too-long-playbook.html ]
}

@test "a ceremony is for the dealing to come, or one that is done" {
	"$quorate" form ceremony planned --place 'room 4' \
		--policy '1 of (2 of (cfo, ciso), cto)' --role keeper
	says planned-g1-ceremony.pdf 'Dealing ceremony' 'room 4' \
		"quorate split planned --policy '1 of (2 of (cfo, ciso), cto)'" \
		'card 1, cfo (Ana Ķ.)' 'card 3, cto' 'keeper: name' \
		"$(sha256sum "$quorate" | cut -d' ' -f1)" \
		'set id, first 32 digits' 'bag serial' 'initials' 'UTC time'
	[[ "$(cat text)" != *'witness: name'* ]]
	split
	"$quorate" form ceremony db-root
	says db-root-g2-ceremony.pdf 'Generation 2' 'dealer: name' \
		"quorate rotate db-root --policy '2 of (cfo, ciso, cto)'"
	[[ "$(cat text)" != *"$set"* ]]
	"$quorate" form ceremony db-root --generation 1
	says db-root-g1-ceremony.pdf 'Generation 1' "$set"
	[[ "$(cat text)" != *'first 32 digits'* ]]
	"$quorate" form ceremony db-root --generation 1 --output own.pdf \
		--command 'quorate split db-root --lock'
	says own.pdf 'quorate split db-root --lock'
}

@test "an acknowledgement a card, or of one" {
	split
	"$quorate" form acknowledgement db-root --json >said
	[ "$(json said '" ".join(j["files"])')" = "$(echo db-root-g1-c*)" ]
	for i in 1 2 3; do
		sheet=db-root-g1-c$i-acknowledgement.pdf
		[ "$(pages "$sheet")" -eq 1 ]
		says "$sheet" "card $i" "$set" 'custodian: signature' \
			'any 2 of 3 cards'
	done
	says db-root-g1-c1-acknowledgement.pdf 'Custodian cfo (Ana Ķ.)'
	mkdir there
	"$quorate" form acknowledgement db-root --card 2 --output there
	[ "$(ls there)" = db-root-g1-c2-acknowledgement.pdf ]
	says there/* 'Custodian ciso'
}

@test "a receipt tells the opening from the log" {
	split
	open_it
	[ "$(cat secret)" = 'correct horse' ]
	"$quorate" form receipt "$incident"
	[ "$(pages "$incident-receipt.pdf")" -eq 1 ]
	says "$incident-receipt.pdf" "$incident" "$set" 'Reason no login' \
		'Ticket OPS-7' 'Criterion nobody can log in' \
		'Requester dba (Bo)' '(claimed)' "Host $(uname -n)" \
		'1 cfo (Ana Ķ.) genuine' '3 cto genuine' 'output-fd, exit 0' \
		"Opened at $(entries | fields event time |
			sed -n 's/^opened //p')" \
		"Rotate it by $(entries | fields event deadline |
			sed -n 's/^open //p')"
}

@test "the checkpoint on a form is the log's, as symbol and as text" {
	split
	open_it
	"$quorate" log checkpoint >checkpoint
	"$quorate" form receipt "$incident" --output receipt.pdf
	"$quorate" form ceremony db-root --output ceremony.pdf
	"$quorate" form acknowledgement db-root --card 1 --output ack.pdf
	size=$(sed -n 2p checkpoint)
	for form in receipt ceremony ack; do
		pdftoppm -r 150 -gray $form.pdf page-$form
		# Not every page has one.
		zbarimg --nodbus -q --raw page-$form*.pgm >code || [ -s code ]
		[[ "$(cat code)" == QUO1K:* ]]
		[ "$(wc -l <code)" -eq 1 ]
		for witness in code $form.pdf; do
			run -0 "$quorate" log verify --witness "$witness"
			[[ "$output" == *"covers $size: agrees"* ]]
		done
		pdftotext -layout $form.pdf - | grep -A2 -E 'quorate/[0-9a-f]{32}$' |
			sed 's/^ *//' | diff - checkpoint
	done
}

@test "a blank form has lines for what isn't known" {
	for kind in playbook ceremony acknowledgement receipt; do
		"$quorate" form $kind --blank --no-ledger --paper letter
		says blank-$kind.pdf 'ustodian'
		[[ "$(cat text)" != *'Checkpoint of the log'* ]]
	done
	[ "$(pages blank-playbook.pdf)" -eq 1 ]
	[ "$(pages blank-acknowledgement.pdf)" -eq 1 ]
	[ "$(pages blank-receipt.pdf)" -eq 1 ]
	for variant in premises plant; do
		"$quorate" form playbook --blank --variant $variant \
			--output $variant.pdf
		[ "$(pages $variant.pdf)" -eq 1 ]
	done
	"$quorate" form playbook web-admin --blank
	says web-admin-playbook.pdf 'Playbook: web-admin' \
		'quorate reconstruct web-admin --incident'
}

@test "a dealing makes its forms beside the cards" {
	mkdir empty
	refuse 2 '--forms empty: there is no ledger' "$quorate" split db-root \
		--no-ledger -k 2 -n 3 --mint --forms empty
	refuse 2 'paper: no such directory' "$quorate" split db-root \
		--policy '2 of (cfo, ciso, cto)' --mint --forms paper
	mkdir paper cards
	"$quorate" split db-root --policy '2 of (cfo, ciso, cto)' --mint \
		--output cards --format txt --forms paper --json >said
	[ "$(ls paper | xargs)" = "db-root-g1-c1-acknowledgement.pdf \
db-root-g1-c2-acknowledgement.pdf db-root-g1-c3-acknowledgement.pdf \
db-root-g1-ceremony.pdf db-root-g1-playbook.pdf" ]
	says paper/db-root-g1-ceremony.pdf "$(json said 'j["set"]')" \
		'card 3, cto'
	says paper/db-root-g1-playbook.pdf "$(json said 'j["set_words"]')"
	# The dealing is done, whatever becomes of its forms.
	echo mine >paper/db-root-g2-ceremony.pdf
	"$quorate" split db-root --policy '2 of (cfo, ciso, cto)' --mint \
		--output cards --format txt --forms paper --json >said \
		2>warned
	grep -q 'the cards are out, but not the forms' warned
	[ "$(json said 'j["generation"]')" = 2 ]
	[ "$(ls paper | wc -l)" -eq 6 ]
}

@test "every command on a form is one that the program takes" {
	split
	for variant in cloud premises plant; do
		"$quorate" form playbook db-root --variant $variant \
			--output $variant.html
		known $variant.html
		"$quorate" form playbook --blank --variant $variant \
			--output blank-$variant.html
		known blank-$variant.html
	done
	grep -q '^quorate review' lines
	"$quorate" form ceremony planned --policy '2 of (cfo, "a b", cto)' \
		--format html
	known planned-g1-ceremony.html
	grep -q '^quorate split' lines
	"$quorate" form ceremony db-root --format html
	known db-root-g2-ceremony.html
	grep -q '^quorate rotate' lines
	# It does find what is wrong.
	sed 's/--incident/--incydent/' cloud.html >wrong.html
	run known wrong.html
	[ "$status" -ne 0 ]
}

@test "a playbook can be followed as it stands" {
	split
	"$quorate" form playbook db-root --output book.html
	commands book.html | sed "s/YOU/dba/; s/WHY/'no login'/; s/ID/OPS-7/
		s/--criterion N/--criterion 2/; s/WHO/eve/
		s/--signature FILE//; s/TEXT/done/g; s,SHA256@PLACE,none:paper,
		s,--show,cards/*-c1-* cards/*-c2-* --output-fd 9 9>secret," |
		grep -E '^quorate (request|approve|reconstruct.*INC-N)' >lines
	[ "$(wc -l <lines)" -eq 3 ]
	while read -r line; do
		eval "\$quorate ${line#quorate }" >out 2>said </dev/null || {
			cat said; false; }
		[ -s incident ] ||
			sed -n 's/^incident: //p' out >incident
	done < <(sed 's/INC-N/$(cat incident)/' lines)
	[ "$(cat secret)" = 'correct horse' ]
}

@test "the commands on the auditor's card are taken, too" {
	"$quorate" log init --ledger other.db --auditor-card card.pdf
	pdftotext -layout card.pdf - | grep -o 'quorate log verify .*' >line
	eval "set -- $(cut -d' ' -f2- line)"
	"$quorate" "$@" --help >/dev/null
}

@test "nothing secret is on any form" {
	split
	open_it
	for format in pdf html; do
		"$quorate" form playbook db-root --format $format
		"$quorate" form ceremony db-root --format $format
		"$quorate" form acknowledgement db-root --format $format
		"$quorate" form receipt "$incident" --format $format
	done
	[ "$(ls -- *.pdf *.html | wc -l)" -eq 12 ]
	for file in *.pdf; do
		pdftotext -layout "$file" "$file.txt"
	done
	grep -ho 'QUO1[A-Z]*:[A-Z2-7]*' cards/* | grep -o '[A-Z2-7]\{24\}' \
		>codes
	[ -s codes ]
	for file in *.pdf.txt *.html; do
		! grep -q 'correct horse' "$file"
		tr -d ' \n' <"$file" >flat
		! grep -qFf codes flat
	done
}
