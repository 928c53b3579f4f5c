#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile and broken files: each must end in one clear line, soon.

    hostile.py QUORATE-SCAN [SEED]

Output is TAP. For each file quorate-scan must exit 1 within 20 seconds, say
one line of its own on standard error, and give no text. Files that are whole
but hold no code, or broken pages among whole ones, are tested too.
"""
import io
import random
import struct
import subprocess
import sys
import time
import zlib

from PIL import Image

TEXT = "QUO1S:" + "ABCDEFGH" * 31


def symbol(text=TEXT):
    png = subprocess.run(["qrencode", "-l", "M", "-s", "4", "-o", "-"],
                         input=text.encode(), stdout=subprocess.PIPE,
                         check=True).stdout
    image = Image.open(io.BytesIO(png))
    image.load()
    image.info.clear()
    return image.convert("L")


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + \
        struct.pack(">I", zlib.crc32(name + data))


def png(width, height, rows):
    """A PNG that says one size and has other rows."""
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0,
                                       0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def tiff(entries, after=0):
    """One directory of a little-endian TIFF at 8; then another, or itself."""
    body = b"".join(struct.pack("<HHII", *e) for e in entries)
    return (b"II*\0" + struct.pack("<IH", 8, len(entries)) + body +
            struct.pack("<I", after))


def size(width, height, **more):
    tags = {256: (4, width), 257: (4, height), 258: (3, 8), 259: (3, 1),
            262: (3, 1), 273: (4, 8), 277: (3, 1), 278: (4, height),
            279: (4, 100)}
    tags.update({int(k[1:]): v for k, v in more.items()})
    return [(t, k, 1, v) for t, (k, v) in sorted(tags.items())]


def pdf(*objects):
    out = b"%PDF-1.5\n"
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + b"trailer<</Root 1 0 R/Size %d>>\n" % (len(objects) + 1)


def stream(data, more=b""):
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


ROOT = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</XObject<</F 5 0 R>>>>>>")


def hostile(rng):
    """Name, bytes, a part of the line."""
    page = symbol()
    whole = {k: saved(page, k) for k in ("PNG", "JPEG", "TIFF", "PDF", "PPM")}
    yield "empty", b"", "empty"
    yield "zip", b"PK\3\4" + rng.randbytes(500), "not a picture"
    yield "gif", saved(page, "GIF"), "not a picture"
    yield "text", b"QUO1S:ABC\n", "not a picture"
    yield "one byte", b"\x89", "not a picture"
    yield "64 MiB and more", b"P5\n" + bytes(64 << 20), "64 MiB"
    for kind, data in whole.items():
        for part in (0.02, 0.3, 0.6):
            cut = data[:max(5, int(len(data) * part))]
            yield "%s cut at %g" % (kind, part), cut, ""
        yield kind + " magic, then noise", data[:8] + rng.randbytes(4000), ""
    yield "png bomb", png(100000, 100000, bytes(1000)), "million pixels"
    yield "png bomb, thin", png(0x7fffffff, 1, bytes(1000)), ""
    yield "png, no side", png(0, 10, bytes(10)), "damaged"
    yield "png, few rows", png(4000, 4000, bytes(1000)), "damaged"
    head = saved(page, "JPEG")
    at = head.index(b"\xff\xc0")
    yield "jpeg bomb", head[:at + 5] + b"\xff\xdc\xff\xdc" + head[at + 9:], \
        "million pixels"
    yield "pgm bomb", b"P5 100000 100000 255\n", "million pixels"
    yield "pgm, number too long", b"P5 " + b"9" * 50 + b" 1 255\n", ""
    yield "tiff bomb", tiff(size(100000, 100000)), "million pixels"
    yield "tiff, thin", tiff(size(1, 0xffffffff)), "million pixels"
    yield "tiff, no directory", tiff([]), "damaged"
    yield "tiff, directory is itself", tiff(size(50, 50), 8), "damaged"
    yield "tiff, far away", b"II*\0\xff\xff\xff\xff", "damaged"
    yield "tiff, 65535 entries", b"II*\0\x08\0\0\0\xff\xff" + bytes(200), \
        "damaged"
    yield "tiff, tiles of 4 GB", \
        tiff(size(50, 50, t322=(4, 0xfffffff0), t323=(4, 0xfffffff0))), ""
    yield "pdf, nothing", b"%PDF-1.4\n", "damaged"
    yield "pdf, pages in a loop", \
        pdf(ROOT, b"<</Type/Pages/Kids[2 0 R]/Count 9>>"), ""
    yield "pdf, parents in a loop", \
        pdf(ROOT, b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>",
            b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"), ""
    yield "noise", rng.randbytes(100000), "not a picture"


def harmless(rng):
    """Files with nothing to read: a line too, but exit 0."""
    page = symbol()
    yield "blank", saved(Image.new("L", (1000, 1000), 255), "PNG"), \
        "no code of quorate's"
    yield "another's code", saved(symbol("https://example.org/"), "PNG"), \
        "not quorate's: 1"
    yield "pdf, a form in itself", \
        pdf(ROOT, PAGES, PAGE, stream(b"/F Do"),
            stream(b"/F Do /F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
                   b"/Resources<</XObject<</F 5 0 R>>>>")), "no code"
    yield "pdf, a million pages, says it", \
        pdf(ROOT, b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", PAGE,
            stream(b"")), ""
    yield "pdf, no page size", \
        pdf(ROOT, PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 0]>>"), ""
    yield "png, bits flipped", flip(saved(page, "PNG"), rng), None


def flip(data, rng):
    data = bytearray(data)
    for _ in range(20):
        data[rng.randrange(8, len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def look(program, data):
    start = time.monotonic()
    got = subprocess.run([program], input=data, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    return (got.returncode, frames(got.stdout),
            got.stderr.decode("utf-8", "replace"), time.monotonic() - start)


def frames(data):
    kinds, pos = "", 0
    while pos + 5 <= len(data):
        kind, length = struct.unpack(">cI", data[pos:pos + 5])
        kinds += kind.decode("latin-1")
        pos += 5 + length
    return kinds if pos == len(data) else kinds + "?"


def judge(program, data, words, codes, kinds):
    """What is wrong; None for nothing."""
    code, got, line, seconds = look(program, data)
    if code not in codes:
        return "exit %d: %s" % (code, line)
    if got not in kinds:
        return "frames %s" % got
    if seconds > 20:
        return "%.0f seconds" % seconds
    if code != 0 and (line.count("\n") != 1 or
                      not line.startswith("quorate-scan: ")):
        return "said %r" % line
    if words is not None and code != 0 and words not in line:
        return "said %r, not %r" % (line, words)
    return None


def main():
    program = sys.argv[1]
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    jobs = [(n, d, w, (1,), ("NE",)) for n, d, w in hostile(rng)]
    jobs += [(n, d, w, (0, 1), ("NE", "NNE", "TE", "NNNE"))
             for n, d, w in harmless(rng)]
    good = symbol()
    cut = saved(good, "TIFF", save_all=True, compression="tiff_lzw",
                append_images=[symbol("QUO1C:ABC"), symbol("QUO1C:ABD")])
    jobs.append(("one picture, whole", saved(good, "PNG"), "", (0,), ("TE",)))
    jobs.append(("three pages, whole", cut, "", (0,), ("TTTE",)))
    jobs.append(("three pages, the second broken", break_page(cut, 1), "",
                 (0,), ("TTNE", "NTTE", "TNTE")))
    print("1..%d" % len(jobs))
    bad = 0
    for number, (name, data, words, codes, kinds) in enumerate(jobs, 1):
        wrong = judge(program, data, words, codes, kinds)
        bad += wrong is not None
        print("%sok %d - %s" % ("not " if wrong else "", number, name))
        if wrong:
            print("# " + wrong)
    sys.exit(1 if bad else 0)


def break_page(data, index):
    """Point the strips of a page of a little-endian TIFF to nowhere."""
    data = bytearray(data)
    at = struct.unpack_from("<I", data, 4)[0]
    for _ in range(index):
        count = struct.unpack_from("<H", data, at)[0]
        at = struct.unpack_from("<I", data, at + 2 + 12 * count)[0]
    for i in range(struct.unpack_from("<H", data, at)[0]):
        entry = at + 2 + 12 * i
        if struct.unpack_from("<H", data, entry)[0] == 273:
            struct.pack_into("<II", data, entry + 4, 1, 0x7ffffff0)
    return bytes(data)


if __name__ == "__main__":
    main()
