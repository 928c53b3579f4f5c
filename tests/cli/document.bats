#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Reports and forms: written as HTML and as PDF, checked by stock tools.

setup() {
	bats_require_minimum_version 1.5.0
	build=$(dirname "${QUORATE:-$BATS_TEST_DIRNAME/../../build/cmd/quorate}")/..
	build=$(realpath "$build")
	sample=$build/tests/tools/document-sample
	helper=$build/cmd/quorate-draw
	cd "$BATS_TEST_TMPDIR"
}

pages() {
	pdfinfo "$1" | awk '/^Pages/ { print $2 }'
}

@test "the helper refuses what is no document, in one line" {
	for bytes in QUOD QUODxxxxxxxx "$(printf 'QUOD%4096s' x)"; do
		run --separate-stderr bash -c \
		    "printf %s '$bytes' | $helper"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" == "quorate-draw: "* ]]
	done
}

@test "a document that takes more than 4 MiB as PDF is refused, not as HTML" {
	run --separate-stderr "$sample" pdf a4 45000
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" == *"too large"* ]]
	"$sample" html a4 45000 >big.html
	[ "$(grep -o '<td class="">' big.html | wc -l)" -ge 45000 ]
}

@test "the same document is the same bytes, wherever and whenever written" {
	for format in html pdf; do
		"$sample" $format >1
		mkdir -p "elsewhere $format"
		sleep 1.1
		(cd "elsewhere $format" && HOME=/nowhere TZ=Asia/Tokyo \
		    LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 "$sample" \
		    $format >../2)
		cmp 1 2
	done
	pdfinfo -isodates 1 >/dev/null 2>&1 || true
	"$sample" pdf >1
	pdfinfo -isodates 1 | grep -q "CreationDate: *2026-11-21T03:10:00"
	pdfinfo 1 | grep -q "Title: *Break-glass report"
}

@test "every text of a document is in its PDF, as it stands" {
	"$sample" pdf >doc.pdf
	pdftotext -layout doc.pdf text
	for words in "Break-glass report" "median decay" "3 h 12 min" \
	    "web-admin has been burned for 6 days" "Ana Ķ. (claimed)" \
	    "Decay over time" "deadline 24 h" "2026-07" "db-root-14" \
	    "unproven" "UTC time" "initials" "bag serial" "signature" \
	    "</pre><script>alert(1)</script>" "nothing in this time" \
	    "<b>Markup &" "quorate 0.1.0, ledger 0f3a"; do
		grep -qF -- "$words" text || { echo "missing: $words"; false; }
	done
}

@test "a long table has its header on each page, and no row in two" {
	for paper in a4 letter; do
		"$sample" pdf $paper 300 >doc.pdf
		n=$(pages doc.pdf)
		[ "$n" -gt 5 ]
		headers=0
		rows=0
		for page in $(seq 1 "$n"); do
			pdftotext -layout -f "$page" -l "$page" doc.pdf text
			grep -q "page $page of $n" text
			r=$(grep -cE 'db-root-[0-9]+ ' text || true)
			h=$(grep -cE 'credential +target +card' text || true)
			[ "$h" -eq $((r > 0 ? 1 : 0)) ]
			rows=$((rows + r))
		done
		[ "$rows" -eq 300 ]
	done
}

@test "nothing is drawn off the paper, in both sizes" {
	for paper in a4 letter; do
		"$sample" pdf $paper >doc.pdf
		pdftoppm -r 40 -gray doc.pdf page
		/usr/bin/python3 - page*.pgm <<-'END'
		import sys
		for name in sys.argv[1:]:
		    data = open(name, 'rb').read().split(b'\n', 3)
		    width, height = map(int, data[1].split())
		    rows = [data[3][i * width:(i + 1) * width]
		            for i in range(height)]
		    assert any(min(row) < 128 for row in rows), 'empty'
		    edge = int(10 / 25.4 * 40)
		    for row in rows:
		        assert min(row[:edge]) > 240, name
		        assert min(row[-edge:]) > 240, name
		    assert min(min(row) for row in rows[:8]) > 240, name
		    assert min(min(row) for row in rows[-8:]) > 240, name
		END
		rm page*
	done
}

@test "the symbol of a document is read from both" {
	want=QUO1R:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGH
	"$sample" pdf >doc.pdf
	pdftoppm -r 150 -gray doc.pdf page
	zbarimg --raw -q --nodbus page*.pgm | grep -qx "$want"
	"$sample" html >doc.html
	grep -o '<svg role="img" aria-label="QR.*</svg>' doc.html |
	    sed 's/<\/svg>.*/<\/svg>/; s/<svg/<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/' >qr.svg
	rsvg-convert -w 400 -b white qr.svg -o qr.png
	/usr/bin/python3 -c "from PIL import Image, ImageOps
ImageOps.expand(Image.open('qr.png').convert('L'), 60, 255).save('qr.png')"
	zbarimg --raw -q --nodbus qr.png | grep -qx "$want"
}

@test "the HTML is well-formed, apart from what HTML leaves open" {
	"$sample" html >doc.html
	sed -E 's/<!DOCTYPE html>//; s/<meta ([^>]*)>/<meta \1\/>/' doc.html \
	    >doc.xml
	/usr/bin/python3 -c "import xml.dom.minidom as m
m.parse('doc.xml')"
}
