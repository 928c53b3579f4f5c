# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of rows of words and of phrases (sections 8 and 9)."""
import quo1
from quo1 import Cards, sha256
from vector import FIELDS, NESTED, TWO_OF_THREE, WORDS, File, flip

def line(row):
    return " ".join("?" if word is None else str(word) for word in row)


def row_lines(rows):
    return {f"row.{i}": line(row) for i, row in rows.items()}


def spoil(rows, wrong=0, missing=0, seed="spoil"):
    """Rows with so many words wrong and missing, at places of the seed."""
    out = {i: list(row) for i, row in rows.items()}
    places = [(i, j) for i in rows for j in range(6)]
    places.sort(key=lambda at: sha256(f"{seed} {at}".encode()))
    for i, j in places[:wrong]:
        out[i][j] = (out[i][j] + 1 + 7 * j) % 1024
    for i, j in places[wrong:wrong + missing]:
        out[i][j] = None
    return out


def untouched(rows, spoilt, count):
    """The first rows whose words are as they were."""
    return [i for i in rows if rows[i] == spoilt[i]][:count]


def words():
    f = File("Section 8: rows of words by number; ? can't be read")
    cards = Cards("words", NESTED, FIELDS)
    shares = [(i, cards.n, cards.on_card[i - 1], cards.id[:8])
              for i in (1, 5)]
    shares += [(255, 255, b"\xff" * 32, b"\xff" * 8),
               (1, 2, bytes(32), bytes(8))]
    for i, (serial, n, share, id8) in enumerate(shares, 1):
        f.block(f"share {i}", dict(
            bytes=bytes([serial, n]) + share + id8,
            **row_lines(quo1.share_rows(serial, n, share, id8))))
    longest = Cards("words 371", TWO_OF_THREE, dict(secret=b"s" * 188),
                    names=["n" * 54, "", ""])
    assert 364 <= len(longest.code) <= 371, len(longest.code)
    for name, c in (("set code", cards), ("longest set code", longest)):
        f.block(name, dict(bytes=c.code, **row_lines(c.set_words())))

    share, code = cards.share_words(1), cards.set_words()
    data, parity = shares[0], max(8, len(code))
    plain = bytes([data[0], data[1]]) + data[2] + data[3]

    def mended(name, rows, bytes=plain):
        f.block(name, dict(row_lines(rows), bytes=bytes))

    def bad(name, rows, result="ECHECK"):
        f.block(name, row_lines(rows), result)

    for wrong, missing in ((1, 0), (4, 0), (0, 8), (0, 1), (3, 2), (1, 6)):
        mended(f"share, {wrong} wrong, {missing} missing",
               spoil(share, wrong, missing))
    mended("share, a row missing", {i: share[i] for i in share if i != 4})
    mended("share, a check wrong", {**share, 2: share[2][:6] + [1]})
    mended("share, checks missing", {i: row[:6] + [None]
                                     for i, row in share.items()})
    swapped = share[3][1::-1] + share[3][2:]
    mended("share, words swapped", {**share, 3: swapped})
    def check_off(rows, *places):
        return {i: row[:6] + [row[6] ^ 1] if i in places else row
                for i, row in rows.items()}

    mended("share, 3 wrong, 2 checks wrong",
           check_off(spoil(share, 3), *untouched(share, spoil(share, 3), 2)))
    bad("share, 4 wrong, a check wrong",
        check_off(spoil(share, 4), *untouched(share, spoil(share, 4), 1)))
    bad("share, 3 wrong, 3 checks wrong",
        check_off(spoil(share, 3), *untouched(share, spoil(share, 3), 3)))
    for wrong in (1, parity // 2):
        mended(f"set code, {wrong} wrong", spoil(code, wrong), cards.code)
    mended(f"set code, {parity} missing", spoil(code, 0, parity), cards.code)
    for wrong, missing in ((5, 0), (4, 1), (0, 9), (3, 3), (1, 7), (42, 0)):
        bad(f"share, {wrong} wrong, {missing} missing",
            spoil(share, wrong, missing, "bad"))
    bad("share, two rows missing", {i: share[i] for i in (1, 2, 3, 4, 5)})
    bad("share, rows of two cards", {
        **share, **{i: cards.share_words(2)[i] for i in (1, 2, 3)}})
    bad("share, rows in another order", {
        1: share[2], 2: share[1], **{i: share[i] for i in range(3, 8)}})
    bad(f"set code, {parity // 2 + 1} wrong", spoil(code, parity // 2 + 1))
    bad(f"set code, {parity + 1} missing", spoil(code, 0, parity + 1))
    for version in ("0000", "0010", "1111"):
        bad(f"share, version {version}",
            quo1.share_rows(*data, version=version), "EVERSION")
        bad(f"set code, version {version}",
            quo1.set_rows(cards.code, version=version), "EVERSION")
    for serial, n in ((0, 5), (6, 5), (1, 1), (1, 0)):
        bad(f"share, card {serial} of {n}",
            quo1.share_rows(serial, n, *data[2:]), "EFORMAT")
    bad("set code, more rows than needed",
        quo1.set_rows(cards.code, more=1), "EFORMAT")
    bad("set code, bits behind it",
        quo1.set_rows(cards.code + b"\x01"), "EFORMAT")
    bad("set code, cut short", quo1.set_rows(cards.code[:-8]), "EFORMAT")
    bad("set code, a wrong id8", quo1.set_rows(flip(cards.code, -1)))
    return f


def in_words(numbers):
    return " ".join("?" if i is None else WORDS[i] for i in numbers)


def phrases(seed, count):
    draw = quo1.Draw(seed)
    return [in_words(int.from_bytes(draw.bytes(2), "big") % 1024
                     for _ in range(6)) for _ in range(count)]


def phrase():
    f = File("Section 9: phrases; typed is what a person types")
    salt = quo1.Draw("phrase").bytes(15)
    texts = phrases("phrase", 3)
    for serial, text in zip((1, 2, 255), texts):
        s = quo1.lock_salt(salt, serial)
        check = WORDS[quo1.phrase_check(salt, serial, text)]
        f.block(f"card {serial}", dict(
            salt=salt, serial=serial, m=3, t=1, typed=f"{text} {check}",
            phrase=text, s=s, check=check,
            pad=quo1.argon2id(text.encode(), s, 3, 1)))
    text = texts[0]
    check = WORDS[quo1.phrase_check(salt, 1, text)]
    whole = f"{text} {check}".split()

    def typed(name, text, result, serial=1):
        f.block(name, dict(salt=salt, serial=serial, typed=text), result)

    typed("upper case", " ".join(whole).upper(), "ok")
    typed("wide spaces", "   ".join(whole), "ok")
    other = WORDS[(WORDS.index(check) + 1) % 1024]
    typed("check word of another phrase", " ".join(whole[:6] + [other]),
          "EPHRASE")
    typed("two words swapped", " ".join(whole[1::-1] + whole[2:]), "EPHRASE")
    typed("another word", " ".join([other] + whole[1:]), "EPHRASE")
    typed("no check word", text, "EPHRASE")
    typed("a word more", " ".join(whole + [other]), "EPHRASE")
    typed("of another card", " ".join(whole), "EPHRASE", 2)
    typed("not in the list", " ".join(["zzzzzzzz"] + whole[1:]), "EWORD")
    return f
