#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# request, approve, review: who may say what of an incident, and how we know.

setup() {
	load common
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	for who in ana bob cy eve; do
		ssh-keygen -q -t ed25519 -N '' -C "$who" \
			-f "$BATS_TEST_TMPDIR/$who"
	done
	# 1 custodian, 2 requester, 4 approver, 8 auditor
	person ana 2 ana
	person bob 4 bob
	person cy 6 cy
	person dee 4
	person ina 8
	in_ledger "INSERT INTO profile (credential, approvals) VALUES ('db-root', 2)"
	# where an incident's texts are written
	outside=$BATS_TEST_TMPDIR
}

# person HANDLE ROLES [KEYFILE...]
person() {
	local handle=$1 roles=$2 keys=
	shift 2
	for key; do
		keys+=$(cat "$BATS_TEST_TMPDIR/$key.pub")$'\n'
	done
	in_ledger 'INSERT OR REPLACE INTO person (handle, roles, keys)
		VALUES (?, ?, ?)' "$handle" "$roles" "$keys"
}

request() {
	"$quorate" request db-root --requester ana --reason 'no login' \
		--ticket OPS-7 "$@"
}

# An incident, its document in $outside/doc, its name in $incident.
declare_incident() {
	rm -f "$outside/doc"
	incident=$(request -q --output "$outside/doc" "$@")
	[[ "$incident" =~ ^INC-[0-9]+$ ]]
}

# sign WHO [NAMESPACE]: signs $outside/doc into $outside/WHO.sig
sign() {
	rm -f "$outside/doc.sig"
	ssh-keygen -q -Y sign -n "${2:-quorate}" -f "$BATS_TEST_TMPDIR/$1" \
		"$outside/doc" 2>/dev/null
	mv "$outside/doc.sig" "$outside/$1.sig"
}

approve() {
	"$quorate" approve "$incident" --approver "$1" \
		--signature "$outside/${2:-$1}.sig"
}

approved_by() {
	for who; do
		sign "$who"
		approve "$who"
	done
}

# logged ACT WORDS: the last entry says that ACT was refused, and why
logged() {
	entries | tail -n 1 | fields event act incident reason >"$outside/last"
	echo "last entry: $(cat "$outside/last")"
	grep -q "^refused $1 .*$2" "$outside/last"
}

# denied WORDS COMMAND...: refused with these words, and logged so
denied() {
	local words=$1
	shift
	before=$(entries | wc -l)
	refuse 1 "$words" "$@"
	[ "$(entries | wc -l)" -eq $((before + 1)) ]
	logged "${act:-approve}" "$words"
	"$ledger_tool" agrees "$ledger"
}

# Steps that bring db-root to a proven rotation.
rotated() {
	local two
	two=$(printf '2%.0s' {1..64})
	"$ledger_tool" record "$ledger" event=open credential=db-root \
		incident="$incident" set="00000007$(printf '1%.0s' {1..56})" \
		cards=2 requester=ana reason='no login' ticket=OPS-7 \
		deadline=2999-01-01T00:00:00Z
	"$ledger_tool" record "$ledger" event=redeal credential=db-root \
		inventory=00000000000000000000000000000007 generation=2 \
		policy='2 of (cfo, ciso, cto)' set="$two" cards=3
	"$ledger_tool" record "$ledger" event=rotate-start \
		credential=db-root generation=2 set="$two"
	"$ledger_tool" record "$ledger" event=rotate-end \
		credential=db-root generation=2 set="$two" \
		outcome="${1:-proven}"
}

# review OPTION...: by $reviewer, who found $findings
review() {
	"$quorate" review "$incident" --reviewer "${reviewer:-ina}" \
		--classification "${class:-emergency}" \
		--findings "${findings:-disk full}" \
		--actions 'larger disk' --recording 'none:no PAM there' "$@"
}

@test "a request wants who, why, ticket and a credential" {
	refuse 2 'needs --requester WHO' "$quorate" request db-root
	refuse 2 'needs --reason TEXT' "$quorate" request db-root \
		--requester ana
	refuse 2 'needs --ticket' "$quorate" request db-root \
		--requester ana --reason x
	refuse 2 'which credential' "$quorate" request --requester ana
	refuse 2 'needs --reason' "$quorate" request --withdraw INC-1
	refuse 2 'leave out "db-root"' "$quorate" request db-root \
		--show INC-1
	refuse 2 '' "$quorate" request --show INC-1 --withdraw INC-2
	refuse 2 '' request --expected never
	[ "$(entries | wc -l)" -eq 3 ]
}

@test "a request is refused by the rules, and that is logged" {
	act=request
	denied 'is no requester' "$quorate" request db-root \
		--requester bob --reason x --ticket none
	denied 'no role on the roster' "$quorate" request db-root \
		--requester mallory --reason x --ticket none
	refuse 1 '' "$quorate" request nosuch --requester ana --reason x \
		--ticket none
}

@test "a criterion is cited where criteria are on record" {
	act=request
	in_ledger "UPDATE profile SET criteria = ?" $'no sign-on for 1h\nsite down'
	denied 'which of the criteria for its use is met? (1) no sign-on' \
		request
	denied '"fun" is none of the criteria' request --criterion fun
	denied 'is none of the criteria' request --criterion 3
	denied 'is none of the criteria' request --criterion site
	request -q --criterion 2 >/dev/null
	entries | tail -n 1 | fields event criterion |
		grep -qx 'request site down'
	request -q --criterion 'no sign-on for 1h' >/dev/null
	request -q --emergency 'nobody knows' >/dev/null
	entries | tail -n 1 | fields event criterion emergency |
		grep -qx 'request - nobody knows'
}

@test "a file that is there is not overwritten, and nothing is declared" {
	echo mine >doc
	refuse 2 'doc' request --output doc
	[ "$(entries | wc -l)" -eq 3 ]
	refuse 3 'no/doc' request --output no/doc
	[ "$(entries | wc -l)" -eq 3 ]
	# refused: no file is left behind
	refuse 1 '' "$quorate" request nosuch --requester ana --reason x \
		--ticket none --output new
	[ ! -e new ]
}

@test "without a ledger there is nothing to request, approve or review" {
	refuse 2 'about the ledger' request --no-ledger
	refuse 2 'about the ledger' "$quorate" approve INC-1 --approver bob \
		--no-ledger
	refuse 2 'about the ledger' "$quorate" review INC-1 --reviewer ina \
		--no-ledger
	refuse 2 'no ledger at' request --ledger nowhere.db
}

@test "what isn't there can't be approved, shown, withdrawn or reviewed" {
	for name in INC-99 INC-0 INC-03 99 '' 'INC-1;x' INC--1; do
		refuse 1 'no incident' "$quorate" approve "$name" \
			--approver bob
		refuse 1 'no incident' "$quorate" request --show "$name"
		refuse 1 'no incident' "$quorate" request \
			--withdraw "$name" --reason x
		refuse 1 'no incident' "$quorate" review "$name" \
			--reviewer ina
	done
	refuse 2 'who approves' "$quorate" approve INC-1
	refuse 2 'who reviews' "$quorate" review INC-1
}

@test "nobody approves their own request" {
	person ana 6 ana
	declare_incident
	sign ana
	denied 'nobody approves their own request' approve ana
}

@test "a replay of another incident's signature is refused" {
	declare_incident
	sign bob
	approve bob
	cp "$outside/bob.sig" "$outside/old.sig"
	declare_incident
	denied "a replay: it was signed for INC-3, not for $incident" \
		approve bob old
}

@test "the same person counts once" {
	declare_incident
	sign bob
	approve bob
	denied 'has approved it already' approve bob
	sign bob
	denied 'has approved it already' approve bob
}

@test "one key under two people names nobody" {
	person cy 4 bob
	declare_incident
	sign bob
	denied 'is on record for cy and for bob' approve cy bob
	denied 'is on record for bob and for cy' approve bob
}

@test "who is no approver approves nothing" {
	person eve 1 eve
	declare_incident
	sign eve
	denied 'is no approver' approve eve
	denied 'no role on the roster' "$quorate" approve "$incident" \
		--approver mallory
}

@test "who left approves nothing" {
	declare_incident
	sign bob
	in_ledger "UPDATE person SET retired = '2026-01-01T00:00:00Z'
		WHERE handle = 'bob'"
	denied 'approve: "bob"' approve bob
}

@test "wrong signatures are refused, each by its name" {
	declare_incident
	sign bob file
	denied 'signed for another purpose: namespace "file"' approve bob
	sign eve
	denied 'unknown key SHA256:' approve bob eve
	sign cy
	denied 'signed with a key of cy' approve bob cy
	: >"$outside/none.sig"
	denied 'it is empty' approve bob none
	echo 'I agree' >"$outside/none.sig"
	denied 'first line is missing' approve bob none
	sign bob
	cat "$outside/bob.sig" "$outside/bob.sig" >"$outside/two.sig"
	denied 'one signature a file' approve bob two
	head -n 3 "$outside/bob.sig" >"$outside/cut.sig"
	denied 'cut off' approve bob cut
	sed -i s/OPS-7/OPS-8/ "$outside/doc"
	sign bob
	denied 'over another document' approve bob
	refuse 2 'missing.sig' approve bob missing
}

@test "who has a key on record must use it" {
	declare_incident
	denied 'a key of "bob" is on record: it must be signed' "$quorate" approve "$incident" --approver bob
}

@test "what has expired is approved no more" {
	faketime -f '-3d' "$quorate" request db-root --requester ana \
		--reason x --ticket none --expires 1d -q \
		--output "$outside/doc" >"$outside/name"
	incident=$(cat "$outside/name")
	sign bob
	denied 'the request has expired' approve bob
}

@test "what was withdrawn is approved no more, and not withdrawn again" {
	declare_incident
	sign bob
	"$quorate" request --withdraw "$incident" --reason 'it came back'
	denied 'was withdrawn' approve bob
	act=withdraw
	denied 'was withdrawn' "$quorate" request --withdraw "$incident" \
		--reason again
}

@test "what was opened is approved and withdrawn no more" {
	declare_incident
	approved_by bob cy
	rotated
	denied 'opened already' "$quorate" approve "$incident" --approver dee
	act=withdraw
	denied 'it was opened' "$quorate" request --withdraw "$incident" \
		--reason x
}

@test "a review is refused with all that is missing" {
	declare_incident
	approved_by bob cy
	rotated unproven
	run --separate-stderr "$quorate" review "$incident" --reviewer ina \
		--recording none
	[ "$status" -eq 1 ]
	echo "$stderr"
	for what in 'a proven rotation' --classification --findings \
		--actions --recording; do
		[[ "$stderr" == *"$incident: missing: $what"* ]]
	done
	logged review 'proven rotation.*classification.*findings.*recording'
	act=review
	denied 'missing: a proven rotation' review
	class=accident refuse 2 'accident' review
}

@test "nobody reviews their own request, nor what was never opened" {
	declare_incident
	act=review
	denied 'review:' review
	approved_by bob cy
	rotated
	person ana 10 ana
	reviewer=ana denied 'somebody else reviews it' review
	reviewer=mallory denied 'no role on the roster' review
}

@test "a review signed wrongly is refused" {
	declare_incident
	approved_by bob cy
	rotated
	person ina 8 eve
	review --show >"$outside/doc"
	sign eve
	act=review
	findings=other denied 'over another document' review \
		--signature "$outside/eve.sig"
	sign bob
	denied 'signed with a key of bob' review --signature "$outside/bob.sig"
}

@test "two approvers sign what was printed, and it can be printed again" {
	run --separate-stderr request
	[ "$status" -eq 0 ]
	echo "$output" >"$outside/doc"
	incident=$(sed -n 's/^incident: //p' "$outside/doc")
	[[ "$stderr" == *'ssh-keygen -Y sign -n quorate'* ]]
	[[ "$stderr" == *"quorate approve $incident --approver WHO"* ]]
	"$quorate" request --show "$incident" -q | cmp - "$outside/doc"
	head -n 1 "$outside/doc" | grep -qx 'quorate approval 1'
	sign bob
	run --separate-stderr approve bob
	[ "$status" -eq 0 ]
	[[ "$stderr" == *'signed by bob with SHA256:'* ]]
	[[ "$stderr" == *'1 of 2 approvals'* ]]
	sign cy
	run --separate-stderr "$quorate" approve "$incident" \
		--approver cy --json --signature - <"$outside/cy.sig"
	[ "$status" -eq 0 ]
	echo "$output" | /usr/bin/python3 -c 'import json, sys
d = json.load(sys.stdin)
assert d["auth"] == "signed" and d["key"].startswith("SHA256:")
assert d["approvals"] == d["approvals_wanted"] == 2'
	# the same document, whatever came behind its request
	"$quorate" request --show "$incident" -q | cmp - "$outside/doc"
	key=$(ssh-keygen -l -f "$outside/cy.pub" | cut -d' ' -f2)
	entries | tail -n 1 | fields event auth person key incident |
		grep -qxF "approve signed cy $key $incident"
	[ "$(entries | tail -n 1 | fields hash)" = \
		"$(sha256sum <"$outside/doc" | cut -d' ' -f1)" ]
	"$ledger_tool" agrees "$ledger"
}

@test "the document binds the request's entry and the log before it" {
	declare_incident
	n=${incident#INC-}
	/usr/bin/python3 - "$outside/doc" "$n" <<-'END' 3< <(entries)
	import hashlib, os, sys
	doc = dict(l.rstrip("\n").split(": ", 1)
	           for l in list(open(sys.argv[1]))[1:])
	n = int(sys.argv[2])
	lines = os.fdopen(3, "rb").read().splitlines()
	leaves = [hashlib.sha256(b"\0" + l).digest() for l in lines]
	def root(h):
	    if len(h) == 1:
	        return h[0]
	    k = 1
	    while 2 * k < len(h):
	        k *= 2
	    return hashlib.sha256(b"\1" + root(h[:k]) + root(h[k:])).digest()
	assert doc["request"] == leaves[n].hex()
	assert int(doc["size"]) == n
	assert doc["root"] == root(leaves[:n]).hex()
	END
}

@test "a document that people keep is a witness of the log" {
	declare_incident
	run "$quorate" log verify --witness "$outside/doc"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *'covers 3'* ]]
	sed -i "s/^root: .*/root: $(printf 'ab%.0s' {1..32})/" "$outside/doc"
	run "$quorate" log verify --witness "$outside/doc"
	[ "$status" -eq 1 ]
}

@test "where nobody's approval is wanted the name is all that is printed" {
	in_ledger "UPDATE profile SET approvals = 0"
	run --separate-stderr request
	[ "$status" -eq 0 ]
	[ "$output" = INC-3 ]
	[[ "$stderr" != *ssh-keygen* ]]
	run --separate-stderr request --json -q
	[[ "$output" == *'"incident": "INC-4"'* ]]
	entries 3 | head -n 1 |
		fields event requester reason ticket expected |
		grep -qx 'request ana no login OPS-7 2h'
}

@test "who has no key on record claims, and it is said so" {
	declare_incident
	run --separate-stderr "$quorate" approve "$incident" --approver dee
	[ "$status" -eq 0 ]
	[[ "$stderr" == *'claimed by dee: no key is on record'* ]]
	entries | tail -n 1 | fields event auth person key |
		grep -qx 'approve claimed dee -'
}

@test "a request and a refusal are told at once" {
	mkdir "$outside/hooks"
	printf '#!/bin/sh\ncat >>"%s"\n' "$outside/told" \
		>"$outside/hooks/note"
	chmod 755 "$outside/hooks" "$outside/hooks/note"
	echo "hooks = $outside/hooks" >>"$settings"
	declare_incident
	grep -q '"event":"request".*"requester":"ana"' "$outside/told"
	run "$quorate" approve "$incident" --approver bob
	[ "$status" -eq 1 ]
	grep -q '"event":"refused".*"act":"approve"' "$outside/told"
	lines=$(wc -l <"$outside/told")
	"$quorate" request --show "$incident" -q >/dev/null
	[ "$(wc -l <"$outside/told")" -eq "$lines" ]
}

@test "an incident is withdrawn" {
	declare_incident
	run --separate-stderr "$quorate" request --withdraw "$incident" \
		--reason 'it came back'
	[ "$status" -eq 0 ]
	entries | tail -n 1 | fields event incident reason |
		grep -qx "withdraw $incident it came back"
}

@test "a review closes an incident, signed or claimed" {
	declare_incident
	approved_by bob cy
	rotated
	person ina 8 eve
	review --show >"$outside/doc"
	grep -qx 'quorate review 1' "$outside/doc"
	# The name of who could have signed is not to be had for nothing.
	act=review
	denied 'must be signed' review
	sign eve
	run --separate-stderr review --signature "$outside/eve.sig"
	echo "$stderr"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *'signed by ina with SHA256:'* ]]
	entries | tail -n 1 |
		fields event auth person classification recording |
		grep -qx 'review signed ina emergency none:no PAM there'
	denied 'review:' review
	"$ledger_tool" agrees "$ledger"
}
