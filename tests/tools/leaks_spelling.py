# SPDX-License-Identifier: GPL-3.0-or-later
"""What a secret looks like where somebody wrote it down, for leaks.py."""
import base64
import collections
import json
import re
import urllib.parse

LEAST = 6


def cores(data, encode):
    """The base64 of data, wherever in a longer text it starts."""
    for skip in range(3):
        text = encode(b"\0" * skip + data)
        first = -(-skip * 8 // 6)
        yield text[first:(skip + len(data)) * 8 // 6]


def private_half(data):
    """The seed of an OpenSSH private key, or None."""
    match = re.search(rb"-----BEGIN OPENSSH PRIVATE KEY-----(.*?)-----END",
                      data, re.S)
    if match is None:
        return None
    try:
        blob = base64.b64decode(b"".join(match[1].split()))
    except ValueError:
        return None
    # ed25519: seed and public half, 64 bytes, behind the public half.
    at = blob.rfind(b"\0\0\0\x40")
    return blob[at + 4:at + 36] if at > 0 else None


def spelt(s):
    """Ways to write s down, as (bytes, how haystacks are read for it)."""
    text = s.decode("utf-8", "surrogateescape")
    yield s, "raw"
    yield s[::-1], "raw"
    yield s.replace(b"\n", b"\r\n"), "raw"
    for wide in (s, s[::-1], text.encode("utf-16-le", "surrogatepass"),
                 text.encode("utf-16-be", "surrogatepass")):
        yield wide, "raw"
        yield wide.hex().encode(), "hex"
        for encode in base64.b64encode, base64.urlsafe_b64encode:
            for core in cores(wide, encode):
                yield core, "packed"
    for safe in "", "/", "!*'()~", "!*'()~/:@$,;=&+?":
        for quote in urllib.parse.quote, urllib.parse.quote_plus:
            yield quote(s, safe=safe).lower().encode(), "lower"
    yield "".join("%%%02x" % b for b in s).encode(), "lower"
    for code in r"\x%02x", r"\%03o", r"\0%03o":
        yield "".join(code % b for b in s).encode(), "lower"
    try:
        for ascii_ in True, False:
            yield json.dumps(text, ensure_ascii=ascii_)[1:-1].encode(), "raw"
    except UnicodeError:
        pass
    yield s.replace(b"'", b"'\\''"), "raw"
    yield s.replace(b"'", b"''"), "raw"
    yield re.sub(rb"([^A-Za-z0-9_])", rb"\\\1", s), "raw"
    yield re.sub(rb"([\"\\$`'])", rb"\\\1", s), "raw"
    yield (s.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
           .replace(b">", b"&gt;").replace(b'"', b"&quot;")), "raw"


READINGS = {
    "raw": lambda data: data,
    "lower": bytes.lower,
    "packed": lambda data: re.sub(rb"\s+", b"", data),
    "hex": lambda data: re.sub(rb"[\s:,-]|0x|\\x", b"", data.lower()),
}


class Secret:
    def __init__(self, label, data):
        data = data.rstrip(b"\r\n") or data
        if len(data) < LEAST:
            raise ValueError(f"{label} is too short to look for")
        self.label, self.seen = label, 0
        self.forms = collections.defaultdict(set)
        for what in data, private_half(data):
            for form, reading in spelt(what) if what else ():
                self.forms[reading].add(form)
        self.reach = 3 * max(len(f) for fs in self.forms.values() for f in fs)
        self.head = data[:max(LEAST, min(15, len(data) // 2))]

    def within(self, data):
        """data: bytes, read as often as there are ways to."""
        return any(form in data[reading]
                   for reading, forms in self.forms.items()
                   for form in forms)


class Readings(dict):
    """Of some bytes: each way to read them, made when it is wanted."""

    def __init__(self, data):
        super().__init__()
        self.data = data

    def __missing__(self, reading):
        self[reading] = READINGS[reading](self.data)
        return self[reading]
