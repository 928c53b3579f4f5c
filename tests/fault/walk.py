#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash walk: rotation on real targets, killed before each of its system
calls, each of them failing that can, and the hook failing, hanging and killed
at each of its own; then the same of what settles it. Afterwards, seen from
outside:

 * the target, asked itself, takes a password that a quorum of the cards of
   some set in a directory opens; and the tool names that set
 * what the command said is so; state and log agree
 * run again with the cards that are there, and nothing in the way, it ends
   with a set that the target takes, and no other

    walk.py [--sample N] [--target T]... [--stage S]... [--kind K]... QUORATE

Without --sample all points are tried. One line per target, stage and kind:
points, how they ended. Exit 77: it can't be done here.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import fault
import scenes
import targets
import world

KILL = "SIGKILL"
SECRET = b"correct-horse-17"
QUORUM = 2
PLACES = ("describe-1", "apply-1", "verify-1", "verify-2")
# What goes wrong with the hook at one of its places, in sh.
FAULTS = {
    "exit 1 before": "exit 1",
    "exit 2 before": "exit 2",
    "exit 75 before": "exit 75",
    "exit 1 after": '"$real" "$@"; exit 1',
    "exit 2 after": '"$real" "$@"; exit 2',
    "exit 75 after": '"$real" "$@"; exit 75',
    "hangs before": "exec sleep 100",
    "hangs after": '"$real" "$@"; exec sleep 100',
    "killed before": "kill -KILL $$",
    "killed after": '"$real" "$@"; kill -KILL $$',
    "quorate killed before": 'kill -KILL $PPID; exec "$real" "$@"',
    "quorate killed after": '"$real" "$@"; kill -KILL $PPID',
    "both killed before": "kill -KILL $PPID $$",
    "both killed after": '"$real" "$@"; kill -KILL $PPID $$',
}
# Processes of the hook killed before their Nth call: that one, or all.
KILLERS = {"hook process": "", "hook": "-a"}
WRAPPER = """#!/bin/sh
real={root}/real-hook
echo "$1" >>{root}/calls
case $1-$(grep -cx "$1" {root}/calls) in
{case})
	{fault} ;;
esac
exec "$real" "$@"
"""
CARD = re.compile(r".*-g(\d+)-c\d+")
TARGETS = {t.name: t for t in (
    targets.UnixAccount, targets.PostgreSQL, targets.PostgreSQLByAdmin)}

Point = collections.namedtuple("Point", "kind call nth")
Verdict = collections.namedtuple("Verdict", "point outcome said complaints")

here = None  # this process's Walk


class Walk(world.World):
    """A world with a real target."""

    def __init__(self, quorate, place, target):
        self.wrapper = None
        self.opened = {}  # by the bytes of a set's cards: what they open
        self.settled = {}  # by what it looked like: what was wrong then
        self.stages = {}
        self.target = None
        super().__init__(quorate, place)
        self.kill_at = os.path.join(os.path.dirname(self.ledger_tool),
                                    "kill-at")
        self.target = TARGETS[target](self.outer)

    def restore(self, files):
        super().restore(files)
        for name in ("hooks/alert", "told"):
            path = self.root / name
            path.rmdir() if path.is_dir() else path.unlink()
        if self.target is None:
            return
        text = self.target.hook
        if self.wrapper is not None:
            (self.root / "real-hook").write_bytes(text)
            (self.root / "real-hook").chmod(0o755)
            text = self.wrapper.encode()
        (self.root / "hook").write_bytes(text)

    def command(self, words):
        return [w.format(root=self.root, user=self.target.user,
                         target=self.target.target) for w in words]

    def cards(self):
        """The cards that are out, by generation."""
        sets = collections.defaultdict(list)
        for path in sorted(self.root.glob("*/*.txt")):
            card = CARD.match(path.name)
            if card is not None:
                sets[int(card.group(1))].append(path)
        return {g: paths for g, paths in sets.items()
                if len(paths) >= QUORUM}

    def open(self, paths):
        """What a quorum opens, without the ledger; None: nothing."""
        quorum = [paths[0], paths[-1]]
        key = hashlib.sha256(b"".join(
            path.read_bytes() for path in quorum)).digest()
        if key not in self.opened:
            ended = self.run(["reconstruct", "--no-ledger", "--receipt",
                              str(self.outer / "receipt"), *map(str, quorum),
                              "--output-fd", "1"])
            (self.outer / "receipt").unlink(missing_ok=True)
            self.opened[key] = ended.out.encode() if ended.code == 0 else None
        return self.opened[key]

    def events(self):
        return [json.loads(line) for line in self.lines()]

    def named(self):
        """The generations that the tool has, in the order to try them."""
        return [g for g, in self.ask(
            "SELECT generation FROM dealing WHERE credential = 'db' AND "
            "status IN ('current', 'pending') ORDER BY generation DESC")]


class Stage:
    """A state of things, and a command that is to be killed in it.

    words     the command
    prepare   what is run before, each with the wrapper's case and fault
    unaided   whether it doesn't know the old secret"""

    def __init__(self, name, words, prepare=(), unaided=False):
        self.name, self.words, self.prepare = name, words, prepare
        self.unaided = unaided


ROTATE = ["rotate", "db", "a/db-g1-c1-cfo.txt", "a/db-g1-c2-ciso.txt",
          "--hook", "{root}/hook", "--format", "txt", "--output", "new"]
UNAIDED = [ROTATE[0], ROTATE[1], *ROTATE[4:]]
STAGES = [Stage("rotate", ROTATE), Stage("unaided", UNAIDED, unaided=True)]


def begin(quorate, place, target):
    global here
    world.adopt()
    here = Walk(quorate, place, target)


def wrap(case, fault_text):
    here.wrapper = WRAPPER.format(root=here.root, case=case,
                                  fault=fault_text)


def set_stage(stage):
    """Make what is there before; remember it, and what the target is."""
    here.wrapper = None
    here.target.set(SECRET)
    here.target.mark()
    here.restore({})
    here.must("log", "init", "--auditor-card", "auditor.txt")
    (here.root / "roster.json").write_text(json.dumps(scenes.ROSTER))
    here.must("import", "roster.json")
    here.must("split", "db", "--policy", "2 of (cfo, ciso, cto)", "--format",
              "txt", "--user", here.target.user, "--target",
              here.target.target, "--output", "a", stdin=SECRET)
    for words, case, fault_text in stage.prepare:
        files = here.snapshot()
        wrap(case, fault_text)
        here.restore(files)
        here.run(here.command(words))
        here.wrapper = None
    here.target.mark()
    return here.snapshot()


def put_back(stage):
    """The world as the stage has it."""
    if stage.name not in here.stages:
        here.stages[stage.name] = set_stage(stage)
    here.target.reset()
    here.restore(here.stages[stage.name])


def calls(stage):
    """How many system calls it makes, of quorate and of the hook in each of
    its places."""
    here.wrapper = None
    put_back(stage)
    report = here.outer / "report"
    words = here.command(stage.words)
    ended = here.run(words, before=[here.kill_at, "-o", str(report), "0"])
    if ended.code not in (0, 1):
        raise SystemExit("%s: %s %s" % (stage.name, ended.code, ended.err))
    counts = {None: int(report.read_text().split()[0])}
    for place in PLACES:
        wrap(place, '%s -f -o %s 0 "$real" "$@"; exit' % (here.kill_at,
                                                         report))
        report.unlink(missing_ok=True)
        put_back(stage)
        here.run(words)
        if report.exists():
            counts[place] = int(report.read_text().split()[0])
    here.wrapper = None
    return counts


def errors(stage):
    """Each system call that can fail."""
    here.wrapper = None
    put_back(stage)
    log = here.outer / "trace"
    here.run(here.command(stage.words), before=[
        "strace", "-y", "-o", str(log), "-e", "signal=none"])
    counts = collections.Counter()
    for line in log.read_text(errors="replace").splitlines():
        call = fault.CALL.match(line)
        if call is None:
            continue
        call = call.group(1)
        counts[call] += 1
        if not fault.UNFAIR.match(line):
            for kind in fault.ERRORS.get(call, ()):
                yield Point(kind, call, counts[call])


def points_of(name):
    stage = stage_of(name)
    counts = calls(stage)
    points = [Point(KILL, "", n) for n in range(1, counts[None] + 1)]
    points += errors(stage)
    for place in PLACES:
        if place in counts:
            points += [Point(f, place, 0) for f in FAULTS]
            points += [Point(k, place, n) for k in KILLERS
                       for n in range(1, counts[place] + 1)]
    return points


def stage_of(name):
    return next(s for s in STAGES if s.name == name)


def inject(stage, point):
    """Run it with this one fault; whether it was met, and how it ended."""
    report = here.outer / "report"
    report.unlink(missing_ok=True)
    words = here.command(stage.words)
    if point.kind in FAULTS:
        return True, here.run([*words, "--hook-timeout", "1s"])
    if point.kind in KILLERS:
        ended = here.run(words)
        return report.exists() and "met" in report.read_text() or (
            point.kind == "hook"), ended
    if point.kind == KILL:
        ended = here.run(words, before=[here.kill_at, "-o", str(report),
                                        str(point.nth)])
        return "met" in report.read_text(), ended
    ended = here.run(words, before=[
        "strace", "-o", str(report), "-e", "trace=" + point.call, "-e",
        "signal=none", "-e", "inject=%s:error=%s:when=%d" % (
            point.call, point.kind, point.nth)])
    return "(INJECTED)" in report.read_text(errors="replace"), ended


def wrapper_of(point):
    here.wrapper = None
    if point.kind in FAULTS:
        wrap(point.call, FAULTS[point.kind])
    if point.kind in KILLERS:
        wrap(point.call, 'exec %s -f %s -o %s %d "$real" "$@"' % (
            here.kill_at, KILLERS[point.kind], here.outer / "report",
            point.nth))


def judge(ended, complaints):
    """What the target takes, and whether the cards are there for it; the
    generations that it takes."""
    if here.run([], program=[here.ledger_tool, "agrees",
                             str(here.ledger)]).code != 0:
        complaints.append("state and log don't agree")
    taken = []
    for generation, paths in sorted(here.cards().items()):
        secret = here.open(paths)
        if secret is None:
            complaints.append("generation %d doesn't open" % generation)
        elif here.target.accepts(secret):
            taken.append(generation)
    if not taken:
        complaints.append("LOST: the target takes what no cards open: %s" %
                          sorted(here.cards()))
    named = here.named()
    if taken and not set(taken) & set(named):
        complaints.append("the target takes generation %s, and the tool "
                          "names %s" % (taken, named))
    judge_words(ended, taken, complaints)
    return taken, named


def judge_words(ended, taken, complaints):
    """What was said is so."""
    newest = max(here.cards(), default=0)
    for words, so in (
            ("old cards are valid", taken and min(taken) < newest or
             taken == [newest]),
            ("takes the new secret", newest in taken),
            ("refuses the old one", taken == [newest])):
        if words in ended.err and not so:
            complaints.append("said \"%s\", and it takes %s of %s" % (
                words, taken, sorted(here.cards())))
    if ended.code == 0 and newest not in taken:
        complaints.append("confirmed, and it takes %s" % taken)
    if ended.code not in (0, 1, 2, 3, -9) and not fault.library_died(ended):
        complaints.append("ended with %s: %s" % (ended.code, ended.err))


def looks_like(taken):
    """What there is, but for what is random in it."""
    files = sorted((str(p.relative_to(here.root)), p.stat().st_size)
                   for p in here.root.rglob("*") if p.is_file())
    about = [(e["event"], e.get("generation"), e.get("outcome"))
             for e in here.events()]
    return repr((files, about, taken))


def settle(taken, complaints):
    """Once more, with nothing in the way."""
    here.wrapper = None
    here.restore(here.snapshot())
    best = max(taken)
    ended = here.run(here.command([
        "rotate", "db", *map(str, here.cards()[best][:QUORUM]), "--hook",
        "{root}/hook", "--format", "txt", "--output", "settled"]))
    if ended.code != 0:
        complaints.append("again: %s %s" % (ended.code, ended.err))
    now, _ = judge(ended, complaints)
    if now != [max(here.cards())]:
        complaints.append("again: it takes %s of %s" % (
            now, sorted(here.cards())))


def try_point(arguments):
    name, point = arguments
    stage = stage_of(name)
    wrapper_of(point)
    put_back(stage)
    before = here.digest()
    met, ended = inject(stage, point)
    if not met:
        return Verdict(point, "not met", ended.err, [])
    if here.digest() == before and here.target.untouched():
        return Verdict(point, "as before", ended.err, [])
    complaints = []
    taken, named = judge(ended, complaints)
    outcome = "%s, takes %s, named %s" % (
        {-9: "killed", 0: "done"}.get(ended.code, "exit %s" % ended.code),
        "+".join(map(str, taken)), ",".join(map(str, named)))
    look = looks_like(taken)
    if look not in here.settled and taken:
        here.settled[look] = []
        settle(taken, here.settled[look])
    complaints += here.settled.get(look, [])
    return Verdict(point, outcome, ended.err, complaints)


def choose(points, options):
    if options.kind:
        points = [p for p in points if p.kind in options.kind]
    if options.sample and len(points) > options.sample:
        points = random.Random(17).sample(points, options.sample)
    return points


def tell(name, verdicts):
    table = collections.defaultdict(collections.Counter)
    bad = 0
    for v in verdicts:
        table[v.point.kind][v.outcome] += 1
        for complaint in v.complaints:
            print("BAD %s %s %s %d: %s" % (name, *v.point, complaint))
        bad += len(v.complaints) > 0
    for kind in sorted(table):
        print("%-16s %-22s %5d  %s" % (
            name, kind, sum(table[kind].values()), "; ".join(
                "%s: %d" % pair for pair in sorted(table[kind].items()))))
    sys.stdout.flush()
    return bad


def walk(target, options, place):
    """All stages on one target; points, and how many of them are bad."""
    total, bad = 0, 0
    with concurrent.futures.ProcessPoolExecutor(
            options.jobs, initializer=begin,
            initargs=(options.quorate, place, target)) as pool:
        for stage in STAGES:
            if options.stage and stage.name not in options.stage or (
                    stage.unaided and not TARGETS[target].unaided):
                continue
            points = pool.submit(points_of, stage.name).result()
            print("%s %s: %d points" % (target, stage.name, len(points)))
            points = choose(points, options)
            verdicts = list(pool.map(
                try_point, [(stage.name, p) for p in points], chunksize=8))
            bad += tell("%s %s" % (target, stage.name), verdicts)
            total += len(points)
    return total, bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    for name in ("target", "stage", "kind"):
        parser.add_argument("--" + name, action="append", default=[])
    options = parser.parse_args()
    chosen = options.target or TARGETS
    if not fault.usable() or os.geteuid() != 0 or not all(
            TARGETS[target].usable() for target in chosen):
        print("not root, or no strace, or no such target here")
        return 77
    total, bad, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quorate-walk-",
                                     dir=world.place()) as place:
        os.chmod(place, 0o755)
        for target in chosen:
            TARGETS[target].start(place)
            try:
                points, wrong = walk(target, options, place)
            finally:
                TARGETS[target].stop(place)
            total, bad = total + points, bad + wrong
    print("%d points, %d bad, %d s" % (total, bad,
                                       time.monotonic() - began))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
