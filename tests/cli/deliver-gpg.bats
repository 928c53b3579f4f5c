#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The delivery hook that encrypts by gpg. Keys are made once for all tests.

bats_require_minimum_version 1.5.0
load common
load deliver

# gpg as a person runs it: as WHO ARGUMENT...
as() {
	gpg --homedir "$people/$1" --batch --no-tty --quiet \
	    --pinentry-mode loopback --passphrase '' "${@:2}" 2>"$people/said" \
	    </dev/stdin 3>&-
}

make_key() {
	mkdir -m 700 "$people/$1"
	as "$1" --quick-generate-key "$1 <$1@example.org>" future-default default \
	    "${2:-never}" </dev/null
	as "$1" --export "$1" </dev/null >"$people/$1.key"
	as "$1" --list-keys --with-colons "$1" </dev/null |
		sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -n 1 \
		>"$people/$1.fpr"
}

take() {
	gpg --homedir "$home" --batch --quiet --no-autostart --import "$1"
}

setup_file() {
	command -v gpg >/dev/null || return 0
	# the agents' sockets have short names
	people=$(mktemp -d /tmp/quorate-gpg-XXXXXX)
	export people
	for name in cfo ciso cto; do
		make_key "$name"
	done
	make_key old seconds=1
}

teardown_file() {
	[ -n "${people:-}" ] || return 0
	for name in cfo ciso cto old; do
		gpgconf --homedir "$people/$name" --kill gpg-agent
	done
	rm -rf "$people"
}

setup() {
	[ -n "${people:-}" ] || skip "wants gpg"
	own_hook gpg
	home=$own/gnupg
	mkdir -m 700 "$home"
	take <(cat "$people"/*.key)
	conf=("home = $home" "output = $out")
	for name in cfo ciso cto old; do
		conf+=("key = $(cat "$people/$name.fpr") $name")
	done
	configure '# by gpg' "${conf[@]}"
}

teardown() {
	rm -rf "${own:-}"
}

@test "a custodian without a good key is refused before a card is out" {
	refused "no key for ceo" '2 of (cfo, ceo)'
	[[ "$stderr" == *"hint: key = FINGERPRINT ceo, in $hook.conf"* ]]
	refused "a card is nobody's" '2 of (cfo, ciso, _)'
	sleep 1
	refused "the key of old: " '2 of (cfo, old)'
	as cto --output "$own/revoked" --command-fd 0 --status-fd 9 \
	    --no-batch --gen-revoke "$(cat "$people/cto.fpr")" 9>/dev/null \
	    < <(printf 'y\n0\n\ny\n')
	take "$own/revoked"
	refused "the key of cto: "
}

@test "only a whole fingerprint names a key" {
	fpr=$(cat "$people/cfo.fpr")
	for key in cfo "${fpr:24}" "${fpr:1}" "0x$fpr" "$fpr!" -r \
	    cfo@example.org; do
		configure "${conf[@]:0:2}" "key = $key ceo"
		refused "is no fingerprint" '2 of (ceo, _)'
	done
	# one that is not in the home
	configure "${conf[@]}" "key = $(printf '%040d' 0) ceo"
	refused "the key of ceo: " '2 of (cfo, ceo)'
}

@test "a custodian's name is no option, and no part of a user id" {
	for name in -r --help cf cfo@example.org '*' . '=cfo' 'cfo cto'; do
		refused "no key for $name" "2 of (ciso, \"$name\")"
	done
}

@test "what isn't configured well is refused" {
	configure "output = $out"
	refused 'home: no directory ""'
	configure "${conf[@]}" 'agent = yes'
	refused 'what is "agent = yes"?'
	configure "${conf[@]}"
	chmod 720 "$home"
	refused "$home can be changed by others"
	chmod 700 "$home"
	chmod 666 "$hook.conf"
	refused "$hook.conf can be changed by others"
	rm "$hook.conf"
	refused "$hook.conf can't be read"
}

@test "each custodian opens one card, and a quorum the credential" {
	# what would add a reader, compress nothing, or start something
	printf '%s\n' "encrypt-to $(cat "$people/old.fpr")" armor \
		>"$home/gpg.conf"
	(cd "$home" && find . -printf '%p %s %T@\n' | sort) >before
	hand_out '2 of (cfo, ciso, cto)' --format txt
	[ "$status" -eq 0 ]
	(cd "$home" && find . -printf '%p %s %T@\n' | sort) | diff before -
	(cd "$out" && find . -type f -printf '%m %f\n' | sort) | diff - <(cat <<-'END'
		600 db-g1-c1-cfo.txt.gpg
		600 db-g1-c2-ciso.txt.gpg
		600 db-g1-c3-cto.txt.gpg
	END
	)
	serial=0
	for name in cfo ciso cto; do
		serial=$((serial + 1))
		as "$name" -d <"$out/db-g1-c$serial-$name.txt.gpg" >$serial.txt
		"$quorate" check --json - <$serial.txt >checked.json
		[ "$(json checked.json '[(c["card"], c["verdict"])
		    for c in j["cards"]]')" = "[($serial, 'whole')]" ]
	done
	[ "$(rejoin 1.txt 2.txt)" = 'correct horse' ]
	run ! as ciso -d <"$out/db-g1-c1-cfo.txt.gpg"
	run gpg --list-packets --batch --no-autostart --homedir "$home" \
	    "$out/db-g1-c1-cfo.txt.gpg"
	[ "$(grep -c '^:pubkey enc packet' <<<"$output")" -eq 1 ]
	code=$(cut -c 20-60 1.txt | head -n 1)
	grep -qF -e "$code" 1.txt
	run ! grep -rqF -e "$code" "$out" "$own"
	# no agent for the hook's home
	[ ! -e "$home/S.gpg-agent" ]
	run ! grep -lzaF -e "$home" /proc/[0-9]*/cmdline
}

@test "nothing is overwritten, and what fails leaves nothing" {
	echo card >card
	deliver card
	sum=$(sha256sum "$out"/*)
	run -1 deliver card
	[[ "$output" == *"can't be made, or is there"* ]]
	[ "$(sha256sum "$out"/*)" = "$sum" ]
	for name in ../db-4.txt a/b .db -db ''; do
		run -1 deliver card "QUORATE_FILE=$name"
		[[ "$output" == *"is no name of a file"* ]]
	done
	run -1 "$hook" <card
	[ "$(ls -A "$out")" = db-2.txt.gpg ]
}

@test "the plain card is in no argument, environment or file" {
	leaves_no_plain_card
	as ciso -d <"$out/db-2.txt.gpg" | cmp - cards/db-g1-c2.txt
}
