#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rejoin quorate cards, format 1, with nothing but Python and the argon2 command:
    recover.py [--phrase SERIAL=FILE]... [--sealed FILE] [--wordlist FILE] CARD.txt... >secret

CARD.txt holds the texts of QR codes, one a line (QUO1S: a share; QUO1C: or QUO1P: the sealed
credential), or rows of words as printed ("7 word word word word word word  word", ? for what
can't be read, the last row always there), one card after another.  A locked card asks for its
phrase.  The secret goes to standard output, all talk to standard error; exit 1 is a refusal.
Written from docs/format.md alone, whose sections stand in brackets: print both, and the words."""
import argparse, base64, getpass, hashlib, hmac, io, operator, pathlib, subprocess, sys
from functools import reduce
from itertools import combinations, count as count_from, islice, product, zip_longest
from types import SimpleNamespace as Record

class Refused(Exception): "A rule of the format is broken: the class of error, and words."
def need(true, kind, words):
    if not true: raise Refused(kind, words)
def say(*words): print("recover:", *words, file=sys.stderr)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def hmac256(key, data): return hmac.digest(key, data, "sha256")
def u32(number): return number.to_bytes(4, "big")
def xor(values): return reduce(operator.xor, values, 0)
class Reader(io.BytesIO):
    def take(self, size):
        data = self.read(size)
        need(len(data) == size, "EFORMAT", "too short")
        return data
    def number(self, size=1): return int.from_bytes(self.take(size), "big")
    def end(self): need(not self.read(), "EFORMAT", "bytes left over")

class Field:        # GF(2^m): addition is ^, multiplication goes by logarithms; (4), (8)
    def __init__(self, size, modulus, generator):
        self.exp, self.log, value = [], {}, 1
        while value not in self.log:
            self.log[value] = len(self.exp)
            self.exp.append(value)
            value = value << 1 ^ (value if generator == 3 else 0)
            value ^= modulus if value >= size else 0
    def mul(self, a, b): return a and b and self.exp[(self.log[a] + self.log[b]) % len(self.exp)]
    def inv(self, a): return self.exp[-self.log[a]]
    def eval(self, poly, x): return reduce(lambda v, c: self.mul(v, x) ^ c, reversed(poly), 0)
F256, F1024, WORDS, NUMBERS = Field(256, 0x11B, 3), Field(1024, 0x409, 2), [], {}
def aes256_ctr(key, data):                      # FIPS 197; SP 800-38A, counter from 0; for (5)
    twice = [F256.mul(2, i) for i in range(256)]
    inverse = [0] + [0x101 * F256.inv(i) for i in range(1, 256)]    # two copies: shift is rotate
    sbox = [(v ^ v >> 4 ^ v >> 5 ^ v >> 6 ^ v >> 7) & 255 ^ 0x63 for v in inverse]
    words, stream = [list(key[i:i + 4]) for i in range(0, 32, 4)], bytearray()
    for i in range(8, 60):
        last, rcon = words[-1], [0 if i % 8 else 1 << i // 8 - 1, 0, 0, 0]
        if i % 4 == 0: last = [sbox[b] for b in (last if i % 8 else last[1:] + last[:1])]
        words.append([a ^ b ^ c for a, b, c in zip(words[i - 8], last, rcon)])
    for counter in range((len(data) + 15) // 16):
        s = [a ^ b for a, b in zip(counter.to_bytes(16, "big"), sum(words[:4], []))]
        for i in range(4, 60, 4):
            s = [sbox[s[(j + j % 4 * 4) % 16]] for j in range(16)]
            for c in range(0, 16 if i < 56 else 0, 4):
                w, x, y, z = s[c:c + 4]
                s[c:c + 4] = (twice[w ^ x] ^ x ^ y ^ z, twice[x ^ y] ^ y ^ z ^ w,
                              twice[y ^ z] ^ z ^ w ^ x, twice[z ^ w] ^ w ^ x ^ y)
            s = [a ^ b for a, b in zip(s, sum(words[i:i + 4], []))]
        stream += bytes(s)
    return bytes(a ^ b for a, b in zip(data, stream))

# ---- (2), (3) header and policy: a node is (threshold, children), a leaf its serial
def read_text(data, also=""):
    text = data.decode("utf-8")
    need(all(c in also or c >= " " and not "\x7f" <= c <= "\x9f" for c in text), "EFORMAT", "text")
    return text
def read_node(r, serials, threshold, level=1):
    count, children, after_run = r.number(), [], False
    need(level <= 4 and count >= 2 and 1 <= threshold <= count, "EFORMAT", "no such policy")
    while len(children) < count:
        first = r.number()
        run = 0 if first else r.number()
        need(first or not after_run and 1 <= run <= count - len(children), "EFORMAT", "bad run")
        children += [read_node(r, serials, first, level + 1)] if first else islice(serials, run)
        after_run = run
    return threshold, children
def read_header(data):
    r, serials = Reader(data), count_from(1)
    need(r.number() == 1 and r.number() == 1, "EVERSION", "another version or suite")
    flags, h = r.number(), Record(raw=data, lock=None, salt=r.take(15), inventory=r.take(16))
    generation, issued, review = r.number(4), r.number(2), r.number(2)
    need(flags < 8 and generation and (review >= issued or not review), "EFORMAT", "flags, dates")
    if flags & 1:
        h.lock = memory, passes = r.number(), r.number()
        need(3 <= memory <= 22 and 1 <= passes <= 64, "EFORMAT", "cost of the lock")
    need(not flags & 2 or r.number(8) and r.take(32), "EFORMAT", "a checkpoint of size 0")
    h.policy = read_node(r, serials, r.number())
    h.n = next(serials) - 1
    need(h.n <= 255, "EFORMAT", "more than 255 cards")
    names = [read_text(r.take(r.number())) for _ in range(h.n if flags & 4 else 0)]
    need(any(names) or not flags & 4, "EFORMAT", "names, and all empty")
    r.end()
    return h

# ---- (6), (7) codes
def tree_root(leaf, index, size, path):         # RFC 6962, 2.1.1
    need(bool(path) == (size > 1), "EFORMAT", "an audit path of another length")
    if size == 1: return leaf
    half = 1 << (size - 1).bit_length() - 1
    if index < half: return sha256(b"\1", tree_root(leaf, index, half, path[:-1]), path[-1])
    return sha256(b"\1", path[-1], tree_root(leaf, index - half, size - half, path[:-1]))
def read_share(data):
    r = Reader(data)
    c = Record(serial=r.number(), n=r.number(), nonce=r.take(16), value=r.take(32))
    need(c.n >= 2 and 1 <= c.serial <= c.n, "EFORMAT", "no such serial")
    path, digest, id8 = [r.take(32) for _ in range((len(data) - 90) // 32)], r.take(32), r.take(8)
    r.end()
    leaf = sha256(b"\0", bytes([c.serial]), c.nonce, c.value)
    c.id = sha256(b"\2", digest, bytes([c.n]), tree_root(leaf, c.serial - 1, c.n, path))
    need(c.id[:8] == id8, "ECHECK", f"the share code of card {c.serial} is wrong")
    return c
def read_set(data, rows=0):                     # rows: it comes from words, zero bits behind it
    r = Reader(data)
    h = read_header(r.take(r.number(2)))
    size = r.number(2)
    h.sealed = r.take(size) if size else None
    h.size, h.hash = (size, sha256(h.sealed)) if size else (r.number(4), r.take(32))
    need(size or 44 + len(h.raw) + h.size > 2048, "EFORMAT", "a sealed file that would fit")
    need(96 <= h.size <= 67424 and h.size % 64 == 32, "EFORMAT", "length of sealed")
    root, id8, length = r.take(32), r.take(8), r.tell()
    need(length <= (371 if rows else 2048), "EFORMAT", "the set code is too long")
    least = next(i for i in count_from(2) if 60 * i - 10 * max(8, i) >= 4 + 8 * length)
    need(not rows or rows == least and not any(r.read()), "EFORMAT", "the words go on too long")
    r.end()
    digest = sha256(b"\3", u32(len(h.raw)), h.raw, u32(h.size), h.hash)
    h.id = sha256(b"\2", digest, bytes([h.n]), root)
    need(h.id[:8] == id8, "ECHECK", "the set code is wrong")
    return h
def read_part(data, parts):                     # the set code, once its last part is there
    r = Reader(data)
    id8, index, count, chunk = r.take(8), r.number(), r.number(), r.take(max(1, len(data) - 14))
    check = r.take(4)
    need(2 <= count <= 6 and 1 <= index <= count and len(chunk) <= 357, "EFORMAT", "no such part")
    need(sha256(b"\5", data[:-4])[:4] == check, "ECHECK", "the part is wrong")
    known = parts.setdefault(id8, {0: count})
    need(known[0] == count and chunk == known.setdefault(index, chunk), "EMISMATCH", "other part")
    if len(known) <= count: return None
    code, size = b"".join(known[i] for i in range(1, count + 1)), len(known[1])
    need(len(code) > 371 and count == -(-len(code) // 357) and size == -(-len(code) // count)
         and all(len(known[i]) == size for i in range(1, count)), "EFORMAT", "cut elsewhere")
    h = read_set(code)
    need(h.id[:8] == id8, "EMISMATCH", "the parts are of another set code")
    return h
def read_symbol(line):                          # the text of a QR symbol: its kind, its bytes
    text = b"".join(line.split()).upper()
    prefix, body = text[:6], text[6:]
    need(prefix[:3] == b"QUO", "ESYNTAX", "neither a code nor a row of words")
    need(prefix[3:4] == b"1" or not prefix[3:4].isdigit(), "EVERSION", "another format")
    need(prefix in (b"QUO1S:", b"QUO1C:", b"QUO1P:"), "EFORMAT", "no such code")
    data = base64.b32decode(body + b"=" * (-len(body) % 8))
    need(body and base64.b32encode(data).rstrip(b"=") == body, "EFORMAT", "not base32")
    return prefix[4:5], data
def read_code(line, parts):
    kind, data = read_symbol(line)
    return read_part(data, parts) if kind == b"P" else (read_set, read_share)[kind == b"S"](data)

# ---- (8) words; a word is its number in the list, None if it can't be read
def mend(words, parity):                        # Reed-Solomon, errors and erasures
    f, n, fixed = F1024, len(words), [w or 0 for w in words]
    at, lost = f.exp[n - 1::-1], [i for i in range(n) if words[i] is None]
    def syndromes(): return [f.eval(fixed[::-1], f.exp[j]) for j in range(parity)]
    def term(j): return xor(f.mul(c, s[j - i]) for i, c in enumerate(locator[:j + 1]))
    s, locator, length = syndromes(), [1], len(lost)
    for i in lost:
        locator = [a ^ f.mul(b, at[i]) for a, b in zip(locator + [0], [0] + locator)]
    before = locator
    for j in range(len(lost), parity):          # Berlekamp and Massey
        before, old, off = [0] + before, locator, term(j)
        locator = [c ^ f.mul(off, b) for c, b in zip_longest(old, before, fillvalue=0)]
        if off and 2 * length <= j + len(lost):
            length, before = j + 1 + len(lost) - length, [f.mul(c, f.inv(off)) for c in old]
    value, slope = [term(j) for j in range(parity)], [c * (j & 1) for j, c in enumerate(locator)]
    wrong = [i for i in range(n) if not f.eval(locator, f.inv(at[i]))]
    for i in wrong:                             # Forney
        x = f.inv(at[i])
        fixed[i] ^= f.mul(f.eval(value, x), f.inv(f.eval(slope, x) or 1))
    need(2 * len(wrong) - len(lost) <= parity and not any(syndromes()), "ECHECK", "too many wrong")
    return fixed
def find_word(word):                            # itself, or its beginning from 4 letters on
    if word not in NUMBERS and word.strip("?"): say(f'EWORD: "{word}" is not in the list')
    return NUMBERS.get(word)
def read_rows(rows, where):
    first, count = (1, 7) if min(rows) <= 7 else (11, max(2, max(rows) - 10))
    grid = [rows.get(first + i, [None] * 7) for i in range(count)]
    given, parity = [word for row in grid for word in row[:6]], max(8, count)
    for i, row in enumerate(grid, first):
        if None not in row and row[6] != i ^ F1024.eval([0] + row[:6], 2):
            say(f"{where}: row {i} doesn't agree with its check: look again")
    words = mend(given, parity)
    checks = [first + i ^ F1024.eval([0] + words[6 * i:6 * i + 6], 2) for i in range(count)]
    spent = sum(1 + (a is not None) for a, b in zip(given, words) if a != b)
    spent += sum(row[6] not in (None, check) for row, check in zip(grid, checks))
    need(spent <= parity, "ECHECK", "too many words are wrong, or their checks")
    for i in (i for i, word in enumerate(words) if word != given[i]):
        say(f"{where}: row {first + i // 6} word {i % 6 + 1} mended: {WORDS[words[i]]}")
    number, bits = reduce(lambda n, w: n << 10 | w, words[:-parity]), 10 * (6 * count - parity) - 4
    need(number >> bits == 1, "EVERSION", "another version of the words")
    r = Reader(((number & (1 << bits) - 1) << -bits % 8).to_bytes((bits + 7) // 8, "big"))
    if first > 1: return read_set(r.read(), count)
    c = Record(serial=r.number(), n=r.number(), value=r.take(32), id=r.take(8))
    need(c.n >= 2 and 1 <= c.serial <= c.n, "EFORMAT", "no such serial")
    return c
def read_card(name, parts):         # a row whose number isn't higher than the last begins another
    lines, rows, found = pathlib.Path(name).read_bytes().split(b"\n") + [b"0"], {}, []
    for number, line in enumerate(lines, 1):
        words = line.decode("latin-1").lower().split() or ["#"]
        at = int(words[0]) if words[0].isdecimal() and len(words[0]) < 3 else -1
        if rows and at >= 0 and (at <= max(rows) or max(rows) <= 7 < at):
            found.append(attempt(f"{name}: words before line {number}", read_rows, rows, name))
            rows = {}
        if at > 0: rows[at] = [find_word(word) for word in (words[1:] + ["?"] * 7)[:7]]
        elif words[0][0] != "#" and number < len(lines):
            found.append(attempt(f"{name}: line {number}", read_code, line, parts))
    return [code for code in found if code]

# ---- (9) lock, (4) rejoining, (5) seal
def argon2(password, h, serial):
    options = "-id -m {} -t {} -p 1 -l 32 -r".format(*h.lock).split()
    return bytes.fromhex(subprocess.run(["argon2", (h.salt + bytes([serial])).hex(), *options],
        input=password.encode(), stdout=subprocess.PIPE, check=True).stdout.decode())
def unlock(h, c, files):                        # the share without its holder's pad
    file, serial = dict(f.split("=", 1) for f in files).get(str(c.serial)), bytes([c.serial])
    need(file or sys.stdin.isatty(), "EPHRASE", "a phrase is needed: --phrase SERIAL=FILE")
    text = pathlib.Path(file).read_text() if file else getpass.getpass(f"phrase {c.serial}: ")
    words = [find_word(word) for word in text.lower().split()]
    need(None not in words, "EWORD", "a word of the phrase is not in the list")
    phrase = " ".join(WORDS[word] for word in words[:6])
    check = int.from_bytes(sha256(b"\4", h.salt, serial, phrase.encode())[:2], "big") >> 6
    need(words[6:] == [check], "EPHRASE", "the phrase is not that of this card")
    return bytes(a ^ b for a, b in zip(c.value, argon2(phrase, h, c.serial)))
def rejoin(node, shares):                       # every value that some choice of shares gives
    if isinstance(node, int): yield from shares.get(node, ())
    else:
        mul = F256.mul
        have = {x: {*islice(rejoin(child, shares), 1000)} for x, child in enumerate(node[1], 1)}
        for xs in combinations([x for x in have if have[x]], node[0]):
            weights = [reduce(mul, [mul(b, F256.inv(a ^ b)) for b in xs if b != a], 1) for a in xs]
            for values in product(*(have[x] for x in xs)):
                yield bytes(xor(map(mul, weights, column)) for column in zip(*values))
def unseal(h, key):                             # None if the tag says that the key is wrong
    first = hmac256(h.salt, argon2(key.hex(), h, 0) if h.lock else key)         # HKDF
    text, tag = h.sealed[:-32], h.sealed[-32:]
    right = hmac256(hmac256(first, b"quorate/1 authenticate\1"), u32(len(h.raw)) + h.raw + text)
    right = hmac.compare_digest(right, tag)
    return aes256_ctr(hmac256(first, b"quorate/1 encrypt\1"), text) if right else None
RECORDS = {1: "name", 2: "user", 3: "target", 4: "note", 127: "secret"}
def read_plaintext(data):
    r, tag = Reader(data), 0
    while tag < 127:
        last, tag, value = tag, r.number(), r.take(r.number(3))
        longest = {4: 1024, 127: 65536}.get(tag, 255)
        need(last < tag in RECORDS and 1 <= len(value) <= longest, "EFORMAT", "no such record")
        if tag < 127: say(RECORDS[tag] + ":", read_text(value, "\n" if tag == 4 else ""))
    rest = r.read()
    need(len(rest) == -(len(data) - len(rest)) % 64 and not any(rest), "EFORMAT", "the padding")
    return value
def open_set(h, shares, args):
    data = h.sealed or (pathlib.Path(args.sealed).read_bytes() if args.sealed else None)
    need(data is not None, "EMISSING", "the sealed file of these cards is needed: --sealed FILE")
    need(len(data) == h.size and sha256(data) == h.hash, "ECHECK", "that sealed file isn't it")
    h.sealed, mine, tried = data, [c for c in shares if h.id.startswith(c.id) and c.n == h.n], 0
    for c in mine if h.lock else ():
        c.value = attempt(f"card {c.serial}", unlock, h, c, args.phrase)
    have = {i: [c.value for c in mine if c.serial == i and c.value] for i in range(1, h.n + 1)}
    for tried, key in enumerate(islice(rejoin(h.policy, have), 1000), 1):
        text = unseal(h, key)
        if text: return read_plaintext(text)
    need(tried, "ENOQUORUM", f"cards {[*filter(have.get, have)]} don't fulfil {h.policy}")
    raise Refused("ESEAL", "the seal doesn't open: a typed share is wrong, or the dealing was")
def attempt(where, step, *args):                # None: what is wrong is named and set aside
    try: return step(*args)
    except Refused as why: say(f"{where}:", *why.args)
    except ValueError as why: say(f"{where}: EFORMAT", why)
    except (OSError, EOFError, subprocess.SubprocessError) as why: say(f"{where}: EIO", why)
def load_words(file):
    WORDS[:] = pathlib.Path(file).read_text().split()
    NUMBERS.update((w[:k], i) for i, w in enumerate(WORDS) for k in range(4, len(w) + 1))
def main():
    parser, parts, list_ = argparse.ArgumentParser(usage=__doc__), {}, "lib/card/wordlist.txt"
    parser.add_argument("--phrase", action="append", default=[])
    parser.add_argument("--sealed")
    parser.add_argument("--wordlist", default=pathlib.Path(__file__).resolve().parents[1] / list_)
    parser.add_argument("cards", nargs="+")
    args = parser.parse_args()
    attempt(args.wordlist, load_words, args.wordlist)
    found = [c for name in args.cards for c in attempt(name, read_card, name, parts) or ()]
    sets = {c.id: c for c in found if "policy" in vars(c)}
    shares = [c for c in found if "value" in vars(c)]
    for c in (c for c in shares if not any(i.startswith(c.id) and c.n == sets[i].n for i in sets)):
        say(f"card {c.serial}: EMISMATCH: no set code here is of its set")
    secrets = [s for i in sets for s in [attempt(i.hex(), open_set, sets[i], shares, args)] if s]
    if not sets: say("EMISSING: no set code, or not all of its parts")
    if len(secrets) > 1: say("EMISMATCH: two sets open: leave the cards of one out")
    if len(secrets) != 1: sys.exit("recover: refused: there is no secret")
    sys.stdout.buffer.write(secrets[0])
if __name__ == "__main__":
    main()
