#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# A secret is found nowhere but where it was sent: not in what is written to
# any descriptor, in files, in arguments and environments, nor in a core.

load common

setup() {
	begin
	canary='cAnAry-7f3e9d21c0de-bird'
	mkdir ../keep
	printf %s "$canary" >../keep/secret
	# Its memory can't be looked at by others: strace would be blind.
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	strace -o /dev/null true || skip "ptrace is not allowed here"
}

teardown() {
	no_terminal
	remove_hook
}

# What the secret looks like, raw and in the usual encodings.
encodings() {
	/usr/bin/python3 - "$canary" <<-'END'
		import base64, sys
		s = sys.argv[1].encode()
		for skip in range(5):
		    t = s[skip:]
		    print(base64.b32encode(t[:15]).decode()[:20])
		    print(base64.b64encode(t[:15]).decode()[:18])
		print(s[:12].decode(), s[-12:].decode(), s[::-1][:12].decode(),
		      s[:12].hex(), s[:12].hex().upper(), sep="\n")
	END
}

# traced NAME COMMAND...: with everything that is executed or written, by it
# and all that it starts, in ../NAME
traced() {
	local name=$1
	shift
	strace -f -v -xx -s 200000 -o "../$name" -e \
	    trace=execve,write,pwrite64,writev,sendto,sendmsg,open,openat \
	    "$@"
}

# nowhere NAME [EXCEPT]: no trace of the canary in ../NAME, but in lines that
# match EXCEPT, nor in any file here
nowhere() {
	encodings >../patterns
	/usr/bin/python3 - "../$1" "${2:-$^}" ../patterns <<-'END' || return
		import re, sys
		except_ = re.compile(sys.argv[2])
		words = [w.encode() for w in open(sys.argv[3]).read().split()]
		found = sent = calls = 0
		for line in open(sys.argv[1]):
		    calls += 1
		    if re.search(r"write\(\d+, 0x", line):
		        sys.exit("strace is blind")
		    raw = b" ".join(bytes.fromhex(s.replace("\\x", ""))
		        for s in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', line))
		    if not any(w in raw for w in words):
		        continue
		    if except_.search(line):
		        sent += 1
		    else:
		        found += 1
		        print("found in:", line[:60])
		print(calls, "calls, sent in", sent)
		sys.exit(found > 0 or calls < 10)
	END
	! grep -raFlf ../patterns .
}

@test "the search finds what is there" {
	traced t "$BASH" -c 'echo "$(cat ../keep/secret)"'
	run ! nowhere t
	traced t env "$(printf %s "$canary" | base64)=x" true
	run ! nowhere t
	base32 ../keep/secret >file
	traced t "$BASH" -c 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done'
	run ! nowhere t
}

@test "split, from a file and from standard input" {
	traced file "$quorate" split db -k 2 -n 3 --format txt --output a \
	    --secret-file ../keep/secret --json >out
	nowhere file
	traced stdin "$quorate" split db -k 2 -n 3 --format txt --output b \
	    <../keep/secret
	nowhere stdin
	traced paper "$quorate" split db -k 2 -n 2 --output c \
	    <../keep/secret
	nowhere paper
}

@test "split opens no file but its own, and names no temporary one" {
	traced files "$quorate" split db -k 2 -n 2 --format txt --output a \
	    <../keep/secret
	/usr/bin/python3 - ../files <<-'END'
		import re, sys
		for line in open(sys.argv[1]):
		    if "O_CREAT" not in line and "O_WRONLY" not in line and \
		            "O_RDWR" not in line:
		        continue
		    path = bytes.fromhex(re.search(
		        r'"((?:\\x[0-9a-f]{2})*)"', line)[1].replace("\\x", ""))
		    if path not in (b".", b"/dev/null", b"/dev/tty"):
		        sys.exit("opened for writing: %r" % path)
	END
}

@test "check" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	traced t "$quorate" check a/*.txt
	nowhere t
}

@test "reconstruct: to a descriptor, once, and nowhere else" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	traced t "$quorate" reconstruct a/*.txt --output-fd 7 --json \
	    7>../keep/got >out
	cmp ../keep/got ../keep/secret
	nowhere t 'write\(7,'
	nowhere t 'write\(7,' | grep -q 'sent in 1$'
}

@test "reconstruct: to a child, by one pipe" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	for how in fd3 stdin; do
		traced t "$quorate" reconstruct a/*.txt "--exec=$how" -- \
		    sh -c 'cat <&3 >/dev/null 2>&1 || cat >/dev/null' \
		    3</dev/null
		nowhere t 'write\((1[0-9]|1),'
	done
}

@test "reconstruct --show: to the terminal alone" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	terminal
	enter 'strace -f -v -xx -s 9999 -o ../t -e trace=execve,write,openat' \
	    ' $quorate reconstruct a/*.txt --show --expose-for 2s; echo rc=$?'
	await cAnA
	await rc=0
	encodings >../patterns
	run ! grep -raFlf ../patterns .
	# The talk on descriptor 2 says nothing of it.
	nowhere t 'write\(([3-9]|1[0-9]),'
}

@test "reissue: to new cards alone" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	traced t "$quorate" reissue db a/*c1.txt a/*c2.txt --format txt \
	    --output b --json >out
	nowhere t
	traced paper "$quorate" reissue db a/*c1.txt a/*c3.txt --output c
	nowhere paper
	[ "$(rejoin b/*c1.txt b/*c3.txt)" = "$canary" ]
}

@test "rotate: the old one and the new one go to the hook alone" {
	make_hook
	printf %s "$canary" >"$target/password"
	printf '%s\n' 'cat <&3 >"password"; exit 0' >"$target/on-apply"
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	traced t "$quorate" rotate db a/*c1.txt a/*c2.txt \
	    --hook "$hooks/hook" --format txt --output new --json >out
	nowhere t 'write\([12][0-9],|write\(1,|write\([3-9],'
	canary=$(cat "$target/password")
	nowhere t 'write\([12][0-9],|write\(1,|write\([3-9],'
	run ! grep -F "$canary" out
}

@test "no core is left by a signal that asks for one" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	mkfifo hold
	ulimit -c unlimited
	"$quorate" reconstruct a/*.txt --exec -- sh -c 'read x <hold' 2>said &
	victim=$!
	for _ in $(seq 100); do
		! grep -q 'is open' said || break
		sleep 0.05
	done
	[ "$(awk '/Max core/ { print $5 }' "/proc/$victim/limits")" = 0 ]
	[ "$(stat -c %U "/proc/$victim/mem")" = root ]
	kill -ABRT "$victim"
	wait "$victim" || true
	echo >hold || true
	[ -z "$(find . -name '*core*')" ]
}

@test "a forced core has it in locked memory alone, which is left out" {
	deal db a -k 2 -n 3 --secret-file ../keep/secret
	mkfifo hold
	"$quorate" reconstruct a/*.txt --exec -- sh -c 'read x <hold' 2>said &
	victim=$!
	for _ in $(seq 100); do
		! grep -q 'is open' said || break
		sleep 0.05
	done
	sleep 0.2
	# gdb takes what the kernel would: pages marked DONTDUMP are left out
	gdb -p "$victim" -batch -ex 'set use-coredump-filter on' \
	    -ex 'set dump-excluded-mappings off' -ex 'gcore ../core' >../gdb 2>&1
	kill -KILL "$victim"
	wait "$victim" || true
	echo >hold || true
	[ "$(stat -c %s ../core)" -gt 100000 ]
	encodings >../patterns
	grep -qaF 'reconstruct' ../core
	run ! grep -qaFf ../patterns ../core
}

@test "with a ledger: neither it, its journal, alerts nor log hold a secret" {
	make_ledger
	make_hook
	cp "$hooks/hook" "$hooks/target"
	mkdir "$hooks/alerts"
	cat >"$hooks/alerts/keep" <<-END
		#!/bin/sh
		cat >>"$BATS_TEST_TMPDIR/alerts"
	END
	chmod 755 "$hooks/alerts" "$hooks/alerts/keep"
	printf 'syslog = none\nhooks = %s\n' "$hooks/alerts" >>"$settings"
	printf %s "$canary" >"$target/password"
	printf '%s\n' 'cat <&3 >"password"; exit 0' >"$target/on-apply"
	traced deal "$quorate" split db -k 2 -n 3 --format txt --output a \
	    --secret-file ../keep/secret
	nowhere deal
	traced drill "$quorate" drill db a/*.txt --quorum
	nowhere drill
	traced open "$quorate" reconstruct db a/*c[12].txt --output-fd 7 \
	    --reason x --ticket none --requester ana 7>../keep/got
	nowhere open 'write\(7,'
	cmp ../keep/got ../keep/secret
	traced rotate "$quorate" rotate db a/*c1.txt a/*c2.txt \
	    --hook "$hooks/target" --format txt --output new
	nowhere rotate 'write\([12][0-9],|write\(1,|write\([3-9],'
	"$quorate" log export --output log
	[ -s "$BATS_TEST_TMPDIR/alerts" ]
	# The old one, the new one, and every share of both sets.
	cat "$target/password" >../keep/new
	/usr/bin/python3 - "$ledger" "$ledger-journal" log \
	    "$BATS_TEST_TMPDIR/alerts" -- ../keep/secret ../keep/new a/*.txt \
	    new/*.txt <<-'END'
		import base64, sys
		split = sys.argv.index("--")
		seen = b"".join(open(f, "rb").read() for f in sys.argv[1:split])
		assert len(seen) > 10000
		for name in sys.argv[split + 1:]:
		    text = open(name, "rb").read()
		    parts = [text.strip()]
		    for line in text.split():
		        if line.startswith(b"QUO1S:"):
		            code = base64.b32decode(line[6:] +
		                b"=" * (-len(line[6:]) % 8))
		            share = code[18:50]
		            parts = [line[20:60], share, share.hex().encode(),
		                base64.b64encode(share)[:40]]
		    for part in parts:
		        assert part and part not in seen, name
	END
}
