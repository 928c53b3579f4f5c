# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of the commands have in common.

bats_require_minimum_version 1.5.0

begin() {
	quorate=$(realpath "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")
	export quorate QUORATE=$quorate LC_ALL=C.UTF-8
	no_ledger
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# No ledger of this host's, and none that a test doesn't ask for by --ledger.
no_ledger() {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	settings=$XDG_CONFIG_HOME/quorate/config
	mkdir -p "$XDG_CONFIG_HOME/quorate"
	echo 'ledger = none' >"$settings"
	chmod 600 "$settings"
}

# A ledger of the test's own, which the settings name: make_ledger
make_ledger() {
	ledger=$BATS_TEST_TMPDIR/ledger.db
	ledger_tool=${quorate%/cmd/quorate}/tests/tools/ledger-tool
	export LOGNAME=tester
	unset SUDO_USER
	"$ledger_tool" create "$ledger"
	echo "ledger = $ledger" >"$settings"
}

# One statement on its file, past quorate: in_ledger SQL [VALUE...]
in_ledger() {
	/usr/bin/python3 -c 'import sqlite3, sys
with sqlite3.connect("file:%s?mode=rw" % sys.argv[1], uri=True) as db:
    for row in db.execute(sys.argv[2], sys.argv[3:]):
        print(*row)' "$ledger" "$@"
}

# Its entries from the Nth on, a line of JSON each: entries [N]
entries() {
	in_ledger "SELECT line FROM entry WHERE number >= ? ORDER BY number" \
		"${1:-0}"
}

# The fields of entries on standard input, by their names, between blanks
fields() {
	/usr/bin/python3 -c 'import json, sys
for line in sys.stdin:
    entry = json.loads(line)
    print(*[entry.get(k, "-") for k in sys.argv[1:]])' "$@"
}

# deal NAME DIR OPTION...: text cards of what stands on standard input
deal() {
	local name=$1 dir=$2
	shift 2
	"$quorate" split "$name" --output "$dir" --format txt "$@"
}

# Every file below the current directory, hidden ones too, with its content.
listing() {
	find . -mindepth 1 -printf '%y %m %p\n' | sort
	find . -type f -exec sha256sum {} + | sort
}

# refuse STATUS WORDS COMMAND...: exits with STATUS, says WORDS on standard
# error, nothing on standard output, and leaves every file as it is
refuse() {
	local want=$1 words=$2 before
	shift 2
	before=$(listing)
	run --separate-stderr "$@"
	echo "status $status, want $want; said: $stderr"
	[ "$status" -eq "$want" ]
	[[ "$stderr" == *"$words"* ]]
	[ -z "$output" ]
	[ "$(listing)" = "$before" ]
}

# As a pipe: refuse_input INPUT STATUS WORDS COMMAND...
refuse_input() {
	local input=$1
	shift
	refuse "$@" < <(printf "$input")
}

# The set id that a split said.
set_of() {
	sed -n 's/^quorate: set id \([0-9a-f]*\) .*/\1/p' "$1"
}

# What cards open: rejoin CARD...
rejoin() {
	"$quorate" reconstruct "$@" --output-fd 9 9>&1 >/dev/null 2>said \
	    </dev/null
}

# A value of JSON: json FILE EXPRESSION, the object being j
json() {
	/usr/bin/python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$1" "$2"
}

terminal() {
	tmux -S tmux -f /dev/null new-session -d -x 120 -y 30 \
	    "exec env PS1='$ ' bash --norc --noprofile"
	await '$'
}

no_terminal() {
	[ ! -e tmux ] || tmux -S tmux kill-server || true
}

await() {
	for _ in $(seq 200); do
		tmux -S tmux capture-pane -p | grep -qF -- "$1" && return
		sleep 0.05
	done
	echo "no \"$1\" on the screen:"
	tmux -S tmux capture-pane -p | grep -v '^$'
	return 1
}

enter() {
	tmux -S tmux send-keys "$@" Enter
}

# A target hook whose target is the directory "target": password, perhaps
# several lines of them, what it answers, and which secrets it was given.
make_hook() {
	local root=/run/quorate-hook-test
	[ "$(id -u)" -eq 0 ] || root=$BATS_TEST_TMPDIR
	hooks=$(mktemp -d "$root-XXXXXX" 2>/dev/null || mktemp -d)
	chmod 755 "$hooks"
	target=$BATS_TEST_TMPDIR/target
	mkdir -p "$target"
	printf '%s' old >"$target/password"
	cat >"$hooks/hook" <<-END
		#!/bin/sh
		cd "$target"
		echo "\$1 \$QUORATE_NAME \$QUORATE_USER \$QUORATE_TARGET" \
		    "\$QUORATE_GENERATION" >>calls
		[ ! -e "on-\$1" ] || . "./on-\$1"
		case \$1 in
		describe)
			cat describe 2>/dev/null || printf '%s\n' \
			    'alphabet = clear' 'length = 1-200' \
			    'needs-old = no' 'single-secret = no'
			;;
		apply)
			cat <&3 >password
			;;
		verify)
			cat <&3 >tried
			cmp -s tried password || exit 1
			;;
		esac
	END
	chmod 755 "$hooks/hook"
}

remove_hook() {
	[ -z "${hooks:-}" ] || rm -rf "$hooks"
}

# Record the dealing of a card in the ledger: book CARD NAME [EVENT]
book() {
	"$quorate" check --no-ledger --json "$1" >book.json || true
	local fields=(credential="$2" policy="2 of (cfo, ciso, cto)" cards=3
	    set="$(json book.json 'j["sets"][0]["set"]')"
	    inventory="$(json book.json 'j["sets"][0]["inventory"]')"
	    generation="$(json book.json 'j["sets"][0]["generation"]')")
	"$ledger_tool" record "$ledger" event=deal-intent "${fields[@]}"
	"$ledger_tool" record "$ledger" event="${3:-deal}" "${fields[@]}"
	rm book.json
}
