#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The tour of README.md: each of its commands, in a directory as a clone is,
# says what stands below it. The minute of its deadline is not waited for.

bats_require_minimum_version 1.5.0

setup() {
	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	QUORATE=$(realpath "${QUORATE:-$top/build/cmd/quorate}")
	export HOME=$BATS_TEST_TMPDIR PATH=${QUORATE%/*}:/usr/bin:/bin
	export LC_ALL=C.UTF-8
	mkdir "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone"
	mkdir -p examples lib/card
	cp "$top/lib/card/wordlist.txt" lib/card
	cp -r "$top/examples/hooks" "$top/examples/recover.py" \
	    "$top/examples/roster.json" examples
	chmod -R go-w .
}

# The tour as a script, which ends where a command does, and what it is to say
# as patterns, in order.
read_tour() {
	/usr/bin/python3 - "$top/README.md" <<-'END'
		import re, sys
		text = open(sys.argv[1]).read()
		text = text[text.index("**A ledger**"):text.index("## Commands")]
		commands, said, open_ = [], [], False
		for line in text.split("\n"):
		    if line.startswith("    $ "):
		        commands.append(line[6:])
		        open_ = True
		    elif open_ and (commands[-1].count('"') % 2 or
		                    commands[-1].count("'") % 2):
		        commands[-1] += "\n" + line
		    elif line.startswith("    "):
		        said.append(line[4:])
		script = "\n".join(commands)
		script = script.replace("sleep 60; quorate",
		                        "faketime -f +2m quorate")
		open("tour.sh", "w").write("set -eu\n" + script + "\n")
		# What changes from run to run
		for line in said:
		    line = re.sub(r"/home/\S*/", "@", line)
		    line = re.sub(r"set \w+ \w+ \w+ \w+,", "set @,", line)
		    line = re.sub(r"[0-9a-f]{12}….*|SHA256:.*|root [\w+/=]+$|"
		                  r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d\S*|"
		                  r"\b\d+[ms]( \d+s)?\b|20\d\d-\d\d-\d\d| +", "@",
		                  line)
		    print(line)
	END
}

@test "the tour of the README goes as it says" {
	read_tour >said
	[ "$(grep -c quorate tour.sh)" -gt 20 ]
	bash tour.sh >out 2>&1 3>&- </dev/null || { cat out; false; }
	/usr/bin/python3 - <<-'END'
		import re
		out = open("out").read()
		missing = []
		for line in open("said").read().split("\n"):
		    if line in ("", "…"):
		        continue
		    want = re.sub("(@)+", ".*", re.escape(line.strip()))
		    if not re.search("^" + want, out, re.M):
		        missing.append(line)
		print(out)
		print("not said:", *missing, sep="\n")
		assert not missing
	END
}
