#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for an account of this host, on a throw-away root: a mount
# namespace of the test's own with an overlay over /etc and an empty /tmp.
# tests/tools/run-hook.c runs the hook as quorate does.

bats_require_minimum_version 1.5.0
load throwaway

setup_file() {
	begin_root
	if [ "$(id -u)" -eq 0 ]; then
		cat /etc/passwd /etc/shadow | sha256sum >"$root/host-before"
	fi
}

setup() {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	is_private || skip "wants a mount namespace of its own"
}

@test "describe is understood" {
	run --separate-stderr on_root <<-'END'
		"$tool" "$hook" describe n u "" 1
	END
	[ "$status" -eq 0 ]
	[ "${#lines[0]}" -eq 94 ]
	[ "${lines[1]}" = "1 to 200" ]
	[ "${lines[2]}" = "needs old: 0" ]
	[ "${lines[3]}" = "single secret: 1" ]
	[ -z "$stderr" ]
}

@test "a new account refuses every password" {
	run on_root <<-'END'
		is "$(try guess)" no
		is "$(try '!')" no
	END
	[ "$status" -eq 0 ]
}

@test "after apply the new password is accepted, the old one refused" {
	run on_root <<-'END'
		grep -v ^emergency: /etc/shadow >/mnt/others-before
		is "$(set_to first-password)" yes
		is "$(try first-password)" yes
		is "$(set_to second-password)" yes
		is "$(try second-password)" yes
		is "$(try first-password)" no
		is "$(try second-passwor)" no
		is "$(try second-passwordd)" no
		# of this user only
		grep -v ^emergency: /etc/shadow >/mnt/others
		cmp /mnt/others /mnt/others-before
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "apply twice is as good as once, the old secret given or not" {
	run on_root <<-'END'
		is "$(set_to the-password)" yes
		is "$(set_to the-password)" yes
		printf %s the-password >/mnt/old
		is "$(set_to another-password 4</mnt/old)" yes
		is "$(try another-password)" yes
		is "$(try the-password)" no
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "any byte but line feed and NUL arrives" {
	run on_root <<-'END'
		for p in 'a:b::c' ' lead and trail ' '$HOME `id` $(id)' '\n\\t\' \
		    '%s%d%%' '"quoted" '\''single'\' '-n -e' 'root:x' '*' '#!' \
		    'pässwörd€' "$(printf '\001\377\t')"; do
			is "$(set_to "$p")" yes
			is "$(try "$p")" yes
		done
		is "$(try 'lead and trail')" no
		p=$(head -c 200 /dev/zero | tr '\0' q)
		is "$(set_to "$p")" yes
		is "$(try "$p")" yes
		is "$(try "${p%q}")" no
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a line feed or NUL is refused, and sets nobody else's password" {
	run on_root <<-'END'
		is "$(set_to good-password)" yes
		cp /etc/shadow /mnt/before
		for p in 'new\nroot:owned' 'new\n' '\nnew' '\n' 'ne\0w' '\0'; do
			is "$(printf "$p" | "$tool" "$hook" apply n emergency \
				"" 7)" no
			is "$(printf "$p" | "$tool" "$hook" verify n emergency \
				"" 7)" unknown
		done
		p=$(head -c 201 /dev/zero | tr '\0' q)
		is "$(set_to "$p")" no
		cmp /etc/shadow /mnt/before
		is "$(try good-password)" yes
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"line feed or NUL"*"hint: "* ]]
}

@test "no account, no name, another host: refused with a hint" {
	run on_root <<-'END'
		cp /etc/shadow /mnt/before
		for u in nobody-of-this-name '' -x 'root:x' 'a b' '.*' roo; do
			is "$(printf Tz7-pw |
			    "$tool" "$hook" apply n "$u" "" 7)" no
			is "$(printf Tz7-pw |
			    "$tool" "$hook" verify n "$u" "" 7)" unknown
		done
		is "$(printf Tz7-pw | "$tool" "$hook" apply n emergency \
			elsewhere.example 7)" no
		is "$(printf Tz7-pw | "$tool" "$hook" verify n emergency \
			elsewhere.example 7)" unknown
		cmp /etc/shadow /mnt/before
		is "$(printf Tz7-pw | "$tool" "$hook" apply n emergency \
			"$(uname -n)" 7)" yes
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *'no account "nobody-of-this-name"'*"hint: "* ]]
	[[ "$output" == *'the target is "elsewhere.example"'* ]]
}

@test "a locked account database is for later, and nothing has changed" {
	run on_root <<-'END'
		is "$(set_to good-password)" yes
		/usr/bin/python3 -c 'import fcntl, time
		f = open("/etc/.pwd.lock", "w")
		fcntl.lockf(f, fcntl.LOCK_EX)
		open("/mnt/locked", "w")
		time.sleep(60)' &
		while [ ! -e /mnt/locked ]; do sleep 0.1; done
		is "$(set_to new-password)" later
		kill $!
		is "$(try good-password)" yes
		is "$(set_to new-password)" yes
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "closed logins and a service that trusts root are no refusal" {
	run on_root <<-'END'
		is "$(set_to good-password)" yes
		echo closed >/etc/nologin
		is "$(try good-password)" later
		rm /etc/nologin
		sed -i 's/^service=login/service=su/' "$hook"
		is "$(try wrong)" unknown
		sed -i 's/^service=su/service=none/' "$hook"
		is "$(try wrong)" unknown
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the secret is in no argument, environment or file" {
	run on_root <<-'END'
		mount -t tmpfs none /tmp
		mount -t tmpfs none /var/tmp
		printf %s Tz7-canary >/mnt/new
		for verb in apply verify; do
			strace -f -y -qq -v -s 4096 -o /mnt/trace-$verb \
			    -e trace=%process,%network,write,writev,pwrite64 \
			    "$tool" "$hook" $verb n emergency "" 7 </mnt/new
		done
		grep -q 'execve.*chpasswd' /mnt/trace-apply
		grep -q 'execve.*pamtester' /mnt/trace-verify
		# the trace does see it where it goes: into pipes, no file
		grep -q 'write.*canary' /mnt/trace-apply
		grep -q 'write.*canary' /mnt/trace-verify
		grep -h canary /mnt/trace-* >/mnt/seen
		none -v ' write([0-9]*<pipe:' /mnt/seen
		find /tmp /var/tmp /run /etc -type f -newer /mnt/new \
			-exec cat {} + >/mnt/written
		none -a canary /mnt/written
		is "$(find /tmp /var/tmp -mindepth 1)" ""
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = yes ]
	[ "${lines[1]}" = yes ]
}

@test "quorate hook test finds nothing broken" {
	export quorate=${run_hook%/tests/tools/run-hook}/cmd/quorate
	run on_root <<-'END'
		cp "$quorate" /run/quorate-hook-test/quorate
		mount -t tmpfs none /tmp
		/run/quorate-hook-test/quorate hook test "$hook" --no-ledger --user emergency --yes
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(echo "$output" | grep -c ': ok: ')" -ge 20 ]
	[[ "$output" == *"takes-longest: ok: 200 characters count, each"* ]]
	[[ "$output" == *"mints: not checked: "* ]]
}

@test "a user who isn't root changes nothing" {
	run on_root <<-'END'
		is "$(set_to good-password)" yes
		printf %s guess >/mnt/s
		chmod 711 /mnt
		chmod 644 /mnt/s
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			env QUORATE_USER=emergency "$hook" apply 3</mnt/s &&
			exit 8 || is $? 1
		is "$(try good-password)" yes
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"only root sets passwords"* ]]
}

@test "the host's accounts are as before" {
	cat /etc/passwd /etc/shadow | sha256sum | cmp - "$root/host-before"
	run ! getent passwd emergency
	[ ! -e /run/quorate-hook-test ]
}
