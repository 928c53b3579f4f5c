#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9, EIO, ENOSPC and others at the system calls of each command that
writes the ledger, by strace's injection; and what must hold afterwards:

 * the ledger opens; state and log agree; the log covers the checkpoint that
   was taken before, and what was in it is in it still
 * what was confirmed (exit 0) is in the log
 * no act without its entry: cards, secret, target
 * the same command again ends well, or refuses by name
 * no alert is lost: it is told, or known to wait for its next try

    fault.py [--sample N] [--only SCENE]... [--kind KIND]... QUORATE

What follows from the files alone is judged once where they are the same.
Without --sample all points are tried. One line per command and kind: points,
how they ended. Exit 77: strace can't be used here.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import scenes
import world

ANY = ("EIO",)
SPACE = ("EIO", "ENOSPC")
WAITS = ("EIO", "EINTR")
# What can fail for want of a disk that works, of room, or of patience.
ERRORS = {
    "access": ANY, "chmod": ANY, "clone": ("ENOMEM", "EAGAIN"),
    "clone3": ("ENOMEM", "EAGAIN"), "close": ("EIO", "EINTR", "ENOSPC"),
    "fallocate": SPACE, "fchmod": ANY, "fchown": ANY,
    "fcntl": ("EIO", "EINTR", "ENOLCK"), "fdatasync": SPACE, "flock": WAITS,
    "fstat": ANY, "fsync": ("EIO", "ENOSPC", "EINTR"), "ftruncate": SPACE,
    "getcwd": ANY, "getdents64": ANY, "getrandom": ("EINTR",),
    "ioctl": ANY, "link": SPACE, "linkat": SPACE, "lseek": ANY,
    "lstat": ANY, "madvise": ("ENOMEM",), "mkdir": SPACE, "mkdirat": SPACE,
    "mlock": ("ENOMEM",), "mmap": ("ENOMEM", "EIO"), "mprotect": ("ENOMEM",),
    "newfstatat": ANY, "open": SPACE, "openat": ("EIO", "ENOSPC", "EMFILE"),
    "pipe": ("EMFILE",), "pipe2": ("EMFILE",), "poll": WAITS,
    "ppoll": WAITS, "pread64": WAITS, "pwrite64": ("EIO", "ENOSPC", "EINTR"),
    "read": WAITS, "readlink": ANY, "rename": SPACE, "renameat": SPACE,
    "renameat2": SPACE, "select": WAITS, "socketpair": ("EMFILE",),
    "stat": ANY, "statx": ANY, "unlink": ANY, "unlinkat": ANY,
    "utimensat": ANY, "vfork": ("EAGAIN",), "wait4": ("EINTR",),
    "waitid": ("EINTR",), "write": ("EIO", "ENOSPC", "EINTR", "EPIPE"),
}
KILL = "SIGKILL"
# What it says where it failed behind the entry.
SAYS_SO = re.compile(r"on record|is declared|keep both sets|"
                     r"nothing was changed|perhaps not after a power cut")
# strace fails a close by not closing: who reads the other end of a pipe would
# wait for ever. And what can't be said isn't heard.
UNFAIR = re.compile(r"^(close\(\d+<(pipe|socket|UNIX)|write\(2<)")
HERE = re.compile(r"AT_FDCWD<[^>]*>")
CALL = re.compile(r"^(?:\[pid +\d+\] )?(\w+)\(")

Point = collections.namedtuple("Point", "kind call nth")
Stage = collections.namedtuple("Stage", "scene files before incident")
Verdict = collections.namedtuple("Verdict", "point outcome said complaints")

here = None  # this process's World
seen = {}  # by what the files are: what was found to be so afterwards


def begin(quorate, place):
    global here
    world.adopt()
    here = world.World(quorate, place)


def set_stage(name):
    """The stage of a scene, and its points."""
    scene = next(s for s in scenes.SCENES if s.name == name)
    scene.prepare(here)
    if here.ledger.exists():
        (here.root / "before").write_text(
            here.must("log", "checkpoint").out)
    stage = Stage(name, here.snapshot(), here.lines(),
                  scenes.incident_of(here))
    return stage, points_of(stage)


def put_back(stage):
    here.restore(stage.files)


def scene_of(stage):
    return next(s for s in scenes.SCENES if s.name == stage.scene)


def points_of(stage):
    """Each system call from the first that has to do with our files on: what
    comes before is the dynamic linker's."""
    put_back(stage)
    scene = scene_of(stage)
    log = here.outer / "trace"
    ended = here.run(scene.words(here, stage.incident), stdin=scene.stdin,
                     before=["strace", "-y", "-o", str(log), "-e",
                             "signal=none"])
    if not scene.confirmed(ended):
        raise SystemExit("%s: %s %s" % (scene.name, ended.code, ended.err))
    counts, points, ours = collections.Counter(), [], False
    for line in log.read_text(errors="replace").splitlines():
        call = CALL.match(line)
        if call is None:
            continue
        call = call.group(1)
        counts[call] += 1
        ours = ours or (call != "execve" and
                        str(here.root) in HERE.sub("", line))
        if not ours or call in ("exit_group", "rt_sigreturn"):
            continue
        errors = () if UNFAIR.match(line) else ERRORS.get(call, ())
        for kind in (KILL, *errors):
            points.append(Point(kind, call, counts[call]))
    return points


def inject(stage, point):
    """Run it with this one fault; whether it was met, and how it ended."""
    scene = scene_of(stage)
    log = here.outer / "trace"
    log.unlink(missing_ok=True)
    how = "signal=" if point.kind == KILL else "error="
    ended = here.run(scene.words(here, stage.incident), stdin=scene.stdin,
                     before=["strace", "-o", str(log), "-e",
                             "trace=" + point.call, "-e", "signal=none",
                             "-e", "inject=%s:%s%s:when=%d" % (
                                 point.call, how, point.kind, point.nth)])
    if point.kind == KILL:
        return ended.code == -9, ended
    return "(INJECTED)" in log.read_text(errors="replace"), ended


def verify(stage, complaints, when):
    """The log as it is now; complaints grow."""
    if not here.ledger.exists():
        if stage.before:
            complaints.append(when + ": the ledger is gone")
        return []
    words = ["log", "verify", "--rebuild"]
    if stage.before:
        words += ["--witness", "before"]
    ended = here.run(words)
    if ended.code != 0 or "state: as the log makes it" not in ended.out:
        complaints.append("%s: verify: %s %s %s" % (
            when, ended.code, ended.out, ended.err))
        return []
    lines = here.lines()
    if lines[:len(stage.before)] != stage.before:
        complaints.append(when + ": entries of before are gone")
    return lines


def library_died(ended):
    """libgcrypt ends the process where it can't even look for its mode."""
    return ended.code == -6 and "libgcrypt" in ended.err


def judge_first(stage, point, ended, lines, complaints):
    """What holds right after it; whether the act is on record."""
    scene = scene_of(stage)
    done = scene.done(scenes.events(lines[len(stage.before):]))
    if scene.confirmed(ended) and not done and not (
            scene.instead is not None and
            re.search(scene.instead, ended.err)):
        complaints.append("confirmed, and not in the log: %s" %
                          scenes.events(lines[len(stage.before):]))
    if ended.code not in (0, 1, 2, 3, 4, -9) and not library_died(ended) or (
            ended.code == -9 and point.kind != KILL):
        complaints.append("ended with %s: %s" % (ended.code, ended.err))
    if ended.code in (1, 2, 3) and "quorate: " not in ended.err and (
            not scene.refused(ended)):
        complaints.append("failed (%s) without a word" % ended.code)
    if (ended.code in (1, 2, 3) and done and scene.events and
            not scene.confirmed(ended) and
            not SAYS_SO.search(ended.err + ended.out)):
        complaints.append("recorded, and it doesn't say so: " + ended.err)
    if scene.act is not None:
        complaint = scene.act(here, lines)
        if complaint is not None:
            complaints.append(complaint)
    return done


def judge_again(stage, complaints):
    scene = scene_of(stage)
    again = here.run(scene.words(here, stage.incident), stdin=scene.stdin)
    if not scene.confirmed(again) and not scene.refused(again):
        complaints.append("again: %s %s" % (again.code, again.err))
    lines = verify(stage, complaints, "after the second time")
    if not lines:
        return
    here.run(["log", "deliver"])
    missed = {number for number, event in enumerate(scenes.events(lines))
              if event in scenes.ALERTS} - here.told() - here.waiting()
    if missed:
        complaints.append("not told of entries %s" % sorted(missed))


def try_point(stage, point):
    put_back(stage)
    met, ended = inject(stage, point)
    files = (stage.scene, here.digest())
    new = files not in seen
    if new:
        found = []
        seen[files] = (verify(stage, found, "after"), found)
    lines, found = seen[files]
    complaints = []
    done = judge_first(stage, point, ended, lines, complaints)
    if new:
        judge_again(stage, found)
    complaints += found
    if not met:
        outcome = "not met"
    elif scene_of(stage).confirmed(ended):
        outcome = "ended well"
    else:
        outcome = "%s, %s" % ("killed" if point.kind == KILL else "failed",
                              "recorded" if done and
                              scene_of(stage).events else "not recorded")
    return Verdict(point, outcome, ended.err, complaints)


def choose(points, options):
    if options.kind:
        points = [p for p in points if p.kind in options.kind]
    if options.sample and len(points) > options.sample:
        points = random.Random(17).sample(points, options.sample)
    return points


def tell(name, verdicts, options):
    table = collections.defaultdict(collections.Counter)
    bad = 0
    for v in verdicts:
        table[v.point.kind][v.outcome] += 1
        if options.verbose and v.outcome == "failed, recorded":
            print("%s %s %s %d: %s: %s" % (name, *v.point, v.outcome,
                                           v.said.strip()))
        for complaint in v.complaints:
            print("BAD %s %s %s %d: %s" % (name, *v.point, complaint))
        bad += len(v.complaints) > 0
    for kind in sorted(table):
        print("%-16s %-8s %5d  %s" % (
            name, kind, sum(table[kind].values()), "; ".join(
                "%s %d" % pair for pair in sorted(table[kind].items()))))
    sys.stdout.flush()
    return bad


def usable():
    try:
        return subprocess.run(
            ["strace", "-o", "/dev/null", "-e", "inject=getppid:error=EIO",
             "true"], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not usable():
        print("no strace here")
        return 77
    total, bad, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(
            prefix="quorate-fault-", dir=world.place()) as place, \
            concurrent.futures.ProcessPoolExecutor(
                2, initializer=begin,
                initargs=(options.quorate, place)) as pool:
        os.chmod(place, 0o755)
        for scene in scenes.SCENES:
            if options.only and scene.name not in options.only:
                continue
            stage, points = pool.submit(set_stage, scene.name).result()
            points = choose(points, options)
            verdicts = list(pool.map(try_point, [stage] * len(points),
                                     points, chunksize=4))
            bad += tell(scene.name, verdicts, options)
            total += len(points)
    print("%d points, %d bad, %d s" % (total, bad,
                                       time.monotonic() - began))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
