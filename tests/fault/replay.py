# SPDX-License-Identifier: GPL-3.0-or-later
"""What a disk may hold after a power cut: the recording of power-shim.c
replayed under strict rules.

 * What is in a file, and its mode, is durable once that file is synced.
 * A name (made, linked, renamed, removed) is durable once its directory is
   synced; syncing the file that it names does nothing for it.
 * Whatever isn't synced may be lost or kept, each piece for itself. That is
   any order of writing back, since what is kept is kept as the program left
   it: the kernel never writes an older page over a newer one.
 * A write that isn't synced may be torn at sectors of 512 bytes, and may have
   made its file longer without its data being there.
 * A rename within one directory is whole or not at all.
"""

import collections
import hashlib
import itertools
import os
import re
import stat

SECTOR = 512
FRAME = re.compile(rb"\x01P([0-9a-f]{8})|\x01M([^\n]*)\n")

# what      operation, "said" or "mark"
# file      device:inode
# path      below the root; of what is said or marked: the text
Event = collections.namedtuple("Event", "what file path number more data")
# One change that is kept or lost as a whole: of the content of a file (write,
# size, mode) or of names in a directory (names: [(name, node or None)]).
Change = collections.namedtuple("Change", "kind node at data")

LOST, KEPT, ZEROS = 0, 1, 2  # or a tuple of the sectors that were written


class NotModelled(Exception):
    """The recording has what no rule here is for."""


def parse(trace, root):
    """The events of a recording, in their order."""
    events, at = [], 0

    def say(end):
        if end > at:
            events.append(Event("said", "-", trace[at:end].decode(
                errors="replace"), 0, "", b""))

    for frame in iter(lambda: FRAME.search(trace, at), None):
        say(frame.start())
        at = frame.end()
        if frame.group(2) is not None:
            events.append(Event("mark", "-", frame.group(2).decode(), 0, "",
                                b""))
            continue
        end = at + int(frame.group(1), 16)
        what, file, path, number, more, data = trace[at:end].split(b"\0", 5)
        at = end
        events.append(Event(what.decode(), file.decode(),
                            below(path.decode(), root), int(number),
                            below(more.decode(), root), data))
    say(len(trace))
    return events


def below(path, root):
    if not path.startswith("/"):
        return path
    path = os.path.normpath(path)
    return os.path.relpath(path, root) if path.startswith(root) else path


class Node:
    """A file or directory, with a name or without."""

    def __init__(self, mode, data=None):
        self.mode, self.data = mode, data
        self.names = None if data is not None else {}

    def copy(self):
        twin = Node(self.mode, self.data)
        if self.names is not None:
            twin.names = dict(self.names)
        return twin


def change_node(node, change, how):
    """Let one change come to pass, whole or torn."""
    if change.kind == "names":
        for name, target in change.data:
            node.names.pop(name, None)
            if target is not None:
                node.names[name] = target
    elif change.kind == "mode":
        node.mode = change.at
    elif change.kind == "size":
        node.data = node.data[:change.at].ljust(change.at, b"\0")
    elif how == ZEROS:
        node.data = node.data.ljust(change.at + len(change.data), b"\0")
    elif how == KEPT:
        node.data = b"".join((
            node.data[:change.at].ljust(change.at, b"\0"), change.data,
            node.data[change.at + len(change.data):]))
    else:
        for sector in how:
            start = max(change.at, sector * SECTOR)
            end = min(change.at + len(change.data), (sector + 1) * SECTOR)
            piece = change.data[start - change.at:end - change.at]
            change_node(node, Change("write", change.node, start, piece),
                        KEPT)


def sectors(change):
    if change.kind != "write":
        return []
    return list(range(change.at // SECTOR,
                      (change.at + len(change.data) - 1) // SECTOR + 1))


class Disk:
    """What is durable, what the program sees, and the changes between."""

    def __init__(self, root):
        """root: the directory as it is now, all of it durable."""
        self.durable, self.seen, self.pending = {}, {}, []
        self.by_file = {}
        self.counter = itertools.count()
        self.root = self.read(root)

    def read(self, path):
        about = os.lstat(path)
        number = self.make(None, stat.S_IMODE(about.st_mode), None)
        node = self.durable[number]
        if stat.S_ISDIR(about.st_mode):
            for name in sorted(os.listdir(path)):
                node.names[name] = self.read(os.path.join(path, name))
        else:
            with open(path, "rb") as file:
                node.data = file.read()
            node.names = None
        self.seen[number] = node.copy()
        self.by_file["%x:%x" % (about.st_dev, about.st_ino)] = number
        return number

    def make(self, file, mode, data):
        """A new file or directory, empty, under no name."""
        number = next(self.counter)
        self.durable[number] = Node(mode, data)
        self.seen[number] = Node(mode, data)
        if file is not None:
            self.by_file[file] = number
        return number

    def find(self, path):
        """The directory that a path's last name is in, that name, and what
        it names."""
        where = self.root
        parts = [p for p in path.split("/") if p not in ("", ".")]
        for part in parts[:-1]:
            where = self.seen[where].names[part]
        name = parts[-1] if parts else ""
        return where, name, (self.seen[where].names.get(name) if parts else
                             self.root)

    def change(self, change):
        change_node(self.seen[change.node], change, KEPT)
        self.pending.append(change)

    def sync(self, node):
        rest = []
        for change in self.pending:
            if node is None or change.node == node:
                change_node(self.durable[change.node], change, KEPT)
            else:
                rest.append(change)
        self.pending = rest

    def name(self, path, node):
        where, name, _ = self.find(path)
        self.change(Change("names", where, 0, ((name, node),)))

    def rename(self, old, new):
        from_, old_name, node = self.find(old)
        to, new_name, _ = self.find(new)
        if from_ == to:
            self.change(Change("names", to, 0, ((old_name, None),
                                                (new_name, node))))
        else:
            self.change(Change("names", to, 0, ((new_name, node),)))
            self.change(Change("names", from_, 0, ((old_name, None),)))

    def opened(self, event):
        if self.find(event.path)[2] is None:
            self.name(event.path, self.make(
                event.file, int(event.more, 8), b""))
        elif event.number & os.O_TRUNC:
            self.change(Change("size", self.by_file[event.file], 0, b""))
        if event.number & (os.O_SYNC | os.O_DSYNC):
            raise NotModelled("%s: O_SYNC" % event.path)

    def step(self, event):
        """One event of the recording."""
        what, path, number = event.what, event.path, event.number
        if what == "open":
            self.opened(event)
        elif what == "nameless":
            self.make(event.file, int(event.more, 8), b"")
        elif what == "mkdir":
            self.name(path, self.make(event.file, number, None))
        elif what == "write":
            self.change(Change("write", self.by_file[event.file], number,
                               event.data))
        elif what in ("truncate", "chmod"):
            self.change(Change("size" if what == "truncate" else "mode",
                               self.by_file[event.file], number, b""))
        elif what == "allocate":
            node = self.by_file[event.file]
            self.change(Change("size", node, max(
                number, len(self.seen[node].data)), b""))
        elif what == "link":
            self.name(path, self.by_file[event.file])
        elif what == "rename":
            self.rename(path, event.more)
        elif what in ("unlink", "rmdir"):
            self.name(path, None)
        elif what == "sync":
            self.sync(self.by_file[event.file])
        elif what == "syncall":
            self.sync(None)
        elif what not in ("said", "mark", "chown"):
            raise NotModelled("%s %s %s" % (what, path, event.more))

    def image(self, choice):
        """{path: (mode, data, or None for a directory)} where of the pending
        changes those are kept that choice says."""
        nodes = {}
        for change, how in zip(self.pending, choice):
            if how == LOST:
                continue
            if change.node not in nodes:
                nodes[change.node] = self.durable[change.node].copy()
            change_node(nodes[change.node], change, how)
        files = {}

        def walk(number, path):
            node = nodes.get(number, self.durable[number])
            if node.names is None:
                files[path] = (node.mode, node.data)
                return
            if path:
                files[path] = (node.mode, None)
            for name, child in node.names.items():
                walk(child, os.path.join(path, name))

        walk(self.root, "")
        return files


def digest(files):
    total = hashlib.blake2b(digest_size=16)
    for path in sorted(files):
        mode, data = files[path]
        total.update(b"%s\0%o\0%d\0" % (path.encode(), mode, -1 if data is None
                                        else len(data)))
        total.update(data or b"")
    return total.digest()


def choices(pending, cap, chance):
    """Which of the pending changes are kept: all of the subsets where these
    are no more than cap; else the ends, each alone lost, each alone kept, and
    random ones up to it. Then, a quarter as many, with the last write torn,
    and with any write torn or its data missing."""
    n = len(pending)
    if n < 30 and 1 << n <= cap:
        yield from itertools.product((KEPT, LOST), repeat=n)
    else:
        alone = [tuple(how if i == j else 1 - how for j in range(n))
                 for i in range(n) for how in (LOST, KEPT)]
        yield (KEPT,) * n
        yield (LOST,) * n
        some = alone if len(alone) <= cap // 2 else chance.sample(
            alone, cap // 2)
        yield from some
        for _ in range(cap - 2 - len(some)):
            p = chance.choice((0.1, 0.5, 0.5, 0.9))
            yield tuple(int(chance.random() < p) for _ in range(n))
    writes = [i for i in range(n) if pending[i].kind == "write"]
    if writes:
        yield from torn(pending, writes, max(cap // 4, 2), chance)


def torn(pending, writes, cap, chance):
    n, last = len(pending), writes[-1]
    parts = sectors(pending[last])
    whole = [KEPT] * n
    ways = [tuple(parts[:i]) for i in range(1, len(parts))]
    ways += [tuple(parts[i:]) for i in range(1, len(parts))]
    chance.shuffle(ways)
    for way in [ZEROS] + ways[:cap // 2]:
        whole[last] = way
        yield tuple(whole)
    for _ in range(cap // 2):
        some = [int(chance.random() < 0.7) for _ in range(n)]
        for i in chance.sample(writes, min(len(writes), 3)):
            parts = sectors(pending[i])
            some[i] = chance.choice((ZEROS, tuple(chance.sample(
                parts, chance.randrange(len(parts) + 1)))))
        yield tuple(some)
