# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks on a log of 100 entries, each by somebody who knows his trade.

Whoever forges renumbers, keeps the times in order, and seals as well as he
can: with the key that the host held when he took it, or with the one that an
old copy held.  Each attack takes a position p from 0 to 99 and gives the host
as the world then sees it, or None where it has no meaning at p.
"""
import pathlib
import sys

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "vectors"))
import quolog                                                   # noqa: E402
from quo1 import hmac256                                        # noqa: E402

SIZE = 100
HONEST = quolog.honest(SIZE)
STORY = [quolog.story(n) for n in range(SIZE)]
SNAPSHOT = 50           # somewhere a copy of the disk of that moment is left


def false(n):
    """What the attacker would rather read as entry n."""
    return dict(quolog.story(n), actor="nobody", auth="claimed")


def renumber(entries):
    """As if they had been written like this: numbers, and times in order."""
    times = sorted(entry["time"] for entry in entries)
    return [dict(entry, n=n, time=time)
            for n, (entry, time) in enumerate(zip(entries, times))]


def forge(entries, thief):
    """Seal entries as well as a thief can: with the host that he took.

    What the thief found stays sealed; what he changed among it gets his key,
    for want of the right one; what comes later is sealed as it should be.
    """
    host = thief.copy()
    host.lines, host.macs, size = [], [], len(thief.lines)
    for n, line in enumerate(quolog.line(entry) for entry in entries):
        if n >= size:
            host.seal(line)
            continue
        kept = HONEST.lines[n] == line and n < len(thief.macs)
        host.lines.append(line)
        host.macs.append(HONEST.macs[n] if kept
                         else hmac256(thief.key, line))
    return host


def rewrite(p):
    return forge(renumber(STORY[:p] + [false(p)] + STORY[p + 1:]), HONEST)


def swap(p):
    if p == SIZE - 1:
        return None
    return forge(renumber(STORY[:p] + [STORY[p + 1], STORY[p]]
                          + STORY[p + 2:]), HONEST)


def drop(p):
    return forge(renumber(STORY[:p] + STORY[p + 1:]), HONEST)


def double(p):
    return forge(renumber(STORY[:p + 1] + STORY[p:]), HONEST)


def insert(p):
    new = dict(false(p or 1), time=STORY[p]["time"])
    return forge(renumber(STORY[:p] + [new] + STORY[p:]), HONEST)


def cut(p):
    host = HONEST.copy()
    del host.lines[p:], host.macs[p:]
    return host


def later(p):
    """False entries from p up to the length that the log had."""
    return STORY[:p] + [false(n) for n in range(p, SIZE)]


def cut_and_go_on(p):
    return forge(later(p), HONEST)


def old_copy(p):
    """The disk as it was when p entries stood there, its key too."""
    return quolog.honest(p)


def old_copy_and_go_on(p):
    return forge(later(p), quolog.honest(p))


def snapshot(p):
    """Rewrite with the key that a copy of the disk at SNAPSHOT still has."""
    if p < SNAPSHOT:
        return forge(renumber(STORY[:p] + [false(p)] + STORY[p + 1:]),
                     quolog.honest(SNAPSHOT))
    return forge(STORY[:p] + [false(p)] + STORY[p + 1:],
                 quolog.honest(SNAPSHOT))


def two_histories(p):
    """A host that lies from p on, to one of two people: the other's log."""
    return old_copy_and_go_on(p)


def new_log(p):
    """Another ledger, with a key and an id of its own: p + 1 true entries."""
    host = quolog.Host("f" * 32, bytes(32))
    host.append(dict(STORY[0], ledger=host.ledger))
    for entry in STORY[1:p + 1]:
        host.append(entry)
    return host


def lie(p):
    """A host that is false already when entry p is written."""
    return forge(STORY[:p] + [false(p)] + STORY[p + 1:], quolog.honest(0))


def never_written(p):
    """An act at p without its entry, by a host that is false already."""
    if p == 0:
        return None
    return forge(renumber(STORY[:p] + STORY[p + 1:]), quolog.honest(0))


# ---- by somebody who doesn't know his trade

def clumsy(rows):
    """Rows of the file moved about, as an editor would."""
    def attack(p):
        host = HONEST.copy()
        pairs = rows(list(zip(host.lines, host.macs)), p)
        if pairs is None:
            return None
        host.lines, host.macs = map(list, zip(*pairs))
        return host
    return attack


swap_rows = clumsy(lambda rows, p: rows[:p] + rows[p + 1:p + 2]
                   + rows[p:p + 1] + rows[p + 2:] if p < SIZE - 1 else None)
drop_row = clumsy(lambda rows, p: rows[:p] + rows[p + 1:])
double_row = clumsy(lambda rows, p: rows[:p + 1] + rows[p:])
flip_seal = clumsy(lambda rows, p: rows[:p]
                   + [(rows[p][0], bytes([rows[p][1][0] ^ 1])
                       + rows[p][1][1:])] + rows[p + 1:])
flip_line = clumsy(lambda rows, p: rows[:p]
                   + [(rows[p][0].replace(b"bastion1", b"bastion3"),
                       rows[p][1])] + rows[p + 1:])
