# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of whole sets, each value on the way stated."""
import quo1
from quo1 import Cards
from typed import phrases
from vector import (CHECKPOINT, DEEPEST, FIELDS, MIXED, NESTED, TWO_OF_THREE,
                    WORDS, File, numbered)

def dealt():
    """name: set, of every kind"""
    five, eight = ["a", "b", "c", "d", "e"], list("abcdefgh")
    return {
        "2 of 2": Cards("1", (2, ["a", "b"]), FIELDS),
        "1 of 2": Cards("2", (1, ["a", "b"]), dict(secret=b"x")),
        "2 of 3": Cards("3", TWO_OF_THREE, FIELDS),
        "3 of 5": Cards("4", (3, five), FIELDS, generation=7, review=0),
        "5 of 8": Cards("5", (5, eight), dict(secret=bytes(range(200)))),
        "nested": Cards("6", NESTED, FIELDS),
        "mixed": Cards("7", MIXED, FIELDS),
        "deepest": Cards("8", DEEPEST, FIELDS),
        "locked": Cards("9", TWO_OF_THREE, FIELDS, phrases("9", 3),
                        lock=(3, 1)),
        "locked, nested": Cards("10", NESTED, FIELDS, phrases("10", 5),
                                lock=(4, 2)),
        "checkpoint": Cards("11", (2, ["a", "b"]), FIELDS,
                            checkpoint=CHECKPOINT),
        "names": Cards("12", TWO_OF_THREE, FIELDS,
                       names=["Zoë", "", "李四"]),
        "parts": Cards("13", TWO_OF_THREE, dict(FIELDS, note=b"n" * 900)),
        "all": Cards("14", NESTED, dict(FIELDS, note=b"n" * 200),
                     phrases("14", 5), lock=(3, 2), checkpoint=CHECKPOINT,
                     names=["a", "b", "c", "d", "e"]),
        "sealed apart": Cards("15", (2, ["a", "b"]),
                              dict(secret=b"2 KiB" * 420)),
    }


def card_pairs(c):
    """Everything about a set, in the order of format.md."""
    pairs = dict(header=c.header, policy=quo1.policy(c.tree), n=c.n, k=c.k)
    for i, rows in enumerate(c.coefficients, 1):
        pairs.update({f"coefficient.{i}.{j}": row
                      for j, row in enumerate(rows, 1)})
    pairs.update(numbered("share", c.shares))
    if c.lock:
        pairs.update(m=c.lock[0], t=c.lock[1], w=c.w)
        pairs.update(numbered("phrase", c.phrases))
        pairs.update(numbered("check", [
            WORDS[quo1.phrase_check(c.salt, i, p)]
            for i, p in enumerate(c.phrases, 1)]))
        pairs.update(numbered("pad", c.pads))
        pairs.update(numbered("lockedshare", c.on_card))
    pairs.update(plaintext=c.plain, key_e=c.key_e, key_a=c.key_a,
                 sealed=c.sealed, d=c.digest)
    pairs.update(numbered("nonce", c.nonces))
    pairs.update(numbered("leaf", c.hashes))
    pairs.update(root=c.root, id=c.id)
    pairs.update(numbered("sharetext", c.share_texts()))
    pairs.update(numbered("settext", c.set_texts()))
    return pairs


def cards():
    f = File("Whole sets; coefficient.i.j: of x^j, in node i in preorder")
    for name, c in dealt().items():
        f.block(name, card_pairs(c))
    return f
