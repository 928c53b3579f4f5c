# SPDX-License-Identifier: GPL-3.0-or-later
"""Real targets whose password is set back at will, and which are asked
themselves what they take. Each belongs to one process."""

import ctypes
import glob
import os
import pathlib
import shutil
import subprocess

# Not the one of /usr/bin, which takes ten times as long to begin.
PSQL = max(glob.glob("/usr/lib/postgresql/*/bin/psql"), default=None)
SHADOW = pathlib.Path("/etc/shadow")
CLONE_NEWNS = 0x20000
USER = "walker"
# Of our own: without the delay, and without what login wants besides.
TOP = pathlib.Path(__file__).resolve().parents[2]
HOOKS = TOP / "examples/hooks"
SERVER = TOP / "tests/tools/postgres-server"
SERVICE = "auth required pam_unix.so nodelay\naccount required pam_unix.so\n"


class UnixAccount:
    """An account of this host, in a mount namespace of this process with an
    overlay over /etc."""

    name, unaided = "unix", True
    user, target = USER, "localhost"

    def __init__(self, place, hook=HOOKS / "unix-account"):
        self.hook = pathlib.Path(hook).read_bytes()
        enter_namespace()
        upper = pathlib.Path(place) / "overlay"
        upper.mkdir()
        mount("-t", "tmpfs", "none", upper)
        (upper / "etc").mkdir()
        (upper / "work").mkdir()
        mount("-t", "overlay", "none", "-o",
              "lowerdir=/etc,upperdir=%s/etc,workdir=%s/work" % (
                  upper, upper), "/etc")
        pathlib.Path("/etc/nologin").unlink(missing_ok=True)
        pathlib.Path("/etc/pam.d/quorate-walk").write_text(SERVICE)
        hasten()
        subprocess.run(["useradd", "-M", "-s", "/bin/sh", USER], check=True)
        self.set(b"whatever-it-is")
        self.names = set(os.listdir("/etc"))

    def set(self, secret):
        subprocess.run(["chpasswd"], check=True,
                       input=b"%s:%s\n" % (USER.encode(), secret))

    def state(self):
        """What can be put back."""
        names = set(os.listdir("/etc"))
        return SHADOW.read_bytes(), {
            name: pathlib.Path("/etc", name).read_bytes()
            for name in names - self.names}

    def put(self, state):
        """Also what a killed chpasswd left: locks and half files."""
        shadow, more = state
        for name in set(os.listdir("/etc")) - self.names - set(more):
            os.unlink("/etc/" + name)
        for name, data in more.items():
            pathlib.Path("/etc", name).write_bytes(data)
        if SHADOW.read_bytes() != shadow:
            SHADOW.write_bytes(shadow)

    def accepts(self, secret):
        asked = subprocess.run(
            ["pamtester", "quorate-walk", USER, "authenticate"],
            input=secret + b"\n", stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        if asked.returncode == 0 and b"successfully" in asked.stdout:
            return True
        if b"Authentication failure" in asked.stdout:
            return False
        raise OSError("the account gives no answer: %r" % asked.stdout)

    @staticmethod
    def usable():
        """A namespace whose mounts aren't seen outside: in a chroot they
        might be."""
        return shutil.which("pamtester") is not None and subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"],
            stderr=subprocess.DEVNULL).returncode == 0

    @staticmethod
    def start(place):
        """What all processes share."""

    @staticmethod
    def stop(place):
        pass


class PostgreSQL:
    """A superuser of a server that all of us share, in place/postgresql. He
    sets his own password, by the old one."""

    name, unaided = "postgresql", False

    def __init__(self, place, hook=HOOKS / "postgresql"):
        self.hook = pathlib.Path(hook).read_bytes()
        self.server = pathlib.Path(place).parent / "postgresql"
        self.port = (self.server / "port").read_text().strip()
        self.user = "walker%d" % os.getpid()
        self.target = "host=127.0.0.1 port=" + self.port
        self.sql("CREATE ROLE %s SUPERUSER LOGIN" % self.user)

    @staticmethod
    def usable():
        return PSQL is not None

    @staticmethod
    def start(place):
        server = pathlib.Path(place) / "postgresql"
        server.mkdir(exist_ok=True)
        subprocess.run([SERVER, "start", server], check=True)

    @staticmethod
    def stop(place):
        subprocess.run([SERVER, "stop", pathlib.Path(place) / "postgresql"],
                       check=True)

    def sql(self, text):
        return subprocess.run(
            ["setpriv", "--reuid", "postgres", "--regid", "postgres",
             "--init-groups", PSQL, "-XAtqw", "-v", "ON_ERROR_STOP=1", "-h",
             self.server / "socket", "-p", self.port, "-U", "postgres"],
            input=text.encode(), stdout=subprocess.PIPE,
            check=True).stdout.decode()

    def set(self, secret):
        self.sql("ALTER ROLE %s PASSWORD '%s'" % (self.user, secret.decode()))

    def state(self):
        return self.sql("SELECT rolpassword FROM pg_authid WHERE rolname = "
                        "'%s'" % self.user).strip()

    def put(self, state):
        self.sql("ALTER ROLE %s PASSWORD '%s'" % (self.user, state))

    def accepts(self, secret):
        asked = subprocess.run(
            [PSQL, "-XAtqw", "-h", "127.0.0.1", "-p", self.port, "-U",
             self.user, "-d", "postgres", "-c", "SELECT session_user"],
            env={"PATH": os.environ["PATH"], "PGPASSWORD": secret.decode()},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if asked.stdout.decode() == self.user + "\n":
            return True
        if b"password authentication failed" in asked.stdout:
            return False
        raise OSError("the server gives no answer: %r" % asked.stdout)


class PostgreSQLByAdmin(PostgreSQL):
    """One whose password the server's owner sets, taken at his word."""

    name, unaided = "postgresql-admin", True

    def __init__(self, place):
        super().__init__(place)
        self.target += " admin=postgres socket=%s/socket" % self.server


def enter_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "no mount namespace")
    mount("--make-rprivate", "/")


def mount(*words):
    ended = subprocess.run(["mount", *map(str, words)],
                           stderr=subprocess.PIPE)
    if ended.returncode != 0:
        raise OSError("mount: %s" % ended.stderr.decode())


def hasten():
    """PAM lets a refused login wait for seconds, and hashes at leisure."""
    for name, said, instead in (
            ("login", "pam_faildelay.so", "pam_permit.so"),
            ("common-auth", "pam_unix.so", "pam_unix.so nodelay"),
            ("common-password", "yescrypt", "sha512 rounds=1000")):
        path = pathlib.Path("/etc/pam.d", name)
        path.write_text(path.read_text().replace(said, instead))
