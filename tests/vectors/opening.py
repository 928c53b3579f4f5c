# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of text cards opened together: the secret, or why not."""
import quo1
from quo1 import Cards
from typed import in_words, phrases, spoil
from vector import FIELDS, TWO_OF_THREE, WORDS, File, flip, flip_text, numbered
from whole import dealt

QUORUMS = {
    "2 of 2": [(1, 2)],
    "1 of 2": [(1,), (2,)],
    "2 of 3": [(1, 2), (1, 3), (3, 2), (1, 2, 3), (1, 1, 2)],
    "3 of 5": [(1, 2, 3), (5, 3, 1), (1, 2, 3, 4, 5)],
    "5 of 8": [(8, 7, 6, 5, 4)],
    "nested": [(1, 2, 4), (3, 1, 5), (1, 2, 3, 4, 5)],
    "mixed": [(1, 4), (1, 2, 3), (2, 3, 4)],
    "deepest": [(1, 2, 3, 4, 5)],
    "locked": [(1, 2), (3, 1)],
    "locked, nested": [(2, 3, 4)],
    "checkpoint": [(1, 2)],
    "names": [(2, 3)],
    "parts": [(1, 2)],
    "all": [(1, 3, 5)],
    "sealed apart": [(1, 2)],
}
FEW = {
    "2 of 2": [(1,), (2,), ()],
    "2 of 3": [(1,), (3,), (2, 2), ()],
    "3 of 5": [(1, 2), (4, 5), (1, 1, 2)],
    "5 of 8": [(1, 2, 3, 4)],
    "nested": [(1, 2), (1, 2, 3), (4, 5), (1, 4, 5), (3, 4)],
    "mixed": [(1, 2), (1, 3), (2, 3), (4, 2)],
    "deepest": [(1, 2, 3, 4), (2, 3, 4, 5)],
    "locked": [(2,)],
    "locked, nested": [(1, 2, 3), (1, 4)],
    "checkpoint": [(2,)],
    "parts": [(3,)],
    "sealed apart": [(1,)],
}


def typed_phrases(c):
    return {
        f"phrase.{i}": p + " " + WORDS[quo1.phrase_check(c.salt, i, p)]
        for i, p in enumerate(c.phrases or [], 1)
    }


def word_texts(rows):
    return [
        f"{i}  {in_words(row[:6])}  {in_words(row[6:])}"
        for i, row in rows.items()
    ]


def texts(c, *serials):
    return [c.share_texts()[i - 1] for i in serials] + c.set_texts()


class Opening(File):
    """The file; each method adds blocks of one kind."""

    def __init__(self):
        super().__init__(
            "Lines of text cards, opened together; the secret, " "or why not"
        )
        self.sets = dealt()
        self.c, self.other = self.sets["2 of 3"], self.sets["names"]
        self.one, self.two, self.three, self.code = texts(self.c, 1, 2, 3)

    def lines(self, name, texts, c=None, result="ok", **more):
        """c gives phrases, sealed file and secret."""
        pairs = numbered("text", texts)
        if c and c.lock:
            pairs.update(typed_phrases(c))
        if c and c.external:
            pairs.update(sealed=c.sealed)
        pairs.update({k.replace("_", "."): v for k, v in more.items()})
        if result == "ok":
            pairs.update(secret=c.fields["secret"])
        self.block(name, pairs, result)

    def altered(self, name, change, result, serials=(1, 2)):
        """A set with right ids over something wrong."""
        x = Cards("3", TWO_OF_THREE, FIELDS)
        x.__dict__.update(change(x))
        x.commit()
        self.lines(name, texts(x, *serials), None, result)

    def quorums(self):
        """Each quorum opens, and what is less does not."""
        for name, choices in QUORUMS.items():
            for serials in choices:
                self.lines(
                    f"{name}: {' '.join(map(str, serials))}",
                    texts(self.sets[name], *serials),
                    self.sets[name],
                )
        for name, choices in FEW.items():
            for serials in choices:
                self.lines(
                    f"{name}: only {' '.join(map(str, serials)) or 'none'}",
                    texts(self.sets[name], *serials),
                    self.sets[name],
                    "ENOQUORUM",
                )

    def damage(self):
        """What is damaged is set aside."""
        one, two, three, code = self.one, self.two, self.three, self.code
        c, other = self.c, self.other
        self.lines(
            "comments and empty lines", ["# a card", "", one, two, code], c
        )
        self.lines("set code twice", [one, two, code, code], c)
        self.lines(
            "lower case and spaces", [one.lower(), " ".join(two), code], c
        )
        self.lines(
            "surplus damaged", [flip_text(one, 60), two, three, code], c
        )
        self.lines(
            "surplus of another set",
            [one, two, other.share_texts()[2], code],
            c,
        )
        self.lines(
            "damaged set code beside a good one",
            [one, two, flip_text(code, 200), code],
            c,
        )
        self.lines(
            "a damaged share", [flip_text(one, 60), two, code], None, "ECHECK"
        )
        self.lines(
            "a damaged set code",
            [one, two, flip_text(code, 200)],
            None,
            "ECHECK",
        )
        self.lines("no set code", [one, two], None, "EMISSING")
        self.lines("nothing", ["# nothing"], None, "EMISSING")
        self.lines("prose", [one, two, "see the other page"], None, "ESYNTAX")

    def mixture(self):
        """What does not belong together."""
        one, two, code = self.one, self.two, self.code
        other = self.other
        self.lines(
            "set code of another set",
            [one, two] + other.set_texts(),
            None,
            "EMISMATCH",
        )
        self.lines(
            "one share of another set",
            [one, other.share_texts()[1], code],
            None,
            "EMISMATCH",
        )
        again = Cards("another seed", TWO_OF_THREE, FIELDS)
        self.lines(
            "one share of another dealing",
            [one, again.share_texts()[1], code],
            None,
            "EMISMATCH",
        )
        self.lines(
            "two sets that both open",
            [one, two, code] + texts(other, 1, 2),
            None,
            "EMISMATCH",
        )
        four = Cards("3", (2, ["a", "b", "c", "d"]), FIELDS)
        self.lines(
            "n differs", [four.share_texts()[0], two, code], None, "EMISMATCH"
        )

    def forgery(self):
        """Right ids over something wrong."""
        self.altered(
            "tag altered, ids right",
            lambda x: dict(sealed=flip(x.sealed, -1)),
            "ESEAL",
        )
        self.altered(
            "ciphertext altered, ids right",
            lambda x: dict(sealed=flip(x.sealed, 0)),
            "ESEAL",
        )
        self.altered(
            "header altered, ids right",
            lambda x: dict(header=flip(x.header, 36)),
            "ESEAL",
        )
        self.altered(
            "threshold lowered, ids right",
            lambda x: dict(header=x.header[:42] + b"\1" + x.header[43:]),
            "ESEAL",
            (1,),
        )
        self.altered(
            "share altered, ids right",
            lambda x: dict(on_card=[flip(x.on_card[0], 31)] + x.on_card[1:]),
            "ESEAL",
        )
        self.altered(
            "shares swapped, ids right",
            lambda x: dict(on_card=x.on_card[1::-1] + x.on_card[2:]),
            "ESEAL",
        )
        self.altered(
            "plaintext not canonical",
            lambda x: dict(
                quo1.seal(
                    x.header, x.k, x.salt, quo1.record(127, b"") + bytes(60)
                )
            ),
            "EFORMAT",
        )

    def locks(self):
        """Phrases missing and wrong."""
        lock = self.sets["locked"]
        pair = texts(lock, 1, 2)
        right = typed_phrases(lock)
        self.lines("locked, no phrase", pair, None, "EPHRASE")
        self.lines(
            "locked, one phrase",
            pair,
            None,
            "EPHRASE",
            phrase_1=right["phrase.1"],
        )
        self.lines(
            "locked, phrases swapped",
            pair,
            None,
            "EPHRASE",
            phrase_1=right["phrase.2"],
            phrase_2=right["phrase.1"],
        )
        word = right["phrase.1"].split()
        self.lines(
            "locked, words swapped",
            pair,
            None,
            "EPHRASE",
            phrase_1=" ".join(word[1::-1] + word[2:]),
            phrase_2=right["phrase.2"],
        )
        wrong = phrases("wrong", 1)[0]
        wrong += " " + WORDS[quo1.phrase_check(lock.salt, 1, wrong)]
        self.lines(
            "locked, another phrase with its check word",
            pair,
            None,
            "ESEAL",
            phrase_1=wrong,
            phrase_2=right["phrase.2"],
        )

    def files(self):
        """The sealed file, and parts."""
        apart = self.sets["sealed apart"]
        pair = texts(apart, 1, 2)
        self.lines("sealed file missing", pair, None, "EMISSING")
        self.lines(
            "sealed file altered",
            pair,
            None,
            "ECHECK",
            sealed=flip(apart.sealed, 0),
        )
        self.lines(
            "sealed file cut", pair, None, "ECHECK", sealed=apart.sealed[:-1]
        )
        self.lines(
            "sealed file longer",
            pair,
            None,
            "ECHECK",
            sealed=apart.sealed + b"\0",
        )
        split = self.sets["parts"]
        pair = texts(split, 1, 2)
        self.lines("a part missing", pair[:-1], None, "EMISSING")
        self.lines(
            "a part damaged",
            pair[:-1] + [flip_text(pair[-1], 90)],
            None,
            "ECHECK",
        )

    def words(self):
        """Shares and set codes typed."""
        two, three, code = self.two, self.three, self.code
        c, other = self.c, self.other
        typed = {i: word_texts(c.share_words(i)) for i in (1, 2, 3)}
        whole, lock = word_texts(c.set_words()), self.sets["locked"]
        self.lines("words", typed[1] + typed[3] + whole, c)
        self.lines("words and codes", typed[2] + [three] + whole, c)
        self.lines(
            "words with errors",
            word_texts(spoil(c.share_words(1), 3, 2))
            + word_texts(spoil(c.share_words(2), 1, 6, "x"))
            + word_texts(spoil(c.set_words(), 5, 8)),
            c,
        )
        self.lines(
            "words, a row missing",
            typed[1][:2] + typed[1][3:] + [two, code],
            c,
        )
        self.lines(
            "words, first four letters",
            [" ".join(w[:4] for w in row.split()) for row in typed[1]]
            + [two, code],
            c,
        )
        self.lines(
            "a wrong typed share as surplus",
            word_texts(quo1.share_rows(1, 3, bytes(32), c.id[:8]))
            + [two, three, code],
            c,
        )
        self.lines(
            "words, locked",
            word_texts(lock.share_words(1))
            + word_texts(lock.share_words(2))
            + word_texts(lock.set_words()),
            lock,
        )
        self.lines("words, one share", typed[1] + whole, None, "ENOQUORUM")
        self.lines(
            "words, twice the same share",
            typed[1] + typed[1] + whole,
            None,
            "ENOQUORUM",
        )
        self.lines(
            "words, too many errors",
            word_texts(spoil(c.share_words(1), 5, 0, "bad")) + [two, code],
            None,
            "ECHECK",
        )
        self.lines(
            "words of a wrong share",
            word_texts(quo1.share_rows(1, 3, bytes(32), c.id[:8]))
            + [two, code],
            None,
            "ESEAL",
        )
        self.lines(
            "words of another set",
            word_texts(other.share_words(1)) + [two, code],
            None,
            "EMISMATCH",
        )
        self.lines(
            "words, n differs",
            word_texts(quo1.share_rows(1, 4, c.on_card[0], c.id[:8]))
            + [two, code],
            None,
            "EMISMATCH",
        )


def opening():
    f = Opening()
    for add in (
        f.quorums,
        f.damage,
        f.mixture,
        f.forgery,
        f.locks,
        f.files,
        f.words,
    ):
        add()
    return f
