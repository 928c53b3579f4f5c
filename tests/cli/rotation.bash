# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of rotations have in common: a ledger, a target that a hook
# keeps in a file, and what the ledger says of both. Load it behind common.

begin_rotation() {
	begin
	make_ledger
	echo 'syslog = none' >>"$settings"
	make_hook
}

# The credential db, 2 of 3; its old cards in $one, $two, $three, two of them
# in $old; $dealt entries are there by then.
deal_db() {
	printf old | deal db a --policy '2 of (cfo, ciso, cto)' \
	    --user admin --target host 2>/dev/null
	one=a/db-g1-c1-cfo.txt two=a/db-g1-c2-ciso.txt three=a/db-g1-c3-cto.txt
	old=("$one" "$two")
	dealt=$(entries | wc -l)
}

# Every test's last word: state and log agree.
teardown() {
	remove_hook
	"$ledger_tool" agrees "$ledger"
}

# The hook does this before anything else, when called for a verb.
on() {
	printf '%s\n' "$2" >"$target/on-$1"
}

# What its describe says: takes NEEDS-OLD SINGLE-SECRET [LINE...]
takes() {
	printf 'alphabet = clear\nlength = 1-200\nneeds-old = %s\n' "$1"
	printf 'single-secret = %s\n' "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

# The state of a credential, and generation and status of its sets:
# stands [NAME]
stands() {
	in_ledger "SELECT state || coalesce((SELECT group_concat(' ' ||
		generation || ':' || status, '') FROM (SELECT * FROM dealing
		WHERE credential = name ORDER BY generation)), '')
		FROM credential WHERE name = ?" "${1:-db}"
}

# What was recorded since the cards were dealt: the fields named
since() {
	entries "$dealt" | fields "$@"
}
