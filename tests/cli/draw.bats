#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What is printed on a card: drawn by the helper, read back by stock tools.

setup() {
	bats_require_minimum_version 1.5.0
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")/..
	build=$(realpath "$build")
	sample=$build/tests/tools/draw-sample
	helper=$build/cmd/quorate-draw
	facts="/usr/bin/python3 $BATS_TEST_DIRNAME/../tools/page-facts.py"
	cd "$BATS_TEST_TMPDIR"
}

# Lengths of text that fill versions 9 to 15 at level M.
lengths="262 311 366 419 483 528 600"

# what the symbols of these pictures say, sorted
codes() {
	zbarimg --raw -q --nodbus "$@" | sort
}

# every symbol of this card is read from its PDF at each resolution
reads() {
	"$sample" format=texts "$@" | sort >want
	"$sample" "$@" >card.pdf
	for dpi in $resolutions; do
		rm -f page*
		pdftoppm -r "$dpi" -gray card.pdf page
		codes page* >got
		if ! cmp want got; then
			echo "not read at $dpi dpi: $*"
			return 1
		fi
	done
}

# no module under half a millimetre, no type under 6.5 points, nothing across
# a fold or off the paper
well_made() {
	$facts "$1" >facts
	cat facts
	[ "$(grep -c '^module' facts)" -ge 1 ]
	awk '$1 == "module" && $2 < 0.5 || $1 == "type" && $2 < 6.5 ||
	    $1 == "near" { exit 1 }' facts
}

@test "the helper refuses what is no face, in one line, and draws nothing" {
	for bytes in '' QUOF QUO1 "$(printf '%4096s' x)"; do
		run --separate-stderr bash -c \
		    "printf %s '$bytes' | $helper"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" == "quorate-draw: "* ]]
	done
}

@test "the helper refuses a frame without end" {
	run --separate-stderr bash -c "yes QUOF | head -c 9000000 | $helper"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a face that is none is refused before it is drawn" {
	for bad in serial=0 serial=4 count=1 dpi=149 dpi=601 parts=7 \
	    issued=today page=1 "custodian=$(printf 'a\033[2J')"; do
		run --separate-stderr "$sample" "$bad"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
	done
	run --separate-stderr "$sample" format=png page=2
	[ "$status" -eq 1 ]
	[ -z "$output" ]
}

@test "cards read at 150, 200, 300 and 600 dpi" {
	resolutions="150 200 300 600"
	reads
	reads paper=letter share=600 set=600 rows=60 locked=1
}

@test "each version from 9 to 15 reads at 150 dpi, on both papers" {
	resolutions=150
	for paper in a4 letter; do
		for len in $lengths; do
			reads paper=$paper share="$len" set="$len"
			well_made card.pdf
		done
	done
}

@test "a set code in six parts reads, on two pages" {
	resolutions=150
	reads parts=6 set=600
	well_made card.pdf
	[ "$(pdfinfo card.pdf | awk '/^Pages/ { print $2 }')" -eq 2 ]
	"$sample" format=texts parts=6 set=600 | sort >want
	"$sample" parts=6 set=600 format=png dpi=150 >1.png
	"$sample" parts=6 set=600 format=png dpi=150 page=2 >2.png
	codes 1.png 2.png >got
	cmp want got
}

@test "pictures read at each resolution, and drawings at two sizes" {
	"$sample" format=texts paper=letter share=600 set=600 | sort >want
	for dpi in 150 200 300 600; do
		"$sample" format=png dpi=$dpi paper=letter share=600 \
		    set=600 >card.png
		codes card.png >got
		cmp want got
	done
	"$sample" format=svg paper=letter share=600 set=600 >card.svg
	for zoom in 2.1 4.2; do
		rsvg-convert -z $zoom -b white card.svg -o card.png
		codes card.png >got
		cmp want got
	done
}

@test "long set codes put their words on a second page" {
	for rows in 42 43 60; do
		"$sample" rows=$rows paper=letter share=600 set=600 >card.pdf
		well_made card.pdf
		pages=$(pdfinfo card.pdf | awk '/^Pages/ { print $2 }')
		[ "$pages" -eq $((rows > 42 ? 2 : 1)) ]
		[ "$(pdftotext -layout card.pdf - |
		    grep -cE '(^| )'$((10 + rows))' +[a-z]+ ')" -eq 1 ]
	done
}

@test "each word of a card is in its text" {
	"$sample" >card.pdf
	pdftotext -layout card.pdf text
	for word in "Break-glass card" "2 of 3" sample-root "Sam Sample" \
	    "Any 2 of 3 cards" "hammock lantern cricket tapestry" 2026-03-01 \
	    2027-03-01 "BAG SERIAL" SIGNATURE "In an emergency" \
	    "quorate reconstruct --no-ledger"; do
		grep -qF -- "$word" text
	done
	! grep -q "Lock phrase" text
	"$sample" locked=1 | pdftotext - - | grep -q "Lock phrase"
	"$sample" custodian= | pdftotext - - | grep -qx "card 2"
}

@test "the same card is the same bytes, wherever and whenever drawn" {
	for format in pdf svg png; do
		"$sample" format=$format >1
		mkdir -p "elsewhere $format"
		sleep 1.1
		(cd "elsewhere $format" && HOME=/nowhere TZ=Asia/Tokyo \
		    LANG=el_GR.UTF-8 "$sample" format=$format >../2)
		cmp 1 2
	done
	"$sample" >1
	"$sample" issued=2026-03-02 >2
	run ! cmp -s 1 2
	! grep -aq "$(date -u +D:%Y%m%d)" 1
}

@test "fonts are embedded, as subsets" {
	"$sample" custodian="山田 太郎 محمد" >card.pdf
	pdffonts card.pdf | tail -n +3 >fonts
	[ "$(wc -l <fonts)" -ge 4 ]
	! awk '{ print $(NF-4), $(NF-3) }' fonts | grep -v "yes yes"
	[ "$(wc -c <card.pdf)" -lt 120000 ]
}

@test "names in five scripts are drawn whole" {
	for name in "Zoë Åström-Łuczak" "Ελένη Παπαδοπούλου" \
	    "Наталья Жукова" "محمد الأمين" "山田 太郎"; do
		run --separate-stderr bash -c '"$1" credential="$2" \
		    custodian="$2" policy="2 of ($2, $2)" >card.pdf' - \
		    "$sample" "$name"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		well_made card.pdf
		case $name in
		م*) ;;	# pdftotext gives its letters in the order seen
		*) pdftotext card.pdf - | grep -qF "$name" ;;
		esac
	done
}

@test "a character without a font is drawn, and told with what to install" {
	run --separate-stderr bash -c '"$1" custodian="$(printf \
	    "Sam \U10FFFD")" >card.pdf' - "$sample"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"U+10FFFD"*"install fonts-noto-core"* ]]
	[ -s card.pdf ]
}

@test "a long name stands whole on the cover, and beside the share" {
	for name in prod-eu-central-1-postgres-main-superuser \
	    "Anneliese-Wilhelmine von Hohenstein-Lichtenberg auf der Wiese"; do
		"$sample" credential="$name" custodian="$name" >card.pdf
		well_made card.pdf
		# It takes a hyphen at the end of a line for none.
		[ "$(pdftotext card.pdf - | tr -d ' \n-' |
		    grep -oF "$(printf %s "$name" | tr -d ' -')" |
		    wc -l)" -eq 3 ]
	done
}

@test "names too long shrink, then end in dots, and touch nothing" {
	long=$(printf 'Maximiliana-%.0s' $(seq 1 40))
	for name in "Maximiliana von und zu Hohenstein-Langenfeld" "$long" \
	    "$(printf '山%.0s' $(seq 1 120))"; do
		for paper in a4 letter; do
			"$sample" paper=$paper credential="$name" \
			    custodian="$name" \
			    policy="2 of ($name, $name)" >card.pdf
			well_made card.pdf
		done
	done
}

@test "a terminal's half-blocks stand in lines of one width" {
	"$sample" format=blocks >blocks
	[ "$(wc -l <blocks)" -eq 31 ]
	[ "$(LC_ALL=C.UTF-8 wc -m <blocks)" -eq $((31 * 62)) ]
	[ "$(LC_ALL=C.UTF-8 wc -L <blocks)" -eq 61 ]
	"$sample" format=sgr | grep -c "$(printf '\033\\[38;5;16;48;5;231m')" |
	    grep -qx 31
}
