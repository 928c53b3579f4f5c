#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold examples/recover.py against tests/vectors: two independent hands."""
import importlib.util
import io
import itertools
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parent / "examples/recover.py"
WORDS = HERE.parent / "lib/card/wordlist.txt"
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE / "vectors"))
import quo1                                                     # noqa: E402
from vector import blocks, listed                               # noqa: E402

spec = importlib.util.spec_from_file_location("recover", PROGRAM)
recover = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recover)
recover.load_words(WORDS)
recover.say = lambda *words: None


def hexed(block, *keys):
    return [bytes.fromhex(block[key]) for key in keys]


class Vectors(unittest.TestCase):
    """Each kind of vector against the function that reads it."""

    def each(self, name, read):
        count = 0
        for block in blocks(name):
            count += 1
            with self.subTest(file=name, block=block["name"]):
                try:
                    read(block)
                    result = "ok"
                except recover.Refused as why:
                    result = why.args[0]
                except ValueError:
                    result = "EFORMAT"
                self.assertEqual(result, block["result"])
        self.assertGreater(count, 0)

    def test_fields(self):
        def f256(b):
            a, out = int(b["a"], 16), int(b["out"], 16)
            self.assertEqual(out, recover.F256.inv(a) if b["op"] == "inv"
                             else recover.F256.mul(a, int(b["b"], 16)))
        self.each("gf256", f256)
        self.each("gf1024", lambda b: self.assertEqual(
            int(b["out"]), recover.F1024.mul(int(b["a"]), int(b["b"]))))

    def test_aes(self):
        zero = [b for b in blocks("aesctr") if set(b["counter"]) == {"0"}]
        self.assertTrue(zero)
        for b in zero:
            key, text, cipher = hexed(b, "key", "plaintext", "ciphertext")
            self.assertEqual(recover.aes256_ctr(key, text), cipher)

    def test_shamir(self):
        def read(b):
            if b["op"] == "split":
                shares = [bytes.fromhex(s) for s in listed(b, "share")]
                tree = int(b["threshold"]), list(range(1, int(b["n"]) + 1))
                have = {i: [s] for i, s in enumerate(shares, 1)}
                for v in itertools.islice(recover.rejoin(tree, have), 50):
                    self.assertEqual(v.hex(), b["secret"])
        self.each("shamir", lambda b: b["result"] == "ok" and read(b)
                  or self.skip(b))

    def skip(self, block):
        """recover.py has no such function: agree with what is said."""
        if block["result"] != "ok":
            raise recover.Refused(block["result"], "")

    def test_policy(self):
        def read(b):
            r, serials = recover.Reader(bytes.fromhex(b["bytes"])), \
                itertools.count(1)
            tree = recover.read_node(r, serials, r.number())
            n = next(serials) - 1
            recover.need(n <= 255, "EFORMAT", "")
            r.end()
            self.assertEqual(n, int(b["n"]))
            self.assertEqual(tree[0], int(b["bytes"][:2], 16))
        self.each("policy", read)

    def test_header(self):
        def read(b):
            h = recover.read_header(bytes.fromhex(b["bytes"]))
            self.assertEqual(h.salt.hex(), b["salt"])
            self.assertEqual(h.n, int(b["n"]))
            self.assertEqual(h.lock or (0, 0), (int(b["m"]), int(b["t"])))
        self.each("header", read)

    def test_plaintext(self):
        self.each("plain", lambda b: self.assertEqual(
            recover.read_plaintext(bytes.fromhex(b["plaintext"])).hex(),
            b["secret"]))

    def test_seal(self):
        def read(b):
            head, salt, ikm, sealed = hexed(b, "header", "salt", "ikm",
                                            "sealed")
            h = types.SimpleNamespace(raw=head, salt=salt, lock=None,
                                      sealed=sealed)
            text = recover.unseal(h, ikm)
            recover.need(text, "ESEAL", "")
            self.assertEqual(text.hex(), b["plaintext"])
        self.each("seal", read)

    def test_code(self):
        def read(b):
            line = bytes.fromhex(b["texthex"]) if "texthex" in b \
                else b["text"].encode()
            kind, data = recover.read_symbol(line)
            self.assertEqual((kind.decode(), data.hex()),
                             (b["kind"], b["bytes"]))
        self.each("code", read)

    def test_share(self):
        def read(b):
            c = recover.read_code(b["text"].encode(), {})
            self.assertEqual((c.serial, c.n, c.value.hex(), c.id.hex()),
                             (int(b["serial"]), int(b["n"]), b["share"],
                              b["id"]))
        self.each("share", read)

    def test_set(self):
        def read(b):
            h = recover.read_set(bytes.fromhex(b["hex"])) if "hex" in b \
                else recover.read_code(b["text"].encode(), {})
            self.assertEqual((h.raw.hex(), h.n, h.id.hex(), h.hash.hex()),
                             (b["header"], int(b["n"]), b["id"],
                              b["sealedhash"]))
        self.each("set", read)

    def test_part(self):
        def read(b):
            parts = {}
            found = [recover.read_code(t.encode(), parts)
                     for t in listed(b, "text")]
            recover.need(len(parts) == 1, "EMISMATCH", "")
            recover.need(any(found), "EMISSING", "")
            self.assertEqual(recover.read_set(bytes.fromhex(b["code"])).id,
                             [h for h in found if h][0].id)
        self.each("part", read)

    def test_words(self):
        def read(b):
            rows = {int(k[4:]): [None if w == "?" else int(w)
                                 for w in v.split()]
                    for k, v in b.items() if k.startswith("row.")}
            c = recover.read_rows(rows, "test")
            if min(rows) == 1:
                data = bytes([c.serial, c.n]) + c.value + c.id
                self.assertEqual(data.hex(), b["bytes"])
            else:
                self.assertEqual(
                    c.id, recover.read_set(bytes.fromhex(b["bytes"])).id)
        self.each("rows", read)

    def test_phrase(self):
        with tempfile.TemporaryDirectory() as place:
            file = pathlib.Path(place) / "phrase"

            def read(b):
                file.write_text(b["typed"] + "\n")
                h = types.SimpleNamespace(
                    salt=bytes.fromhex(b["salt"]), lock=(3, 1))
                card = types.SimpleNamespace(serial=int(b["serial"]),
                                             value=bytes(32))
                pad = recover.unlock(h, card, [f"{b['serial']}={file}"])
                self.assertEqual(pad.hex(), b.get("pad", pad.hex()))
            self.each("phrase", read)


class Program(unittest.TestCase):
    """recover.py as a person runs it."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def write(self, name, data):
        path = self.place / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def run_on(self, texts, *options):
        """As a program would end: status, standard output, what is said."""
        arguments = [*options, self.write("card.txt", "\n".join(texts))]
        out, said = io.TextIOWrapper(io.BytesIO()), []
        with (mock.patch.object(sys, "argv", ["recover.py"] + arguments),
              mock.patch.object(sys, "stdout", out),
              mock.patch.object(sys, "stdin", io.StringIO()),
              mock.patch.object(recover, "say",
                                lambda *words: said.append(words))):
            try:
                status = recover.main()
            except SystemExit as end:
                status = 1 if isinstance(end.code, str) else end.code
        return status or 0, out.buffer.getvalue(), str(said)

    def run_program(self, *arguments):
        return subprocess.run(
            ["/usr/bin/python3", "-B", str(PROGRAM), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True)

    def test_open(self):
        for b in blocks("open"):
            options = []
            for key in (k for k in b if k.startswith("phrase.")):
                options.append(f"--phrase={key[7:]}="
                               + self.write(key, b[key]))
            if "sealed" in b:
                options.append("--sealed=" + self.write(
                    "sealed", bytes.fromhex(b["sealed"])))
            with self.subTest(block=b["name"]):
                status, out, said = self.run_on(listed(b, "text"), *options)
                if b["result"] == "ok":
                    self.assertEqual(out.hex(), b["secret"], said)
                    self.assertEqual(status, 0)
                else:
                    self.assertEqual((status, out), (1, b""))
                    self.assertIn(b["result"], said)

    def test_process(self):
        wanted = {"2 of 3: 1 2": 0, "2 of 3: only 1": 1}
        for b in blocks("open"):
            if b["name"] in wanted:
                card = self.write("card", "\n".join(listed(b, "text")))
                done = self.run_program(card)
                self.assertEqual(done.returncode, wanted[b["name"]])
                self.assertEqual(done.stdout.hex(), b.get("secret", ""))
                self.assertNotIn(b"Traceback", done.stderr)

    def test_example_of_the_page(self):
        page = (HERE.parent / "docs/format.md").read_text()
        page = page[page.index("## 11."):]
        codes = [re.sub(r"\s", "", text) for text in re.findall(
            r"    QUO1[SC]:[A-Z2-7\s]+?\n\n", page)]
        rows = re.findall(r"^ {4,5}\d+  \w.*", page, re.M)
        self.assertEqual(len(codes), 4)
        for texts in (codes[:2] + codes[3:], codes[2:3] + rows):
            status, out, _ = self.run_on(texts)
            self.assertEqual((status, out), (0, b"correct-horse-battery"))

    def test_no_such_row(self):
        for line in ("99999999 word", "9" * 5000, "999 " + "word " * 7):
            status, out, said = self.run_on([line])
            self.assertEqual((status, out), (1, b""))
            self.assertIn("ESYNTAX", said)

    def test_missing_file(self):
        done = self.run_program("/nonexistent")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertNotIn(b"Traceback", done.stderr)


class Alterations(unittest.TestCase):
    """Each character of each text, and words beyond number."""

    def test_each_character(self):
        cards = quo1.Cards("flips", (2, ["a", "b", "c"]),
                           dict(secret=b"hunter2"))
        dice = random.Random(7)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        for text in cards.share_texts() + cards.set_texts():
            for at in range(len(text)):
                other = dice.choice([c for c in alphabet if c != text[at]])
                changed = text[:at] + other + text[at + 1:]
                with self.assertRaises((recover.Refused, ValueError)):
                    self.fail(recover.read_code(changed.encode(), {}))

    def test_each_loss(self):
        dice = random.Random(8)
        for size, parity in ((42, 8), (120, 20), (360, 60), (12, 8)):
            data = [dice.randrange(1024) for _ in range(size - parity)]
            whole = data + quo1.parity_words(data, parity)
            for wrong in range(0, parity // 2 + 1, max(1, parity // 8)):
                missing = parity - 2 * wrong
                given = list(whole)
                places = dice.sample(range(size), wrong + missing + 1)
                for at in places[:wrong]:
                    given[at] ^= dice.randrange(1, 1024)
                for at in places[wrong:-1]:
                    given[at] = None
                self.assertEqual(recover.mend(given, parity), whole)
                given[places[-1]] = None
                with self.assertRaises(recover.Refused):
                    recover.mend(given, parity)


if __name__ == "__main__":
    unittest.main()
