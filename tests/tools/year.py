#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exported log of a year with emergency credentials, for tests of reports.

    year.py [--entries N] [--hostile] >log.txt

One line an entry, as docs/log.md says, sealed from key 0, which is 32 zero
bytes: QUO1A: and fifty-two A. --hostile puts markup, long words and letters
of every kind into each free text. --entries adds drills until there are N.
"""
import argparse
import calendar
import hashlib
import hmac
import json
import sys
import time

ORDER = """n time event outcome ledger credential inventory set generation
incident act actor auth key person card verdict requester reason ticket
criterion expected expires deadline emergency classification findings actions
recording policy cards locked location bag hash size root seconds sink detail
host version""".split()

HASH = "ab" * 32
DAY = 86400
PEOPLE = ["cfo", "ciso", "cto"]
POLICY = "2 of (cfo, ciso, cto)"
KEY = "SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
NAMES = ["db-root", "cloud-admin", "plant-hmi"]
NASTY = ("<script>alert(1)</script> &amp; \"quoted\" 'x' ]]> "
         "http://evil.example/ \u202e\u2066 \U0001F525 e\u0301 \u05d0\u05d1 "
         + "w" * 120)


class Log:
    def __init__(self, hostile):
        self.n, self.key, self.hostile = 0, bytes(32), hostile
        self.sets = {}

    def say(self, when, event, **values):
        values = {k: str(v) for k, v in values.items() if v is not None}
        if self.hostile:
            for k in ("requester", "reason", "ticket", "criterion", "person",
                      "findings", "actions", "recording", "detail",
                      "location", "bag", "actor", "host", "emergency",
                      "classification", "sink", "act", "verdict"):
                if k in values and not (k == "verdict" and
                                        values[k] == "genuine") and \
                        not values[k].startswith("receipt"):
                    values[k] += NASTY
        values.setdefault("actor", "root")
        values.setdefault("auth", "claimed")
        values.setdefault("host", "bastion1")
        values.setdefault("version", "0.1.0")
        values["event"] = event
        values["time"] = stamp(when)
        entry = {"n": self.n}
        entry.update((k, values[k]) for k in ORDER if k in values)
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        raw = line.encode()
        mac = hmac.new(self.key, raw, "sha256").hexdigest()
        self.key = hashlib.sha256(self.key).digest()
        sys.stdout.buffer.write(raw + b"\t" + mac.encode() + b"\n")
        self.n += 1
        return self.n - 1

    def deal(self, when, name, generation, event="deal"):
        ids = dict(credential=name, generation=generation, policy=POLICY,
                   inventory=hashlib.md5(name.encode()).hexdigest())
        self.say(when, "deal-intent", **ids)
        ids["set"] = hashlib.sha256(
            f"{name} {generation}".encode()).hexdigest()
        self.say(when + 60, event, cards=3, expires=stamp(when + 365 * DAY),
                 **ids)
        self.sets[name] = ids["set"], generation
        for card in 1, 2, 3:
            self.say(when + 3600 + card, "acknowledge", credential=name,
                     set=ids["set"], card=card, person=PEOPLE[card - 1],
                     location=f"safe {card}", bag=f"B-{generation}{card}",
                     hash=HASH)

    def drill(self, when, name):
        for card in 1, 2, 3:
            self.say(when + 60 * card, "drill", credential=name,
                     set=self.sets[name][0], card=card, verdict="genuine",
                     person=PEOPLE[card - 1])

    def opening(self, when, name, who, reason, ticket, signed=False,
                approvals=(), took=1800, rotated=7200, reviewed=2 * DAY,
                proven=True, **more):
        """One incident; rotated or reviewed None: it never was."""
        sealed = dict(auth="signed", key=KEY) if signed else {}
        of = dict(credential=name, set=self.sets[name][0])
        ask = dict(requester=who, reason=reason, ticket=ticket)
        incident = f"INC-{self.n}"
        self.say(when, "request", **of, **ask, expected="2h",
                 criterion="sign-on is down", size=self.n, root=HASH,
                 expires=stamp(when + DAY), **sealed, **more)
        for person in approvals:
            self.say(when + 120, "approve", incident=incident, person=person,
                     hash=HASH, size=1, root=HASH, auth="signed", key=KEY,
                     **of)
        for card in 1, 3:
            self.say(when + 200 + card, "present", incident=incident,
                     card=card, verdict="genuine", person=PEOPLE[card - 1],
                     **of)
        self.say(when + 240, "open", incident=incident, cards="1,3",
                 deadline=stamp(when + 240 + DAY), **of, **ask, **more)
        self.say(when + 241, "opened", incident=incident, cards="1,3", **of)
        self.say(when + 241 + took, "close", incident=incident, seconds=took,
                 detail="the child ended", **of)
        if rotated is None:
            return incident
        if rotated > DAY:
            self.say(when + 240 + DAY, "overdue", credential=name,
                     deadline=stamp(when + 240 + DAY))
        later = when + 240 + rotated
        self.deal(later - 5000, name, self.sets[name][1] + 1, "redeal")
        turn = dict(credential=name, set=self.sets[name][0],
                    generation=self.sets[name][1])
        self.say(later - 300, "rotate-start", **turn)
        self.say(later, "rotate-end", outcome="proven" if proven else
                 "unproven", **turn, detail="the target takes the new "
                 "secret, and refuses the old one" if proven else
                 "that the old one is refused isn't known")
        if reviewed is not None:
            self.say(later + reviewed, "review", incident=incident,
                     credential=name, person="dora",
                     classification="emergency",
                     findings="sign-on was down for two hours",
                     actions="a second provider is being set up",
                     recording="tlog, archive 7, sha256 " + HASH[:16],
                     auth="signed", key=KEY)
        return incident

    def rescue(self, when, taken, name, who):
        """Opened without the ledger; its receipt taken in later."""
        rid = "d1e2f3a4"
        detail = (f"{rid}: opened {stamp(when)} on bastion2 by night-op "
                  f"(exec), closed {stamp(when + 900)}; the ledger: it is "
                  "missing")
        of = dict(credential=name, set=self.sets[name][0],
                  generation=self.sets[name][1])
        ask = dict(requester=who, reason="the ledger's disk is gone",
                   ticket="none", cards="1,2")
        self.say(taken, "receipt", hash=HASH, detail=detail, **of, **ask)
        incident = f"INC-{self.n}"
        self.say(taken, "request", **of, **dict(ask, cards=None),
                 expected="15m", expires=stamp(when + DAY), size=self.n,
                 root=HASH, emergency=f"receipt {rid}")
        self.say(taken, "present", incident=incident, card=1,
                 verdict="genuine", detail=f"receipt {rid}", **of)
        for event, seconds in (("open", taken - when), ("opened", None),
                               ("close", 900)):
            self.say(taken, event, incident=incident, detail=detail,
                     deadline=stamp(when + DAY), seconds=seconds,
                     emergency=f"receipt {rid}", **of, **ask)
        return incident


def stamp(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


def at(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M"))


def year(log):
    log.say(at("2025-11-20 09:00"), "log-init",
            ledger="ae9870167a00f93b028ba04395a84a14")
    for who, role in [("ana", "requester"), ("cfo", "custodian"),
                      ("ciso", "custodian"), ("cto", "custodian"),
                      ("bob", "approver"), ("dora", "auditor")]:
        log.say(at("2025-11-20 09:10"), "person", act="add", person=who,
                detail="name, roles", reason=role)
    for name in NAMES:
        log.say(at("2025-11-20 09:20"), "credential", act="add",
                credential=name, detail="owner, target, criteria")
    for i, name in enumerate(NAMES):
        log.deal(at("2025-11-20 10:00") + i * 7200, name, 1)
    for when, act in sorted(
            happenings(log), key=lambda happening: happening[0]):
        act(at(when))


def happenings(log):
    """What happens when, in any order."""
    def drills(names):
        return lambda t: [log.drill(t + 600 * i, name)
                          for i, name in enumerate(names)]

    def opening(name, who, hours):
        return lambda t: log.opening(
            t, name, who, "single sign-on is down, and pages don't stop",
            f"OPS-{t % 9973}", signed=who == "ana", rotated=hours * 3600,
            approvals=("bob",) if name != "plant-hmi" else ())

    def event(name, **values):
        return lambda t: log.say(t, name, **values)

    return [
        ("2026-02-10 08:00", drills(NAMES)),
        ("2026-05-09 08:00", drills(NAMES)),
        ("2026-08-04 08:00", drills(NAMES[:2])),
        ("2026-01-17 03:10", opening("db-root", "ana", 2)),
        ("2026-02-24 22:40", opening("db-root", "ana", 5)),
        ("2026-03-30 01:05", opening("cloud-admin", "ben", 11)),
        ("2026-05-02 14:20", opening("db-root", "ana", 3)),
        ("2026-06-11 02:00", opening("cloud-admin", "ben", 31)),
        ("2026-07-19 05:30", opening("plant-hmi", "eve", 9)),
        ("2026-09-02 23:10", opening("db-root", "ana", 6)),
        ("2026-03-02 10:00", event(
            "refused", act="open", credential="db-root",
            requester="mallory", detail="let me in",
            reason='open: "mallory" is no requester')),
        ("2026-04-04 04:04", event(
            "present", card=2, verdict="forged",
            detail="its set is not known here")),
        ("2026-06-20 02:05", event(
            "undelivered", sink="pager", reason="it took too long",
            detail="alert of entry 60, try 1")),
        ("2026-06-20 02:35", event(
            "delivered", sink="pager", detail="alert of entry 60, try 2")),
        ("2026-08-01 09:00", lambda t: log.say(
            t, "lost", credential="plant-hmi", card=2, person="ciso",
            set=log.sets["plant-hmi"][0], reason="a bag was found open")),
        ("2026-08-20 09:00", event(
            "person", act="retire", person="eve", detail="roles, retired")),
        ("2026-10-05 16:00", lambda t: log.rescue(
            t - 45600, t, "cloud-admin", "night-op")),
        ("2026-11-18 01:00", lambda t: log.opening(
            t, "plant-hmi", "eve", "the line stands still", "none",
            rotated=None,
            emergency="nobody who may ask could be reached")),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--hostile", action="store_true")
    given = parser.parse_args()
    log = Log(given.hostile)
    year(log)
    while log.n < given.entries:
        log.drill(at("2026-11-20 08:00"), "db-root")


main()
