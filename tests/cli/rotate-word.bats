#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate rotate --prove-old --word: a person says how a rotation ended that
# no login could prove.

load common

setup() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	make_hook
	printf old | deal db a --policy '2 of (cfo, ciso, cto)' \
	    --user admin --target host 2>/dev/null
	old=(a/db-g1-c1-cfo.txt a/db-g1-c2-ciso.txt)
	# where keys and texts are
	outside=$BATS_TEST_TMPDIR
	for who in ina eve; do
		ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$outside/$who"
	done
	# 1 custodian, 2 requester, 4 approver, 8 auditor
	for who in cfo ciso cto; do
		person "$who" 1
	done
	person ina 8 ina
	person dee 4
	person ann 6
	seen='the portal takes the new one with a token and not the old one'
}

teardown() {
	remove_hook
	"$ledger_tool" agrees "$ledger"
}

# person HANDLE ROLES [KEY]
person() {
	in_ledger 'INSERT OR REPLACE INTO person (handle, roles, keys)
		VALUES (?, ?, ?)' "$1" "$2" \
		"$([ -z "${3:-}" ] || cat "$outside/$3.pub")"
}

# unproven [DIR]: rotated, and no login can try what the hook set
unproven() {
	echo 'exit 9' >"$target/on-verify"
	run -1 "$quorate" rotate db --hook "$hooks/hook" --format txt \
	    --output "${1:-new}"
	[[ "$output" == *"no login could try it"* ]]
	[[ "$output" == *"--prove-old --word WHO --seen TEXT"* ]]
	[ "$(state)" = unproven ]
	entry=$(entries | tail -n 1)
}

state() {
	"$quorate" status db --json >"$outside/state.json" || true
	json "$outside/state.json" 'j["credentials"][0]["state"]'
}

# word WHO OPTION...
word() {
	local by=$1
	shift
	"$quorate" rotate db --prove-old --word "$by" --seen "$seen" "$@"
}

# sign WHO [NAMESPACE]: signs $outside/doc into $outside/WHO.sig
sign() {
	rm -f "$outside/doc.sig"
	ssh-keygen -q -Y sign -n "${2:-quorate}" -f "$outside/$1" \
		"$outside/doc" 2>/dev/null
	mv "$outside/doc.sig" "$outside/$1.sig"
}

# denied WORDS COMMAND...: refused with these words, and logged so of $who
denied() {
	local words=$1 before
	shift
	before=$(entries | wc -l)
	refuse 1 "$words" "$@"
	[ "$(entries | wc -l)" -eq $((before + 1)) ]
	entries | tail -n 1 | fields event act credential person reason \
	    >"$outside/last"
	echo "last entry: $(cat "$outside/last")"
	grep -q "^refused rotate-end db $who " "$outside/last"
	grep -qF -e "$words" "$outside/last"
	[ "$(state)" = "${still:-unproven}" ]
}

@test "a word says whose it is, and what was seen" {
	unproven
	refuse 2 '--word goes with --prove-old' "$quorate" rotate db --word dee \
	    --seen x
	refuse 2 '--word goes with --prove-old' "$quorate" rotate db --resume \
	    --word dee --seen x
	refuse 2 '--seen TEXT' "$quorate" rotate db --prove-old --word dee
	refuse 2 'go with --word WHO' "$quorate" rotate db --prove-old --seen x
	refuse 2 'go with --word WHO' "$quorate" rotate db --prove-old --show
	refuse 2 'go with --word WHO' "$quorate" rotate db --prove-old \
	    --signature f
	refuse 2 '--show' word dee --show --signature f
	refuse 2 'it needs no cards' word dee "${old[@]}"
	refuse 2 'about the ledger' word dee --no-ledger
	seen=$'two\nlines' refuse 2 'seen: not as it must be' word dee
	seen='' refuse 2 'seen: not as it must be' word dee
	seen=$(printf 'x%.0s' {1..4072}) refuse 2 '--seen: at most 4071 bytes' \
	    word dee
	refuse 1 '"web" is not in the ledger' "$quorate" rotate web --prove-old \
	    --word dee --seen x
	[ "$(entries | tail -n 1)" = "$entry" ]
	[ "$(state)" = unproven ]
}

@test "there is a word only for what is unproven" {
	who=dee still=dealt denied 'no rotation of it is unproven' word dee
	refuse 1 'no rotation of it is unproven' word dee --show
	run --separate-stderr word dee --json
	printf '%s' "$output" >"$outside/out.json"
	[ "$(json "$outside/out.json" 'j["name"], j["state"]')" = \
	    "('db', 'dealt')" ]
	# asked, and nobody knows what became of it
	echo 'kill -9 $PPID; exit 2' >"$target/on-apply"
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output new \
	    2>/dev/null || true
	sleep 0.2
	who=dee still=rotating denied 'no rotation of it is unproven' word dee
}

@test "who may not say it is not heard, and that is logged" {
	unproven
	person eve 3 eve
	word eve --show >"$outside/doc"
	sign eve
	who=eve denied '"eve" is no approver' word eve \
	    --signature "$outside/eve.sig"
	who=mallory denied 'no role on the roster' word mallory
	in_ledger "UPDATE person SET retired = '2026-01-01T00:00:00Z'
		WHERE handle = 'dee'"
	who=dee denied '"dee" has no role on the roster' word dee
	# whoever ran it
	actor=$(printf '%s\n' "$entry" | fields actor)
	person "$actor" 12
	who=$actor denied "\"$actor\" ran this rotation" word "$actor"
}

@test "who requested what was opened doesn't say that it is over" {
	"$quorate" reconstruct db "${old[@]}" --reason look --ticket T-1 \
	    --requester ann --exec -- true
	unproven
	who=ann denied '"ann" requested what was opened' word ann
	word dee
	[ "$(state)" = rotated ]
}

@test "who has a key on record signs" {
	unproven
	who=ina denied 'a key of "ina" is on record: it must be signed' word ina
	run word ina
	[[ "$output" == *"--prove-old --word WHO --seen TEXT --show db"* ]]
}

@test "wrong signatures are refused, each by its name" {
	unproven
	word ina --show >"$outside/doc"
	sign ina file
	who=ina
	denied 'namespace "file"' word ina --signature "$outside/ina.sig"
	sign eve
	denied 'unknown key SHA256:' word ina --signature "$outside/eve.sig"
	person dee 4 eve
	denied 'signed with a key of dee' word ina \
	    --signature "$outside/eve.sig"
	# what somebody else would say, and other words
	sign ina
	seen='looked twice' denied 'over another document' word ina \
	    --signature "$outside/ina.sig"
	sed -i 's/^refused: .*/refused: none/' "$outside/doc"
	sign ina
	denied 'over another document' word ina --signature "$outside/ina.sig"
	refuse 2 'missing.sig' word ina --signature "$outside/missing.sig"
	echo 'I saw it' >"$outside/no.sig"
	denied 'first line is missing' word ina --signature "$outside/no.sig"
}

@test "a word is not for a later rotation" {
	unproven
	word ina --show >"$outside/doc"
	sign ina
	unproven newer
	who=ina
	denied 'over another document' word ina --signature "$outside/ina.sig"
	# nor for the same cards, tried once more
	word ina --show >"$outside/doc"
	sign ina
	run "$quorate" rotate db --hook "$hooks/hook" --resume newer/*c[12]*.txt
	[ "$(state)" = unproven ]
	denied 'over another document' word ina --signature "$outside/ina.sig"
	word ina --show >"$outside/doc"
	grep -q '^refused: 2 [0-9a-f]*, 1 [0-9a-f]*$' "$outside/doc"
	sign ina
	word ina --signature "$outside/ina.sig"
	[ "$(state)" = dealt ]
	still=dealt denied 'no rotation of it is unproven' word ina \
	    --signature "$outside/ina.sig"
}

@test "what is to be signed binds the sets and the entry that ended it" {
	unproven
	before=$(listing; sha256sum "$ledger")
	word ina --show >"$outside/doc"
	[ "$before" = "$(listing; sha256sum "$ledger")" ]
	word ina --show --json >"$outside/doc.json"
	json "$outside/doc.json" 'j["document"].rstrip()' |
	    cmp - "$outside/doc"
	/usr/bin/python3 - "$outside/doc" "$seen" <<-'END' 3< <(entries)
	import hashlib, json, os, sys
	lines = os.fdopen(3, "rb").read().splitlines()
	log = [json.loads(line) for line in lines]
	sets = [e for e in log if e["event"] in ("deal", "redeal")]
	doc = open(sys.argv[1]).read()
	want = ["quorate word 1", "ledger: " + log[0]["ledger"],
	        "credential: db", "accepted: 2 " + sets[1]["set"],
	        "refused: 1 " + sets[0]["set"], "rotation: " +
	        hashlib.sha256(b"\0" + lines[-1]).hexdigest(),
	        "ended: " + log[-1]["time"],
	        "reason: the hook set it, and no login could try it",
	        "person: ina", "seen: " + sys.argv[2]]
	assert doc == "\n".join(want) + "\n", doc
	END
}

@test "a signed word ends it, and is told as one" {
	"$quorate" reconstruct db "${old[@]}" --reason look --ticket T-1 \
	    --requester ann --exec -- true
	unproven
	word ina --show >"$outside/doc"
	sign ina
	before=$(entries | wc -l)
	calls=$(wc -l <"$target/calls")
	run --separate-stderr word ina --signature - --json <"$outside/ina.sig"
	echo "$stderr"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *'proven by the word of ina, signed with SHA256:'* ]]
	[[ "$stderr" == *'no login showed it'* ]]
	[[ "$stderr" == *'its review is outstanding'* ]]
	printf '%s' "$output" >out.json
	key=$(ssh-keygen -l -f "$outside/ina.pub" | cut -d' ' -f2)
	[ "$(json out.json '[j[k] for k in ("name", "state", "person", "auth",
	    "key")]')" = "['db', 'proven', 'ina', 'signed', '$key']" ]
	# nobody was asked but the log
	[ "$(wc -l <"$target/calls")" = "$calls" ]
	[ "$(entries | wc -l)" -eq $((before + 1)) ]
	entries | tail -n 1 | fields event outcome generation auth person \
	    key detail | grep -qxF "rotate-end proven 2 signed ina $key by\
 word, not by a login: $seen"
	[ "$(entries | tail -n 1 | fields hash)" = \
		"$(sha256sum <"$outside/doc" | cut -d' ' -f1)" ]
	[ "$(state)" = rotated ]
	# the old cards are of no use any more, and the review is legal
	"$quorate" check "${old[@]}" >said 2>&1 || true
	grep -qi retired said
	incident=$(entries | fields event n | sed -n 's/^request /INC-/p')
	"$quorate" review "$incident" --reviewer dee --classification drill \
	    --findings none --actions none --recording none:no
	[[ "$(state)" = @(dealt|active) ]]
}

@test "status and report tell a word from a proof" {
	"$quorate" reconstruct db "${old[@]}" --reason look --ticket T-1 \
	    --requester ann --exec -- true
	unproven
	run "$quorate" status db
	[[ "$output" == *"isn't proven"* ]]
	[[ "$output" == *"rotate db --prove-old"* ]]
	word dee
	"$quorate" status db >said || true
	cat said
	tr -s ' \n' ' ' <said >flat
	grep -qF "proven by word dee (claimed), not by a login: $seen" flat
	"$quorate" status db --json >status.json || true
	[ "$(json status.json 'j["credentials"][0]["proven_by_word_of"]')" = \
	    "{'name': 'dee', 'auth': 'claimed', 'key': None, 'seen': '$seen'}" ]
	"$quorate" report --output r.html
	sed 's/<[^>]*>/ /g; s/&#39;/'"'"'/g' r.html | tr -s ' \n' ' ' >flat
	grep -qF "1 of them by a person's word" flat
	grep -qF "takes the new secret alone is a person's word" flat
	grep -qF "proven, says dee (claimed): by word, not by a login: $seen" \
	    flat
	grep -qF "ended: proven, says dee (claimed); by word" flat
	grep -qE "[0-9]+ s, by word" flat
	"$quorate" report --json >report.json
	[ "$(json report.json 'j["decay"]["proven_by_word"]')" = 1 ]
	[ "$(json report.json 'j["incidents"][0]["proven_by_word_of"]')" = \
	    "{'name': 'dee', 'auth': 'claimed'}" ]
	# one that the hook proves takes its place
	rm "$target/on-verify"
	"$quorate" rotate db --hook "$hooks/hook" --format txt --output newer \
	    new/*c[12]*.txt
	"$quorate" status db >said || true
	run ! grep -q "by word" said
	"$quorate" status db --json >status.json || true
	json status.json '"proven_by_word_of" in j["credentials"][0]' |
	    grep -qx False
}

@test "without a roster a word is what somebody says" {
	in_ledger 'DELETE FROM person'
	unproven
	run --separate-stderr word somebody
	[ "$status" -eq 0 ]
	[[ "$stderr" == *'by the word of somebody, claimed: no login'* ]]
	entries | tail -n 1 | fields auth person key | grep -qx \
	    'claimed somebody -'
	[ "$(state)" = dealt ]
}

@test "cards that were opened before leave it burned" {
	unproven
	"$quorate" reconstruct db new/*c[12]*.txt --reason look --ticket T-1 \
	    --requester ann --exec -- true
	[ "$(state)" = burned ]
	word dee
	[ "$(state)" = burned ]
}
