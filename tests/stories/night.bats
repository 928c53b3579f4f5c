#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Used at 03:10, rotated by the timer at the deadline, old cards refused, new
# cards open: with a PostgreSQL superuser, each card encrypted to its
# custodian, and the units of examples/systemd. Where systemd runs it starts
# them; elsewhere their command runs as they would have it, and makes no system
# call that they forbid.

load ledger
load ../cli/servers

setup_file() {
	begin_server postgres
	sql 'CREATE ROLE emergency SUPERUSER LOGIN'
	export examples=$BATS_TEST_DIRNAME/../../examples
	deliver=$server/hooks/age
	mkdir "$server/hooks" "$server/keys"
	install -m 755 "$examples/deliver/age" "$deliver"
	export deliver
}

teardown_file() {
	end_server
}

setup() {
	begin_site
	put_hook postgresql
	cards=$BATS_TEST_TMPDIR/cards
	mkdir "$cards" "$outside/keys"
	for who in cfo ciso cto; do
		age-keygen -o "$outside/keys/$who" 2>said
		age-keygen -y "$outside/keys/$who" >"$server/keys/$who"
	done
	printf '%s\n' "keys = $server/keys" "output = $cards" >"$deliver.conf"
	chmod -R go-w "$deliver.conf" "$server/keys"
	make_login
	unit=/run/systemd/system/quorate-night.service
	allowed=$(calls_of quorate-rotate.service)
	[[ ",$allowed," == *',?openat,'* ]]
}

teardown() {
	remove_hook
	no_unit
	"$ledger_tool" agrees "$ledger"
	# what is left of one that was killed is no call
	! grep -sv '???( <detached \.\.\.>$' "$BATS_TEST_TMPDIR/forbidden"
}

# Somebody at work: who has the password on standard input is a superuser.
make_login() {
	cat >"$outside/login" <<-END
		#!/bin/sh
		PGPASSWORD=\$(cat) PGCONNECT_TIMEOUT=9 exec psql -XAtqw \
		    -h 127.0.0.1 -p $port -U emergency -d postgres -c "SELECT
		    'as ' || rolname FROM pg_roles
		    WHERE rolsuper AND rolname = current_user"
	END
	chmod 755 "$outside/login"
}

# begin_credential [HOOK]: from the roster, its password on three cards
begin_credential() {
	cat >roster.json <<-END
	{"people": [$(person ana requester), $(person ina auditor),
	  $(person cfo custodian), $(person ciso custodian),
	  $(person cto custodian)],
	 "credentials": [
	  {"name": "db-root", "owner": "database team", "kind": "human",
	   "target": "host=127.0.0.1 port=$port socket=$server/socket \
admin=postgres", "account": "emergency", "scenario": "sign-on is down",
	   "criteria": ["no sign-on for 15 minutes"], "approvals": 0, "deadline": "4h", "hook": "${1:-$hook}"}]}
	END
	at '2027-05-01 09:00' "$quorate" log init -q \
	    --auditor-card "$outside/auditor.txt" 2>said
	at '2027-05-01 09:10' "$quorate" import -q roster.json
	(cd / && sql "ALTER ROLE emergency PASSWORD 'of the first day'")
	printf 'of the first day' | at '2027-05-01 10:00' "$quorate" split \
	    db-root --policy '2 of (cfo, ciso, cto)' --deliver "$deliver" -q
	[ "$(ls "$cards" | wc -l)" -eq 3 ]

}

# brought G CUSTODIAN...: each opens the own card of that generation by the
# own key; sets $brought
brought() {
	local g=$1 card
	shift
	brought=()
	for who; do
		card=$(echo "$cards/db-root-g$g"-*-"$who.pdf.age")
		age -d -i "$outside/keys/$who" "$card" \
		    >"$outside/g$g-$who.pdf"
		brought+=("$outside/g$g-$who.pdf")
	done
}

# What the cards that were brought open; nobody is told
opened() {
	rejoin --no-ledger "${brought[@]}"
}

# used WHEN OPTION...: opened, logged in; what psql said is in $outside/work
used() {
	local when=$1
	shift
	brought 1 cfo cto
	at "$when" "$quorate" reconstruct db-root "${brought[@]}" \
	    --requester ana --reason 'the directory is down' --ticket OPS-7 \
	    --criterion 1 "$@" --exec=stdin -- "$outside/login" >"$outside/work" 2>said
	[ "$(cat "$outside/work")" = 'as emergency' ]
}

# The command of the unit, for the paths of here
command_of() {
	sed -n 's/^ExecStart=//p' "$examples/systemd/$1" |
	    sed -e "s|/usr/local/bin/quorate|$quorate|" \
	    -e "s|/etc/quorate/hooks/deliver|$deliver|"
}

# calls_of UNIT: what its filter allows, as strace takes it
calls_of() {
	systemd-analyze syscall-filter 2>/dev/null | awk -v "filter=$(sed -n \
	    's/^SystemCallFilter=//p' "$examples/systemd/$1")" '
		function list(words, i, n, word) {
			n = split(words, word, " ")
			for (i = 1; i <= n; i++)
				if (word[i] ~ /^@/)
					list(calls[word[i]])
				else
					printf ",?%s", word[i]
		}
		/^@/ { set = $1 }
		/^ +[@a-z_]/ { calls[set] = calls[set] " " $1 }
		END { list(filter) }' | cut -c 2-
}

systemd_runs() {
	[ -d /run/systemd/system ] && [ "$(id -u)" -eq 0 ]
}

# The unit as it is, and what is different here
make_unit() {
	cp "$examples/systemd/quorate-rotate.service" "$unit"
	mkdir -p "$unit.d"
	printf '%s\n' '[Service]' 'ExecStart=' \
	    "ExecStart=/usr/bin/faketime '$1' $(command_of \
	    quorate-rotate.service)${2:+ $2}" \
	    "Environment=TZ=UTC XDG_CONFIG_HOME=$XDG_CONFIG_HOME" \
	    PrivateTmp=no ProtectHome=no \
	    "ReadWritePaths=$server $BATS_TEST_TMPDIR" \
	    "StandardOutput=append:$PWD/told" \
	    "StandardError=append:$PWD/told" >"$unit.d/here.conf"
	systemctl daemon-reload
}

no_unit() {
	[ -e "$unit" ] || return 0
	systemctl reset-failed quorate-night.service || true
	rm -rf "$unit" "$unit.d"
	systemctl daemon-reload
}

# timer WHEN [OPTIONS]: what it starts, at that time; what is said is in told
timer() {
	: >told
	if systemd_runs; then
		make_unit "$@"
		systemctl start quorate-night.service
		return
	fi
	# shellcheck disable=SC2046,SC2086 # words
	(umask 077 && cd / && exec setsid -w env -i LANG=C.UTF-8 TZ=UTC \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
	    XDG_CONFIG_HOME="$XDG_CONFIG_HOME" strace -A -f --seccomp-bpf \
	    -qq -o "$BATS_TEST_TMPDIR/forbidden" -e signal=none \
	    -e "trace=!$allowed" faketime "$1" \
	    $(command_of quorate-rotate.service) ${2:-}) \
	    </dev/null >>told 2>&1 3>&- 4>&-
}

# The deadline is at 07:10, and the timer looks every ten minutes.
rotated_at_the_deadline() {
	says 1 'db-root: burned since 2027-05-13 03:10: to be' \
	    at '2027-05-13 07:00' "$quorate" status
	timer '2027-05-13 07:00'
	[ "$(ls "$cards" | grep -c -e '-g2-')" -eq 0 ]
	says 2 'QUORATE CRITICAL - db-root: rotation overdue' \
	    at '2027-05-13 07:11' "$quorate" status --nagios
	timer '2027-05-13 07:11'
	[ "$(ls "$cards" | grep -c -e '-g2-')" -eq 3 ]
}

# refused_old SAID: the old cards are known as such, and open nothing
refused_old() {
	brought 1 cfo cto
	says 1 "$1" "$quorate" check "${brought[0]}"
	says 1 "$1" at '2027-05-13 12:00' "$quorate" drill "${brought[0]}"
	opened >"$outside/old"
	[ "$(cat "$outside/old")" = 'of the first day' ]
	says 2 'password authentication failed' "$outside/login" \
	    <"$outside/old"
}

# taken_new G: the new ones open what the server takes
taken_new() {
	brought "$1" ciso cto
	says 0 'cards 2,3 rebuild the key' at '2027-05-13 12:00' "$quorate" \
	    drill db-root "${brought[@]}" --quorum
	opened >"$outside/new"
	run ! cmp -s "$outside/new" "$outside/old"
	says 0 'as emergency' "$outside/login" <"$outside/new"
}

reviewed() {
	at '2027-05-14 10:00' "$quorate" review "$1" --reviewer ina \
	    --classification emergency --findings 'the disk was full' \
	    --actions 'watch that disk' --recording 'none:no terminal' \
	    >"$outside/statement" 2>&1 </dev/null ||
	    { cat "$outside/statement"; return 1; }
}

# The log of the night is whole, and what it says alone tells the story: told
# DECAY [LINE...]
told() {
	at '2027-05-14 11:00' "$quorate" log export -q \
	    --output "$outside/night.log"
	says 0 'agrees' verify "$outside/night.log" --witness "${brought[0]}" \
	    --auditor-key "$outside/auditor.txt" --witness "$outside/alerts"
	says 0 'agrees' verify_without "$outside/night.log" \
	    --auditor-key "$outside/auditor.txt" --witness "$outside/alerts"
	says 0 'as the log makes it' at '2027-05-14 11:00' "$quorate" log \
	    verify --rebuild
	/usr/bin/python3 "$BATS_TEST_DIRNAME/story.py" "$outside/night.log" \
	    >story
	sed -i "s/burned: $1\$/burned: as expected/" story
	diff story - <<-END
	INC-10: db-root
	  why: the directory is down; ticket OPS-7; no sign-on for 15 minutes
	  who: for ana; approved by nobody
	  opened: 2027-05-13 03:10, with the cards of cfo, cto
	  exposed: less than a minute
	  burned: as expected${2:+
	  rotated too late: due 2027-05-13T07:10}
	  reviewed: by ina (claimed), as emergency
	END
	"$quorate" report --log "$outside/night.log" --from 2027-05-01 \
	    --to 2027-05-31 --output report.html
	for words in INC-10 ana 'the directory is down' OPS-7 07:10; do
		grep -q -- "$words" report.html
	done
}

@test "used at 03:10, rotated by the timer at the deadline" {
	begin_credential
	used '2027-05-13 03:10'
	rotated_at_the_deadline
	says 1 'INC-10 by ana is to be reviewed' at '2027-05-13 07:20' \
	    "$quorate" status
	refused_old retired
	taken_new 2
	reviewed INC-10
	says 0 'nothing is due' at '2027-05-14 10:30' "$quorate" status
	told '4h 1m' late
	[ "$(head -n 4 "$outside/alerts" | fields event outcome)" = \
	    "$(printf '%s\n' 'request -' 'open -' 'rotate-start -' \
	    'rotate-end proven')" ]
}

# failed WORDS: so says the timer's run, and it is seen that it failed
failed() {
	grep -q -- "$1" told || { cat told; return 1; }
	! systemd_runs || systemctl is-failed -q quorate-night.service
}

@test "the server is down when the timer fires, and back later" {
	begin_credential
	used '2027-05-13 03:10'
	"$run" stop "$server"
	run -1 timer '2027-05-13 07:11' '--retry-for 1s'
	failed '^quorate: "db-root": failed: .*No such file'
	says 2 'QUORATE CRITICAL - db-root: rotation overdue' \
	    at '2027-05-13 07:12' "$quorate" status --nagios
	tail -n 1 "$outside/alerts" >heard
	[ "$(fields event outcome <heard)" = 'rotate-end unknown' ]
	# back, but behind a failure there is a pause
	"$run" start "$server"
	run -1 timer '2027-05-13 07:21'
	failed 'paused: failed 1 time; the next try is due 2027-05-13T07:26'
	! grep -q -e '-g3-' <(ls "$cards")
	timer '2027-05-13 07:31'
	[ ! -s told ]
	! systemd_runs || ! systemctl is-failed -q quorate-night.service
	refused_old retired
	taken_new 3
	reviewed INC-10
	says 0 'nothing is due' at '2027-05-14 10:30' "$quorate" status
	told '4h 2[01]m' late
}

# A hook of the site's, in which something kills quorate: $server/deadly says
# before or behind the change
make_deadly() {
	cat >"$server/hooks/deadly" <<-END
		#!/bin/sh
		place=\$1:\$(cat "$server/deadly")
		[ \$place != apply:before ] || { kill -9 \$PPID; exit 75; }
		"$hook" "\$@" || exit
		[ \$place != apply:behind ] || kill -9 \$PPID
	END
	chmod 755 "$server/hooks/deadly"
	echo never >"$server/deadly"
}

# The sets in the order in which to try them: the one that is named, then the
# one that was there before it
named() {
	at "$1" "$quorate" status db-root >"$outside/status" || :
	sed -n 's/.*try the cards of generation \([0-9]*\) first.*/\1/p' \
	    "$outside/status"
	sed -n '1s/.*, generation //p' "$outside/status"
}

# takes WHEN G...: tried in the order that is named, the last of these is
# the first that the server takes
takes() {
	local when=$1 tried=''
	shift
	for g in $(named "$when"); do
		brought "$g" cfo ciso
		opened >"$outside/try"
		tried="$tried $g"
		! "$outside/login" <"$outside/try" >/dev/null 2>&1 || break
	done
	[ "$tried" = " $*" ]
}

@test "killed in the middle of the timer's run: the next one puts it right" {
	make_deadly
	begin_credential "$server/hooks/deadly"
	used '2027-05-13 03:10'
	echo before >"$server/deadly"
	run ! timer '2027-05-13 07:11'
	says 1 'ago and has no end' at '2027-05-13 07:12' \
	    "$quorate" status db-root
	takes '2027-05-13 07:12' 2 1
	# what is killed waits as what failed does, twice as long each time
	run -1 timer '2027-05-13 07:21'
	failed 'paused: failed 1 time; the next try is due 2027-05-13T07:2'
	echo behind >"$server/deadly"
	run ! timer '2027-05-13 07:31'
	takes '2027-05-13 07:32' 3
	echo never >"$server/deadly"
	run -1 timer '2027-05-13 07:41'
	failed 'paused: failed 2 times; the next try is due 2027-05-13T08:0'
	timer '2027-05-13 08:11'
	[ ! -s told ]
	refused_old retired
	taken_new 4
	reviewed INC-10
	says 0 'nothing is due' at '2027-05-14 10:30' "$quorate" status
	told '5h [01]m' late
}

@test "opened, rotated and proven in one run" {
	begin_credential
	used '2027-05-13 03:10' --then-rotate --deliver "$deliver"
	grep -q 'takes the new secret, and refuses the old one' said
	grep -q 'was burned for [0-9]*s$' said
	refused_old retired
	taken_new 2
	timer '2027-05-13 12:11'
	[ ! -s told ]
	reviewed INC-10
	told 'less than a minute'
}
