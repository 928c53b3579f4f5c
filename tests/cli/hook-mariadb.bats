#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for an account of MariaDB, against the server itself and against
# servers that aren't honest. tests/tools/run-hook.c runs it as quorate does.

bats_require_minimum_version 1.5.0
load common
load servers
load databases

setup_file() {
	begin_server mariadb
	sql "CREATE USER boss@localhost IDENTIFIED VIA ed25519
			USING PASSWORD('start') OR unix_socket" \
		"GRANT ALL ON *.* TO boss@localhost WITH GRANT OPTION" \
		"CREATE USER clerk@localhost IDENTIFIED BY 'start'" \
		"CREATE USER 'every'@'127.%' IDENTIFIED BY 'start'" \
		"CREATE USER bystander@localhost IDENTIFIED BY 'bystander-pw'"
}

teardown_file() {
	end_server
}

setup() {
	put_hook mariadb
	me=$(id -un)
	tcp="host=127.0.0.1 port=$port"
	by_admin="$tcp socket=$server/socket/s admin=$me"
	cp "$server/my.cnf" "$BATS_TEST_TMPDIR/my.cnf"
}

teardown() {
	end_pretence
	if ! cmp -s "$BATS_TEST_TMPDIR/my.cnf" "$server/my.cnf"; then
		cp "$BATS_TEST_TMPDIR/my.cnf" "$server/my.cnf"
		"$run" stop "$server"
		"$run" start "$server"
	fi
}

# Other settings, until the end of the test
settle() {
	printf '%s\n' "$@" >>"$server/my.cnf"
	"$run" stop "$server"
	"$run" start "$server"
}

# What the server keeps of everybody
kept() {
	sql "SELECT User, Host, Priv FROM mysql.global_priv ORDER BY 1, 2" |
		sed -E 's/"password_last_changed": ?[0-9]+//'
}

# logs_in USER PASSWORD: Debian's client does
logs_in() {
	printf '%s\n' "$2" | setsid -w mariadb --no-defaults -BN \
		-h 127.0.0.1 -P "$port" -u "$1" -p -e 'SELECT 17' |
		grep -qx 17 || {
		echo "the client is not let in by $2"
		return 1
	}
}

@test "a wrong password is refused, and so is every one for no account" {
	for user in "$me" clerk 'every@127.%'; do
		answers yes apply "$user" "$by_admin" Tz7-right
		for p in Tz7-righ "' OR 1"; do
			answers no verify "$user" "$tcp" "$p"
			notes "Access denied"
		done
		answers yes verify "$user" "$tcp" Tz7-right
	done
	answers no verify nobody-of-this-name "$tcp" Tz7-right
}

@test "what can't be a password is refused, nothing has changed" {
	refuses_what_is_none 79
}

@test "no server, or one that is full: later, for both verbs" {
	answers later apply clerk "${by_admin/socket=/socket=/none}" Tz7-pw
	answers later verify clerk "host=127.0.0.1 port=1" Tz7-pw
	"$run" stop "$server"
	answers later apply clerk "$by_admin" Tz7-pw
	answers later verify clerk "$tcp" Tz7-pw
	notes "refused"
	"$run" start "$server"
	answers yes apply clerk "$by_admin" Tz7-pw
	pretend full
	answers later verify clerk "$lies" Tz7-pw
	[ "$(change_at "$lies" clerk Tz7-new Tz7-pw)" = later ]
	sql "ALTER USER clerk@localhost WITH MAX_CONNECTIONS_PER_HOUR 1" \
		"FLUSH USER_RESOURCES"
	answers yes verify clerk "$tcp" Tz7-pw
	answers later verify clerk "$tcp" Tz7-pw
	notes "max_connections_per_hour"
	sql "ALTER USER clerk@localhost WITH MAX_CONNECTIONS_PER_HOUR 0"
}

@test "a server that believes everybody has accepted no password" {
	answers yes apply clerk "$by_admin" Tz7-right
	settle skip-grant-tables
	answers unknown verify clerk "$tcp" Tz7-right
	notes "asks for no password"
	notes "hint: "
	answers unknown verify clerk "$tcp" wrong
	[ "$(change clerk Tz7-new Tz7-right)" = no ]
	answers no apply clerk "$by_admin" Tz7-new
}

@test "who is let in by another way has given no password" {
	answers yes apply "$me" "$by_admin" Tz7-right
	answers unknown verify "$me" "host=$server/socket/s" wrong
	notes "not by this password"
	answers yes verify "$me" "host=$server/socket/s" Tz7-right
	sql "CREATE USER anyone@localhost IDENTIFIED BY ''"
	answers no verify anyone "$tcp" wrong
	answers yes apply anyone "$by_admin" Tz7-right
	answers yes verify anyone "$tcp" Tz7-right
	# the socket only: no password is asked for, none can be set
	sql "ALTER USER anyone@localhost IDENTIFIED VIA unix_socket"
	answers unknown verify anyone "$tcp" Tz7-right
	before=$(kept)
	answers no apply anyone "$by_admin" Tz7-right
	notes "no password of a known kind"
	# two passwords: one would stay
	sql "ALTER USER anyone@localhost IDENTIFIED VIA mysql_native_password
		USING PASSWORD('one') OR ed25519 USING PASSWORD('two')"
	before=$(kept)
	answers no apply anyone "$by_admin" Tz7-right
	notes "two passwords"
	[ "$(kept)" = "$before" ]
	answers unknown verify anyone "$tcp" two
	sql "DROP USER anyone@localhost"
}

@test "another account that lets the same name in isn't the one" {
	answers yes apply 'every@127.%' "$by_admin" Tz7-right
	sql "CREATE USER every@localhost IDENTIFIED BY 'Tz7-right'"
	answers unknown verify 'every@127.%' "$tcp" Tz7-right
	notes "the login is to another account, every@localhost"
	[ "$(change 'every@127.%' Tz7-new Tz7-right)" = no ]
	sql "DROP USER every@localhost" \
		"CREATE USER ''@localhost IDENTIFIED BY 'Tz7-right'"
	answers unknown verify nobody-of-this-name "$tcp" Tz7-right
	notes "another account"
	sql "DROP USER ''@localhost"
	answers yes verify 'every@127.%' "$tcp" Tz7-right
}

@test "a server that wants the password in clear doesn't get it" {
	for mode in mysql_clear_password dialog mysql_old_password; do
		pretend "$mode"
		answers unknown verify clerk "$lies" Tz7-right
		notes "in another way: $mode"
		[ "$(change_at "$lies" clerk Tz7-new Tz7-right)" = no ]
		grep -qa clerk "$heard"
		run ! grep -qa Tz7 "$heard"
	done
}

@test "a server that doesn't know the password has accepted nothing" {
	believes_nobody 'SET PASSWORD' open liar endless babble
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
	sql 'LOCK TABLES mysql.global_priv WRITE' 'SELECT SLEEP(2)' >/dev/null 3>&- &
	sleep 0.5
	answers unknown apply clerk "$by_admin" Tz7-second
	notes "max_statement_time exceeded"
	wait $!
	answers yes verify clerk "$tcp" Tz7-first
	answers no verify clerk "$tcp" Tz7-second
}

@test "after apply the new one is accepted, the old one refused" {
	for user in "$me" boss clerk; do
		answers yes apply "$user" "$by_admin" Tz7-first
		answers yes verify "$user" "$tcp" Tz7-first
		[ "$(change "$user" Tz7-second Tz7-first)" = yes ]
		answers yes verify "$user" "$tcp" Tz7-second
		answers no verify "$user" "$tcp" Tz7-first
		answers yes apply "$user" "$by_admin" Tz7-third
		answers no verify "$user" "$tcp" Tz7-second
		logs_in "$user" Tz7-third
	done
	# of this account only
	logs_in bystander bystander-pw
	# and what it had besides is there still
	[[ "$(sql "SHOW CREATE USER \`$me\`@localhost")" == *" OR unix_socket" ]]
	[[ "$(sql "SHOW CREATE USER boss@localhost")" == \
	    *" VIA ed25519 USING "*" OR unix_socket" ]]
}

@test "apply twice is as good as once" {
	for user in boss clerk; do
		answers yes apply "$user" "$by_admin" Tz7-first
		answers yes apply "$user" "$by_admin" Tz7-first
		[ "$(change "$user" Tz7-second Tz7-first)" = yes ]
		[ "$(change "$user" Tz7-second Tz7-first)" = yes ]
		[ "$(change "$user" Tz7-second Tz7-second)" = yes ]
		answers yes verify "$user" "$tcp" Tz7-second
	done
	before=$(kept)
	[ "$(change clerk Tz7-third Tz7-first)" = no ]
	notes "the old secret is refused"
	answers no apply clerk "$tcp" Tz7-third
	notes "the old secret is not known"
	notes "admin=NAME"
	[ "$(kept)" = "$before" ]
}

@test "every character arrives, for the hook and for the client" {
	for user in boss clerk; do
		for p in "'\"\\n\\'; %s%d%% \`id\`\$HOME " \
		    'pässwörd€ﬁ' "$(printf '\001\377\t')" \
		    "$(head -c 79 /dev/zero | tr '\0' q)"; do
			answers yes apply "$user" "$by_admin" "$p"
			answers yes verify "$user" "$tcp" "$p"
			logs_in "$user" "$p"
		done
		answers no verify "$user" "$tcp" "${p%q}"
	done
}

@test "an account of odd letters is the one that is meant" {
	for user in "two words'back\\slash" 'tick`" OR 1;--' 'Ünï%s$1@b' \
	    "x' IDENTIFIED BY 'y"; do
		sql "SET sql_mode='NO_BACKSLASH_ESCAPES'" \
			"CREATE USER '${user//\'/\'\'}'@localhost
				IDENTIFIED BY 'start'"
		answers yes apply "$user@localhost" "$by_admin" Tz7-odd
		answers yes verify "$user@localhost" "$tcp" Tz7-odd
		answers no verify "$user@localhost" "$tcp" Tz7-eve
		[ "$(change "$user@localhost" Tz7-odder Tz7-odd)" = yes ]
		logs_in "$user" Tz7-odder
	done
	logs_in bystander bystander-pw
	# the server's own settings don't change what is said
	sql "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'" \
		"SET GLOBAL sql_quote_show_create = 0"
	answers yes apply "$user@localhost" "$by_admin" Tz7-oddest
	answers yes verify "$user@localhost" "$tcp" Tz7-oddest
	sql "SET GLOBAL sql_mode = DEFAULT" \
		"SET GLOBAL sql_quote_show_create = 1"
}

@test "no account, no user, no right, no meaning: nothing has changed" {
	answers yes apply clerk "$by_admin" Tz7-pw
	before=$(kept)
	for user in '' @ nobody-of-this-name clerk@% Clerk '%' 'clerk@' \
	    "clerk' OR '1" "$(head -c 129 /dev/zero | tr '\0' q)"; do
		answers no apply "$user" "$by_admin" Tz7-new
	done
	notes "longer than any"
	answers unknown verify '' "$tcp" Tz7-pw
	notes "no user"
	for t in "prot=1" "port=0" "port=65536" "admin=" "host=a host=b" \
	    "a b" "sslmode=prefer" "socket=here"; do
		answers no apply clerk "$t" Tz7-new
	done
	answers unknown verify clerk "$t" Tz7-pw
	run -3 ask describe clerk "$t" ""
	answers no apply clerk "${by_admin% *} admin=clerk os-user=mysql" Tz7-new
	answers no apply clerk "${by_admin% *} admin=boss os-user=mysql" Tz7-new
	[ "$(kept)" = "$before" ]
}

@test "a server that is read only or validates: refused, not unknown" {
	answers yes apply clerk "$by_admin" Tz7-pw
	sql "INSTALL SONAME 'simple_password_check'"
	answers no apply clerk "$by_admin" Tz7-new
	notes "strict-password-validation"
	answers yes apply clerk "$by_admin" Tz7-pw
	sql "UNINSTALL SONAME 'simple_password_check'"
	sql "SET GLOBAL read_only = 1"
	[ "$(change clerk Tz7-new Tz7-pw)" = no ]
	notes "read-only"
	sql "SET GLOBAL read_only = 0"
	answers yes verify clerk "$tcp" Tz7-pw
}

@test "describe: the old secret is wanted where nobody else may change it" {
	describes_itself 79
}

@test "TLS: a certificate that isn't trusted gets no login" {
	answers yes apply clerk "$by_admin" Tz7-right
	tls="host=localhost port=$port sslmode=verify-full"
	answers unknown verify clerk "$tls" Tz7-right
	notes "does not speak TLS"
	make_certificate
	settle "ssl-cert = $server/cert" "ssl-key = $server/key"
	sql "ALTER USER clerk@localhost REQUIRE SSL"
	answers no verify clerk "$tcp" Tz7-right
	answers unknown verify clerk "$tls" Tz7-right
	notes "certificate"
	answers yes verify clerk "$tls sslrootcert=$server/cert" Tz7-right
	answers no verify clerk "$tls sslrootcert=$server/cert" wrong
	# the certificate is another host's
	answers unknown verify clerk "$tcp sslmode=verify-full \
		sslrootcert=$server/cert" Tz7-right
	sql "ALTER USER clerk@localhost REQUIRE NONE"
}

@test "the secret is in no log and no file of the server" {
	for user in boss clerk; do
		answers yes apply "$user" "$by_admin" Tz7-canary
		[ "$(change "$user" Tz7-canary-two Tz7-canary)" = yes ]
		answers yes verify "$user" "$tcp" Tz7-canary-two
		answers no verify "$user" "$tcp" Tz7-canary
	done
	sql "FLUSH LOGS"
	# who may, keeps even the hash out of the general log
	run ! grep -aF 'PASSWORD FOR `boss`' "$server/data/general.log"
	grep -qaF 'PASSWORD FOR `clerk`' "$server/data/general.log"
	grep -qa 'PASSWORD FOR .boss.@' "$server"/data/binlog.0*
	run ! grep -rqaF Tz7-canary "$server/data" "$server/log"
}

@test "nothing leaks, seen from outside" {
	for user in boss clerk; do
		[ "$(watched Tz7-canary Tz7-new apply "$user" "$by_admin")" = yes ]
		[ "$(watched Tz7-canary Tz7-canary verify "$user" "$tcp")" = yes ]
		[ "$(watched Tz7-new Tz7-canary apply "$user" "$tcp")" = yes ]
	done
}

@test "the whole way: cards, rotation by the old ones, rotation by none" {
	begin
	printf Tz7-start | deal db a -k 2 -n 3 --user "$me@localhost" \
		--target "$tcp" 2>said
	answers yes apply "$me" "$by_admin" Tz7-start
	"$quorate" rotate db a/*-c1.txt a/*-c2.txt --hook "$hook" \
		--format txt --output b 3>&- 4>&- >out 2>said
	cat said
	grep -q 'takes the new secret, and refuses the old one' said
	second=$(rejoin b/*-c1.txt b/*-c3.txt)
	logs_in "$me" "$second"
	answers no verify "$me" "$tcp" Tz7-start
	"$quorate" rotate db -k 2 -n 3 --user "$me" --target "$by_admin" \
		--generation 3 --hook "$hook" --format txt --output c --json \
		3>&- 4>&- >out 2>said
	[ "$(json out 'j["state"]')" = proven ]
	logs_in "$me" "$(rejoin c/*-c2.txt c/*-c3.txt)"
	answers no verify "$me" "$tcp" "$second"
}

@test "quorate hook test finds nothing broken" {
	passes_its_test
}
