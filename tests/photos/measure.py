#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read photos with quorate-scan and with zbarimg; say who reads more.

    measure.py QUORATE-SCAN DIR [--at-least PERCENT] [--misses] [--ours]

DIR comes from make-photos.py. A card is read when both its texts are. Exit
status 1: a wrong text was given, fewer cards read than asked for, or fewer
than by zbarimg.
"""
import argparse
import collections
import os
import statistics
import struct
import subprocess
import time


def frames(data):
    """The texts among quorate-scan's frames."""
    texts, pos = [], 0
    while pos + 5 <= len(data):
        kind, length = struct.unpack(">cI", data[pos:pos + 5])
        if kind == b"T":
            texts.append(data[pos + 5:pos + 5 + length].decode())
        pos += 5 + length
    return texts


def ours(program, path):
    with open(path, "rb") as photo:
        out = subprocess.run([program], stdin=photo, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=False).stdout
    return frames(out)


def theirs(program, path):
    out = subprocess.run([program, "-q", "--raw", "--nodbus", path],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         check=False).stdout
    return out.decode("latin-1").split()


class Score:
    """What one reader made of all photos."""

    def __init__(self, read, program):
        self.read, self.program = read, program
        self.texts = self.cards = self.wrong = 0
        self.seconds, self.missed = [], []

    def look(self, path, trouble, truth):
        start = time.monotonic()
        got = set(self.read(self.program, path))
        self.seconds.append(time.monotonic() - start)
        self.wrong += len(got - truth)
        self.texts += len(got & truth)
        if truth <= got:
            self.cards += 1
        else:
            self.missed.append((os.path.basename(path), trouble,
                                len(got & truth)))

    def line(self, name, photos, texts):
        s = sorted(self.seconds)
        return ("%-12s cards %d of %d (%.1f %%), texts %d of %d (%.1f %%), "
                "wrong %d; median %.0f ms, mean %.0f, 95th %.0f" % (
                    name, self.cards, photos, 100 * self.cards / photos,
                    self.texts, texts, 100 * self.texts / texts, self.wrong,
                    1000 * statistics.median(s), 1000 * statistics.mean(s),
                    1000 * s[int(len(s) * .95)]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("dir")
    parser.add_argument("--at-least", type=float, default=0)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--ours", action="store_true")
    args = parser.parse_args()
    scores = {"quorate-scan": Score(ours, args.program)}
    if not args.ours:
        scores["zbarimg"] = Score(theirs, "zbarimg")
    photos = texts = 0
    with open(os.path.join(args.dir, "truth.tsv")) as lines:
        for line in lines:
            name, trouble, *truth = line.rstrip("\n").split("\t")
            photos += 1
            texts += len(truth)
            for score in scores.values():
                score.look(os.path.join(args.dir, name), trouble, set(truth))
    for name, score in scores.items():
        print(score.line(name, photos, texts))
        if args.misses:
            count = collections.Counter(m[1] for m in score.missed)
            print("  missed:", dict(count.most_common()))
            for miss in score.missed:
                print("  %s (%s): %d read" % miss)
    us = scores["quorate-scan"]
    them = scores.get("zbarimg")
    bad = us.wrong > 0 or 100 * us.cards / photos < args.at_least or \
        (them is not None and us.cards < them.cards)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
