#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Two operators on one ledger at once, one of them dying in the middle: what
# was confirmed is there, state and log agree, and a quorum of some set opens
# what the target takes.

load ledger

setup() {
	begin_site
	RANDOM=${SEED:-$$}
	echo "SEED=${SEED:-$$}"
	"$quorate" log init -q --auditor-card "$outside/auditor.txt" 2>said
	printf old | deal db g1 -q -k 2 -n 3 2>said
	printf x | deal other other -q -k 2 -n 3 2>said
}

teardown() {
	[ -z "${operator:-}" ] || kill "$operator" 2>/dev/null || true
	wait
	remove_hook
}

agrees() {
	"$ledger_tool" agrees "$ledger"
	"$quorate" log verify --auditor-key "$outside/auditor.txt" >out
	grep -q '^seal: holds' out
}

# The other operator drills one card after another until told to stop, and
# writes down what was confirmed.
drill_on() {
	while [ ! -e stop ]; do
		"$quorate" drill -q other/*c1.txt >drilled 2>&1 &&
		    echo done >>confirmed
	done
}

# What a command was confirmed is in the log, and nothing else but what the
# one killed last may have written without saying so.
nothing_lost() {
	local there
	there=$(entries | grep '"event":"drill"' | wc -l)
	echo "drills on record: $there, confirmed: $(wc -l <confirmed)"
	[ "$there" -eq "$(wc -l <confirmed)" ]
	[ "$there" -ge 5 ]
}

begin_other() {
	: >confirmed
	drill_on 3>&- &
	operator=$!
}

end_other() {
	touch stop
	wait "$operator"
	operator=
}

# killed COMMAND...: by SIGKILL, somewhere in its first $span milliseconds,
# while what it started goes on
killed() {
	"$@" >killed.out 2>killed.said 3>&- &
	local pid=$!
	sleep "0.$(printf %03d $((RANDOM % ${span:-250})))"
	kill -9 "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

# The cards of which a quorum opens what the target takes, in $current
find_current() {
	for dir in $(ls -d g* | sort -rV); do
		current=("$dir"/*-c1.txt "$dir"/*-c2.txt)
		[ -e "${current[0]}" ] && [ -e "${current[1]}" ] || continue
		rejoin --no-ledger "${current[@]}" >opened || continue
		! cmp -s opened "$target/password" || return 0
	done
	echo "no set opens what the target takes"
	return 1
}

@test "two operators write at once: all that both did is there" {
	begin_other
	for card in g1/*.txt g1/*.txt g1/*.txt g1/*.txt; do
		"$quorate" drill -q "$card" >out
		echo done >>mine
		# and a third one reads: of one moment, whatever comes then
		says 0 'state: as the log makes it' "$quorate" log verify \
		    --rebuild --auditor-key "$outside/auditor.txt"
		"$quorate" log export --output some.log
		says 0 'honesty alone' verify_without some.log --auditor-key \
		    "$outside/auditor.txt"
		"$quorate" status --json >j 2>said || [ "$?" -eq 1 ]
	done
	end_other
	[ "$(entries | grep '"event":"drill"' | wc -l)" -eq \
	    $(($(wc -l <confirmed) + $(wc -l <mine))) ]
	[ "$(entries | grep '"event":"drill"' | fields credential |
	    grep -c '^db$')" -eq 12 ]
	agrees
}

@test "one dies in rotations: some quorum opens the target, nothing is lost" {
	span=700
	for verb in describe apply verify; do
		echo 'sleep 0.05' >"$target/on-$verb"
	done
	begin_other
	current=(g1/*-c1.txt g1/*-c2.txt)
	for i in $(seq 2 11); do
		killed "$quorate" rotate db "${current[@]}" --hook \
		    "$hooks/hook" --format txt --output "g$i"
		# a hook that was running runs to its end
		sleep 0.1
		"$ledger_tool" agrees "$ledger"
		find_current
	done
	end_other
	nothing_lost
	agrees
	# and the survivor goes on
	"$quorate" rotate db "${current[@]}" --hook "$hooks/hook" \
	    --format txt --output g99 2>said
	grep -q 'refuses the old one' said
	find_current
	[ "${current[0]}" = "$(ls g99/*-c1.txt)" ]
	says 0 'drilled' "$quorate" drill "${current[0]}"
	agrees
}

@test "one dies in openings: no secret is out of which the log has nothing" {
	span=120
	begin_other
	for i in $(seq 12); do
		killed "$quorate" reconstruct db g1/*-c1.txt g1/*-c2.txt \
		    --requester ana --reason "try $i" --ticket none \
		    --exec=stdin -- sh -c "cat >got.$i"
		"$ledger_tool" agrees "$ledger"
	done
	end_other
	nothing_lost
	agrees
	entries | grep '"event":"open"' | fields reason >opened
	for i in $(seq 12); do
		[ ! -s "got.$i" ] || grep -qx "try $i" opened
	done
	# the last one lives
	"$quorate" reconstruct db g1/*-c1.txt g1/*-c2.txt --requester ana \
	    --reason last --ticket none --output-fd 9 9>got 2>said
	[ "$(cat got)" = old ]
	says 1 'burned since' "$quorate" status db
}

@test "two rotate the same credential: one does, the other is told" {
	for who in a b; do
		"$quorate" rotate db g1/*-c1.txt g1/*-c2.txt --hook \
		    "$hooks/hook" --format txt --output "g2$who" \
		    >"$who.out" 2>"$who.said" 3>&- &
		eval "$who=$!"
	done
	first=0 second=0
	wait "$a" || first=$?
	wait "$b" || second=$?
	cat a.said b.said
	[ "$first" -eq 0 ] || [ "$second" -eq 0 ]
	agrees
	find_current
	says 0 'drilled' "$quorate" drill "${current[0]}"
}
