#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The delivery hook that prints, on a print server of the test's own.

bats_require_minimum_version 1.5.0
load common

setup_file() {
	tools=$(realpath "$BATS_TEST_DIRNAME/../tools")
	export tools
	[ "$(id -u)" -eq 0 ] && [ -x /usr/sbin/cupsd ] || return 0
	# root runs no hook in a directory of others
	server=$(mktemp -d /run/quorate-cups-XXXXXX)
	chmod 755 "$server"
	export server
	LC_ALL=C "$tools/cups-server" start "$server/cups" \
		'PreserveJobFiles No'
}

teardown_file() {
	[ -n "${server:-}" ] || return 0
	"$tools/cups-server" stop "$server/cups"
	rm -rf "$server"
}

setup() {
	[ -n "${server:-}" ] || skip "wants root, and cups"
	begin
	cups=$server/cups
	hook=$server/$BATS_TEST_NUMBER/cups
	mkdir -m 755 "${hook%/cups}"
	install -m 755 "$BATS_TEST_DIRNAME/../../examples/deliver/cups" "$hook"
	# printers of this test's own
	hall=hall$BATS_TEST_NUMBER safe=safe$BATS_TEST_NUMBER
	printer "$hall" -v sheet:/
	configure "printer = $hall"
	printf 'correct horse' >secret
}

admin() {
	CUPS_SERVER=$cups/sock LC_ALL=C "$@"
}

printer() {
	admin lpadmin -p "$1" -E "${@:2}" 2>/dev/null
}

# What stands beside the hook, and where the server is.
configure() {
	printf '%s\n' "server = $cups/sock" "cupsd-conf = $cups/cupsd.conf" \
		"$@" >"$hook.conf"
	chmod 644 "$hook.conf"
}

# Deal what stands in the file secret; the words are options of split.
print() {
	run --separate-stderr "$quorate" split db --deliver "${deliver:-$hook}" \
	    --policy "${policy:-2 of (cfo, ciso, cto)}" "$@" <secret
	echo "$stderr"
}

# refused WORDS [OPTION...]: nothing was printed, and nothing is going to be
refused() {
	local jobs
	jobs=$(admin lpstat -W all -o)
	print "${@:2}"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"$1"* ]]
	[[ "$stderr" == *"no card went out"* ]]
	[ "$(admin lpstat -W all -o)" = "$jobs" ]
}

sheets() {
	find "$cups/sheets" -name "$1-*[0-9]" | sort -V
}

# No document of any job is in the spool.
spool_is_empty() {
	[ -z "$(find "$cups/spool" -name 'd*' -type f)" ]
	[ -z "$(find "$cups/spool/tmp" -type f)" ]
	[ -z "$(admin lpstat -W not-completed -o)" ]
}

@test "what isn't configured well is refused before a card is out" {
	configure 'printer = -x'
	refused '"-x" is no name of a printer'
	configure 'printer = a/b'
	refused 'no name of a printer'
	configure 'printer = nowhere'
	refused 'no printer nowhere'
	configure "printer = $hall cfo" "printer = $hall cto"
	refused 'no printer for "ciso"'
	configure "printer = $hall cfo" "printer = $hall cto" \
		"printer = nowhere ciso"
	refused 'no printer nowhere'
	configure "printer = $hall" 'paper = a4'
	refused 'what is "paper = a4"?'
	chmod 666 "$hook.conf"
	refused 'can be changed by others'
	rm "$hook.conf"
	refused 'hint: it says which printer'
	run -1 "$hook" deliver </dev/null
	run -1 "$hook" print </dev/null
	[[ "$output" == *usage* ]]
}

@test "what CUPS would keep, forget or can't print is refused" {
	refused 'only PDF is printed' --format png
	head -c 5000 /dev/urandom | base64 -w 0 >secret
	refused 'db-g1-c1-cfo.sealed: only PDF'
	printf 'correct horse' >secret
	for line in '' 'PreserveJobFiles Yes' 'preservejobfiles 1d' \
	    "PreserveJobFiles No
PreserveJobFiles Yes" '#PreserveJobFiles No'; do
		echo "$line" >"$server/kept.conf"
		configure "printer = $hall" "cupsd-conf = $server/kept.conf"
		refused 'CUPS keeps what it prints'
	done
	printf '%s\n' 'PreserveJobFiles No' 'PreserveJobHistory no' \
		>"$server/kept.conf"
	refused 'CUPS forgets how a job ended'
	configure "printer = $hall" "cupsd-conf = $server/nothing"
	refused "can't be read"
}

@test "a server that is gone, a printer that is stopped or takes no jobs" {
	configure "printer = $hall" "server = $server/nothing"
	refused 'no answer from CUPS'
	configure "printer = $hall cfo" "printer = $safe"
	printer "$safe" -v sheet:/
	admin cupsreject "$safe"
	refused "printer $safe takes no jobs"
	admin cupsaccept "$safe"
	admin cupsdisable "$safe"
	refused "printer $safe is stopped"
	run -75 env QUORATE_CARD=1 QUORATE_FILE=a.pdf QUORATE_CUSTODIANS=cto \
		"$hook" deliver </dev/null
}

@test "each card is a job on its custodian's printer, and comes out whole" {
	printer "$safe" -v sheet:/
	configure "printer = $hall" "printer = $safe the other, ciso"
	policy='2 of (cfo, "the other, ciso", cto)' print
	[ "$status" -eq 0 ]
	[ "$(sheets "$hall" | wc -l)" -eq 2 ]
	[ "$(sheets "$safe" | wc -l)" -eq 1 ]
	serial=0
	for sheet in $(sheets "$hall" | head -n 1) $(sheets "$safe") \
	    $(sheets "$hall" | tail -n 1); do
		serial=$((serial + 1))
		"$quorate" check --json "$sheet" >checked.json
		[ "$(json checked.json '[(c["card"], c["verdict"])
		    for c in j["cards"]]')" = "[($serial, 'whole')]" ]
	done
	cp "$(sheets "$safe")" 2.pdf
	cp "$(sheets "$hall" | tail -n 1)" 3.pdf
	[ "$(rejoin 2.pdf 3.pdf)" = 'correct horse' ]
	# as jobs they are nobody's: one copy, one side, no banner
	words=$(cat "$cups/sheets/$safe"-*.words)
	[[ "$words" == *sides=one-sided* ]]
	[ "$(sed -n '3,4p' "$cups/sheets/$safe"-*.words)" = "document 2
1" ]
	run ! grep -rE 'db|cfo|ciso|cto' "$cups"/sheets/*.words "$cups/page"
	spool_is_empty
}

@test "a printer that fails has the card perhaps; its job is taken back" {
	printer "$hall" -v sheet:/ -o printer-error-policy=abort-job
	echo 'head -c 100 >/dev/null; exit 1' >"$cups/on-$hall"
	print
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"the job ended as aborted"* ]]
	[[ "$stderr" == *"look whether printer $hall has some of it"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1"* ]]
	printer "$hall" -v sheet:/ -o printer-error-policy=stop-printer
	print
	[[ "$stderr" == *"printer $hall is stopped"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1"* ]]
	spool_is_empty
	# nor does it print when the printer is back
	rm "$cups/on-$hall"
	admin cupsenable "$hall"
	[ -z "$(sheets "$hall")" ]
}

@test "a printer that takes too long has the card perhaps" {
	echo 'sleep 30 & wait' >"$cups/on-$hall"
	print --deliver-timeout 17s
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"the printer is not done with it"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1"* ]]
	spool_is_empty
	[ -z "$(sheets "$hall")" ]
}

@test "a printer that is stopped in between: the next card is for later" {
	cat >"$hook-2" <<-END
		#!/bin/sh
		[ "\$QUORATE_CARD" != 2 ] ||
			CUPS_SERVER=$cups/sock cupsdisable $hall
		exec $hook "\$@"
	END
	chmod 755 "$hook-2"
	deliver=$hook-2 print
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"card 2: "*"printer $hall is stopped"* ]]
	[[ "$stderr" == *"destroyed: 1" ]]
	[ "$(sheets "$hall" | wc -l)" -eq 1 ]
	spool_is_empty
}

@test "a server that keeps cards after all is found out by the first" {
	LC_ALL=C "$tools/cups-server" start "$server/keeps"
	cups=$server/keeps
	printer hall -v sheet:/
	configure 'printer = hall' 'cupsd-conf = none'
	print
	"$tools/cups-server" stop "$server/keeps"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"CUPS keeps the card, as job hall-1"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1"* ]]
	[ -n "$(find "$cups/spool" -name 'd*' -type f)" ]
}

@test "a card is in no argument, environment or file of the hook" {
	"$quorate" split db -k 2 -n 2 --mint --output cards
	cd cards
	run env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin QUORATE_CARD=1 \
	    QUORATE_FILE=db.pdf QUORATE_SECONDS=60 \
	    "$tools/leaks.py" --secret-file db-g1-c1.pdf -- \
	    "$hook" deliver <db-g1-c1.pdf
	echo "$output"
	[ "$status" -eq 0 ]
	cmp "$(sheets "$hall")" db-g1-c1.pdf
}

@test "Debian's PDF printer: what comes through its driver is whole" {
	[ -e /usr/lib/cups/backend/cups-pdf ] ||
		skip "wants printer-driver-cups-pdf"
	printer "PDF" -v cups-pdf:/ \
		-P /usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd
	configure 'printer = PDF'
	print
	[ "$status" -eq 0 ]
	[ "$(find "$cups/pdf" -name '*.pdf' | wc -l)" -eq 3 ]
	"$quorate" check --json "$cups"/pdf/*.pdf >checked.json
	[ "$(json checked.json '[c["verdict"] for c in j["cards"]]')" = \
		"['whole', 'whole', 'whole']" ]
	[ "$(rejoin "$cups"/pdf/*.pdf)" = 'correct horse' ]
	spool_is_empty
}
