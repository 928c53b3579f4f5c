# SPDX-License-Identifier: GPL-3.0-or-later
"""The worked example of docs/format.md: section 11, as Markdown."""
import quo1
from typed import in_words
from vector import TWO_OF_THREE, WORDS
from whole import dealt


def hexes(label, data, width=32):
    """label = the bytes in lines of 32."""
    text = data.hex()
    lines = [text[i:i + 2 * width] for i in range(0, len(text), 2 * width)]
    out = [f"    {label:<13} {lines[0]}"]
    return out + [" " * 18 + line for line in lines[1:]]


def wrapped(text, width=76):
    return ["    " + text[i:i + width] for i in range(0, len(text), width)]


def fields(c, lock=None):
    """The header, field by field."""
    rows = [("version", 1), ("suite", 1), ("flags", 1), ("salt", 15),
            ("inventory id", 16), ("generation", 4), ("issued", 2),
            ("review-by", 2)]
    rows += [("m, t", 2)] if lock else []
    out, at = [], 0
    for label, size in rows:
        out += hexes(label, c.header[at:at + size])
        at += size
    return out + hexes("policy", c.header[at:])


def word_rows(rows):
    return [f"    {i:>2}  {in_words(row[:6])}  {WORDS[row[6]]}"
            for i, row in rows.items()]


def plain_set():
    c = quo1.Cards("example", TWO_OF_THREE,
                   dict(name=b"root@db1", secret=b"correct-horse-battery"))
    out = ["Any 2 of 3, not locked; the credential `root@db1` with the secret",
           "`correct-horse-battery`, issued on day 20000 (2024-10-04), to be",
           "reviewed by day 20090. The header:", ""]
    out += fields(c)
    out += ["", "K, the coefficient of x (one node, threshold 2) and so the",
            "shares, K + x times the coefficient, byte by byte:", ""]
    out += hexes("K", c.k) + hexes("coefficient", c.coefficients[0][0])
    for i, share in enumerate(c.shares, 1):
        out += hexes(f"share {i}", share)
    out += ["", "The plaintext is two records and 27 zero bytes; sealed:", ""]
    out += hexes("plaintext", c.plain)
    for label in ("key_e", "key_a", "ciphertext", "tag"):
        out += hexes(label, getattr(c, label))
    out += ["", "Commitment. The audit path of card 1 is leaf 2 and leaf 3,",
            "that of card 3 is node(leaf 1, leaf 2) alone:", ""]
    out += hexes("D", c.digest)
    for i in range(3):
        out += hexes(f"nonce {i + 1}", c.nonces[i])
    for i in range(3):
        out += hexes(f"leaf {i + 1}", c.hashes[i])
    out += hexes("node 1 2", c.paths[2][0]) + hexes("root", c.root)
    out += hexes("set id", c.id)
    bits = quo1.bits_of(c.id[:5])
    out += ["", "The set id in words is `"
            + in_words(int(bits[i:i + 10], 2) for i in range(0, 40, 10))
            + "`.", "The share codes and the set code, each one text (broken here):", ""]
    for text in c.share_texts() + c.set_texts():
        out += wrapped(text) + [""]
    out += ["Card 1 in words:", ""] + word_rows(c.share_words(1))
    out += ["", "and the set code in words:", ""]
    return out + word_rows(c.set_words())


def locked_set():
    c = dealt()["locked"]
    out = ["", "A locked set with m = 3 and t = 1, which no dealer should",
           "take. The header, K, and what follows from the phrase of card",
           "1:", ""]
    out += fields(c, c.lock) + hexes("K", c.k) + hexes("share 1", c.shares[0])
    check = WORDS[quo1.phrase_check(c.salt, 1, c.phrases[0])]
    out += ["", f"    phrase        {c.phrases[0]}",
            f"    check word    {check}",
            f"    S(1)          {quo1.lock_salt(c.salt, 1)}",
            f"    S(0)          {quo1.lock_salt(c.salt, 0)}"]
    out += hexes("pad 1", c.pads[0]) + hexes("on the card", c.on_card[0])
    out += hexes("W", c.w) + hexes("key_e", c.key_e) + hexes("key_a", c.key_a)
    out += hexes("tag", c.tag) + hexes("set id", c.id)
    return out


def text():
    out = ["## 11. A worked example", "",
           "Printed by `tests/vectors/make.py --example`; the files beside",
           "that script hold many more, what must be refused above all.", ""]
    return "\n".join(out + plain_set() + locked_set()) + "\n"
