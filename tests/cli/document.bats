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

@test "broken documents are refused or drawn, and never crash the helper" {
	"$sample" bytes a4 3 >good
	/usr/bin/python3 - "$helper" <<-'END'
	import random, subprocess, sys
	good = open('good', 'rb').read()
	random.seed(4)
	refused = drawn = 0
	for i in range(120):
	    bad = bytearray(good)
	    for _ in range(random.choice((1, 1, 3))):
	        at = random.randrange(len(bad))
	        if random.random() < 0.3:
	            del bad[at:at + random.randrange(1, 40)]
	        else:
	            bad[at] = random.randrange(256)
	    p = subprocess.run([sys.argv[1]], input=bytes(bad),
	        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=40)
	    assert p.returncode in (0, 1), (i, p.returncode, p.stderr)
	    refused += p.returncode == 1
	    drawn += p.returncode == 0
	assert refused > 20 and drawn > 5, (refused, drawn)
	END
}

@test "forms that must fit one page do, in both sizes" {
	form=$build/tests/tools/form-sample
	for what in receipt rescue cloud site plant acknowledgement auditor; do
		for paper in "" letter; do
			"$form" $what pdf $paper >form.pdf
			[ "$(pages form.pdf)" -eq 1 ] || {
				echo "$what $paper"; false; }
		done
	done
}

@test "a playbook that fits no page is refused as PDF" {
	form=$build/tests/tools/form-sample
	run --separate-stderr "$form" long pdf
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" == *"too large"* ]]
	"$form" long html >long.html
}

@test "the playbooks have commands that the program knows" {
	form=$build/tests/tools/form-sample
	for what in cloud site plant; do
		"$form" $what pdf | pdftotext -layout - text
		grep -q "quorate reconstruct db-root" text
		grep -q "quorate rotate db-root CARD... --hook" text
		for option in $(grep -o 'quorate reconstruct .*' text |
		    grep -oE -- '--[a-z-]+'); do
			"$build/cmd/quorate" reconstruct --help |
			    grep -q -- "$option" || { echo "$option"; false; }
		done
	done
}

@test "the auditor's card is read from its picture" {
	form=$build/tests/tools/form-sample
	want=QUO1A:$(/usr/bin/python3 -c "import base64
print(base64.b32encode(bytes((7 * i + 1) % 256 for i in range(32)))
    .decode().rstrip('='))")
	"$form" auditor pdf >card.pdf
	pdftoppm -r 150 -gray card.pdf page
	zbarimg --raw -q --nodbus page*.pgm | grep -qx "$want"
	pdftotext card.pdf - | tr -d ' \n' | grep -qF "$want"
}
