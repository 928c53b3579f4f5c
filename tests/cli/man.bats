#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The manuals against the programs: what --help says, the manual says.

bats_require_minimum_version 1.5.0

setup_file() {
	export top=$BATS_TEST_DIRNAME/../..
	export quorate=${QUORATE:-$top/build/cmd/quorate}
	export man=$top/docs/man
	export text=$BATS_FILE_TMPDIR
	commands=$("$quorate" --help |
		sed -n 's/^  \([a-z]*\)  .*/\1/p' | grep -v '^help$')
	export commands
	for page in "$man"/*.[17]; do
		mandoc -T ascii -O width=200 "$page" | sed 's|.\x08||g' \
			>"$text/$(basename "$page")"
	done
}

# Option headers such as "-k, --threshold K" of standard input.
headers() {
	sed -nE 's/^ +((-[a-z], )?--[a-z-]+([[ ][^ ]+)?)( {2,}.*)?$/\1/p' |
		sort
}

@test "mandoc has nothing to say against a manual" {
	for page in "$man"/*.[17]; do
		run mandoc -T lint -W warning "$page"
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

@test "mandoc does find what is wrong" {
	sed '/^\.Sh NAME/d' "$man/quorate.1" >"$text/broken.1"
	run ! mandoc -T lint -W warning "$text/broken.1"
}

@test "there are the four commands, and a manual of each" {
	[ "$(echo "$commands" | wc -l)" -ge 4 ]
	for c in $commands; do
		[ -s "$man/quorate-$c.1" ]
		grep -q "^\.Xr quorate-$c 1" "$man/quorate.1"
	done
}

@test "a manual has each option of its command, and none more" {
	for c in $commands; do
		echo "quorate $c"
		"$quorate" "$c" --help | headers >"$text/$c.help"
		headers <"$text/quorate-$c.1" >"$text/$c.man"
		[ "$(wc -l <"$text/$c.help")" -ge 6 ]
		diff "$text/$c.help" "$text/$c.man"
	done
}

@test "a manual has each exit status of its command, and none more" {
	for c in $commands; do
		echo "quorate $c"
		"$quorate" "$c" --help | sed -n '/^exit codes:/,/^$/p' |
			sed -n 's/^  \([0-9]\)  .*/\1/p' >"$text/help"
		sed -n '/^EXIT STATUS/,/^EXAMPLES/p' "$text/quorate-$c.1" |
			sed -n 's/^ *\([0-9]\)  .*/\1/p' >"$text/man"
		[ "$(wc -l <"$text/help")" -ge 4 ]
		diff "$text/help" "$text/man"
	done
}

@test "the examples of --help stand in the manual" {
	for c in $commands; do
		"$quorate" "$c" --help | sed -n '/^examples:/,$p' |
			sed -n 's/^  //p' >"$text/examples"
		[ -s "$text/examples" ]
		while read -r line; do
			echo "$c: $line"
			grep -qF -e "$line" "$text/quorate-$c.1"
		done <"$text/examples"
	done
}

@test "what quorate can't do stands in quorate(1) and README, word for word" {
	# white space and line ends aside
	flat() { tr -s ' \n' ' ' <"$1"; }
	for file in "$text/quorate.1" "$top/README.md"; do
		flat "$file" >"$text/flat"
		while read -r line; do
			echo "$file: $line"
			grep -qF -e "$line" "$text/flat"
		done <<-'END'
			A quorum of custodians can always rebuild the secret without this tool; the evidence against that is a broken seal on a bag.
			Once a person has seen a password, nothing here takes it back; only changing it on the target ends the exposure.
			The tool does not see what is done with the credential; recording a session belongs to the target, tlog or a PAM product.
			A name in the log is as strong as the key behind it: "signed by" and "claimed" are shown differently.
		END
	done
}

@test "hooks are told in the manuals what hook.h and deliver.h tell" {
	hook=$top/lib/rotation/hook.h
	# told HEADER PAGE
	told() {
		grep -oh 'QUORATE_[A-Z]*' "$1" | sort -u |
			sed 's/^/.It Ev /' >"$text/words"
		sed -n 's/^ \*\t\([a-z-]*\) = .*/.It Ql \1 = /p' "$1" \
			>>"$text/words"
		wc -l <"$text/words"
		while read -r word; do
			grep -qF -e "$word" "$2" || echo "$word"
		done <"$text/words"
	}
	run told "$hook" "$man/quorate-hook.7"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[ "${lines[0]}" -ge 9 ]
	run told "$top/lib/rotation/deliver.h" "$man/quorate-deliver.7"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[ "${lines[0]}" -ge 6 ]
}

@test "the hook of quorate-hook(7) works, and takes what describe says" {
	sed -n '/^The shortest/,/^\.Ed/p' "$man/quorate-hook.7" |
		sed '1,/^\.Bd/d; /^\.Ed/d; s/\\(aq/'"'"'/g; s/\\(dq/"/g
		    s/\\e/\\/g' >"$text/hook"
	hook() {
		run env QUORATE_TARGET="$text/target" sh "$text/hook" "$1" \
			3< <(printf "$2")
	}
	hook apply "$(printf %0200d 0)"
	[ "$status" -eq 0 ]
	hook verify "$(printf %0200d 0)"
	[ "$status" -eq 0 ]
	hook verify "$(printf %0199d 0)"
	[ "$status" -eq 1 ]
	for secret in '' "$(printf %0201d 0)"; do
		hook apply "$secret"
		[ "$status" -eq 2 ]
		hook verify "$secret"
		[ "$status" -eq 2 ]
	done
	# nothing of it is lost
	hook apply 'a\0b\n'
	for secret in 'ab' 'ab\n' 'a\0b'; do
		hook verify "$secret"
		[ "$status" -eq 1 ]
	done
	hook verify 'a\0b\n'
	[ "$status" -eq 0 ]
}

@test "each setting stands in quorate(1) with its default, and none more" {
	sed -nE 's/^\t\{ "([a-z-]+)", AT\([A-Z_]+, [a-z_]+\).*/\1/p' \
		"$top/cmd/settings.c" | sort >"$text/settings"
	[ "$(wc -l <"$text/settings")" -ge 9 ]
	sed -nE 's/^\.It Cm ([a-z-]+) = .*/\1/p' "$man/quorate.1" |
		sort | diff "$text/settings" -
	sed -nE 's/^\t\{ "([a-z-]+)", AT\(.*, "([^"]+)" \},$/\1 \2/p' \
		"$top/cmd/settings.c" >"$text/defaults"
	[ "$(wc -l <"$text/defaults")" -ge 8 ]
	while read -r name initial; do
		echo "$name = $initial"
		sed -n "/^\.It Cm $name = /{n;:a;N;/\n\.\(It\|El\)/!ba;p}" \
			"$man/quorate.1" | grep -qF -e "$initial"
	done <"$text/defaults"
}
