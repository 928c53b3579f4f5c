# SPDX-License-Identifier: GPL-3.0-or-later
"""A writer of logs, from docs/log.md alone.

It shares no code with quorate nor with examples/verify-log.py, and takes other
roads where there are any: lines are put together by hand, the tree is the
recursion of RFC 6962.  For test vectors and attacks only: it keeps every key.
"""
import base64
import copy
import datetime

from quo1 import hmac256, number, sha256

KEYS = """n time event outcome ledger credential inventory set generation
incident act actor auth key person card verdict requester reason ticket
criterion expected expires deadline emergency classification findings actions
recording policy cards locked location bag hash size root seconds sink detail
host version""".split()


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def line(entry):
    """The canonical bytes of an entry, whatever the order of its keys."""
    items = []
    for key in KEYS:
        if key in entry:
            value = entry[key]
            items.append(quote(key) + ":"
                         + (str(value) if key == "n" else quote(value)))
    assert len(items) == len(entry), set(entry) - set(KEYS)
    return ("{" + ",".join(items) + "}").encode()


def leaf(data):
    return sha256(b"\0", data)


def root(leaves):
    """RFC 6962, section 2.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return sha256(b"\1", root(leaves[:half]), root(leaves[half:]))


def key_at(key0, index):
    for _ in range(index):
        key0 = sha256(key0)
    return key0


def auditor_text(key0):
    return "QUO1A:" + base64.b32encode(key0).decode().rstrip("=")


def checkpoint(ledger, size, top):
    return (f"quorate/{ledger}\n{size}\n"
            f"{base64.b64encode(top).decode()}\n")


class Host:
    """A host and its log; key is the only one that its disk still holds."""

    def __init__(self, ledger, key0):
        self.ledger, self.key, self.lines, self.macs = ledger, key0, [], []

    def append(self, entry):
        self.seal(line(dict(entry, n=len(self.lines))))

    def seal(self, data):
        self.lines.append(data)
        self.macs.append(hmac256(self.key, data))
        self.key = sha256(self.key)

    def copy(self):
        """Disk and all, as a snapshot has it."""
        return copy.deepcopy(self)

    def root(self, size=None):
        return root([leaf(data) for data in self.lines[:size]])

    def checkpoint(self, size=None):
        size = len(self.lines) if size is None else size
        return checkpoint(self.ledger, size, self.root(size))

    def export(self):
        return b"".join(data + b"\t" + mac.hex().encode() + b"\n"
                        for data, mac in zip(self.lines, self.macs))


# ---- a year of a site, made up

LEDGER = sha256(b"quorate ledger")[:16].hex()
KEY0 = sha256(b"quorate auditor")
STORY = [
    dict(event="request", credential="root@db1", incident="INC-{n}",
         actor="mona", auth="claimed", requester="mona",
         reason='disk full, "sudo" is down', ticket="OPS-17"),
    dict(event="approve", credential="root@db1", incident="INC-{n-1}",
         actor="lars", auth="signed",
         key="SHA256:q0n8nM3Wd2v5oUuYf7o1o3X8k6d1J0aGkBv0nQmLr2E"),
    dict(event="present", credential="root@db1", card="1", person="cfo",
         verdict="genuine"),
    dict(event="present", credential="root@db1", card="2", person="ciso",
         verdict="damaged", detail="word 7"),
    dict(event="open", credential="root@db1", outcome="burned"),
    dict(event="opened", credential="root@db1", act="exec"),
    dict(event="close", credential="root@db1", seconds="812", detail="exit"),
    dict(event="rotate-start", credential="root@db1", generation="2"),
    dict(event="rotate-end", credential="root@db1", outcome="proven",
         generation="2"),
    dict(event="review", credential="root@db1", actor="ines",
         classification="emergency", findings="as asked; Zürich \\ Bern")]


def moment(n):
    """The time of entry n: an hour and a minute after the last."""
    first = datetime.datetime(2026, 11, 21, 3, 10)
    return f"{first + n * datetime.timedelta(minutes=61):%Y-%m-%dT%H:%M:%SZ}"


def story(n):
    """Entry n of a log that goes on for ever."""
    end = dict(host="bastion1", version="1.0")
    if n == 0:
        return dict(n=0, time=moment(0), event="log-init", ledger=LEDGER,
                    actor="root", auth="claimed", **end)
    entry = {key: value.replace("{n}", str(n)).replace("{n-1}", str(n - 1))
             for key, value in STORY[(n - 1) % len(STORY)].items()}
    return dict(entry, n=n, time=moment(n), **end)


def honest(size):
    """A host that wrote so many entries, all true."""
    host = Host(LEDGER, KEY0)
    for n in range(size):
        host.append(story(n))
    return host

