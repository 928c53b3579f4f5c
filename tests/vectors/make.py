#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the vectors of this directory: make.py [--example | --check]

--example prints section 11 of docs/format.md; --check compares the files with
what would be written, and writes nothing.  README.md has the grammar.
"""
import pathlib
import sys

import quo1
from quo1 import Cards, base32, number, sha256

HERE = pathlib.Path(__file__).resolve().parent
WORDS = (HERE.parents[1] / "lib/card/wordlist.txt").read_text().split()

TWO_OF_THREE = (2, ["a", "b", "c"])
NESTED = (2, [(2, ["a", "b", "c"]), (1, ["d", "e"])])
MIXED = (2, ["a", (2, ["b", "c"]), "d"])
DEEPEST = (2, [(2, [(2, [(2, ["a", "b"]), "c"]), "d"]), "e"])
FIELDS = dict(name=b"root@db1", user=b"root", target=b"db1.example.org",
              secret=b"correct-horse-battery")
CHECKPOINT = (4711, sha256(b"a root"))


class File:
    """One file of vectors; each block has a name and a result."""

    def __init__(self, title):
        self.out, self.names = [f"# {title}", "# Written by make.py."], set()

    def source(self, text):
        self.out += ["", f"# {text}"]

    def block(self, name, pairs, result="ok"):
        assert name not in self.names, name
        self.names.add(name)
        self.out += ["", f"name = {name}"]
        for key, value in pairs.items():
            value = value.hex() if isinstance(value, bytes) else str(value)
            assert "\n" not in value and value == value.strip(), name
            self.out.append(f"{key} = {value}".rstrip())
        self.out.append(f"result = {result}")

    def text(self):
        return "\n".join(self.out) + "\n"


def numbered(key, values):
    return {f"{key}.{i}": value for i, value in enumerate(values, 1)}


def flip(data, at, bit=1):
    out = bytearray(data)
    out[at] ^= bit
    return bytes(out)


def flip_text(text, at):
    """Another letter of base32 at a place behind the prefix."""
    at = at % len(text)
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]


# ---- primitives

def gf256():
    f = File("GF(2^8) modulo 0x11B: out = a * b, or 1 / a")
    f.source("FIPS 197, sections 4.2 and 4.2.1, then by shift and add")
    pairs = [(0x57, 0x83), (0x57, 0x13), (0x02, 0x80), (0x00, 0xff),
             (0x01, 0xab), (0xff, 0xff), (0x80, 0x80), (0x1b, 0x8d)]
    for a, b in pairs:
        f.block(f"mul {a:02x} {b:02x}",
                dict(op="mul", a=f"{a:02x}", b=f"{b:02x}",
                     out=f"{quo1.mul256(a, b):02x}"))
    for a in (0x01, 0x02, 0x03, 0x53, 0x80, 0xff):
        f.block(f"inv {a:02x}", dict(op="inv", a=f"{a:02x}",
                                     out=f"{quo1.inv256(a):02x}"))
    return f


def gf1024():
    f = File("GF(2^10) modulo 0x409: out = a * b, decimal")
    for a, b in [(2, 512), (1023, 1023), (0, 5), (1, 777), (9, 57), (512, 3)]:
        f.block(f"mul {a} {b}", dict(op="mul", a=a, b=b,
                                     out=quo1.mul1024(a, b)))
    return f


def shamir():
    f = File("Section 4: one node; coefficient.i is that of x^i")
    draw = quo1.Draw("shamir")
    cases = [("1 of 2", 1, 2), ("2 of 2", 2, 2), ("2 of 3", 2, 3),
             ("3 of 5", 3, 5), ("5 of 8", 5, 8)]
    for name, t, n in cases:
        split_block(f, name, t, n, draw.bytes(32), draw)
    split_block(f, "leading coefficient 0", 3, 4, draw.bytes(32), draw, {2})
    split_block(f, "all coefficients 0", 3, 4, draw.bytes(32), draw, {1, 2})
    split_block(f, "secret 0", 2, 3, bytes(32), draw)
    secret, shares = split_block(f, "combine", 3, 5, draw.bytes(32), draw)
    for xs in ((1, 2, 3), (5, 1, 4), (3, 4, 5)):
        combine_block(f, f"combine {xs}", xs, shares, secret)
    combine_block(f, "x = 0", (0, 2, 3), shares, None, "EINVAL")
    combine_block(f, "x twice", (2, 1, 2), shares, None, "EDUPLICATE")
    combine_block(f, "x twice, other value", (2, 1, 2),
                  shares[:2] + [flip(shares[1], 0)], None, "EDUPLICATE")
    combine_block(f, "no share", (), shares, None, "EINVAL")
    return f


def split_block(f, name, t, n, secret, draw, zero=()):
    class Fixed:
        count = 0

        def bytes(self, size):
            self.count += 1
            row = draw.bytes(size)
            return bytes(size) if self.count in zero else row
    rows = []
    shares = quo1.share_out((t, ["x"] * n), secret, Fixed(), rows)
    f.block("split " + name,
            dict(op="split", threshold=t, n=n, secret=secret,
                 **numbered("coefficient", rows[0]),
                 **numbered("share", shares)))
    return secret, shares


def combine_block(f, name, xs, shares, secret, result="ok"):
    pairs = dict(op="combine", x=" ".join(map(str, xs)))
    pairs.update(numbered("share", [shares[max(x, 1) - 1] for x in xs]))
    if name.endswith("other value"):
        pairs["share.3"] = shares[2]
    if secret:
        pairs["secret"] = secret
    f.block(name, pairs, result)


def hkdf():
    f = File("HKDF-SHA-256")
    f.source("RFC 5869, appendix A.1 to A.3")
    cases = [
        (b"\x0b" * 22, bytes(range(13)), bytes(range(0xf0, 0xfa)), 42,
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
         "34007208d5b887185865"),
        (bytes(range(0x50)), bytes(range(0x60, 0xb0)),
         bytes(range(0xb0, 0x100)), 82,
         "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
         "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
         "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        (b"\x0b" * 22, b"", b"", 42,
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
         "9d201395faa4b61a96c8")]
    for i, (ikm, salt, info, size, okm) in enumerate(cases, 1):
        assert quo1.hkdf(ikm, salt, info, size).hex() == okm
        f.block(f"A.{i}", dict(ikm=ikm, salt=salt, info=info, okm=okm))
    f.source("the two keys of section 5")
    for use in (b"encrypt", b"authenticate"):
        key, salt, info = bytes(range(32)), b"\xa5" * 15, b"quorate/1 " + use
        f.block(use.decode(), dict(ikm=key, salt=salt, info=info,
                                   okm=quo1.hkdf(key, salt, info, 32)))
    return f


def hmac():
    f = File("HMAC-SHA-256")
    f.source("RFC 4231, test cases 1 to 4, 6 and 7")
    long = b"\xaa" * 131
    cases = [
        (1, b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b"
         "881dc200c9833da726e9376c2e32cff7"),
        (2, b"Jefe", b"what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (3, b"\xaa" * 20, b"\xdd" * 50,
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (4, bytes(range(1, 26)), b"\xcd" * 50,
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (6, long, b"Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (7, long, b"This is a test using a larger than block-size key and a "
         b"larger than block-size data. The key needs to be hashed before "
         b"being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")]
    for i, key, data, mac in cases:
        assert quo1.hmac256(key, data).hex() == mac
        f.block(f"case {i}", dict(key=key, data=data, mac=mac))
    return f


def aesctr():
    f = File("AES-256-CTR")
    f.source("SP 800-38A, F.5.5")
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d7781"
                        "1f352c073b6108d72d9810a30914dff4")
    counter = bytes(range(0xf0, 0x100))
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a"
                          "ae2d8a571e03ac9c9eb76fac45af8e51"
                          "30c81c46a35ce411e5fbc1191a0a52ef"
                          "f69f2445df4f9b17ad2b417be66c3710")
    cipher = ("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
              "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")
    assert quo1.aes256_ctr(key, counter, plain).hex() == cipher
    f.block("F.5.5", dict(key=key, counter=counter, plaintext=plain,
                          ciphertext=cipher))
    f.source("openssl: counter 0, and a counter that carries")
    for name, counter in (("zero", bytes(16)), ("carry", b"\xff" * 16)):
        f.block(name, dict(key=key, counter=counter, plaintext=bytes(80),
                           ciphertext=quo1.aes256_ctr(key, counter,
                                                      bytes(80))))
    return f


def argon2id():
    f = File("Argon2id, version 0x13, 1 lane, 32 bytes; salt is ASCII")
    f.source("the argon2 command, itself the reference of RFC 9106")
    salt = quo1.Draw("argon2").bytes(15)
    for serial, password, m, t in [
            (0, bytes(range(32)).hex(), 3, 1), (1, "a b c d e f", 3, 1),
            (255, "a b c d e f", 4, 3), (2, "word " * 6 + "x", 10, 2)]:
        s = quo1.lock_salt(salt, serial)
        f.block(f"serial {serial} m {m} t {t}", dict(
            password=password.encode(), salt=s, m=m, t=t,
            out=quo1.argon2id(password.encode(), s, m, t)))
    return f


# ---- section 3

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


# ---- section 2

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


# ---- section 5

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


# ---- section 7

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


# ---- section 8; a word is its number, ? if it can't be read

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


# ---- section 9

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


# ---- whole sets

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
        "names": Cards("12", TWO_OF_THREE, FIELDS, names=["Zoë", "", "李四"]),
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


def typed_phrases(c):
    return {f"phrase.{i}": p + " " + WORDS[quo1.phrase_check(c.salt, i, p)]
            for i, p in enumerate(c.phrases or [], 1)}


def word_texts(rows):
    return [f"{i}  {in_words(row[:6])}  {in_words(row[6:])}"
            for i, row in rows.items()]


def opening():
    f = File("Lines of text cards, opened together; the secret, or why not")
    sets = dealt()

    def block(name, texts, c=None, result=None, **more):
        pairs = numbered("text", texts)
        if c and c.lock:
            pairs.update(typed_phrases(c))
        if c and c.external:
            pairs.update(sealed=c.sealed)
        pairs.update({k.replace("_", "."): v for k, v in more.items()})
        if not result:
            pairs.update(secret=c.fields["secret"])
        f.block(name, {k: v for k, v in pairs.items() if v is not None},
                result or "ok")

    def texts(c, *serials):
        return [c.share_texts()[i - 1] for i in serials] + c.set_texts()

    quorums = {"2 of 2": [(1, 2)], "1 of 2": [(1,), (2,)],
               "2 of 3": [(1, 2), (1, 3), (3, 2), (1, 2, 3), (1, 1, 2)],
               "3 of 5": [(1, 2, 3), (5, 3, 1), (1, 2, 3, 4, 5)],
               "5 of 8": [(8, 7, 6, 5, 4)],
               "nested": [(1, 2, 4), (3, 1, 5), (1, 2, 3, 4, 5)],
               "mixed": [(1, 4), (1, 2, 3), (2, 3, 4)],
               "deepest": [(1, 2, 3, 4, 5)], "locked": [(1, 2), (3, 1)],
               "locked, nested": [(2, 3, 4)], "checkpoint": [(1, 2)],
               "names": [(2, 3)], "parts": [(1, 2)], "all": [(1, 3, 5)],
               "sealed apart": [(1, 2)]}
    few = {"2 of 2": [(1,), (2,), ()], "2 of 3": [(1,), (3,), (2, 2), ()],
           "3 of 5": [(1, 2), (4, 5), (1, 1, 2)], "5 of 8": [(1, 2, 3, 4)],
           "nested": [(1, 2), (1, 2, 3), (4, 5), (1, 4, 5), (3, 4)],
           "mixed": [(1, 2), (1, 3), (2, 3), (4, 2)],
           "deepest": [(1, 2, 3, 4), (2, 3, 4, 5)], "locked": [(2,)],
           "locked, nested": [(1, 2, 3), (1, 4)], "checkpoint": [(2,)],
           "parts": [(3,)], "sealed apart": [(1,)]}
    for name, choices in quorums.items():
        for serials in choices:
            block(f"{name}: {' '.join(map(str, serials))}",
                  texts(sets[name], *serials), sets[name])
    for name, choices in few.items():
        for serials in choices:
            block(f"{name}: only {' '.join(map(str, serials)) or 'none'}",
                  texts(sets[name], *serials), sets[name], "ENOQUORUM")
    c, other = sets["2 of 3"], sets["names"]
    one, two, three, code = texts(c, 1, 2, 3)
    block("comments and empty lines", ["# a card", "", one, two, code],
          c)
    block("set code twice", [one, two, code, code], c)
    block("lower case and spaces", [one.lower(), " ".join(two), code], c)
    block("surplus damaged", [flip_text(one, 60), two, three, code], c)
    block("surplus of another set",
          [one, two, other.share_texts()[2], code], c)
    block("damaged set code beside a good one",
          [one, two, flip_text(code, 200), code], c)
    block("a damaged share", [flip_text(one, 60), two, code], None, "ECHECK")
    block("a damaged set code", [one, two, flip_text(code, 200)], None,
          "ECHECK")
    block("no set code", [one, two], None, "EMISSING")
    block("nothing", ["# nothing"], None, "EMISSING")
    block("prose", [one, two, "see the other page"], None, "ESYNTAX")
    block("set code of another set", [one, two] + other.set_texts(), None,
          "EMISMATCH")
    block("one share of another set", [one, other.share_texts()[1], code],
          None, "EMISMATCH")
    again = Cards("another seed", TWO_OF_THREE, FIELDS)
    block("one share of another dealing", [one, again.share_texts()[1], code],
          None, "EMISMATCH")
    block("two sets that both open", [one, two, code] + texts(other, 1, 2),
          None, "EMISMATCH")
    four = Cards("3", (2, ["a", "b", "c", "d"]), FIELDS)
    block("n differs", [four.share_texts()[0], two, code], None, "EMISMATCH")

    def altered(name, change, result, serials=(1, 2)):
        """A set with right ids over something wrong."""
        x = Cards("3", TWO_OF_THREE, FIELDS)
        change(x)
        x.commit()
        block(name, texts(x, *serials), None, result)

    def put(x, key, value):
        setattr(x, key, value)

    altered("tag altered, ids right",
            lambda x: put(x, "sealed", flip(x.sealed, -1)), "ESEAL")
    altered("ciphertext altered, ids right",
            lambda x: put(x, "sealed", flip(x.sealed, 0)), "ESEAL")
    altered("header altered, ids right",
            lambda x: put(x, "header", flip(x.header, 36)), "ESEAL")
    altered("threshold lowered, ids right",
            lambda x: put(x, "header", x.header[:42] + b"\1"
                          + x.header[43:]), "ESEAL", (1,))
    altered("share altered, ids right",
            lambda x: put(x, "on_card", [flip(x.on_card[0], 31)]
                          + x.on_card[1:]), "ESEAL")
    altered("shares swapped, ids right",
            lambda x: put(x, "on_card", x.on_card[1::-1] + x.on_card[2:]),
            "ESEAL")
    altered("plaintext not canonical",
            lambda x: x.__dict__.update(quo1.seal(
                x.header, x.k, x.salt, quo1.record(127, b"") + bytes(60))),
            "EFORMAT")
    lock = sets["locked"]
    pair = texts(lock, 1, 2)
    right = typed_phrases(lock)
    block("locked, no phrase", pair, None, "EPHRASE")
    block("locked, one phrase", pair, None, "EPHRASE",
          phrase_1=right["phrase.1"])
    block("locked, phrases swapped", pair, None, "EPHRASE",
          phrase_1=right["phrase.2"], phrase_2=right["phrase.1"])
    word = right["phrase.1"].split()
    block("locked, words swapped", pair, None, "EPHRASE",
          phrase_1=" ".join(word[1::-1] + word[2:]),
          phrase_2=right["phrase.2"])
    wrong = phrases("wrong", 1)[0]
    wrong += " " + WORDS[quo1.phrase_check(lock.salt, 1, wrong)]
    block("locked, another phrase with its check word", pair, None, "ESEAL",
          phrase_1=wrong, phrase_2=right["phrase.2"])
    apart = sets["sealed apart"]
    pair = texts(apart, 1, 2)
    block("sealed file missing", pair, None, "EMISSING")
    block("sealed file altered", pair, None, "ECHECK",
          sealed=flip(apart.sealed, 0))
    block("sealed file cut", pair, None, "ECHECK", sealed=apart.sealed[:-1])
    block("sealed file longer", pair, None, "ECHECK",
          sealed=apart.sealed + b"\0")
    split = sets["parts"]
    pair = texts(split, 1, 2)
    block("a part missing", pair[:-1], None, "EMISSING")
    block("a part damaged", pair[:-1] + [flip_text(pair[-1], 90)], None,
          "ECHECK")
    typed = {i: word_texts(c.share_words(i)) for i in (1, 2, 3)}
    whole = word_texts(c.set_words())
    block("words", typed[1] + typed[3] + whole, c)
    block("words and codes", typed[2] + [three] + whole, c)
    block("words with errors",
          word_texts(spoil(c.share_words(1), 3, 2))
          + word_texts(spoil(c.share_words(2), 1, 6, "x"))
          + word_texts(spoil(c.set_words(), 5, 8)), c)
    block("words, a row missing", typed[1][:2] + typed[1][3:] + [two, code],
          c)
    block("words, first four letters",
          [" ".join(w[:4] for w in row.split()) for row in typed[1]]
          + [two, code], c)
    block("a wrong typed share as surplus",
          word_texts(quo1.share_rows(1, 3, bytes(32), c.id[:8]))
          + [two, three, code], c)
    block("words, locked", word_texts(lock.share_words(1))
          + word_texts(lock.share_words(2)) + word_texts(lock.set_words()),
          lock)
    block("words, one share", typed[1] + whole, None, "ENOQUORUM")
    block("words, twice the same share", typed[1] + typed[1] + whole, None,
          "ENOQUORUM")
    block("words, too many errors",
          word_texts(spoil(c.share_words(1), 5, 0, "bad")) + [two, code],
          None, "ECHECK")
    block("words of a wrong share",
          word_texts(quo1.share_rows(1, 3, bytes(32), c.id[:8]))
          + [two, code], None, "ESEAL")
    block("words of another set",
          word_texts(other.share_words(1)) + [two, code], None, "EMISMATCH")
    block("words, n differs",
          word_texts(quo1.share_rows(1, 4, c.on_card[0], c.id[:8]))
          + [two, code], None, "EMISMATCH")
    return f


# ---- the example, the files, the program

FILES = dict(gf256=gf256, gf1024=gf1024, shamir=shamir, hkdf=hkdf, hmac=hmac,
             aesctr=aesctr, argon2id=argon2id, policy=policy, header=header,
             plain=plain, seal=seal, code=code, share=share, set=set_codes,
             part=parts, rows=words, phrase=phrase, cards=cards,
             open=opening)


def main():
    if sys.argv[1:] == ["--example"]:
        print("\n".join(example()))
        return
    stale = []
    for name, make in FILES.items():
        path, text = HERE / f"{name}.txt", make().text()
        if sys.argv[1:] != ["--check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"make.py: not as written by make.py: {' '.join(stale)}")


if __name__ == "__main__":
    main()
