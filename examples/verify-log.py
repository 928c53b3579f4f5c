#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an exported quorate log with nothing but Python:

    verify-log.py LOG [--witness FILE]... [--auditor-key FILE|-]

LOG is what "quorate log export" wrote. A witness is a file that was kept elsewhere: a receipt,
an approval, whatever contains a checkpoint; or the text of a card (QUO1C: or QUO1P:). The
auditor's key is 64 hex digits, or the text QUO1A:... of the auditor's card. Exit: 0 nothing is
wrong and every witness agrees; 1 something is wrong, and what; 2 misuse; 3 a file can't be read.
Written from docs/log.md alone, whose sections stand in brackets."""
import argparse, base64, datetime, hashlib, hmac, json, re, sys

KEYS = """n time event outcome ledger credential inventory set generation incident act actor auth
key person card verdict requester reason ticket criterion expected expires deadline emergency
classification findings actions recording policy cards locked location bag hash size root
seconds sink detail host version""".split()
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)

class Bad(Exception): "What is wrong, in words."
class Misuse(Exception): "What the caller has to change, in words."
def need(true, words):
    if not true: raise Bad(words)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()

# ---- [2] entries
def quote(text): return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

def read_line(line):
    """The pairs of a line, or Bad if it isn't written in the one way that there is."""
    need(len(line) <= 32768, "it is too long")
    try: pairs = json.loads(line.decode("utf-8"), object_pairs_hook=list)
    except UnicodeDecodeError: raise Bad("it is not UTF-8") from None
    except (ValueError, RecursionError): raise Bad("it is not JSON") from None
    need(isinstance(pairs, list) and line[:1] == b"{", "it is no object")
    last = -1
    for key, value in pairs:
        need(key in KEYS, f"no such key: {key!a}"[:60])
        need(KEYS.index(key) > last, f'"{key}" is out of its place')
        last = KEYS.index(key)
        if key == "n":
            need(type(value) is int and 0 <= value < 10 ** 15, '"n" is no number')
            continue
        need(isinstance(value, str), f'"{key}" is no text')
        size = len(value.encode("utf-8", "surrogatepass"))
        need(1 <= size <= 4096, f'"{key}" is ' + ("too long" if size else "empty"))
        need(not re.search("[\0-\x1f\x7f-\x9f]", value), f'"{key}" has a control character')
    written = ",".join(quote(k) + ":" + (str(v) if k == "n" else quote(v)) for k, v in pairs)
    need(("{" + written + "}").encode("utf-8", "replace") == line, "it is not written canonically")
    return dict(pairs)

def check_time(text):
    try:
        year, *rest = map(int, TIME.fullmatch(text).groups())
        datetime.datetime(year or 2000, *rest)          # Python begins with the year 1
    except (AttributeError, ValueError): raise Bad(f'"time" is no time: {text!a}'[:60]) from None

class Entry:
    """Line number n of the file [6]: what stands in it, and what is wrong with it."""
    def __init__(self, n, row):
        self.line, _, mac = row.partition(b"\t")
        self.mac = bytes.fromhex(mac.decode()) if re.fullmatch(b"[0-9a-f]{64}", mac) else b""
        self.time = self.ledger = self.wrong = None
        try: self.read(n, read_line(self.line))
        except Bad as why: self.wrong = str(why)

    def read(self, n, pairs):
        need("time" in pairs, '"time" is missing')
        check_time(pairs["time"])
        self.time = pairs["time"]
        need("n" in pairs and "event" in pairs, '"n" or "event" is missing')
        need(pairs["n"] == n, f"it has the number {pairs['n']}"[:60])
        need((pairs["event"] == "log-init") == (n == 0), "log-init comes first, and once")
        if n == 0:
            need(re.fullmatch("[0-9a-f]{32}", pairs.get("ledger", "")),
                 '"ledger" is no id of 32 hex digits')
            self.ledger = pairs["ledger"]
        need(self.mac, "no seal of 64 hex digits stands behind it")

# ---- [3] tree
class Tree:
    """RFC 6962, section 2.1, one leaf after another."""
    def __init__(self):
        self.size, self.peaks = 0, []                   # (height, hash), highest first

    def add(self, line):
        height, top = 0, sha256(b"\0", line)
        while self.peaks and self.peaks[-1][0] == height:
            height, top = height + 1, sha256(b"\1", self.peaks.pop()[1], top)
        self.peaks.append((height, top))
        self.size += 1

    def root(self):
        hashes = [top for _, top in self.peaks] or [sha256()]
        top = hashes.pop()
        while hashes: top = sha256(b"\1", hashes.pop(), top)
        return top

# ---- [4] seal
def read_key(text):
    """Key 0, from hex or from the text of the auditor's card."""
    text = "".join(text.split()).upper()
    if re.fullmatch("[0-9A-F]{64}", text): return bytes.fromhex(text)
    try: key = base64.b32decode(text.removeprefix("QUO1A:") + "====")
    except ValueError: key = b""
    if len(key) != 32 or text != "QUO1A:" + base64.b32encode(key).decode().rstrip("="):
        raise Misuse("the auditor's key is neither QUO1A:... nor 64 hex digits: look at it again")
    return key

def unsealed(entries, key):
    for n, entry in enumerate(entries):
        if not hmac.compare_digest(hmac.digest(key, entry.line, "sha256"), entry.mac): yield n
        key = sha256(key)

# ---- [5] checkpoints: (ledger id or None, size, root)
NUMBER = rb"(0|[1-9][0-9]{0,17})"

ROOT = rb"([A-Za-z0-9+/]{43}=)"
ALERT = re.compile(b"|".join(key + b"quorate/([0-9a-f]{32})" + feed + NUMBER + feed + ROOT + feed
                             + b'"' for key, feed in ((b' checkpoint="', b" "),
                                                      (b'"checkpoint":"', rb"\\n"))))

def is_base64(text): return base64.b64encode(base64.b64decode(text)) == text

def checkpoints_of(text):
    lines = [line.strip(b" \t\r") for line in text.split(b"\n")]
    for at, line in enumerate(lines):
        origin = re.fullmatch(b"quorate/([0-9a-f]{32})", line)
        receipt = re.fullmatch(b"checkpoint: " + NUMBER + b" ([0-9a-f]{64})", line)
        if origin:
            size, root = (lines + [b"", b""])[at + 1:at + 3]
            need(re.fullmatch(NUMBER, size) and re.fullmatch(ROOT, root) and is_base64(root),
                 "its checkpoint is damaged")
            yield origin[1].decode(), int(size), base64.b64decode(root)
        elif receipt:
            yield None, int(receipt[1]), bytes.fromhex(receipt[2].decode())
        elif b"checkpoint" in line:
            alerts = [list(filter(None, match.groups())) for match in ALERT.finditer(line)]
            for ledger, size, root in [alert for alert in alerts if is_base64(alert[2])][:1]:
                yield ledger.decode(), int(size), base64.b64decode(root)
        elif line == b"quorate approval 1":
            said = dict(row.split(b": ", 1) for row in lines[at + 1:at + 20] if b": " in row)
            found = [re.fullmatch(form, said.get(key, b"")) for key, form in
                     ((b"ledger", b"[0-9a-f]{32}"), (b"size", NUMBER), (b"root", b"[0-9a-f]{64}"))]
            need(all(found), "its checkpoint is damaged")
            ledger, size, root = (match[0].decode() for match in found)
            yield ledger, int(size), bytes.fromhex(root)

def leaves_of(policy):
    """How many cards there are [docs/format.md, 3]."""
    count, at, missing = 0, 2, [policy[1]]
    while missing:
        run = policy[at + 1] if policy[at] == 0 else 0
        count, missing[-1] = count + run, missing[-1] - (run or 1)
        if not run: missing.append(policy[at + 1])
        while missing and missing[-1] <= 0: missing.pop()
        at += 2
    return count

def checkpoint_of_card(code):
    """From a set code [docs/format.md, 2, 6 and 7], once its id8 is right."""
    length = int.from_bytes(code[:2], "big")
    head, rest = code[2:2 + length], code[2 + length:]
    size = int.from_bytes(rest[:2], "big")
    sealed = size.to_bytes(4, "big") + sha256(rest[2:2 + size]) if size else rest[2:38]
    at = 42 + 2 * (head[2] & 1)
    n = leaves_of(head[at + 40 * (head[2] >> 1 & 1):])
    digest = sha256(b"\3", length.to_bytes(4, "big"), head, sealed)
    set_id = sha256(b"\2", digest, bytes([n]), code[-40:-8])
    need(head[:2] == b"\1\1" and set_id[:8] == code[-8:], "the code of the card is damaged")
    need(head[2] & 2, "the card was dealt without a log")
    return None, int.from_bytes(head[at:at + 8], "big"), head[at + 8:at + 40]

def set_codes_of(text):
    parts = {}
    for line in text.split(b"\n"):
        line = b"".join(line.split()).upper()
        if line[:6] not in (b"QUO1C:", b"QUO1P:"): continue
        code = base64.b32decode(line[6:] + b"=" * (-len(line[6:]) % 8))
        if line[:6] == b"QUO1P:":
            need(sha256(b"\5", code[:-4])[:4] == code[-4:], "a part of the code is damaged")
            known = parts.setdefault(code[:8], {})
            known[code[8]] = code[10:-4]
            if len(known) < code[9]: continue
            code = b"".join(known[i] for i in sorted(known))
        yield code

def read_witness(name):
    with open(name, "rb") as file: text = file.read()
    found = list(checkpoints_of(text))
    try: found += map(checkpoint_of_card, set_codes_of(text))
    except (ValueError, IndexError, OverflowError): raise Bad("the code of the card is damaged")
    need(found, "there is no checkpoint in it")
    return list(dict.fromkeys(found))

# ---- [7] verifying
class Report:
    failed = False
    def say(self, *words): print(*words)
    def fail(self, *words):
        self.failed = True
        print(*words)

def read_log(name):
    with open(name, "rb") as file: *rows, rest = file.read().split(b"\n")
    entries = [Entry(n, row) for n, row in enumerate(rows + [rest] * (rest != b""))]
    if rest: entries[-1].wrong = entries[-1].wrong or "its line has no end"
    return entries

def judge_lines(report, entries):
    wrong = [n for n, entry in enumerate(entries) if entry.wrong]
    if not entries: report.fail("entry 0: it is missing: the log is empty")
    if wrong: report.fail(f"entry {wrong[0]}: {entries[wrong[0]].wrong}{and_more(wrong)}")
    latest = ""
    for n, entry in enumerate(entries):
        if entry.time and entry.time < latest:
            report.say(f"warning: entry {n}: the time goes back from {latest} to {entry.time}")
        latest = entry.time or latest

def and_more(wrong): return f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""

def judge_seal(report, entries, key):
    wrong = list(unsealed(entries, key)) if key else []
    if not key:
        report.say("seal: not checked: that takes the auditor's key")
    elif not wrong:
        report.say(f"seal: holds for {len(entries)} entries; that none were cut behind them"
                   " it can't show")
    else:
        report.fail(f"entry {wrong[0]}: the seal is WRONG{and_more(wrong)}")
        if len(wrong) == len(entries) > 1: report.say("seal: is it the key of another log?")

def judge_witness(report, name, point, ledger, roots):
    """The size up to which it agrees, or 0; the size at which it contradicts, or None."""
    (origin, size, root), total = point, max(roots)
    says = f"witness {name}: covers {size}:"
    if origin and ledger and origin != ledger:
        report.fail(says, f"CONTRADICTS: it is of another ledger, {origin}")
    elif size > total:
        report.fail(says, f"is AHEAD of this log: {size - total} entries or more were cut")
    elif roots[size] != root:
        report.fail(says, "CONTRADICTS: it saw another history")
        return 0, size
    else:
        report.say(says, "agrees")
        return size, None
    return 0, None

def judge_witnesses(report, names, ledger, entries):
    points = []
    for name in names:
        try: points += [(name, point) for point in read_witness(name)]
        except Bad as why: report.fail(f"witness {name}: {why}")
    tree, roots, wanted = Tree(), {}, {point[1] for _, point in points}
    for entry in entries:
        if tree.size in wanted: roots[tree.size] = tree.root()
        tree.add(entry.line)
    roots[tree.size] = tree.root()
    report.say(f"tree: {tree.size} entries, root {base64.b64encode(tree.root()).decode()}")
    found = [judge_witness(report, name, point, ledger, roots) for name, point in points]
    covered = max((good for good, _ in found), default=0)
    wrong = min((bad for _, bad in found if bad is not None), default=None)
    if wrong is not None and covered < wrong:
        report.say(f"the first wrong entry is one of {covered} to {wrong - 1}")
    elif wrong is not None:
        report.say("the witnesses contradict each other: they saw two histories")
    return covered

def read_key_file(name):
    if name == "-": return read_key(sys.stdin.read())
    with open(name, encoding="latin-1") as file: return read_key(file.read())

def verify(args):
    key = read_key_file(args.auditor_key) if args.auditor_key else None
    report, entries = Report(), read_log(args.log)
    judge_lines(report, entries)
    judge_seal(report, entries, key)
    ledger = entries[0].ledger if entries else None
    covered = judge_witnesses(report, args.witness, ledger, entries)
    last = entries[max(covered, 1) - 1].time if entries else None
    report.say(f"{len(entries)} entries; the last outside witness covers {covered};"
               f" {len(entries) - covered} entries since {last or 'an unknown time'}"
               " rest on this host's honesty alone.")
    return 1 if report.failed else 0

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("log")
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--auditor-key")
    try: return verify(parser.parse_args())
    except Misuse as why: print("verify-log:", why, file=sys.stderr)
    except OSError as why:
        print(f"verify-log: {why.filename}: {why.strerror}", file=sys.stderr)
        return 2 if isinstance(why, FileNotFoundError) else 3
    return 2

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
