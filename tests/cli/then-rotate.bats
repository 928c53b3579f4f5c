#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# reconstruct --then-rotate: one run opens, works, rotates, and proves both.

load common
load rotation

setup() {
	begin_rotation
	deal_db
}

# work OPTION...: open db, and do something with the secret
work() {
	"$quorate" reconstruct db "${old[@]}" --reason down --ticket T-1 \
	    --requester ann --then-rotate --format txt --output new "$@"
}

@test "what can't be done afterwards is told before any card is read" {
	refuse 2 'the inventory names no hook of "db": --hook EXE' work \
	    --exec -- true
	refuse 2 "go with --then-rotate" "$quorate" reconstruct db \
	    "${old[@]}" --hook "$hooks/hook" --exec -- true
	chmod 777 "$hooks/hook"
	refuse 2 "--then-rotate" work --hook "$hooks/hook" --exec -- true
	refuse 2 "no such file" work --hook nowhere --exec -- true
	[ "$(entries "$dealt")" = "" ]
}

@test "open, work, rotate: both are proven in one run" {
	work --hook "$hooks/hook" --json --exec -- sh -c \
	    'cmp - "$0/password" <&3 && echo worked >worked' "$target" \
	    >out.json 2>said
	[ "$(cat worked)" = worked ]
	grep -q "the target takes the new secret, and refuses the old one" said
	[ "$(json out.json 'j["rotation"]["state"], j["name"]')" = \
	    "('proven', 'db')" ]
	[ "$(json out.json 'j["rotation"]["old_refused"]')" = True ]
	[ "$(stands)" = "rotated 1:former 2:current" ]
	[ "$(cat "$target/password")" = \
	    "$(rejoin --no-ledger new/db-g2-c[13]*.txt)" ]
	[ "$(entries "$dealt" | fields event | tr '\n' ' ')" = "$(echo \
	    request present present open opened close deal-intent redeal \
	    rotate-start rotate-end) " ]
	# the account goes on to the new cards
	grep -q '^apply db admin host 2$' "$target/calls"
}

@test "what fails at work is rotated all the same" {
	run -4 work --hook "$hooks/hook" --exec -- false
	[[ "$output" == *"refuses the old one"* ]]
	[ "$(stands)" = "rotated 1:former 2:current" ]
}

@test "a rotation that fails leaves it burned, and says so" {
	echo 'exit 1' >"$target/on-apply"
	run -1 work --hook "$hooks/hook" --exec -- true
	[[ "$output" == *"the old cards of \"db\" are valid"* ]]
	[ "$(stands)" = "burned 1:current 2:void" ]
	[ "$(cat "$target/password")" = old ]
}

@test "who rotated meanwhile has done it" {
	cat >meanwhile <<-END
		#!/bin/sh
		exec "$quorate" rotate db "$PWD/${old[0]}" "$PWD/${old[1]}" \
		    --hook "$hooks/hook" --format txt --output "$PWD/other"
	END
	chmod 755 meanwhile
	work --hook "$hooks/hook" --exec -- ./meanwhile 2>said
	grep -q '"db" was rotated meanwhile' said
	[ "$(stands)" = "rotated 1:former 2:current" ]
	[ ! -e new ]
}

@test "without a ledger, too" {
	work --no-ledger --hook "$hooks/hook" --exec -- true 2>said
	grep -q "refuses the old one" said
	[ "$(cat "$target/password")" = \
	    "$(rejoin --no-ledger new/db-g2-c[13]*.txt)" ]
}

@test "a rescue goes on without a ledger that fails, its rotation doesn't" {
	cp "$ledger" copy
	echo rubbish >"$ledger"
	run -3 work --emergency "no login" --hook "$hooks/hook" --exec -- \
	    sh -c 'echo worked >worked'
	[ "$(cat worked)" = worked ]
	[[ "$output" == *"going on without the ledger"* ]]
	[[ "$output" == *"it is not rotated: once the ledger can be written"* ]]
	[ "$(cat "$target/password")" = old ]
	[ ! -e new ]
	# one that can be opened again by then has it
	cp "$ledger" broken
	run -0 work --emergency "no login" --hook "$hooks/hook" --exec -- \
	    cp copy "$ledger"
	[ "$(cat "$target/password")" = \
	    "$(rejoin --no-ledger new/db-g2-c[13]*.txt)" ]
	[[ "$(stands)" == *"1:former 2:current" ]]
}

@test "a hook that no login can try leaves it unproven" {
	echo 'exit 9' >"$target/on-verify"
	run -1 work --hook "$hooks/hook" --exec -- true
	[[ "$output" == *"unproven: the hook says that the new secret is set"* ]]
	[ "$(stands)" = "unproven 1:current 2:pending" ]
}
