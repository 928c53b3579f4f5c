#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What other people keep is held against the log, by two programs that agree.

setup() {
	load common
	begin
	verify_log=$BATS_TEST_DIRNAME/../../examples/verify-log.py
	ledger=$BATS_TEST_TMPDIR/book.db
	ledger_tool=${quorate%/cmd/quorate}/tests/tools/ledger-tool
	"$quorate" log init --ledger "$ledger" --auditor-card auditor.txt
	"$ledger_tool" deal "$ledger" db-root 1 '2 of (cfo, ciso, cto)'
	"$quorate" request db-root --ledger "$ledger" --requester ana \
		--reason 'no login: "PAM" is down' --ticket OPS-7 \
		--output approval
	"$ledger_tool" record "$ledger" event=withdraw credential=db-root \
		incident="$(sed -n 's/^incident: //p' approval)" reason=found
	"$quorate" log checkpoint --ledger "$ledger" >checkpoint
	"$quorate" log export --ledger "$ledger" --output log
	entries=$(wc -l <log)
	size=$(sed -n 's/^size: //p' approval)
}

# both STATUS ARGUMENT...: the two say the same, in $output
both() {
	local want=$1
	shift
	run -"$want" --separate-stderr "$quorate" log verify "$@"
	echo "$output" >ours
	run -"$want" --separate-stderr /usr/bin/python3 "$verify_log" "$@"
	# Witnesses stand in another order, entries may be named more closely.
	diff <(sed 's/^\(entry [0-9]*: \)[^s].*/\1/' ours | sort) \
		<(echo "$output" | sed 's/^\(entry [0-9]*: \)[^s].*/\1/' |
		sort)
	diff <(tail -n 1 ours) <(echo "$output" | tail -n 1)
}

@test "a log that was cut is behind its witnesses" {
	head -n "$size" log >cut
	both 0 cut --witness approval --auditor-key auditor.txt
	head -n "$((size - 1))" log >cut
	both 1 cut --witness approval --witness checkpoint \
		--auditor-key auditor.txt
	[[ "$output" == *"witness approval: covers $size: is AHEAD"* ]]
	[[ "$output" == *"witness checkpoint: covers $entries: is AHEAD"* ]]
	[[ "$output" == *'seal: holds'* ]]
	[[ "$output" == *'witness covers 0;'* ]]
}

@test "a log that was rewritten contradicts the later of two witnesses" {
	sed "$((size + 1))s/PAM/DNS/" log >changed
	! cmp -s log changed
	both 1 changed --witness approval --witness checkpoint
	[[ "$output" == *"witness approval: covers $size: agrees"* ]]
	[[ "$output" == *"covers $entries: CONTRADICTS"* ]]
	[[ "$output" == *"is one of $size to $((entries - 1))"* ]]
	[[ "$output" == *"witness covers $size;"* ]]
	both 0 changed --witness approval
	both 1 changed --witness approval --auditor-key auditor.txt
	[[ "$output" == *"entry $size: the seal is WRONG"* ]]
}

@test "what vouches for another log, or for none, doesn't vouch" {
	sed 's/^ledger: ../ledger: 00/' approval >other
	both 1 log --witness other --witness checkpoint
	[[ "$output" == *'CONTRADICTS: it is of another ledger'* ]]
	grep -v '^root: ' approval >damaged
	both 1 log --witness damaged
	[[ "$output" == *'witness damaged: its checkpoint is damaged'* ]]
	grep -v '^quorate approval' approval >none
	both 1 log --witness none
	[[ "$output" == *'there is no checkpoint in it'* ]]
}

@test "approval, receipt, checkpoint and card agree with a whole log" {
	sed -n 's/^size: //p; s/^root: //p' approval | paste -sd' ' |
		sed 's/^/quorate receipt 1\ncheckpoint: /' >receipt
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME/../vectors \
		/usr/bin/python3 - approval >card <<-'END'
	import quo1, sys
	doc = dict(row.rstrip("\n").split(": ", 1)
	           for row in list(open(sys.argv[1]))[1:])
	point = int(doc["size"]), bytes.fromhex(doc["root"])
	cards = quo1.Cards("seed", (2, ["a", "b"]), dict(secret=b"hunter2"),
	                   checkpoint=point)
	print("\n".join(cards.share_texts()[:1] + cards.set_texts()))
	END
	both 0 log --witness approval --witness receipt --witness card \
		--witness checkpoint --auditor-key auditor.txt
	[ "$(grep -c "covers $size: agrees" ours)" -eq 3 ]
	[[ "$output" == *"seal: holds for $entries entries"* ]]
	[[ "$output" == *"witness covers $entries; 0 entries since"* ]]
}

@test "of all keys only the next one is left in the ledger's files" {
	/usr/bin/python3 - auditor.txt "$entries" "$ledger"* <<-'END'
	import base64, hashlib, sys
	text, entries, *files = sys.argv[1:]
	key = base64.b32decode(open(text).read().strip()[6:] + "====")
	data = b"".join(open(name, "rb").read() for name in files)
	forms = lambda key: (key, key.hex().encode(), base64.b32encode(key)[:50])
	for n in range(int(entries)):
	    assert not any(form in data for form in forms(key)), n
	    key = hashlib.sha256(key).digest()
	assert key in data
	END
}
