# SPDX-License-Identifier: GPL-3.0-or-later
"""What a card's PDF measures: page-facts.py CARD.pdf

Prints one fact a line: the sides of the modules of its symbols in mm, the
smallest type in points, and each word nearer than 5 mm to a fold or to the
edge of the sheet. Reads the content streams of cairo, and pdftotext -bbox.
"""
import collections
import re
import subprocess
import sys
import zlib

MM = 72 / 25.4
CLEAR = 5 * MM
path = sys.argv[1]
data = open(path, "rb").read()

content = ""
for m in re.finditer(rb"stream\r?\n", data):
    try:
        text = zlib.decompressobj().decompress(data[m.end():])
    except zlib.error:
        continue
    if b" Tf" in text or b" re" in text:
        content += text.decode("latin-1")

# A symbol is hundreds of boxes of one height.
box = re.compile(r"([\d.]+)\s([\d.]+)\sm\s([\d.]+)\s\2\sl\s"
                 r"\3\s([\d.]+)\sl\s\1\s\4\sl\s+h")
heights = collections.Counter(
    round((float(m[4]) - float(m[2])) / MM, 2) for m in box.finditer(content))
for height, count in sorted(heights.items()):
    if count > 100:
        print(f"module {height:.2f}")

# Type stands in a font of size 1 under a text matrix.
sizes = [float(m[1]) for m in
         re.finditer(r"BT\s([\d.]+)\s[\d.-]+\s[\d.-]+\s-\1\s", content)]
print(f"type {min(sizes):.1f}")

boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True,
                       capture_output=True, text=True).stdout
width = height = 0.0
for line in boxes.splitlines():
    page = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line)
    if page:
        width, height = float(page[1]), float(page[2])
    word = re.search(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" '
                     r'xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>', line)
    if not word:
        continue
    x0, y0, x1, y1 = (float(word[i]) for i in range(1, 5))
    for low, high, size in ((x0, x1, width), (y0, y1, height)):
        middle = size / 2
        if low < CLEAR or high > size - CLEAR or (
                low < middle + CLEAR and high > middle - CLEAR):
            print(f"near {word[5]}")
