#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Power cuts. Each command that writes is recorded once (power-shim.c), with
all that it did to its files, in order. Then, for every prefix of that, what
the disk may hold is made (replay.py): all of it, only what was synced, and
what lies between, exhaustively up to a cap, at random beyond. On each disk
that differs from those before:

 * the ledger opens, state and log agree, what was in the log is in it still
 * what was acted upon, told or said is on record: the hook was run, the secret
   went out, an alert was sent, success was said
 * cards and papers that were said to be there are there, whole
 * a quorum on the disk, of a set that the ledger names, opens the password
   that the target has at that moment
 * no alert is lost

    power.py [--sample] [--cap N] [--only CUT]... [--drop PATTERN] SHIM QUORATE
    power.py --planted SHIM QUORATE     it finds each sync that is left out
    power.py --complete SHIM QUORATE    the recorder sees what strace sees
    power.py --each SHIM QUORATE        which syncs matter, one by one

One line per command: events, disks made, disks that differ, violations.
"""

import argparse
import collections
import copy
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import cuts
import fault
import replay
import scenes
import world

SAMPLE = ("log-init", "split", "rotate", "reconstruct")
SAMPLE_CAP, SAMPLE_PREFIXES = 6, 60
BATCH, FEW = 256, 32  # disks that are looked at at once

# What is left out, where it must be found out: the sync of ...
PLANTED = [
    ("rotate", r"^ledger\.db$", "the ledger"),
    ("rotate", r"^ledger\.db-journal$", "its journal"),
    ("rotate-bare", r"^\.$", "the ledger's directory"),
    ("rotate", r"^cards/new/#", "the new cards"),
    ("rotate", r"^cards/new$", "their directory"),
    ("rotate", r"^cards$", "the directory that theirs was made in"),
    ("rotate-without", r"^cards/new$", "the same without a ledger"),
    ("reconstruct", r"^ledger\.db", "the ledger, before a secret goes out"),
    ("log-init", r"^\.$", "the directory of a new ledger"),
    ("log-init-deep", r"^state$", "a directory that was made for it"),
    ("split", r"^cards/a$", "the cards' directory"),
    ("rescue", r"^\.$", "the receipt's directory"),
]

# before    the log            whole  {path: [(mode, data) as it should be]}
# old, new  the target's secret    sent   {generation: what those open that
# cards     whether there are any         were delivered elsewhere}
Stage = collections.namedtuple("Stage", "before events final whole old new "
                               "cards sent")
Result = collections.namedtuple("Result", "events cuts disks checked bad")

here = None  # this process's CutWorld


def begin(quorate, place):
    global here
    world.adopt()
    here = cuts.CutWorld(quorate, place)


def read_files(root):
    """{path: (mode, data)} below a directory; of one that is in it, None."""
    return replay.Disk(root).image(())


def record(name, shim, before=()):
    """Run it once, recorded: what came of it, and the disk before."""
    cut = find(name)
    lines, incident, old = cut.prepare(here)
    files = read_files(here.root)
    here.trace.write_bytes(b"")
    env = dict(here.env, LD_PRELOAD=shim, POWER_ROOT=str(here.root),
               POWER_TRACE=str(here.trace), **cut.env)
    first = replay.Disk(here.root)
    with open(here.trace, "ab") as said:
        for words in filter(None, [cut.first, cut.words(here, incident)]):
            child = subprocess.Popen(
                [*before, here.quorate, *words], cwd=here.root, env=env,
                stdin=subprocess.PIPE, stdout=said, stderr=said,
                start_new_session=True)
            child.communicate(cut.scene.stdin, world.LIMIT)
            world.reap()
    events = replay.parse(here.trace.read_bytes(), str(here.root))
    text = "".join(e.path for e in events if e.what == "said")
    ended = world.Ended(child.returncode, text, "")
    if not cut.scene.confirmed(ended):
        raise SystemExit("%s: %s %s" % (cut.name, ended.code, text))
    stage = Stage(lines, events, read_files(here.root), {}, old,
                  here.target.read_text(), any(map(cuts.CARD.search, files)),
                  cuts.find_sent(here))
    check_replay(cut, stage, copy.deepcopy(first))
    return stage, first


def keep_whole(stage, owed, disk):
    files = disk.image((replay.KEPT,) * len(disk.pending))
    for path in {*(t[1] for t in owed if t[0] == "file"),
                 *filter(cuts.CARD.search, files)}:
        if path not in files:
            raise SystemExit("%s: promised, and never there" % path)
        stage.whole.setdefault(path, []).append(files.get(path))


def check_replay(cut, stage, disk):
    """All events lead to the files that were there in the end: else the
    recording has a hole, or the replay is wrong. What is promised on the way
    is whole as it is then."""
    owed = frozenset()
    for pattern, _ in cut.promises:
        if not any(re.search(pattern, e.path, re.M) for e in stage.events
                   if e.what in ("said", "mark")):
            raise SystemExit("%s: never heard: %s" % (cut.name, pattern))
    for event in stage.events:
        disk.step(event)
        new = cut.owe(event, owed)
        if new != owed:
            keep_whole(stage, new, disk)
        owed = new
    keep_whole(stage, cut.end(owed), disk)
    made = disk.image((replay.KEPT,) * len(disk.pending))
    if made != stage.final:
        raise SystemExit("%s: the replay ends otherwise: %s" % (
            cut.name, sorted(n for n in {*made, *stage.final}
                             if made.get(n) != stage.final.get(n))))


def disks(cut, stage, disk, options):
    """Each disk that there may be, with what was promised: (place in the
    recording, files, owed). options: cap, drop, skip, prefixes."""
    owed = frozenset()
    chosen = None
    if options.prefixes:
        chosen = set(random.Random(3).sample(
            range(len(stage.events)), min(options.prefixes,
                                          len(stage.events))))
    for i, event in enumerate([*stage.events, None]):
        chance = random.Random("%s %d %d" % (cut.name, i, options.seed))
        if event is None:
            owed = cut.end(owed)
        else:
            owed = cut.owe(event, owed)
        if event is not None:
            if event.what == "sync" and (i == options.skip or (
                    options.drop and re.search(options.drop, event.path))):
                continue
            disk.step(event)
        if (chosen is not None and i not in chosen and event is not None and
                event.what not in ("said", "mark")):
            continue
        for choice in replay.choices(disk.pending, options.cap, chance):
            yield i, disk.image(choice), owed


def find(name):
    return next(c for c in cuts.CUTS if c.name == name)


def ask(pool, function, *arguments):
    """In one of the pool, which is the parent of all that is run. One that
    exits would be waited for for ever."""
    return pool.apply(keep_on, (function, *arguments))


def keep_on(function, *arguments):
    try:
        return function(*arguments)
    except SystemExit as end:
        raise RuntimeError(end.code) from None


def chosen(options):
    return [c for c in cuts.CUTS if not options.only or
            c.name in options.only]


def look(task):
    cut, files, again, target = task
    cut = find(cut)
    if here.ledger_name != cut.ledger:
        here.ledger_name = cut.ledger
        here.restore({})
    return cuts.examine(here, files, cut if again else None, target)


def run_cut(pool, cut, options):
    """Record, and look at the disks."""
    return replay_cut(pool, cut, *ask(pool, record, cut.name, options.shim),
                      options)


def replay_cut(pool, cut, stage, first, options):
    """Make all disks, look at those that differ."""
    disk = copy.deepcopy(first)
    found, seen, waiting, bad = {}, set(), [], collections.Counter()
    made = 0

    def settle():
        tasks = {key: (files, owed) for _, key, files, owed in waiting
                 if key not in found}
        marked = [(cut.name, files, options.again and
                   key[0] % options.again == 0,
                   stage.new if ("target", "new") in owed else stage.old)
                  for key, (files, owed) in tasks.items()]
        for key, what in zip(tasks, pool.imap(look, marked, 4)):
            found[key] = what
        for at, key, files, owed in waiting:
            for complaint in cuts.judge(cut, stage, files, found[key], owed):
                bad[complaint] += 1
                if bad[complaint] <= options.tell:
                    print("BAD %s behind event %d: %s" % (
                        cut.name, at, complaint))
        waiting.clear()

    for at, files, owed in disks(cut, stage, disk, options):
        made += 1
        key = replay.digest(files)
        if (key, owed) in seen:
            continue
        seen.add((key, owed))
        waiting.append((at, key, files, owed))
        if len(waiting) >= (FEW if options.first else BATCH):
            settle()
            if bad and options.first:
                break
    settle()
    return Result(len(stage.events), made, len(found), len(seen),
                  sum(bad.values()))


def tell(name, result):
    print("%-16s %5d events %7d disks %6d differ %6d with what was promised"
          " %4d bad" % (name, *result))
    sys.stdout.flush()
    return result.bad


def run_all(pool, options):
    total, began = Result(0, 0, 0, 0, 0), time.monotonic()
    for cut in chosen(options):
        result = run_cut(pool, cut, options)
        tell(cut.name, result)
        total = Result(*map(sum, zip(total, result)))
    tell("all", total)
    print("%d s" % (time.monotonic() - began))
    return total.bad > 0


def run_planted(pool, options):
    """Each sync that is left out must be found out."""
    missed = 0
    options.first, options.tell = True, 0
    for name, pattern, what in PLANTED:
        if options.only and name not in options.only:
            continue
        options.drop = pattern
        result = run_cut(pool, find(name), options)
        print("%-16s without the sync of %s: %s" % (
            name, what, "found out" if result.bad else "NOT FOUND OUT"))
        sys.stdout.flush()
        missed += not result.bad
    return missed > 0


def run_each(pool, options):
    """For each sync of a command, alone left out: is it found out?"""
    options.first, options.tell = True, 0
    for cut in chosen(options):
        stage, first = ask(pool, record, cut.name, options.shim)
        for i, event in enumerate(stage.events):
            if event.what != "sync":
                continue
            options.skip = i
            result = replay_cut(pool, cut, stage, first, options)
            print("%-16s %4d %-32s %s" % (
                cut.name, i, event.path,
                "matters" if result.bad else "nothing came of it"))
            sys.stdout.flush()
    return False


def compare(name, shim):
    """What strace sees done to the files, and the recorder doesn't; and the
    other way round."""
    log = here.outer / "strace"
    stage, _ = record(name, shim, ["strace", "-f", "-qq", "-y", "-s", "0",
                                   "-o", str(log), "-e", "signal=none"])
    known = collections.Counter(KINDS.get(e.what, e.what)
                                for e in stage.events
                                if e.what not in ("said", "mark"))
    traced = count_calls(log.read_text(errors="replace"))
    return sum(known.values()), traced - known, known - traced


def run_complete(pool, options):
    bad = 0
    for cut in chosen(options):
        known, unseen, made_up = ask(pool, compare, cut.name,
                                     options.shim)
        print("%-16s %d calls%s" % (cut.name, known, "" if not unseen and
                                    not made_up else " BAD: not seen %s, "
                                    "made up %s" % (unseen, made_up)))
        bad += bool(unseen or made_up)
    return bad > 0


# How the recorder calls what it saw, and what strace calls it.
KINDS = {"nameless": "open"}
CALLS = {
    "write": "write", "pwrite64": "write", "ftruncate": "truncate",
    "fallocate": "allocate", "link": "link", "linkat": "link",
    "rename": "rename", "renameat": "rename", "renameat2": "rename",
    "unlink": "unlink", "unlinkat": "unlink", "rmdir": "rmdir",
    "mkdir": "mkdir", "mkdirat": "mkdir", "chmod": "chmod",
    "fchmod": "chmod", "fchmodat": "chmod", "fchown": "chown", "fsync": "sync",
    "fdatasync": "sync", "syncfs": "syncall"}
OTHERS = {"truncate", "writev", "pwritev", "pwritev2", "sendfile", "splice",
          "copy_file_range", "symlink", "symlinkat", "creat", "mknod",
          "mknodat", "setxattr", "fsetxattr", "chown", "fchownat",
          "io_uring_setup", "sync"}
ELSEWHERE = re.compile(r'AT_FDCWD<[^>]*>, "/')
STRACE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")


def count_calls(log):
    """How often what was done to a file below the root."""
    seen = collections.Counter()
    root = str(here.root)
    for line in log.splitlines():
        call = STRACE.match(ELSEWHERE.sub('"/', line))
        if not call or int(call.group(3)) < 0 or not (
                re.search(r'["<]%s[/">]' % re.escape(root), call.group(2))):
            continue
        name, words = call.group(1), call.group(2)
        if name == "openat" and re.search(
                r"O_CREAT|O_TRUNC|O_TMPFILE|O_D?SYNC", words):
            seen["open"] += 1
        elif name == "unlinkat" and "AT_REMOVEDIR" in words:
            seen["rmdir"] += 1
        elif name == "mmap" and re.search("PROT_WRITE.*MAP_SHARED", words):
            seen["mmap"] += 1
        elif name in CALLS:
            seen[CALLS[name]] += 1
        elif name in OTHERS:
            seen[name] += 1
    return seen


def usable(shim, quorate):
    """Sanitizers want to be loaded first, some systems preload nothing."""
    with tempfile.NamedTemporaryFile() as trace:
        try:
            return subprocess.run(
                [quorate, "--version"], env={
                    "LD_PRELOAD": shim, "POWER_ROOT": "/nowhere",
                    "POWER_TRACE": trace.name}, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE).stderr == b""
        except OSError:
            return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shim")
    parser.add_argument("quorate")
    for mode in ("sample", "planted", "each", "complete"):
        parser.add_argument("--" + mode, action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--cap", type=int, default=64)
    parser.add_argument("--prefixes", type=int, default=0)
    parser.add_argument("--again", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tell", type=int, default=1)
    parser.add_argument("--drop")
    parser.add_argument("--first", action="store_true")
    options = parser.parse_args()
    options.shim = os.path.realpath(options.shim)
    options.skip = None
    if not usable(options.shim, options.quorate):
        print("the recorder can't be preloaded here")
        return 77
    if options.complete and not fault.usable():
        print("no strace here")
        return 77
    if options.sample:
        options.only = options.only or list(SAMPLE)
        options.cap, options.prefixes = SAMPLE_CAP, SAMPLE_PREFIXES
    run = (run_planted if options.planted else run_each if options.each else
           run_complete if options.complete else run_all)
    with tempfile.TemporaryDirectory(
            prefix="quorate-power-", dir=world.place()) as place:
        os.chmod(place, 0o755)
        with multiprocessing.Pool(2, begin, (options.quorate, place)) as pool:
            return run(pool, options)


if __name__ == "__main__":
    sys.exit(main())
