#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break quorate split or rotate at each of its system calls that write.

    deal-faults.py split|rotate BUILD [STEP]

In an empty directory, with XDG_CONFIG_HOME naming the ledger ./ledger.db and,
for rotate, HOOK and TARGET (tests/cli/common.bash). A call is killed, or fails
with EIO or ENOSPC; of pwrite64, of which there are most, each STEPth. After
each: state and log agree; no card is out that the log knows nothing of; no
dealing is on record whose cards aren't there; what the target takes is opened
by cards that are out; and the command, given again, goes through.
"""
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "linkat", "unlink",
         "unlinkat", "ftruncate", "rename", "mkdir", "rmdir")
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")

verb, build = sys.argv[1:3]
quorate = build + "/cmd/quorate"
ledger_tool = build + "/tests/tools/ledger-tool"
step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
secret = "the secret"
where = "before"


def call(*words, **more):
    return subprocess.run(words, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **more)


def must(*words):
    done = call(*words)
    if done.returncode != 0:
        sys.exit("%s: %s" % (" ".join(words), done.stderr.decode()))
    return done


def command(out):
    if verb == "split":
        return [quorate, "split", "db", "-k", "2", "-n", "3", "--format",
                "txt", "--secret-file", "secret", "--output", out]
    cards = holding()
    return [quorate, "rotate", "db"] + cards[:2] + [
        "--hook", os.environ["HOOK"], "--format", "txt", "--output", out]


def target():
    with open(os.environ["TARGET"] + "/password") as f:
        return f.read()


def opens(cards):
    """What cards open; None where they don't."""
    done = call(quorate, "reconstruct", "--no-ledger", *cards,
                "--output-fd", "1", "-q")
    return done.stdout.decode() if done.returncode == 0 else None


def sets_out():
    """Cards by their generation."""
    found = {}
    for path in sorted(glob.glob("*/db-g*.txt")):
        generation = int(path.split("/db-g")[1].split("-")[0])
        found.setdefault(generation, []).append(path)
    return found


def holding():
    """The newest cards that open what the target takes."""
    for generation, cards in sorted(sets_out().items(), reverse=True):
        if len(cards) == 3 and opens(cards) == target():
            return cards
    sys.exit("%s: no cards open what the target takes" % where)


def log():
    db = sqlite3.connect("ledger.db")
    entries = [json.loads(line) for line, in
               db.execute("SELECT line FROM entry ORDER BY number")]
    sets = dict(db.execute("SELECT generation, status FROM dealing"))
    db.close()
    return entries, sets


def start():
    for path in glob.glob("*"):
        if path not in ("template.db", "secret"):
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    shutil.copy("template.db", "ledger.db")
    if verb == "rotate":
        shutil.copytree(".template", "old")
        with open(os.environ["TARGET"] + "/password", "w") as f:
            f.write(secret)


def check(where, done):
    def expect(holds, what):
        if not holds:
            sys.exit("%s: %s\n%s" % (where, what, done.stderr.decode()))

    expect(call(ledger_tool, "agrees", "ledger.db").returncode == 0,
           "state and log don't agree")
    entries, sets = log()
    out = sets_out()
    events = {}
    for e in entries:
        events.setdefault(int(e.get("generation", 0)), []).append(e["event"])
    for generation in out:
        expect("deal-intent" in events.get(generation, []),
               "cards of generation %d, and no intent" % generation)
    for generation, status in sets.items():
        if status in ("current", "pending"):
            expect(len(out.get(generation, [])) == 3,
                   "generation %d is %s, and isn't out" % (generation,
                                                           status))
            expect(opens(out[generation]) is not None,
                   "generation %d doesn't open" % generation)
    if verb == "rotate":
        cards = holding()
        generation = int(cards[0].split("/db-g")[1].split("-")[0])
        expect(sets.get(generation) in ("current", "pending"),
               "the target takes generation %d, which the ledger has as %s"
               % (generation, sets.get(generation)))
    if done.returncode == 0:
        newest = max(g for g in sets if sets[g] != "void")
        expect(newest in out and opens(out[newest]) is not None,
               "done, and not out")
        expect(sets[newest] == "current" or entries[-1].get("outcome") ==
               "unproven", "done, and not on record")


def again(where):
    done = call(*command("again"))
    if done.returncode != 0:
        sys.exit("%s: not again: %s" % (where, done.stderr.decode()))
    check(where + ", again", done)


def prepare():
    global verb
    with open("secret", "w") as f:
        f.write(secret)
    must(ledger_tool, "create", "ledger.db")
    if verb == "rotate":
        verb = "split"
        must(*command(".template"))
        verb = "rotate"
    os.rename("ledger.db", "template.db")


def break_at(fault, name, n):
    """One try; whether there was such a call."""
    global where
    where = "%s, %s at %s %d" % (verb, fault, name, n)
    start()
    done = call("strace", "-qq", "-o", "trace", "-e", "trace=" + name, "-e",
                "inject=%s:%s:when=%d" % (name, fault, n), *command("new"))
    with open("trace") as f:
        if "INJECTED" not in f.read() and done.returncode != -9:
            return False
    check(where, done)
    again(where)
    return True


def main():
    tried = 0
    prepare()
    for fault in FAULTS:
        for name in CALLS:
            n = 1
            while break_at(fault, name, n):
                n += step if name == "pwrite64" else 1
                tried += 1
    print("%s: %d points tried" % (verb, tried))


main()
