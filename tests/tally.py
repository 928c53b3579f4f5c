# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the tests of one suite: tally.py KIND LOG STATUS

KIND says what LOG is: meson (its testlog.json; what it ran may speak TAP or
as unittest does, else each is one test), tap, unittest, or exit (one test, by STATUS alone). STATUS is the suite's exit
code. Prints "PASSED FAILED SKIPPED"; names what failed on standard error. A
suite that ends badly without a failed test counts one for itself.
"""
import json
import re
import sys


def tap(text, status, name):
    passed, skipped, failed = 0, 0, []
    for line in text.splitlines():
        m = re.match(r"(not )?ok \d+(.*)", line)
        if not m:
            continue
        # cmocka says "not ok 3 # SKIP"
        if re.search(r"# skip", m[2], re.I):
            skipped += 1
        elif m[1]:
            failed.append(m[2].strip(" -"))
        else:
            passed += 1
    plan = re.search(r"^1\.\.(\d+)", text, re.M)
    seen = passed + skipped + len(failed)
    if plan and seen < int(plan[1]):
        failed.append(f"{name}: {int(plan[1]) - seen} tests never ended")
    elif status != 0 and not failed:
        failed.append(f"{name}: exit status {status}")
    elif status == 0 and seen == 0:
        failed.append(f"{name}: no test ran")
    return passed, failed, skipped


def meson(text, status, name):
    passed, skipped, failed = 0, 0, []
    for line in text.splitlines():
        test = json.loads(line)
        code = test.get("returncode", 1)
        good = test["result"] in ("OK", "EXPECTEDFAIL")
        if test["result"] == "SKIP":
            p, f, s = 0, [], 1
        elif re.search(r"^1\.\.\d+", test.get("stdout", ""), re.M):
            p, f, s = tap(test["stdout"], 0 if good else code or 1,
                          test["name"])
        elif re.search(r"^Ran [1-9]", test.get("stderr", ""), re.M):
            p, f, s = unittest(test["stderr"], 0 if good else code or 1,
                               test["name"])
        else:
            p, s = int(good), 0
            f = [] if good else [f"{test['result']}, status {code}"]
        passed += p
        skipped += s
        failed += [f"{test['name']}: {x}" for x in f]
    if status != 0 and not failed:
        failed.append(f"{name}: exit status {status}")
    elif passed == 0 and not failed:
        failed.append(f"{name}: no test ran")
    return passed, failed, skipped


def unittest(text, status, name):
    ran = re.search(r"^Ran ([1-9]\d*) tests?", text, re.M)
    if not ran:
        return 0, [f"{name}: exit status {status}"], 0
    skips = re.search(r"skipped=(\d+)", text)
    skipped = int(skips[1]) if skips else 0
    failed = re.findall(r"^(?:FAIL|ERROR): (.*)", text, re.M)
    if status != 0 and not failed:
        failed.append(f"{name}: exit status {status}")
    return max(0, int(ran[1]) - skipped - len(failed)), failed, skipped


def by_status(text, status, name):
    return (1, [], 0) if status == 0 else (0, [f"exit status {status}"], 0)


KINDS = {"meson": meson, "tap": tap, "unittest": unittest, "exit": by_status}


def main():
    kind, log, status = sys.argv[1:]
    try:
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
    except FileNotFoundError:
        text = ""
    passed, failed, skipped = KINDS[kind](text, int(status), kind)
    for name in failed:
        print(f"  failed: {name}", file=sys.stderr)
    print(passed, len(failed), skipped)


main()
