#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# quorate split: what it refuses, what it leaves, what comes back.

load common

setup() {
	begin
}

teardown() {
	[ -z "${full:-}" ] || umount "$full"
	no_terminal
	remove_hook
}

@test "who opens it must be said, and make sense" {
	refuse 2 'who opens "db"?' "$quorate" split db --mint
	refuse 2 "-k and -n go together" "$quorate" split db --mint -k 2
	refuse 2 "-k and -n go together" "$quorate" split db --mint -n 2
	refuse 2 "-k 4 -n 3" "$quorate" split db --mint -k 4 -n 3
	refuse 2 "--threshold" "$quorate" split db --mint -k 0 -n 3
	refuse 2 "--cards" "$quorate" split db --mint -k 2 -n 256
	refuse 2 "--cards" "$quorate" split db --mint -k 1 -n 1 --allow-single
	refuse 2 "--policy takes the place" \
	    "$quorate" split db --mint -k 2 -n 3 --policy '2 of (a, b, c)'
	refuse 2 "--policy" "$quorate" split db --mint --policy '2 of (a, b'
	refuse 2 "--policy" "$quorate" split db --mint --policy '3 of (a, b)'
	refuse 2 "--policy" "$quorate" split db --mint --policy ''
	refuse 2 "one person alone" "$quorate" split db --mint -k 1 -n 2
	refuse 2 "one person alone" "$quorate" split db --mint \
	    --policy '1 of (a, 2 of (b, c))'
}

@test "a NAME that could be taken for another is misuse" {
	for name in $'db\u200b' 'db ' 'db  root' $'d\u0431' $'\u202edb' \
	    $'u\u0308db'; do
		refuse 2 'NAME could be taken for another: ' "$quorate" \
		    split "$name" --mint -k 2 -n 3
	done
}

@test "options that contradict each other are misuse" {
	local deal=("$quorate" split db -k 2 -n 3)

	printf secret >secret
	refuse 2 "--mint" "${deal[@]}" --mint --secret-file secret
	refuse 2 "newline" "${deal[@]}" --secret-file secret \
	    --keep-newline --strip-newline
	refuse 2 "lock" "${deal[@]}" --mint --lock --no-lock
	refuse 2 "--deliver" "${deal[@]}" --mint --deliver /bin/true \
	    --output x
	refuse 2 "--format" "${deal[@]}" --mint --format gif
	refuse 2 "--paper" "${deal[@]}" --mint --paper a3
	refuse 2 "--dpi" "${deal[@]}" --mint --dpi 1
	refuse 2 "--lock is missing" "${deal[@]}" --mint --phrase-dir p
	refuse 2 "--lock is missing" "${deal[@]}" --mint --phrase-fd 1
	refuse 2 "--phrase-fd 77" "${deal[@]}" --mint --lock --phrase-fd 77
	refuse 2 "--phrase-fd x" "${deal[@]}" --mint --lock --phrase-fd x
	refuse 2 "nobody is at the terminal" "${deal[@]}" --mint --lock \
	    </dev/null
}

@test "--review-by wants a day from today on" {
	for day in yesterday 2020-01-01 2031-02-30 2031-1-1 0; do
		refuse 2 "--review-by $day" "$quorate" split db -k 2 -n 3 \
		    --mint --review-by "$day"
	done
	deal db a -k 2 -n 2 --mint --review-by 2099-12-31
	"$quorate" check a/*c1.txt >out
	grep -q 'due 2099-12-31' out
	deal db b -k 2 -n 2 --mint --review-by none
	"$quorate" check b/*c1.txt >out
	grep -q 'never due' out
}

@test "--mint with too little chance, or of no known kind, is misuse" {
	for profile in 8 hex:31 digits:20 nonsense clear:x -1 0 99999999; do
		refuse 2 "--mint=$profile" "$quorate" split db -k 2 -n 3 \
		    "--mint=$profile"
	done
}

@test "fields that can't be sealed are misuse" {
	local long
	long=$(printf 'x%.0s' $(seq 256))
	local deal=("$quorate" split -k 2 -n 3 --mint --format txt)

	refuse 2 "NAME" "${deal[@]}"
	refuse 2 "NAME is empty" "${deal[@]}" ''
	refuse 2 "NAME has at most 255 bytes" "${deal[@]}" "$long"
	refuse 2 "--user has at most" "${deal[@]}" db --user "$long"
	refuse 2 "--target has at most" "${deal[@]}" db --target "$long"
	refuse 2 "--note has at most" "${deal[@]}" db --note "$long$long$long$long$long"
	refuse 2 "one argument too many" "${deal[@]}" db db2
	refuse 2 "NAME is no" "${deal[@]}" $'d\nb'
	refuse 2 "NAME is no" "${deal[@]}" $'d\x1b[2Jb'
	refuse 2 "NAME is no" "${deal[@]}" $'d\xffb'
	refuse 2 "--user is no" "${deal[@]}" db --user $'a\tb'
	refuse 2 "--note is no" "${deal[@]}" db --note $'a\x07b'
}

@test "a note may have lines" {
	deal db cards -k 2 -n 2 --mint --note $'first\nsecond'
	"$quorate" reconstruct cards/*.txt --json --exec -- true >out
	[ "$(json out 'j["note"]')" = $'first\nsecond' ]
}

@test "a secret that isn't there, or is too large" {
	local deal=("$quorate" split db -k 2 -n 3 --format txt)

	: >empty
	head -c 65537 /dev/zero >large
	refuse 2 "there is no secret" "${deal[@]}" </dev/null
	refuse 2 "empty: there is no secret" "${deal[@]}" --secret-file empty
	refuse 2 "no such file" "${deal[@]}" --secret-file nothing
	refuse 2 "at most 64 KiB" "${deal[@]}" --secret-file large
	refuse 2 "standard input: a secret has at most 64 KiB" "${deal[@]}" <large
	refuse 2 "the secret is empty" "${deal[@]}" --strip-newline < <(echo)
	refuse 3 "." "${deal[@]}" --secret-file .
}

@test "echo pw is refused until the newline is explained" {
	refuse_input 'pw\n' 2 "is the newline part of it?" \
	    "$quorate" split db -k 2 -n 2 --format txt
	[[ "$stderr" == *"--strip-newline"*"--keep-newline"* ]]
	[[ "$stderr" != *pw* ]]
	refuse_input '\n' 2 "newline" "$quorate" split db -k 2 -n 2
	echo pw | deal db keep -k 2 -n 2 --keep-newline
	rejoin keep/*.txt | cmp - <(echo pw)
	echo pw | deal db strip -k 2 -n 2 --strip-newline
	rejoin strip/*.txt | cmp - <(printf pw)
	printf 'two\nlines\n' | deal db lines -k 2 -n 2
	rejoin lines/*.txt | cmp - <(printf 'two\nlines\n')
	printf pw | deal db none -k 2 -n 2 --strip-newline
	rejoin none/*.txt | cmp - <(printf pw)
}

@test "any bytes come back" {
	printf '\0' >nul
	printf '\377\376\0\1\200\n\r\n\0' >high
	printf 'p\303\244ssw\303\266rd\342\202\254' >text
	head -c 160 /dev/urandom >part
	head -c 2000 /dev/urandom >external
	head -c 65536 /dev/urandom >most
	for file in nul high text part external most; do
		deal "$file" "d-$file" -k 2 -n 3 --secret-file "$file"
		deal "$file" "p-$file" -k 2 -n 3 <"$file"
		rejoin "d-$file"/*c1.txt "d-$file"/*c3.txt | cmp - "$file"
		rejoin "p-$file"/*c3.txt "p-$file"/*c2.txt | cmp - "$file"
	done
	[ ! -e d-part/part-g1-c1.sealed ]
	[ -e d-most/most-g1-c1.sealed ]
}

@test "secrets around the sizes where the set code changes come back" {
	for size in 63 64 65 100 127 128 129 200 371 1000 1500 1900 2047 2048; do
		# no line feed at its end, about which split would ask
		head -c "$((size - 1))" /dev/urandom >secret
		printf x >>secret
		deal db "s$size" -k 2 -n 2 --secret-file secret
		rejoin "s$size"/*.txt | cmp - secret
	done
}

@test "notes that take the set code into parts come back, on paper too" {
	for size in 600 1000; do
		note=$(head -c "$((size / 2))" /dev/urandom | od -An -tx1 |
		    tr -d ' \n' | head -c "$size")
		printf secret | deal db "n$size" -k 2 -n 2 --note "$note"
		"$quorate" reconstruct "n$size"/*.txt --json --exec -- true >out
		[ "$(json out 'j["note"]')" = "$note" ]
	done
	printf secret | "$quorate" split db -k 2 -n 2 --note "$note" \
	    --user "$(printf 'u%.0s' $(seq 255))" --output paper
	"$quorate" check paper/*c1.pdf
}

@test "names in five scripts are in the file names and on the cards" {
	local policy='2 of (Ανδρέας, Пётр, "محمد علي", 王小明, Zoë)'

	printf secret | deal база cards --names --policy "$policy"
	for who in Ανδρέας Пётр محمد_علي 王小明 Zoë; do
		ls cards/база-g1-c?-"$who".txt
	done
	"$quorate" check cards/*c4*.txt >out
	grep -q 'card 4 (王小明)' out
	[ "$(rejoin база cards/*c1*.txt cards/*c3*.txt)" = secret ]
}

@test "without --names the codes say nobody's name" {
	printf secret | deal db cards --policy '2 of (cfo, ciso, cto)'
	ls cards/db-g1-c2-ciso.txt
	"$quorate" check --json cards/*.txt >out
	run ! grep -E 'cfo|ciso|cto' <(sed 's/"from": "[^"]*"//' out)
}

@test "hostile names stay in the directory" {
	local odd
	for odd in ../../up a/b/c .hidden -rf '*' $'sp ace' '\' \
	    "$(printf 'é%.0s' $(seq 127))" ..; do
		printf secret | deal -- cards -k 2 -n 2 2>/dev/null && false
		printf secret | "$quorate" split -k 2 -n 2 --format txt \
		    --output cards -- "$odd"
		[ "$(find . -name '*-g1-c*' | wc -l)" -eq 2 ]
		[ "$(find cards -maxdepth 1 -name '[!.-]*-g1-c?.txt' |
		    wc -l)" -eq 2 ]
		find cards -type f | iconv -f utf-8 -t utf-8 >/dev/null
		[ "$(rejoin cards/*.txt)" = secret ]
		rm -r cards
	done
	printf secret | deal db cards --policy $'2 of ("a\u202efdp\u2066", b)'
	ls cards/db-g1-c1-a_fdp_.txt
	rm -r cards
	printf secret | deal db cards --policy '2 of ("../x", "a/b", ".c")'
	[ "$(find cards -type f | wc -l)" -eq 3 ]
	[ "$(find . -type f -name '*-g1-c*' | wc -l)" -eq 3 ]
}

@test "an existing file is never overwritten, and nothing else is left" {
	mkdir cards
	echo mine >cards/db-g1-c2.txt
	refuse 2 "cards/db-g1-c2.txt: the file exists already" \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --output cards
	rm cards/*
	ln -s nowhere cards/db-g1-c3.txt
	refuse 2 "cards/db-g1-c3.txt: the file exists already" \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --output cards
	rm cards/*
	mkdir phrases
	echo mine >phrases/db-g1-c3.phrase
	refuse 2 "phrases/db-g1-c3.phrase: the file exists already" \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --lock \
	    --output cards --phrase-dir phrases
}

@test "an output that can't be written leaves nothing" {
	echo x >file
	refuse 3 "Not a directory" "$quorate" split db -k 2 -n 2 --mint \
	    --format txt --output file
	refuse 3 "no/where" "$quorate" split db -k 2 -n 2 --mint \
	    --format txt --output no/where
	refuse 3 "/proc" "$quorate" split db -k 2 -n 2 --mint \
	    --format txt --output /proc
	refuse 3 "/proc" "$quorate" split db -k 2 -n 2 --mint --lock \
	    --format txt --output cards --phrase-dir /proc
}

@test "phrases never go beside the cards" {
	mkdir cards
	for beside in cards "$PWD/cards/."; do
		refuse 2 "phrases don't go beside the cards" \
		    "$quorate" split db -k 2 -n 2 --mint --format txt --lock \
		    --output cards --phrase-dir "$beside"
	done
	rmdir cards
	refuse 2 "phrases don't go beside the cards" \
	    "$quorate" split db -k 2 -n 2 --mint --format txt --lock \
	    --output cards --phrase-dir cards
	refuse 2 "phrases don't go beside the cards" \
	    "$quorate" split db -k 2 -n 2 --mint --format txt --lock \
	    --phrase-dir .
}

@test "a full disk leaves nothing" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	mkdir full
	mount -t tmpfs -o size=16k,nr_inodes=100 none full || skip "no mount"
	full=$PWD/full
	refuse 3 "No space left" "$quorate" split db -k 2 -n 200 --mint \
	    --format txt --output full
	head -c 64k /dev/zero >full/rest || true
	refuse 3 "full/p" "$quorate" split db -k 2 -n 3 --mint --lock \
	    --format txt --output cards --phrase-dir full/p
	[[ "$stderr" == *"No space left"* ]]
}

# Calls on this directory, and its files, fail as told: failing INJECT...
failing() {
	local inject=()
	for how; do inject+=(-e "inject=$how"); done
	strace -o ../trace -P "$PWD/out" -e signal=none "${inject[@]}" \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --output out
}

@test "a disk that fails at any moment leaves nothing" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	strace -o ../trace true || skip "ptrace is not allowed here"
	mkdir out
	for fault in openat:error=EIO:when=3 linkat:error=ENOSPC:when=1 \
	    linkat:error=EIO:when=3 fsync:error=EIO:when=1; do
		echo "$fault"
		refuse 3 "" failing "$fault"
	done
	refuse 3 "" strace -o ../trace -e inject=fsync:error=EIO:when=2 \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --output out
	refuse 3 "" strace -o ../trace -e inject=write:error=ENOSPC:when=2 \
	    "$quorate" split db -k 2 -n 3 --mint --format txt --output out
}

@test "a file system without nameless files serves, and leaves nothing" {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	strace -o ../trace true || skip "ptrace is not allowed here"
	mkdir out
	nameless=openat:error=EOPNOTSUPP:when=2+2
	refuse 3 "" failing "$nameless" renameat2:error=EIO:when=2
	failing "$nameless"
	grep -q '\.quorate-' ../trace
	[ "$(ls -A out | wc -l)" -eq 3 ]
	rejoin out/*.txt >/dev/null
	rm out/*
	failing "$nameless" renameat2:error=EINVAL
	[ "$(ls -A out | wc -l)" -eq 3 ]
}

@test "a hook that isn't there, or isn't safe, is found before anything" {
	refuse 2 "nothing: " "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver ./nothing
	echo '#!/bin/sh' >unsafe
	refuse 2 "unsafe" "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver ./unsafe
	chmod 777 unsafe
	refuse 2 "unsafe" "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver ./unsafe
}

@test "a hook gets every card, and nothing is written" {
	make_hook
	mkdir "$target/got"
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		echo "\$1 \$QUORATE_CARD/\$QUORATE_CARDS \$QUORATE_CUSTODIAN" \
		    >>"$target/log"
		cat >"$target/got/\$QUORATE_FILE"
	END
	chmod 755 "$hooks/deliver"
	before=$(ls -A)
	printf secret | "$quorate" split db --policy '2 of (cfo, ciso, cto)' \
	    --format txt --deliver "$hooks/deliver"
	[ "$(ls -A)" = "$before" ]
	[ "$(cat "$target/log")" = "$(printf 'deliver %s\n' '1/3 cfo' \
	    '2/3 ciso' '3/3 cto')" ]
	[ "$(rejoin "$target"/got/*c[13]*)" = secret ]
}

@test "a hook that fails at card 2: said, and nothing goes on" {
	make_hook
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		cat >/dev/null
		echo "\$QUORATE_CARD" >>"$target/log"
		[ "\$QUORATE_CARD" != 2 ] || { echo "out of paper" >&2; exit 9; }
	END
	chmod 755 "$hooks/deliver"
	before=$(ls -A)
	run --separate-stderr "$quorate" split db -k 2 -n 3 --mint --format txt \
	    --deliver "$hooks/deliver"
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ "$stderr" == *"card 1 is delivered"* ]]
	[[ "$stderr" == *"/deliver: card 2: out of paper"$'\n'* ]]
	[[ "$stderr" == *"this set is void: have the cards that were delivered destroyed: 1, perhaps 2"* ]]
	[[ "$stderr" != *"proven"* ]]
	[ "$(cat "$target/log")" = "$(printf '1\n2')" ]
	[ "$(ls -A)" = "$before" ]
}

@test "a hook that refuses, is late or hangs: where each card is, is said" {
	make_hook
	deliver() {
		printf '#!/bin/sh\ncat >/dev/null\n%s\n' "$1" >"$hooks/deliver"
		chmod 755 "$hooks/deliver"
		shift
		run --separate-stderr "$quorate" split db -k 2 -n 3 --mint \
		    --format txt --deliver "$hooks/deliver" "$@"
		echo "$stderr"
		[ "$status" -eq 3 ]
	}
	for answer in 1 75; do
		deliver "exit $answer"
		[[ "$stderr" == *"hint: no card went out"* ]]
		[[ "$stderr" != *void* ]]
		deliver "[ \$QUORATE_CARD != 3 ] || exit $answer"
		[[ "$stderr" == *"destroyed: 1, 2" ]]
	done
	deliver 'printf "no toner\n\nhint: buy some" >&2; exit 2'
	[[ "$stderr" == *"/deliver: card 1: no toner"$'\n'* ]]
	[[ "$stderr" == *"/deliver: card 1: hint: buy some"$'\n'* ]]
	deliver 'exit 2'
	[[ "$stderr" == *"/deliver: card 1: exit status 2"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1" ]]
	deliver 'sleep 20' --deliver-timeout 1s
	[[ "$stderr" == *"took too long"*"destroyed: perhaps 1" ]]
	deliver 'kill -KILL $$'
	[[ "$stderr" == *"/deliver: card 1: killed by signal 9"* ]]
	[[ "$stderr" == *"destroyed: perhaps 1" ]]
}

@test "what is to be tried later is tried again as the person says" {
	make_hook
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		echo "\$QUORATE_CARD" >>"$target/log"
		[ -e "$target/paper" ] || [ "\$QUORATE_CARD" != 2 ] ||
			{ echo "out of paper" >&2; exit 75; }
		cat >"$target/card-\$QUORATE_CARD"
	END
	chmod 755 "$hooks/deliver"
	terminal
	enter "'$quorate' split db -k 2 -n 3 --mint --format txt --no-ledger --deliver '$hooks/deliver'; echo end \$?"
	await 'card 2: out of paper'
	await 'Nothing of card 2 is out. Try it again? [y/N]'
	enter y
	await_count() { tmux -S tmux capture-pane -p | grep -c 'Try it again'; }
	for _ in $(seq 100); do
		[ "$(await_count)" -lt 2 ] || break
		sleep 0.05
	done
	touch "$target/paper"
	enter y
	await 'card 3 is delivered'
	await 'end 0'
	[ "$(tr '\n' ' ' <"$target/log")" = '1 2 2 2 3 ' ]
	rejoin "$target"/card-[23] >opened
	rm "$target"/paper
	enter clear
	enter "'$quorate' split db -k 2 -n 3 --mint --format txt --no-ledger --deliver '$hooks/deliver'; echo end \$?"
	await 'Try it again? [y/N]'
	enter n
	await 'destroyed: 1'
	await 'end 3'
}

@test "a hook is told whose all cards are, and its time" {
	make_hook
	cat >"$hooks/deliver" <<-END
		#!/bin/sh
		env | sort >"$target/env"
		exit 1
	END
	chmod 755 "$hooks/deliver"
	deal=("$quorate" split db --mint --format txt --deliver "$hooks/deliver")
	run -3 "${deal[@]}" --policy '2 of (cfo, "the, ciso", _)'
	grep -v -e ^PATH= -e ^PWD= "$target/env" | diff - <(cat <<-END
		QUORATE_CARD=1
		QUORATE_CARDS=3
		QUORATE_CHECKPOINT=
		QUORATE_CUSTODIAN=cfo
		QUORATE_CUSTODIANS=cfo
		QUORATE_FILE=db-g1-c1-cfo.txt
		QUORATE_GENERATION=1
		QUORATE_NAME=db
		QUORATE_SECONDS=300
		QUORATE_TARGET=
		QUORATE_USER=
	END
	) >said || true
	grep -q '^< the, ciso$' said
	[ "$(grep -c '^[<>] .' said)" -eq 1 ]
	run -3 "${deal[@]}" -k 2 -n 3 --deliver-timeout 2m
	grep -qx QUORATE_SECONDS=120 "$target/env"
	grep -qx QUORATE_CUSTODIANS= "$target/env"
}

@test "each format is read back, and opens" {
	for format in pdf png txt; do
		printf secret | "$quorate" split db -k 2 -n 2 \
		    --format "$format" --output "$format"
		[ "$(stat -c %a "$format"/*-c1*."$format" | sort -u)" = 600 ]
		[ "$(rejoin "$format"/*)" = secret ]
	done
	printf secret | "$quorate" split db -k 2 -n 2 --format svg --output svg
	grep -q '<svg' svg/db-g1-c1*.svg
	for page in svg/*.svg; do
		rsvg-convert -o "${page%.svg}.png" "$page"
	done
	[ "$(rejoin svg/*.png)" = secret ]
}

@test "letter paper" {
	printf secret | "$quorate" split db -k 2 -n 2 --paper letter \
	    --output cards
	pdfinfo cards/db-g1-c1.pdf | grep -q 'Page size: *612 x 792'
	[ "$(rejoin cards/*.pdf)" = secret ]
}

@test "an opaque id takes the place of the name" {
	printf secret | deal db-root cards -k 2 -n 2 --opaque
	[ "$(find cards -name 'id-*-g1-c?.txt' | wc -l)" -eq 2 ]
	run ! grep -rl db-root cards
	[ "$(rejoin db-root cards/*)" = secret ]
}

@test "255 cards" {
	printf secret | deal db cards -k 3 -n 255
	[ "$(find cards -type f | wc -l)" -eq 255 ]
	(ulimit -Sn 100 && printf secret | deal db many -k 2 -n 255)
	[ "$(rejoin cards/*c7.txt cards/*c255.txt cards/*c100.txt)" = secret ]
	run -1 rejoin cards/*c7.txt cards/*c255.txt
}

@test "what is fragile is said" {
	run --separate-stderr deal db a -k 3 -n 3 --mint
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"3 of the 3 cards can't be spared"* ]]
	run --separate-stderr deal db b -k 1 -n 3 --mint --allow-single
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning: one person alone can open"* ]]
	run --separate-stderr deal db c --policy '2 of (a, 1 of (b, c))' --mint
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"1 of the 3 cards can't be spared"* ]]
	run --separate-stderr deal db d -k 2 -n 3 --mint
	[[ "$stderr" != *"can't be spared"* ]]
}

@test "--json is JSON, names files and set, and has no secret" {
	printf 'the secret' | deal db cards -k 2 -n 3 --json >out 2>said
	[ "$(json out 'j["name"], j["generation"], j["cards"], j["locked"]')" = \
	    "('db', 1, 3, False)" ]
	[ "$(json out 'j["set"]')" = "$(set_of said)" ]
	[ "$(json out '[f["file"] for f in j["files"]]')" = \
	    "['db-g1-c1.txt', 'db-g1-c2.txt', 'db-g1-c3.txt']" ]
	run ! grep -E 'the secret|QUO1' out said
}

@test "-q says nothing but warnings" {
	run --separate-stderr deal db cards -k 2 -n 3 --mint -q
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run ! grep -v '^quorate: warning:' <<<"$stderr"
}

@test "minted secrets differ, are strong, and are never shown" {
	for i in 1 2 3; do
		deal db "m$i" -k 2 -n 2 --mint >out 2>said
		rejoin "m$i"/*.txt >"secret$i"
		[ "$(wc -c <"secret$i")" -ge 22 ]
		run ! grep -qF "$(cat "secret$i")" out said
	done
	[ "$(sort -u <(cat secret1; echo) <(cat secret2; echo) \
	    <(cat secret3; echo) | wc -l)" -eq 3 ]
	deal db hex -k 2 -n 2 --mint=hex:40
	[[ "$(rejoin hex/*.txt)" =~ ^[0-9a-f]{40}$ ]]
}

@test "phrases go to files of mode 600, or to a descriptor" {
	printf secret | deal db cards -k 2 -n 2 --lock --phrase-dir phrases
	[ "$(stat -c %a phrases/*.phrase | sort -u)" = 600 ]
	[ "$(stat -c %a phrases)" = 700 ]
	[ "$(find phrases -type f | wc -l)" -eq 2 ]
	for i in 1 2; do
		[ "$(wc -w <"phrases/db-g1-c$i.phrase")" -eq 7 ]
		run ! grep -qF "$(cat "phrases/db-g1-c$i.phrase")" -r cards
	done
	printf secret | deal db second -k 2 -n 2 --lock --phrase-fd 5 5>lines
	[ "$(cut -d' ' -f1 lines | tr '\n' ,)" = 1,2, ]
	[ "$(awk '{ print NF }' lines | sort -u)" = 8 ]
}

@test "a phrase descriptor that can't be written: no card is given out" {
	refuse 3 "descriptor 5" "$quorate" split db -k 2 -n 2 --mint --lock \
	    --format txt --output cards --phrase-fd 5 5</dev/null
}

@test "nothing is asked where standard input is no terminal" {
	refuse 2 "there is no secret" timeout 5 setsid "$quorate" split db \
	    -k 2 -n 2 </dev/null
}

@test "at a terminal the secret is asked for twice, unseen" {
	terminal
	enter '$quorate split db -k 2 -n 2 --format txt --output cards; echo rc=$?'
	await 'Secret to deal:'
	enter 'canary!'
	await 'again'
	enter 'canary!'
	await 'rc=0'
	[ "$(tmux -S tmux capture-pane -p -S - | grep -c canary)" -eq 0 ]
	[ "$(rejoin cards/*.txt)" = 'canary!' ]
}

@test "--secret-file - at a terminal asks, unseen" {
	terminal
	enter '$quorate split db -k 2 -n 2 --format txt --output cards --secret-file -; echo rc=$?'
	await 'Secret to deal:'
	enter 'canary!'
	await 'again'
	enter 'canary!'
	await 'rc=0'
	[ "$(tmux -S tmux capture-pane -p -S - | grep -c canary)" -eq 0 ]
}

# stopped SIGNAL SECONDS OPTION...: a split that gets SIGNAL on its way
stopped() {
	local signal=$1 seconds=$2
	shift 2
	"$quorate" split db --mint --format txt --output cards "$@" 2>said &
	victim=$!
	sleep "$seconds"
	kill "-$signal" "$victim" 2>/dev/null || return 0
	status=0
	wait "$victim" || status=$?
}

@test "a split that is stopped leaves all or nothing, whenever it is" {
	for signal in INT TERM HUP; do
		for seconds in 0 0.02 0.07 0.2 0.4; do
			stopped "$signal" "$seconds" -k 2 -n 200
			cards=$(find . -name '*-c*' | wc -l)
			echo "$signal after $seconds: $cards cards, $status"
			[ "$cards" -eq 0 ] || [ "$cards" -eq 200 ]
			[ "$status" -ne 0 ] || [ "$cards" -eq 200 ]
			[ -z "$(find . -name '.*' -type f)" ]
			[ "$cards" -eq 200 ] || [ ! -e cards ]
			rm -rf cards
		done
	done
}

@test "a locked split that is stopped leaves no phrase either" {
	for seconds in 0.1 0.6; do
		stopped TERM "$seconds" -k 2 -n 40 --lock --phrase-dir phrases
		[ "$status" -ne 0 ]
		[ -z "$(find cards phrases 2>/dev/null)" ]
	done
}

@test "a split that is killed leaves no card, hidden ones neither" {
	for seconds in 0.02 0.1 0.3 0.6; do
		stopped KILL "$seconds" -k 2 -n 20 --lock --phrase-dir phrases
		[ "$status" -eq 137 ]
		[ -z "$(find cards phrases -type f 2>/dev/null)" ]
		rm -rf cards phrases
	done
}

@test "a directory where others could exchange the cards is warned of" {
	mkdir open mine
	chmod 777 open
	printf x | deal db open -k 2 -n 3 2>said
	grep -q "open: others may write here" said
	printf x | deal db mine -k 2 -n 3 2>said
	run ! grep -q "exchange the cards" said
	if [ "$(id -u)" -eq 0 ]; then
		mkdir theirs
		chown nobody theirs
		printf x | deal db theirs -k 2 -n 3 2>said
		grep -q "theirs: its owner is another user" said
	fi
}
