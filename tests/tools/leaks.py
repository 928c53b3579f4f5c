#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command under strace and says where secrets appear that shouldn't.

    leaks.py --secret-file FILE... [OPTION]... -- COMMAND [ARG]...

A secret is in a file, comes on a descriptor, or is what a shell command says
once the watched one has ended (for what it minted): never an argument here.
Its raw bytes count, and what they are in base64 (at any offset), hex, URL,
JSON, shell, C and UTF-16 spelling, and reversed; of an OpenSSH private key,
its private half too. A secret that goes out in pieces counts as well.

What is a finding, of the command and of all that it starts:

  argv, environ   it stands there at an execve
  name            in the string of any other call: a path, a process's name,
                  an extended attribute, a key of the kernel's
  file            written to anything that is no pipe or socket, or stands at
                  the end in a file that was opened for writing
  output          written to the command's own standard output or error, or
                  to a hook's, which its caller shows (but what mint mints)
  log             sent to the syslog, journal or audit socket
  unseen          goes where this can't look: a shared mapping, io_uring,
                  a spliced file that is gone
  descriptor      a hook starts with others than 0 to 4 (0 to 2 for describe
                  and mint), or any other child with one above 4 that is
                  neither a pipe nor a socket

Each is one line on standard error. Exits 0: nothing was found, the command
ended with the status that was expected, and each secret was seen somewhere, so
that it is known to have been there; 1: findings; 2: misuse; 3: the watch is
worth nothing (a secret not seen, another status, strace blind); 77: strace
can't be used here.
"""
import argparse
import collections
import os
import re
import stat
import subprocess
import sys
import tempfile
import threading

from leaks_spelling import Readings, Secret
from leaks_trace import calls

WRITES = "write pwrite64 writev pwritev pwritev2 sendto sendmsg sendmmsg"
READS = "read pread64 readv preadv preadv2 recvfrom recvmsg recvmmsg"
MOVES = "sendfile splice tee vmsplice copy_file_range"
# Where descriptors come from, and go.
OPENS = """creat open openat openat2 open_by_handle_at dup dup2 dup3 fcntl
pipe pipe2 socket socketpair accept accept4 memfd_create memfd_secret
epoll_create epoll_create1 eventfd eventfd2 signalfd signalfd4 timerfd_create
inotify_init inotify_init1 fanotify_init userfaultfd perf_event_open fsopen
fsmount open_tree mq_open close close_range"""
OTHERS = """connect mmap prctl add_key keyctl io_uring_setup fsetxattr
setdomainname sethostname"""
TRACE = ",".join(["%file", "%process"] + [
    "?" + call for call in
    " ".join((WRITES, READS, MOVES, OPENS, OTHERS)).split()])

VERBS = ("apply", "verify", "describe", "mint", "deliver")
LOGS = re.compile(r"^(?:.*/)?dev/log$|^/run/systemd/journal/|^/run/rsyslog")
CLOEXEC = re.compile(r"\b(?:O|SOCK|MFD|EFD|TFD|SFD|EPOLL|IN|FAN|FD|FSOPEN|"
                     r"FSMOUNT|OPEN_TREE)_CLOEXEC\b")
LIMIT = 4 << 20


class Blind(Exception):
    """The trace can't be relied on."""


def exit_with(status, words):
    print("leaks:", words, file=sys.stderr)
    sys.exit(status)



# Processes and what they hold.

class Process:
    """Its descriptors: number to (path, closed at exec)."""

    def __init__(self, fds, name="?", hook=None):
        self.fds, self.name, self.hook = fds, name, hook


FORKS = ("fork", "vfork", "clone", "clone3")


class Watch:
    def __init__(self, options, table, secrets_):
        self.options = options
        self.processes, self.waiting = {}, {}
        self.table, self.root = table, None
        self.forking = {}
        self.outputs = {path: "its output" for fd, path in table.items()
                        if fd in (1, 2) and fd not in options.allow_fd}
        self.allowed = {table[fd] for fd in options.allow_fd if fd in table}
        self.logs = set()
        self.tails = collections.defaultdict(bytes)
        self.opened, self.fishy = {}, []
        self.before = {path: size(path) for path in table.values()}
        self.findings, self.sighted, self.hooks = [], set(), 0
        self.secrets = secrets_
        self.reach = max(secret.reach for secret in secrets_)

    def find(self, process, pid, call, what):
        line = f"{process.name}[{pid}] {call}: {what}"
        if line not in self.findings:
            self.findings.append(line)

    # Who is who: a child's calls may come before its parent's fork returns.

    def run(self, stream):
        for pid, name, call in stream:
            self.step(pid, name, call)
        while self.waiting:
            pid = next(iter(self.waiting))
            self.adopt(pid, Process({fd: (p, False) for fd, p in
                                     self.table.items()}))

    def step(self, pid, name, call):
        if self.root is None:
            self.root = pid
            self.processes[pid] = Process(
                {fd: (path, False) for fd, path in self.table.items()})
            for fd, path in self.table.items():
                if fd in (1, 2):
                    self.opened[path] = self.processes[pid], call
        process = self.processes.get(pid)
        if process is None:
            self.waiting.setdefault(pid, []).append((name, call))
            return
        if name == "end":
            del self.processes[pid]
        elif name in FORKS:
            if call is None:
                self.forking[pid] = dict(process.fds)
            elif not call.failed():
                self.fork(process, call)
        elif call is not None:
            try:
                self.judge(process, call)
            except (AttributeError, IndexError, ValueError) as error:
                raise Blind(f"{name}({call.args}) isn't understood: "
                            f"{error}") from error

    def fork(self, parent, call):
        fds = self.forking.pop(call.pid, dict(parent.fds))
        if "CLONE_FILES" in call.args:
            fds = parent.fds
        self.adopt(call.value, Process(fds, parent.name, parent.hook))

    def adopt(self, pid, process):
        self.processes[pid] = process
        for name, call in self.waiting.pop(pid, ()):
            self.step(pid, name, call)

    # One call.

    def judge(self, process, call):
        if call.name in ("execve", "execveat"):
            self.execute(process, call)
            return
        data = call.name in WRITES.split()
        if data or call.name in READS.split():
            self.transfer(process, call, data)
            return
        if call.name == "prctl" and call.strings:
            self.named(process, call)
        self.look_at(process, call, b"\n".join(call.strings), "name")
        if not call.failed():
            self.hold(process, call)
            self.suspect(process, call)

    def look_at(self, process, call, data, kind):
        data = Readings(data)
        for secret in self.secrets:
            if secret.within(data):
                self.find(process, call.pid, call.name,
                          f"{kind}: {secret.label}")

    def named(self, process, call):
        """Fifteen bytes of a name are enough."""
        for secret in self.secrets:
            if any(secret.head in s for s in call.strings):
                self.find(process, call.pid, call.name,
                          f"name: {secret.label}")

    def transfer(self, process, call, out):
        path = call.path()
        data = b"".join(call.strings)
        if call.failed() or path is None:
            return
        if not call.strings and call.value and re.search(r", 0x", call.args):
            raise Blind(f"{call.name} of {process.name} can't be read")
        # What the kernel tells of its routes is decoded, and shortened.
        told = not out and "sa_family=AF_NETLINK" in call.args
        if call.cut and not told and not path.startswith("pipe:"):
            raise Blind(f"{call.name} of {process.name} is too long")
        kind = self.kind(path, call) if out else None
        before = self.tails[path, out]
        self.tails[path, out] = (before + data)[-self.reach:]
        before, both, data = map(Readings, (before, before + data, data))
        for secret in self.secrets:
            if secret.within(data) or \
                    secret.within(both) and not secret.within(before):
                self.sight(process, call, kind, path, secret)

    def sight(self, process, call, kind, path, secret):
        secret.seen += 1
        if kind is not None and (path, secret) not in self.sighted:
            self.sighted.add((path, secret))
            self.find(process, call.pid, call.name,
                      f"{kind} {path}: {secret.label}")

    def kind(self, path, call):
        """What it would be to find a secret written there; None: nothing."""
        if path in self.allowed or path == "/dev/null" or any(
                path.startswith(p) for p in self.options.allow):
            return None
        if path in self.outputs:
            return "output"
        if path in self.logs or "sun_path=" in call.args and any(
                LOGS.match(s.decode("latin-1")) for s in call.strings):
            return "log"
        if path.startswith(("pipe:", "socket:")):
            return None
        return "file"

    def execute(self, process, call):
        if not call.failed() and len(call.strings) < 1 or \
                re.search(r"0x[0-9a-f]+ /\*", call.args):
            raise Blind("execve can't be read")
        if call.failed():
            return
        argv, environ = (call.lists() + [[], []])[:2]
        process.name = os.path.basename(
            call.strings[0].decode("utf-8", "replace"))
        self.look_at(process, call, b"\n".join([call.strings[0]] + argv),
                     "argv")
        self.look_at(process, call, b" ".join(argv), "argv")
        self.look_at(process, call, b"\n".join(environ), "environ")
        process.fds = {fd: held for fd, held in process.fds.items()
                       if not held[1]}
        self.descriptors(process, call, argv, environ)

    def descriptors(self, process, call, argv, environ):
        verb = argv[1].decode("latin-1") if len(argv) == 2 else ""
        hook = process.hook is None and verb in VERBS and any(
            e.startswith(b"QUORATE_GENERATION=") for e in environ)
        held = {fd: path for fd, (path, _) in process.fds.items()}
        if hook:
            self.hooks += 1
            process.hook = call.pid
            for fd in (2,) if verb == "mint" else (1, 2):
                if fd in held and held[fd] not in self.allowed:
                    self.outputs[held[fd]] = "the hook's output"
            most = 4 if verb in ("apply", "verify") else 2
            wrong = [fd for fd in held if fd > most]
        elif call.pid == self.root:
            return
        else:
            wrong = [fd for fd, path in held.items() if fd > 4 and
                     not path.startswith(("pipe:", "socket:"))]
        for fd in sorted(wrong):
            if fd not in self.options.allow_fd:
                self.find(process, call.pid, call.name,
                          f"descriptor {fd} {held[fd]}")

    # Descriptors come and go.

    def hold(self, process, call):
        name, fds, on = call.name, process.fds, call.value
        closed = CLOEXEC.search(call.args) is not None
        if name == "close":
            fds.pop(call.fds()[0][0], None)
        elif name == "close_range":
            self.close_range(fds, call)
        elif name in ("pipe", "pipe2", "socketpair"):
            for fd, path in call.fds()[-2:] if name != "socketpair" else \
                    self.pair(call):
                fds[fd] = path or "pipe:", closed
        elif name == "fcntl":
            self.fcntl(fds, call)
        elif name in OPENS.split():
            path = call.made()
            if name in ("dup", "dup2", "dup3"):
                path = call.path() or "?"
                if call.fds()[0][0] == on:
                    return
            fds[on] = path, closed
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT", call.args) or \
                    name == "creat":
                self.opened[path] = process, call

    @staticmethod
    def pair(call):
        both = re.search(r"\[(\d+)(?:<(\d+)>)?, (\d+)(?:<(\d+)>)?\]",
                         call.args)
        if both is None:
            return []
        return [(int(both[1]), "socket:"), (int(both[3]), "socket:")]

    @staticmethod
    def fcntl(fds, call):
        fd = call.fds()[0][0]
        path, closed = fds.get(fd, (call.path() or "?", False))
        if "F_DUPFD" in call.args:
            fds[call.value] = path, "F_DUPFD_CLOEXEC" in call.args
        elif "F_SETFD" in call.args:
            fds[fd] = path, "FD_CLOEXEC" in call.args

    @staticmethod
    def close_range(fds, call):
        first, last = re.match(r"(\d+)(?:<\d+>)?, (\d+)", call.args).groups()
        for fd in [fd for fd in fds if int(first) <= fd <= int(last)]:
            if "CLOEXEC" in call.args:
                fds[fd] = fds[fd][0], True
            else:
                del fds[fd]

    # Ways round the calls that are read.

    def suspect(self, process, call):
        if call.name == "connect":
            if any(LOGS.match(s.decode("latin-1")) for s in call.strings) or \
                    "NETLINK_AUDIT" in call.args:
                self.logs.add(call.path())
        elif call.name == "mmap":
            if "MAP_SHARED" in call.args and "PROT_WRITE" in call.args and \
                    call.paths:
                self.fishy.append((process, call, call.paths[0]))
        elif call.name == "io_uring_setup":
            self.find(process, call.pid, call.name, "unseen: io_uring")
        elif call.name in MOVES.split():
            to = call.fds()[-1 if call.name == "tee" else 0][1] \
                if call.name != "splice" else call.paths[1:] and call.paths[1]
            if call.name == "copy_file_range":
                to = call.paths[1] if len(call.paths) > 1 else None
            if to:
                self.fishy.append((process, call, to))

    def at_the_end(self):
        """What is in the files that were opened for writing."""
        for path, (process, call) in self.opened.items():
            data = Readings((content(path) or b"")
                            [self.before.get(path, 0):])
            for secret in self.secrets:
                if secret.within(data):
                    self.sight(process, call, self.kind(path, call), path,
                               secret)
        for process, call, path in self.fishy:
            if content(path) is None and self.kind(path, call):
                self.find(process, call.pid, call.name, f"unseen: {path}")


def size(path):
    try:
        return os.stat(path).st_size if stat.S_ISREG(os.stat(path).st_mode) \
            else 0
    except OSError:
        return 0


def content(path):
    """None where it isn't there or no regular file."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        return file.read(256 << 20)


# Running it.

def parse(argv):
    parser = argparse.ArgumentParser(
        usage="leaks.py --secret-file FILE... [OPTION]... -- COMMAND...",
        description="Where do secrets appear? The source says more.")
    add = parser.add_argument
    add("--secret-file", action="append", default=[], metavar="FILE",
        help="a secret; read when the command has ended")
    add("--secret-fd", action="append", default=[], type=int, metavar="N",
        help="a secret that comes on this descriptor, to its end")
    add("--secret-from", action="append", default=[], metavar="SHELL",
        help="a secret: what this says when the command has ended")
    add("--fd", action="append", default=[], type=int, metavar="N",
        help="a descriptor that the command gets besides 0 to 2")
    add("--allow-fd", action="append", default=[], type=int, metavar="N",
        help="the command may write a secret to this descriptor of its own")
    add("--allow", action="append", default=[], metavar="PATH",
        help="secrets may be written to files whose path starts so")
    add("--status", type=int, default=0, metavar="N",
        help="with which the command is to end")
    add("--hooks", type=int, metavar="N",
        help="so many hooks are to be run")
    add("command", nargs="+")
    options = parser.parse_args(argv)
    if not options.secret_file + options.secret_fd + options.secret_from:
        parser.error("no secret to look for")
    return options


def gather(fifo, lines):
    with open(fifo, encoding="ascii", errors="replace") as trace:
        lines.extend(trace)


def trace(options, lines):
    """Run it; strace tells through a pipe, for its tale holds secrets."""
    with tempfile.TemporaryDirectory(prefix="leaks-") as dir_:
        fifo = os.path.join(dir_, "trace")
        os.mkfifo(fifo, 0o600)
        reader = threading.Thread(target=gather, args=(fifo, lines))
        reader.daemon = True
        reader.start()
        try:
            return subprocess.run(
                ["strace", "-f", "-q", "-y", "-v", "-xx", "-s", str(LIMIT),
                 "-e", "signal=none", "-e", "trace=" + TRACE, "-o", fifo,
                 "--"] + options.command, pass_fds=options.fd,
                check=False).returncode
        except FileNotFoundError:
            exit_with(77, "no strace")
        finally:
            # Where strace never opened it, the reader still waits.
            try:
                os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                pass
            reader.join()


def secrets(options, early):
    found = list(early)
    for path in options.secret_file:
        data = content(path)
        if data is None:
            exit_with(2, f"{path} can't be read")
        found.append((path, data))
    for shell in options.secret_from:
        run = subprocess.run(["/bin/sh", "-c", shell], check=False,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if run.returncode != 0 or not run.stdout:
            exit_with(3, f"no secret from: {shell}")
        found.append((f"what `{shell}` says", run.stdout))
    return [Secret(*one) for one in found]


def drain(fd):
    with os.fdopen(fd, "rb") as file:
        return file.read()


def main(argv):
    options = parse(argv)
    for fd in options.fd:
        os.set_inheritable(fd, True)
    try:
        table = {fd: os.readlink(f"/proc/self/fd/{fd}")
                 for fd in [0, 1, 2] + options.fd}
    except OSError as error:
        exit_with(2, f"descriptor: {error}")
    early = [(f"descriptor {fd}", drain(fd)) for fd in options.secret_fd]
    lines = []
    status = trace(options, lines)
    if not lines:
        exit_with(77, "strace can't be used here")
    try:
        watch = Watch(options, table, secrets(options, early))
    except ValueError as error:
        exit_with(2, error)
    try:
        watch.run(calls(lines))
    except Blind as error:
        exit_with(3, f"strace is blind: {error}")
    watch.at_the_end()
    for line in watch.findings:
        print("leak:", line, file=sys.stderr)
    if watch.findings:
        return 1
    if status != options.status:
        exit_with(3, f"the command ended with {status}")
    for secret in watch.secrets:
        if not secret.seen:
            exit_with(3, f"not seen anywhere: {secret.label}")
    if options.hooks is not None and watch.hooks != options.hooks:
        exit_with(3, f"{watch.hooks} hooks were run, not {options.hooks}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
