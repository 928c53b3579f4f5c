# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# What the servers for tests have in common, which source it. Each sets $dir,
# and $server: the program that its process runs.

die() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	[ ! -e "$dir/log" ] || tail -n 5 "$dir/log" >&2
	exit 3
}

# usage VERBS
usage() {
	die "usage: ${0##*/} $1 DIR"
}

case $dir in
/*) ;;
*) usage VERB ;;
esac

# free_ports COUNT: in one line
free_ports() {
	/usr/bin/python3 -c 'import socket, sys
all = [socket.create_server(("127.0.0.1", 0)) for _ in sys.argv[1:]]
print(*[s.getsockname()[1] for s in all])' $(seq "$1")
}

# Neither a zombie nor another process that has got the number since.
is_up() {
	[ "$(readlink "/proc/$1/exe" || :)" = "$server" ]
}

runs_not() {
	[ ! -e "$dir/pid" ] || ! is_up "$(cat "$dir/pid")" ||
		die 'it runs already'
}

# started PID COMMAND...: wait until the command says that it is there
started() {
	echo "$1" >"$dir/pid"
	shift
	for _ in $(seq 400); do
		sleep 0.05
		! "$@" >/dev/null 2>&1 || return 0
		# until it is the server, it is what starts it
		readlink "/proc/$(cat "$dir/pid")/exe" >/dev/null ||
			die 'it ended'
	done
	die 'it does not answer'
}

# stop SIGNAL LAST: and wait for it; what does not heed it gets the last
stop() {
	[ -e "$dir/pid" ] || return 0
	pid=$(cat "$dir/pid")
	if is_up "$pid"; then
		kill -CONT "$pid"
		kill "-$1" "$pid"
	fi
	for _ in $(seq 200); do
		is_up "$pid" || break
		sleep 0.05
	done
	! is_up "$pid" || kill "-$2" "$pid"
	rm "$dir/pid"
}
