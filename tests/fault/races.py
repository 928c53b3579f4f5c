#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several commands at once on one credential whose rotation stands somewhere:
rotations, what settles them, and an opening of the old cards. Each may be
killed at some moment, its hook running on. Afterwards what walk.py wants
holds, and:

 * who isn't killed succeeds, or is refused with a word
 * while the hook of a killed rotation runs, nobody else's is started

    races.py [--rounds N] [--seed N] [--target T] QUORATE
"""

import argparse
import collections
import concurrent.futures
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import rotations
import scenes
import walk
import world

# What may run beside each other; the place of its cards makes it its own.
COMMANDS = {
    "rotate": ["rotate", "db", *rotations.OLD, *rotations.DEAL, "{place}"],
    "unaided": ["rotate", "db", *rotations.DEAL, "{place}"],
    "resume": [*rotations.RESUME, *rotations.DEAL[2:], "{place}"],
    "resume-anew": ["rotate", "db", "--resume", *rotations.DEAL, "{place}"],
    "abandon": rotations.ABANDON,
    "reconstruct": [w if w != "cat >secret-out" else
                    "cat >/dev/null; sleep 0.2" for w in scenes.OPEN],
}
STAGES = ("rotate", "resume-waiting", "resume-asked", "resume-applied",
          "resume-anew-again")
Ended = collections.namedtuple("Ended", "name code err")


def start(here, name, number):
    words = [w.format(root=here.root, place="place-%d" % number)
             for w in COMMANDS[name]]
    err = open(here.outer / ("err-%d" % number), "w+b")
    return name, err, subprocess.Popen(
        [here.quorate, *words], cwd=here.root, env=here.env, stderr=err,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True)


def play(here, names, moments):
    """Start each, kill each that has a moment; how they ended."""
    began = time.monotonic()
    crew = [start(here, name, number) for number, name in enumerate(names)]
    for moment, child in sorted((m, c[2]) for m, c in zip(moments, crew)
                                if m is not None):
        time.sleep(max(0, began + moment - time.monotonic()))
        child.send_signal(signal.SIGKILL)
    ends = []
    for name, err, child in crew:
        code = child.wait(world.LIMIT)
        err.seek(0)
        ends.append(Ended(name, code, err.read().decode(errors="replace")))
        err.close()
    return ends


def at_once(calls):
    """Whether two hooks were applying at the same time; each says when it
    begins and when it ends."""
    return any(a.startswith("begin") and b.startswith("begin")
               for a, b in zip(calls, calls[1:]))


# The wrapper's own, for each apply: it is alone.
ALONE = """echo "begin $$" >>{root}/applying
	{fault}
	"$real" "$@"; status=$?
	{after}
	echo "end $$" >>{root}/applying
	exit $status"""


def play_round(number):
    """How each ended, and what is wrong."""
    here, dice, complaints = walk.here, random.Random(number), []
    stage = walk.stage_of(dice.choice(STAGES))
    if stage.unaided and not here.target.unaided:
        stage = walk.stage_of("rotate")
    slow = ["sleep 0.%d" % dice.randint(1, 4) if dice.random() < 0.5 else ""
            for _ in range(2)]
    here.wrap("apply-*", ALONE.format(root=here.root, fault=slow[0],
                                      after=slow[1]))
    rotations.put_back(here, stage)
    names = dice.choices([n for n in COMMANDS if here.target.unaided or
                          n not in ("unaided", "resume-anew")],
                         k=dice.choice((2, 2, 3)))
    moments = [dice.uniform(0.02, 0.6) if dice.random() < 0.4 else None
               for _ in names]
    ends = play(here, names, moments)
    # What follows at once meets the hook of who was killed.
    if None not in moments or dice.random() < 0.5:
        ends += play(here, [dice.choice(("resume", "abandon", "rotate"))],
                     [None])
    if not world.reap():
        complaints.append("left " + world.end_all())
    complaints += ["%s ended with %s: %s" % end for end in ends
                   if end.code not in (0, 1, 2, 3, -9) or
                   end.code in (1, 2, 3) and "quorate: " not in end.err]
    applying = here.root / "applying"
    if applying.exists() and at_once(applying.read_text().splitlines()):
        complaints.append("two hooks at once")
    walk.judge(world.Ended(None, "", ""), [], complaints)
    if not complaints:
        walk.resume(complaints)
    return stage.name, ends, complaints


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", default="unix")
    options = parser.parse_args()
    target = rotations.TARGETS[options.target]
    if os.geteuid() != 0 or not target.usable():
        print("not root, or no such target here")
        return 77
    total, bad, began = collections.Counter(), 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quorate-races-",
                                     dir=world.place()) as place:
        os.chmod(place, 0o755)
        target.start(place)
        with concurrent.futures.ProcessPoolExecutor(
                2, initializer=walk.begin,
                initargs=(options.quorate, place, options.target)) as pool:
            for number, (stage, ends, complaints) in enumerate(pool.map(
                    play_round, range(options.seed,
                                      options.seed + options.rounds))):
                total.update("%s:%s" % (e.name, e.code) for e in ends)
                bad += len(complaints) > 0
                for complaint in complaints:
                    print("BAD %d %s (%s): %s" % (
                        options.seed + number, stage, " ".join(
                            "%s:%s" % (e.name, e.code) for e in ends),
                        complaint))
        target.stop(place)
    print("; ".join("%s %d" % pair for pair in sorted(total.items())))
    print("%d rounds, %d bad, %d s" % (options.rounds, bad,
                                       time.monotonic() - began))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
