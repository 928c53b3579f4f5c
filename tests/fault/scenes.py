# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that write the ledger: what is there before, what is run, and
what has to hold afterwards."""

import json
import re

ROSTER = {
    "people": [
        {"handle": "cfo", "roles": ["custodian"]},
        {"handle": "ciso", "roles": ["custodian"]},
        {"handle": "cto", "roles": ["custodian"]},
        {"handle": "ana", "roles": ["requester"]},
        {"handle": "bob", "roles": ["approver"]},
        {"handle": "ina", "roles": ["auditor"]}],
    "credentials": [{"name": "db", "approvals": 0, "owner": "dba"}]}

SPLIT = ["--policy", "2 of (cfo, ciso, cto)", "--format", "txt", "--user",
         "admin", "--target", "host"]
CARDS = ["a/db-g1-c1-cfo.txt", "a/db-g1-c2-ciso.txt"]
OPEN = ["reconstruct", *CARDS, "--reason", "no login", "--ticket", "T-1",
        "--requester", "ana", "--criterion", "none", "--exec=stdin", "--",
        "sh", "-c", "cat >secret-out"]
REQUEST = ["request", "db", "--requester", "ana", "--reason", "no login",
           "--ticket", "T-1", "-q", "--output", "document"]
ROTATE = ["rotate", "db", *CARDS, "--hook", "{root}/hook", "--format", "txt",
          "--output", "new"]
REISSUE = ["reissue", "db", *CARDS, "--reason", "a card is lost", "--ticket",
           "T-1", "--requester", "ana", "--criterion", "none", "--format",
           "txt", "--output", "new"]

SECRET = "correct-horse-17"


class Scene:
    """prepare    makes what is there before
    events     what the log has, in this order, where it was confirmed
    refusals   how it may refuse when it is run again
    act        what must not be without its entry: a complaint, or None
    confirms   what it says where it confirms with another status than 0
    instead    what it says where it goes on without all of the events"""

    def __init__(self, name, arguments, prepare, events, refusals=(),
                 stdin=b"", act=None, confirms=None, instead=None):
        self.name, self.arguments, self.prepare = name, arguments, prepare
        self.events, self.refusals = list(events), list(refusals)
        self.stdin, self.act = stdin, act
        self.confirms, self.instead = confirms, instead

    def words(self, world, incident):
        return [a.format(root=world.root, incident=incident)
                for a in self.arguments]

    def confirmed(self, ended):
        return ended.code == 0 or (
            ended.code == 1 and self.confirms is not None and
            re.search(self.confirms, ended.out + ended.err) is not None)

    def refused(self, ended):
        return ended.code in (1, 2) and any(
            re.search(r, ended.out + ended.err) for r in self.refusals)

    def done(self, events):
        """Whether all of its events are there, in their order."""
        rest = iter(events)
        return all(e in rest for e in self.events)


# Events of which people are told at once, as lib/ledger/step.c has them.
ALERTS = {"drill-alert", "drill-quorum", "lost", "request", "open", "open-retired",
          "open-failed", "overdue", "rotate-failed", "rotate-start",
          "rotate-end", "retire", "receipt", "refused"}


def events(lines):
    return [json.loads(line)["event"] for line in lines]


# What an act must not be without; each gives a complaint or None.

def cards_on_record(world, lines, where, generation):
    """Cards under their names: their dealing is on record; or that it was
    begun, and status knows that it has no end."""
    if not any((world.root / where).glob("*-g%d-c*.txt" % generation)):
        return None
    about = {entry["event"] for entry in map(json.loads, lines)
             if entry.get("generation") == str(generation)}
    if about & {"deal", "redeal", "reissue", "deal-failed"}:
        return None
    if "deal-intent" not in about:
        return "cards in %s without deal or deal-intent" % where
    status = json.loads(world.run(["status", "--json", "--all"]).out)
    if any(c["credential"] == "db" and c["dealing_without_end"] is not None
           for c in status["credentials"]):
        return None
    return "cards in %s, and status doesn't know their dealing" % where


def init_act(world, lines):
    if world.ledger.exists() and not (world.root / "auditor.txt").exists():
        return "a ledger, and no auditor's card for its seal"
    return None


def split_act(world, lines):
    return cards_on_record(world, lines, "a", 1)


def open_act(world, lines):
    out = world.root / "secret-out"
    if out.exists() and out.stat().st_size and "open" not in events(lines):
        return "the secret is out, and the log has no open"
    return None


def rotate_act(world, lines):
    if ((world.root / "target").read_text() != SECRET and
            "rotate-start" not in events(lines)):
        return "the target was changed without rotate-start"
    return cards_on_record(world, lines, "new", 2)


def reissue_act(world, lines):
    if any((world.root / "new").glob("*")) and "open" not in events(lines):
        return "the secret is on new cards, and the log has no open"
    return cards_on_record(world, lines, "new", 2)


# What is there before.

def nothing(world):
    world.restore({})


def begun(world):
    nothing(world)
    world.must("log", "init", "--auditor-card", "auditor.txt")


def staffed(world):
    begun(world)
    (world.root / "roster.json").write_text(json.dumps(ROSTER))
    world.must("import", "roster.json")


def dealt(world):
    staffed(world)
    (world.root / "target").write_text(SECRET)
    world.must("split", "db", *SPLIT, "--output", "a",
               stdin=SECRET.encode())


def to_import(world):
    begun(world)
    (world.root / "roster.json").write_text(json.dumps(ROSTER))


def with_form(world):
    dealt(world)
    (world.root / "form.pdf").write_bytes(b"signed")


def with_key(world):
    dealt(world)
    world.must("-q", "-t", "ed25519", "-N", "", "-f", "bob",
               program=["ssh-keygen"])
    world.must("person", "change", "bob", "--key-file", "bob.pub")
    incident = world.must(*REQUEST).out.strip()
    if incident != "INC-%d" % (len(world.lines()) - 1):
        raise SystemExit("preparing: incident %s" % incident)
    world.must("-q", "-Y", "sign", "-n", "quorate", "-f", "bob", "document",
               program=["ssh-keygen"])


def requested(world):
    dealt(world)
    world.must(*REQUEST)


def opened(world):
    dealt(world)
    world.must(*OPEN)
    (world.root / "secret-out").unlink()


def rotated(world):
    opened(world)
    world.must(*ROTATE[:4], "--hook", str(world.root / "hook"), "--format",
               "txt", "--output", "new")


def rescued(world):
    dealt(world)
    world.must(OPEN[0], "--no-ledger", "--receipt", "slip", *OPEN[1:])
    (world.root / "secret-out").unlink()


def reissued(world):
    """Without the ledger, which has its receipt to take in."""
    dealt(world)
    world.must(*REISSUE, "--no-ledger", "--receipt", "slip")


def unproven(world):
    """By a rotation to which nobody brought the old cards."""
    dealt(world)
    ended = world.run(["rotate", "db", "--hook", str(world.root / "hook"),
                       "--format", "txt", "--output", "new"])
    if "unproven" not in ended.err:
        raise SystemExit("preparing: %s %s" % (ended.code, ended.err))


def due(world):
    """Past its deadline, and the inventory says how it is rotated."""
    overdue(world)
    # By no absolute path: each process that tries points has its own world.
    credential = {**ROSTER["credentials"][0], "hook": "./hook"}
    (world.root / "roster.json").write_text(json.dumps(
        {"credentials": [credential]}))
    world.must("import", "roster.json")


def undelivered(world):
    """An alert that no sink was asked to take."""
    dealt(world)
    world.must("record", "ledger.db", "event=lost", "credential=db", "card=3",
               "set=" + json.loads(world.lines()[-1])["set"], "reason=gone",
               program=[world.ledger_tool])


def overdue(world):
    """Burned, and its deadline was years ago."""
    dealt(world)
    world.must(*REQUEST)
    dealing = [json.loads(line) for line in world.lines()][-2]
    world.must("record", "ledger.db", "event=open", "credential=db",
               "incident=" + incident_of(world), "set=" + dealing["set"],
               "cards=1,2", "requester=ana", "reason=no login", "ticket=T-1",
               "deadline=2020-01-01T00:00:00Z", program=[world.ledger_tool])


def incident_of(world):
    """The last one that was declared; "" where there is none."""
    numbers = [number for number, line in enumerate(world.lines())
               if json.loads(line)["event"] == "request"]
    return "INC-%d" % numbers[-1] if numbers else ""


THERE = r"there already|exists already"

SCENES = [
    Scene("log-init", ["log", "init", "--auditor-card", "auditor.txt"],
          nothing, ["log-init"], [THERE], act=init_act),
    Scene("import", ["import", "roster.json"], to_import, ["import"]),
    Scene("person-add", ["person", "add", "eve", "--role", "custodian"],
          staffed, ["person"], [r"a person .* already"]),
    Scene("person-change", ["person", "change", "cfo", "--contact", "+1 2"],
          staffed, ["person"]),
    Scene("person-retire", ["person", "retire", "cfo"], dealt, ["person"],
          [r"retired"]),
    Scene("acknowledge", ["acknowledge", "db", "--card", "1", "--form",
                          "form.pdf"], with_form, ["acknowledge"],
          [r"already"]),
    Scene("lost", ["lost", "db", "--card", "1", "--reason", "gone"], dealt,
          ["lost"], [r"counted as lost already"],
          confirms="1 lost, 2 left|just opens"),
    Scene("split", ["split", "db", *SPLIT, "--output", "a"], staffed,
          ["deal-intent", "deal"], [THERE], stdin=SECRET.encode(),
          act=split_act),
    Scene("request", REQUEST, dealt, ["request"], [THERE, r"open already"]),
    Scene("approve-claimed", ["approve", "{incident}", "--approver", "bob"],
          requested, ["approve"], [r"already"]),
    Scene("approve-signed", ["approve", "{incident}", "--approver", "bob",
                             "--signature", "document.sig"], with_key,
          ["approve"], [r"already"]),
    Scene("reconstruct", OPEN, dealt,
          ["request", "present", "present", "open", "opened", "close"],
          act=open_act, instead=r"keep the receipt that follows|"
          r"ledger\.db: .*(failed|damaged|written|full|other)"),
    Scene("drill", ["drill", *CARDS], dealt, ["drill", "drill"]),
    Scene("drill-quorum", ["drill", "--quorum", *CARDS], dealt,
          ["present", "present", "drill-quorum", "drill", "drill"]),
    Scene("rotate", ROTATE, dealt,
          ["deal-intent", "redeal", "rotate-start", "rotate-end"],
          [THERE, r"of generation 1, were replaced"], act=rotate_act),
    Scene("reissue", REISSUE, dealt,
          ["request", "present", "present", "open", "opened", "deal-intent",
           "reissue", "close"],
          [THERE, r"another set has replaced these cards"], act=reissue_act,
          instead=r"ledger\.db: .*(failed|damaged|written|full|other)"),
    Scene("review", ["review", "{incident}", "--reviewer", "ina",
                     "--classification", "emergency", "--findings", "f",
                     "--actions", "a", "--recording",
                     "none:no camera"], rotated,
          ["review"], [r"INC-\d+ is closed"]),
    Scene("reconstruct-few", [*OPEN[:1], CARDS[0], *OPEN[3:]], dealt,
          ["present", "open-failed"], confirms="quorate: no quorum"),
    Scene("rotate-few", [*ROTATE[:3], *ROTATE[4:]], dealt,
          ["present", "open-failed"], act=rotate_act,
          confirms="quorate: no quorum"),
    Scene("rotate-due", ["rotate", "--due", "--format", "txt", "--output",
                         "new"], due,
          ["deal-intent", "redeal", "rotate-start", "rotate-end"],
          [r"1 in need of somebody|1 paused"], act=rotate_act,
          confirms=r"1 due: 1 unproven"),
    Scene("rotate-word", ["rotate", "db", "--prove-old", "--word", "bob",
                          "--seen", "both tried by hand"], unproven,
          ["rotate-end"], [r"nothing to prove|no rotation|is proven"]),
    Scene("drill-alert", ["drill", "--alert"], dealt, ["drill-alert"],
          ["NOT DELIVERED"], confirms="NOT DELIVERED"),
    Scene("attest", ["attest", "db", "--destroyed", "--generation", "1",
                     "--form", "form.pdf"], with_form,
          ["destroyed", "destroyed", "destroyed"]),
    Scene("retire", ["retire", "db", "--reason", "closed"], dealt,
          ["retire"], [r"retired"]),
    Scene("log-receipt", ["log", "receipt", "slip"], rescued, ["receipt"],
          [r"taken in already"]),
    Scene("log-receipt-reissue", ["log", "receipt", "slip"], reissued,
          ["receipt"], [r"taken in already"]),
    Scene("log-deliver", ["log", "deliver"], undelivered, [],
          ["NOT DELIVERED"]),
    Scene("status-record", ["status", "--record"], overdue, ["overdue"],
          [r"OVERDUE|overdue"], confirms="1 deadline has passed: logged"),
]
