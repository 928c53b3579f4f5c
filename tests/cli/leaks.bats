#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Each command that has a password in its hands, watched from outside by
# tests/tools/leaks.py with its hooks and all that they start: it is in no
# argument, environment, file, output or other descriptor. Cards hold shares,
# and are files. That the watcher finds leaks of each kind, its own test shows.

load common

leaks=$BATS_TEST_DIRNAME/../tools/leaks.py

setup() {
	begin
	# Whose memory is closed to others can be watched by root alone.
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	strace -o /dev/null true || skip "ptrace is not allowed here"
	hooks=$(mktemp -d /run/quorate-hook-test-XXXXXX)
	chmod 755 "$hooks"
	mkdir ../keep
	printf %s 'Old-bird:7f3e9d21' >../keep/old
	three=(--names --policy '2 of (cfo, ciso, cto)')
}

teardown() {
	remove_hook
}

# watched OPTION... -- COMMAND...: nothing leaks. Bats holds descriptor 3; 8 is
# the rotation's lock, which apply keeps.
watched() {
	/usr/bin/python3 -B "$leaks" --allow-fd 8 "$@" 3<&- 4<&- </dev/null
}

# The target is a file with the hash of its password.
demo_hook() {
	cp "$BATS_TEST_DIRNAME/../../examples/hooks/demo-file" "$hooks/demo"
	chmod 755 "$hooks/demo"
	sha256sum <../keep/old >"$hooks/target"
	deal db a "${three[@]}" --target "$hooks/target" --user u \
	    --secret-file ../keep/old 2>/dev/null
}

opens() {
	echo "'$quorate' reconstruct $1/* --no-ledger --output-fd 9 \
	    9>&1 >/dev/null"
}

@test "the watcher sees what these hooks would leak" {
	demo_hook
	sed -i 's|^verify)|& /bin/true "$(cat <\&3)"; exit 1;|' "$hooks/demo"
	run -1 watched --secret-file ../keep/old -- "$quorate" rotate db \
	    a/*c1* a/*c2* --hook "$hooks/demo" --format txt --output b
	[[ "$output" == *"leak: true["*"] execve: argv: ../keep/old"* ]]
	remove_hook
	make_hook
	printf old-in-a-file | deal web w "${three[@]}" 2>/dev/null
	run -1 watched --secret-from "cat $target/password" -- "$quorate" \
	    rotate web w/*c1* w/*c2* --hook "$hooks/hook" --format txt \
	    --output b
	[[ "$output" == *"leak: cat["*"] write: file $target/password"* ]]
}

@test "split, of a file and minted, to text and PDF" {
	watched --secret-file ../keep/old -- "$quorate" split db \
	    "${three[@]}" --secret-file ../keep/old --output a
	ls a/*.pdf
	# What is minted is first written by whoever opens it.
	watched --secret-from "$(opens b)" --secret-file ../keep/old -- \
	    sh -c '"$0" split db "$@" --mint --output b --format txt &&
	    cat ../keep/old | cat >/dev/null &&
	    "$0" reconstruct b/*c1* b/*c2* --exec -- sh -c "cat <&3 | cat \
		>/dev/null"' "$quorate" "${three[@]}"
}

@test "split through a delivery hook" {
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >"$hooks/\$QUORATE_FILE.new" &&
		mv "$hooks/\$QUORATE_FILE.new" "$hooks/\$QUORATE_FILE"
	END
	chmod 755 "$hooks/deliver"
	watched --hooks 3 --secret-file ../keep/old -- "$quorate" split db \
	    "${three[@]}" --secret-file ../keep/old --format txt \
	    --deliver "$hooks/deliver"
	[ "$(rejoin "$hooks"/*c1* "$hooks"/*c3*)" = "$(cat ../keep/old)" ]
}

@test "reconstruct for a child, with ledger and incident" {
	make_ledger
	deal db a "${three[@]}" --secret-file ../keep/old 2>/dev/null
	for how in fd3 stdin; do
		from=3
		[ $how = fd3 ] || from=0
		watched --secret-file ../keep/old -- "$quorate" reconstruct db \
		    a/*c1* a/*c3* --reason 'sign-on is down' --ticket O-7 \
		    --requester ana --exec=$how -- sh -c \
		    "cat <&$from | sha256sum >opened"
		[ "$(cat opened)" = "$(sha256sum <../keep/old)" ]
	done
}

@test "reconstruct to a descriptor, which alone gets it" {
	deal db a "${three[@]}" --secret-file ../keep/old 2>/dev/null
	run -1 watched --fd 9 --secret-file ../keep/old -- "$quorate" \
	    reconstruct a/*c1* a/*c2* --output-fd 9 9>../keep/out
	[[ "$output" == *"leak: quorate["*"file $(realpath ../keep)/out"* ]]
	watched --fd 9 --allow-fd 9 --secret-file ../keep/old -- "$quorate" \
	    reconstruct a/*c1* a/*c2* --output-fd 9 9>../keep/out
	cmp ../keep/out ../keep/old
}

@test "rotate, with hook, ledger and PDF: neither the old nor the new one" {
	make_ledger
	demo_hook
	watched --hooks 4 --secret-file ../keep/old \
	    --secret-from "$(opens b)" -- "$quorate" rotate db a/*c1* a/*c2* \
	    --hook "$hooks/demo" --output b
	rejoin b/*c1*.pdf b/*c2*.pdf --no-ledger | sha256sum |
	    cmp - "$hooks/target"
	"$quorate" log verify --rebuild | grep -q 'as the log makes it'
}

@test "rotate by a hook that fails: its words, and nothing else" {
	demo_hook
	sed -i 's|^apply)|& echo "not today" >\&2; exit 1;|' "$hooks/demo"
	watched --status 1 --secret-file ../keep/old -- sh -c \
	    'cat ../keep/old | cat >/dev/null; exec "$@"' sh "$quorate" \
	    rotate db a/*c1* a/*c2* --hook "$hooks/demo" --format txt --output b
}

@test "rotate, cards to a delivery hook, the password of a Unix account" {
	load throwaway
	begin_root
	is_private || skip "wants a mount namespace of its own"
	deal root a "${three[@]}" --user emergency \
	    --secret-file ../keep/old 2>/dev/null
	export leaks keep=$(realpath ../keep)
	run on_root <<-'END'
		printf 'emergency:%s\n' "$(cat "$keep/old")" | chpasswd
		cat >/run/quorate-hook-test/deliver <<-'HOOK'
			#!/bin/sh
			cat >"/run/quorate-hook-test/$QUORATE_FILE"
		HOOK
		chmod 755 /run/quorate-hook-test/deliver
		/usr/bin/python3 -B "$leaks" --hooks 8 --allow-fd 8 \
		    --secret-file "$keep/old" --secret-from "'$quorate' \
		    reconstruct /run/quorate-hook-test/*.txt --output-fd 9 \
		    9>&1 >/dev/null" -- "$quorate" rotate root a/*c1* a/*c2* \
		    --hook "$hook" --format txt --deliver \
		    /run/quorate-hook-test/deliver </dev/null
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"takes the new secret, and refuses the old one"* ]]
}

@test "rotate that was killed, resumed, the old one proven refused" {
	make_ledger
	demo_hook
	cp "$hooks/demo" "$hooks/whole"
	# set, and killed before anybody knows; the ledger and its journal
	# are looked through, too, as all that was open for writing
	sed -i 's|^	mv .*|&; kill -KILL "$PPID"|' "$hooks/demo"
	watched --status -9 --hooks 2 --secret-file ../keep/old \
	    --secret-from "$(opens b)" -- "$quorate" rotate db a/*c1* a/*c2* \
	    --hook "$hooks/demo" --format txt --output b
	cp "$hooks/whole" "$hooks/demo"
	watched --secret-file ../keep/old --secret-from "$(opens b)" -- \
	    "$quorate" rotate db --resume b/*c1* b/*c3* a/*c1* a/*c2* \
	    --hook "$hooks/demo"
	rejoin b/*c1* b/*c2* --no-ledger | sha256sum | cmp - "$hooks/target"
}

@test "reissue: the same password on other cards" {
	make_ledger
	deal db a "${three[@]}" --secret-file ../keep/old 2>/dev/null
	watched --secret-file ../keep/old -- sh -c 'cat ../keep/old |
	    cat >/dev/null; exec "$@"' sh "$quorate" reissue db a/*c1* a/*c2* \
	    --reason 'a leaver' --ticket O-8 --requester ana --output b \
	    --policy '2 of (cfo, ciso, coo)' --names
	[ "$(rejoin b/*c1* b/*c3* --no-ledger)" = "$(cat ../keep/old)" ]
}
