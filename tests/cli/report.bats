#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate report: what an auditor gets, from a ledger and from a log alone.

load common

setup() {
	begin
	year="/usr/bin/python3 $BATS_TEST_DIRNAME/../tools/year.py"
}

# The text of an HTML report, a block a line
text_of() {
	/usr/bin/python3 -c 'import html, re, sys
t = open(sys.argv[1], encoding="utf-8").read()
t = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", t, flags=re.S)
t = re.sub(r"</(p|h1|h2|h3|dd|tr|li|pre|figcaption|div)>", "\n", t)
print(html.unescape(re.sub(r"<[^>]*>", " ", t)))' "$1" | tr -s ' '
}

has() {
	local line
	while read -r line; do
		grep -qF -e "$line" text || {
			echo "missing: $line"
			return 1
		}
	done
}

@test "what makes no sense is refused, and leaves nothing" {
	$year >log.txt
	refuse 2 "--from 01.02.2026: a date is wanted: YYYY-MM-DD" \
		"$quorate" report --log log.txt --from 01.02.2026
	refuse 2 "--to 2026-02-30: a date is wanted" \
		"$quorate" report --log log.txt --to 2026-02-30
	refuse 2 "the period would end before it begins" "$quorate" report \
		--log log.txt --from 2026-02-02 --to 2026-02-01
	refuse 2 "--log and --ledger exclude each other" \
		"$quorate" report --log log.txt --ledger there.db
	refuse 2 "--format is one of html, pdf" "$quorate" report --log log.txt --format doc
	refuse 2 "nowhere.txt" "$quorate" report --log nowhere.txt \
		--output out.html
	echo none >no-key
	refuse 2 "no-key: the auditor's key is neither" "$quorate" report \
		--log log.txt --auditor-key no-key --output out.html
	refuse 2 "and there is none" "$quorate" report --output out.html
	refuse 2 "exclude each other" "$quorate" report --log log.txt \
		--ledger there.db --output out.html
	refuse 3 "no-dir/out.html" "$quorate" report --log log.txt \
		--output no-dir/out.html
	echo no database >broken.db
	refuse 3 "damaged" "$quorate" report --ledger broken.db
}

@test "from the log alone it says who, why, when, how long" {
	$year >log.txt
	run --separate-stderr "$quorate" report --log log.txt --output r.html
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$stderr" = 'quorate: the report is r.html' ]
	[ "$(stat -c %a r.html)" = 600 ]
	text_of r.html >text
	has <<-'END'
		2025-11-20 09:00:00 to 
		INC-25: db-root
		ana (signed by SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG), on 2026-01-17 03:10:00 UTC
		single sign-on is down, and pages don't stop
		OPS-7580
		bob (signed by SHA256:
		card 1 of cfo, genuine; card 3 of cto, genuine
		2026-01-17 03:14:00 UTC, with cards 1,3
		30 min
		dora (signed by SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG), on 2026-01-19 05:14:00 UTC, as emergency
		sign-on was down for two hours
		ben (claimed), on 2026-03-30 01:05:00 UTC
		1 d 7 h; longer than allowed
		told to be overdue on 2026-06-12 02:04:00
		eve (claimed), on 2026-11-18 01:00:00 UTC
		The rules yielded to an emergency: nobody who may ask could be reached
		Not closed: a proven rotation, a review is missing
		REFUSED, open: "mallory" is no requester; said: let me in
		card 2: forged; its set is not known here
		pager: NOT DELIVERED: alert of entry 60, try 1: it took too long
		card 2 of ciso is LOST: a bag was found open
		The roster isn't in the log
		A quorum of custodians can always rebuild the secret without this tool; the evidence against that is a broken seal on a bag.
		Once a person has seen a password, nothing here takes it back; only changing it on the target ends the exposure.
		The tool does not see what is done with the credential; recording a session belongs to the target, tlog or a PAM product.
		A name in the log is as strong as the key behind it: "signed by" and "claimed" are shown differently.
	END
}

@test "all cards that were shown are told, however many" {
	$year >log.txt
	/usr/bin/python3 - <<-'END' >longer.txt
		import json
		for line in open("log.txt"):
		    end = line.partition("\t")[2]
		    entry = json.loads(line.partition("\t")[0])
		    print(line, end="")
		for i in range(1, 101):
		    more = {"n": entry["n"] + i, "time": entry["time"],
		            "event": "present", "incident": "INC-25",
		            "person": "kø %d" % i, "card": str(i),
		            "verdict": "genuine"}
		    print(json.dumps(more, ensure_ascii=False,
		          separators=(",", ":")) + "\t" + end, end="")
	END
	run "$quorate" report --log longer.txt --output r.html
	text_of r.html >text
	has <<-'END'
		card 1 of kø 1, genuine; card 2 of kø 2, genuine; card 3
		card 99 of kø 99, genuine; card 100 of kø 100, genuine
	END
}

@test "a rescue counts from when it was opened, not from its receipt" {
	$year >log.txt
	"$quorate" report --log log.txt --json >r.json
	[ "$(json r.json '[i["opened"] for i in j["incidents"]
		if "receipt" in i]')" = "['2026-10-05T03:20:00Z']" ]
	"$quorate" report --log log.txt --output r.html
	text_of r.html >text
	has <<-'END'
		A rescue without the ledger: receipt d1e2f3a4 tells of it, and was taken in on 2026-10-05 16:00:00 UTC
		2026-10-05 03:20:00 UTC, with cards 1,2
		15 min
	END
}

@test "a period has what touches it, and an empty one says so" {
	$year >log.txt
	"$quorate" report --log log.txt --from 2026-01-01 --to 2026-03-31 \
		--json >r.json
	[ "$(json r.json '[i["incident"] for i in j["incidents"]]')" = \
		"['INC-25', 'INC-49', 'INC-65']" ]
	[ "$(json r.json 'j["decay"]["median_seconds"]')" = 18000 ]
	[ "$(json r.json '[(u["within"], u["repeats"]) for u in
	    j["uses_of_credentials"] if u["name"] == "db-root"]')" = \
		"[(2, 1)]" ]
	"$quorate" report --log log.txt --from 2024-01-01 --to 2024-12-31 \
		--output r.html
	text_of r.html >text
	has <<-'END'
		The log has no entry of this period
		None was declared, open or closed in this period.
		Nothing was burned in this period
		Nothing was refused in this period.
		No card was drilled in this period
	END
}

@test "a log that isn't whole: the report stands, says so, and exits 1" {
	$year >log.txt
	sed '30s/db-root/db-rooT/' log.txt >changed.txt
	printf 'QUO1A:%s\n' "$(printf 'A%.0s' $(seq 52))" >key.txt
	"$quorate" report --log log.txt --auditor-key key.txt --output ok.html
	run "$quorate" report --log changed.txt --auditor-key key.txt \
		--output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	has <<-'END'
		THE LOG IS NOT WHOLE
		entry 29: the seal is WRONG
	END
	# Where a line is none, all that follows is told as far as it can be.
	sed '30s/^{/[/' log.txt >broken.txt
	run "$quorate" report --log broken.txt --output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	has <<-'END'
		THE LOG IS NOT WHOLE
		entry 29 and those behind it are left out
		eve (claimed), on 2026-11-18 01:00:00 UTC
	END
	# A line that is one, and says too little to be what it says it is.
	{ head -n 1 log.txt; printf '%s\t%064d\n' '{"n":1,"time":"2026-01-01T'\
'00:00:00Z","event":"drill","credential":"x"}' 0; } >little.txt
	run "$quorate" report --log little.txt --output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	echo "entry 1 and those behind it are left out" | has
	: >empty.txt
	run "$quorate" report --log empty.txt --output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	echo "entry 0: it is missing: the log is empty" | has
}

@test "it says what log verify says, of witnesses too" {
	$year >log.txt
	head -n 100 log.txt >short.txt
	"$quorate" report --log short.txt --json >short.json
	json short.json 'j["checkpoint"]' >seen
	"$quorate" log verify log.txt --witness seen >said
	"$quorate" report --log log.txt --witness seen --json >r.json
	[ "$(json r.json '"\n".join(j["verifier"])')" = "$(cat said)" ]
	grep -qF "witness seen: covers 100: agrees" said
	run "$quorate" report --log short.txt --witness said --output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	echo "witness said: there is no checkpoint in it" | has
}

@test "whatever stands in the fields stays text" {
	$year --hostile >log.txt
	"$quorate" report --log log.txt --output r.html
	! grep -q '<script' r.html
	! grep -q 'src=\|href=' r.html
	! grep -qP '\x{202e}|\x{2066}' r.html
	grep -q '&lt;script&gt;alert(1)' r.html
	"$quorate" report --log log.txt --output r.pdf
	pdftotext -layout r.pdf - | grep -qF '<script>alert(1)'
	"$quorate" report --log log.txt --json >r.json
	json r.json 'len(j["incidents"])' | grep -qx 9
}

@test "the ledger's report and that of its exported log say the same" {
	make_ledger
	"$quorate" import - <<-'END' 2>/dev/null || [ $? -le 1 ]
		{"people": [
		 {"handle": "ana", "name": "Ana K.", "roles": ["requester"],
		  "contact": ["+49 30 1234567"]},
		 {"handle": "bob", "roles": ["approver"]},
		 {"handle": "cfo", "roles": ["custodian"]},
		 {"handle": "ciso", "roles": ["custodian"]},
		 {"handle": "cto", "roles": ["custodian"]},
		 {"handle": "dora", "roles": ["auditor"]}],
		 "credentials": [{"name": "db-root", "owner": "Database team",
		  "target": "db-3.example", "criteria": ["sign-on is down"]}]}
	END
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	"$quorate" request db-root --requester ana --reason 'no sign-on' \
		--ticket T-1 --criterion 1 2>/dev/null
	before=$(sha256sum "$ledger")
	"$quorate" report --json >one.json
	[ "$(sha256sum "$ledger")" = "$before" ]
	"$quorate" log export --output log.txt
	"$quorate" report --log log.txt --json >two.json
	/usr/bin/python3 - <<-'END'
		import json
		one, two = (json.load(open(f)) for f in ("one.json", "two.json"))
		alike = ("ledger", "from", "whole", "checkpoint", "verifier",
		    "decay", "incidents", "refused", "drills", "dealings",
		    "people_changed", "inventory_changed",
		    "uses_of_credentials")
		for key in alike:
		    assert one[key] == two[key], key
		assert len(one["incidents"]) == 1
		assert len(one["people"]) == 6 and two["people"] == []
		assert "contact" not in one["people"][0]
		(a,), (b,) = one["credentials"], two["credentials"]
		assert a["profile"]["owner"] == "Database team"
		assert "profile" not in b
		assert {k: a[k] for k in b if k not in ("due",)} == \
		    {k: b[k] for k in b if k not in ("due",)}
	END
	"$quorate" report --output r.html
	text_of r.html >text
	has <<-'END'
		Database team
		ana Ana K. requester none
		dora, auditor
		the smallest group that could open "db-root" in secret: 2 people (cfo, ciso)
	END
	! grep -qF '+49 30' text
	"$quorate" report --contacts --output r.html
	text_of r.html | grep -qF '+49 30 1234567'
}

@test "tables that the log doesn't make are told, and exit 1" {
	make_ledger
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	in_ledger "UPDATE credential SET uses = 7"
	run "$quorate" report --output r.html
	[ "$status" -eq 1 ]
	text_of r.html >text
	echo "is not what its log makes: table credential" | has
}

@test "what can't be read in the middle: no half of JSON" {
	make_ledger
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	/usr/bin/python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE card SET acknowledged = ?", ("then",))
db.commit()' "$ledger"
	refuse 3 "damaged" "$quorate" report --json
	refuse 3 "damaged" "$quorate" status db-root --json
}

@test "whoever writes doesn't wait for the report" {
	make_ledger
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	# A pipe that nobody reads holds the report where it writes.
	mkfifo pipe
	"$quorate" report >pipe &
	report=$!
	exec 7<pipe
	sleep 0.5
	timeout 4 "$ledger_tool" record "$ledger" event=unlocked detail=more
	exec 7<&-
	wait "$report" || true
}

@test "PDF by its name or by --format" {
	$year >log.txt
	"$quorate" report --log log.txt --output r.pdf
	"$quorate" report --log log.txt --format pdf >s.pdf
	for f in r.pdf s.pdf; do
		pdftotext -layout "$f" - >text
		has <<-'END'
			INC-25: db-root
			The verifier's output
		END
	done
	"$quorate" report --log log.txt --output both.html --json >r.json
	grep -q 'Break-glass report' both.html
	[ "$(json r.json 'j["whole"]')" = True ]
}

@test "a log of many entries: cut tables in the document, all in JSON" {
	$year --entries 20000 >log.txt
	"$quorate" report --log log.txt --output r.html
	[ "$(stat -c %s r.html)" -lt 1000000 ]
	"$quorate" report --log log.txt --json >r.json
	[ "$(json r.json 'len(j["drills"])')" -gt 19000 ]
}
