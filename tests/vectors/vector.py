# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vectors have in common: files, sets, small changes."""
import pathlib

from quo1 import sha256

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


def blocks(name):
    """The blocks of a file of vectors, as dicts."""
    block = {}
    for line in (HERE / f"{name}.txt").read_text().split("\n") + [""]:
        if line and line[0] != "#":
            key, _, value = line.partition(" =")
            block[key] = value[1:]
        elif not line and block:
            yield block
            block = {}


def listed(block, key):
    """key.1, key.2... as a list."""
    out = []
    while f"{key}.{len(out) + 1}" in block:
        out.append(block[f"{key}.{len(out) + 1}"])
    return out


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
