#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-words.py WORDLIST > words.txt

Vectors for docs/format.md, section 8, from that page alone: integers for
bits, tables of logarithms for the field, long division for the parity.
"""
import random
import sys

WORDS = open(sys.argv[1], encoding="ascii").read().split()
EXP = [1]
while len(EXP) < 1023:
    EXP.append(EXP[-1] << 1 if EXP[-1] < 512 else EXP[-1] << 1 ^ 0x409)
LOG = {x: e for e, x in enumerate(EXP)}


def mul(a, b):
    return EXP[(LOG[a] + LOG[b]) % 1023] if a and b else 0


def rows(kind, data):
    if kind == "share":
        r, first = 7, 1
    else:
        first = 11
        r = next(r for r in range(2, 61)
                 if (6 * r - max(8, r)) * 10 >= 4 + 8 * len(data))
    p = max(8, r)
    k = 6 * r - p
    bits = "0001" + "".join(f"{b:08b}" for b in data)
    bits = bits.ljust(10 * k, "0")
    assert len(bits) == 10 * k
    code = [int(bits[i:i + 10], 2) for i in range(0, 10 * k, 10)]
    g = [1]
    for j in range(p):
        g = [a ^ mul(b, EXP[j]) for a, b in zip(g + [0], [0] + g)]
    rest = code + [0] * p
    for i in range(k):
        lead = rest[i]
        for j, c in enumerate(g):
            rest[i + j] ^= mul(lead, c)
    code += rest[k:]
    for i in range(r):
        six = code[6 * i:6 * i + 6]
        check = first + i
        for j, w in enumerate(six):
            check ^= mul(EXP[j + 1], w)
        yield " ".join([str(first + i)] + [WORDS[w] for w in six + [check]])


def main():
    rng = random.Random("quorate words")
    print("# name, hex in, rows out | # source\n"
          "# made by tests/vectors/make-words.py, which shares no code with lib/")
    shares = [bytes(42), b"\xff" * 42, bytes(range(42))]
    shares += [rng.randbytes(42) for _ in range(5)]
    sets = [rng.randbytes(n) for n in
            (1, 4, 5, 11, 12, 36, 42, 43, 155, 232, 300, 370, 371)]
    sets += [bytes(232), b"\xff" * 371]
    for kind, all_data in (("share", shares), ("set", sets)):
        for i, data in enumerate(all_data, 1):
            print(f"{kind}-{i} {data.hex()} {' / '.join(rows(kind, data))}"
                  " # make-words.py")


main()
