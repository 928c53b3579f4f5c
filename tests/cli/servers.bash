# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that hooks are tried on, and hooks that root may run. Each in a
# directory of its own directly under /tmp: a socket's path is short, and
# the server's user may go there.

# begin_server KIND: start it; sets $server, its directory, and $run
begin_server() {
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/x}")/..
	export run_hook=$build/tests/tools/run-hook
	export kind=$1 run=$BATS_TEST_DIRNAME/../tools/$1-server
	server=$(mktemp -d "/tmp/quorate-$1-XXXXXX")
	export server
	chmod 755 "$server"
	"$run" start "$server"
	port=$(cat "$server/port")
	export port
}

end_server() {
	"$run" stop "$server"
	rm -rf "$server"
}

# put_hook NAME: a copy of the shipped hook, where quorate runs it; sets $hook
put_hook() {
	mkdir -p "$server/hooks"
	install -m 755 "$BATS_TEST_DIRNAME/../../examples/hooks/$1" \
		"$server/hooks/$1"
	hook=$server/hooks/$1
}

# sql LINE...: as the superuser
sql() {
	printf '%s;\n' "$@" | "$run" sql "$server"
}

# ask VERB USER TARGET SECRET: prints the answer of the hook, with no old secret
ask() {
	printf %s "$4" | "$run_hook" "$hook" "$1" n "$2" "$3" 7 3<&- 4<&-
}

# answers WORD VERB USER TARGET SECRET
answers() {
	said=$(ask "${@:2}" 2>"$BATS_TEST_TMPDIR/said") || :
	[ "$said" = "$1" ] || {
		echo "$2 of \"$3\" at \"$4\": $said, want $1"
		cat "$BATS_TEST_TMPDIR/said"
		return 1
	}
}

# notes WORDS: the hook said so when it was last asked
notes() {
	grep -qF -e "$1" "$BATS_TEST_TMPDIR/said" || {
		cat "$BATS_TEST_TMPDIR/said"
		return 1
	}
}
