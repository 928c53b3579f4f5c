#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for a principal of an MIT KDC, against krb5kdc itself.
# tests/tools/run-hook.c runs it as quorate does.

bats_require_minimum_version 1.5.0
load common
load servers

setup_file() {
	begin_server krb5
	admin addpol -maxfailure 2 -failurecountinterval 10m -minlength 6 \
		-minclasses 2 -history 3 strict
	for name in two three/admin 'a$b+c'; do
		admin addprinc -pw first "$name"
	done
	admin addprinc -policy strict -pw First-1 watched
}

teardown_file() {
	end_server
}

setup() {
	put_hook kerberos
	here=$server/krb5.conf
}

admin() {
	"$run" admin "$server" "$@" >/dev/null
}

# All that the database holds
dump() {
	KRB5_CONFIG=$here KRB5_KDC_PROFILE=/dev/null \
		/usr/sbin/kdb5_util dump "$BATS_TEST_TMPDIR/dump"
	# but when somebody last tried
	grep -v '^princ.*@' "$BATS_TEST_TMPDIR/dump" || :
	for name in one two three/admin watched; do
		"$run" admin "$server" getprinc "$name" |
			grep -E '^(Last password|Key|Last modified)'
	done
}

@test "a wrong password is refused, and no principal is no refusal" {
	answers no verify one "$here" wrong
	answers no verify two "$here" firs
	answers no verify two "$here" firstt
	answers unknown verify none "$here" first
	notes 'not found in Kerberos database'
	answers no apply none "$here" Tz7-password
	notes 'Principal does not exist'
	QUORATE_USER=none QUORATE_TARGET=$here run "$hook" describe
	[ "$status" -eq 2 ]
}

@test "what can't be a password is refused, nothing has changed" {
	dump >"$BATS_TEST_TMPDIR/before"
	for p in 'new\nline' 'new\n' '\nnew' '\n' 'ne\0w' '\0'; do
		[ "$(printf "$p" | "$run_hook" "$hook" apply n one "$here" 7 \
		    3<&- 4<&-)" = no ]
		[ "$(printf "$p" | "$run_hook" "$hook" verify n one "$here" 7 \
		    3<&- 4<&-)" = unknown ]
	done
	answers no apply one "$here" "$(printf '%0201d' 0)"
	dump | cmp - "$BATS_TEST_TMPDIR/before"
	answers yes verify one "$here" first
}

@test "names of more than a principal, and another realm's" {
	dump >"$BATS_TEST_TMPDIR/before"
	for u in '' -randkey '-pw x one' 'one two' 'one"' 'o\ne' $'one\ntwo' \
	    @TEST.QUORATE one@ one@A@TEST.QUORATE one@OTHER.REALM '*' 'o;ne'; do
		answers no apply "$u" "$here" Tz7-password
		answers unknown verify "$u" "$here" first
	done
	for t in -x 'A B' 'TEST.QUORATE;' /none "$server" "$server/a b" \
	    "$here:/etc/krb5.conf"; do
		answers no apply one "$t" Tz7-password
		answers unknown verify one "$t" first
	done
	# one that others could write to
	cp "$here" "$BATS_TEST_TMPDIR/krb5.conf"
	chmod 666 "$BATS_TEST_TMPDIR/krb5.conf"
	answers no apply one "$BATS_TEST_TMPDIR/krb5.conf" Tz7-password
	notes "isn't safe"
	dump | cmp - "$BATS_TEST_TMPDIR/before"
}

@test "secrets that nobody reads don't hold it up" {
	head -c 65535 /dev/zero | tr '\0' q >"$BATS_TEST_TMPDIR/long"
	for verb in apply verify; do
		for u in '-x' one; do
			timeout 5 "$run_hook" "$hook" $verb n $u "$here" 7 \
				<"$BATS_TEST_TMPDIR/long" 3<&- \
				4<"$BATS_TEST_TMPDIR/long" 2>/dev/null
		done
	done
}

@test "no KDC, or one that hangs: later, and nothing has changed" {
	dump >"$BATS_TEST_TMPDIR/before"
	"$run" stop "$server"
	answers later apply one "$here" Tz7-password
	answers later verify one "$here" first
	QUORATE_USER=one QUORATE_TARGET=$here run "$hook" describe
	[ "$status" -eq 75 ]
	"$run" start "$server"
	sed -i 's/^patience=.*/patience=0.3/' "$hook"
	kill -STOP "$(cat "$server/pid")"
	answers later apply one "$here" Tz7-password
	answers later verify one "$here" first
	kill -CONT "$(cat "$server/pid")"
	dump | cmp - "$BATS_TEST_TMPDIR/before"
	answers yes verify one "$here" first
}

@test "a locked database: later, and nothing has changed" {
	sed -i 's/^db_patience=.*/db_patience=0.3/' "$hook"
	mkfifo "$BATS_TEST_TMPDIR/open"
	"$run" admin "$server" <"$BATS_TEST_TMPDIR/open" \
		>"$BATS_TEST_TMPDIR/locked" 2>&1 3>&- 4>&- &
	exec 9>"$BATS_TEST_TMPDIR/open"
	echo lock >&9
	echo 'getprinc one' >&9
	sleep 0.5
	answers later apply one "$here" Tz7-password
	echo unlock >&9
	exec 9>&-
	wait
	answers yes verify one "$here" first
}

@test "after apply the new one is accepted, the old one refused" {
	for u in two three/admin two@TEST.QUORATE 'a$b+c'; do
		answers yes apply "$u" "$here" First-password
		answers yes verify "$u" "$here" First-password
		answers yes apply "$u" "$here" Second-password
		answers yes apply "$u" "$here" Second-password
		answers yes verify "$u" "$here" Second-password
		answers no verify "$u" "$here" First-password
		answers no verify "$u" "$here" Second-passwor
	done
	answers yes verify one "$here" first
	# also what an administrator kept
	admin cpw -keepold -pw Third-password two
	answers yes apply two "$here" Fourth-password
	answers no verify two "$here" Second-password
	answers no verify two "$here" Third-password
	"$run" admin "$server" getprinc two >"$BATS_TEST_TMPDIR/two"
	[ "$(grep '^Key:' "$BATS_TEST_TMPDIR/two" | cut -d , -f 1 |
		sort -u | wc -l)" = 1 ]
}

@test "one that needs no preauthentication is tried, too" {
	admin modprinc -requires_preauth two
	answers yes apply two "$here" Right-password
	answers yes verify two "$here" Right-password
	answers no verify two "$here" wrong
	admin modprinc +requires_preauth two
}

@test "every character arrives" {
	for p in ' a:b::c $HOME `id` $(id) ' '\n\t\%s%d%%' x \
	    '"quoted" '\''single'\' '-n -e' 'pässwörd€' \
	    "$(printf '\001\201\210\377\t')" "$(printf '%0200d' 0)"; do
		answers yes apply two "$here" "$p"
		answers yes verify two "$here" "$p"
	done
	answers no verify two "$here" "$(printf '%0199d' 0)"
}

@test "a policy: told, refused, and its history no hindrance" {
	describes 'wrong-logins = 2/600s' watched "$here"
	describes 'length = 6-200' watched "$here"
	describes 'length = 1-200' one "$here"
	run ! grep wrong-logins "$BATS_TEST_TMPDIR/description"
	describes 'wrong-logins = 0' '' ''
	admin modpol -failurecountinterval 2d strict
	describes 'wrong-logins = 2/3d' watched "$here"
	admin modpol -failurecountinterval 0 strict
	describes 'wrong-logins = 2/365d' watched "$here"
	admin modpol -maxfailure 0 strict
	describes 'length = 6-200' watched "$here"
	run ! grep wrong-logins "$BATS_TEST_TMPDIR/description"
	admin modpol -maxfailure 2 -failurecountinterval 10m strict
	answers no apply watched "$here" aB1
	notes 'too short'
	answers no apply watched "$here" abcdefgh
	notes 'character classes'
	answers yes verify watched "$here" First-1
	answers yes apply watched "$here" First-1
	answers yes apply watched "$here" Second-2
	answers yes apply watched "$here" Second-2
	answers no apply watched "$here" First-1
	notes history
	answers yes verify watched "$here" Second-2
}

@test "a locked, disabled or expired account has refused nothing" {
	answers yes apply watched "$here" Right-1
	answers no verify watched "$here" wrong
	answers no verify watched "$here" wrong
	answers later verify watched "$here" wrong
	notes 'is locked'
	answers later verify watched "$here" Right-1
	admin modprinc -unlock -allow_tix watched
	answers unknown verify watched "$here" Right-1
	notes 'is disabled'
	admin modprinc +allow_tix +needchange watched
	answers unknown verify watched "$here" Right-1
	notes 'has to be changed at once'
	answers no verify watched "$here" wrong
	admin modprinc -needchange -expire yesterday watched
	answers unknown verify watched "$here" Right-1
	admin modprinc -expire never -pwexpire yesterday watched
	answers unknown verify watched "$here" Right-1
	admin modprinc -pwexpire never watched
	answers yes verify watched "$here" Right-1
}

@test "clocks that differ: later" {
	command -v faketime >/dev/null || skip "wants faketime"
	sed 's/^\[libdefaults\]/&\n\tkdc_timesync = 0/' "$here" \
		>"$server/skewed.conf"
	# as if the host's clock were wrong
	sed -i 's/kinit -c/faketime -f +1h &/' "$hook"
	answers later verify one "$server/skewed.conf" first
	notes 'clock differs'
}

@test "without a path it is the configuration of this host" {
	unshare -m true || skip "wants a mount namespace of its own"
	export here run_hook hook
	unshare -m sh -euc '
		mount --bind "$here" /etc/krb5.conf
		is() {
			said=$(printf %s "$5" | "$run_hook" "$hook" "$2" n \
				"$3" "$4" 7)
			[ "$said" = "$1" ]
		}
		is yes apply one "" Second-password
		is yes verify one TEST.QUORATE Second-password
		is no verify one@TEST.QUORATE "" first
		is yes apply one@TEST.QUORATE TEST.QUORATE first
		is no apply one OTHER.REALM Tz7-password
		is unknown verify one OTHER.REALM first
		is no apply one@TEST.QUORATE OTHER.REALM Tz7-password
		is yes verify one "" first' 3<&- 4<&-
}

@test "a certificate instead of the password is no answer" {
	# kinit that asks for none
	printf '%s\n' '#!/bin/sh' 'exit 0' >"$server/hooks/kinit"
	chmod 755 "$server/hooks/kinit"
	sed -i "s|kinit -c|$server/hooks/kinit -c|" "$hook"
	answers unknown verify one "$here" first
}

@test "who may not read the database changes nothing" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	dump >"$BATS_TEST_TMPDIR/before"
	chmod 755 "$server"
	printf Tz7-password >"$server/given"
	chmod 644 "$server/given"
	run setpriv --reuid 65534 --regid 65534 --clear-groups env -i \
		PATH=/usr/sbin:/usr/bin QUORATE_USER=one \
		QUORATE_TARGET="$here" "$hook" apply 3<"$server/given"
	[ "$status" -eq 1 ]
	rm "$server/given"
	dump | cmp - "$BATS_TEST_TMPDIR/before"
}

@test "the secret is in no argument, environment, file or log" {
	printf %s Tz7-canary+Qx9 >"$BATS_TEST_TMPDIR/new"
	for u in one watched; do
		for verb in apply verify apply; do
			/usr/bin/python3 \
				"$BATS_TEST_DIRNAME/../tools/leaks.py" \
				--secret-file "$BATS_TEST_TMPDIR/new" \
				--hooks 1 -- "$run_hook" "$hook" $verb n $u \
				"$here" 7 <"$BATS_TEST_TMPDIR/new" 3<&- 4<&-
		done
	done
	run ! grep -ra Tz7-canary "$server"
	run ! ls /tmp/krb5cc_"$(id -u)"
	answers yes apply one "$here" first
}

@test "it keeps the contract, as quorate hook test sees it" {
	begin
	run "$quorate" hook test "$hook" --user one --target "$here" --yes
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"refuses-old: ok"* ]]
	[[ "$output" == *"takes-longest: ok: 200 characters count"* ]]
}

@test "quorate rotates it, and proves it" {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	answers yes apply two "$here" Before-quorate
	printf Before-quorate | deal kdc kdc -k 2 -n 3 --user two \
		--target "$here" 2>/dev/null
	"$quorate" rotate kdc kdc/kdc-g1-c[12].txt --hook "$hook" \
		--format txt --output new 2>heard || { cat heard; false; }
	answers no verify two "$here" Before-quorate
	answers yes verify two "$here" \
		"$(rejoin --no-ledger new/kdc-g2-c[23].txt)"
	[ "$(entries | fields event outcome | grep rotate-end)" = \
	    'rotate-end proven' ]
}
