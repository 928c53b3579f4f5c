#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoil logs at random, and see that two verifiers say the same:

    agree.py --verifier COMMAND [--count N] [--seed N]

COMMAND is called as attacks.py does; the other one is examples/verify-log.py.
"""
import argparse
import random
import re
import sys
import tempfile

from attacks import Ours, Theirs

import quo1
import quolog

SIZE = 12
TOKENS = [
    b'"', b"\\", b"\\\\", b'\\"', b"\\u0041", b"\\n", b"\\/", b"{", b"}",
    b"[", b"]", b",", b":", b" ", b"\t", b"\n", b"\r", b"\0", b"\x7f",
    b"\x80", b"\xc2\x80", b"\xc2\x85", b"\xc2\xa0", b"\xc3\xa9", b"\xc0\xaf",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8",
    b"0", b"00", b"1", b"-1", b"1.0", b"1e1", b"true", b"null", b'""',
    b'"n":1', b',"actor":"mona"', b',"detail":"x"', b',"detail":""',
    b',"colour":"red"', b"999999999999999", b"1000000000000000",
    b"2026-02-29T00:00:00Z", b"2028-02-29T00:00:00Z", b"0000-01-01T00:00:00Z",
    b"2026-11-21T23:59:60Z", b"2026-11-21T24:00:00Z", b"log-init",
    b"a" * 4096, b"\xc3\xa9" * 2049, b'\\"' * 4096, b"x" * 33000, b"0" * 64,
    b"F" * 64]


def spoil(dice, log):
    """One to three changes, most of them where they do harm."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        kind, rows = dice.randrange(6), log.splitlines(True)
        at = dice.randrange(len(log) or 1)
        if kind == 0:
            log = log[:at] + dice.choice(TOKENS) + log[at:]
        elif kind == 1:
            end = at + dice.choice((1, 1, 2, 8, 70))
            log = log[:at] + dice.choice(TOKENS + [b""] * 20) + log[end:]
        elif kind == 2:
            log = log[:at] + bytes([dice.randrange(256)]) + log[at + 1:]
        elif kind == 3 and rows:
            at = dice.randrange(len(rows))
            rows[at:at + 1] = dice.choice(
                ([], rows[at:at + 1] * 2, rows[at:at + 2][::-1]))
            log = b"".join(rows)
        elif kind == 4:
            # A whole value, where values stand.
            values = list(re.finditer(rb'(?<=:)("[^"]*"|\d+)', log))
            if values:
                value = dice.choice(values)
                token = dice.choice(TOKENS)
                log = (log[:value.start()] + dice.choice(
                    (token, b'"' + token + b'"')) + log[value.end():])
        else:
            log = log[:at] if dice.random() < .2 else log
    return log


def witnesses(host):
    """Checkpoints in everything that carries them, most of them true."""
    for size in (0, 1, 5, SIZE):
        yield host.checkpoint(size)
    yield (f"quorate receipt 1\ncheckpoint: 7 {host.root(7).hex()}\n")
    yield (f"quorate approval 1\nledger: {host.ledger}\nsize: 8\n"
           f"root: {host.root(8).hex()}\n")
    yield ('ALERT n="9" checkpoint="'
           + host.checkpoint(9).replace("\n", " ") + '" x="y"\n')
    yield "nothing of interest\n"
    yield host.checkpoint(6).replace(host.ledger, "0" * 32)
    for i, note in enumerate((b"", b"n" * 900)):
        fields = dict(secret=b"hunter2", **(dict(note=note) if note else {}))
        for size, point in ((3 + i, (3 + i, host.root(3 + i))), (0, None)):
            cards = quo1.Cards(f"{i} {size}", (2, ["a", "b", "c"]), fields,
                               checkpoint=point)
            yield "\n".join(cards.share_texts()[:1] + cards.set_texts())


def gist(answer):
    """What the words of docs/log.md, section 7, have to have in common."""
    status, said = answer
    out = [status]
    for line in said.splitlines():
        for pattern in (r"entry (\d+): the seal is WRONG", r"entry (\d+): ",
                        r"witness (.*: covers \d+: (is )?\w+)",
                        r"the first wrong entry is one of .*",
                        r"\d+ entries; the last outside .*"):
            match = re.match(pattern, line)
            if match:
                out.append(match[0])
                break
    return sorted(out[1:]) + out[:1]        # witnesses come in any order


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--verifier", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    args = parser.parse_args()
    ours, theirs = Ours(), Theirs(args.verifier)
    dice, wrong, sound = random.Random(args.seed), 0, 0
    host = quolog.honest(SIZE)
    whole = host.export()
    with tempfile.TemporaryDirectory() as place:
        def write(name, data):
            path = f"{place}/{name}"
            with open(path, "wb") as file:
                file.write(data)
            return path
        key = write("key", quolog.auditor_text(quolog.KEY0).encode())
        papers = [write(f"w{i}", text.encode())
                  for i, text in enumerate(witnesses(host))]
        for i in range(args.count):
            log = write("log", spoil(dice, whole) if i else whole)
            said = [log]
            for paper in dice.sample(papers, dice.randrange(4)):
                said += ["--witness", paper]
            said += ["--auditor-key", key] if dice.random() < .3 else []
            one, other = ours(*said), theirs(*said)
            sound += one[0] == 0
            if gist(one) != gist(other):
                wrong += 1
                if wrong <= 5:
                    print(f"log {i}, {said[1:]}:", one[1], other[1], sep="\n")
    print(f"{args.count} logs, {sound} sound; {wrong} judged otherwise")
    return 1 if wrong or not 0 < sound < args.count / 2 else 0


if __name__ == "__main__":
    sys.exit(main())
