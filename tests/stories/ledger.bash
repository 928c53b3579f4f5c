# SPDX-License-Identifier: GPL-3.0-or-later
# What the stories with a ledger share: a site, and times of its own.

load ../cli/common

# at 'YYYY-MM-DD HH:MM' COMMAND...: that is the time when it begins
at() {
	local when=$1
	shift
	TZ=UTC faketime "$when" "$@"
}

# says STATUS WORDS COMMAND...: exits so, and says so on either output
says() {
	local want=$1 words=$2
	shift 2
	run "$@"
	[ "$status" -eq "$want" ] && [[ "$output" == *"$words"* ]] && return
	echo "status $status, want $want and \"$words\"; said: $output"
	return 1
}

# A site: its hooks, its alert sink, keys of its people; the ledger is made by
# who tells the story.
begin_site() {
	begin
	make_hook
	outside=$BATS_TEST_TMPDIR/outside ledger=$BATS_TEST_TMPDIR/ledger.db
	ledger_tool=${quorate%/cmd/quorate}/tests/tools/ledger-tool
	mkdir "$hooks/alerts" "$outside"
	cat >"$hooks/alerts/pager" <<-END
		#!/bin/sh
		[ ! -e "$outside/pager-is-down" ] || exit 1
		cat >>"$outside/alerts"
	END
	chmod 755 "$hooks/alerts" "$hooks/alerts/pager"
	printf '%s\n' "ledger = $ledger" 'syslog = none' \
	    "hooks = $hooks/alerts" >"$settings"
	export LOGNAME=olga
	unset SUDO_USER
	for who in "$@"; do
		ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$outside/$who"
	done
}

# person HANDLE ROLE...: as the roster has them
person() {
	local key=
	[ ! -e "$outside/$1.pub" ] || key=$(cat "$outside/$1.pub")
	/usr/bin/python3 -c 'import json, sys
print(json.dumps({"handle": sys.argv[1], "roles": sys.argv[3:], "keys":
    [sys.argv[2]] if sys.argv[2] else []}))' "$1" "$key" "${@:2}"
}

# sign WHO FILE: as they do it at home; the signature is $outside/WHO.sig
sign() {
	cp "$2" "$outside/signed"
	rm -f "$outside/signed.sig"
	ssh-keygen -q -Y sign -n quorate -f "$outside/$1" "$outside/signed"
	mv "$outside/signed.sig" "$outside/$1.sig"
}

# The alerts that came out: event and credential of each
alerts() {
	[ ! -e "$outside/alerts" ] || fields event credential <"$outside/alerts"
}

# The two who read an exported log: ours, and one that shares nothing with it
verify() {
	"$quorate" log verify "$@"
}

verify_without() {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/../../examples/verify-log.py" "$@"
}
