#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate status: refusals first, then each thing that can be due, then the
# forms.

load common

setup() {
	begin
	make_ledger
	past=2001-01-01T00:00:00Z
	later=2999-01-01T00:00:00Z
}

teardown() {
	no_terminal
}

record() {
	"$ledger_tool" record "$ledger" "$@"
}

# Its ids are made of its name: dealt NAME [POLICY [CARDS]]
dealt() {
	local policy=${2:-2 of (cfo, ciso, cto)}
	set=$(printf %s "$1" | sha256sum | cut -c1-64)
	record event=deal-intent "credential=$1" "inventory=${set:0:32}" \
	    generation=1 "policy=$policy"
	record event=deal "credential=$1" "inventory=${set:0:32}" \
	    generation=1 "policy=$policy" "set=$set" "cards=${3:-3}"
}

# The last entry's number.
last() {
	entries | tail -n 1 | fields n
}

requested() {
	record event=request "credential=$1" requester=ana reason=down \
	    ticket=T-1 expected=2h expires="${2:-$later}"
}

# opened NAME [DEADLINE]
opened() {
	requested "$1"
	record event=open "credential=$1" "incident=INC-$(last)" \
	    "set=$set" cards=1,2 requester=ana reason=down ticket=T-1 \
	    deadline="${2:-$later}"
}

# The set of generation 2, which nobody rotated to yet: redealt NAME
redealt() {
	new=$(printf %064d 2)
	record event=deal-intent "credential=$1" generation=2 \
	    "inventory=${set:0:32}" 'policy=2 of (ana, ben, cleo)'
	record event=redeal "credential=$1" generation=2 "set=$new" \
	    "inventory=${set:0:32}" 'policy=2 of (ana, ben, cleo)' cards=3
}

# due WORDS NEXT: something is, in these words, with this next command
due() {
	run -1 --separate-stderr "$quorate" status
	echo "$output"
	[[ "$output" == *"$1"* ]]
	[ -z "${2:-}" ] || grep -qxF "      $2" <<<"$output"
}

@test "what makes no sense is refused" {
	dealt db-root
	refuse 2 'unknown option' "$quorate" status --nosuch
	refuse 2 '--json and --prometheus' "$quorate" status --json --prometheus
	refuse 2 '--output goes with' "$quorate" status --output figures
	refuse 2 'without NAME' "$quorate" status --all db-root
	refuse 2 'quorate status --all shows what is' "$quorate" status xyz
	refuse 2 '"db-rot" is not in the ledger' "$quorate" status db-rot
	run "$quorate" status db-rot
	[[ "$output" == *'did you mean "db-root"?'* ]]
}

@test "without a ledger it says so" {
	refuse 2 'this is about the ledger' "$quorate" status --no-ledger
	refuse 2 'there is no ledger at' "$quorate" status --ledger "$PWD/no.db"
	[ ! -e no.db ]
	echo 'no database' >broken.db
	chmod 600 broken.db
	refuse 3 'broken.db' "$quorate" status --ledger "$PWD/broken.db"
}

@test "a plugin says UNKNOWN itself" {
	run -3 --separate-stderr "$quorate" status --nagios \
	    --ledger "$PWD/no.db"
	[[ "$output" == 'QUORATE UNKNOWN - '* ]]
	[ "${#lines[@]}" -eq 1 ]
	dealt db-root
	in_ledger "UPDATE credential SET since = 'then'"
	run -3 --separate-stderr "$quorate" status --nagios
	[[ "$output" == 'QUORATE UNKNOWN - '* ]]
	refuse 3 'ledger' "$quorate" status
}

@test "nothing is due to an empty ledger, nor to a new dealing" {
	run -0 --separate-stderr "$quorate" status
	[[ "$output" == 'nothing is due: 0 credentials'* ]]
	dealt db-root
	run -0 --separate-stderr "$quorate" status
	[[ "$output" == 'nothing is due: 1 credential'* ]]
	[[ "$output" == *'db-root'*'dealt'*'2 of 3'*'never'* ]]
	run -0 --separate-stderr "$quorate" status --nagios
	[[ "$output" == 'QUORATE OK - nothing is due to 1 credential | '* ]]
	run -0 --separate-stderr "$quorate" status -q
	[ -z "$output" ]
}

@test "burned, then overdue" {
	dealt db-root
	opened db-root
	due 'db-root: burned since ' 'quorate rotate db-root CARD...'
	run -1 --separate-stderr "$quorate" status --nagios
	[[ "$output" == 'QUORATE WARNING - db-root: burned since '* ]]
	in_ledger "UPDATE credential SET deadline = '$past'"
	due 'now   db-root: rotation overdue by ' 'quorate rotate db-root CARD...'
	run -2 --separate-stderr "$quorate" status --nagios
	[[ "$output" == 'QUORATE CRITICAL - db-root: rotation overdue '* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a passed deadline is recorded once, and only when asked to" {
	dealt db-root
	opened db-root "$past"
	run -1 "$quorate" status
	[ "$(entries | fields event | grep -c '^overdue$')" -eq 0 ]
	run -1 --separate-stderr "$quorate" status --record
	[[ "$stderr" == *'1 deadline has passed: logged'* ]]
	run -1 --separate-stderr "$quorate" status --record
	[[ "$stderr" != *'logged'* ]]
	[ "$(entries | fields event | grep -c '^overdue$')" -eq 1 ]
	entries | grep '"overdue"' | fields credential incident deadline |
		grep -qx 'db-root INC-3 2001-01-01T00:00:00Z'
	"$ledger_tool" agrees "$ledger"
}

@test "criteria stand each by itself, with the number that cites it" {
	dealt db-root
	echo '{"credentials": [{"name": "db-root", "criteria":
	    ["no sign-on", "the directory is lost"]}]}' |
		"$quorate" import -q -
	run "$quorate" status db-root
	[[ "$output" == *'criteria        (1) no sign-on'$'\n'\
'                (2) the directory is lost'* ]]
}

@test "unproven, rotating, review" {
	dealt db-root
	opened db-root
	redealt db-root
	record event=rotate-start credential=db-root generation=2 "set=$new"
	due 'a rotation began ' \
	    'quorate rotate db-root --resume NEW-CARD... OLD-CARD...'
	record event=rotate-end credential=db-root generation=2 "set=$new" \
	    outcome=unproven
	due "that the old secret is refused isn't proven" \
	    'quorate rotate db-root --prove-old OLD-CARD...'
	record event=rotate-end credential=db-root generation=2 "set=$new" \
	    outcome=proven
	due 'INC-3 by ana is to be reviewed by ' \
	    'quorate review INC-3 --reviewer WHO'
	in_ledger "UPDATE incident SET rotated = '$past'"
	due 'INC-3 by ana was to be reviewed by 2001-01-06 00:00: late by ' \
	    'quorate review INC-3 --reviewer WHO'
}

# words_on ID: what stands on the cards of a set: ten bits a word
words_on() {
	/usr/bin/python3 - "$1" "$BATS_TEST_DIRNAME/../../lib/card" <<-'END'
		import sys
		id = int(sys.argv[1][:10], 16)
		words = open(sys.argv[2] + "/wordlist.txt").read().split()
		print(*[words[id >> s & 1023] for s in (30, 20, 10, 0)])
	END
}

@test "a rotation on its way: which set, who holds it, what is next" {
	dealt db-root
	redealt db-root
	due "cards of generation 2 are out, and the target wasn't asked yet" \
	    'quorate rotate db-root --resume NEW-CARD...'
	run "$quorate" status db-root
	[[ "$output" == *'card 1          cfo'*'generation 2    new: '*\
"the target wasn't asked yet ($(words_on "$new"))"$'\n''card 1          ana,'* ]]
	grep -qxF "on its cards    $(words_on "$set")" <<<"$output"
	record event=rotate-start credential=db-root generation=2 "set=$new"
	due 'and has no end: try the cards of generation 2 first' \
	    'quorate rotate db-root --resume NEW-CARD... OLD-CARD...'
	run "$quorate" status db-root
	[[ "$output" == *'generation 2    new: the target may have it'* ]]
	[[ "$output" != *"wasn't asked"* ]]
	record event=rotate-end credential=db-root generation=2 "set=$new" \
	    outcome=unproven
	run "$quorate" status db-root
	[[ "$output" == *'generation 2    new: the target takes it'* ]]
}

# next_set N: a set of generation N of db-root waits, in $new
next_set() {
	new=$(printf %s "db-root $1" | sha256sum | cut -c1-64)
	record event=deal-intent credential=db-root \
	    "inventory=${set:0:32}" generation="$1" \
	    'policy=2 of (cfo, ciso, cto)'
	record event=redeal credential=db-root "inventory=${set:0:32}" \
	    generation="$1" 'policy=2 of (cfo, ciso, cto)' "set=$new" \
	    cards=3 ${2:+"$2"}
}

# try N OUTCOME [WHY]: the target is asked to take it
try() {
	record event=rotate-start credential=db-root generation="$1" \
	    "set=$new"
	record event=rotate-end credential=db-root generation="$1" \
	    "set=$new" outcome="$2" ${3:+"detail=$3"}
}

# full LINE...: status db-root has these lines
full() {
	local line
	run --separate-stderr "$quorate" status db-root
	echo "$output"
	for line; do
		grep -qF -- "$line" <<<"$output"
	done
}

@test "a set that waits: for whose cards, and how to go on" {
	dealt db-root
	opened db-root
	next_set 2
	due 'cards of generation 2 are out, and the target wasn'"'"'t asked yet: none of its cards was scanned' \
	    'quorate rotate db-root --resume NEW-CARD...'
	# not another rotation, though it is burned
	run ! grep -qxF '      quorate rotate db-root CARD...' <<<"$output"
	full 'try             generation 1, not generation 2, which was never set' \
	    'for somebody to go on' '(cfo), 2 (ciso), 3 (cto)' \
	    'or give it up   quorate rotate db-root --abandon'
	record event=drill credential=db-root "set=$new" card=1 \
	    verdict=genuine generation=2
	record event=lost credential=db-root "set=$new" card=3 reason=taxi
	echo 'confirm = all' >>"$settings"
	full 'for all of its cards to be scanned' ' 1 of its' 'card 2 (ciso)'
	record event=drill credential=db-root "set=$new" card=2 \
	    verdict=genuine generation=2
	full 'all its cards were scanned'
	run ! grep -q '^next try' <<<"$output"
	"$quorate" status --json >j || true
	[ "$(json j 'j["credentials"][0]["rotation"]["try"]')" = '[1]' ]
	[ "$(json j '[(s["generation"], s["waits"], s["cards_scanned"], s["cards_not_scanned"]) for s in j["credentials"][0]["rotation"]["on_its_way"]]')" = \
	    "[(2, True, 2, None)]" ]
	run -1 --separate-stderr "$quorate" status --nagios
	[[ "$output" == *'db-root: burned since '* ]]
	"$quorate" report -q --output r.html || true
	grep -q 'the target was not asked; all its cards were scanned' r.html
	"$ledger_tool" agrees "$ledger"
}

@test "what the target may have: the order to try, and why it failed" {
	dealt db-root
	for n in 2 3; do
		next_set $n
		try $n unknown 'the target could not be asked'
	done
	due 'ago and has no end: try the cards of generation 3 first, then generation 2, then generation 1' \
	    'quorate rotate db-root --resume NEW-CARD... OLD-CARD...'
	full "generation 1: which one the target takes isn't known" \
	    'failed          2 times, last 2' \
	    ' ago: the target could not be asked' \
	    'next try        by rotate --due: 2' \
	    'or give it up   quorate rotate db-root --abandon OLD-CARD...'
	try 3 refused 'the new secret is refused'
	due 'try the cards of generation 2 first, then generation 1, then generation 3' \
	    'quorate rotate db-root --resume NEW-CARD... OLD-CARD...'
	"$quorate" status --json >j || true
	[ "$(json j 'j["credentials"][0]["rotation"]["try"]')" = '[2, 1, 3]' ]
	try 3 unknown 'the target could not be asked'
	next_set 4
	full 'not generation 4, which was never set'
	"$quorate" status --json >j || true
	[ "$(json j 'j["credentials"][0]["rotation"]["try"]')" = '[3, 2, 1]' ]
	[ "$(json j 'j["credentials"][0]["rotation"]["failures"]')" = 4 ]
	[ "$(json j 'j["credentials"][0]["rotation"]["failure"]')" = \
	    'the target could not be asked' ]
	[ "$(json j 'j["credentials"][0]["rotation"]["next_try"] > j["credentials"][0]["rotation"]["tried"]')" = True ]
	run -1 --separate-stderr "$quorate" status --prometheus
	echo "$output" >figures
	check_figures figures >parsed
	grep -qxF 'quorate_credential_rotation_failures credential="db-root" 4' parsed
	grep -qxF 'quorate_credential_sets_on_their_way credential="db-root" 3' parsed
	grep -qxF 'quorate_credential_due credential="db-root",kind="waiting" 1' parsed
	grep -q '^quorate_credential_rotation_next_try_timestamp_seconds' parsed
	"$quorate" report -q --output r.html || true
	grep -q 'generation 3 first, then generation 2, then generation 1' r.html
	grep -q '4 times, last .*: the target could not be asked' r.html
	# a day later its turn has come
	in_ledger "UPDATE credential SET tried = '$past'"
	in_ledger "UPDATE dealing SET dealt = '$past'"
	full 'next try        by rotate --due: with its next run'
}

@test "what failed is told where it is due" {
	dealt db-root
	opened db-root "$past"
	next_set 2
	try 2 kept 'the target refused the new secret'
	due '; its rotation failed 1 time, ' 'quorate rotate db-root CARD...'
	full 'failed          1 time, 2' \
	    ': the target refused the new secret' 'next try        by rotate'
	run ! grep -q '^try ' <<<"$output"
}

@test "why it is unproven, and what proves it" {
	dealt db-root
	opened db-root
	next_set 2
	try 2 unproven 'the old secret was not at hand'
	due "isn't proven: the old secret was not at hand" \
	    'quorate rotate db-root --prove-old OLD-CARD...'
	full 'try             generation 2 first, then generation 1: the target takes the first' \
	    'unproven        the old secret was not at hand'
	run ! grep -q -- '--abandon\|next try' <<<"$output"
	"$quorate" status --json >j || true
	[ "$(json j 'j["credentials"][0]["rotation"]["unproven"], j["credentials"][0]["rotation"]["unproven_reason"]')" = \
	    "(True, 'the old secret was not at hand')" ]
	run -1 "$quorate" status --nagios
	[[ "$output" == *'db-root: burned since'* ]]
	record event=rotate-end credential=db-root generation=2 "set=$new" \
	    outcome=proven
	run "$quorate" status db-root
	[[ "$output" != *'not at hand'* && "$output" != *$'\n'try* ]]
	"$ledger_tool" agrees "$ledger"
}

@test "of locked cards it says so" {
	dealt db-root
	"$quorate" status --json >j
	[ "$(json j 'j["credentials"][0]["rotation"]')" = None ]
	full 'policy'
	run ! grep -q '^locked' <<<"$output"
	next_set 2 locked=yes
	try 2 proven
	full 'locked          each card wants its phrase'
	"$quorate" status --json >j || true
	[ "$(json j 'j["credentials"][0]["locked"]')" = True ]
	"$ledger_tool" agrees "$ledger"
}

@test "requests that wait, or have expired" {
	dealt db-root
	requested db-root
	run -0 "$quorate" status
	in_ledger "INSERT INTO profile (credential, approvals) VALUES ('db-root', 2)"
	due 'INC-3 by ana waits for approvals: 0 of 2' \
	    'quorate approve INC-3 --approver WHO'
	in_ledger "UPDATE incident SET expires = '$past'"
	due 'INC-3 by ana expired ' 'quorate request --withdraw INC-3'
	requested db-root
	requested db-root
	due 'INC-4 by ana waits for approvals: 0 of 2 (and 1 more)' \
	    'quorate approve INC-4 --approver WHO'
}

@test "lost cards" {
	dealt db-root '3 of (a, b, c, d, e)' 5
	for card in 1 2 3; do
		record event=lost credential=db-root "set=$set" card=$card \
		    reason=taxi
		case $card in
		1) run -0 "$quorate" status
		   [[ "$output" == *'3 of 5, 1 lost'* ]] ;;
		2) due '2 of 5 cards are lost: no other may be' \
		       'quorate rotate db-root CARD...' ;;
		3) due '3 of 5 cards are lost: no quorum is left, and ' \
		       'quorate rotate db-root' ;;
		esac
	done
	run -2 "$quorate" status --nagios
}

@test "drills, leavers, review of cards, age, acknowledgements" {
	dealt db-root
	in_ledger "UPDATE dealing SET dealt = '$past', review = '2002-02-02'"
	in_ledger "UPDATE credential SET rotated = '$past'"
	in_ledger "INSERT INTO profile (credential, review_by)
		VALUES ('db-root', '2003-03-03')"
	in_ledger "INSERT INTO person (handle, roles, retired)
		VALUES ('cto', 1, '$past')"
	due 'of its custodians one is retired: cto: deal anew' \
	    'quorate rotate db-root CARD... --policy POLICY'
	due 'drill due since 2001-04-01: 3 of 3 cards never drilled' \
	    'quorate drill db-root CARD...'
	due 'its cards were due to be dealt anew by 2002-02-02'
	due ' old: it was to be changed by 2002-01-01'
	due 'its place in the inventory was to be reviewed by 2003-03-03' \
	    'quorate import FILE'
	due '3 of 3 cards not acknowledged, dealt ' \
	    'quorate acknowledge db-root --custodian WHO --form FILE'
	in_ledger "UPDATE card SET drilled = '$past'"
	due 'a card was last drilled on 2001-01-01'
}

@test "a dealing without end, one never dealt, and repeats" {
	record event=deal-intent credential=db-root generation=1 \
	    "inventory=$(printf %032d 1)" 'policy=2 of (a, b)'
	run -0 "$quorate" status
	[[ "$output" == *'note  db-root: never dealt'* ]]
	in_ledger "UPDATE intent SET time = '$past'"
	due 'a dealing began ' 'quorate split db-root'
	dealt web
	opened web
	opened web
	due 'web: used 2 times in 90 days'
}

@test "alerts that were not delivered" {
	dealt db-root
	in_ledger "INSERT INTO delivery (entry, sink, done) VALUES (1, 'syslog', 0)"
	due 'now   1 alert NOT DELIVERED' 'quorate log deliver'
	run -2 --separate-stderr "$quorate" status --nagios
	[[ "$output" == 'QUORATE CRITICAL - 1 alert NOT DELIVERED | '* ]]
	# Not that credential's business.
	run -0 "$quorate" status db-root
}

@test "what presses most comes first; --due leaves the rest out" {
	dealt a-calm
	dealt b-lost
	record event=lost credential=b-lost "set=$set" card=1 reason=taxi
	dealt c-burned
	opened c-burned
	dealt d-overdue
	opened d-overdue "$past"
	run -1 --separate-stderr "$quorate" status
	[ "$(sed -n '/^CREDENTIAL/,$s/ .*//p' <<<"$output" | xargs)" = \
	    'CREDENTIAL d-overdue b-lost c-burned a-calm' ]
	[[ "$output" == '3 of 4 credentials need something, 2 of them now'* ]]
	run -1 --separate-stderr "$quorate" status --due
	[[ "$output" != *a-calm* ]]
	[[ "$output" != *CREDENTIAL* ]]
	run -2 --separate-stderr "$quorate" status --nagios
	[[ "$output" == *'d-overdue: '*'; b-lost: '*'; c-burned: '*' | '* ]]
}

@test "retired ones are shown where that is asked for" {
	dealt old
	record event=retire credential=old reason='the target is gone'
	run -0 --separate-stderr "$quorate" status
	[[ "$output" == 'nothing is due: 0 credentials'* ]]
	run -0 --separate-stderr "$quorate" status --all
	[[ "$output" == *'old'*'retired'* ]]
	run -0 --separate-stderr "$quorate" status old
	[[ "$output" == 'old: retired, generation 1'* ]]
}

@test "a name shows all that is known" {
	dealt db-root
	record event=acknowledge credential=db-root "set=$set" card=2 \
	    "hash=$set" location='safe B, Bonn' bag=B-17
	in_ledger "INSERT INTO profile (credential, owner, target, kind, scenario,
	    justification, criteria, depends_on, drill_every) VALUES
	    ('db-root', 'dba', 'db1', 'human', 'no sign-on', 'recovery',
	    'both directories are down', 'none', 2592000)"
	run -0 --separate-stderr "$quorate" status db-root
	echo "$output"
	for line in 'owner           dba' 'target          db1' \
	    'kind            human' 'scenario        no sign-on' \
	    'justification   recovery' \
	    'criteria        both directories are down' \
	    'drill every     30d' 'policy          2 of (cfo, ciso, cto)'
	do
		grep -qxF "$line" <<<"$output"
	done
	[[ "$output" == *'card 1          cfo, not acknowledged, not drilled'* ]]
	[[ "$output" == *'card 2          ciso, in safe B, Bonn, bag B-17, acknowledged 2'* ]]
	"$quorate" status --json db-root >j
	[ "$(json j 'j["credentials"][0]["set_cards"][1]["bag"]')" = B-17 ]
	[ "$(json j 'j["credentials"][0]["profile"]["owner"]')" = dba ]
}

@test "JSON says the same" {
	dealt db-root
	opened db-root "$past"
	run -1 --separate-stderr "$quorate" status --json
	echo "$output" >j
	[ "$(json j 'j["credentials_due"], j["entries"]')" = '(1, 5)' ]
	[ "$(json j 'j["credentials"][0]["due"][0]["kind"]')" = overdue ]
	[ "$(json j 'j["credentials"][0]["due"][0]["next"]')" = \
	    'quorate rotate db-root CARD...' ]
	[ "$(json j 'j["credentials"][0]["incidents"][0]["incident"]')" = \
	    INC-3 ]
	[ "$(json j 'j["credentials"][0]["drilled"]')" = None ]
}

# Names that turn text, end lines, quote, or never end.
hostile_names() {
	dealt "$(printf 'bank-\342\200\256gnirosivda')"
	dealt "$(printf 'line\342\200\250end\342\201\251')"
	dealt "q\"uo\\te' \$(reboot) \`x\`|;"
	dealt "$(printf '\346\225\260\346\215\256\345\272\223')"
	dealt "$(head -c 4000 /dev/zero | tr '\0' n)"
	dealt "--help"
	in_ledger "INSERT INTO person (handle, roles, retired)
	    VALUES ('cto', 1, '$past'), ('ana', 2, NULL)"
}

@test "hostile names drive no terminal, and are quoted for the shell" {
	hostile_names
	run -1 --separate-stderr "$quorate" status
	[[ "$output" == *'bank-\u202egnirosivda'* ]]
	[[ "$output" == *'line\u2028end\u2069'* ]]
	! grep -qP '[\x00-\x09\x0b-\x1f\x7f]' <<<"$output"
	! LC_ALL=C grep -qP '\xe2\x80[\xa8\xae]|\xe2\x81\xa9' <<<"$output"
	next=$(sed -n '/\$(reboot)/s/^ *quorate rotate \(.*\) CARD\.\.\..*$/\1/p' <<<"$output")
	[ "$(eval "printf %s $next")" = "q\"uo\\te' \$(reboot) \`x\`|;" ]
	grep -qxF "      quorate rotate '--help' CARD... --policy POLICY" <<<"$output"
	run -1 --separate-stderr "$quorate" status --nagios
	[ "${#lines[@]}" -eq 1 ]
	[ "$(tr -cd '|' <<<"$output" | wc -c)" -eq 1 ]
	run -1 --separate-stderr "$quorate" status --json
	echo "$output" >j
	[ "$(json j 'len(j["credentials"])')" -eq 6 ]
}

# Each line of the textfile format, and each sample behind its TYPE.
check_figures() {
	/usr/bin/python3 - "$1" <<-'END'
	import re, sys
	types, helps, samples, group = {}, set(), {}, None
	text = open(sys.argv[1], encoding="utf-8", newline="\n").read()
	assert text.endswith("\n") and "\r" not in text
	label = r'[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"'
	for line in text[:-1].split("\n"):
	    if m := re.fullmatch(r"# HELP (\w+) (.+)", line):
	        assert m[1] not in helps
	        helps.add(m[1])
	    elif m := re.fullmatch(r"# TYPE (\w+) (gauge|counter)", line):
	        assert m[1] in helps and m[1] not in types
	        types[m[1]], group = m[2], m[1]
	        assert (m[2] == "counter") == m[1].endswith("_total")
	    else:
	        m = re.fullmatch(r"(\w+)(?:\{(%s(?:,%s)*)\})? (-?\d+)"
	                         % (label, label), line)
	        assert m, line
	        assert m[1] == group, line
	        assert (m[1], m[2]) not in samples, line
	        samples[m[1], m[2]] = int(m[3])
	for (name, labels), value in sorted(samples.items(), key=str):
	    print(name, labels or "-", value)
	END
}

@test "figures for Prometheus hold to the format" {
	hostile_names
	dealt db-root
	opened db-root "$past"
	run -1 --separate-stderr "$quorate" status --prometheus
	echo "$output" >figures
	check_figures figures >parsed
	grep -qxF 'quorate_credential_state credential="db-root",state="burned" 1' parsed
	grep -qxF 'quorate_credential_due credential="db-root",kind="overdue" 1' parsed
	grep -qxF 'quorate_credential_cards_lost credential="db-root" 0' parsed
	grep -qxF 'quorate_credential_uses_total credential="db-root" 1' parsed
	grep -qxF "quorate_log_entries - $(entries | wc -l)" parsed
	grep -qxF 'quorate_alerts_undelivered - 0' parsed
	grep -q '^quorate_credential_overdue_seconds credential="db-root" [1-9]' parsed
	grep -qF 'credential="q\"uo\\te'"'"' $(reboot) `x`|;"' parsed
	[ "$(grep -c '^quorate_credential_decay_seconds ' parsed)" -eq 7 ]
	grep -vF '# TYPE quorate_log_entries' figures >broken
	run ! check_figures broken
}

@test "--output replaces a file at once, for all to read" {
	dealt db-root
	echo old >figures
	chmod 600 figures
	ln figures other
	umask 077
	run -0 --separate-stderr "$quorate" status --prometheus \
	    --output figures
	[ -z "$output" ]
	check_figures figures
	[ "$(stat -c %a figures)" = 644 ]
	[ "$(cat other)" = old ]
	[ "$(ls -A | xargs)" = 'figures other' ]
	refuse 3 'no/figures' "$quorate" status --prometheus \
	    --output no/figures
}

@test "a ledger that can only be read will do, and is left alone" {
	dealt db-root
	opened db-root "$past"
	mkdir ro
	cp "$ledger" ro/ledger.db
	chmod 400 ro/ledger.db
	chmod 500 ro
	before=$(sha256sum ro/ledger.db)
	as=()
	if [ "$(id -u)" -eq 0 ]; then
		chown -R nobody ro
		as=(setpriv --reuid nobody --clear-groups env)
		chmod 711 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" \
		    "$BATS_RUN_TMPDIR" || true
		chmod -R go+rX "$XDG_CONFIG_HOME"
		"${as[@]}" test -r ro/ledger.db || skip 'nobody comes here'
		"${as[@]}" test -x "$quorate" || skip 'nobody comes here'
	fi
	run -1 --separate-stderr "${as[@]}" "$quorate" status \
	    --ledger "$PWD/ro/ledger.db"
	[[ "$output" == *'rotation overdue'* ]]
	run -3 --separate-stderr "${as[@]}" "$quorate" status --record \
	    --ledger "$PWD/ro/ledger.db"
	[ "$(sha256sum ro/ledger.db)" = "$before" ]
	[ "$(ls ro)" = ledger.db ]
	chmod 700 ro
}

@test "colours only on a terminal, and not against NO_COLOR" {
	dealt db-root
	opened db-root "$past"
	run -1 --separate-stderr "$quorate" status
	[[ "$output" != *$'\033'* ]]
	for no in '' 1; do
		NO_COLOR=$no TERM=xterm script -qec "$quorate status" typescript \
		    </dev/null >/dev/null || true
		if [ -z "$no" ]; then
			grep -q $'\033\\[1;31mnow' typescript
		else
			! grep -q $'\033' typescript
		fi
	done
}

@test "lines fit a terminal of 80 columns, and of 50" {
	hostile_names
	tmux -S tmux -f /dev/null new-session -d -x 80 -y 60 \
	    "exec env PS1='$ ' bash --norc --noprofile"
	await '$'
	for columns in 80 50; do
		tmux -S tmux resize-window -x "$columns" -y 60
		enter "clear; $quorate status | cat >all; $quorate status" \
		    " >/dev/tty; stty size >size"
		await CREDENTIAL
		until [ -s size ]; do sleep 0.05; done
		[ "$(cut -d' ' -f2 size)" = "$columns" ]
		rm size
		# No row of the table is wrapped: as many as there are names.
		tmux -S tmux capture-pane -p >screen
		cat screen
		[ "$(grep -cE '(dealt|active) +[0-9]+[smh] ' screen)" -eq 6 ]
	done
}
