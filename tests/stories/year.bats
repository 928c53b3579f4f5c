#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A year of a site with a ledger: dealt, drilled, opened at night, rescued
# without the ledger, left by a custodian, one card lost; and an auditor who
# was told the log and nothing else.

load ledger

setup() {
	begin_site ana bob cy ina
}

teardown() {
	remove_hook
}

roster() {
	cat <<-END
	{"people": [$(person ana requester), $(person bob approver),
	  $(person cy approver), $(person ina auditor),
	  $(person cfo custodian), $(person ciso custodian),
	  $(person cto custodian), $(person coo custodian),
	  $(person ops-1 custodian), $(person ops-2 custodian)],
	 "credentials": [
	  {"name": "db-root", "owner": "database team", "target": "db1",
	   "account": "admin", "kind": "human", "domain": "data",
	   "scenario": "sign-on is down", "justification": "no other way in",
	   "criteria": ["no sign-on for 15 minutes", "the directory is lost"],
	   "depends_on": ["power"], "approvals": 2, "deadline": "4h",
	   "drill_every": "90d", "hook": "$hooks/hook",
	   "playbook": "premises"},
	  {"name": "vault", "owner": "platform team", "target": "v1",
	   "account": "root", "kind": "human", "domain": "data",
	   "scenario": "all is lost", "justification": "unseal",
	   "criteria": ["the vault is sealed"], "depends_on": ["power"],
	   "approvals": 0, "drill_every": "90d"}]}
	END
}

# status WHEN WORDS...: something is due, and that
due() {
	local when=$1
	shift
	for words; do
		says 1 "$words" at "$when" "$quorate" status
	done
}

nothing_due() {
	says 0 'nothing is due: 2 credentials' at "$1" "$quorate" status
	says 0 'QUORATE OK' at "$1" "$quorate" status --nagios
}

# given WHEN NAME BAG CUSTODIAN...: their cards, against a signed form each
given() {
	local hour=${1%:*} name=$2 bag=$3 minute=10
	shift 3
	for who; do
		minute=$((minute + 1))
		echo "I have my card of $name, $bag. $who" >"$outside/form"
		at "$hour:$minute" "$quorate" acknowledge "$name" --custodian "$who" \
		    --form "$outside/form" --location "safe of $who" \
		    --bag "$bag-$who" 2>said
	done
	grep -q "all cards of \"$name\" are acknowledged" said
}

# drilled DAY CARD...: one after another, each by itself
drilled() {
	local day=$1 hour=9
	shift
	for card; do
		hour=$((hour + 1))
		says 0 'next by' at "$day $hour:00" "$quorate" drill "$card"
	done
}

dealing() {
	at '2027-01-04 09:00' "$quorate" log init \
	    --auditor-card "$outside/auditor.txt" 2>said
	grep -q 'give it to the auditor' said
	roster >roster.json
	at '2027-01-04 09:10' "$quorate" import roster.json 2>said
	grep -q 'new credential "vault"' said
	says 0 'quorate split vault' at '2027-01-04 09:20' "$quorate" status
	printf old | at '2027-01-04 10:00' "$quorate" split db-root \
	    --policy '2 of (cfo, ciso, cto)' --format txt --output g1 2>said
	printf v | at '2027-01-04 10:10' "$quorate" split vault --policy \
	    '2 of (2 of (cfo, ciso, cto), 1 of (ops-1, ops-2))' \
	    --format txt --output vault 2>said
	grep -q 'smallest group.* 3 people' said
	due '2027-01-19 12:00' 'db-root: 3 of 3 cards not acknowledged'
	given '2027-01-20 09:00' db-root A cfo ciso cto
	given '2027-01-20 10:00' vault B cfo ciso cto ops-1 ops-2
	nothing_due '2027-01-20 11:00'
}

# The cto is late, and everybody hears of it in the same words.
drills() {
	drilled 2027-04-01 g1/*cfo.txt g1/*ciso.txt
	drilled 2027-04-02 vault/*.txt
	nothing_due '2027-04-03 12:00'
	due '2027-04-06 12:00' 'db-root: drill due since 2027-04-04' \
	    '1 of 3 cards never drilled' 'quorate drill db-root'
	says 1 'QUORATE WARNING - db-root: drill due since 2027-04-04' \
	    at '2027-04-06 12:00' "$quorate" status --nagios
	says 1 'quorate_credential_due{credential="db-root",kind="drill"} 1' \
	    at '2027-04-06 12:00' "$quorate" status --prometheus
	drilled 2027-04-07 g1/*cto.txt
	nothing_due '2027-04-07 12:00'
}

# 03:10: nobody can sign on. Without two approvals nothing opens.
night() {
	says 1 'which of the criteria' at '2027-05-13 03:10' "$quorate" \
	    request db-root --requester ana --reason 'the directory is down' \
	    --ticket OPS-7
	at '2027-05-13 03:11' "$quorate" request db-root --requester ana \
	    --reason 'the directory is down' --ticket OPS-7 --criterion 2 \
	    --expected 1h --output inc.txt -q >name
	first=$(cat name)
	says 1 '0 of 2 approvals' at '2027-05-13 03:12' "$quorate" \
	    reconstruct db-root g1/*cfo.txt g1/*ciso.txt --incident "$first" \
	    --output-fd 1
	due '2027-05-13 03:13' "quorate approve $first"
	for who in cy bob; do
		sign "$who" inc.txt
		says 0 "signed by $who" at "2027-05-13 03:2${#who}" "$quorate" \
		    approve "$first" --approver "$who" \
		    --signature "$outside/$who.sig"
	done
	# before the child has the secret, the log has its entry
	at '2027-05-13 03:24' "$quorate" reconstruct db-root g1/*cfo.txt \
	    g1/*ciso.txt --incident "$first" --exec=stdin -- sh -c '
		"$quorate" log show --event open --json >open
		cat >got; sleep 1' 2>said
	[ "$(cat got)" = old ]
	[ "$(fields event incident <open)" = "open $first" ]
	grep -q "then have it reviewed: quorate review $first" said
	due '2027-05-13 04:00' 'db-root: burned since 2027-05-13 03:24: to be'
	at '2027-05-13 05:00' "$quorate" rotate db-root g1/*cfo.txt \
	    g1/*ciso.txt --format txt --output g2 2>said
	grep -q 'takes the new secret, and refuses the old one' said
	grep -q 'was burned for 1h 36m' said
	due '2027-05-13 05:10' "$first by ana is to be reviewed by 2027-05-18"
	given '2027-05-14 09:00' db-root C cfo ciso cto
	says 1 'missing: --findings' at '2027-05-14 09:30' "$quorate" review \
	    "$first" --reviewer ina --classification emergency
	reviewed '2027-05-14 10:00' "$first"
	nothing_due '2027-05-14 11:00'
}

# reviewed WHEN INCIDENT: by the auditor, signed
reviewed() {
	local said=(--reviewer ina --classification emergency
	    --findings 'the disk of the directory was full'
	    --actions 'watch that disk' --recording
	    "$(sha256sum <roster.json | cut -c-64)@tlog.example.org/$2")
	at "$1" "$quorate" review "$2" "${said[@]}" --show >statement
	sign ina statement
	says 0 'signed by ina' at "$1" "$quorate" review "$2" "${said[@]}" \
	    --signature "$outside/ina.sig"
}

# The host of the ledger is down, too. The receipt comes in the next morning.
rescue() {
	drilled 2027-07-01 vault/*.txt g2/*.txt
	mv "$ledger" "$outside/away"
	says 3 'goes on without; a receipt' at '2027-08-02 22:40' \
	    "$quorate" reconstruct db-root g2/*cfo.txt g2/*cto.txt \
	    --output-fd 1
	at '2027-08-02 22:41' "$quorate" reconstruct db-root g2/*cfo.txt \
	    g2/*cto.txt --no-ledger --receipt slip --requester ana \
	    --reason 'the storage is down' --ticket OPS-9 --exec=stdin -- \
	    cmp - "$target/password" 2>said
	mv "$outside/away" "$ledger"
	nothing_due '2027-08-03 07:50'
	says 0 '"db-root" is burned' at '2027-08-03 08:00' "$quorate" log \
	    receipt slip
	second=$(entries | grep '"event":"request"' | tail -n 1 |
	    sed 's/{"n":\([0-9]*\),.*/INC-\1/')
	due '2027-08-03 08:10' 'db-root: rotation overdue by 5h'
	says 2 'QUORATE CRITICAL - db-root: rotation overdue' \
	    at '2027-08-03 08:10' "$quorate" status --nagios
	at '2027-08-03 08:41' "$quorate" rotate db-root g2/*cfo.txt \
	    g2/*cto.txt --format txt --output g3 2>said
	grep -q '"db-root" was burned for 10h' said
	given '2027-08-03 10:00' db-root D cfo ciso cto
	reviewed '2027-08-05 10:00' "$second"
	[ "$(cat slip | sed -n 's/^checkpoint: \([0-9]*\) .*/\1/p')" -gt 0 ]
}

# The cto leaves: what they held is dealt anew, to somebody who is there.
leaver() {
	says 0 '"db-root", generation 3, is due for dealing anew: cto' \
	    at '2027-09-01 09:00' "$quorate" person retire cto
	due '2027-09-01 09:01' 'vault: of its custodians one is retired: cto' \
	    'db-root: of its custodians one is retired: cto'
	says 1 '"cto" is retired: name another' at '2027-09-01 10:00' \
	    "$quorate" rotate db-root g3/*cfo.txt g3/*ciso.txt \
	    --format txt --output g4
	at '2027-09-01 10:10' "$quorate" rotate db-root g3/*cfo.txt \
	    g3/*ciso.txt --policy '2 of (cfo, ciso, coo)' --format txt \
	    --output g4 2>said
	given '2027-09-02 10:00' db-root E cfo ciso coo
	printf v >"$target/password"
	at '2027-09-02 11:00' "$quorate" rotate vault vault/*cfo.txt \
	    vault/*ciso.txt vault/*ops-2.txt --hook "$hooks/hook" --policy \
	    '2 of (2 of (cfo, ciso, coo), 1 of (ops-1, ops-2))' \
	    --format txt --output vault2 2>said
	given '2027-09-03 10:00' vault F cfo ciso coo ops-1 ops-2
	nothing_due '2027-09-03 11:00'
}

lost_card() {
	says 1 'no other card may be lost' at '2027-10-10 10:00' "$quorate" \
	    lost db-root --custodian cfo --reason 'the safe was emptied'
	due '2027-10-10 10:10' 'db-root: 1 of 3 cards is lost'
	at '2027-10-10 11:00' "$quorate" rotate db-root g4/*ciso.txt \
	    g4/*coo.txt --format txt --output g5 2>said
	given '2027-10-11 10:00' db-root G cfo ciso coo
	# whoever found it has the card of a set that opens nothing any more
	says 1 'retired' "$quorate" check g4/*cfo.txt
	nothing_due '2027-10-11 11:00'
}

# What the auditor is given: the log; has: the card of the first day, and
# a card that was dealt in the autumn.
audit() {
	at '2027-12-30 10:00' "$quorate" log export \
	    --output "$outside/year.log"
	mv "$ledger" "$outside/gone"
	cd "$outside"
	for verifier in verify verify_without; do
		$verifier year.log --auditor-key auditor.txt \
		    --witness ../work/g4/*coo.txt --witness ../work/slip \
		    --witness ../work/inc.txt >"$verifier"
		grep -q '^seal: holds for ' "$verifier"
		[ "$(grep -c '^witness .*: agrees' "$verifier")" -eq 3 ]
		grep -q "the last outside witness covers .* rest on this \
host's honesty alone\.\$" "$verifier"
	done
	run ! grep -q 'warning' verify verify_without
	[ "$(tail -n 1 verify)" = "$(tail -n 1 verify_without)" ]
	/usr/bin/python3 "$BATS_TEST_DIRNAME/story.py" year.log >told
	x='ding SHA256@PLACE or none:REASON'
	diff told - <<-END
	$first: db-root
	  why: the directory is down; ticket OPS-7; the directory is lost
	  who: for ana; approved by cy (signed), bob (signed)
	  refused: open: 0 of 2 approvals are there: quorate approve $first
	  refused: review: missing: --findings TEXT, --actions TEXT, --recor$x
	  opened: 2027-05-13 03:24, with the cards of cfo, ciso
	  exposed: less than a minute
	  burned: 1h 36m
	  reviewed: by ina (signed), as emergency
	$second: db-root
	  why: the storage is down; ticket OPS-9; no criterion
	  told later, by a receipt
	  who: for ana; approved by nobody
	  opened: 2027-08-02 22:41, with the cards of cfo, cto
	  exposed: less than a minute
	  burned: 10h
	  rotated too late: due 2027-08-03T02:41
	  reviewed: by ina (signed), as emergency
	END
	at '2027-12-30 10:00' "$quorate" report --log year.log --json \
	    --output report.pdf --auditor-key auditor.txt \
	    --witness ../work/g4/*coo.txt >report.json
	pdftotext report.pdf - | grep -q "$first: db-root"
	[ "$(json report.json '[(i["incident"], i["decay_seconds"] // 3600,
	    i["late"], i["reviewer"]["auth"], i["missing"])
	    for i in j["incidents"]]')" = \
	    "[('$first', 1, False, 'signed', None), \
('$second', 10, True, 'signed', None)]" ]
	[ "$(json report.json '[(u["within"], u["repeats"])
	    for u in j["uses_of_credentials"]]')" = '[(2, 1)]' ]
}

# The report, from the log alone, tells the same: to people, and to programs.
reported() {
	cd "$outside"
	"$quorate" report --log year.log --from 2027-01-01 --to 2027-12-31 \
	    --auditor-key auditor.txt --witness ../work/g4/*coo.txt \
	    --output year.html
	"$quorate" report --log year.log --from 2027-01-01 --to 2027-12-31 \
	    --json >year.json
	[ "$(json year.json '[(i["incident"], i["requester"]["name"],
	    i["reason"], i["ticket"], i["opened"][:16],
	    i["decay_seconds"] // 60, i["late"], i["reviewer"]["name"],
	    i["reviewer"]["auth"]) for i in j["incidents"]]')" = \
	    "[('$first', 'ana', 'the directory is down', 'OPS-7', \
'2027-05-13T03:24', 96, False, 'ina', 'signed'), \
('$second', 'ana', 'the storage is down', 'OPS-9', \
'2027-08-02T22:41', 600, True, 'ina', 'signed')]" ]
	[ "$(json year.json 'len(j["rotations"])')" -ge 5 ]
	for words in "$first" "$second" 'the storage is down' OPS-9 \
	    'rest on this host' 'Once a person has seen a password'; do
		grep -q -- "$words" year.html
	done
	run ! grep -qE '<script|https?://[^ ]*\.(js|css)' year.html
}

@test "a year: two incidents, a leaver, a lost card, and what the log tells" {
	dealing
	drills
	night
	rescue
	leaver
	lost_card
	# everybody was told of each use, each refusal, the loss, at once
	alerts >heard
	for event in request open refused rotate-end receipt lost; do
		grep -q "^$event db-root\$" heard
	done
	"$ledger_tool" agrees "$ledger"
	audit
	reported
}
