# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of policy, header, plaintext and seal (sections 2, 3 and 5)."""
import quo1
from quo1 import sha256
from vector import (CHECKPOINT, DEEPEST, FIELDS, MIXED, NESTED, TWO_OF_THREE,
                    File, flip, numbered)

def policy():
    f = File("Section 3: a policy's bytes and its text")
    wide = (255, [f"p{i}" for i in range(1, 256)])
    for tree in [(1, ["a", "b"]), TWO_OF_THREE, NESTED, MIXED, DEEPEST,
                 (1, [(1, ["a", "b"]), (1, ["c", "d"])])]:
        f.block(quo1.policy_text(tree), dict(
            bytes=quo1.policy(tree), text=quo1.policy_text(tree),
            n=len(quo1.leaves(tree))))
    f.block("255 of 255", dict(bytes=quo1.policy(wide), n=255))
    full = bytes.fromhex("0202" + "0280" + "0080" + "027f" + "007f")
    f.block("128 and 127 leaves", dict(bytes=full, n=255))
    negative = [
        ("empty", ""), ("threshold alone", "02"), ("no items", "0203"),
        ("root is a run", "0003"), ("threshold 0", "00030003"),
        ("inner threshold 0 is a run", "020200020002"),
        ("threshold above count", "04030003"),
        ("count 1", "01010001"), ("count 0", "0100"),
        ("inner count 1", "02020001" + "01010001"),
        ("run of 0", "020300000003"), ("run too long", "02030004"),
        ("run too short, then the end", "02030002"),
        ("two runs in a row", "020300010002"),
        ("runs not maximal at the end", "020300020001"),
        ("trailing byte", "0203000300"), ("trailing run", "020300030001"),
        ("trailing node", "0203000302020002"),
        ("depth 5", "0202" * 4 + "02020002" + "0001" * 4),
        ("depth 6", "0202" * 5 + "02020002" + "0001" * 5),
        ("256 leaves", "0202" + "02800080" * 2),
        ("256 leaves at once", "0202" + "02ff00ff" + "0001"),
        ("run cut short", "020300"),
        ("inner node cut short", "020202")]
    for name, data in negative:
        f.block(name, dict(bytes=bytes.fromhex(data)), "EFORMAT")
    return f


def header():
    f = File("Section 2: headers")
    draw = quo1.Draw("header")
    salt, inventory = draw.bytes(15), draw.bytes(16)

    def make(tree=TWO_OF_THREE, **fields):
        return quo1.header(salt, inventory, tree, **fields)

    def good(name, tree=TWO_OF_THREE, **fields):
        h = {**quo1.HEADER, **fields}
        lock, point = h["lock"] or (0, 0), h["checkpoint"] or (0, b"")
        pairs = dict(bytes=make(tree, **fields), salt=salt,
                     inventory=inventory, generation=h["generation"],
                     issued=h["issued"], review=h["review"], m=lock[0],
                     t=lock[1], size=point[0], root=point[1],
                     policy=quo1.policy(tree), n=len(quo1.leaves(tree)))
        names = h["names"] or []
        pairs.update(numbered("name", [n.encode() for n in names]))
        f.block(name, pairs)

    names = ["Zoë", "", "李四"]
    good("plain")
    good("locked, least", lock=(3, 1))
    good("locked, most", lock=(22, 64))
    good("checkpoint", checkpoint=CHECKPOINT)
    good("checkpoint, largest", checkpoint=(2**64 - 1, bytes(32)))
    good("names", names=names)
    good("name of 255 bytes", names=["", "", "n" * 255])
    good("all", NESTED, lock=(16, 3), checkpoint=CHECKPOINT,
         names=["a", "b", "c", "d", "e"], generation=2**32 - 1)
    good("no review", review=0)
    good("review on the day of issue", issued=65535, review=65535)

    def bad(name, data, result="EFORMAT"):
        f.block(name, dict(bytes=data), result)

    for version in (0, 2, 255):
        bad(f"version {version}", make(version=version), "EVERSION")
    for suite in (0, 2):
        bad(f"suite {suite}", make(suite=suite), "EVERSION")
    bad("version 2, and nothing known behind", b"\x02\x01\xff\xff", "EVERSION")
    for bit in range(3, 8):
        bad(f"flags bit {bit}", make(flags=1 << bit))
    bad("generation 0", make(generation=0))
    bad("review before issued", make(issued=20000, review=19999))
    bad("review 1", make(review=1))
    for lock in ((2, 1), (23, 1), (0, 3), (3, 0), (3, 65), (255, 255)):
        bad(f"lock m {lock[0]} t {lock[1]}", make(lock=lock))
    bad("checkpoint of size 0", make(checkpoint=(0, sha256(b"a root"))))
    bad("locked without cost", make(flags=1))
    bad("checkpoint flag alone", make(flags=2))
    bad("names flag alone", make(flags=4))
    bad("names without flag", make(names=names, flags=0))
    bad("names all empty", make(names=["", "", ""]))
    bad("name too few", make(names=["a", "b"]))
    bad("name too many", make(names=["a", "b", "c", "d"]))
    for what, name in [
            ("bare continuation", b"\x80"), ("overlong", b"\xc0\xaf"),
            ("overlong of 3", b"\xe0\x80\xaf"), ("cut", b"\xe2\x82"),
            ("surrogate", b"\xed\xa0\x80"), ("above U+10FFFF",
                                             b"\xf4\x90\x80\x80"),
            ("byte ff", b"\xff"), ("NUL", b"a\0b"), ("newline", b"a\nb"),
            ("escape", b"\x1b[2J"), ("DEL", b"\x7f"),
            ("U+009B", "\u009b".encode())]:
        bad(f"name with {what}", make(names=[b"a", name, b""]))
    bad("trailing byte", make(tail=b"\0"))
    bad("empty", b"")
    whole = make(lock=(3, 1), checkpoint=CHECKPOINT, names=names)
    for size in (1, 2, 3, 17, 40, 42, 70, 86, len(whole) - 1):
        bad(f"cut at {size}", whole[:size])
    bad("policy with two runs", make(policy=bytes.fromhex("020300010002")))
    bad("policy too deep", make(policy=bytes.fromhex(
        "0202" * 4 + "02020002" + "0001" * 4)))
    return f


def plain():
    f = File("Section 5: plaintext, its tag having been right")
    r = quo1.record

    def padded(data):
        return data + bytes(-len(data) % 64)

    def good(name, fields):
        f.block(name, {"plaintext": quo1.plaintext(fields), **fields})

    good("secret alone", dict(secret=b"x"))
    good("all fields", dict(FIELDS, note=b"line 1\nline 2"))
    good("any bytes", dict(secret=bytes(range(256))))
    good("no padding", dict(secret=b"s" * 60))
    good("63 bytes of padding", dict(secret=b"s" * 61))
    good("longest fields", dict(name=b"n" * 255, user=b"u" * 255,
                                target=b"t" * 255, note=b"o" * 1024,
                                secret=b"s"))
    good("UTF-8", dict(name="Zoë 李".encode(), secret=b"s"))
    name, secret = r(1, b"name"), r(127, b"secret")
    whole = quo1.plaintext(dict(FIELDS, note=b"n"))
    for what, data in [
            ("empty", b""), ("zeros", bytes(64)), ("no secret", padded(name)),
            ("secret of length 0", padded(r(127, b""))),
            ("name of length 0", padded(r(1, b"") + secret)),
            ("tags descend", padded(r(2, b"u") + name + secret)),
            ("name twice", padded(name + name + secret)),
            ("secret twice", padded(secret + secret)),
            ("secret not last", padded(secret + name)),
            ("tag 0", padded(r(0, b"x") + secret)),
            ("tag 5", padded(r(5, b"x") + secret)),
            ("tag 126", padded(r(126, b"x") + secret)),
            ("tag 128", padded(name + r(128, b"secret"))),
            ("name too long", padded(r(1, b"n" * 256) + secret)),
            ("user too long", padded(r(2, b"n" * 256) + secret)),
            ("target too long", padded(r(3, b"n" * 256) + secret)),
            ("note too long", padded(r(4, b"n" * 1025) + secret)),
            ("secret too long", padded(r(127, b"s" * 65537))),
            ("length beyond the end", padded(b"\x7f\x00\x00\x3d" + b"s" * 60)),
            ("length beyond the end by far", padded(b"\x7f\xff\xff\xff")),
            ("cut in a length", padded(r(1, b"n" * 57) + b"\x7f\x00")[:63]),
            ("not a multiple of 64", whole[:-1]),
            ("not padded", secret), ("64 bytes of padding", whole + bytes(64)),
            ("padding not zero", flip(whole, -1)),
            ("first byte of padding not zero", padded(secret + b"\x80")),
            ("name with newline", padded(r(1, b"a\nb") + secret)),
            ("user with NUL", padded(r(2, b"a\0b") + secret)),
            ("target with escape", padded(r(3, b"\x1b[2J") + secret)),
            ("note with escape", padded(r(4, b"\x1b[2J") + secret)),
            ("note with carriage return", padded(r(4, b"a\r\nb") + secret)),
            ("name not UTF-8", padded(r(1, b"\xff") + secret)),
            ("note overlong", padded(r(4, b"\xc0\x8a") + secret))]:
        f.block(what, dict(plaintext=data), "EFORMAT")
    return f


def seal():
    f = File("Section 5: seal; ikm is K or W")
    draw = quo1.Draw("seal")
    salt, ikm = draw.bytes(15), draw.bytes(32)
    head = quo1.header(salt, draw.bytes(16), TWO_OF_THREE)
    text = quo1.plaintext(FIELDS)
    s = quo1.seal(head, ikm, salt, text)
    f.block("sealed", dict(header=head, salt=salt, ikm=ikm, key_e=s["key_e"],
                           key_a=s["key_a"], plaintext=text,
                           sealed=s["sealed"]))
    sealed = s["sealed"]
    for what, changes in [
            ("another key", dict(ikm=flip(ikm, 31))),
            ("key 0", dict(ikm=bytes(32))),
            ("another salt", dict(salt=flip(salt, 0))),
            ("header altered", dict(header=flip(head, 40))),
            ("header shorter", dict(header=head[:-1])),
            ("header takes a byte", dict(header=head + sealed[:1],
                                         sealed=sealed[1:])),
            ("first bit of ciphertext", dict(sealed=flip(sealed, 0, 128))),
            ("last bit of ciphertext", dict(sealed=flip(sealed, -33))),
            ("first bit of tag", dict(sealed=flip(sealed, -32, 128))),
            ("last bit of tag", dict(sealed=flip(sealed, -1))),
            ("tag 0", dict(sealed=sealed[:-32] + bytes(32))),
            ("tag alone", dict(sealed=sealed[-32:])),
            ("a block less", dict(sealed=sealed[64:]))]:
        f.block(what, dict(dict(header=head, salt=salt, ikm=ikm,
                                sealed=sealed), **changes), "ESEAL")
    return f
