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
	is_said "$1" "$2" "$3" "$4"
}

# is_said WORD VERB USER TARGET: it answered so
is_said() {
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

# change_at TARGET USER NEW OLD: as ask does, by the old secret
change_at() {
	printf %s "$4" >"$BATS_TEST_TMPDIR/old"
	printf %s "$3" | "$run_hook" "$hook" apply n "$2" "$1" 7 3<&- \
		4<"$BATS_TEST_TMPDIR/old" 2>"$BATS_TEST_TMPDIR/said"
}

# describes KEY=VALUE USER TARGET
describes() {
	env -i PATH="/usr/sbin:$PATH" QUORATE_USER="$2" QUORATE_TARGET="$3" \
		"$hook" describe >"$BATS_TEST_TMPDIR/description"
	grep -qxF -e "$1" "$BATS_TEST_TMPDIR/description" || {
		cat "$BATS_TEST_TMPDIR/description"
		return 1
	}
}

# pretend MODE [PORT]: a server that isn't honest, for as long as the test;
# sets $lies, the target there. What it heard is in $heard
pretend() {
	[ -z "${fake:-}" ] || end_pretence
	rm -f "$BATS_TEST_TMPDIR/port"
	heard=$BATS_TEST_TMPDIR/heard
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/../tools/fake-$kind.py" \
		"$BATS_TEST_TMPDIR/port" "$@" >"$heard" 2>&1 3>&- 4>&- &
	fake=$!
	for _ in $(seq 200); do
		[ ! -e "$BATS_TEST_TMPDIR/port" ] || break
		sleep 0.02
	done
	lies="host=127.0.0.1 port=$(cat "$BATS_TEST_TMPDIR/port")"
}

end_pretence() {
	[ -z "${fake:-}" ] || kill "$fake"
	fake=
}

# watched NEW OLD VERB USER TARGET: prints the answer, and on a line of its
# own what leaked
watched() {
	printf %s "$1" >"$BATS_TEST_TMPDIR/new"
	printf %s "$2" >"$BATS_TEST_TMPDIR/old"
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/../tools/leaks.py" \
		--secret-file "$BATS_TEST_TMPDIR/new" --hooks 1 \
		--secret-file "$BATS_TEST_TMPDIR/old" --fd 4 -- \
		"$run_hook" "$hook" "$3" n "$4" "$5" 7 3<&- \
		<"$BATS_TEST_TMPDIR/new" 4<"$BATS_TEST_TMPDIR/old" 2>&1
}
