#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The delivery hook that encrypts by age.

bats_require_minimum_version 1.5.0
load common
load deliver

setup() {
	command -v age >/dev/null || skip "wants age"
	own_hook age
	keys=$own/keys
	mkdir "$keys" private
	configure '# by age' "keys = $keys" "output = $out"
	for name in cfo 'the, ciso'; do
		age-keygen -o "private/$name" 2>/dev/null
		age-keygen -y "private/$name" >"$keys/$name"
	done
	cp "private/the, ciso" private/ciso
	cp "$keys/the, ciso" "$keys/ciso"
	ssh-keygen -q -t ed25519 -N '' -f private/cto
	mv private/cto.pub "$keys/cto"
}

teardown() {
	rm -rf "${own:-}"
}

@test "a custodian without a key is refused before a card is out" {
	rm "$keys/cto"
	refused "no key for cto"
	[[ "$stderr" == *"hint: put the public key into $keys/cto"* ]]
	: >"$keys/cto"
	refused "$keys/cto: "
	echo 'age1nonsense' >"$keys/cto"
	refused "$keys/cto: "
	refused "a card is nobody's" '2 of (cfo, ciso, _)'
	run --separate-stderr "$quorate" split db --deliver "$hook" -k 2 -n 3 \
	    <secret
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"a card is nobody's"* ]]
}

@test "a custodian's name is no path and no option" {
	cp "$keys/cfo" "$own/escaped"
	cp "$keys/cfo" "$keys/-R"
	cp "$keys/cfo" "$keys/.hidden"
	mkdir "$keys/directory"
	cp "$keys/cfo" "$keys/directory/key"
	for name in ../escaped ../../etc/passwd directory/key /etc/passwd \
	    . .. .hidden -R --help; do
		refused "can't be the name of a file" "2 of (cfo, \"$name\")"
	done
	refused "no key for directory" '2 of (cfo, directory)'
	refused 'no key for $(id)' '2 of (cfo, "$(id)")'
	refused 'no key for *' '2 of (cfo, "*")'
}

@test "what isn't configured well is refused" {
	configure "keys = $keys"
	refused 'output: no directory ""'
	configure "keys = $keys" 'output = out'
	refused 'what is "output = out"?'
	configure "keys = $own/nowhere" "output = $out"
	refused "keys: no directory"
	configure "keys = $keys" "output = $out"
	chmod 646 "$hook.conf"
	refused "$hook.conf can be changed by others"
	chmod 644 "$hook.conf"
	chmod 777 "$keys"
	refused "$keys can be changed by others"
	chmod 755 "$keys"
	chmod 664 "$keys/cto"
	refused "$keys/cto can be changed by others"
	rm "$hook.conf"
	refused "$hook.conf can't be read"
}

@test "each custodian opens one card, and a quorum the credential" {
	hand_out '2 of (cfo, "the, ciso", cto)' --format txt
	[ "$status" -eq 0 ]
	(cd "$out" && find . -type f -printf '%m %f\n' | sort) | diff - <(cat <<-'END'
		600 db-g1-c1-cfo.txt.age
		600 db-g1-c2-the,_ciso.txt.age
		600 db-g1-c3-cto.txt.age
	END
	)
	serial=0
	for name in cfo 'the, ciso' cto; do
		serial=$((serial + 1))
		age -d -i "private/$name" "$out"/db-g1-c$serial-*.age >$serial.txt
		"$quorate" check --json - <$serial.txt >checked.json
		[ "$(json checked.json '[(c["card"], c["verdict"])
		    for c in j["cards"]]')" = "[($serial, 'whole')]" ]
	done
	[ "$(rejoin 1.txt 3.txt)" = 'correct horse' ]
	# no other key does
	run ! age -d -i private/cfo "$out"/db-g1-c3-*.age
	# and nothing of it stands there
	code=$(cut -c 20-60 1.txt | head -n 1)
	[ "${#code}" -eq 41 ]
	grep -qF -e "$code" 1.txt
	run ! grep -rqF -e "$code" "$out" "$own"
}

@test "pictures, and a sealed file, arrive as they were" {
	head -c 5000 /dev/urandom | base64 -w 0 >secret
	hand_out '2 of (cfo, ciso, cto)'
	[ "$status" -eq 0 ]
	[ "$(ls -A "$out" | wc -l)" -eq 6 ]
	mkdir opened
	for card in "$out"/*c[12]*.age; do
		name=${card##*-}
		age -d -i "private/${name%%.*}" "$card" \
			>"opened/$(basename "$card" .age)"
	done
	rejoin opened/*.pdf | cmp - secret
}

@test "nothing is overwritten, and what fails leaves nothing" {
	echo card >card
	deliver card
	sum=$(sha256sum "$out"/*)
	run -1 deliver card
	[[ "$output" == *"can't be made, or is there"* ]]
	[ "$(sha256sum "$out"/*)" = "$sum" ]
	[ "$(ls -A "$out")" = db-2.txt.age ]
	mkdir "$out/db-3.txt.age"
	run -1 deliver card QUORATE_FILE=db-3.txt
	[ -z "$(ls -A "$out/db-3.txt.age")" ]
	for name in ../db-4.txt a/b .db -db ''; do
		run -1 deliver card "QUORATE_FILE=$name"
		[[ "$output" == *"is no name of a file"* ]]
	done
	run -1 "$hook" <card
	run -1 "$hook" apply <card
	[ "$(ls -A "$out" | wc -l)" -eq 2 ]
}

@test "a full disk is no delivery" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	head -c 300000 /dev/urandom >card
	run -1 unshare -m -- sh -c 'mount -t tmpfs -o size=64k none "$1"
		shift; "$@"; status=$?; ls -A "$0"; exit $status' "$out" \
		"$out" env -i PATH=/usr/bin:/bin QUORATE_CARD=2 \
		QUORATE_CUSTODIAN=ciso QUORATE_FILE=db-2.txt "$hook" deliver \
		<card
	echo "$output"
	[[ "$output" == *"age failed"* ]]
	[[ "$output" != *db-2* ]]
}

@test "the plain card is in no argument, environment or file" {
	leaves_no_plain_card
	age -d -i private/ciso "$out/db-2.txt.age" | cmp - cards/db-g1-c2.txt
}
