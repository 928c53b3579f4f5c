# SPDX-License-Identifier: GPL-3.0-or-later
"""tally.py counts what failed, also where a suite breaks off."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TALLY = pathlib.Path(__file__).with_name("tally.py")


def tally(kind, text, status):
    with tempfile.NamedTemporaryFile("w") as log:
        log.write(text)
        log.flush()
        done = subprocess.run(
            [sys.executable, TALLY, kind, log.name, str(status)],
            capture_output=True, text=True, check=True)
    return done.stdout.strip()


def meson(*tests):
    return "".join(json.dumps(dict(zip(
        ("name", "result", "returncode", "stdout", "stderr"), test))) + "\n"
        for test in tests)


class Tally(unittest.TestCase):
    def test_tap(self):
        self.assertEqual(tally("tap", "1..2\nnot ok 1 a\nok 2 b\n", 1),
                         "1 1 0")
        self.assertEqual(tally("tap", "1..2\nok 1 a\nok 2 b # skip\n", 0),
                         "1 0 1")

    def test_tap_that_breaks_off(self):
        self.assertEqual(tally("tap", "1..3\nok 1 a\n", 0), "1 1 0")
        self.assertEqual(tally("tap", "1..3\nok 1 a\n", 139), "1 1 0")
        self.assertEqual(tally("tap", "1..1\nok 1 a\n", 124), "1 1 0")
        self.assertEqual(tally("tap", "", 127), "0 1 0")
        self.assertEqual(tally("tap", "1..0\n", 0), "0 1 0")

    def test_meson(self):
        tap = "1..2\nok 1 - a\nnot ok 2 - b\n"
        self.assertEqual(tally("meson", meson(
            ("one", "OK", 0, "1..2\nok 1 - a\nok 2 - b\n"),
            ("two", "FAIL", 1, tap),
            ("plain", "OK", 0, "no tap"),
            ("cmocka skips", "OK", 0, "1..2\nok 1 - a\n"
             "not ok 2 # SKIP b\n"),
            ("skipped", "SKIP", 77, ""),
            ("python", "OK", 0, "", "Ran 4 tests in 1s\n\nOK\n")), 1),
            "9 1 2")

    def test_meson_that_breaks_off(self):
        self.assertEqual(tally("meson", meson(
            ("crash", "FAIL", -11, "1..3\nok 1 - a\n"),
            ("slow", "TIMEOUT", -9, ""),
            ("python", "FAIL", -9, "", "Ran 4 tests in 1s\n"),
            ("early", "FAIL", 1, "")), 3), "4 4 0")
        self.assertEqual(tally("meson", "", 1), "0 1 0")
        self.assertEqual(tally("meson", "", 0), "0 1 0")

    def test_unittest(self):
        self.assertEqual(tally("unittest", "Ran 3 tests in 1s\n\nOK\n", 0),
                         "3 0 0")
        self.assertEqual(tally(
            "unittest", "FAIL: a\nERROR: b\nRan 4 tests in 1s\n\n"
            "FAILED (failures=1, errors=1, skipped=1)\n", 1), "1 2 1")
        self.assertEqual(tally("unittest", "Traceback\n", 1), "0 1 0")
        self.assertEqual(tally("unittest", "Ran 0 tests in 0s\n", 0),
                         "0 1 0")

    def test_exit(self):
        self.assertEqual(tally("exit", "", 0), "1 0 0")
        self.assertEqual(tally("exit", "ok 1\n", 1), "0 1 0")


if __name__ == "__main__":
    unittest.main()
