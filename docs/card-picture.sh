#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Draw docs/card.png, the picture in README, anew: sh docs/card-picture.sh
# [BUILD]. It is a card of made-up codes; wants python3-pil for a small file.
set -eu

cd "$(dirname "$0")/.."
"${1:-build}/tests/tools/draw-sample" format=png dpi=150 \
    credential=sample-db-root custodian='Sam Sample' |
	/usr/bin/python3 -c 'import io, sys
from PIL import Image
page = Image.open(io.BytesIO(sys.stdin.buffer.read()))
page.quantize(8).save("docs/card.png", optimize=True)'
