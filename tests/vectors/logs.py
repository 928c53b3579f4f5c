# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of the log, and the worked example of docs/log.md."""
import quolog
import quo1
from quolog import KEY0, LEDGER
from vector import File, numbered

ROOT = quo1.sha256(b"a root")
LONGEST = 32768
FILL = ("actor", "person", "detail")    # with what takes twice its room
BARE = dict(n=7, time="2026-11-21T03:10:00Z", event="request")


def lines(f):
    f.source("section 2: a line, and the keys and values that stand in it")

    def good(name, entry):
        keys = [key for key in quolog.KEYS if key in entry]
        f.block("line: " + name, dict(
            op="line", line=quolog.line(entry).decode(),
            **numbered("key", keys),
            **numbered("value", [entry[key] for key in keys])))
    good("bare", BARE)
    good("log-init", quolog.story(0))
    for n in range(1, 11):
        good(f"entry {n}", quolog.story(n))
    for name, text in [
            ("quotes", 'say "yes"'), ("backslash", "C:\\new\\table"),
            ("backslash and quote", '\\"'), ("slash", "a/b"),
            ("UTF-8", "Zoë 李四 \U0001f511"), ("U+00A0", "a\xa0b"),
            ("U+FEFF inside", "a\ufeffb"), ("U+2028", "a\u2028b"),
            ("braces", '{"a":[1]}'), ("a letter", "x"),
            ("4096 bytes", "é" * 2048), ("4096 quotes", '"' * 4096)]:
        good(name, dict(BARE, reason=text))
    good("n 0", dict(BARE, n=0))
    good("n of 10 digits", dict(BARE, n=4294967297))
    good("n of 15 digits", dict(BARE, n=10 ** 15 - 1))
    filled = dict(BARE, findings="f" * 4096,
                  **{key: '"' * 4096 for key in FILL})
    filled["reason"] = "r" * (LONGEST - len(quolog.line(
        dict(filled, reason=""))))
    good("32768 bytes", filled)
    good("29 February", dict(BARE, time="2028-02-29T23:59:59Z"))
    good("29 February of the year 0", dict(BARE, time="0000-02-29T00:00:00Z"))
    good("the last moment", dict(BARE, time="9999-12-31T23:59:59Z"))
    good("every key", {key: 12 if key == "n" else BARE.get(key, f"a {key}")
                       for key in quolog.KEYS})
    bad_lines(f)
    bad_times(f)


def bad_lines(f):
    f.source("section 2: lines that are refused")
    head = '{"n":7,"time":"2026-11-21T03:10:00Z","event":"request"'

    def bad(name, line):
        line = line.encode() if isinstance(line, str) else line
        try:
            text = line.decode()
            plain = text == text.strip() and text.isprintable()
        except UnicodeDecodeError:
            plain = False
        given = dict(line=text) if plain else dict(linehex=line)
        f.block("refused: " + name, dict(op="line", **given), "EFORMAT")
    bad("nothing", "")
    bad("no object", "[]")
    bad("a text", '"request"')
    bad("not closed", head)
    bad("two objects", head + "}{}")
    bad("no n", '{"time":"2026-11-21T03:10:00Z","event":"request"}')
    bad("no time", '{"n":7,"event":"request"}')
    bad("no event", '{"n":7,"time":"2026-11-21T03:10:00Z"}')
    bad("no key", "{}")
    bad("n is a text", head.replace("7", '"7"', 1) + "}")
    for name, n in [("has a zero in front", "07"), ("has a sign", "+7"),
                    ("is below 0", "-7"), ("is minus 0", "-0"),
                    ("has a point", "7.0"), ("has an exponent", "7e0"),
                    ("is true", "true"), ("is null", "null"),
                    ("has 16 digits", "1" + "0" * 15),
                    ("is above 2^64", str(2 ** 64 + 7))]:
        bad(f"n {name}", head.replace("7", n, 1) + "}")
    bad("a key unknown", head + ',"colour":"red"}')
    bad("a key in upper case", head + ',"Actor":"mona"}')
    bad("a key written by escape", head + ',"\\u0061ctor":"mona"}')
    bad("an empty key", head + ',"":"mona"}')
    bad("a key twice", head + ',"actor":"mona","actor":"mona"}')
    bad("keys out of order", head + ',"auth":"claimed","actor":"mona"}')
    bad("event before time",
        '{"n":7,"event":"request","time":"2026-11-21T03:10:00Z"}')
    bad("a comma too many", head + ",}")
    bad("a comma missing", head + '"actor":"mona"}')
    for name, value in [("a number", "7"), ("true", "true"),
                        ("null", "null"), ("a list", '["a"]'),
                        ("an object", '{"a":"b"}'), ("empty", '""'),
                        ("not closed", '"mona'), ("in single quotes", "'x'")]:
        bad(f"a value {name}", head + f',"actor":{value}}}')
    bad("a size that is a number", head + ',"size":7}')
    bad("4097 bytes", head + ',"actor":"' + "a" * 4097 + '"}')
    bad("4097 bytes in 2049 letters",
        head + ',"actor":"' + "é" * 2048 + 'e"}')
    line = head + "".join(f',"{key}":"{value}"' for key, value in [
        ("actor", '\\"' * 4096), ("person", '\\"' * 4096),
        ("requester", '\\"' * 4096), ("reason", ""), ("detail", '\\"' * 4000)])
    bad("32769 bytes", line.replace('"reason":"', '"reason":"' + "r" * (
        LONGEST - len(line))) + "}")
    for name, escape in [("slash", "\\/"), ("n", "\\n"), ("t", "\\t"),
                         ("b", "\\b"), ("u0041", "\\u0041"),
                         ("u0022", "\\u0022"), ("u00e9", "\\u00e9"),
                         ("ud800", "\\ud800"), ("x", "\\x41")]:
        bad(f"escape {name}", head + f',"actor":"a{escape}"}}')
    bad("a backslash alone at the end", head + ',"actor":"a\\"}')
    for place, line in [
            ("in front", " " + head + "}"), ("at the end", head + "} "),
            ("behind a colon", head + ',"actor": "mona"}'),
            ("behind a comma", head + ', "actor":"mona"}'),
            ("inside", head.replace("{", "{ ", 1) + "}"),
            ("before the end", head + " }")]:
        bad(f"a space {place}", line)
    bad("LF at the end", head + "}\n")
    bad("CR at the end", head + "}\r")
    for code in (0, 1, 9, 10, 0x1f, 0x7f, 0x80, 0x85, 0x9f):
        bad(f"U+{code:04X}", head + f',"actor":"a{chr(code)}b"}}')
    for name, raw in [("a lone byte", b"\x80"), ("cut short", b"\xc3"),
                      ("overlong", b"\xc0\xaf"), ("overlong NUL", b"\xc0\x80"),
                      ("a surrogate", b"\xed\xa0\x80"),
                      ("above U+10FFFF", b"\xf4\x90\x80\x80"),
                      ("FF", b"\xff")]:
        bad(f"UTF-8: {name}", head.encode() + b',"actor":"a' + raw + b'"}')
    bad("a byte order mark in front", "\ufeff" + head + "}")


def bad_times(f):
    for name, time in [
            ("without Z", "2026-11-21T03:10:00"),
            ("with an offset", "2026-11-21T03:10:00+00:00"),
            ("in lower case", "2026-11-21t03:10:00z"),
            ("with a fraction", "2026-11-21T03:10:00.0Z"),
            ("with a space", "2026-11-21 03:10:00Z"),
            ("of month 13", "2026-13-21T03:10:00Z"),
            ("of month 0", "2026-00-21T03:10:00Z"),
            ("of 31 November", "2026-11-31T03:10:00Z"),
            ("of day 0", "2026-11-00T03:10:00Z"),
            ("of 29 February 2027", "2027-02-29T03:10:00Z"),
            ("of hour 24", "2026-11-21T24:00:00Z"),
            ("of minute 60", "2026-11-21T03:60:00Z"),
            ("of second 60", "2026-12-31T23:59:60Z"),
            ("a date alone", "2026-11-21"),
            ("in other digits", "٢٠٢٦-11-21T03:10:00Z")]:
        line = quolog.line(dict(BARE, time=time)).decode()
        f.block(f"refused: time {name}", dict(op="line", line=line),
                "EFORMAT")


def trees(f, host):
    f.source("section 3: leaves, and the root of the first 0, 1, ... 20")
    leaves = [quolog.leaf(line) for line in host.lines]
    for i, leaf in enumerate(leaves):
        f.block(f"leaf {i}", dict(op="leaf", line=host.lines[i].decode(),
                                  leaf=leaf))
    for size in range(len(leaves) + 1):
        f.block(f"root {size}", dict(
            op="root", size=size, **numbered("leaf", leaves[:size]),
            root=quolog.root(leaves[:size])))


def seals(f, host):
    f.source("section 4: the key of an entry, its seal; the auditor's card")
    for n in [0, 1, 2, 3, 10, 19]:
        f.block(f"seal {n}", dict(
            op="seal", n=n, key0=KEY0, key=quolog.key_at(KEY0, n),
            line=host.lines[n].decode(), mac=host.macs[n]))
    f.block("key 1000", dict(op="seal", n=1000, key0=KEY0,
                             key=quolog.key_at(KEY0, 1000)))
    text = quolog.auditor_text(KEY0)
    good = dict(op="auditor", key=KEY0)
    f.block("auditor", dict(good, text=text))
    f.block("auditor, folded", dict(
        good, text=text[:20].lower() + " " + text[20:40] + "\t" + text[40:]))
    f.block("auditor, in hex", dict(good, text=KEY0.hex()))
    f.block("auditor, in hex, folded", dict(
        good, text=KEY0.hex()[:10].upper() + "  " + KEY0.hex()[10:]))
    # The last letter carries one bit: the other four are zero.
    for name, bad in [
            ("another prefix", text.replace("QUO1A", "QUO1S")),
            ("no prefix", text[6:]), ("cut", text[:-1]),
            ("too short", text[:-8]), ("too long", text + "AA"),
            ("padded", text + "===="), ("nothing", "QUO1A:"),
            ("a digit that base32 lacks", text[:-9] + "1" + text[-8:]),
            ("bits behind the end",
             text[:-1] + ("B" if text[-1] == "A" else "R")),
            ("hex too short", KEY0.hex()[:-1]),
            ("hex too long", KEY0.hex() + "0"),
            ("a byte less in hex", KEY0.hex()[:-2]),
            ("no hex", "g" + KEY0.hex()[1:]),
            ("hex behind the prefix", "QUO1A:" + KEY0.hex()),
            ("hex behind 0x", "0x" + KEY0.hex()[2:])]:
        f.block("auditor: " + name, dict(op="auditor", text=bad), "EFORMAT")


def checkpoints(f, host):
    f.source("section 5: a checkpoint's three lines")

    def block(name, rows, result="ok", **fields):
        f.block("checkpoint: " + name, dict(
            op="checkpoint", **fields, **numbered("text", rows)), result)
    for size in (0, 1, 13, 20):
        root = host.root(size)
        block(f"of {size}", quolog.checkpoint(LEDGER, size,
                                              root).splitlines(),
              ledger=LEDGER, size=size, root=root)
    most = 10 ** 18 - 1
    block("of 18 digits", quolog.checkpoint(LEDGER, most, ROOT).splitlines(),
          ledger=LEDGER, size=most, root=ROOT)
    origin, size, root = quolog.checkpoint(LEDGER, 13, ROOT).splitlines()
    for name, rows in [
            ("another program", ["quorat/" + LEDGER, size, root]),
            ("ledger in upper case", ["quorate/" + LEDGER.upper(), size,
                                      root]),
            ("ledger too short", [origin[:-2], size, root]),
            ("ledger too long", [origin + "00", size, root]),
            ("a zero in front", [origin, "013", root]),
            ("a sign", [origin, "+13", root]),
            ("no size", [origin, "", root]),
            ("size of 19 digits", [origin, "1" + "0" * 18, root]),
            ("size above 2^64", [origin, str(2 ** 64 + 13), root]),
            ("root without padding", [origin, size, root[:-1]]),
            ("root cut", [origin, size, root[:-4]]),
            ("root too long", [origin, size, root[:-1] + "AAAA="]),
            ("root in base64url",
             [origin, size, "-_" + root[2:]]),
            ("bits behind the root",
             [origin, size, root[:-2] + chr(ord(root[-2]) + 1) + "="]),
            ("two lines", [origin, size])]:
        block(name, rows, "EFORMAT")


def witnesses(f, host):
    f.source("section 5: where else a checkpoint stands")
    root = host.root(13)

    def block(name, rows, result="ok", **fields):
        f.block("witness: " + name, dict(
            op="witness", **fields, **numbered("text", rows)), result)
    approval = ["quorate approval 1", "ledger: " + LEDGER,
                "incident: INC-12", "reason: size: 3", "size: 13",
                "root: " + root.hex(), "request: " + "0" * 64]
    block("a receipt", ["quorate receipt 1", "generation: 2",
                        f"checkpoint: 13 {root.hex()}", "quorum: 1,2"],
          ledger="", size=13, root=root)
    block("an approval", approval, ledger=LEDGER, size=13, root=root)
    block("a hook's mail", ["Alert!", "", *quolog.checkpoint(
        LEDGER, 13, root).splitlines(), "--", "quorate"],
        ledger=LEDGER, size=13, root=root)
    one = quolog.checkpoint(LEDGER, 13, root)
    fake = quolog.checkpoint(LEDGER, 12, ROOT)
    for name, row in [
            ("an alert to a hook", '{"n":12,"reason":"\\"checkpoint\\":\\"'
             + fake.replace("\n", "n") + '","checkpoint":"'
             + one.replace("\n", "\\n") + '"}'),
            ("an alert to syslog", 'Nov 21 db1 quorate: ALERT n="12"'
             f' checkpoint="{one}" reason=" checkpoint=\\"{fake}\\""'
             .replace("\n", " ")),
            ("two alerts in a line, the first damaged",
             f'x checkpoint="{fake[:-2]}" checkpoint="{one}" y'
             .replace("\n", " "))]:
        block(name, [row], ledger=LEDGER, size=13, root=root)
    block("an alert whose text was made up", [
        'ALERT n="12" reason=" checkpoint=\\"' + fake.replace("\n", " ")
        + '\\""'], "EFORMAT")
    for i, name in ((1, "ledger"), (4, "size"), (5, "root")):
        block(f"an approval without {name}",
              approval[:i] + approval[i + 1:], "EFORMAT")
    for name, text in [
            ("size with a zero in front", f"013 {root.hex()}"),
            ("root in upper case", f"13 {root.hex().upper()}"),
            ("root too short", f"13 {root.hex()[:-2]}"),
            ("no root", "13"), ("no size", root.hex())]:
        block("a receipt, " + name, ["checkpoint: " + text], "EFORMAT")


def log():
    f = File("Logs (docs/log.md)")
    host = quolog.honest(20)
    lines(f)
    trees(f, host)
    seals(f, host)
    checkpoints(f, host)
    witnesses(f, host)
    return f


# ---- docs/log.md, section 9

def wrapped(text):
    """At most 74 characters a row, none with a space at its end."""
    out = []
    while text:
        row = text[:74].rstrip(" ") if text[74:] else text
        out.append("    " + row)
        text = text[len(row):]
    return out


def example():
    host = quolog.honest(3)
    out = ["## 9. A worked example", "",
           "Printed by `tests/vectors/make.py --example log`;",
           "`tests/vectors/log.txt` holds many more lines, what must be",
           "refused above all. Lines are broken here at 74 characters.", "",
           "Three entries, their leaves, and the seals by key 0, 1 and 2:"]
    for n, line in enumerate(host.lines):
        out += [""] + wrapped(line.decode()) + [
            "", f"    leaf {n}  {quolog.leaf(line).hex()}",
            f"    key {n}   {quolog.key_at(KEY0, n).hex()}",
            f"    mac {n}   {host.macs[n].hex()}"]
    leaves = [quolog.leaf(line) for line in host.lines]
    out += ["", "The tree of all three is node(node(leaf 0, leaf 1), leaf 2):",
            "", f"    node    {quolog.root(leaves[:2]).hex()}",
            f"    root    {host.root().hex()}", "",
            "What the auditor's card holds:", "",
            "    " + quolog.auditor_text(KEY0), "",
            "The checkpoint:", ""]
    out += ["    " + row for row in host.checkpoint().splitlines()]
    return "\n".join(out) + "\n"
