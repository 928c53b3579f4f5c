# SPDX-License-Identifier: GPL-3.0-or-later
# What the hooks of databases have in common, on the account clerk: each sets
# $tcp, a target where the old password is wanted, and $by_admin, one where
# it isn't. kept prints what the server keeps of it. Load it behind servers.

# change USER NEW OLD: by the old password
change() {
	change_at "$tcp" "$@"
}

# refuses_what_is_none MAX: what can't be a password, or is longer
refuses_what_is_none() {
	answers yes apply clerk "$by_admin" Tz7-right
	before=$(kept clerk)
	for p in $'a\n' $'\nb' $'a\rb'; do
		answers no apply clerk "$by_admin" "$p"
	done
	answers unknown verify clerk "$tcp" "$p"
	for verb in apply:no verify:unknown; do
		said=$(printf 'a\0b' | "$run_hook" "$hook" "${verb%:*}" n \
			clerk "$by_admin" 7 3<&- 4<&- 2>/dev/null)
		[ "$said" = "${verb#*:}" ]
	done
	answers no apply clerk "$by_admin" \
		"$(head -c "$(($1 + 1))" /dev/zero | tr '\0' q)"
	notes "longer than $1 bytes"
	[ "$(kept clerk)" = "$before" ]
}

# believes_nobody CHANGE MODE...: servers that don't know the password
believes_nobody() {
	for mode in "${@:2}"; do
		pretend "$mode"
		answers unknown verify clerk "$lies" Tz7-right
		[ "$(change_at "$lies" clerk Tz7-new Tz7-right)" = no ]
		run ! grep -qa Tz7 "$heard"
		run ! grep -qa "$1" "$heard"
	done
	pretend close
	answers later verify clerk "$lies" Tz7-right
	[ "$(change_at "$lies" clerk Tz7-new Tz7-right)" = later ]
}

leaves_in_time() {
	sed -i 's/^PATIENCE = 20$/PATIENCE = 1/' "$hook"
	pretend hang
	answers later verify clerk "$lies" Tz7-right
	notes "does not answer in 1 seconds"
	[ "$(change_at "$lies" clerk Tz7-new Tz7-right)" = later ]
}

misses_the_answer() {
	answers yes apply clerk "$by_admin" Tz7-first
	pretend cut "$port"
	[ "$(change_at "$lies" clerk Tz7-second Tz7-first)" = unknown ]
	notes "not known"
	answers yes verify clerk "$tcp" Tz7-second
	sed -i 's/^PATIENCE = 20$/PATIENCE = 1/' "$hook"
	pretend mute "$port"
	[ "$(change_at "$lies" clerk Tz7-third Tz7-second)" = unknown ]
	notes "no answer in 1 seconds"
	answers yes verify clerk "$tcp" Tz7-third
}

# describes_itself MAX
describes_itself() {
	run --separate-stderr ask describe clerk "" ""
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "1 to $1" ]
	[ "${lines[2]}" = "needs old: 1" ]
	[ "${lines[3]}" = "single secret: 1" ]
	[ -z "$stderr" ]
	run env QUORATE_TARGET="admin=root wrong-logins=3/15m" "$hook" describe
	[ "${lines[2]}" = "needs-old = no" ]
	[ "${lines[4]}" = "wrong-logins = 3/15m" ]
	run -3 ask describe clerk "wrong-logins=many" ""
}

# Into $server/cert and $server/key: the host's own, for localhost
make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$server/key" -out "$server/cert" 2>/dev/null
	chmod 600 "$server/key"
	chown --reference="$server/data" "$server/key"
}

passes_its_test() {
	begin
	answers yes apply clerk "$by_admin" Tz7-start
	printf Tz7-start | "$quorate" hook test "$hook" --yes --user clerk \
		--target "$tcp" --secret-file - --keep-secret-fd 7 7>kept \
		3>&- 4>&- >out 2>said || {
		cat out said
		return 1
	}
	grep -q 'refuses-old: ok' out
	answers yes verify clerk "$tcp" "$(cat kept)"
}
