#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash walk: rotation on real targets, killed before each of its system
calls, each of them failing that can, and the hook failing, hanging and killed
at each of its own; then the same of what settles it. Afterwards, seen from
outside:

 * the target, asked itself, takes a password that a quorum of the cards of
   some set in a directory opens; and the tool names that set
 * what the command said is so; state and log agree
 * --resume with the cards that are there, and nothing in the way, ends with
   one set that the target takes, and which alone is named; --abandon, too,
   or it refuses

    walk.py [--sample N] [--target T]... [--stage S]... [--kind K]... QUORATE

Without --sample all points are tried. One line per target, stage and kind:
points, how they ended. Exit 77: it can't be done here.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import re
import sys
import tempfile
import time

import fault
import rotations
import world

KILL = "SIGKILL"
PLACES = ("describe-1", "apply-1", "verify-1", "verify-2", "verify-3")
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
# What it says where it leaves a set pending.
UNKNOWN = re.compile(r"nobody can say which secret the target has|"
                     r"the ledger doesn't know how this ended|"
                     r"what the target takes is not known|"
                     r"unproven: the hook says that the new secret is set")
ORDER = re.compile(r"(what the target takes is not known|"
                   r"its rotation is unproven): try .*")
NOTHING = re.compile(r"no rotation of \"db\" (was begun and not ended|"
                     r"is on its way)")

Point = collections.namedtuple("Point", "kind call nth")
Verdict = collections.namedtuple("Verdict", "point outcome said complaints")

here = None  # this process's Rotations
settled = {}  # by what things looked like: what was wrong afterwards


def begin(quorate, place, target):
    global here
    world.adopt()
    here = rotations.Rotations(quorate, place, target)


def stage_of(name):
    return next(s for s in rotations.STAGES if s.name == name)


# The points

def calls(stage):
    """How many system calls it makes, of quorate and of the hook in each of
    its places."""
    here.wrap()
    rotations.put_back(here, stage)
    words = here.command(stage.words)
    ended = here.run(words, before=[here.kill_at, "-o", str(here.report),
                                    "0"])
    if ended.code not in (0, 1):
        raise SystemExit("%s: %s %s" % (stage.name, ended.code, ended.err))
    counts = {None: int(here.report.read_text().split()[0])}
    for place in PLACES:
        here.wrap(place, '%s -f -o %s 0 "$real" "$@"; exit' % (
            here.kill_at, here.report))
        here.report.unlink(missing_ok=True)
        rotations.put_back(here, stage)
        here.run(words)
        if here.report.exists():
            counts[place] = int(here.report.read_text().split()[0])
    here.wrap()
    return counts


def errors(stage):
    """Each system call that can fail."""
    rotations.put_back(here, stage)
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
            points += [Point(f, place, 0) for f in FAULTS
                       if stage.words[0] == "rotate" or "hangs" not in f]
            points += [Point(k, place, n) for k in KILLERS
                       for n in range(1, counts[place] + 1)]
    return points


# One point

def wrap(point):
    here.wrap()
    if point.kind in FAULTS:
        here.wrap(point.call, FAULTS[point.kind])
    if point.kind in KILLERS:
        here.wrap(point.call, 'exec %s -f %s -o %s %d "$real" "$@"' % (
            here.kill_at, KILLERS[point.kind], here.report, point.nth))


def inject(stage, point):
    """Run it with this one fault; whether it was met, and how it ended."""
    here.report.unlink(missing_ok=True)
    words = here.command(stage.words)
    if point.kind in FAULTS and words[0] != "rotate":
        return True, here.run(words)
    if point.kind in FAULTS:
        return True, here.run([*words[:2], "--hook-timeout", "1s",
                               *words[2:]])
    if point.kind in KILLERS:
        ended = here.run(words)
        # Killed with the others, it reports nothing.
        return not here.report.exists() or (
            "met" in here.report.read_text()), ended
    if point.kind == KILL:
        ended = here.run(words, before=[
            here.kill_at, "-o", str(here.report), str(point.nth)])
        return "met" in here.report.read_text(), ended
    ended = here.run(words, before=[
        "strace", "-o", str(here.report), "-e", "trace=" + point.call, "-e",
        "signal=none", "-e", "inject=%s:error=%s:when=%d" % (
            point.call, point.kind, point.nth)])
    return "(INJECTED)" in here.report.read_text(errors="replace"), ended


def judge(ended, words, complaints):
    """What the target takes, and whether the cards are there for it. The
    generations that it takes, and those that are named."""
    if not here.agrees():
        complaints.append("state and log don't agree")
    taken = []
    for generation, paths in sorted(here.cards().items()):
        secret = here.open(paths)
        if secret is None:
            complaints.append("generation %d doesn't open" % generation)
        elif here.target.accepts(secret):
            taken.append(generation)
    named = here.named()
    if not taken:
        complaints.append("LOST: the target takes what no cards open: %s" %
                          sorted(here.cards()))
    elif not set(taken) & set(named):
        complaints.append("the target takes generation %s, and the tool "
                          "names %s" % (taken, named))
    judge_words(ended, words, taken, complaints)
    return taken, named


def judge_words(ended, words, taken, complaints):
    """What was said is so. Cards that never went on record are no set."""
    newest = max(here.sets("waiting", "pending", "current"), default=0)
    older = any(g < newest for g in taken) or taken == [newest]
    for said, so in (
            ("old cards are valid", older), ("abandoned: the target", older),
            ("takes the new secret", newest in taken),
            ("refuses the old one", taken == [newest])):
        if said in ended.err and not so:
            complaints.append("said \"%s\", and it takes %s of %s" % (
                said, taken, sorted(here.cards())))
    if ended.code == 0 and newest not in taken and "--abandon" not in words:
        complaints.append("confirmed, and it takes %s" % taken)
    if ended.code not in (None, 0, 1, 2, 3, -9) and (
            not fault.library_died(ended)):
        complaints.append("ended with %s: %s" % (ended.code, ended.err))
    if ended.code in (1, 2, 3) and "quorate: " not in ended.err:
        complaints.append("failed (%s) without a word" % ended.code)


# Afterwards

def looks_like(taken):
    """What there is, but for what is random in it."""
    files = sorted((str(p.relative_to(here.root)), p.stat().st_size)
                   for p in here.root.rglob("*") if p.is_file())
    about = [(e["event"], e.get("generation"), e.get("outcome"))
             for e in here.events()]
    return repr((files, about, taken))


def go_on(how):
    """With a quorum of each set that matters, and nothing in the way."""
    here.wrap()
    here.place_hook()
    cards = [card for generation, paths in here.cards().items()
             if generation in here.sets("pending", "current", "waiting")
             for card in paths[:rotations.QUORUM]]
    words = here.command(["rotate", "db", how, *cards, *rotations.HOOK])
    return words, here.run(words)


def resume(complaints):
    """It ends with one set, in the hands of people and of the ledger."""
    words, ended = go_on("--resume")
    if ended.code != 0 and not NOTHING.search(ended.err):
        complaints.append("--resume: %s %s" % (ended.code, ended.err))
    taken, named = judge(ended, words, complaints)
    if taken != named or len(taken) != 1:
        complaints.append("--resume: it takes %s, named are %s: %s" % (
            taken, named, ended.err))


def abandon(complaints):
    """It ends with the old set, or not at all."""
    words, ended = go_on("--abandon")
    taken, named = judge(ended, words, complaints)
    if ended.code == 0 and taken != named:
        complaints.append("--abandon: it takes %s, named are %s: %s" % (
            taken, named, ended.err))
    if ended.code not in (0, 1):
        complaints.append("--abandon: %s %s" % (ended.code, ended.err))


def ask_order(complaints):
    """What --resume says where no cards are here and the old secret is
    needed: the order of the sets to try."""
    if here.target.unaided or not here.sets("pending"):
        return
    here.wrap()
    here.place_hook()
    ended = here.run(here.command(["rotate", "db", "--resume",
                                   *rotations.HOOK]))
    said = ORDER.search(ended.err)
    said = re.findall("generation ([0-9]+)", said.group(0)) if said else []
    said = list(map(int, said))
    if ended.code != 1 or not said or said != here.named()[:len(said)]:
        complaints.append("--resume without cards: %s %s" % (
            ended.code, ended.err))


def settle(complaints):
    ask_order(complaints)
    files, state = here.snapshot(), here.target.state()
    resume(complaints)
    here.target.put(state)
    here.restore(files)
    abandon(complaints)


def try_point(arguments):
    name, point = arguments
    stage = stage_of(name)
    wrap(point)
    rotations.put_back(here, stage)
    before, state = here.digest(), here.target.state()
    met, ended = inject(stage, point)
    if not met:
        return Verdict(point, "not met", ended.err, [])
    if here.digest() == before and here.target.state() == state:
        return Verdict(point, "as before", ended.err, [])
    complaints = []
    taken, named = judge(ended, stage.words, complaints)
    says = UNKNOWN.search(ended.err) is not None
    if here.sets("pending") and ended.code != -9 and not says and (
            not stage.prepare):
        complaints.append("it doesn't say that nobody can say: " + ended.err)
    outcome = "%s%s, takes %s of %s" % (
        {-9: "killed", 0: "done"}.get(ended.code, "exit %s" % ended.code),
        " (nobody can say)" if says else "",
        "+".join(map(str, taken)), ",".join(map(str, named)))
    look = looks_like(taken)
    if look not in settled and taken:
        settled[look] = []
        settle(settled[look])
    complaints += settled.get(look, [])
    return Verdict(point, outcome, ended.err, complaints)


# All of them

def choose(points, options):
    if options.kind:
        points = [p for p in points if p.kind in options.kind]
    if options.sample and len(points) > options.sample:
        points = random.Random(options.seed).sample(points, options.sample)
    return points


def tell(name, verdicts):
    table = collections.defaultdict(collections.Counter)
    bad = 0
    for v in verdicts:
        table[v.point.kind][v.outcome] += 1
        for complaint in v.complaints:
            print("BAD %s %s %s %d: %s" % (name, *v.point, complaint))
        bad += len(v.complaints) > 0
        sys.stdout.flush()
    for kind in sorted(table):
        print("%-26s %-22s %5d  %s" % (
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
        for stage in rotations.STAGES:
            if options.stage and stage.name not in options.stage or (
                    stage.unaided and not rotations.TARGETS[target].unaided):
                continue
            points = pool.submit(points_of, stage.name).result()
            print("%s %s: %d points" % (target, stage.name, len(points)))
            points = choose(points, options)
            bad += tell("%s %s" % (target, stage.name), pool.map(
                try_point, [(stage.name, p) for p in points], chunksize=8))
            total += len(points)
    return total, bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--jobs", type=int, default=2)
    for name in ("target", "stage", "kind"):
        parser.add_argument("--" + name, action="append", default=[])
    options = parser.parse_args()
    chosen = options.target or rotations.TARGETS
    if not fault.usable() or os.geteuid() != 0 or not all(
            rotations.TARGETS[target].usable() for target in chosen):
        print("not root, or no strace, or no such target here")
        return 77
    total, bad, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quorate-walk-",
                                     dir=world.place()) as place:
        os.chmod(place, 0o755)
        for target in chosen:
            rotations.TARGETS[target].start(place)
            try:
                points, wrong = walk(target, options, place)
            finally:
                rotations.TARGETS[target].stop(place)
            total, bad = total + points, bad + wrong
    print("%d points, %d bad, %d s" % (total, bad,
                                       time.monotonic() - began))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
