#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for a role of PostgreSQL, against the server itself and against
# servers that aren't honest. tests/tools/run-hook.c runs it as quorate does.

bats_require_minimum_version 1.5.0
load common
load servers
load databases

setup_file() {
	begin_server postgres
	sql "CREATE ROLE boss SUPERUSER LOGIN" \
		"CREATE ROLE clerk LOGIN" \
		"CREATE ROLE bystander LOGIN PASSWORD 'bystander-password'"
}

teardown_file() {
	end_server
}

setup() {
	put_hook postgresql
	tcp="host=127.0.0.1 port=$port"
	by_admin="$tcp socket=$server/socket admin=postgres"
}

teardown() {
	end_pretence
	rm -f "$server/extra.conf"
	if [ -e "$server/hba" ]; then
		cat "$server/hba" >"$server/data/pg_hba.conf"
		rm "$server/hba"
		"$run" reload "$server"
	fi
}

# Another pg_hba.conf, until the end of the test
allow() {
	cp "$server/data/pg_hba.conf" "$server/hba"
	printf '%s\n' 'local all postgres peer map=test' "$@" \
		>"$server/data/pg_hba.conf"
	"$run" reload "$server"
	sleep 0.3
}

# What the server keeps of a role's password
kept() {
	sql "SELECT rolpassword FROM pg_authid WHERE rolname = '$1'"
}

@test "a wrong password is refused, and so is every one for no role" {
	answers yes apply clerk "$by_admin" Tz7-right
	for p in Tz7-righ Tz7-rightt "' OR 1"; do
		answers no verify clerk "$tcp" "$p"
	done
	notes "password authentication failed"
	answers no verify nobody-of-this-name "$tcp" Tz7-right
	answers yes verify clerk "$tcp" Tz7-right
}

@test "what can't be a password is refused, nothing has changed" {
	refuses_what_is_none 1024
}

@test "no server: later, for both verbs" {
	away="host=127.0.0.1 port=1 socket=$server/socket admin=postgres"
	answers later apply clerk "$away" Tz7-pw
	answers later verify clerk "$away" Tz7-pw
	answers later apply clerk "admin=postgres socket=/nonexistent" Tz7-pw
	"$run" stop "$server"
	answers later apply clerk "$by_admin" Tz7-pw
	answers later verify clerk "$tcp" Tz7-pw
	notes "refused"
	"$run" start "$server"
	answers yes apply clerk "$by_admin" Tz7-pw
}

@test "a server that is starting or full: later" {
	answers yes apply clerk "$by_admin" Tz7-pw
	sql "ALTER ROLE clerk CONNECTION LIMIT 0"
	answers later verify clerk "$tcp" Tz7-pw
	notes "too many connections"
	sql "ALTER ROLE clerk CONNECTION LIMIT -1"
	# as it is while it recovers: it knows, and takes nobody
	"$run" stop "$server"
	touch "$server/data/standby.signal"
	echo "hot_standby = off" >"$server/extra.conf"
	"$run" start "$server" 2>/dev/null &
	for _ in $(seq 50); do
		sleep 0.1
		answers later verify clerk "$tcp" Tz7-pw
		! grep -qF 57P03 "$BATS_TEST_TMPDIR/said" || break
	done
	notes 57P03
	answers later apply clerk "$by_admin" Tz7-other
	kill $!
	wait $! || :
	"$run" stop "$server"
	rm "$server/extra.conf" "$server/data/standby.signal"
	"$run" start "$server"
	answers yes verify clerk "$tcp" Tz7-pw
}

@test "a server that believes everybody has accepted no password" {
	answers yes apply clerk "$by_admin" Tz7-right
	allow 'host all all 127.0.0.1/32 trust' 'local all all trust'
	answers unknown verify clerk "$tcp" Tz7-right
	notes "asks for no password"
	notes "hint: "
	answers unknown verify clerk "$tcp" wrong
	answers unknown verify clerk "host=$server/socket port=$port" wrong
	said=$(change clerk Tz7-new Tz7-right)
	[ "$said" = no ]
	notes "asks for no password"
}

@test "peer on the socket is no password either" {
	answers unknown verify postgres "host=$server/socket port=$port" pw
}

@test "a server that wants the password in clear or as MD5 doesn't get it" {
	answers yes apply clerk "$by_admin" Tz7-right
	allow 'host all all 127.0.0.1/32 password'
	answers unknown verify clerk "$tcp" Tz7-right
	notes "another way than SCRAM"
	for mode in clear md5; do
		pretend "$mode"
		answers unknown verify clerk "$lies" Tz7-right
		[ "$(change_at "$lies" clerk Tz7-new Tz7-right)" = no ]
		grep -qa clerk "$heard"
		run ! grep -qa Tz7 "$heard"
	done
}

@test "a server that doesn't know the password has accepted nothing" {
	believes_nobody 'ALTER ROLE' liar short slow babble
}

@test "a server that hangs is left in time" {
	leaves_in_time
}

@test "no answer to the change itself: unknown, then verify tells" {
	misses_the_answer
}

@test "a change that has to wait is given up by the server, too" {
	answers yes apply clerk "$by_admin" Tz7-first
	sed -i 's/^SERVER_PATIENCE = 10$/SERVER_PATIENCE = 1/' "$hook"
	sql 'BEGIN' 'LOCK pg_authid IN ACCESS SHARE MODE' \
		"UPDATE pg_authid SET rolconnlimit = -1 WHERE rolname = 'clerk'" \
		'SELECT pg_sleep(2)' ROLLBACK >/dev/null 3>&- &
	sleep 0.5
	answers later apply clerk "$by_admin" Tz7-second
	notes 57014
	wait $!
	answers yes verify clerk "$tcp" Tz7-first
	answers no verify clerk "$tcp" Tz7-second
}

@test "after apply the new one is accepted, the old one refused" {
	for user in postgres clerk; do
		answers yes apply "$user" "$by_admin" Tz7-first
		answers yes verify "$user" "$tcp" Tz7-first
		[ "$(change "$user" Tz7-second Tz7-first)" = yes ]
		answers yes verify "$user" "$tcp" Tz7-second
		answers no verify "$user" "$tcp" Tz7-first
		answers yes apply "$user" "$by_admin" Tz7-third
		answers no verify "$user" "$tcp" Tz7-second
		answers yes verify "$user" "$tcp" Tz7-third
	done
	# of this role only
	answers yes verify bystander "$tcp" bystander-password
	# and psql is let in as well
	printf 'Tz7-third\n' | setsid -w psql -XAtW -h 127.0.0.1 -p "$port" \
		-U clerk -d postgres -c 'SELECT 17' | grep -x 17
}

@test "apply twice is as good as once" {
	answers yes apply clerk "$by_admin" Tz7-first
	answers yes apply clerk "$by_admin" Tz7-first
	[ "$(change clerk Tz7-second Tz7-first)" = yes ]
	[ "$(change clerk Tz7-second Tz7-first)" = yes ]
	[ "$(change clerk Tz7-second Tz7-second)" = yes ]
	answers yes verify clerk "$tcp" Tz7-second
	before=$(kept clerk)
	[ "$(change clerk Tz7-third Tz7-first)" = no ]
	notes "the old secret is refused"
	answers no apply clerk "$tcp" Tz7-third
	notes "the old secret is not known"
	notes "admin=ROLE"
	[ "$(kept clerk)" = "$before" ]
}

@test "every character arrives, for the hook and for psql" {
	for p in ' %s%d%% `id`$HOME ' "'\"\\n\\'; DROP ROLE bystander;--" \
	    'pässwörd€,n=a,r=b' 'ﬁ ª Ⅸ' "$(printf '\001\377\t')" \
	    $'\u00a0wide\u00adsoft' $'\u0627\u0661' \
	    "$(head -c 1024 /dev/zero | tr '\0' q)"; do
		answers yes apply clerk "$by_admin" "$p"
		answers yes verify clerk "$tcp" "$p"
		printf '%s\n' "$p" | setsid -w psql -XAtW -h 127.0.0.1 \
			-p "$port" -U clerk -d postgres -c 'SELECT 17' |
			grep -qx 17 || {
			echo "psql is not let in by $p"
			return 1
		}
	done
	answers no verify clerk "$tcp" "$(head -c 1023 /dev/zero | tr '\0' q)"
	# the same password, written in another way
	answers yes apply clerk "$by_admin" 'fi a IX'
	answers yes verify clerk "$tcp" 'ﬁ ª Ⅸ'
}

@test "a role of odd letters is the one that is meant" {
	for user in 'two words;--' "apos'back\\slash" 'Ünï%s$1' \
	    'x" SUPERUSER PASSWORD '\''y' 'current_user'; do
		printf '%s\n' "$user" >"$BATS_TEST_TMPDIR/user"
		{
			printf "\\\\set u '%s'\n" "$(sed 's/\\/\\\\/g
				s/'\''/\\'\''/g' "$BATS_TEST_TMPDIR/user")"
			echo 'CREATE ROLE :"u" LOGIN;'
		} | "$run" sql "$server"
		answers yes apply "$user" "$by_admin" Tz7-odd
		answers yes verify "$user" "$tcp" Tz7-odd
		answers no verify "$user" "$tcp" Tz7-eve
		[ "$(change "$user" Tz7-odder Tz7-odd)" = yes ]
		answers yes verify "$user" "$tcp" Tz7-odder
	done
	[ "$(sql 'SELECT count(*) FROM pg_roles WHERE rolsuper')" = 2 ]
	answers yes verify bystander "$tcp" bystander-password
}

@test "no role, no user, and names that the server would change" {
	before=$(sql 'SELECT rolname, rolpassword FROM pg_authid ORDER BY 1')
	answers no apply nobody-of-this-name "$by_admin" Tz7-pw
	notes "does not exist"
	long=$(head -c 63 /dev/zero | tr '\0' a)
	sql "CREATE ROLE $long LOGIN"
	answers no apply "${long}b" "$by_admin" Tz7-pw
	answers unknown verify "${long}b" "$tcp" Tz7-pw
	notes "more than 63 bytes"
	for user in '' public '"bystander"' BYSTANDER; do
		answers no apply "$user" "$by_admin" Tz7-pw
	done
	answers unknown verify '' "$tcp" Tz7-pw
	notes "no user"
	sql "DROP ROLE $long"
	[ "$(sql 'SELECT rolname, rolpassword FROM pg_authid ORDER BY 1')" = \
	    "$before" ]
}

@test "a target without meaning: refused, and named" {
	for t in "prot=1" "port=0" "port=65536" "port=x" "admin=" \
	    "host=a host=b" "a b" "sslmode=prefer" "socket=here"; do
		answers no apply clerk "$t" Tz7-pw
	done
	notes "socket"
	answers unknown verify clerk "$t" Tz7-pw
	run -3 ask describe clerk "$t" ""
	answers no apply clerk "$by_admin os-user=nobody-of-this-name" Tz7-pw ||
		[ "$(id -u)" -ne 0 ]
	answers no apply clerk "$by_admin dbname=none" Tz7-pw
	answers yes apply clerk "$by_admin" Tz7-pw
	answers unknown verify clerk "$tcp dbname=none" Tz7-pw
	notes "does not exist"
}

@test "who may not change it is told, and nothing has changed" {
	answers yes apply clerk "$by_admin" Tz7-pw
	before=$(kept clerk)
	answers no apply clerk "$by_admin admin=boss" Tz7-new
	answers no apply clerk "${by_admin/admin=postgres/admin=boss}" Tz7-new
	answers no apply clerk \
		"${by_admin/admin=postgres/admin=clerk os-user=nobody}" Tz7-new
	[ "$(kept clerk)" = "$before" ]
	sql "ALTER ROLE clerk NOLOGIN"
	answers unknown verify clerk "$tcp" Tz7-pw
	notes "not permitted to log in"
	answers yes apply clerk "$by_admin" Tz7-new
	sql "ALTER ROLE clerk LOGIN"
	answers yes verify clerk "$tcp" Tz7-new
}

@test "describe: the old secret is wanted where nobody else may change it" {
	describes_itself 1024
}

@test "TLS: a certificate that isn't trusted gets no login" {
	answers yes apply clerk "$by_admin" Tz7-right
	make_certificate
	answers unknown verify clerk "host=localhost port=$port \
		sslmode=verify-full sslrootcert=$server/cert" Tz7-right
	notes "does not speak TLS"
	printf '%s\n' "ssl = on" "ssl_cert_file = '$server/cert'" \
		"ssl_key_file = '$server/key'" >"$server/extra.conf"
	allow 'hostssl all all 127.0.0.1/32 scram-sha-256'
	answers unknown verify clerk "$tcp" Tz7-right
	notes "no encryption"
	tls="host=localhost port=$port sslmode=verify-full"
	answers unknown verify clerk "$tls" Tz7-right
	notes "certificate"
	answers unknown verify clerk "$tls sslrootcert=/nonexistent" Tz7-right
	answers yes verify clerk "$tls sslrootcert=$server/cert" Tz7-right
	answers no verify clerk "$tls sslrootcert=$server/cert" wrong
	# the certificate is another host's
	answers unknown verify clerk "$tcp sslmode=verify-full \
		sslrootcert=$server/cert" Tz7-right
	rm "$server/extra.conf"
}

@test "the secret is in no log and no file of the server" {
	sql "ALTER SYSTEM SET log_statement = 'all'" \
		"ALTER SYSTEM SET log_min_duration_statement = 0"
	"$run" reload "$server"
	sleep 0.3
	answers yes apply boss "$by_admin" Tz7-canary
	[ "$(change boss Tz7-canary-two Tz7-canary)" = yes ]
	[ "$(change clerk Tz7-canary-two Tz7-canary)" = no ]
	answers yes apply clerk "$by_admin" Tz7-canary
	# superusers keep even the verifier out of the log
	run ! grep -F SCRAM "$server/log"
	[ "$(change clerk Tz7-canary-two Tz7-canary)" = yes ]
	answers yes verify clerk "$tcp" Tz7-canary-two
	grep -qF 'ALTER ROLE "clerk" PASSWORD '\''SCRAM-SHA-256$4096:' \
		"$server/log"
	sql CHECKPOINT "ALTER SYSTEM RESET ALL"
	"$run" reload "$server"
	grep -rqaF 'SCRAM-SHA-256$' "$server/data"
	run ! grep -rqaF Tz7-canary "$server/data" "$server/log"
}

@test "nothing leaks, seen from outside" {
	[ "$(watched Tz7-canary Tz7-new apply clerk "$by_admin")" = yes ]
	[ "$(watched Tz7-canary Tz7-canary verify clerk "$tcp")" = yes ]
	run watched Tz7-wrong Tz7-wrong verify clerk "$tcp"
	[ "$status" -eq 0 ] && [[ "$output" == *no ]]
	[[ "$output" != *leak* ]]
	[ "$(watched Tz7-new Tz7-canary apply clerk "$tcp")" = yes ]
	[ "$(watched Tz7-new Tz7-canary apply clerk "$tcp")" = yes ]
}

@test "the whole way: cards, rotation by the old ones, rotation by none" {
	begin
	printf Tz7-start | deal db a -k 2 -n 3 --user boss --target "$tcp" \
		2>said
	answers yes apply boss "$by_admin" Tz7-start
	"$quorate" rotate db a/*-c1.txt a/*-c2.txt --hook "$hook" \
		--format txt --output b 3>&- 4>&- >out 2>said
	cat said
	grep -q 'takes the new secret, and refuses the old one' said
	second=$(rejoin b/*-c1.txt b/*-c3.txt)
	answers yes verify boss "$tcp" "$second"
	answers no verify boss "$tcp" Tz7-start
	# nobody else may change it, and no cards are there
	run ! "$quorate" rotate db -k 2 -n 3 --user boss --target "$tcp" \
		--hook "$hook" --format txt --output c 3>&- 4>&-
	answers yes verify boss "$tcp" "$second"
	"$quorate" rotate db -k 2 -n 3 --user boss --target "$by_admin" \
		--generation 3 --hook "$hook" --format txt --output c --json \
		3>&- 4>&- >out 2>said
	[ "$(json out 'j["state"]')" = proven ]
	answers yes verify boss "$tcp" "$(rejoin c/*-c2.txt c/*-c3.txt)"
	answers no verify boss "$tcp" "$second"
}

@test "quorate hook test finds nothing broken" {
	passes_its_test
}
