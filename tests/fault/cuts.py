# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands whose power is cut: what they are, what each of their words and
acts promises, and what is found on a disk afterwards."""

import collections
import copy
import hashlib
import itertools
import json
import os
import re
import shutil
import sqlite3

import scenes
import world

CONFIG = """ledger = {root}/{ledger}
hooks = {outer}/hooks
syslog = none
"""

# Marks in the trace say when it was run; files of these are of no interest.
MARK = "printf '\\001M%s\\n' {words} >>{outer}/trace"
ALERT = """#!/bin/sh
read -r line
n=${{line#*\\"n\\":}}
cat >/dev/null
""" + MARK.replace("{words}", '"told ${{n%%,*}}"') + "\n"
HOOK = """#!/bin/sh
case $1 in
describe)
	printf '%s\\n' 'alphabet = clear' 'length = 1-200' 'needs-old = no' \\
	    'single-secret = no' ;;
apply)
	""" + MARK.replace("{words}", "applying") + """
	cat <&3 >{outer}/target.new && mv {outer}/target.new {outer}/target
	""" + MARK.replace("{words}", "applied") + """ ;;
verify) [ "$(cat <&3)" = "$(cat {outer}/target)" ] ;;
esac
"""
# It sets the secret, and then nobody hears of it.
SILENT = HOOK.replace("trace ;;", "trace\n\texit 9 ;;").replace(
    "verify)", "verify) exit 9 ;;\nnever)")
REFUSING = HOOK.replace("apply)", "apply) exit 1")
DELIVER = """#!/bin/sh
cat >{outer}/sent/"$QUORATE_FILE"
""" + MARK.replace("{words}", '"sent $QUORATE_CARD"') + "\n"
# It wants the old secret: nothing goes on without cards.
NEEDY = HOOK.replace("needs-old = no", "needs-old = yes")
CARD = re.compile(r"(?:^|/)db-g(\d+)-c(\d+)(-\w+)?\.txt$")

# What was found on a disk by the program itself.
# complaints   what holds for no disk
# lines        of its log; None: there is no ledger
# waiting      entries whose alerts will be told of
# named        generations whose cards to try, the first one first
# opens        {generation: what a quorum of its cards on the disk opens}
Found = collections.namedtuple("Found", "complaints lines waiting named "
                               "opens")


class CutWorld(world.World):
    """All that stands beside the recorded directory isn't cut."""

    ledger_name = "ledger.db"

    @property
    def ledger(self):
        return self.root / self.ledger_name

    @property
    def target(self):
        return self.outer / "target"

    @property
    def trace(self):
        return self.outer / "trace"

    def restore(self, files):
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(mode=0o755)
        self.env["XDG_CONFIG_HOME"] = str(self.outer / "config")
        for name, text, mode in (("config/quorate/config", CONFIG, 0o600),
                                 ("hooks/alert", ALERT, 0o755),
                                 ("hook", HOOK, 0o755),
                                 ("deliver", DELIVER, 0o755),
                                 ("needy", NEEDY, 0o755),
                                 ("silent", SILENT, 0o755),
                                 ("refusing", REFUSING, 0o755)):
            path = self.outer / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            path.write_text(text.format(root=self.root, outer=self.outer,
                                        ledger=self.ledger_name))
            path.chmod(mode)
        self.put(files)
        shutil.rmtree(self.outer / "sent", ignore_errors=True)
        (self.outer / "sent").mkdir()
        # Where scenes look for it.
        shutil.copy(self.outer / "hook", self.root / "hook")

    def put(self, files):
        """The recorded directory, from {path: (mode, data)}."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(mode=0o755)
        for name in sorted(files):
            mode, data = files[name]
            path = self.root / name
            if data is None:
                path.mkdir(mode=mode)
                continue
            path.write_bytes(data)
            path.chmod(mode)


# What takes back what was promised before.
INSTEAD = {"target": "target", "void": "file"}


class Cut:
    """One command.

    scene      of scenes.py: what is there before, what the log has at its
               end, how it may refuse the second time
    arguments  where they differ; {root}, {outer}, {incident} are filled in
    promises   (what is said or marked, as a pattern; what is true from then
               on), see owe()
    without    that it has no ledger to write
    prepare    what is there before, where it differs
    after      what is done to that in the end
    first      a command that is run, and cut, before it
    env        what its environment has besides"""

    def __init__(self, name, scene, arguments=None, promises=(),
                 without=False, prepare=None, after=None, first=None,
                 ledger="ledger.db", env=()):
        self.name, self.without, self.after = name, without, after
        self.scene = scene if isinstance(scene, scenes.Scene) else next(
            s for s in scenes.SCENES if s.name == scene)
        self.arguments = arguments or self.scene.arguments
        self.promises = list(promises)
        self.before = prepare or self.scene.prepare
        self.first, self.ledger, self.env = first, ledger, dict(env)

    def prepare(self, here):
        """The log as it is then, the incident, and the target's secret."""
        here.ledger_name = self.ledger
        here.trace.write_bytes(b"")
        here.target.write_text(scenes.SECRET)
        self.before(here)
        (here.root / "cards").mkdir(exist_ok=True)
        if here.ledger.exists():
            (here.root / "before").write_text(
                here.must("log", "checkpoint").out)
        known = here.lines(), scenes.incident_of(here), (
            here.target.read_text())
        if self.after:
            self.after(here)
        return known

    def words(self, here, incident):
        return [a.format(root=here.root, outer=here.outer,
                         incident=incident) for a in self.arguments]

    def owe(self, event, owed):
        """What is true from this event on: a set that grows, of

        ("entry", name...)   these are in the log, in this order
        ("told", number)     that entry was told of
        ("file", path)       is there, as it was then or is later
        ("void", path)       may be gone
        ("gone", path)       isn't there any more
        ("target", which)    old, either, new: what the target takes"""
        if event.what not in ("said", "mark"):
            return owed
        owed = set(owed)
        told = re.fullmatch(r"told (\d+)", event.path)
        if event.what == "mark" and told:
            owed.add(("told", int(told.group(1))))
        for pattern, truths in self.promises:
            for match in re.finditer(pattern, event.path, re.M):
                for truth in truths:
                    if truth[0] in INSTEAD:
                        owed = {t for t in owed if t[0] != INSTEAD[truth[0]]}
                    owed.add(tuple(match.expand(part) for part in truth))
        return frozenset(owed)

    def end(self, owed):
        """What is true once it has ended."""
        if self.without:
            return owed
        return owed | {("entry", *self.scene.events)}


def no_journal(here):
    """As a reader leaves it that rolled back: its name must be synced, too."""
    here.ledger.with_name("ledger.db-journal").unlink()


def hot_journal(here):
    """As a writer leaves it that is cut off while it commits."""
    journal = here.ledger.with_name("ledger.db-journal")
    db = sqlite3.connect(here.ledger, isolation_level=None)
    db.execute("PRAGMA cache_size = 1")
    db.execute("BEGIN IMMEDIATE")
    for table in ("entry SET line = line || 'x'", "card SET lost = 'x'",
                  "credential SET state = 'x'"):
        db.execute("UPDATE " + table)
    left = {path: path.read_bytes() for path in (here.ledger, journal)}
    db.execute("ROLLBACK")
    db.close()
    if left[here.ledger] == here.ledger.read_bytes():
        raise SystemExit("preparing: the transaction left nothing")
    for path, data in left.items():
        path.write_bytes(data)
    journal.chmod(0o600)


def replaced(name, **parts):
    """A scene with other parts."""
    scene = copy.copy(next(s for s in scenes.SCENES if s.name == name))
    for part, value in parts.items():
        setattr(scene, part, value)
    return scene


def entry(*names):
    return ("entry", *names)


def a_file(name):
    return ("file", name)


NEW_CARDS = [a_file("cards/new/db-g2-c%d-%s.txt" % card) for card in
             ((1, "cfo"), (2, "ciso"), (3, "cto"))]
OUTPUT = r"^quorate: (cards/\S+\.txt)$"
ROTATE = [*scenes.ROTATE[:4], "--hook", "{outer}/hook", "--format", "txt",
          "--output", "cards/new"]
DEALT = [(r"cards are dealt", [entry("redeal")]), (OUTPUT, [a_file(r"\1")])]
APPLIES = [
    (r"^applying$", [entry("deal-intent", "redeal", "rotate-start"),
                     ("target", "either")]),
    (r"^applied$", [("target", "new")])]
ROTATES = [*DEALT, (r"^applying$", NEW_CARDS), *APPLIES]
APPLIED_AGAIN = [(r"^applying$", [entry("rotate-start"),
                                  ("target", "either")]),
                 (r"^applied$", [("target", "new")])]
OPENED = [entry("request", "present", "present", "open")]
SPLITS = [(r"cards are dealt", [entry("deal-intent", "deal")]),
          (OUTPUT, [a_file(r"\1")])]
SPLIT = ["split", "db", *scenes.SPLIT, "--output", "cards/a"]
OPEN = [*scenes.OPEN[:-1], MARK.format(words="'the secret is out'",
                                       outer="{outer}") +
        "; cat >{outer}/secret"]
LOST = [(r"1 lost", [entry("lost")])]
PHRASES = [a_file("phrases/db-g1-c%d-%s.phrase" % card) for card in
           ((1, "cfo"), (2, "ciso"), (3, "cto"))]
REISSUE = scenes.Scene(
    "reissue", ["reissue", "db", *scenes.CARDS, "--reason", "r", "--ticket",
                "T-1", "--requester", "ana", "--criterion", "none",
                "--format", "txt", "--output", "cards/new"], scenes.dealt,
    ["request", "present", "present", "open", "opened", "deal-intent",
     "reissue", "close"], [r"another set has replaced|exists already"])
AUDITOR = a_file("auditor.txt")
NEW = ["cards/new/db-g2-c1-cfo.txt", "cards/new/db-g2-c2-ciso.txt"]
HOOK_IS = ["--hook", "{outer}/hook"]


def stopped(here):
    """A rotation of which nobody knows whether the target has the new one."""
    scenes.dealt(here)
    here.target.write_text(scenes.SECRET)
    (here.root / "cards").mkdir()
    words = [*ROTATE[:5], "{outer}/silent", *ROTATE[6:]]
    here.run([word.format(outer=here.outer) for word in words])


def undone(here):
    """It hasn't."""
    stopped(here)
    here.target.write_text(scenes.SECRET)


def unproven(here):
    """It has, and perhaps the old one as well."""
    stopped(here)
    here.must("rotate", "db", *NEW, "--resume", "--hook",
              str(here.outer / "hook"))


def due(here):
    """A card is lost, so that one more would do: it is to be rotated now."""
    scenes.dealt(here)
    roster = here.root / "roster.json"
    roster.write_text(json.dumps({"credentials": [
        {"name": "db", "hook": str(here.outer / "hook")}]}))
    here.must("import", "roster.json")
    here.run(["lost", "db", "--card", "3", "--reason", "theft"])


def settle(prepare, *events):
    return scenes.Scene("settle", [], prepare, events, [
        r"no rotation of|there is nothing to prove|quorum of generation|"
        r"is unproven: another secret would be"])


DUE = scenes.Scene("due", [], due, ["deal-intent", "redeal", "rotate-start",
                                    "rotate-end"], [r"1 paused"],
                   confirms="1 unproven")
THEN = scenes.Scene(
    "then", [], scenes.dealt,
    ["request", "present", "present", "open", "opened", "close",
     "deal-intent", "redeal", "rotate-start", "rotate-end"],
    [r"these cards, of generation|another set has replaced|exists already"])
DEEP = "state/of/ledger.db"

CUTS = [
    Cut("log-init", "log-init",
        promises=[(r"^quorate: the ledger is", [entry("log-init"),
                                                AUDITOR])]),
    Cut("log-init-deep", "log-init", ledger=DEEP,
        promises=[(r"^quorate: the ledger is", [entry("log-init"),
                                                AUDITOR])]),
    Cut("split", "split", SPLIT, SPLITS),
    Cut("split-without", "split", [*SPLIT, "--no-ledger"],
        [(OUTPUT, [a_file(r"\1")])], without=True,
        prepare=scenes.nothing),
    Cut("rotate", "rotate", ROTATE, ROTATES),
    Cut("rotate-bare", "rotate", ROTATE, ROTATES, after=no_journal),
    Cut("rotate-deliver", "rotate",
        [*ROTATE[:-2], "--deliver", "{outer}/deliver"],
        [(r"^sent \d", [entry("deal-intent")]), *APPLIES]),
    Cut("rotate-names", "rotate", ROTATE, ROTATES,
        env={"POWER_NAMES": "yes"}),
    Cut("rotate-refused", replaced(
        "rotate", confirms="nothing was changed"),
        [*ROTATE[:5], "{outer}/refusing", *ROTATE[6:]],
        [*DEALT,
         (r"nothing was changed", [("void", p) for _, p in NEW_CARDS]),
         (r"were taken back", [("gone", p) for _, p in NEW_CARDS])]),
    Cut("rotate-silent", replaced(
        "rotate", events=["deal-intent", "redeal", "rotate-start"],
        confirmed=lambda ended: ended.code == 3 and
        "nobody can say" in ended.out + ended.err),
        [*ROTATE[:5], "{outer}/silent", *ROTATE[6:]], ROTATES),
    Cut("resume", settle(stopped, "opened", "rotate-end"),
        ["rotate", "db", *scenes.CARDS, *NEW, "--resume", *HOOK_IS]),
    Cut("resume-undone", settle(undone, "opened", "rotate-start",
                                "rotate-end"),
        ["rotate", "db", *scenes.CARDS, *NEW, "--resume", *HOOK_IS],
        APPLIED_AGAIN),
    Cut("resume-anew", settle(undone, "deal-intent", "redeal", "rotate-start",
                              "rotate-end"),
        ["rotate", "db", "--resume", *HOOK_IS, "--format", "txt", "--output",
         "cards/newer"],
        [(OUTPUT, [a_file(r"\1")]), *APPLIES]),
    Cut("abandon", settle(undone, "opened", "rotate-end"),
        ["rotate", "db", *scenes.CARDS, *NEW, "--abandon", *HOOK_IS]),
    Cut("prove-old", settle(unproven, "rotate-end"),
        ["rotate", "db", *scenes.CARDS, "--prove-old", *HOOK_IS]),
    Cut("due", DUE, ["rotate", "--due", "--format", "txt", "--output",
                     "cards/new"], ROTATES),
    Cut("then-rotate", THEN,
        ["reconstruct", "db", *scenes.CARDS, "--reason", "r", "--ticket",
         "T-1", "--requester", "ana", "--then-rotate", *HOOK_IS, "--format",
         "txt", "--output", "cards/new", "--exec", "--", "true"], ROTATES),
    Cut("rotate-without", "rotate", [*ROTATE, "--no-ledger"],
        [(OUTPUT, [a_file(r"\1")]),
         (r"^applying$", [("target", "either")]),
         (r"^applied$", [("target", "new")])], without=True),
    Cut("reconstruct", "reconstruct", OPEN,
        [(r"^the secret is out$", OPENED)]),
    Cut("reconstruct-fd", "reconstruct",
        [*scenes.OPEN[:scenes.OPEN.index("--exec=stdin")],
         "--output-fd", "1"], [(scenes.SECRET, OPENED)]),
    Cut("rescue", "reconstruct",
        [OPEN[0], "--no-ledger", "--receipt", "slip", *OPEN[1:]],
        [(r"receipt in slip", [a_file("slip")])], without=True),
    Cut("lost", "lost", promises=LOST),
    Cut("lost-bare", "lost", promises=LOST, after=no_journal),
    Cut("lost-hot", "lost", promises=LOST, after=hot_journal),
    Cut("status-hot", scenes.Scene("status", ["status"], scenes.dealt, []),
        after=hot_journal),
    Cut("status-lost-hot", "lost", promises=LOST, after=hot_journal,
        first=["status"]),
    Cut("reissue", REISSUE, promises=[
        (r"is declared", [entry("request")]),
        (r"cards are dealt", [entry("open", "reissue")]),
        (OUTPUT, [a_file(r"\1")])]),
    Cut("split-locked", "split", [*SPLIT, "--lock", "--phrase-dir", "phrases"],
        [*SPLITS, (OUTPUT, PHRASES)]),
    Cut("request", "request", promises=[(r"^INC-\d+", [entry("request")])]),
]
CUTS += [Cut(s.name, s.name) for s in scenes.SCENES
         if s.name not in {c.name for c in CUTS}]

opened = {}  # by its cards: what they open


def open_cards(here, cards):
    """What any two of these cards open; None: nothing."""
    for pair in itertools.combinations(cards, 2):
        ended = here.run(["reconstruct", *pair, "--no-ledger", "--reason",
                          "r", "--ticket", "none", "--output-fd", "1"])
        if ended.code == 0:
            return ended.out
    return None


def find_cards(here, files):
    """{generation: what its cards open}."""
    sets = collections.defaultdict(list)
    for name, (_, data) in sorted(files.items()):
        if CARD.search(name):
            sets[int(CARD.search(name).group(1))].append((name, data))
    opens = {}
    for generation, cards in sets.items():
        key = hashlib.sha256(repr(cards).encode()).digest()
        if key not in opened:
            opened[key] = open_cards(here, [name for name, _ in cards])
        opens[generation] = opened[key]
    return opens


def find_sent(here):
    """The same of those that a hook took, before the target was asked."""
    return find_cards(here, {str(path): (0, path.read_bytes()) for path in
                             (here.outer / "sent").iterdir()})


def name_sets(here):
    """The sets that are to be tried, the first one first."""
    sets = [generation for generation, in here.ask(
        "SELECT generation FROM dealing WHERE credential = 'db' AND status "
        "IN ('current', 'pending')")]
    if len(sets) < 2:
        return sets
    # No other hook settles what the inventory names one for.
    if here.ask("SELECT 1 FROM profile WHERE hook IS NOT NULL"):
        said = here.run(["status", "--json"]).out
        return json.loads(said)["credentials"][0]["rotation"]["try"]
    said = here.run(["rotate", "db", "--resume", "--json", "--hook",
                     str(here.outer / "needy")]).out
    return json.loads(said)["try"] if said else []


def examine(here, files, again=None, target=scenes.SECRET):
    """What the program finds on a disk. again: the cut that is then run a
    second time, while the target has this secret."""
    here.put(files)
    here.target.write_text(target)
    opens = find_cards(here, files)
    if not here.ledger.exists():
        return again_from(here, again, Found([], None, set(),
                                             sorted(opens, reverse=True),
                                             opens))
    words = ["log", "verify", "--rebuild"]
    if "before" in files:
        words += ["--witness", "before"]
    if AUDITOR[1] in files:
        words += ["--auditor-key", AUDITOR[1]]
    ended = here.run(words)
    if ended.code != 0 or "state: as the log makes it" not in ended.out:
        return Found(["verify: %s %s%s" % (ended.code, ended.out,
                                           ended.err)], [], set(), [], opens)
    try:
        found = Found([], here.lines(), here.waiting(), name_sets(here),
                      opens)
    except sqlite3.DatabaseError as error:
        return Found(["ledger: %s" % error], [], set(), [], opens)
    return again_from(here, again, found)


def again_from(here, cut, found):
    """The same command again ends well, or refuses by name."""
    if cut is None:
        return found
    ended = here.run(cut.words(here, scenes.incident_of(here)),
                     stdin=cut.scene.stdin)
    if not cut.scene.confirmed(ended) and not cut.scene.refused(ended):
        found.complaints.append("again: %s %s" % (
            ended.code, ended.err.strip().rpartition("\n")[2]))
    if here.ledger.exists():
        ended = here.run(["log", "verify", "--rebuild"])
        if ended.code != 0:
            found.complaints.append("verify after the second time: %s%s" % (
                ended.out, ended.err))
    return found


def judge(cut, stage, files, found, owed):
    """What is wrong on this disk, for what was promised before the cut."""
    complaints = list(found.complaints)
    if found.lines is None and stage.before:
        complaints.append("the ledger is gone")
    if complaints:
        return complaints
    lines = found.lines or []
    if lines[:len(stage.before)] != stage.before:
        complaints.append("entries of before are gone")
    new = scenes.events(lines[len(stage.before):])
    for truth in owed:
        if truth[0] == "entry":
            rest = iter(new)
            if not all(e in rest for e in truth[1:]):
                complaints.append("acted upon, and not in the log: %s" %
                                  ", ".join(truth[1:]))
        elif truth[0] == "told" and truth[1] >= len(lines):
            complaints.append("told of entry %d, which is gone" % truth[1])
        elif truth[0] == "file" and files.get(truth[1]) not in stage.whole[
                truth[1]]:
            complaints.append("said to be there, and isn't: " + truth[1])
        elif truth[0] == "gone" and truth[1] in files:
            complaints.append("said to be gone, and is there: " + truth[1])
    for name, file in files.items():
        if CARD.search(name) and file not in stage.whole.get(name, ()):
            complaints.append("a card that isn't whole: " + name)
    told = {t[1] for t in owed if t[0] == "told"}
    lost = {len(stage.before) + i for i, event in enumerate(new)
            if event in scenes.ALERTS} - told - found.waiting
    if lost:
        complaints.append("never told of entries %s" % sorted(lost))
    if found.lines and not stage.before and AUDITOR[1] not in files:
        complaints.append("a ledger, and no auditor's card for its seal")
    return complaints + judge_target(cut, stage, found, owed)


def judge_target(cut, stage, found, owed):
    """A quorum on this disk, of a set that the ledger names, or else of any,
    the newest first, opens what the target takes."""
    which = {t[1] for t in owed if t[0] == "target"} or {"old"}
    takes = {"old": [stage.old], "new": [stage.new],
             "either": [stage.old, stage.new]}[min(which)]
    if not stage.cards:
        return []
    # Once it is set the new one is to be tried first; while it is being set
    # both have to be.
    named = sorted(found.opens, reverse=True) if cut.without else found.named
    named = named[:1] if which == {"new"} else named
    opened = [{**found.opens, **stage.sent}.get(g) for g in named]
    return ["the target takes the %s secret, and no set that is named opens "
            "it: %s of %s" % ("old" if secret == stage.old else "new",
                              named, sorted(found.opens))
            for secret in takes if secret not in opened]
