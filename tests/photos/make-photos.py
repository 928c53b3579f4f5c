#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make synthetic phone photos of card pages: the same for the same seed.

    make-photos.py [--count N] [--seed S] [--page PAGE.png]... OUTDIR

Without --page it makes pages of its own with qrencode: A4 at 300 dpi, a share
code of 254 and a set code of 304 characters, level M, modules of 0.5 mm.
OUTDIR gets photo-NNNN.jpg and truth.tsv (file, what was done, the texts).

The mix. Every photo, in gray: any rotation to 360 degrees; the page 1100 to
2200 pixels wide; perspective to 12 %; blur of 0.3 to 0.9 pixels; noise of
sigma 2 to 8; a light that falls off by up to 30 %; JPEG quality 30 to 90. One
trouble more, in equal shares: none; perspective of 12 to 30 %; blur of 1.2 to
2.6 pixels; noise of sigma 12 to 32; a hard shadow to 75 % and uneven light;
contrast of 15 to 35 %; JPEG quality 30 with blur; a stain over 10 % of a
symbol; motion blur of 3 to 8 pixels; two of these at once, milder.
"""
import argparse
import io
import multiprocessing
import os
import random
import subprocess

import numpy
from PIL import Image, ImageDraw, ImageFilter

PAGES = 10
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MM = 300 / 25.4
TROUBLES = ["none", "perspective", "blur", "noise", "shadow", "contrast",
            "jpeg", "stain", "motion", "two"]


def symbol(text):
    """A QR symbol with modules of 6 pixels: 0.5 mm at 300 dpi."""
    png = subprocess.run(["qrencode", "-l", "M", "-s", "6", "-m", "4", "-o",
                          "-"], input=text.encode(), stdout=subprocess.PIPE,
                         check=True).stdout
    with Image.open(io.BytesIO(png)) as image:
        image.info.clear()
        return image.convert("L")


def make_page(rng):
    """A page, its symbols' boxes, its texts."""
    page = Image.new("L", (2480, 3508), 255)
    draw = ImageDraw.Draw(page)
    boxes, texts = [], []
    for prefix, length, x in (("QUO1S:", 248, 25), ("QUO1C:", 298, 115)):
        text = prefix + "".join(rng.choices(BASE32, k=length))
        code = symbol(text)
        at = (int(x * MM), int(60 * MM))
        page.paste(code, at)
        boxes.append(at + (at[0] + code.width, at[1] + code.height))
        texts.append(text)
    for row in range(20):
        words = " ".join("".join(rng.choices("abcdefghilmnoprstu", k=6))
                         for _ in range(7))
        draw.text((300, int((130 + 6 * row) * MM)), "%2d %s" % (row + 1,
                                                                words), 0)
    return page, boxes, texts


def find_symbols(image):
    """Where a page is about half dark, in a square of 25 mm or more."""
    cell = 48
    w, h = image.width // cell, image.height // cell
    dark = 1 - numpy.asarray(image.crop((0, 0, w * cell, h * cell)),
                             dtype=float) / 255
    mean = dark.reshape(h, cell, w, cell).mean(axis=(1, 3))
    todo = {(x, y) for y in range(h) for x in range(w)
            if 0.2 < mean[y, x] < 0.8}
    boxes = []
    while todo:
        edge = [todo.pop()]
        xs, ys = [edge[0][0]], [edge[0][1]]
        while edge:
            x, y = edge.pop()
            for at in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if at in todo:
                    todo.remove(at)
                    edge.append(at)
                    xs.append(at[0])
                    ys.append(at[1])
        box = (min(xs) * cell, min(ys) * cell, (max(xs) + 1) * cell,
               (max(ys) + 1) * cell)
        side = box[2] - box[0], box[3] - box[1]
        if min(side) > 25 * MM and max(side) < 1.3 * min(side):
            boxes.append(box)
    return boxes


def load_page(path):
    """A page that was given, of 300 dpi."""
    out = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", path],
                         stdout=subprocess.PIPE, check=True).stdout
    texts = out.decode().split()
    with Image.open(path) as image:
        page = image.convert("L")
    boxes = find_symbols(page)
    if not texts or len(boxes) != len(texts):
        raise SystemExit("%s: %d symbols read, %d seen" %
                         (path, len(texts), len(boxes)))
    return page, boxes, texts


def stain(page, boxes, rng):
    """A blot of a tenth of a symbol's area, somewhere in it."""
    page = page.copy()
    x0, y0, x1, y1 = rng.choice(boxes)
    area = 0.1 * (x1 - x0) * (y1 - y0)
    ratio = rng.uniform(0.5, 2)
    w = (area * ratio * 4 / numpy.pi) ** 0.5
    h = w / ratio
    x, y = rng.uniform(x0, x1 - w), rng.uniform(y0, y1 - h)
    mask = Image.new("L", page.size, 0)
    ImageDraw.Draw(mask).ellipse((x, y, x + w, y + h),
                                 fill=rng.randint(150, 255))
    page.paste(rng.randint(30, 230), (0, 0), mask)
    return page


def coefficients(source, target):
    """Of the perspective that takes target's corners to source's."""
    rows, right = [], []
    for (x, y), (u, v) in zip(target, source):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    return numpy.linalg.solve(numpy.array(rows), numpy.array(right))


def place(page, width, angle, bend, side, rng):
    """The page on a table, seen from somewhere."""
    scale = width / page.width
    page = page.resize((width, int(page.height * scale)), Image.LANCZOS)
    w, h = page.size
    corners = numpy.array([(-w, -h), (w, -h), (w, h), (-w, h)]) / 2.0
    a = numpy.radians(angle)
    turn = numpy.array([[numpy.cos(a), -numpy.sin(a)],
                        [numpy.sin(a), numpy.cos(a)]])
    seen = corners @ turn.T
    size = max(w, h)
    axis = numpy.array([numpy.cos(side), numpy.sin(side)])
    seen = seen / (1 + bend * (seen @ axis) / size)[:, None]
    seen -= seen.min(axis=0) - numpy.array([40, 40])
    canvas = tuple(int(v) + 40 for v in seen.max(axis=0))
    c = coefficients([(0, 0), (w, 0), (w, h), (0, h)], seen)
    return page.transform(canvas, Image.PERSPECTIVE, tuple(c), Image.BILINEAR,
                          fillcolor=rng.randint(60, 140))


def light(pixels, fall, shadow, rng):
    """A light that falls off to one side, and a shadow with an edge."""
    h, w = pixels.shape
    x = numpy.arange(w, dtype=numpy.float32)[None, :]
    y = numpy.arange(h, dtype=numpy.float32)[:, None]
    a = rng.uniform(0, 2 * numpy.pi)
    pixels *= 1 - fall / 1.4 * (.7 + (x / w - .5) * numpy.cos(a) +
                                (y / h - .5) * numpy.sin(a))
    if shadow > 0:
        a = rng.uniform(0, 2 * numpy.pi)
        soft = rng.uniform(4, 60)
        edge = (x - w / 2) * (numpy.cos(a) / soft) + \
            (y - h / 2) * (numpy.sin(a) / soft)
        pixels *= 1 - shadow / (1 + numpy.exp((-edge).clip(-50, 50)))


def grain(pixels, sigma, seed):
    """Noise: a square of it, laid side by side, which nobody can tell."""
    side = 997
    noise = numpy.random.default_rng(seed)
    noise = noise.standard_normal((side, side), numpy.float32) * sigma
    for y in range(0, pixels.shape[0], side):
        for x in range(0, pixels.shape[1], side):
            part = pixels[y:y + side, x:x + side]
            part += noise[:part.shape[0], :part.shape[1]]


def motion(image, length, rng):
    """Moved while the shutter was open."""
    n = length | 1
    kernel = Image.new("L", (n, n), 0)
    a = rng.uniform(0, numpy.pi)
    dx, dy = numpy.cos(a) * n / 2, numpy.sin(a) * n / 2
    ImageDraw.Draw(kernel).line((n / 2 - dx, n / 2 - dy, n / 2 + dx,
                                 n / 2 + dy), fill=255)
    taps = numpy.argwhere(numpy.asarray(kernel) > 0)
    pixels = numpy.asarray(image)
    out = numpy.zeros(pixels.shape, numpy.uint16)
    for y, x in taps:
        out += numpy.roll(pixels, (y - n // 2, x - n // 2), (0, 1))
    out //= len(taps)
    return Image.fromarray(out.astype(numpy.uint8))


def settings(rng):
    """How one photo is taken."""
    s = dict(trouble=rng.choice(TROUBLES), bend=rng.uniform(0, .12),
             blur=rng.uniform(.3, .9), noise=rng.uniform(2, 8),
             fall=rng.uniform(0, .3), shadow=0, contrast=1, motion=0,
             quality=rng.randint(30, 90), stain=False,
             width=rng.randint(1100, 2200), angle=rng.uniform(0, 360),
             side=rng.uniform(0, 2 * numpy.pi))
    mild = 0.6 if s["trouble"] == "two" else 1
    names = [s["trouble"]]
    if s["trouble"] == "two":
        names = rng.sample(TROUBLES[1:-1], 2)
        s["trouble"] = "+".join(names)
    for name in names:
        if name == "perspective":
            s["bend"] = rng.uniform(.12, .30) * mild
        elif name == "blur":
            s["blur"] = rng.uniform(1.2, 2.6) * mild
        elif name == "noise":
            s["noise"] = rng.uniform(12, 32) * mild
        elif name == "shadow":
            s.update(fall=rng.uniform(.3, .6), shadow=rng.uniform(.4, .75)
                     * mild)
        elif name == "contrast":
            s["contrast"] = rng.uniform(.15, .35) / mild
        elif name == "jpeg":
            s.update(quality=30, blur=rng.uniform(.9, 1.6) * mild)
        elif name == "stain":
            s["stain"] = True
        elif name == "motion":
            s["motion"] = int(rng.uniform(3, 8) * mild)
    return s


def take(job):
    """One photo, from its own seed."""
    seed, number, (page, boxes, texts), outdir = job
    rng = random.Random("%d %d" % (seed, number))
    s = settings(rng)
    if s["stain"]:
        page = stain(page, boxes, rng)
    image = place(page, s["width"], s["angle"], s["bend"], s["side"], rng)
    if s["motion"] > 0:
        image = motion(image, s["motion"], rng)
    image = image.filter(ImageFilter.GaussianBlur(s["blur"]))
    pixels = numpy.array(image, numpy.float32)
    pixels *= s["contrast"]
    pixels += rng.uniform(60, 160) * (1 - s["contrast"])
    light(pixels, s["fall"], s["shadow"], rng)
    grain(pixels, s["noise"], [seed, number])
    pixels.clip(0, 255, out=pixels)
    image = Image.fromarray(pixels.astype(numpy.uint8))
    name = "photo-%04d.jpg" % number
    image.save(os.path.join(outdir, name), quality=s["quality"])
    return "\t".join([name, s["trouble"]] + texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("outdir")
    args = parser.parse_args()
    os.makedirs(args.outdir, exist_ok=True)
    rng = random.Random(args.seed)
    pages = [load_page(path) for path in args.page] or \
        [make_page(rng) for _ in range(min(PAGES, args.count))]
    jobs = [(args.seed, i, pages[i % len(pages)], args.outdir)
            for i in range(args.count)]
    with multiprocessing.Pool(args.jobs) as pool:
        lines = pool.map(take, jobs, chunksize=4)
    with open(os.path.join(args.outdir, "truth.tsv"), "w") as truth:
        truth.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
