#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold examples/verify-log.py against tests/vectors: two independent hands."""
import contextlib
import importlib.util
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parent / "examples/verify-log.py"
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE / "vectors"))
import quo1                                                     # noqa: E402
import quolog                                                   # noqa: E402
import vector                                                   # noqa: E402
from quolog import KEY0, LEDGER                                 # noqa: E402

spec = importlib.util.spec_from_file_location("verify_log", PROGRAM)
verify_log = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify_log)


def blocks(op):
    """The blocks of log.txt with this op."""
    return [block for block in vector.blocks("log") if block["op"] == op]


def line_of(block):
    return (bytes.fromhex(block["linehex"]) if "linehex" in block
            else block["line"].encode())


class Vectors(unittest.TestCase):
    def each(self, op, least, read):
        count = 0
        for block in blocks(op):
            with self.subTest(block=block["name"]):
                if block["result"] == "ok":
                    read(block)
                else:
                    with self.assertRaises((verify_log.Bad,
                                            verify_log.Misuse)):
                        read(block)
            count += 1
        self.assertGreaterEqual(count, least)

    def test_lines(self):
        def read(block):
            pairs = verify_log.read_line(line_of(block))
            for key in ("n", "time", "event"):
                verify_log.need(key in pairs, key)
            verify_log.check_time(pairs["time"])
            self.assertEqual([(k, str(v)) for k, v in pairs.items()],
                             list(zip(vector.listed(block, "key"),
                                      vector.listed(block, "value"))))
        self.each("line", 110, read)

    def test_lines_as_entries(self):
        """What is refused as a line is refused in a log, and only that."""
        for block in blocks("line"):
            pairs = dict(zip(vector.listed(block, "key"),
                             vector.listed(block, "value")))
            entry = verify_log.Entry(int(pairs.get("n", 7)),
                                     line_of(block) + b"\t" + b"0" * 64)
            out_of_place = (pairs.get("n") == "0") != (
                pairs.get("event") == "log-init")
            with self.subTest(block=block["name"]):
                self.assertEqual(bool(entry.wrong), out_of_place
                                 or block["result"] != "ok")

    def test_tree(self):
        for block in blocks("leaf"):
            tree = verify_log.Tree()
            tree.add(line_of(block))
            self.assertEqual(tree.root().hex(), block["leaf"])
        lines, tree = [line_of(b) for b in blocks("leaf")], verify_log.Tree()
        for block in blocks("root"):
            self.assertEqual(tree.root().hex(), block["root"])
            self.assertEqual(tree.size, int(block["size"]))
            if tree.size < len(lines):
                tree.add(lines[tree.size])
        self.assertEqual(len(lines), 20)

    def test_seal(self):
        for block in blocks("seal"):
            key = bytes.fromhex(block["key0"])
            for _ in range(int(block["n"])):
                key = verify_log.sha256(key)
            self.assertEqual(key.hex(), block["key"])

    def test_auditor(self):
        self.each("auditor", 11, lambda b: self.assertEqual(
            verify_log.read_key(b["text"]).hex(), b["key"]))
        for text in (KEY0.hex(), f" {KEY0.hex().upper()}\n"):
            self.assertEqual(verify_log.read_key(text), KEY0)
        for text in ("", "0" * 63, "0" * 65, "g" * 64):
            with self.assertRaises(verify_log.Misuse):
                verify_log.read_key(text)

    def test_checkpoint(self):
        def read(block):
            rows = "\n".join(["", *vector.listed(block, "text"), "behind"])
            found = list(verify_log.checkpoints_of(rows.encode()))
            verify_log.need(found, "none")
            self.assertEqual(found, [(block["ledger"] or None, int(block["size"]),
                                      bytes.fromhex(block["root"]))])
        self.each("checkpoint", 20, read)
        self.each("witness", 15, read)


class Program(unittest.TestCase):
    """verify-log.py as a person runs it."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.host = quolog.honest(30)

    def write(self, name, data):
        path = self.place / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def verify(self, log, *witnesses, key=None, stdin=""):
        """Status and what is said; a witness is a text."""
        args = [self.write("log", log)]
        for i, text in enumerate(witnesses):
            args += ["--witness", self.write(f"w{i}", text)]
        args += ["--auditor-key", key] if key else []
        out = io.StringIO()
        with (mock.patch.object(sys, "argv", ["verify-log.py"] + args),
              mock.patch.object(sys, "stdin", io.StringIO(stdin)),
              contextlib.redirect_stdout(out),
              contextlib.redirect_stderr(out)):
            status = verify_log.main()
        return status, out.getvalue()

    def last(self, said):
        return said.splitlines()[-1]

    def test_whole(self):
        key = self.write("key", quolog.auditor_text(KEY0) + "\n")
        status, said = self.verify(self.host.export(),
                                   self.host.checkpoint(20), key=key)
        self.assertEqual(status, 0, said)
        self.assertIn("seal: holds for 30 entries", said)
        self.assertIn("covers 20: agrees", said)
        self.assertEqual(
            self.last(said), "30 entries; the last outside witness covers 20;"
            f" 10 entries since {quolog.moment(19)} rest on this host's"
            " honesty alone.")

    def test_without_witness(self):
        status, said = self.verify(self.host.export())
        self.assertEqual(status, 0, said)
        self.assertIn("seal: not checked", said)
        self.assertEqual(
            self.last(said), "30 entries; the last outside witness covers 0;"
            " 30 entries since 2026-11-21T03:10:00Z rest on this host's"
            " honesty alone.")

    def test_key_from_stdin(self):
        for text in (KEY0.hex(), quolog.auditor_text(KEY0)):
            status, said = self.verify(self.host.export(), key="-",
                                       stdin=text)
            self.assertEqual(status, 0, said)
            self.assertIn("seal: holds", said)

    def test_other_key(self):
        status, said = self.verify(self.host.export(), key="-",
                                   stdin="00" * 32)
        self.assertEqual(status, 1)
        self.assertIn("entry 0: the seal is WRONG (and 29 more)", said)
        self.assertIn("key of another log?", said)

    def test_misuse(self):
        status, said = self.verify(self.host.export(), key="-", stdin="key")
        self.assertEqual(status, 2)
        self.assertIn("look at it again", said)
        with (contextlib.redirect_stderr(io.StringIO()),
              self.assertRaises(SystemExit) as end,
              mock.patch.object(sys, "argv", ["verify-log.py"])):
            verify_log.main()
        self.assertEqual(end.exception.code, 2)

    def test_process(self):
        log = self.write("log", self.host.export())

        def run(*args):
            return subprocess.run(
                ["/usr/bin/python3", "-B", str(PROGRAM), *args],
                stdin=subprocess.DEVNULL, capture_output=True)
        done = run(log)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertTrue(done.stdout.endswith(b"honesty alone.\n"))
        self.assertEqual(run("/nonexistent").returncode, 2)
        self.assertEqual(run(log, "--witness", "/").returncode, 3)
        # A name that a log invents can't steer the terminal.
        bad = self.write("bad", b'{"\\ud800\\u001b[2J":"x"}\t' + b"0" * 64)
        done = run(bad)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn(b"\x1b", done.stdout + done.stderr)
        self.assertNotIn(b"Traceback", done.stderr)

    def test_file(self):
        log, rows = self.host.export(), self.host.export().splitlines(True)
        at = rows[3].index(b"\t")
        cases = {
            "empty": (b"", "entry 0: it is missing"),
            "no LF": (log[:-1], "entry 29: its line has no end"),
            "half a row": (log[:-90], "entry 29: "),
            "CRLF": (log.replace(b"\n", b"\r\n"), "entry 0: no seal"),
            "empty row": (log + b"\n", "entry 30: it is not JSON"),
            "no tab": (log.replace(b"\t", b" ", 1), "entry 0: "),
            "two tabs": (log.replace(b"\t", b"\t\t", 1), "entry 0: no seal"),
            "upper case": (b"".join(
                rows[:3] + [rows[3][:at] + rows[3][at:].upper()] + rows[4:]),
                "entry 3: no seal"),
            "not from 0": (b"".join(rows[1:]), "entry 0: it has the number"),
            "twice": (log + log, "entry 30: it has the number 0"),
        }
        for name, (data, words) in cases.items():
            with self.subTest(case=name):
                status, said = self.verify(data)
                self.assertEqual(status, 1, said)
                self.assertIn(words, said)
                self.assertIn("rest on this host's honesty", self.last(said))
        self.assertIn("an unknown time", self.verify(b"")[1])

    def test_beginning(self):
        for name, entry, words in [
                ("no log-init", dict(quolog.story(1)), "log-init comes"),
                ("no id", {k: v for k, v in quolog.story(0).items()
                           if k != "ledger"}, "is no id"),
                ("id too short", dict(quolog.story(0), ledger="00"),
                 "is no id")]:
            host = quolog.Host(LEDGER, KEY0)
            host.append(entry)
            status, said = self.verify(host.export())
            self.assertEqual(status, 1, name)
            self.assertIn("entry 0: ", said)
            self.assertIn(words, said)
        self.host.append(quolog.story(0))
        status, said = self.verify(self.host.export())
        self.assertIn("entry 30: log-init comes first, and once", said)

    def test_time_going_back(self):
        self.host.append(dict(quolog.story(5), time=quolog.moment(2)))
        self.host.append(dict(quolog.story(5), time=quolog.moment(3)))
        status, said = self.verify(self.host.export())
        self.assertEqual(status, 0, said)
        self.assertEqual(said.count("warning: entry"), 1)
        self.assertIn("warning: entry 30: the time goes back", said)

    def test_witnesses(self):
        other = self.host.copy()
        other.lines[12] = other.lines[12].replace(b"mona", b"lena").replace(
            b"cfo", b"ceo").replace(b"lars", b"lasse")
        self.assertNotEqual(self.host.lines, other.lines)
        for i in (13, 25):
            status, said = self.verify(
                other.export(), self.host.checkpoint(5),
                self.host.checkpoint(12), self.host.checkpoint(i))
            self.assertEqual(status, 1)
            self.assertEqual(said.count(": agrees"), 2)
            self.assertIn(f"covers {i}: CONTRADICTS: it saw another", said)
            self.assertIn("the first wrong entry is one of 12 to "
                          f"{i - 1}\n", said)
            self.assertIn("witness covers 12;", self.last(said))
        status, said = self.verify(self.host.export(), other.checkpoint(20),
                                   self.host.checkpoint(25))
        self.assertEqual(status, 1)
        self.assertIn("they saw two histories", said)
        self.assertIn("witness covers 25;", self.last(said))

    def test_witness_ahead(self):
        status, said = self.verify(quolog.honest(22).export(),
                                   self.host.checkpoint(30))
        self.assertEqual(status, 1)
        self.assertIn("is AHEAD of this log: 8 entries or more were cut",
                      said)

    def test_witness_of_another_ledger(self):
        text = self.host.checkpoint(20).replace(LEDGER, "0" * 32)
        status, said = self.verify(self.host.export(), text)
        self.assertEqual(status, 1)
        self.assertIn("CONTRADICTS: it is of another ledger", said)
        self.assertIn("covers 0;", self.last(said))

    def test_witness_of_nothing(self):
        status, said = self.verify(self.host.export(),
                                   self.host.checkpoint(0))
        self.assertEqual(status, 0, said)
        self.assertIn("covers 0: agrees", said)
        self.assertIn(f"30 entries since {quolog.moment(0)} ",
                      self.last(said))

    def test_witness_in_a_text(self):
        text = ("receipt of 2026\r\n\r\n"
                + self.host.checkpoint(9).replace("\n", "  \r\n")
                + "and\n" + self.host.checkpoint(11)[:-1])
        status, said = self.verify(self.host.export(), text)
        self.assertEqual(status, 0, said)
        self.assertEqual(said.count(": agrees"), 2)
        self.assertIn("covers 11;", self.last(said))

    def test_receipt(self):
        for size, words in ((11, "agrees"), (12, "CONTRADICTS"),
                            (31, "is AHEAD")):
            root = self.host.root(11).hex()
            status, said = self.verify(
                self.host.export(), "quorate receipt 1\ngeneration: 1\n"
                f"checkpoint: {size} {root}\nquorum: 1,2\n")
            self.assertEqual(status, words != "agrees", said)
            self.assertIn(f"covers {size}: {words}", said)

    def test_approval(self):
        for ledger, words in ((LEDGER, "agrees"), ("0" * 32, "CONTRADICTS")):
            root = self.host.root(12).hex()
            status, said = self.verify(
                self.host.export(), f"quorate approval 1\nledger: {ledger}\n"
                "incident: INC-11\nreason: size: 3\n"
                f"size: 12\nroot: {root}\nrequest: {'0' * 64}\n")
            self.assertEqual(status, words != "agrees", said)
            self.assertIn(f"covers 12: {words}", said)

    def test_witness_that_is_none(self):
        for text in ("", "hello\n", "quorate/00\n", "checkpoint: 7\n",
                     "QUO1S:AEBQ\n"):
            status, said = self.verify(self.host.export(), text)
            self.assertEqual(status, 1)
            self.assertIn("there is no checkpoint in it", said)
        whole = self.host.checkpoint(9)
        for text in (whole.replace("\n9\n", "\n09\n"), whole[:-2] + "\n",
                     whole[:50], "quorate approval 1\nsize: 9\n"):
            status, said = self.verify(self.host.export(), text)
            self.assertEqual(status, 1)
            self.assertIn("its checkpoint is damaged", said)

    def cards(self, size, root, **fields):
        """Cards of every shape, all dealt at one checkpoint."""
        point = dict(checkpoint=(size, root))
        nested = (2, ["a", (1, ["e", "f"]), (2, ["b", "c"]), "d"])
        phrases = ["six words"] * 6
        yield quo1.Cards("x", (2, ["a", "b"]), dict(secret=b"x"), **point)
        yield quo1.Cards("y", nested, dict(secret=b"x"), **point)
        yield quo1.Cards("z", nested, dict(secret=b"x", note=b"n" * 900),
                         names=list("abcdef"), **point)
        yield quo1.Cards("l", (2, ["a", "b"]), dict(secret=b"x"),
                         phrases[:2], lock=(3, 1), **point)
        yield quo1.Cards("f", (2, ["a", "b"]), dict(secret=bytes(3000)),
                         **point)

    def test_cards(self):
        for cards in self.cards(17, self.host.root(17)):
            text = "\n".join(cards.share_texts()[:1] + cards.set_texts())
            status, said = self.verify(self.host.export(), text.lower())
            self.assertEqual(status, 0, said)
            self.assertIn("covers 17: agrees", said)
        for cards in self.cards(17, self.host.root(16)):
            status, said = self.verify(self.host.export(),
                                       "\n".join(cards.set_texts()))
            self.assertEqual(status, 1)
            self.assertIn("covers 17: CONTRADICTS", said)

    def test_damaged_card(self):
        text, = next(self.cards(17, self.host.root(17))).set_texts()
        for at in range(6, len(text)):
            letter = "A" if text[at] != "A" else "B"
            status, said = self.verify(self.host.export(),
                                       text[:at] + letter + text[at + 1:])
            if at == len(text) - 1 and status == 0:
                continue                # a spare bit behind the code
            self.assertEqual(status, 1)
            self.assertIn("damaged", said)
        plain = quo1.Cards("n", (2, ["a", "b"]), dict(secret=b"x"))
        status, said = self.verify(self.host.export(),
                                   "\n".join(plain.set_texts()))
        self.assertEqual(status, 1)
        self.assertIn("dealt without a log", said)

    def test_example_of_the_page(self):
        page = (HERE.parent / "docs/log.md").read_text()
        page = page[page.index("## 9."):]
        lines = [text.replace("\n    ", "") for text in re.findall(
            r"    (\{.*?\})\n", page, re.S)]
        macs = re.findall(r"mac \d   ([0-9a-f]{64})", page)
        self.assertEqual((len(lines), len(macs)), (3, 3))
        log = "".join(f"{a}\t{b}\n" for a, b in zip(lines, macs))
        key = re.search("QUO1A:[A-Z2-7]+", page)[0]
        status, said = self.verify(log, page, key="-", stdin=key)
        self.assertEqual(status, 0, said)
        self.assertIn("seal: holds for 3 entries", said)
        self.assertIn("covers 3: agrees", said)

    def test_each_bit(self):
        """The auditor's key finds each; a witness each but of the seals."""
        host, unseen = quolog.honest(6), 0
        log, paper = host.export(), host.checkpoint()
        for at in range(len(log)):
            changed = bytearray(log)
            changed[at] ^= 1 << at % 8
            with self.subTest(byte=at):
                status, said = self.verify(bytes(changed), key="-",
                                           stdin=KEY0.hex())
                self.assertEqual(status, 1, said)
                unseen += not self.verify(bytes(changed), paper)[0]
        digits = 6 * 64
        self.assertLess(unseen, digits)
        self.assertGreater(unseen, digits / 4)


if __name__ == "__main__":
    unittest.main()
