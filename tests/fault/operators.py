#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several operators on one ledger at once, one of whom is killed at a random
moment, round after round:

 * what anybody was confirmed is in the log, what was in it stays in it
 * state and log agree, and the log covers the checkpoint of the round before
 * who isn't killed succeeds, or is refused by name
 * of who is killed no act is without its entry

    operators.py [--rounds N] [--seed N] QUORATE
"""

import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import scenes
import world

Operator = collections.namedtuple("Operator", "words stdin event key value")


def operators(n):
    """What they do in round n, and by what entry it is known."""
    name = "c%d" % n
    secret = scenes.SECRET.encode()
    opening = list(scenes.OPEN)
    opening[opening.index("T-1")] = "O-%d" % n
    opening[-1] = "cat >secret-%d" % n
    return [
        Operator(["person", "add", "r%d" % n], b"", "person", "person",
                 "r%d" % n),
        Operator(["request", "db", "--requester", "ana", "--reason", "r",
                  "--ticket", "T-%d" % n], b"", "request", "ticket",
                 "T-%d" % n),
        Operator(["acknowledge", "db", "--card", "1", "--form", "form.pdf",
                  "--location", "safe %d" % n], b"", "acknowledge",
                 "location", "safe %d" % n),
        Operator(["split", name, *scenes.SPLIT, "--output", name], secret,
                 "deal", "credential", name),
        Operator(opening, b"", "open", "ticket", "O-%d" % n),
        Operator(["status", "--record"], b"", None, None, None),
        Operator(["log", "deliver"], b"", None, None, None),
    ]


def start(here, operator, place):
    given = open(place / "in", "w+b")
    given.write(operator.stdin)
    given.seek(0)
    with given, open(place / "out", "wb") as out, \
            open(place / "err", "wb") as err:
        return subprocess.Popen(
            [here.quorate, *operator.words], cwd=here.root, env=here.env,
            stdin=given, stdout=out, stderr=err, start_new_session=True)


def play(here, crew, victim, moment):
    """All at once; how each ended."""
    places = [here.outer / str(i) for i in range(len(crew))]
    for place in places:
        place.mkdir(exist_ok=True)
    children = [start(here, o, p) for o, p in zip(crew, places)]
    time.sleep(moment)
    if children[victim].poll() is None:
        children[victim].kill()
    ended = [world.Ended(c.wait(world.LIMIT), (p / "out").read_text(),
                         (p / "err").read_text())
             for c, p in zip(children, places)]
    if not world.reap():
        raise SystemExit("processes are left")
    return ended


def has(lines, event, key, value):
    return any(e["event"] == event and e.get(key) == value
               for e in map(json.loads, lines))


def judge(here, n, crew, ended, victim, before):
    """Complaints; the log as it is now."""
    check = here.run(["log", "verify", "--rebuild", "--witness", "before"])
    if check.code != 0 or "state: as the log makes it" not in check.out:
        return ["verify: %s%s" % (check.out, check.err)], before
    lines = here.lines()
    new = lines[len(before):]
    complaints = [] if lines[:len(before)] == before else ["entries are gone"]
    for i, (operator, end) in enumerate(zip(crew, ended)):
        what = " ".join(operator.words[:2])
        known = operator.event is None or has(
            new, operator.event, operator.key, operator.value)
        if end.code == 0 and not known:
            complaints.append("%s: confirmed, and not in the log: %s" % (
                what, end.err))
        named = "quorate: " in end.err or operator.words[0] in ("log",
                                                                 "status")
        if end.code not in (0, 1) and not (i == victim and end.code == -9):
            complaints.append("%s: %s %s" % (what, end.code, end.err))
        elif end.code == 1 and not named:
            complaints.append("%s: refused without a word" % what)
    if (any((here.root / ("c%d" % n)).glob("*.txt")) and not
            has(new, "deal-intent", "credential", "c%d" % n)):
        complaints.append("cards without their entry")
    secret = here.root / ("secret-%d" % n)
    if (secret.exists() and secret.stat().st_size and not
            has(new, "open", "ticket", "O-%d" % n)):
        complaints.append("the secret is out without its entry")
    return complaints, lines


def rounds(here, count, seed):
    chance = random.Random(seed)
    tally, bad = collections.Counter(), 0
    scenes.with_form(here)
    before = here.lines()
    for n in range(count):
        (here.root / "before").write_text(here.must("log", "checkpoint").out)
        crew = operators(n)
        victim = chance.randrange(len(crew))
        ended = play(here, crew, victim, chance.uniform(0, 0.25))
        complaints, before = judge(here, n, crew, ended, victim, before)
        for complaint in complaints:
            print("BAD round %d: %s" % (n, complaint))
        bad += len(complaints) > 0
        for i, end in enumerate(ended):
            tally["killed" if end.code == -9 else
                  "ended well" if end.code == 0 else "refused"] += 1
    here.run(["log", "deliver"])
    lost = {i for i, e in enumerate(scenes.events(before))
            if e in scenes.ALERTS} - here.told() - here.waiting()
    if lost:
        print("BAD not told of entries %s" % sorted(lost))
    print("%d rounds, %d entries: %s; %d bad" % (
        count, len(before), ", ".join("%s %d" % t for t in
                                      sorted(tally.items())), bad))
    return bad > 0 or bool(lost)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    world.adopt()
    with tempfile.TemporaryDirectory(prefix="quorate-fault-",
                                     dir=world.place()) as place:
        os.chmod(place, 0o755)
        return rounds(world.World(options.quorate, place), options.rounds,
                      options.seed)


if __name__ == "__main__":
    sys.exit(main())
