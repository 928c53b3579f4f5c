#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The alert hooks of examples/alerts and the units of examples/systemd.
# tests/tools/run-alert.c runs a hook as quorate does; tests/tools/
# alert-sink.py takes what comes of it, on loopback.

bats_require_minimum_version 1.5.0

event='{"n":41,"time":"2026-11-21T03:10:00Z","event":"open","outcome":"burned",'
event+='"ledger":"00112233445566778899aabbccddeeff","credential":"db-root",'
event+='"incident":"INC-40","actor":"ops-1","reason":"say \"no\" \\ <b>, '
event+='\"event\":\"x\",","host":"db1.example",'
event+='"checkpoint":"quorate/00112233445566778899aabbccddeeff\n42\n'
event+='qvUMLTRy0KjGSfHTRKoZnLQCpfXfYUT4yA3RVjR5b+0=\n"}'

setup() {
	examples=$(realpath "$BATS_TEST_DIRNAME/../../examples")
	QUORATE=$(realpath "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")
	run_alert=$(dirname "$QUORATE")/../tests/tools/run-alert
	sink_py=$(realpath "$BATS_TEST_DIRNAME/../tools/alert-sink.py")
	export LC_ALL=C.UTF-8
	# Here root runs hooks: no directory of others above it.
	local root=/run/quorate-alert-test
	[ "$(id -u)" -eq 0 ] || root=$BATS_TEST_TMPDIR
	dir=$(mktemp -d "$root-XXXXXX" 2>/dev/null || mktemp -d)
	chmod 755 "$dir"
	mkdir "$dir/bin" "$dir/sink"
	cd "$dir"
}

teardown() {
	[ -z "${sink:-}" ] || exec {sink}>&-
	cd /
	rm -rf "$dir"
}

# Start the sink; it ends when its standard input does: at teardown, or with
# this shell.
start_sink() {
	mkfifo "$dir/life"
	/usr/bin/python3 "$sink_py" "$1" "$dir/sink" <"$dir/life" \
		>"$dir/sink.log" 2>&1 3>&- &
	exec {sink}>"$dir/life"
	for _ in $(seq 200); do
		[ ! -e sink/port ] || break
		sleep 0.05
	done
	port=$(cat sink/port)
}

# configure LINE...: the configuration, and a hook that reads it
configure() {
	printf '%s\n' "$@" >conf
	chmod 600 conf
}

# hook NAME: a hook as a site would have it, with a configuration of its own
hook() {
	printf '#!/bin/sh\nexec "%s/alerts/%s" "%s/conf"\n' "$examples" "$1" \
		"$dir" >"$1"
	chmod 755 "$1"
}

# A program that is found before the system's: fake NAME <SCRIPT
fake() {
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod 755 "bin/$1"
}

deliver() {
	run "$run_alert" "$dir/$1" "${2:-20}" <<<"$event"
	echo "$output"
}

@test "webhook: what is wrong with the configuration is said" {
	hook webhook
	deliver webhook
	[ "$status" -eq 1 ]
	[[ "$output" == *"conf is missing"* ]]
	configure 'url = https://alerts.example/x'
	chmod 640 conf
	deliver webhook
	[[ "$output" == *"can be read by others; chmod 600"* ]]
	configure 'url = http://alerts.example/x'
	deliver webhook
	[[ "$output" == *"not https"* ]]
	configure 'url = http://localhost.evil.example/x'
	deliver webhook
	[[ "$output" == *"not https"* ]]
	configure '# nothing'
	deliver webhook
	[[ "$output" == *"names no url"* ]]
	configure 'url = https://alerts.example/x' 'tokne = x'
	deliver webhook
	[[ "$output" == *'"tokne" is unknown'* ]]
	configure 'url=https://alerts.example/x'
	deliver webhook
	[[ "$output" == *'not "key = value"'* ]]
	configure 'url = https://alerts.example/x' 'body = x'
	deliver webhook
	[[ "$output" == *"event or text"* ]]
	[ "$status" -eq 1 ]
}

@test "webhook: a server that refuses, is gone or hangs is no delivery" {
	start_sink http
	hook webhook
	configure "url = http://127.0.0.1:$port/500"
	deliver webhook
	[ "$status" -eq 1 ]
	[[ "$output" == "exit status 22: "*500* ]]
	# a redirect is not followed: a token is for one server
	configure "url = http://127.0.0.1:$port/302"
	deliver webhook
	[ "$status" -eq 1 ]
	[[ "$output" == *"answers 302"* ]]
	configure "url = http://127.0.0.1:$port/hang"
	deliver webhook
	[ "$status" -eq 1 ]
	[[ "$output" == "exit status 28: "* ]]
	exec {sink}>&-
	for _ in $(seq 100); do
		kill -0 $! 2>/dev/null || break
		sleep 0.05
	done
	configure "url = http://127.0.0.1:$port/x"
	deliver webhook
	[ "$status" -eq 1 ]
	[[ "$output" == "exit status 7: "* ]]
}

@test "webhook: the event arrives as it is, with the token" {
	start_sink http
	hook webhook
	configure '# ours' '' "url = http://127.0.0.1:$port/in?a=b" \
		'token = s3cret"tok\en $x'
	deliver webhook
	[ "$output" = delivered ]
	[ "$(head -n 1 sink/1)" = 'POST /in?a=b HTTP/1.1' ]
	grep -qx 'Authorization: Bearer s3cret"tok\\en $x' sink/1
	grep -qx 'Content-Type: application/json' sink/1
	[ "$(tail -n 1 sink/1)" = "$event" ]
}

@test "webhook: as a text for chats it is JSON again" {
	start_sink http
	hook webhook
	configure "url = http://127.0.0.1:$port/in" 'body = text'
	deliver webhook
	[ "$output" = delivered ]
	run ! grep -q Authorization sink/1
	[ "$(tail -n 1 sink/1 | /usr/bin/python3 -c '
import json, sys
print(json.load(sys.stdin)["text"])')" = "$event" ]
}

@test "webhook: neither URL nor token are arguments" {
	start_sink http
	fake curl <<-'END'
		cat "/proc/$$/cmdline" | tr '\0' ' ' >"${0%/*}/../args"
		exec /usr/bin/curl "$@"
	END
	configure "url = http://127.0.0.1:$port/hush-hush" 'token = s3cret'
	PATH=$dir/bin:$PATH "$examples/alerts/webhook" "$dir/conf" \
		<<<"$event"
	[ -s args ]
	run ! grep -e hush -e s3cret args
	grep -q s3cret sink/1
}

@test "mail: what is wrong is said" {
	hook mail
	deliver mail
	[ "$status" -eq 1 ]
	[[ "$output" == *"conf is missing"* ]]
	configure 'from = a@b.example'
	deliver mail
	[[ "$output" == *"names nobody"* ]]
	configure 'to = a@b.example' 'sendmail = /nonexistent/sendmail'
	deliver mail
	[[ "$output" == *"there is no /nonexistent/sendmail"* ]]
	fake sendmail <<<'cat >/dev/null; echo queue is full >&2; exit 75'
	configure 'to = a@b.example' "sendmail = $dir/bin/sendmail"
	deliver mail
	[ "$output" = "exit status 75: queue is full" ]
	[ "$status" -eq 1 ]
}

@test "mail: the subject says what happened" {
	fake sendmail <<-'END'
		echo "$*" >"${0%/*}/../args"
		cat >"${0%/*}/../mail.txt"
	END
	hook mail
	configure 'to = soc@b.example, ciso@b.example' \
		"sendmail = $dir/bin/sendmail"
	deliver mail
	[ "$output" = delivered ]
	[ "$(cat args)" = '-i -t' ]
	cat mail.txt
	grep -qx 'Subject: quorate: db-root: is being opened' mail.txt
	grep -qx 'To: soc@b.example, ciso@b.example' mail.txt
	grep -qx 'From: quorate@db1.example' mail.txt
	grep -qx 'Message-ID: <quorate.41.2026-11-21T031000Z@db1.example>' \
		mail.txt
	grep -qx 'n: 41' mail.txt
	grep -qxF 'reason: say "no" \ <b>, "event":"x",' mail.txt
	grep -qx 'host: db1.example' mail.txt
	# and the checkpoint as it is kept
	[ "$(grep -x -A 2 'quorate/00112233445566778899aabbccddeeff' mail.txt)" = \
		"$(printf '%s\n' quorate/00112233445566778899aabbccddeeff 42 \
		qvUMLTRy0KjGSfHTRKoZnLQCpfXfYUT4yA3RVjR5b+0=)" ]
	run ! grep '^checkpoint' mail.txt
	# the date is one that others read
	/usr/bin/python3 -c '
import email, email.utils, sys, time
m = email.message_from_file(open("mail.txt"))
t = email.utils.parsedate_to_datetime(m["Date"]).timestamp()
assert abs(t - time.time()) < 60, m["Date"]'
}

@test "mail: names in other scripts stand in the text, not in the head" {
	fake sendmail <<<'cat >"${0%/*}/../mail.txt"'
	hook mail
	configure 'to = a@b.example' "sendmail = $dir/bin/sendmail"
	event='{"n":1,"event":"refused","credential":"schlüssel","act":"open",'
	event+='"emergency":"brennt"}'
	deliver mail
	[ "$output" = delivered ]
	cat mail.txt
	grep -qx 'Subject: quorate: EMERGENCY schl??ssel: open was refused' \
		mail.txt
	grep -qx 'credential: schlüssel' mail.txt
	grep -qx 'From: quorate@.*[^@]' mail.txt
}

@test "mail: by SMTP, whole, with a sender and every recipient" {
	start_sink smtp
	hook mail
	configure 'to = soc@b.example, ciso@b.example' 'from = q@db1.example' \
		"smtp = smtp://127.0.0.1:$port"
	deliver mail
	[ "$output" = delivered ]
	tr -d '\r' <sink/1 >got
	cat got
	grep -q '^MAIL FROM:<q@db1.example>' got
	grep -qx 'RCPT TO:<soc@b.example>' got
	grep -qx 'RCPT TO:<ciso@b.example>' got
	grep -qx 'Subject: quorate: db-root: is being opened' got
	grep -qx 'qvUMLTRy0KjGSfHTRKoZnLQCpfXfYUT4yA3RVjR5b+0=' got
	# every line ends as SMTP wants it
	[ "$(grep -c $'\r$' sink/1)" -eq "$(wc -l <sink/1)" ]
}

@test "mail: a server that refuses, or wants no TLS elsewhere, is no delivery" {
	start_sink smtp
	hook mail
	configure 'to = x@refused.example' "smtp = smtp://127.0.0.1:$port"
	deliver mail
	[ "$status" -eq 1 ]
	[[ "$output" == "exit status 55: "* ]]
	# not loopback by name: it must speak TLS, and doesn't
	configure 'to = x@b.example' "smtp = smtp://localhost.:$port"
	deliver mail
	[ "$status" -eq 1 ]
	[ ! -e sink/1 ]
}

@test "desktop-bell: nobody logged in is no delivery" {
	fake who <<<'exit 0'
	fake loginctl <<<'exit 0'
	fake wall <<<'touch "${0%/*}/../called"'
	run env PATH="$dir/bin:$PATH" "$examples/alerts/desktop-bell" \
		<<<"$event"
	echo "$output"
	[ "$status" -eq 75 ]
	[[ "$output" == *"nobody is logged in"* ]]
	[ ! -e called ]
}

@test "desktop-bell: terminals get a line" {
	fake who <<<'echo "root tty1 2026-11-21 03:00"'
	fake loginctl <<<'exit 1'
	fake wall <<<'cat >"${0%/*}/../wall.txt"'
	PATH=$dir/bin:$PATH run "$examples/alerts/desktop-bell" <<<"$event"
	[ "$status" -eq 0 ]
	cat wall.txt
	[[ "$(cat wall.txt)" == 'quorate: break-glass: event open, outcome burned, credential db-root, actor ops-1, reason say "no" \ <b>, '* ]]
	[ "$(wc -l <wall.txt)" -eq 1 ]
	# wall that fails reaches nobody
	fake wall <<<'exit 1'
	PATH=$dir/bin:$PATH run "$examples/alerts/desktop-bell" <<<"$event"
	[ "$status" -eq 75 ]
}

@test "desktop-bell: each desktop gets a notice, without markup" {
	fake who <<<'exit 0'
	fake loginctl <<-'END'
		case $1 in
		list-sessions)
			echo '1 1000 ann seat0 tty2'
			echo '2 1001 bob - pts/3'
			echo '3 1002 eve seat1 tty3' ;;
		show-session)
			case $2 in 1 | 3) echo wayland ;; *) echo tty ;; esac ;;
		esac
	END
	fake notify-send <<<'exit 0'
	fake runuser <<<'printf "%s|" "$@" >>"${0%/*}/../notices"; echo >>"${0%/*}/../notices"'
	PATH=$dir/bin:$PATH run "$examples/alerts/desktop-bell" <<<"$event"
	[ "$status" -eq 0 ]
	cat notices
	[ "$(wc -l <notices)" -eq 2 ]
	grep -q '^-u|ann|.*/run/user/1000/bus' notices
	grep -q '^-u|eve|.*/run/user/1002/bus' notices
	grep -qF '&lt;b&gt;' notices
	run ! grep -qF '<b>' notices
}

@test "examples: the hooks may be installed as they are" {
	cp "$examples"/alerts/* .
	for name in webhook mail desktop-bell; do
		[ -x "$name" ]
		deliver "$name"
		[ "$status" -eq 1 ]
		[[ "$output" == "exit status "* ]]
	done
}

@test "textfile: whole or not at all" {
	fake quorate <<-'END'
		[ "$*" = 'status --prometheus' ] || exit 2
		echo "quorate_burned 1"
		exit "$(cat "${0%/*}/../status")"
	END
	for s in 0 1; do
		echo "$s" >status
		rm -f q.prom
		run "$examples/systemd/quorate-textfile" "$dir/q.prom" \
			"$dir/bin/quorate"
		[ "$status" -eq 0 ]
		[ "$(cat q.prom)" = 'quorate_burned 1' ]
		[ "$(stat -c %a q.prom)" = 644 ]
	done
	echo before >q.prom
	echo 3 >status
	run "$examples/systemd/quorate-textfile" "$dir/q.prom" \
		"$dir/bin/quorate"
	[ "$status" -eq 3 ]
	[ "$(cat q.prom)" = before ]
	[ -z "$(find . -name 'q.prom.*')" ]
	run "$examples/systemd/quorate-textfile" "$dir/none/q.prom" \
		"$dir/bin/quorate"
	[ "$status" -eq 3 ]
}

@test "units: what runs alert hooks is fenced in" {
	cd "$examples/systemd"
	for line in NoNewPrivileges=yes ProtectSystem=strict ProtectHome=yes \
		PrivateTmp=yes CapabilityBoundingSet= PrivateNetwork=no \
		SystemCallFilter=@system-service StateDirectory=quorate; do
		grep -qxF -- "$line" quorate-status.service
	done
}

@test "units: what rotates is fenced in, and no hook of it is cut short" {
	cd "$examples/systemd"
	for line in NoNewPrivileges=yes ProtectSystem=strict ProtectHome=yes \
		PrivateTmp=yes PrivateNetwork=no LimitCORE=0 KillMode=mixed \
		TimeoutStartSec=infinity StateDirectory=quorate UMask=0077; do
		grep -qxF -- "$line" quorate-rotate.service
	done
	grep -qxF Persistent=true quorate-rotate.timer
}

@test "units: systemd takes them" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	mkdir units
	for f in "$examples"/systemd/*.service "$examples"/systemd/*.timer; do
		sed -e "s|/usr/local/bin/quorate|$QUORATE|" \
			-e "s|/usr/local/libexec|$examples/systemd|" \
			"$f" >"units/${f##*/}"
	done
	run systemd-analyze verify --man=no "$dir"/units/*
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# and it would say so if it didn't
	echo 'Nonsense=yes' >>units/quorate-status.timer
	run systemd-analyze verify --man=no "$dir"/units/*
	[ -n "$output" ]
}

# A ledger, and the configuration that names its sinks.
make_ledger() {
	tool=$(dirname "$QUORATE")/../tests/tools/ledger-tool
	mkdir alerts.d config config/quorate
	export XDG_CONFIG_HOME=$dir/config
	printf '%s\n' "ledger = $dir/book.db" "hooks = $dir/alerts.d" \
		'syslog = none' 'hook-timeout = 1s' >config/quorate/config
	"$tool" create book.db
}

# An entry that alerts.
refused() {
	"$tool" record book.db event=refused act=open credential=db-root \
		reason="$1"
}

@test "deliver: misuse and a missing ledger are refused" {
	make_ledger
	run --separate-stderr "$QUORATE" log deliver --forget hook:a
	[ "$status" -eq 2 ]
	[[ "$stderr" == *'--reason TEXT'* ]]
	run --separate-stderr "$QUORATE" log deliver --forget hook:a \
		--reason x
	[ "$status" -eq 1 ]
	[[ "$stderr" == *'nothing waits for the sink "hook:a"'* ]]
	run "$QUORATE" log deliver --ledger "$dir/none.db"
	[ "$status" -eq 2 ]
	run "$QUORATE" log deliver x
	[ "$status" -eq 2 ]
}

@test "deliver: what fails is shown, logged, and tried again" {
	make_ledger
	printf '#!/bin/sh\nexit 1\n' >alerts.d/broken
	printf '#!/bin/sh\nsleep 300\n' >alerts.d/slow
	printf '#!/bin/sh\ncat >>"%s/got"\n' "$dir" >alerts.d/good
	printf '#!/bin/sh\n' >alerts.d/shared
	chmod 755 alerts.d/*
	chmod 777 alerts.d/shared
	refused 'it is "burned"'
	run --separate-stderr "$QUORATE" log deliver
	echo "$output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ "${lines[0]}" == 'NOT DELIVERED: entry 1, refused, to hook:broken: exit status 1; the next try is due 20'*' UTC' ]]
	[[ "${lines[1]}" == *'to hook:shared: '*'is writable by others; the next try is due '* ]]
	[[ "${lines[2]}" == 'NOT DELIVERED: entry 1, refused, to hook:slow: killed after 1 second; the next try is due 20'* ]]
	[ "$stderr" = 'quorate: entry 1: delivered to hook:good' ]
	# of the moment: what failed before stands in the log already
	/usr/bin/python3 -c '
import json
e = json.load(open("got"))
assert e["reason"] == "it is \"burned\"" and e["n"] == 1, e
assert e["checkpoint"].splitlines()[1] == "3", e'
	run "$QUORATE" log show --event undelivered --json
	[ "${#lines[@]}" -eq 3 ]
	# What isn't due is left alone where nobody is there.
	run --separate-stderr "$QUORATE" log deliver --json </dev/null
	[ "$status" -eq 1 ]
	[ "$(/usr/bin/python3 -c '
import json, sys
j = json.load(sys.stdin)
print(j["delivered"], *[(w["entry"], w["sink"], w["tries"])
    for w in j["waiting"]])' <<<"$output")" = \
		"0 (1, 'hook:broken', 1) (1, 'hook:shared', 1) (1, 'hook:slow', 1)" ]
	# By hand, of what was put right meanwhile.
	printf '#!/bin/sh\n' >alerts.d/broken
	run --separate-stderr "$QUORATE" log deliver --again
	[ "$status" -eq 1 ]
	[ "$stderr" = 'quorate: entry 1: delivered to hook:broken' ]
	[ "${#lines[@]}" -eq 2 ]
	for name in shared slow; do
		rm "alerts.d/$name"
		run "$QUORATE" log deliver --forget "hook:$name" \
			--reason 'taken down'
		[ "$status" -eq 0 ]
	done
	run --separate-stderr "$QUORATE" log deliver
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	"$tool" agrees book.db
}

@test "deliver: a mail is a witness of the log" {
	make_ledger
	fake sendmail <<<'cat >"${0%/*}/../mail.txt"'
	configure 'to = a@b.example' "sendmail = $dir/bin/sendmail"
	printf '#!/bin/sh\nexec "%s/alerts/mail" "%s/conf"\n' "$examples" \
		"$dir" >alerts.d/mail
	chmod 755 alerts.d/mail
	refused 'no ticket'
	run "$QUORATE" log deliver
	echo "$output"
	[ "$status" -eq 0 ]
	refused 'again'
	run "$QUORATE" log verify --witness mail.txt
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *'witness covers 2;'* ]]
}

@test "a command's alerts go out at once, and hold it up no longer than that" {
	make_ledger
	"$tool" deal book.db db-root 1 '2 of (cfo, ciso, cto)'
	printf '#!/bin/sh\ncat >>"%s/got"\n' "$dir" >alerts.d/a
	printf '#!/bin/sh\nsleep 300\n' | tee alerts.d/b >alerts.d/c
	chmod 755 alerts.d/*
	SECONDS=0
	run --separate-stderr "$QUORATE" request db-root --requester ana \
		--reason 'the directory is down' --ticket T-1 --output doc
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ "$SECONDS" -lt 15 ]
	[[ "$stderr" == *'NOT DELIVERED to hook:b: killed after 1 second'* ]]
	[[ "$stderr" == *'NOT DELIVERED to hook:c: killed after 1 second'* ]]
	[[ "$stderr" == *'quorate log deliver tries again'* ]]
	grep -q '"event":"request".*"reason":"the directory is down"' got
	run --separate-stderr "$QUORATE" log deliver
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
	# once is enough for whom it reached
	[ "$(wc -l <got)" -eq 1 ]
}
