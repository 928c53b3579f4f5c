# SPDX-License-Identifier: GPL-3.0-or-later
"""A ledger and files around it in a directory of their own, which can be
put back as they were, and quorate run in it."""

import ctypes
import hashlib
import os
import pathlib
import shutil
import signal
import sqlite3
import stat
import subprocess
import tempfile
import time

LIMIT = 60  # seconds that a command may take
PR_SET_CHILD_SUBREAPER = 36

CONFIG = """ledger = {root}/ledger.db
hooks = {root}/hooks
syslog = none
"""

# It keeps which entry it was told of.
ALERT = """#!/bin/sh
read -r line
n=${{line#*\\"n\\":}}
cat >/dev/null
: >{root}/told/"${{n%%,*}}"
"""

HOOK = """#!/bin/sh
case $1 in
describe)
	printf '%s\\n' 'alphabet = clear' 'length = 1-200' 'needs-old = no' \\
	    'single-secret = no' ;;
apply) cat <&3 >{root}/target.new && mv {root}/target.new {root}/target ;;
verify) [ "$(cat <&3)" = "$(cat {root}/target)" ] ;;
esac
"""


class Ended:
    """How a command ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def place():
    """Where root may run hooks: the temporary directory is everybody's."""
    return "/run" if os.geteuid() == 0 else None


def adopt():
    """What a killed command leaves behind becomes ours, to be awaited."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap(patience=20.0):
    """Wait for all that still runs; whether it ended."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            time.sleep(0.002)
    return False


def end_all():
    """Kill what still runs, and say what it was."""
    names = []
    for pid in map(int, pathlib.Path("/proc/self/task/%d/children" %
                                     os.getpid()).read_text().split()):
        line = pathlib.Path("/proc/%d/cmdline" % pid).read_bytes()
        names.append(line.replace(b"\0", b" ").decode(errors="replace"))
        os.kill(pid, signal.SIGKILL)
    reap()
    return "processes: " + ", ".join(names)


class World:
    def __init__(self, quorate, place):
        self.quorate = os.path.realpath(quorate)
        self.ledger_tool = os.path.join(os.path.dirname(self.quorate), "..",
                                        "tests/tools/ledger-tool")
        self.outer = pathlib.Path(tempfile.mkdtemp(dir=place))
        self.outer.chmod(0o755)
        self.root = self.outer / "w"
        self.env = {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "HOME": str(self.root), "LOGNAME": "tester",
            "XDG_CONFIG_HOME": str(self.root / "config"),
            "XDG_STATE_HOME": str(self.root / "state")}
        self.restore({})

    @property
    def ledger(self):
        return self.root / "ledger.db"

    def snapshot(self):
        files = {}
        for path in sorted(self.root.rglob("*")):
            if path.is_file():
                files[str(path.relative_to(self.root))] = (
                    stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        return files

    def digest(self):
        return hashlib.sha256(
            repr(sorted(self.snapshot().items())).encode()).digest()

    def restore(self, files):
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(mode=0o755)
        for name, (mode, data) in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            path.write_bytes(data)
            path.chmod(mode)
        (self.root / "told").mkdir(exist_ok=True)
        for name, text, mode in (("config/quorate/config", CONFIG, 0o600),
                                 ("hooks/alert", ALERT, 0o755),
                                 ("hook", HOOK, 0o755)):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            path.write_text(text.format(root=self.root))
            path.chmod(mode)

    def run(self, arguments, before=(), stdin=b"", program=None):
        """quorate ARGUMENT..., under the words in before; all that it
        started has ended afterwards."""
        program = [self.quorate] if program is None else program
        with tempfile.TemporaryFile() as given, \
                tempfile.TemporaryFile() as out, \
                tempfile.TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            child = subprocess.Popen(
                [*before, *program, *arguments], cwd=self.root, env=self.env,
                stdin=given, stdout=out, stderr=err, start_new_session=True)
            try:
                code = child.wait(LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                code = "hangs"
            if not reap():
                code = "left " + end_all()
            out.seek(0)
            err.seek(0)
            return Ended(code, out.read().decode(errors="replace"),
                         err.read().decode(errors="replace"))

    def must(self, *arguments, stdin=b"", program=None):
        ended = self.run(arguments, stdin=stdin, program=program)
        if ended.code != 0:
            raise SystemExit("preparing: %s: %s %s%s" % (
                " ".join(arguments), ended.code, ended.out, ended.err))
        return ended

    def ask(self, query):
        """Rows of the ledger, without a write to anything."""
        db = sqlite3.connect("file:%s?mode=ro" % self.ledger, uri=True)
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def lines(self):
        if not self.ledger.exists():
            return []
        return [line for line, in
                self.ask("SELECT line FROM entry ORDER BY number")]

    def waiting(self):
        """The entries whose alerts wait for another try."""
        return {entry for entry, in self.ask("SELECT entry FROM delivery")}

    def told(self):
        """The entries that the alert hook was told of; one that is told
        without a ledger has no number."""
        return {int(p.name) for p in (self.root / "told").iterdir()
                if p.name.isdigit()}
