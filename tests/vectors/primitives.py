# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of fields, sharing, and what stands in RFCs."""
import quo1
from vector import File, flip, numbered

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
    cipher = ("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990"
              "cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada6"
              "13c2dd08457941a6")
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
