# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential on a real target, the states in which its rotation can be
stopped, and the commands that begin or settle one."""

import collections
import hashlib
import json
import os
import re

import scenes
import targets
import world

SECRET = b"correct-horse-17"
QUORUM = 2
# The hook, but for what a test wants at one of its places.
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


class Rotations(world.World):
    """A world with a real target."""

    def __init__(self, quorate, place, target):
        self.wrapper = None
        self.opened = {}  # by the bytes of a set's cards: what they open
        self.stages = {}
        self.target = None
        super().__init__(quorate, place)
        self.kill_at = os.path.join(os.path.dirname(self.ledger_tool),
                                    "kill-at")
        self.report = self.outer / "report"
        self.target = TARGETS[target](self.outer)

    def restore(self, files):
        super().restore(files)
        for name in ("hooks/alert", "told"):
            path = self.root / name
            path.rmdir() if path.is_dir() else path.unlink()
        if self.target is not None:
            self.place_hook()

    def place_hook(self):
        text = self.target.hook
        if self.wrapper is not None:
            (self.root / "real-hook").write_bytes(text)
            (self.root / "real-hook").chmod(0o755)
            (self.root / "calls").write_bytes(b"")
            text = self.wrapper.encode()
        (self.root / "hook").write_bytes(text)

    def wrap(self, case=None, fault=None):
        """Put something in the hook's place; without, the hook itself."""
        self.wrapper = None if case is None else WRAPPER.format(
            root=self.root, case=case, fault=fault)

    def command(self, words):
        return [w.format(root=self.root) for w in words]

    def cards(self):
        """The cards that are out, by generation."""
        sets = collections.defaultdict(list)
        for path in sorted(self.root.rglob("*.txt")):
            card = CARD.match(path.name)
            if card is not None:
                sets[int(card.group(1))].append(str(path))
        return {g: paths for g, paths in sets.items()
                if len(paths) >= QUORUM}

    def open(self, paths):
        """What a quorum opens, without the ledger; None: nothing."""
        quorum = [paths[0], paths[-1]]
        key = hashlib.sha256()
        for path in quorum:
            with open(path, "rb") as file:
                key.update(file.read())
        key = key.digest()
        if key not in self.opened:
            receipt = self.outer / "receipt"
            ended = self.run(["reconstruct", "--no-ledger", "--receipt",
                              str(receipt), *quorum, "--output-fd", "1"])
            receipt.unlink(missing_ok=True)
            self.opened[key] = ended.out.encode() if ended.code == 0 else None
        return self.opened[key]

    def agrees(self):
        """Whether state and log do. A commit that was cut off is undone
        first, which who only reads can't do."""
        return self.run([], program=[self.ledger_tool, "agrees",
                                     str(self.ledger)]).code == 0

    def events(self):
        return [json.loads(line) for line in self.lines()]

    def sets(self, *statuses):
        """Generations, the newest first."""
        return [g for g, status in self.ask(
            "SELECT generation, status FROM dealing WHERE credential = 'db' "
            "ORDER BY generation DESC") if status in statuses]

    def named(self):
        """The generations that the tool names, in the order to try them."""
        named = self.sets("pending") + self.sets("current")
        refused, = self.ask("SELECT rotation = 'refused' FROM credential "
                            "WHERE name = 'db'")[0]
        return named[1:] + named[:1] if refused else named


# What is run. A quorum of old cards, and another one of the new.
HOOK = ["--hook", "{root}/hook"]
DEAL = [*HOOK, "--format", "txt", "--output"]
OLD = ["a/db-g1-c1-cfo.txt", "a/db-g1-c2-ciso.txt"]
NEW = ["new/db-g2-c2-ciso.txt", "new/db-g2-c3-cto.txt"]
ROTATE = ["rotate", "db", *OLD, *DEAL, "new"]
THEN_ROTATE = [*scenes.OPEN[:scenes.OPEN.index("--")], "--then-rotate",
               *DEAL, "new", "--", "sh", "-c", "cat >/dev/null"]
UNAIDED = ["rotate", "db", *DEAL, "new"]
RESUME = ["rotate", "db", "--resume", *NEW, *OLD, *HOOK]
RESUME_NEW = ["rotate", "db", "--resume", *NEW, *HOOK]
RESUME_ANEW = ["rotate", "db", "--resume", *DEAL, "third"]
ABANDON = ["rotate", "db", "--abandon", *OLD, *HOOK]


# How a rotation was stopped before.

def waiting(here):
    """Its cards are on record, the target was not asked: killed as soon as
    the entry is there. The log only grows, so this is found by halves."""
    files, state = here.snapshot(), here.target.state()

    def dealt(nth):
        here.restore(files)
        here.target.put(state)
        here.run(here.command(ROTATE), before=[here.kill_at, str(nth)])
        return here.agrees() and any(
            e["event"] == "redeal" for e in here.events())

    low, high = 0, 4096
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if dealt(middle) else (middle, high)
    # It isn't always the same number, by a few.
    while not dealt(high):
        high += 1


def stopped_by(fault, words):
    def stop(here):
        here.wrap("apply-1", fault)
        here.place_hook()
        here.run(here.command(words))
        here.wrap()
        here.place_hook()
    return stop


asked = stopped_by("kill -KILL $PPID $$", ROTATE)
applied = stopped_by('"$real" "$@"; kill -KILL $PPID', ROTATE)
applied_anew = stopped_by('"$real" "$@"; kill -KILL $PPID', RESUME_ANEW)
asked_anew = stopped_by("kill -KILL $PPID $$", RESUME_ANEW)
refused = stopped_by("exit 2", ROTATE)


class Stage:
    """A state of things, and the command that is to be killed in it.

    prepare   how it came to be
    words     the command
    unaided   whether it goes without the old secret"""

    def __init__(self, name, prepare, words, unaided=False):
        self.name, self.prepare, self.words = name, prepare, words
        self.unaided = unaided


STAGES = [
    Stage("rotate", [], ROTATE),
    Stage("unaided", [], UNAIDED, unaided=True),
    Stage("then-rotate", [], THEN_ROTATE),
    Stage("resume-waiting", [waiting], RESUME),
    Stage("resume-asked", [asked], RESUME),
    Stage("resume-applied", [applied], RESUME),
    Stage("resume-refused", [refused], RESUME),
    Stage("resume-new-cards", [applied], RESUME_NEW),
    Stage("resume-anew", [applied], RESUME_ANEW, unaided=True),
    Stage("resume-anew-again", [applied, asked_anew], RESUME_ANEW,
          unaided=True),
    Stage("abandon-waiting", [waiting], ABANDON),
    Stage("abandon-asked", [asked], ABANDON),
    Stage("abandon-applied", [applied], ABANDON),
]


def begin(here):
    """One credential, dealt, its secret on the target."""
    here.wrap()
    here.target.set(SECRET)
    here.restore({})
    here.must("log", "init", "--auditor-card", "auditor.txt")
    (here.root / "roster.json").write_text(json.dumps(scenes.ROSTER))
    here.must("import", "roster.json")
    here.must("split", "db", "--policy", "2 of (cfo, ciso, cto)", "--format",
              "txt", "--user", here.target.user, "--target",
              here.target.target, "--output", "a", stdin=SECRET)


def put_back(here, stage):
    """The world and the target as the stage has them. What is wrapped around
    the hook stays."""
    if stage.name not in here.stages:
        wrapper = here.wrapper
        begin(here)
        for step in stage.prepare:
            step(here)
        here.stages[stage.name] = here.snapshot(), here.target.state()
        here.wrapper = wrapper
    files, state = here.stages[stage.name]
    here.target.put(state)
    here.restore(files)
