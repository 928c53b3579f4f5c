# SPDX-License-Identifier: GPL-3.0-or-later
"""What strace -f -y -xx says, as calls, for leaks.py."""
import re


class Call:
    """name, pid, its text with the strings taken out, these, and its value."""

    MARK = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?'
                      r'|<((?:\\x[0-9a-f]{2})+)>(?:\(deleted\))?')

    def __init__(self, pid, name, text):
        self.pid, self.name = pid, name
        self.strings, self.paths, self.cut = [], [], False
        text = self.MARK.sub(self.take, text)
        args, sep, value = text.rpartition(") = ")
        if not sep:
            args, sep, value = re.sub(r"\)\s+= ", ") = ",
                                      text).rpartition(") = ")
        self.args, self.result = (args, value) if sep else (text, "?")
        number = re.match(r"-?\d+", self.result)
        self.value = int(number[0]) if number else None

    def take(self, match):
        if match[3] is not None:
            self.paths.append(unhex(match[3]).decode("utf-8", "replace"))
            return "<%d>" % (len(self.paths) - 1)
        self.strings.append(unhex(match[1]))
        self.cut |= match[2] is not None
        return '"%d"' % (len(self.strings) - 1)

    def failed(self):
        return self.value is None or self.value < 0

    def fds(self):
        """The descriptors of the arguments, with their paths."""
        return [(int(fd), self.paths[int(at)] if at else None) for fd, at in
                re.findall(r"(?:^|[\s,\[])(-?\d+)(?:<(\d+)>)?(?=[,\])]|$)",
                           self.args)]

    def path(self):
        """Of the first argument, a descriptor."""
        match = re.match(r"\d+<(\d+)>", self.args)
        return self.paths[int(match[1])] if match else None

    def made(self):
        """Of the descriptor that it returned."""
        match = re.match(r"\d+<(\d+)>", self.result)
        return self.paths[int(match[1])] if match else "?"

    def lists(self):
        """Strings within brackets, list by list."""
        return [[self.strings[int(i)] for i in re.findall(r'"(\d+)"', part)]
                for part in re.findall(r"\[([^\]]*)\]", self.args)]


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


LINE = re.compile(r"(\d+)\s+(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$", re.S)


GONE = re.compile(r"(\d+)\s+\+\+\+ (?:exited|killed)")


def calls(lines):
    """Whole calls, in the order of their ends; forks at their start, too.

    A process that ends is a call by the name of "end": its number comes back.
    """
    pending = {}
    for line in lines:
        match = LINE.match(line.rstrip("\n"))
        if match is None:
            match = GONE.match(line)
            if match is not None:
                yield int(match[1]), "end", None
            continue
        pid, resumed, name, text = match.groups()
        pid = int(pid)
        if resumed is not None:
            name, before = pending.pop(pid, (resumed, ""))
            text = before + text
        if text.endswith("<unfinished ...>"):
            pending[pid] = name, text[:-len("<unfinished ...>")].rstrip()
            yield pid, name, None
        else:
            yield pid, name, Call(pid, name, text)
