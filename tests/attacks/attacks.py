#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attack a log at each position, and hold a verifier against what it can see:

    attacks.py [--verifier COMMAND] [--positions all|few] [--table]

COMMAND is called as COMMAND LOG [--witness FILE]... [--auditor-key FILE], and
is examples/verify-log.py if none is given. What can't be seen is asserted as
not seen: --table prints it as docs/threat-model.md quotes it.
"""
import argparse
import collections
import contextlib
import importlib.util
import io
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
from unittest import mock

import forge
from forge import HONEST, SIZE

import quolog

HERE = pathlib.Path(__file__).resolve().parent
OURS = HERE.parents[1] / "examples/verify-log.py"
WITNESSES = (1, 34, 64, 100)
FEW = (0, 1, 33, 34, 49, 50, 63, 64, 98, 99)

NO, SEAL, NUMBER, START = "not seen", "seal", "number", "log-init"
OTHER, AHEAD = "CONTRADICTS", "AHEAD"
Row = collections.namedtuple("Row", "attack nothing key early late words")

# What is found at p: by anybody; with the auditor's key; with a witness of no
# more entries than still are as they were; with a witness of more.
TABLE = {
    "rewrite": Row(
        forge.rewrite, NO, SEAL, NO, OTHER,
        "an entry rewritten"),
    "swap": Row(
        forge.swap, NO, SEAL, NO, OTHER,
        "two neighbours exchanged"),
    "drop": Row(
        forge.drop, NO, SEAL, NO, OTHER,
        "an entry left out"),
    "double": Row(
        forge.double, NO, SEAL, NO, OTHER,
        "an entry repeated"),
    "insert": Row(
        forge.insert, NO, SEAL, NO, OTHER,
        "an entry put in"),
    "cut": Row(
        forge.cut, NO, NO, NO, AHEAD,
        "the tail cut off"),
    "cut and go on": Row(
        forge.cut_and_go_on, NO, SEAL, NO, OTHER,
        "the tail cut off, and other entries written"),
    "old copy": Row(
        forge.old_copy, NO, NO, NO, AHEAD,
        "an old copy of the ledger put back"),
    "old copy and go on": Row(
        forge.old_copy_and_go_on, NO, NO, NO, OTHER,
        "an old copy put back, and other entries written"),
    "snapshot": Row(
        forge.snapshot, NO, NO, NO, OTHER,
        "an entry rewritten, where an older copy of the disk was found"),
    "two histories": Row(
        forge.two_histories, NO, NO, NO, OTHER,
        "two histories, shown to two people"),
    "new log": Row(
        forge.new_log, NO, SEAL, NO, OTHER,
        "a new log in place of the old one"),
    "lie": Row(
        forge.lie, NO, NO, NO, NO,
        "an entry that was false when it was written"),
    "never written": Row(
        forge.never_written, NO, NO, NO, NO,
        "an entry that was never written"),
    "flip line": Row(
        forge.flip_line, NO, SEAL, NO, OTHER,
        "a letter of an entry changed, clumsily"),
    "flip seal": Row(
        forge.flip_seal, NO, SEAL, NO, NO,
        "a seal changed"),
    "swap rows": Row(
        forge.swap_rows, NUMBER, SEAL, NO, OTHER,
        "two rows exchanged, clumsily"),
    "drop row": Row(
        forge.drop_row, NUMBER, SEAL, NO, OTHER,
        "a row left out, clumsily"),
    "double row": Row(
        forge.double_row, NUMBER, SEAL, NO, OTHER,
        "a row repeated, clumsily"),
}

# Where it is otherwise, by attack, position and evidence; None is any.
EXCEPTIONS = {
    # The log then begins with something else, or begins twice.
    ("swap", 0, "nothing"): START,
    ("drop", 0, "nothing"): START,
    ("double", 0, "nothing"): START,
    ("insert", 0, "nothing"): START,
    ("cut", 0, "nothing"): START,
    ("old copy", 0, "nothing"): START,
    # To leave out the last one is to cut, and to repeat it is to go on.
    ("drop", 99, "key"): NO,
    ("drop row", 99, "key"): NO,
    ("drop row", 99, "nothing"): NO,
    ("double", 99, "key"): NO,
    # One entry fewer than this witness saw.
    ("drop", None, 100): AHEAD,
    ("drop row", None, 100): AHEAD,
    # Before the copy was made its key didn't exist any more.
    **{("snapshot", p, "key"): SEAL for p in range(forge.SNAPSHOT)},
}
# False from the start: what witnesses saw was this.
FROM_THE_START = ("lie", "never written")


def expected(name, p, evidence, same):
    """One cell. evidence: "nothing", "key" or the size of a witness; same:
    how many entries are as that witness saw them."""
    row = TABLE[name]
    if evidence in ("nothing", "key"):
        usual = getattr(row, evidence)
    else:
        usual = row.early if evidence <= same else row.late
    for at in (p, None):
        usual = EXCEPTIONS.get((name, at, evidence), usual)
    return usual


class Ours:
    """examples/verify-log.py, in this process: many runs in little time."""

    def __init__(self):
        spec = importlib.util.spec_from_file_location("verify_log", OURS)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def __call__(self, *args):
        out = io.StringIO()
        with (mock.patch.object(sys, "argv", ["verify-log.py", *args]),
              contextlib.redirect_stdout(out)):
            return self.module.main(), out.getvalue()


class Theirs:
    def __init__(self, command):
        self.command = shlex.split(command)

    def __call__(self, *args):
        done = subprocess.run(
            [*self.command, *args], stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout


class Campaign:
    def __init__(self, verify, place, quiet=False):
        self.verify, self.place = verify, pathlib.Path(place)
        self.runs, self.wrong, self.seen = 0, [], collections.Counter()
        self.kept, self.quiet = {}, quiet
        self.key = self.write("key", quolog.auditor_text(quolog.KEY0) + "\n")

    def write(self, name, data):
        path = self.place / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def witness(self, host, size):
        if host is not HONEST:
            return self.write(f"other-{size}", host.checkpoint(size))
        if size not in self.kept:
            self.kept[size] = self.write(f"true-{size}",
                                         host.checkpoint(size))
        return self.kept[size]

    def run(self, case, log, papers, key, want, first=None):
        """Hold one answer against what it has to be.

        papers  the witnesses, {file: (size, what it has to find)}
        want    what is found without them, a set
        first   the first entry that isn't true, or None: there is none
        """
        args = [log]
        for name in papers:
            args += ["--witness", name]
        args += ["--auditor-key", self.key] if key else []
        status, said = self.verify(*args)
        self.runs += 1
        want = {finding for finding in want if finding != NO}
        witnesses = {name: seen for name, (_, seen) in papers.items()}
        wrong = want | {seen for seen in witnesses.values() if seen != NO}
        covered = max((size for size, seen in papers.values() if seen == NO),
                      default=0)
        good = (findings(said) == (want, witnesses)
                and status == bool(wrong)
                and self.ends(said, covered)
                and names_first(said, wrong, first))
        if not good:
            self.wrong.append(case)
            if len(self.wrong) <= 10 and not self.quiet:
                print(f"{case}: wanted {want}, {witnesses}, covers {covered},"
                      f" first {first}; status {status}:\n{said}")

    def ends(self, said, covered):
        """It ends with the sentence that it always has to end with."""
        total, last = len(self.forged.lines), said.splitlines()[-1:] or [""]
        return re.fullmatch(
            f"{total} entries; the last outside witness covers {covered};"
            f" {total - covered} entries since [^;]* rest on this host's"
            r" honesty alone\.", last[0])

    def attack(self, name, p, singly):
        """With nothing, the key, all witnesses, all together; one by one."""
        self.forged = forged = TABLE[name].attack(p)
        if forged is None:
            return
        log = self.write("log", forged.export())
        truth = forged if name in FROM_THE_START else HONEST
        same = agreeing(forged.lines, truth.lines)
        first = first_false(forged)

        def see(evidence):
            outcome = expected(name, p, evidence, same)
            self.seen[name, str(evidence), outcome] += 1
            return outcome
        always, keyed = see("nothing"), see("key")
        papers = {self.witness(truth, size): (size, see(size))
                  for size in WITNESSES if size <= len(truth.lines)}
        case = (name, p)
        self.run(case + ("nothing",), log, {}, False, {always}, first)
        self.run(case + ("key",), log, {}, True, {always, keyed}, first)
        self.run(case + ("witnesses",), log, papers, False, {always}, first)
        self.run(case + ("all",), log, papers, True, {always, keyed}, first)
        for paper, seen in papers.items() if singly else ():
            self.run(case + seen, log, {paper: seen}, False, {always}, first)
        if name == "two histories":
            self.two_people(p, same)

    def two_people(self, p, same):
        """Each alone sees nothing; what one kept is held against the other's.
        """
        other, true = self.forged, HONEST
        log = self.write("log", other.export())
        self.run(("one alone", p), log,
                 {self.witness(other, SIZE): (SIZE, NO)}, True, set())
        self.forged = true
        log = self.write("log", true.export())
        self.run(("the other alone", p), log,
                 {self.witness(true, SIZE): (SIZE, NO)}, True, set())
        for size in (p, p + 1, SIZE):
            seen = NO if size <= same else OTHER
            self.run(("they meet", p, size), log,
                     {self.witness(other, size): (size, seen)}, True, set())


def agreeing(lines, truth):
    """How many entries at the beginning are as they were."""
    pairs = list(zip(lines, truth))
    return next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))


def first_false(forged):
    """The first row that isn't as it was, or None: none of them is."""
    rows = list(zip(forged.lines, forged.macs))
    same = agreeing(rows, list(zip(HONEST.lines, HONEST.macs)))
    return same if same < len(rows) else None


WORDS = {
    r"entry \d+: the seal is WRONG": SEAL,
    r"entry \d+: .*(log-init|missing)": START,
    r"entry \d+: .*number": NUMBER,
}


def findings(said):
    """What a verifier finds wrong, and what it says of each witness."""
    found, witnesses = set(), {}
    for line in said.splitlines():
        paper = re.match(r"witness (.*): covers \d+: (is )?(\w+)", line)
        if paper:
            witnesses[paper[1]] = NO if paper[3] == "agrees" else paper[3]
        elif re.match(r"entry \d+: ", line):
            found.add(next((finding for words, finding in WORDS.items()
                            if re.match(words, line)), line))
    return found, witnesses


def names_first(said, wrong, first):
    """The first entry that isn't true is named, as far as can be known."""
    if first is None or not wrong:
        return True
    span = re.search(r"is one of (\d+) to (\d+)$", said, re.M)
    return ((SEAL not in wrong
             or f"entry {first}: the seal is WRONG" in said)
            and (OTHER not in wrong or "it is of another ledger" in said
                 or span and int(span[1]) <= first <= int(span[2])))


# A verifier that doesn't look must be caught.
BLIND = {
    "unsealed": lambda entries, key: (),
    "judge_lines": lambda report, entries: None,
    "judge_witnesses": lambda report, names, ledger, entries: 0,
    "judge_witness": lambda report, name, point, ledger, roots: (
        report.say(f"witness {name}: covers {point[1]}: agrees"),
        (point[1], None))[1],
}


def catches(what, place):
    """True if this campaign is failed by a verifier blind to that."""
    verify = Ours()
    setattr(verify.module, what, BLIND[what])
    campaign = Campaign(verify, place, quiet=True)
    for name in ("rewrite", "swap", "cut"):
        campaign.attack(name, 0, False)
    return bool(campaign.wrong)


def table():
    """The table of docs/threat-model.md."""
    words = {NO: "**not seen**", SEAL: "seen, at that entry",
             NUMBER: "seen, at that entry", OTHER: "it contradicts",
             AHEAD: "it is ahead"}
    out = ["| what is done | with nothing | with the auditor's key |"
           " with a witness from before | with a later witness |",
           "|---|---|---|---|---|"]
    for row in TABLE.values():
        cells = [row.nothing, row.key, row.early, row.late]
        if row.nothing == NUMBER:
            cells = [NUMBER] * 4
        out.append("| " + " | ".join(
            [row.words] + [words[cell] for cell in cells]) + " |")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--verifier")
    parser.add_argument("--positions", choices=("all", "few"), default="all")
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    if args.table:
        print(table(), end="")
        return 0
    page = (HERE.parents[1] / "docs/threat-model.md").read_text()
    if table() not in page:
        print("docs/threat-model.md has another table: see --table")
        return 1
    verify = Theirs(args.verifier) if args.verifier else Ours()
    with tempfile.TemporaryDirectory() as place:
        for what in BLIND:
            assert catches(what, place), what
        campaign = Campaign(verify, place)
        for name in TABLE:
            for p in range(SIZE) if args.positions == "all" else FEW:
                campaign.attack(name, p, p in FEW)
    for (name, evidence, outcome), count in campaign.seen.items():
        print(f"{name}: {evidence}: {outcome}: {count}")
    print(f"{campaign.runs} runs, {len(campaign.wrong)} not as expected")
    return 1 if campaign.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
