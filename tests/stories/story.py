#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell, from an exported log and nothing else, of each incident who, why,
when and how long. Times are of the minute, spans are rounded to it."""

import datetime
import json
import sys


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def span(seconds):
    minutes = round(seconds / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "m")]
    return " ".join("%d%s" % p for p in parts if p[0]) or "less than a minute"


def read(path):
    with open(path, encoding="utf-8") as log:
        return [json.loads(row.split("\t")[0]) for row in log]


def known(entry):
    return "signed" if entry.get("auth") == "signed" else "claimed"


def opened_at(entry):
    """A receipt is taken in later, and says how much later."""
    return moment(entry["time"]) - datetime.timedelta(
        seconds=int(entry.get("seconds", 0)))


def tell(log, request):
    name = "INC-%d" % request["n"]
    mine = [e for e in log if e.get("incident") == name]

    def of(event):
        return [e for e in mine if e["event"] == event]

    print("%s: %s" % (name, request["credential"]))
    print("  why: %s; ticket %s; %s" % (
        request["reason"], request["ticket"],
        request.get("criterion", "no criterion")))
    if request.get("emergency", "").startswith("receipt"):
        print("  told later, by a receipt")
    print("  who: for %s; approved by %s" % (request["requester"], ", ".join(
        "%s (%s)" % (e["person"], known(e)) for e in of("approve"))
        or "nobody"))
    for e in of("refused"):
        print("  refused: %s" % e["reason"].split("\n")[0])
    for e in of("open"):
        serials = e["cards"].split(",")
        whose = {p["card"]: p.get("person", "?") for p in of("present")
                 if p.get("set") == e["set"]}
        at = opened_at(e)
        print("  opened: %s, with the cards of %s" % (
            at.strftime("%F %H:%M"), ", ".join(whose[s] for s in serials)))
        print("  exposed: %s" % span(sum(int(c["seconds"])
                                         for c in of("close"))))
        end = [r for r in log if r["event"] == "rotate-end"
               and r["credential"] == e["credential"]
               and r["outcome"] == "proven" and r["n"] > e["n"]]
        print("  burned: %s" % (span((moment(
            end[0]["time"]) - at).total_seconds()) if end else "still"))
        if end and end[0]["time"] > e["deadline"]:
            print("  rotated too late: due %s" % e["deadline"][:16])
    for e in of("review"):
        print("  reviewed: by %s (%s), as %s" % (
            e["person"], known(e), e["classification"]))


def main():
    log = read(sys.argv[1])
    for entry in log:
        if entry["event"] == "request":
            tell(log, entry)


main()
