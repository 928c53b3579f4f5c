# SPDX-License-Identifier: GPL-3.0-or-later
"""An encoder of card format 1, written from docs/format.md alone.

It shares no code with quorate nor with examples/recover.py and takes other
roads where there are any (field products bit by bit, AES by openssl, trees by
lists), so that what all three agree on is likely right.  For test vectors
only: keys stand in the arguments of commands.
"""
import base64
import hashlib
import hmac
import subprocess


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value, size):
    return value.to_bytes(size, "big")


class Draw:
    """The same "random" bytes at each run: SHA-256 of seed and counter."""

    def __init__(self, seed):
        self.seed, self.counter, self.pool = seed.encode(), 0, b""

    def bytes(self, size):
        while len(self.pool) < size:
            self.pool += sha256(self.seed, number(self.counter, 8))
            self.counter += 1
        out, self.pool = self.pool[:size], self.pool[size:]
        return out


# ---- fields

def times(a, b, modulus, bits):
    out = 0
    for i in reversed(range(bits)):
        out <<= 1
        if out >> bits:
            out ^= modulus
        if b >> i & 1:
            out ^= a
    return out


def mul256(a, b):
    return times(a, b, 0x11B, 8)


def mul1024(a, b):
    return times(a, b, 0x409, 10)


def inv256(a):
    return next(b for b in range(1, 256) if mul256(a, b) == 1)


def power1024(exponent):
    out = 1
    for _ in range(exponent):
        out = mul1024(out, 2)
    return out


# ---- primitives

def hmac256(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf(ikm, salt, info, length):
    prk = hmac256(salt if salt else bytes(32), ikm)
    out, block, i = b"", b"", 1
    while len(out) < length:
        block = hmac256(prk, block + info + bytes([i]))
        out, i = out + block, i + 1
    return out[:length]


def aes256_ctr(key, counter, data):
    return subprocess.run(
        ["openssl", "enc", "-aes-256-ctr", "-K", key.hex(),
         "-iv", counter.hex()], input=data, capture_output=True,
        check=True).stdout


def argon2id(password, salt, memory, passes):
    done = subprocess.run(
        ["argon2", salt, "-id", "-t", str(passes), "-m", str(memory),
         "-p", "1", "-l", "32", "-r"], input=password, capture_output=True,
        check=True)
    return bytes.fromhex(done.stdout.decode().strip())


# ---- section 3: a tree is (threshold, [child, ...]), a leaf a name

def leaves(tree):
    if isinstance(tree, str):
        return [tree]
    return [leaf for child in tree[1] for leaf in leaves(child)]


def policy(tree):
    threshold, children = tree
    out, run = bytes([threshold, len(children)]), 0
    for child in children + [None]:
        if isinstance(child, str):
            run += 1
            continue
        if run:
            out, run = out + bytes([0, run]), 0
        if child:
            out += policy(child)
    return out


def policy_text(tree):
    if isinstance(tree, str):
        return tree
    inside = ", ".join(policy_text(child) for child in tree[1])
    return f"{tree[0]} of ({inside})"


# ---- section 2

HEADER = dict(version=1, suite=1, generation=1, issued=20000, review=20090,
              lock=None, checkpoint=None, names=None, flags=None, policy=None,
              tail=b"")


def header(salt, inventory, tree, **fields):
    h = {**HEADER, **fields}
    flags = h["flags"]
    if flags is None:
        flags = ((1 if h["lock"] else 0) | (2 if h["checkpoint"] else 0)
                 | (4 if h["names"] else 0))
    out = bytes([h["version"], h["suite"], flags]) + salt + inventory
    out += number(h["generation"], 4)
    out += number(h["issued"], 2) + number(h["review"], 2)
    if h["lock"]:
        out += bytes(h["lock"])
    if h["checkpoint"]:
        out += number(h["checkpoint"][0], 8) + h["checkpoint"][1]
    out += policy(tree) if h["policy"] is None else h["policy"]
    for name in h["names"] or []:
        name = name.encode() if isinstance(name, str) else name
        out += bytes([len(name)]) + name
    return out + h["tail"]


# ---- section 4

def share_out(tree, value, draw, coefficients):
    """The leaves' values in order; appends each node's coefficients."""
    if isinstance(tree, str):
        return [value]
    threshold, children = tree
    rows = [draw.bytes(32) for _ in range(threshold - 1)]
    coefficients.append(rows)
    out = []
    for x in range(1, len(children) + 1):
        point = bytearray(value)
        power = 1
        for row in rows:
            power = mul256(power, x)
            for i in range(32):
                point[i] ^= mul256(row[i], power)
        out += share_out(children[x - 1], bytes(point), draw, coefficients)
    return out


# ---- section 5

TAGS = dict(name=1, user=2, target=3, note=4, secret=127)


def record(tag, value):
    return bytes([tag]) + number(len(value), 3) + value


def plaintext(fields):
    out = b"".join(record(tag, fields[key])
                   for key, tag in TAGS.items() if key in fields)
    return out + bytes(-len(out) % 64)


def seal(head, ikm, salt, plain):
    key_e = hkdf(ikm, salt, b"quorate/1 encrypt", 32)
    key_a = hkdf(ikm, salt, b"quorate/1 authenticate", 32)
    cipher = aes256_ctr(key_e, bytes(16), plain)
    tag = hmac256(key_a, number(len(head), 4) + head + cipher)
    return dict(key_e=key_e, key_a=key_a, ciphertext=cipher, tag=tag,
                sealed=cipher + tag)


# ---- section 6

def commit(head, sealed):
    return sha256(b"\x03", number(len(head), 4), head,
                  number(len(sealed), 4), sha256(sealed))


def leaf_hash(serial, nonce, share):
    return sha256(b"\x00", bytes([serial]), nonce, share)


def tree_and_paths(hashes):
    """Root and, for each leaf, its siblings from the leaf up."""
    if len(hashes) == 1:
        return hashes[0], [[]]
    cut = 1
    while cut * 2 < len(hashes):
        cut *= 2
    left, left_paths = tree_and_paths(hashes[:cut])
    right, right_paths = tree_and_paths(hashes[cut:])
    return (sha256(b"\x01", left, right),
            [p + [right] for p in left_paths]
            + [p + [left] for p in right_paths])


def set_id(digest, n, root):
    return sha256(b"\x02", digest, bytes([n]), root)


# ---- section 7

def base32(data):
    return base64.b32encode(data).decode().rstrip("=")


def share_text(data):
    return "QUO1S:" + base32(data)


def set_text(data):
    return "QUO1C:" + base32(data)


def part(id8, index, count, chunk):
    body = id8 + bytes([index, count]) + chunk
    return body + sha256(b"\x05", body)[:4]


def part_texts(code, id8=None):
    count = -(-len(code) // 357)
    size = -(-len(code) // count)
    return ["QUO1P:" + base32(part(id8 or code[-8:], i + 1, count,
                                   code[i * size:(i + 1) * size]))
            for i in range(count)]


# ---- section 8: words are numbers here

def parity_words(data, parity):
    generator = [1]
    for i in range(parity):
        root = power1024(i)
        generator = [a ^ mul1024(b, root) for a, b in
                     zip(generator + [0], [0] + generator)]
    rest = list(data) + [0] * parity
    for i in range(len(data)):
        factor = rest[i]
        for j, g in enumerate(generator):
            rest[i + j] ^= mul1024(factor, g)
    return rest[len(data):]


def row_check(row, words):
    out = row
    for i, word in enumerate(words, 1):
        out ^= mul1024(power1024(i), word)
    return out


def rows_of(words, first):
    """{row number: its six words and the check}"""
    out = {}
    for i in range(0, len(words), 6):
        row = first + i // 6
        out[row] = words[i:i + 6] + [row_check(row, words[i:i + 6])]
    return out


def bits_to_words(bits, count):
    bits = bits.ljust(count * 10, "0")
    return [int(bits[i:i + 10], 2) for i in range(0, count * 10, 10)]


def bits_of(data):
    return "".join(f"{byte:08b}" for byte in data)


def word_rows(data, first, rows, version="0001"):
    parity = max(8, rows)
    words = bits_to_words(version + bits_of(data), 6 * rows - parity)
    return rows_of(words + parity_words(words, parity), first)


def share_rows(serial, n, share, id8, version="0001"):
    return word_rows(bytes([serial, n]) + share + id8, 1, 7, version)


def set_rows(code, version="0001", more=0):
    rows = 2
    while 10 * (6 * rows - max(8, rows)) < 4 + 8 * len(code):
        rows += 1
    return word_rows(code, 11, rows + more, version)


# ---- section 9

def lock_salt(salt, serial):
    return (salt + bytes([serial])).hex()


def phrase_check(salt, serial, phrase):
    digest = sha256(b"\x04", salt, bytes([serial]), phrase.encode())
    return int.from_bytes(digest[:2], "big") >> 6


# ---- all of it

class Cards:
    """A set, dealt from a seed; every value on the way is kept."""

    def __init__(self, seed, tree, fields, phrases=None, **head):
        draw = Draw(seed)
        self.tree, self.fields, self.phrases = tree, fields, phrases
        self.n = len(leaves(tree))
        self.salt, self.inventory = draw.bytes(15), draw.bytes(16)
        self.lock = head.get("lock")
        self.header = header(self.salt, self.inventory, tree, **head)
        self.k, self.coefficients = draw.bytes(32), []
        self.shares = share_out(tree, self.k, draw, self.coefficients)
        self.nonces = [draw.bytes(16) for _ in range(self.n)]
        self.pads, self.w = [], self.k
        if self.lock:
            self.w = self.stretch(self.k.hex(), 0)
            self.pads = [self.stretch(phrase, i)
                         for i, phrase in enumerate(phrases, 1)]
        self.on_card = [bytes(a ^ b for a, b in zip(share, pad))
                        for share, pad in zip(self.shares, self.pads)
                        ] or self.shares
        self.plain = head.get("plain") or plaintext(fields)
        self.__dict__.update(seal(self.header, self.w, self.salt, self.plain))
        self.commit()

    def stretch(self, password, serial):
        return argon2id(password.encode(), lock_salt(self.salt, serial),
                        *self.lock)

    def commit(self):
        """What follows from header, sealed, shares on the card and nonces."""
        self.digest = commit(self.header, self.sealed)
        self.hashes = [leaf_hash(i + 1, self.nonces[i], self.on_card[i])
                       for i in range(self.n)]
        self.root, self.paths = tree_and_paths(self.hashes)
        self.id = set_id(self.digest, self.n, self.root)
        self.share_codes = [self.share_code(i) for i in range(1, self.n + 1)]
        self.code = self.set_code()
        self.external = len(self.code) > 2048
        if self.external:
            self.code = self.set_code(external=True)

    def share_code(self, serial):
        i = serial - 1
        return (bytes([serial, self.n]) + self.nonces[i] + self.on_card[i]
                + b"".join(self.paths[i]) + self.digest + self.id[:8])

    def set_code(self, external=False):
        out = number(len(self.header), 2) + self.header
        if external:
            out += number(0, 2) + number(len(self.sealed), 4)
            out += sha256(self.sealed)
        else:
            out += number(len(self.sealed) & 0xffff, 2) + self.sealed
        return out + self.root + self.id[:8]

    def share_texts(self):
        return [share_text(code) for code in self.share_codes]

    def set_texts(self):
        if len(self.code) > 371:
            return part_texts(self.code)
        return [set_text(self.code)]

    def share_words(self, serial):
        return share_rows(serial, self.n, self.on_card[serial - 1],
                          self.id[:8])

    def set_words(self):
        return set_rows(self.code)
