#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The manuals' examples, each of them run: one story in one directory, where
# cards are texts under the names that the examples give to pictures.

bats_require_minimum_version 1.5.0

load common

setup() {
	begin
	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	work=$BATS_TEST_TMPDIR/work
	mkdir "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/alerts"
	printf '#!/bin/sh\ncat >"%s/opened"\n' "$BATS_TEST_TMPDIR" \
		>"$BATS_TEST_TMPDIR/bin/cryptsetup"
	chmod 755 "$BATS_TEST_TMPDIR/bin/cryptsetup"
	export PATH=${quorate%/*}:$BATS_TEST_TMPDIR/bin:$PATH
	printf '%s\n' "ledger = $BATS_TEST_TMPDIR/ledger.db" 'syslog = none' \
		"hooks = $BATS_TEST_TMPDIR/alerts" >"$settings"
	for page in "$top"/docs/man/*.1; do
		sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/s/^\.Dl //p' "$page"
	done | sed 's/\\(dq/"/g' | sort -u >"$BATS_TEST_TMPDIR/all"
	: >"$BATS_TEST_TMPDIR/done"
}

# example STATUS LINE [WITH]: a line of the manuals, which is to end so.
# `&` in WITH is the line, with the names of this story; else it is LINE.
example() {
	local want=$1 line=$2 with=${3:-&}
	grep -qxF -e "$line" "$BATS_TEST_TMPDIR/all" ||
		{ echo "no manual says: $line"; return 1; }
	echo "$line" >>"$BATS_TEST_TMPDIR/done"
	line=${line//INC-17/$incident}
	line=${line//INC-7/$incident}
	with=${with//&/"$line"}
	echo "\$ $with"
	status=0
	eval "$with" >"$BATS_TEST_TMPDIR/said" 2>&1 </dev/null 3>&- || status=$?
	cat "$BATS_TEST_TMPDIR/said"
	[ "$status" -eq "$want" ]
}

make_roster() {
	/usr/bin/python3 - "$1" >roster.json <<-'END'
		import json, sys
		roles = {"ana": "requester", "bob": "approver", "ina": "auditor",
		    "cfo": "custodian", "ciso": "custodian", "cto": "custodian"}
		people = [{"handle": h, "roles": [r]} for h, r in roles.items()]
		people[1]["keys"] = [open(sys.argv[1]).read().strip()]
		credentials = [{"name": "db-root", "approvals": 1}, {"name": "web-admin"}]
		json.dump({"people": people, "credentials": credentials}, sys.stdout)
	END
}

# cards DIR GENERATION: under the names that examples give to them
cards() {
	local c
	for c in 1 2 3; do
		for name in card-$c.pdf card-$c.jpg scan-$c.pdf scan-$c.jpg; do
			cp "$1/db-root-g$2-c$c"*.txt "$name"
		done
	done
	cp card-3.pdf scan.pdf
	cp card-2.jpg card.png
}

@test "each example of the manuals does what it should" {
	incident=none
	named="--policy '2 of (cfo, ciso, cto)' --format txt --target $work/target"
	for key in anna bob; do
		ssh-keygen -q -t ed25519 -N '' -f $key
	done
	for hook in postgres unix-account; do
		install -m 755 "$top/examples/hooks/demo-file" $hook
	done
	make_roster bob.pub
	example 0 'quorate log init --auditor-card auditor.pdf'
	for name in auditor.jpg form-2.pdf f.pdf sheet.pdf old.pdf; do
		cp auditor.pdf $name
	done
	example 0 'quorate import --dry-run roster.json'
	example 0 'quorate import roster.json'
	example 0 'quorate export >roster.json'
	example 0 'quorate person add anna --role requester --key-file anna.pub'
	example 0 'quorate person change anna --role custodian,approver'
	example 0 'quorate person retire anna'

	example 0 'quorate split db-root -k 2 -n 3 --mint --output cards' \
		'& --format txt'
	example 0 'quorate split db-root -k 2 -n 3 --mint --user root --target db1 --output cards' \
		"quorate split db-root -k 2 -n 3 --mint --user root --target $work/target --output cards --format txt"
	id=$(set_of "$BATS_TEST_TMPDIR/said")
	cards cards 2
	example 0 "quorate split aws-root --policy '2 of (cfo, ciso, cto)' --lock" \
		'& --mint --format txt --phrase-fd 8 8>phrases'
	pw=secret
	example 0 'printf %s "$pw" | quorate split router -k 3 -n 5 --format txt'

	example 0 'quorate check scan.pdf'
	example 0 'quorate check scan-1.pdf scan-2.jpg'
	example 0 'quorate check --set 6b428ff138aa90a74cc3306761e0743d card-2.jpg' \
		"quorate check --set $id card-2.jpg"
	example 0 'quorate drill card-2.jpg'
	example 0 'quorate drill db-root card-1.pdf card-3.pdf --quorum'

	example 0 "quorate request db-root --requester ana --reason 'no login' --ticket OPS-7"
	incident=$(sed -n 's/^incident: //p' "$BATS_TEST_TMPDIR/said")
	example 0 'quorate request --show INC-17 --output inc-17.txt' \
		"quorate request --show $incident --output inc-17.txt"
	ssh-keygen -q -Y sign -n quorate -f bob inc-17.txt
	example 0 'quorate approve INC-17 --approver bob --signature inc-17.txt.sig' \
		"quorate approve $incident --approver bob --signature inc-17.txt.sig"
	# These want a terminal.
	example 2 'quorate reconstruct --show'
	grep -q terminal "$BATS_TEST_TMPDIR/said"
	example 2 'quorate reconstruct db-root card-1.jpg scan.pdf --show'
	grep -q terminal "$BATS_TEST_TMPDIR/said"
	mkdir texts
	cp cards/db-root-g2-c[12].txt texts
	example 0 'quorate reconstruct *.txt --exec=stdin -- cryptsetup open /dev/sdb1 x' \
		"(cd texts; quorate reconstruct *.txt --incident $incident --exec=stdin -- cryptsetup open /dev/sdb1 x)"
	[ -s "$BATS_TEST_TMPDIR/opened" ]

	example 0 'quorate rotate db-root card-1.pdf card-3.pdf --hook ./postgres --output new' \
		"& $named"
	cp card-2.jpg witness
	cards new 3
	example 0 'quorate rotate host-root --hook ./unix-account --user root -k 2 -n 3' \
		"& --target $work/host --format txt"
	example 0 'quorate review INC-17 --reviewer ina --show' \
		'& --classification emergency --findings x --actions y --recording none:z'
	example 0 "quorate review INC-17 --reviewer ina --classification emergency --findings 'disk full' --actions 'larger disk' --recording 'none:no PAM there'"
	example 0 'quorate acknowledge db-root --card 2 --form form-2.pdf'
	example 0 'quorate acknowledge db-root --custodian ciso --form f.pdf --bag A42'

	mkdir playbooks
	quorate split web-admin -k 2 -n 3 --mint --format txt --output cards \
		</dev/null
	example 0 'quorate form playbook db-root web-admin --output playbooks'
	example 0 "quorate form ceremony db-root --policy '2 of (cfo, ciso, cto)'"
	example 0 'quorate form acknowledgement db-root --card 2'
	example 0 'quorate form receipt INC-7 --output inc-7.pdf' \
		"quorate form receipt $incident --output inc-7.pdf"

	example 0 'quorate attest db-root --ceremony --form sheet.pdf --witness ana'
	example 0 'quorate attest db-root --destroyed --generation 1 --form old.pdf'

	why="--reason 'a card is lost' --ticket none --requester ana --emergency approvers --format txt"
	example 0 'quorate reissue db-root card-1.pdf card-3.pdf --output new' \
		"& $why"
	cards new 4
	cp new/db-root-g4-c[12]*.txt texts
	rm texts/*-g2-*
	example 0 "quorate reissue db-root *.txt --policy '2 of (cfo, ciso, coo)'" \
		"(cd texts; quorate person add coo --role custodian; & $why --output ../new)"
	cards new 5

	run -1 quorate rotate db-root card-1.pdf card-3.pdf --format txt \
		--hook ./postgres --target "$work/target" --output new --confirm quorum
	cp new/db-root-g6-c1*.txt new-1.pdf
	cp new/db-root-g6-c2*.txt new-2.pdf
	example 0 'quorate rotate db-root --resume new-1.pdf new-2.pdf card-1.pdf card-3.pdf' \
		"& --hook ./postgres --target $work/target"
	cards new 6
	sed 's/single-secret = yes/single-secret = no/' postgres >several
	chmod 755 several
	quorate rotate tenant --hook ./several -k 2 -n 3 --format txt \
		--target "$work/cloud" --output cards
	example 0 "quorate rotate tenant --prove-old --word ina --seen 'old refused' --show"
	echo nothing >throwaway
	example 0 'quorate hook test ./unix-account --user throwaway' \
		"& --target $work/throwaway --yes"
	example 0 'quorate hook test ./ldap-entry --user cn=try,dc=example --ask' \
		"quorate hook test ./postgres --user throwaway --target $work/throwaway --yes"

	example 0 'quorate reconstruct db-root c1.pdf c3.pdf --exec --then-rotate -- ./repair' \
		"quorate reconstruct db-root card-1.pdf card-3.pdf $why --exec --then-rotate --hook ./postgres --output new -- true"
	cards new 7

	example 1 "quorate lost db-root --card 2 --reason 'bag torn open'"
	example 1 'quorate status'
	example 1 'quorate status db-root'
	example 0 'quorate rotate db-root card-1.pdf card-3.pdf --hook /etc/quorate/hooks/db --output new' \
		"quorate rotate db-root card-1.pdf card-3.pdf --hook ./postgres --output new $named"
	example 0 'quorate rotate --due --deliver /etc/quorate/hooks/deliver -q' \
		'quorate rotate --due --output due -q'
	example 1 "quorate lost db-root --custodian ciso --reason 'house burnt down'"
	example 1 'quorate status --prometheus --output /srv/textfile/quorate.prom' \
		'quorate status --prometheus --output quorate.prom'

	example 0 'quorate log show --credential db-root --last 20'
	example 0 'quorate log verify --witness card-2.jpg --auditor-key auditor.jpg'
	example 0 'quorate log export --output quorate.log'
	cp quorate.log log.txt
	example 0 'quorate report --from 2026-01-01 --to 2026-12-31 --output 2026.pdf'
	example 0 'quorate report --log log.txt --witness card.png --output audit.html'
	example 0 "quorate retire db-root --reason 'the host is gone'"

	sort -u "$BATS_TEST_TMPDIR/done" | diff "$BATS_TEST_TMPDIR/all" -
}
