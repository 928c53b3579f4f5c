#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# log receipt: a rescue without the ledger is told to it afterwards.

load common

setup() {
	begin
	echo 'syslog = none' >>"$settings"
	printf 'one' | deal db-root cards -k 2 -n 3 --secret-file - 2>split
	card1=$(echo cards/*-c1*) card2=$(echo cards/*-c2*)
	card3=$(echo cards/*-c3*)
	"$quorate" reconstruct "$card1" "$card3" --receipt slip --reason \
	    "sso is down" --ticket T-7 --requester alice --exec -- \
	    cp slip early
	set=$(sed -n 's/^set: //p' slip) id=$(sed -n 's/^id: //p' slip)
	make_ledger
	echo 'syslog = none' >>"$settings"
}

state() {
	in_ledger "SELECT name, state FROM credential"
}

# Nothing but perhaps entries that say what was refused
unchanged() {
	[ "$(entries 1 | fields event | grep -v '^refused$')" = "$1" ]
}

@test "what is no receipt is refused" {
	refuse 2 "name its file" "$quorate" log receipt
	refuse 2 "nowhere" "$quorate" log receipt nowhere
	: >empty
	refuse 1 "no receipt" "$quorate" log receipt empty
	refuse 1 "no receipt" "$quorate" log receipt "$card1"
	sed 's/^quorate receipt 1/quorate receipt 2/' slip >newer
	refuse 1 "another version" "$quorate" log receipt newer
	unchanged ""
}

@test "a slip of the copyist is told" {
	sed 's/alice/alicf/' slip >copy
	refuse 1 "letter by letter" "$quorate" log receipt copy
	head -n -1 slip >copy
	refuse 1 "letter by letter" "$quorate" log receipt copy
	unchanged ""
}

@test "without a ledger there is nothing to do" {
	no_ledger
	refuse 2 "there is none" "$quorate" log receipt slip
}

@test "one goes in once, whichever version comes first" {
	book "$card1" db-root
	run -0 --separate-stderr "$quorate" log receipt early
	before=$(entries | grep -vc '"event":"refused"')
	for again in early slip; do
		run -1 --separate-stderr "$quorate" log receipt "$again"
		[[ "$stderr" == *"taken in already"* ]]
	done
	[ "$(entries | grep -vc '"event":"refused"')" = "$before" ]
	[ "$(entries | fields event act | tail -1)" = "refused receipt" ]
	"$ledger_tool" agrees "$ledger"
}

@test "it becomes an incident, and the credential is burned" {
	book "$card1" db-root
	run -0 --separate-stderr "$quorate" log receipt slip --json
	printf '%s' "$output" >out.json
	[ "$(json out.json 'j["incident"]')" = INC-4 ]
	[ "$(json out.json 'j["credential"]')" = db-root ]
	[[ "$stderr" == *'INC-4: "db-root" is burned'* ]]
	entries 3 | fields event credential incident requester ticket card \
	    verdict cards >said
	cat said
	diff said - <<-END
		receipt db-root - alice T-7 - - 1,3
		request db-root - alice T-7 - - -
		present db-root INC-4 alice T-7 1 whole -
		present db-root INC-4 alice T-7 3 whole -
		open db-root INC-4 alice T-7 - - 1,3
		opened db-root INC-4 alice T-7 - - 1,3
		close db-root INC-4 alice T-7 - - 1,3
	END
	opened=$(sed -n 's/^opened: //p' slip)
	[[ "$(entries 3 | fields detail | head -1)" == \
	    "$id: opened $opened on $(uname -n) by uid $(id -u) (exec), closed 2"*"; without the ledger: choice" ]]
	[ "$(entries 4 | fields emergency | head -1)" = "receipt $id" ]
	[ "$(state)" = "db-root burned" ]
	"$ledger_tool" agrees "$ledger"
}

@test "decay counts from the opening, not from when it was told" {
	book "$card1" db-root
	faketime -f +3h "$quorate" log receipt slip
	opened=$(sed -n 's/^opened: //p' slip)
	/usr/bin/python3 - "$ledger" "$opened" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		row = db.execute("SELECT burned, used, deadline FROM credential")
		burned, used, deadline = row.fetchone()
		assert burned == used == sys.argv[2], (burned, used)
		assert deadline > burned
		assert db.execute("SELECT opened FROM incident").fetchall() == [
		    (burned,)]
	END
	later=$(entries | grep '"event":"open"' | fields seconds)
	[ "$later" -ge 10800 ] && [ "$later" -lt 10900 ]
	"$ledger_tool" agrees "$ledger"
}

@test "a clock that was ahead puts no deadline off" {
	book "$card1" db-root
	faketime -f -400d "$quorate" log receipt slip
	/usr/bin/python3 - "$ledger" <<-'END'
		import datetime, sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		since, deadline = [datetime.datetime.fromisoformat(t[:-1]) for t
		    in db.execute("SELECT since, deadline FROM credential"
		    ).fetchone()]
		assert (deadline - since).total_seconds() <= 4 * 3600
	END
}

@test "of a set that the ledger doesn't know the receipt alone is logged" {
	run -0 --separate-stderr "$quorate" log receipt slip
	[[ "$stderr" == *"doesn't know its set"* ]]
	[ "$(entries 1 | fields event credential set | xargs)" = \
	    "receipt - $set present - $set present - $set" ]
	[ -z "$(state)" ]
	"$ledger_tool" agrees "$ledger"
}

@test "a set that poses as a known one burns nothing, and is told" {
	"$quorate" check --no-ledger --json "$card1" >one.json || true
	fields=(credential=db-root policy="2 of (a, b, c)" cards=3
	    inventory="$(json one.json 'j["sets"][0]["inventory"]')"
	    generation=1 set="$(printf '%064d' 7)")
	"$ledger_tool" record "$ledger" event=deal-intent "${fields[@]}"
	"$ledger_tool" record "$ledger" event=deal "${fields[@]}"
	run -0 --separate-stderr "$quorate" log receipt slip
	[[ "$stderr" == *'claims to be one of "db-root"'*"auditor"* ]]
	[ "$(state)" = "db-root dealt" ]
}

@test "a retired set was opened: that is told, and burns nothing" {
	book "$card1" db-root
	"$ledger_tool" record "$ledger" event=retire credential=db-root \
	    reason="the host is gone"
	run -0 --separate-stderr "$quorate" log receipt slip
	[[ "$stderr" == *'a retired set of "db-root"'* ]]
	[ "$(entries 4 | fields event deadline | grep open-retired)" = \
	    'open-retired -' ]
	[ "$(state)" = "db-root retired" ]
	"$ledger_tool" agrees "$ledger"
}

@test "an alert that was not delivered is told to the log" {
	book "$card1" db-root
	/usr/bin/python3 - slip >told <<-'END'
		import hashlib, sys
		body = open(sys.argv[1]).read()[:-24]
		body += "undelivered: syslog\nundelivered: hook:mail\n"
		print(body + "check: "
		      + hashlib.sha256(body.encode()).hexdigest()[:16])
	END
	run -0 --separate-stderr "$quorate" log receipt told
	[ "$(entries 3 | fields event sink | grep -v -- -)" = \
	    "undelivered syslog
undelivered hook:mail" ]
	"$ledger_tool" agrees "$ledger"
}

@test "one that says little goes in, too" {
	book "$card1" db-root
	"$quorate" reconstruct "$card1" "$card3" --no-ledger --output-fd 9 \
	    9>out 2>said
	sed -n '/^quorate receipt 1$/,/^check: /p' said >short
	run -0 --separate-stderr "$quorate" log receipt - <short
	[ "$(state)" = "db-root burned" ]
	[[ "$(entries | fields event)" != *close* ]]
	[ "$(entries | grep '"request"' | fields requester)" = - ]
	"$ledger_tool" agrees "$ledger"
}
