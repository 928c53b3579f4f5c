#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for OpenLDAP, against slapd itself. tests/tools/run-hook.c runs it
# as quorate does.

bats_require_minimum_version 1.5.0
load common
load servers

setup_file() {
	begin_server slapd
}

teardown_file() {
	end_server
}

setup() {
	put_hook openldap
	here=ldapi://%2Ftmp%2F${server#/tmp/}%2Fldapi
	tcp=ldap://127.0.0.1:$port
	entry=cn=one,dc=policy,dc=test
	two=cn=two,dc=policy,dc=test
	own=cn=one,dc=debian,dc=test
	rootdn=cn=admin,dc=policy,dc=test
	odd=$(cat "$server/odd")
}

# with_old WORD USER TARGET NEW OLD: apply, the old one known
with_old() {
	said=$(change_at "$3" "$2" "$4" "$5") || :
	rm "$BATS_TEST_TMPDIR/old"
	is_said "$1" apply "$2" "$3"
}

# All that the server holds
dump() {
	for dc in policy debian odd; do
		/usr/sbin/slapcat -F "$server/slapd.d" -b "dc=$dc,dc=test"
	done
	/usr/sbin/slapcat -F "$server/slapd.d" -n 0
}

# change DN LINE...: of an entry or the configuration, as an administrator
change() {
	local dn=$1
	shift
	printf '%s\n' "dn: $dn" 'changetype: modify' "$@" |
		ldapmodify -Q -Y EXTERNAL -H "$here" >/dev/null
}

# As the rootdn of dc=debian, whose password is as it was made
change_own() {
	printf '%s\n' "dn: $own" 'changetype: modify' "$@" |
		ldapmodify -x -H "$here" -D cn=admin,dc=debian,dc=test \
		-w first >/dev/null
}

# How often somebody has tried a password
tries() {
	grep -c 'BIND dn=".*method=128' "$server/log" || :
}

@test "a wrong password is refused, and nothing is the password of nobody" {
	answers no verify "$rootdn" "$here" wrong
	answers unknown verify "$rootdn" "$tcp" wrong
	answers no verify "$two" "$here" guess
	answers unknown verify cn=none,dc=policy,dc=test "$here" guess
	notes 'no entry "cn=none,dc=policy,dc=test"'
	answers unknown verify cn=none,dc=nowhere,dc=test "$here" guess
	answers unknown verify cn=none,dc=policy,dc=test "$tcp" guess
}

@test "what can't be a password is refused, nothing has changed" {
	dump >"$BATS_TEST_TMPDIR/before"
	before=$(tries)
	for p in 'new\nline' 'new\n' '\nnew' '\n' 'ne\0w' '\0'; do
		for u in "$rootdn" "$entry"; do
			[ "$(printf "$p" | "$run_hook" "$hook" apply n "$u" \
			    "$here" 7 3<&- 4<&-)" = no ]
			[ "$(printf "$p" | "$run_hook" "$hook" verify n "$u" \
			    "$here" 7 3<&- 4<&-)" = unknown ]
		done
	done
	answers no apply "$entry" "$here" "$(printf '%0201d' 0)"
	notes "longer than 200 bytes"
	[ "$(tries)" = "$before" ]
	dump | cmp - "$BATS_TEST_TMPDIR/before"
}

@test "names that are no DN, and those that would be more than one line" {
	dump >"$BATS_TEST_TMPDIR/before"
	for u in '' -x one =x x= "$entry"$'\nuserPassword: owned' \
	    'cn=one,dc=policy,dc=test;' '*' 'cn=*,dc=policy,dc=test' \
	    'cn=one)(olcRootDN=*,dc=policy,dc=test' cn=none; do
		answers no apply "$u" "$here" Tz7-password
		answers unknown verify "$u" "$here" Tz7-password
	done
	dump | cmp - "$BATS_TEST_TMPDIR/before"
}

@test "a target that is no server: refused, and named" {
	for t in ldap:// ldap://a/b ldap:///dc=test ldaps:// http://a /run/ldapi \
	    "ldap://a ldap://b" ldapi:/// ldap://a?b "ldap://a,ldap://b" \
	    'ldap://u@a' ldapi://a/b -x; do
		[ "$t" != ldapi:/// ] || continue
		with_old no "$entry" "$t" Tz7-password Old-password
		notes "\"$t\" is no URI of an LDAP server"
		answers unknown verify "$entry" "$t" Tz7-password
	done
}

@test "secrets that nobody reads don't hold it up" {
	head -c 65535 /dev/zero | tr '\0' q >"$BATS_TEST_TMPDIR/long"
	for verb in apply verify; do
		timeout 5 "$run_hook" "$hook" $verb n nobody "$here" 7 \
			<"$BATS_TEST_TMPDIR/long" 3<&- \
			4<"$BATS_TEST_TMPDIR/long" 2>/dev/null
		timeout 5 "$run_hook" "$hook" $verb n "$entry" "$here" 7 \
			<"$BATS_TEST_TMPDIR/long" 3<&- \
			4<"$BATS_TEST_TMPDIR/long" 2>/dev/null
	done
}

@test "no server: later, for all verbs" {
	for t in ldapi://%2Fnone ldap://127.0.0.1:1 ldaps://127.0.0.1:1 \
	    ldap://0.0.0.0:1; do
		with_old later "$entry" "$t" Tz7-password Old-password
		answers later verify "$entry" "$t" Tz7-password
		QUORATE_USER=$entry QUORATE_TARGET=$t run "$hook" describe
		[ "$status" -eq 75 ]
	done
}

@test "a server that hangs: later, in time" {
	sed -i 's/^patience=.*/patience=0.3/' "$hook"
	kill -STOP "$(cat "$server/pid")"
	answers later apply "$entry" "$here" Tz7-password
	answers later verify "$entry" "$here" Tz7-password
	answers later verify "$entry" "$tcp" Tz7-password
	kill -CONT "$(cat "$server/pid")"
}

@test "the rootdn: after apply the new one is accepted, the old one refused" {
	for u in "$rootdn" "$odd"; do
		answers yes verify "$u" "$here" first
		answers yes apply "$u" "$here" Second-password
		answers yes verify "$u" "$here" Second-password
		answers no verify "$u" "$here" first
		answers no verify "$u" "$here" Second-passwor
		answers yes apply "$u" "$here" Third-password
		answers yes apply "$u" "$here" Third-password
		answers yes verify "$u" "$tcp" Third-password
		answers no verify "$u" "$here" Second-password
	done
	# only a hash of it is kept, of each
	[ "$(dump | grep -c '^olcRootPW:: e1NTSEF9')" = 2 ]
	# the case and the blanks are the server's business
	answers yes verify 'CN=Admin, DC=policy,DC=test' "$here" Third-password
	answers yes apply 'CN=Admin, DC=policy,DC=test' "$here" Fourth-password
	answers yes verify "$rootdn" "$here" Fourth-password
}

@test "a rootdn that is an entry, too, may have two passwords" {
	answers yes apply "$rootdn" "$here" Old-password
	ldapadd -Q -Y EXTERNAL -H "$here" <<-END
		dn: $rootdn
		objectClass: person
		cn: admin
		sn: x
		userPassword: Besides-it
	END
	answers yes verify "$rootdn" "$here" Besides-it
	answers no apply "$rootdn" "$here" Tz7-password
	notes 'its userPassword counts'
	answers no verify "$rootdn" "$here" Tz7-password
	answers yes verify "$rootdn" "$here" Old-password
	ldapdelete -Q -Y EXTERNAL -H "$here" "$rootdn"
	answers yes apply "$rootdn" "$here" Tz7-password
	answers no verify "$rootdn" "$here" Besides-it
}

@test "a rootdn without a password is none, and not given one" {
	change 'olcDatabase={0}config,cn=config' 'replace: olcRootDN' \
		'olcRootDN: cn=admin,cn=config'
	answers no apply cn=admin,cn=config "$here" Tz7-password
	answers unknown verify cn=admin,cn=config "$here" Tz7-password
	change 'olcDatabase={0}config,cn=config' 'replace: olcRootPW' \
		'olcRootPW: first'
	answers yes apply cn=admin,cn=config "$here" Tz7-password
	answers yes verify cn=admin,cn=config "$here" Tz7-password
	answers no verify cn=admin,cn=config "$here" first
	# who may write the configuration can do it from afar
	with_old yes cn=admin,cn=config "$tcp" Another-password Tz7-password
	answers yes verify cn=admin,cn=config "$tcp" Another-password
}

@test "an entry: after apply the new one is accepted, the old one refused" {
	answers yes apply "$entry" "$here" First-password
	answers yes verify "$entry" "$here" First-password
	answers yes apply "$entry" "$here" Second-password
	answers yes apply "$entry" "$here" Second-password
	answers yes verify "$entry" "$here" Second-password
	answers yes verify "$entry" "$tcp" Second-password
	answers no verify "$entry" "$here" First-password
	answers no verify "$entry" "$tcp" Second-passwor
	answers no verify "$two" "$here" Second-password
	answers yes apply "$entry" "$here" Second-password
	dump | grep -q '^userPassword:: e1NTSEF9'
}

@test "by the old one, of a server that lets each only set his own" {
	change_own 'replace: userPassword' 'userPassword: Old-password' \
		'userPassword: Another-one'
	answers yes verify "$own" "$here" Another-one
	answers no apply "$own" "$here" New-password
	notes "this user may not set it"
	answers no apply "$own" "$tcp" New-password
	notes 'the old secret is wanted'
	with_old no "$own" "$here" New-password wrong
	with_old no "$own" "$tcp" New-password wrong
	answers yes verify "$own" "$tcp" Old-password
	with_old yes "$own" "$tcp" New-password Old-password
	answers yes verify "$own" "$tcp" New-password
	# whatever it had
	answers no verify "$own" "$tcp" Old-password
	answers no verify "$own" "$tcp" Another-one
	# again, when it has it already
	with_old yes "$own" "$tcp" New-password Old-password
	with_old yes "$own" "$here" New-password Old-password
	with_old yes "$own" "$here" Newer-password New-password
	answers yes verify "$own" "$here" Newer-password
	answers no verify "$own" "$here" New-password
	describes 'needs-old = yes' "$own" "$tcp"
	describes 'wrong-logins = 0' "$own" "$tcp"
	describes 'needs-old = no' "$own" "$here"
}

@test "a policy's history: refused, unless it is the one that it has" {
	answers yes apply "$two" "$here" First-password
	with_old yes "$two" "$tcp" Second-password First-password
	with_old yes "$two" "$tcp" Second-password Second-password
	with_old no "$two" "$tcp" First-password Second-password
	notes history
	with_old no "$two" "$tcp" short Second-password
	answers yes verify "$two" "$here" Second-password
}

@test "a locked account has refused nothing" {
	answers yes apply "$entry" "$here" Right-password
	describes 'wrong-logins = 3/600s' "$entry" "$here"
	answers no verify "$entry" "$here" wrong
	answers no verify "$entry" "$here" wrong
	answers later verify "$entry" "$here" wrong
	answers later verify "$entry" "$here" Right-password
	notes 'the account is locked'
	answers later verify "$entry" "$tcp" Right-password
	change 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config' \
		'replace: olcPPolicyUseLockout' 'olcPPolicyUseLockout: TRUE'
	answers later verify "$entry" "$tcp" Right-password
	with_old later "$entry" "$tcp" New-password Right-password
	answers yes apply "$entry" "$here" Right-password
	answers yes verify "$entry" "$here" Right-password
}

@test "one that is expired or must be changed at once is no answer" {
	policy=cn=policy,dc=policy,dc=test
	change "$policy" 'replace: pwdMustChange' 'pwdMustChange: TRUE'
	answers yes apply "$entry" "$here" Given-password
	answers unknown verify "$entry" "$here" Given-password
	notes 'to be changed at once'
	change "$policy" 'delete: pwdMustChange' - 'replace: pwdMaxAge' \
		'pwdMaxAge: 1'
	answers yes apply "$two" "$here" Given-password
	sleep 2
	answers unknown verify "$two" "$here" Given-password
	answers no verify "$two" "$here" wrong
	change "$policy" 'delete: pwdMaxAge'
	answers yes verify "$two" "$here" Given-password
}

@test "what a policy says of wrong logins is told" {
	policy=cn=policy,dc=policy,dc=test
	change "$policy" 'replace: pwdFailureCountInterval' \
		'pwdFailureCountInterval: 0'
	describes 'wrong-logins = 3/365d' "$entry" "$here"
	change "$policy" 'replace: pwdFailureCountInterval' \
		'pwdFailureCountInterval: 100000'
	describes 'wrong-logins = 3/2d' "$entry" "$here"
	change "$policy" 'replace: pwdLockout' 'pwdLockout: FALSE'
	describes 'length = 1-200' "$entry" "$here"
	run ! grep wrong-logins "$BATS_TEST_TMPDIR/description"
	change "$policy" 'replace: pwdMinDelay' 'pwdMinDelay: 4'
	describes 'wrong-logins = 0' "$entry" "$here"
	change "$policy" 'delete: pwdMinDelay' - 'replace: pwdLockout' \
		'pwdLockout: TRUE' - 'replace: pwdFailureCountInterval' \
		'pwdFailureCountInterval: 600'
	# an entry without a policy, and a rootdn, which none concerns
	describes 'needs-old = no' cn=one,dc=odd,dc=test "$here"
	describes 'needs-old = no' "$rootdn" "$here"
	run ! grep wrong-logins "$BATS_TEST_TMPDIR/description"
	QUORATE_USER=cn=none,dc=policy,dc=test QUORATE_TARGET=$here \
		run "$hook" describe
	[ "$status" -eq 2 ]
}

@test "the server's hash is taken, and clear text refused" {
	frontend='olcDatabase={-1}frontend,cn=config'
	change "$frontend" 'replace: olcPasswordHash' \
		'olcPasswordHash: {CLEARTEXT}'
	answers no apply "$entry" "$here" Tz7-password
	notes 'would keep it in clear'
	change "$frontend" 'replace: olcPasswordHash' \
		'olcPasswordHash: {ARGON2}'
	for u in "$rootdn" "$entry"; do
		answers yes apply "$u" "$here" Tz7-password
		answers yes verify "$u" "$here" Tz7-password
		answers no verify "$u" "$here" Tz7-passwore
	done
	dump >"$BATS_TEST_TMPDIR/dump"
	grep -q '^olcRootPW:: e0FSR09OMn0' "$BATS_TEST_TMPDIR/dump"
	grep -q '^userPassword:: e0FSR09OMn0' "$BATS_TEST_TMPDIR/dump"
	change "$frontend" 'delete: olcPasswordHash'
}

@test "every character arrives" {
	answers yes apply cn=one,dc=odd,dc=test "$here" x
	for p in ' a:b::c $HOME `id` ' '\n\t\%s%d%%"'\' '{SSHA}x' \
	    '-n -e pässwörd€' "$(printf '\001\201\210\377\t')" \
	    "$(printf '%0200d' 0)"; do
		for u in "$odd" cn=one,dc=odd,dc=test; do
			answers yes apply "$u" "$here" "$p"
			answers yes verify "$u" "$here" "$p"
		done
	done
	answers no verify "$odd" "$here" "$(printf '%0199d' 0)"
}

@test "without TLS nothing is told to another host" {
	answers yes apply "$entry" "$here" First-password
	before=$(tries)
	# nobody calls it loopback: it might be any address
	for t in "ldap://0.0.0.0:$port" "ldap://127.0.0.1.nowhere.test:$port"; do
		with_old no "$entry" "$t" Tz7-password First-password ||
			[ "$said" = later ]
		answers unknown verify "$entry" "$t" First-password ||
			[ "$said" = later ]
	done
	with_old no "$entry" "ldap://0.0.0.0:$port" Tz7-password First-password
	[ "$(tries)" = "$before" ]
	run ! describes 'needs-old = yes' "$entry" "ldap://0.0.0.0:$port"
}

@test "TLS: a certificate that isn't trusted gets no password" {
	change cn=config 'replace: olcTLSCertificateFile' \
		"olcTLSCertificateFile: $server/cert.pem" - \
		'replace: olcTLSCertificateKeyFile' \
		"olcTLSCertificateKeyFile: $server/key.pem"
	"$run" stop "$server"
	"$run" start "$server"
	answers yes apply "$entry" "$here" First-password
	before=$(tries)
	start=ldap://0.0.0.0:$port tls=ldaps://127.0.0.1:$(cat "$server/tls-port")
	# what stands in the current directory isn't believed, either
	cd "$BATS_TEST_TMPDIR"
	echo 'TLS_REQCERT never' >ldaprc
	for t in "$start" "$tls"; do
		run ! with_old yes "$entry" "$t" Tz7-password First-password
		run ! answers yes verify "$entry" "$t" First-password
	done
	[ "$(tries)" = "$before" ]
	trusted=$BATS_TEST_TMPDIR/trusted
	mkdir "$trusted"
	printf '%s\n' "TLS_CACERT $server/ca.pem" 'TLS_REQCERT never' \
		>"$trusted/ldap.conf"
	export trusted start tls entry run_hook hook
	unshare -m true || skip "wants a mount namespace of its own"
	unshare -m sh -euc '
		mount --bind "$trusted" /etc/ldap
		printf First-password >old
		for t in "$start" "$tls"; do
			[ "$(printf Second-password | "$run_hook" "$hook" apply \
				n "$entry" "$t" 7 4<old)" = yes ]
			printf Second-password >old
			[ "$(printf Second-password | "$run_hook" "$hook" \
				verify n "$entry" "$t" 7 4<&-)" = yes ]
		done' 3<&- 4<&-
	[ "$(tries)" -gt "$before" ]
}

@test "without a target it is the server of this host" {
	unshare -m true || skip "wants a mount namespace of its own"
	export server entry run_hook hook
	unshare -m sh -euc '
		mount -t tmpfs none /run
		mkdir /run/slapd
		ln -s "$server/ldapi" /run/slapd/ldapi
		for t in "" ldapi:///; do
			[ "$(printf Here-it-is | "$run_hook" "$hook" apply n \
				"$entry" "$t" 7)" = yes ]
			[ "$(printf Here-it-is | "$run_hook" "$hook" verify n \
				"$entry" "$t" 7)" = yes ]
		done' 3<&- 4<&-
	answers yes verify "$entry" "$here" Here-it-is
}

@test "the secret is in no argument, environment, file or log" {
	printf %s Tz7-canary+Qx9 >"$BATS_TEST_TMPDIR/new"
	printf %s Tz7-old/canary >"$BATS_TEST_TMPDIR/old"
	watch() {
		/usr/bin/python3 "$BATS_TEST_DIRNAME/../tools/leaks.py" \
			--secret-file "$BATS_TEST_TMPDIR/new" "$@" 3<&-
	}
	for u in "$rootdn" "$entry"; do
		watch --hooks 1 -- "$run_hook" "$hook" apply n "$u" "$here" 7 \
			<"$BATS_TEST_TMPDIR/new" 4<&-
	done
	watch --hooks 1 -- "$run_hook" "$hook" verify n "$entry" "$here" 7 \
		<"$BATS_TEST_TMPDIR/new" 4<&-
	answers yes apply "$two" "$here" Tz7-old/canary
	watch --secret-file "$BATS_TEST_TMPDIR/old" --hooks 1 --fd 4 -- \
		"$run_hook" "$hook" apply n "$two" "$tcp" 7 \
		<"$BATS_TEST_TMPDIR/new" 4<"$BATS_TEST_TMPDIR/old"
	answers yes verify "$two" "$here" Tz7-canary+Qx9
	run ! grep -raE 'Tz7-(old|canary)' "$server"
}

@test "it keeps the contract, as quorate hook test sees it" {
	begin
	printf First-password >first
	"$quorate" hook test "$hook" --user "$odd" --target "$here" --yes \
		>heard 2>&1 || { cat heard; false; }
	answers yes apply "$entry" "$here" First-password
	"$quorate" hook test "$hook" --user "$entry" --target "$tcp" --yes \
		--secret-file first >heard 2>&1 || { cat heard; false; }
	grep -q '^needs-old: ok: without the old secret it refuses' heard
}

@test "quorate rotates it, and proves it" {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	rotate_it() {
		answers yes apply "$2" "$here" Before-quorate
		printf Before-quorate | deal "$1" "$1" -k 2 -n 3 \
			--user "$2" --target "$here" 2>/dev/null
		"$quorate" rotate "$1" "$1/$1"-g1-c[12].txt --hook "$hook" \
			--format txt --output "$1-new" 2>heard || { cat heard; return 1; }
		answers no verify "$2" "$here" Before-quorate
		answers yes verify "$2" "$here" \
			"$(rejoin --no-ledger "$1-new/$1"-g2-c[23].txt)"
	}
	rotate_it rootdn "$odd"
	rotate_it entry "$two"
	[ "$(entries | fields event outcome credential | grep rotate-end)" = \
	    "$(printf 'rotate-end proven %s\n' rootdn entry)" ]
}
