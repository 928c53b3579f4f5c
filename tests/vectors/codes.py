# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of codes: their text, share and set codes, parts (section 7)."""
import quo1
from quo1 import Cards, base32, number, sha256
from vector import (CHECKPOINT, FIELDS, NESTED, TWO_OF_THREE, File, flip,
                    flip_text, numbered)

def odd(text):
    """text, or its bytes in hex where it can't stand in a line."""
    data = text if isinstance(text, bytes) else text.encode()
    if all(32 < c < 127 for c in data):
        return dict(text=data.decode())
    return dict(texthex=data)


def code():
    f = File("Section 7: the text of a code, as far as base32 and prefix go")
    draw = quo1.Draw("code")
    for size in (1, 2, 3, 4, 5, 90, 371):
        data = draw.bytes(size)
        f.block(f"{size} bytes", dict(text="QUO1S:" + base32(data), kind="S",
                                      bytes=data))
    data = draw.bytes(21)
    text = base32(data)
    for kind in "SCP":
        f.block(f"kind {kind}", dict(text=f"QUO1{kind}:{text}", kind=kind,
                                     bytes=data))
    good = "QUO1S:" + text
    for what, t in [("lower case", good.lower()),
                    ("mixed case", good[:20] + good[20:].lower()),
                    ("spaces", " ".join(good)), ("tabs", "\t" + good + "\t"),
                    ("line ends", good[:9] + "\r\n" + good[9:] + "\v\f")]:
        f.block(what, dict(odd(t), kind="S", bytes=data))
    for what, t, result in [
            ("empty", "", "ESYNTAX"), ("blank", " \t", "ESYNTAX"),
            ("no prefix", text, "ESYNTAX"),
            ("half a prefix", "QU", "ESYNTAX"),
            ("prefix alone", "QUO1S:", "EFORMAT"),
            ("no colon", "QUO1S" + text, "EFORMAT"),
            ("another kind", "QUO1X:" + text, "EFORMAT"),
            ("no digit", "QUOS:" + text, "EFORMAT"),
            ("version 2", "QUO2S:" + text, "EVERSION"),
            ("version 0", "QUO0C:" + text, "EVERSION"),
            ("version 9, unknown kind", "QUO9Z:" + text, "EVERSION"),
            ("padding", "QUO1S:" + base32(data[:20]) + "=", "EFORMAT"),
            ("padding as in the RFC", "QUO1S:" + text + "======", "EFORMAT"),
            ("hyphens", good[:10] + "-" + good[10:], "EFORMAT"),
            ("NUL", good + "\0", "EFORMAT"),
            ("byte ff", good.encode() + b"\xff", "EFORMAT"),
            ("no-break space", good + "\u00a0", "EFORMAT"),
            ("long s, which folds to S", "QUO1\u017f:" + text, "EFORMAT"),
            ("dotless i, which folds to I", good[:6] + "\u0131" + good[7:],
             "EFORMAT"),
            ("full-width A", good[:6] + "\uff21" + good[7:], "EFORMAT"),
            ("prefix twice", "QUO1S:" + good, "EFORMAT"),
            ("comment", "#" + good, "ESYNTAX")]:
        f.block(what, odd(t), result)
    for c in "0189!@[`{/:+_.,*":
        f.block(f"character {c}", dict(text=good[:8] + c + good[9:]),
                "EFORMAT")
    for size in (1, 3, 6, 9, 11, 14):
        f.block(f"{size} characters",
                dict(text="QUO1S:" + "A" * size), "EFORMAT")
    for size, last in ((2, "B"), (2, "C"), (4, "B"), (4, "I"), (5, "B"),
                       (7, "B"), (7, "E")):
        f.block(f"unused bits in {size} characters, {last}",
                dict(text="QUO1S:" + "A" * (size - 1) + last), "EFORMAT")
    return f


def share():
    f = File("Section 7: share codes")
    sets = {2: (2, ["a", "b"]), 3: TWO_OF_THREE, 5: NESTED,
            8: (3, list("abcdefgh")), 255: (2, [str(i) for i in range(255)])}
    for n, tree in sets.items():
        cards = Cards(f"share {n}", tree, FIELDS)
        for serial in sorted({1, 2, n - 1, n, n // 2 + 1}):
            i = serial - 1
            f.block(f"card {serial} of {n}", dict(
                text=cards.share_texts()[i], serial=serial, n=n,
                nonce=cards.nonces[i], share=cards.on_card[i],
                path=b"".join(cards.paths[i]), d=cards.digest,
                leaf=cards.hashes[i], root=cards.root, id=cards.id))
    cards = Cards("share 5", NESTED, FIELDS)
    good = cards.share_codes[1]

    def bad(name, data, result="EFORMAT"):
        f.block(name, dict(text=quo1.share_text(data)), result)

    def sealed_up(serial, n, path, tail=b""):
        """A code whose id8 is right for what stands in it."""
        nonce, value = cards.nonces[1], cards.on_card[1]
        node = quo1.leaf_hash(serial, nonce, value)
        for sibling in path:
            node = sha256(b"\1", node, sibling)
        return (bytes([serial, n]) + nonce + value + b"".join(path)
                + cards.digest + quo1.set_id(cards.digest, n, node)[:8] + tail)

    side = [sha256(bytes([i])) for i in range(4)]
    bad("serial 0", sealed_up(0, 5, side[:3]))
    bad("serial 6 of 5", sealed_up(6, 5, side[:3]))
    bad("serial 255 of 5", sealed_up(255, 5, side[:3]))
    bad("n = 0", sealed_up(1, 0, []))
    bad("n = 1", sealed_up(1, 1, []))
    bad("path too long", sealed_up(1, 5, side[:4]))
    bad("path too short", sealed_up(1, 5, side[:2]))
    bad("path of a lower leaf at the last one", sealed_up(5, 5, side[:3]))
    bad("no path", sealed_up(1, 5, []))
    bad("trailing byte", good + b"\0")
    bad("trailing byte before id8", good[:-8] + b"\0" + good[-8:])
    bad("32 bytes more", good[:50] + bytes(32) + good[50:])
    for size in (1, 2, 18, 50, 89, 90, 121, len(good) - 1):
        bad(f"cut at {size}", good[:size])
    for what, at in [
            ("serial, 2 becomes 3", 0), ("nonce, first byte", 2),
            ("nonce, last byte", 17), ("share, first byte", 18),
            ("share, last byte", 49), ("path, first sibling", 50),
            ("path, last sibling", 50 + 95), ("D, first byte", 50 + 96),
            ("D, last byte", 50 + 127), ("id8, first byte", -8),
            ("id8, last byte", -1)]:
        bad(what, flip(good, at), "ECHECK")
    bad("n, 5 becomes 7", flip(good, 1, 2), "ECHECK")
    bad("siblings swapped", good[:50] + good[82:114] + good[50:82]
        + good[114:], "ECHECK")
    bad("share of card 1", good[:18] + cards.on_card[0] + good[50:], "ECHECK")
    bad("id8 0", good[:-8] + bytes(8), "ECHECK")
    text = quo1.share_text(good)
    for at in range(6, len(text), 40):
        f.block(f"character {at} another", dict(text=flip_text(text, at)),
                "EFORMAT" if at < 10 else "ECHECK")
    return f


def set_codes():
    f = File("Section 7: set codes; hex is the code where parts are printed")

    def good(name, cards):
        pairs = dict(text=quo1.set_text(cards.code)) \
            if len(cards.code) <= 371 else dict(hex=cards.code)
        f.block(name, dict(pairs, header=cards.header, n=cards.n,
                           sealedlength=len(cards.sealed),
                           sealedhash=sha256(cards.sealed),
                           sealed=b"" if cards.external else cards.sealed,
                           root=cards.root, id=cards.id))

    def bad(name, data, result="EFORMAT"):
        f.block(name, dict(text=quo1.set_text(data))
                if len(data) <= 400 else dict(hex=data), result)

    def resealed(name, result="EFORMAT", **fields):
        cards = Cards(name, fields.pop("tree", TWO_OF_THREE), FIELDS,
                      **fields)
        bad(name, cards.code, result)

    cards = Cards("set", TWO_OF_THREE, FIELDS)
    good("2 of 3", cards)
    good("nested", Cards("set n", NESTED, FIELDS))
    good("checkpoint and names", Cards("set c", TWO_OF_THREE, FIELDS,
                                       checkpoint=CHECKPOINT,
                                       names=["a", "", "c"]))
    size = len(cards.header)

    def sized(name, total, external=False):
        """A set whose code has total bytes, were sealed inside."""
        sealed = 32 + (total - 44 - 50 - 32) // 64 * 64
        names = ["n" * (total - 44 - sealed - 49), "", ""]
        c = Cards(name, TWO_OF_THREE, dict(secret=b"s" * (sealed - 36)),
                  names=names)
        assert len(c.header) + len(c.sealed) + 44 == total, name
        assert c.external == external, name
        return c

    good("371 bytes, the most in one code", sized("set 371", 371))
    good("372 bytes, in parts", sized("set 372", 372))
    good("2048 bytes, the most with sealed inside", sized("set 2048", 2048))
    good("2049 bytes, sealed apart", sized("set 2049", 2049, True))
    good("largest secret", Cards("set l", TWO_OF_THREE,
                                 dict(secret=b"s" * 65536)))
    good("header of 1968 bytes, the longest",
         Cards("set h", (2, list("abcdefgh")), FIELDS,
               names=["n" * 240] * 7 + ["n" * 234]))
    c = sized("set 2048", 2048)
    bad("sealed apart though it would fit", c.set_code(external=True))
    bad("small sealed apart", cards.set_code(external=True))
    bad("sealed inside though too long", sized("set 2049", 2049,
                                               True).set_code())
    for what, fields, result in [
            ("version 2", dict(version=2), "EVERSION"),
            ("version 0", dict(version=0), "EVERSION"),
            ("suite 0", dict(suite=0), "EVERSION"),
            ("suite 2", dict(suite=2), "EVERSION"),
            ("flags bit 3", dict(flags=8), "EFORMAT"),
            ("flags bit 7", dict(flags=128), "EFORMAT"),
            ("generation 0", dict(generation=0), "EFORMAT"),
            ("review before issued", dict(review=1), "EFORMAT"),
            ("checkpoint of size 0", dict(checkpoint=(0, bytes(32))),
             "EFORMAT"),
            ("name not UTF-8", dict(names=[b"\xff", b"", b""]), "EFORMAT"),
            ("names all empty", dict(names=["", "", ""]), "EFORMAT"),
            ("byte behind the policy", dict(tail=b"\0"), "EFORMAT"),
            ("two runs", dict(policy=bytes.fromhex("020300010002")),
             "EFORMAT"),
            ("count 1", dict(policy=bytes.fromhex("0101" "0001"),
                             tree=(1, ["a"])), "EFORMAT"),
            ("threshold 0", dict(policy=bytes.fromhex("00030003")),
             "EFORMAT"),
            ("threshold above count", dict(policy=bytes.fromhex("04030003")),
             "EFORMAT"),
            ("header of 1969 bytes", dict(
                tree=(2, list("abcdefgh")),
                names=["n" * 240] * 7 + ["n" * 235]), "EFORMAT")]:
        resealed(what, result, **fields)
    for memory, passes in ((2, 1), (23, 1), (3, 0), (3, 65)):
        c = Cards("set m", TWO_OF_THREE, FIELDS)
        c.header = quo1.header(c.salt, c.inventory, TWO_OF_THREE,
                               lock=(memory, passes))
        c.commit()
        bad(f"lock m {memory} t {passes}", c.code)

    def other(name, sealed=None, head=None, result="EFORMAT", **how):
        c = Cards("set", TWO_OF_THREE, FIELDS)
        c.sealed = c.sealed if sealed is None else sealed
        c.header = c.header if head is None else head
        c.commit()
        bad(name, c.set_code(**how), result)

    other("sealed of 1 byte", b"s")
    other("sealed of 32 bytes, a tag alone", bytes(32))
    other("sealed of 95 bytes", bytes(95))
    other("sealed of 97 bytes", bytes(97))
    other("sealed of 128 bytes", bytes(128))
    other("sealed of 67488 bytes, apart", bytes(67488), external=True)
    other("sealed of 65537 bytes, apart", bytes(65537), external=True)
    other("sealed of 0 bytes, apart", b"", external=True)
    other("header empty", head=b"")
    code = cards.code
    bad("empty", b"")
    bad("trailing byte", code + b"\0")
    bad("byte before root", code[:-40] + b"\0" + code[-40:])
    bad("byte before id8", code[:-8] + b"\0" + code[-8:])
    for cut in (1, 2, size, size + 2, size + 4, len(code) - 41,
                len(code) - 9, len(code) - 8, len(code) - 1):
        bad(f"cut at {cut}", code[:cut])
    bad("length of header one more", number(size + 1, 2) + code[2:])
    bad("length of header one less", number(size - 1, 2) + code[2:])
    bad("length of header ffff", b"\xff\xff" + code[2:])
    bad("length of sealed ffff", code[:2 + size] + b"\xff\xff"
        + code[4 + size:])
    bad("length of sealed one less", code[:2 + size]
        + number(len(cards.sealed) - 1, 2) + code[4 + size:])
    for what, at in [
            ("salt", 5), ("inventory", 20), ("generation", 2 + 36),
            ("issued, last bit", 2 + 39), ("review", 2 + 41),
            ("threshold 2 becomes 3", 2 + 42), ("ciphertext", size + 4),
            ("tag", len(code) - 41), ("root, first byte", len(code) - 40),
            ("root, last byte", len(code) - 9), ("id8, first", -8),
            ("id8, last", -1)]:
        bad(f"altered: {what}", flip(code, at), "ECHECK")
    bad("id8 of another set", code[:-8] + sha256(b"other")[:8], "ECHECK")
    text = quo1.set_text(code)
    for at in range(6 + 120, len(text), 60):
        f.block(f"character {at} another", dict(text=flip_text(text, at)),
                "ECHECK")
    return f


def parts():
    f = File("Section 7: parts of a set code")
    cards = Cards("parts", TWO_OF_THREE, dict(secret=b"s" * 1000))
    texts, code = cards.set_texts(), cards.code
    count, size = len(texts), -(-len(code) // len(texts))

    def good(name, texts, code=code):
        f.block(name, dict(numbered("text", texts), code=code))

    def bad(name, texts, result="EFORMAT"):
        f.block(name, numbered("text", texts), result)

    def one(index, count, chunk, id8=code[-8:]):
        return "QUO1P:" + base32(quo1.part(id8, index, count, chunk))

    def cut(sizes, count=None, code=code):
        out, at = [], 0
        for i, part in enumerate(sizes, 1):
            out.append(one(i, count or len(sizes), code[at:at + part],
                           code[-8:]))
            at += part
        return out

    good("in order", texts)
    good("backwards", texts[::-1])
    good("one twice", texts[:1] + texts)
    small = Cards("parts 2", TWO_OF_THREE, dict(secret=b"s" * 200))
    good("two parts", small.set_texts(), small.code)
    most = Cards("parts 6", TWO_OF_THREE, dict(secret=b"s" * 1850))
    assert len(most.set_texts()) == 6
    good("six parts", most.set_texts(), most.code)
    bad("one missing", texts[:-1], "EMISSING")
    bad("the first missing", texts[1:], "EMISSING")
    bad("one, twice", texts[:1] * 2, "EMISSING")
    bad("parts of two codes", texts[:1] + small.set_texts()[1:], "EMISMATCH")
    bad("the same place, another chunk",
        texts + [one(1, count, flip(code[:size], 0))], "EMISMATCH")
    bad("another count", texts[:-1] + [one(count, count + 1,
                                           code[size * (count - 1):])],
        "EMISMATCH")
    chunk = code[:size]
    for index, total in ((0, count), (count + 1, count), (1, 0), (1, 1),
                         (0, 0), (1, 7), (255, 255)):
        bad(f"part {index} of {total}", [one(index, total, chunk)])
    bad("no chunk", [one(1, count, b"")])
    bad("chunk of 358 bytes", [one(1, count, code[:357] + b"x")])
    raw = quo1.part(code[-8:], 1, count, chunk)
    for length in (0, 8, 10, 13):
        bad(f"cut at {length}", ["QUO1P:" + base32(raw[:length])])
    bad("wrong check", [flip_text("QUO1P:" + base32(raw), -3)], "ECHECK")
    for what, at in (("id8", 0), ("chunk", 20), ("check", -4)):
        bad(f"altered: {what}", ["QUO1P:" + base32(flip(raw, at))], "ECHECK")
    bad("altered: index", ["QUO1P:" + base32(flip(raw, 8, 2))], "ECHECK")
    bad("altered: count", ["QUO1P:" + base32(flip(raw, 9, 1))], "ECHECK")
    bad("cut short", ["QUO1P:" + base32(raw[:-1])], "ECHECK")
    rest = len(code) - 2 * size
    bad("first chunk shorter", cut([size - 1] + [size] * (count - 2)
                                   + [len(code) - size * (count - 1) + 1]))
    bad("last chunk longer", cut([size - 1] * (count - 1)
                                 + [len(code) - (size - 1) * (count - 1)]))
    bad("filled from the front", cut([357] * (count - 1)
                                     + [len(code) - 357 * (count - 1)]))
    bad("more parts than needed", cut(
        [-(-len(code) // (count + 1))] * count
        + [len(code) - count * -(-len(code) // (count + 1))]))
    little = Cards("set", TWO_OF_THREE, FIELDS).code
    bad("parts of a code that fits one", cut(
        [-(-len(little) // 2), len(little) // 2], code=little))
    assert rest > 0
    bad("parts with another id8", [one(i + 1, count, code[i * size:][:size],
                                       sha256(b"x")[:8])
                                   for i in range(count)], "EMISMATCH")
    wrong = code[:-9] + bytes([code[-9] ^ 1]) + code[-8:]
    bad("parts of a code with a wrong id8", quo1.part_texts(wrong), "ECHECK")
    bad("parts of a code with a trailing byte",
        quo1.part_texts(code + b"\0", code[-8:]))
    return f
