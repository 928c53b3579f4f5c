#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""leaks.py finds each kind of leak that is planted, by its name, and is
silent where a secret goes only where it may."""
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
LEAKS = os.path.join(HERE, "leaks.py")
SECRET = "Tz7/canary+Qx9 'q\"é&<"
PLAIN = "Tz7-canary-Qx9"

# What any of the planted programs may use: s is the secret.
HEAD = """
import base64, ctypes, mmap, os, socket, subprocess, sys
s = open("secret", "rb").read() if os.path.exists("secret") else b""
def run(*args, **more):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL, **more)
def put(data, name="f"):
    with open(name, "wb") as f:
        f.write(data)
def pipe(data):
    a, b = os.pipe()
    os.write(b, data)
    os.close(b)
    return a
"""

# name: (part of the finding; the secret; what leaks it)
PLANTED = {
    "argv": ("true", "argv", PLAIN, "run('true', s)"),
    "argv within": ("true", "argv", PLAIN, "run('true', b'-p' + s + b'x')"),
    "argv split": ("true", "argv", "two words",
                   "run('true', *s.split())"),
    "argv base64": ("true", "argv", SECRET,
                    "run('true', base64.b64encode(b'u:' + s))"),
    "argv hex": ("true", "argv", SECRET, "run('true', s.hex().upper())"),
    "argv url": ("true", "argv", SECRET, "import urllib.parse\n"
                 "run('true', urllib.parse.quote(s, safe=''))"),
    "argv reversed": ("true", "argv", SECRET, "run('true', s[::-1])"),
    "argv json": ("true", "argv", SECRET, "import json\n"
                  "run('true', json.dumps({'p': s.decode()}))"),
    "argv sql": ("true", "argv", SECRET, "run('true', b\"ALTER ROLE r "
                 "PASSWORD '\" + s.replace(b\"'\", b\"''\") + b\"'\")"),
    "environ": ("true", "environ", PLAIN, "run('true', env={'P': s})"),
    "environ utf-16": ("true", "environ", PLAIN, "run('true', env={'P': "
                       "base64.b64encode(s.decode().encode('utf-16-le'))})"),
    "file": ("python3", "file", PLAIN, "put(s)"),
    "file removed": ("python3", "file", PLAIN, "put(s); os.unlink('f')"),
    "file nameless": ("python3", "file", PLAIN,
                      "fd = os.open('.', os.O_TMPFILE | os.O_RDWR)\n"
                      "os.write(fd, s)\nos.close(os.dup(fd))"),
    "file base64 lines": ("python3", "file", SECRET * 4,
                          "put(base64.encodebytes(b'junk' + s))"),
    "file hex colons": ("python3", "file", PLAIN, "put(s.hex(':').encode())"),
    "file byte by byte": ("python3", "file", PLAIN,
                          "f = open('f', 'wb', 0)\n"
                          "for c in s: f.write(bytes([c]))"),
    "file in two processes": ("python3", "file", PLAIN,
                              "f = open('f', 'wb', 0)\nf.write(s[:5])\n"
                              "if os.fork() == 0:\n f.write(s[5:])\n"
                              " os._exit(0)\nos.wait()\nos.unlink('f')"),
    "file by writev": ("python3", "file", PLAIN,
                       "fd = os.open('f', os.O_CREAT | os.O_RDWR)\n"
                       "os.writev(fd, [b'x', s[:3], s[3:]])\n"
                       "os.unlink('f')"),
    "file by pwrite": ("python3", "file", PLAIN,
                       "fd = os.open('f', os.O_CREAT | os.O_RDWR)\n"
                       "os.pwrite(fd, s, 100)\nos.unlink('f')"),
    "file by a grandchild": ("cat", "file", PLAIN,
                             "a = pipe(s)\n"
                             "run('sh', '-c', 'cat >f; rm f', stdin=a)"),
    "file mapped": ("python3", "file", PLAIN,
                    "put(bytes(4096))\nf = open('f', 'r+b')\n"
                    "m = mmap.mmap(f.fileno(), 4096)\n"
                    "m[:len(s)] = s\nm.close()"),
    "file mapped and gone": ("python3", "unseen", PLAIN,
                             "put(bytes(4096))\nf = open('f', 'r+b')\n"
                             "m = mmap.mmap(f.fileno(), 4096)\n"
                             "m[:len(s)] = s\nos.unlink('f')"),
    "file spliced and gone": ("python3", "unseen", PLAIN,
                              "a = pipe(s)\nf = open('f', 'wb')\n"
                              "os.splice(a, f.fileno(), 99)\n"
                              "os.unlink('f')"),
    "memfd": ("python3", "file", PLAIN,
              "fd = os.memfd_create('m')\nos.write(fd, s)"),
    "terminal": ("python3", "file", PLAIN,
                 "a, b = os.openpty()\nos.write(b, s)"),
    "name of a file": ("python3", "name", PLAIN, "put(b'', s)"),
    "name of a process": ("python3", "name", "Named-process-7a",
                          "ctypes.CDLL(None).prctl(15, s, 0, 0, 0)"),
    "extended attribute": ("python3", "name", PLAIN,
                           "put(b'')\ntry: os.setxattr('f', 'user.p', s)\n"
                           "except OSError: pass"),
    "standard output": ("python3", "output", PLAIN, "os.write(1, s)"),
    "standard error": ("python3", "output", PLAIN, "os.write(2, s + b'\\n')"),
    "output of a child": ("cat", "output", PLAIN,
                          "subprocess.run(['cat'], input=s)"),
    "log by sendto": ("python3", "log", PLAIN,
                      "k = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
                      "os.mkdir('dev')\nk.bind('dev/log')\n"
                      "k.sendto(s, 'dev/log')"),
    "log by connect": ("python3", "log", PLAIN,
                       "k = socket.socket(socket.AF_UNIX)\n"
                       "os.mkdir('dev')\nl = k\nl.bind('dev/log')\nl.listen()\n"
                       "k = socket.socket(socket.AF_UNIX)\n"
                       "k.connect('dev/log')\nk.send(s)"),
    "descriptor of a child": ("true", "descriptor 9", PLAIN,
                              "f = open('secret', 'rb')\n"
                              "os.dup2(f.fileno(), 9)\n"
                              "run('true', pass_fds=[9])"),
}

# A hook, as quorate starts one.
HOOK = """
g = dict(QUORATE_GENERATION='2', PATH=os.environ['PATH'])
put(('#!/bin/sh\\n' + %r).encode(), 'hook')
os.chmod('hook', 0o755)
a = pipe(s)
os.dup2(a, 3)
b, c = os.pipe()
def hook(verb, *fds):
    subprocess.run(['./hook', verb], env=g, pass_fds=fds, stdout=c, stderr=c)
"""
HOOKS = {
    "descriptor of a hook": ("hook", "descriptor 8", "cat <&3 | cat >/dev/null",
                             "os.dup2(a, 8)\nhook('apply', 3, 8)"),
    "descriptor of describe": ("hook", "descriptor 3",
                               "cat <&3 | cat >/dev/null",
                               "hook('describe', 3)"),
    "output of a hook": ("cat", "output", "cat <&3", "hook('verify', 3)"),
    "error of a hook": ("cat", "output", "cat <&3 | cat >&2",
                        "hook('verify', 3)"),
    "error of a minting hook": ("cat", "output", "cat /proc/self/fd/0 >&2",
                                "subprocess.run(['./hook', 'mint'], env=g, "
                                "stdin=a, stderr=c)"),
    "argv of a hook's child": ("true", "argv", "/bin/true \"$(cat <&3)\"",
                               "hook('apply', 3)"),
}

PLANTED.update((name, (program, kind, PLAIN, HOOK % hook + body)) for
               name, (program, kind, hook, body) in HOOKS.items())

SILENT = {
    "a pipe": "a = pipe(s)\nrun('cat', stdin=a)",
    "a pipe that is handed on": "a = pipe(s)\nos.dup2(a, 9)\n"
                                "run('true', pass_fds=[9])",
    "a socket": "a, b = socket.socketpair()\na.send(s)\nb.recv(99)",
    "the null device": "open('/dev/null', 'wb').write(s)",
    "its hash in a file": "import hashlib\n"
                          "put(hashlib.sha256(s).hexdigest().encode())",
    "a file that isn't handed on": "f = open('f', 'wb')\nrun('true')",
    "threads": "import threading\na, b = os.pipe()\n"
               "t = threading.Thread(target=os.write, args=(b, s))\n"
               "t.start()\nt.join()\nos.close(b)\nos.read(a, 99)\n"
               "os.open('f', os.O_CREAT)\nrun('true')",
    "what the kernel tells of its addresses":
        "n = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)\n"
        "import struct\nn.sendto(struct.pack('=IHHIIB3x', 20, 22, 0x301, "
        "1, 0, 0), (0, 0))\nn.recvmsg(65536)\na = pipe(s)\nos.read(a, 99)",
    "a hook": HOOK % "printf %s \"$(cat <&3)\" | cat >/dev/null" +
              "hook('apply', 3)",
    "mint": HOOK % "cat /proc/self/fd/0" + "subprocess.run(['./hook', "
            "'mint'], env=g, stdin=a, stdout=c)",
}


# Each case is a child of its own, in a directory of its own.
MANY = """
import traceback
for case in sorted(os.listdir(sys.argv[1])):
    os.chdir(os.path.join(sys.argv[1], case))
    if os.fork() == 0:
        try:
            s = open("secret", "rb").read()
            exec(open("body").read())
        except BaseException:
            traceback.print_exc(file=open("failed", "w"))
        os._exit(0)
    os.wait()
"""


def leaks(*arguments):
    """Status, and what it says of its own."""
    ran = subprocess.run([sys.executable, LEAKS, *arguments],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False, timeout=90)
    said = ran.stderr.decode("utf-8", "replace")
    if "Traceback" in said:
        raise AssertionError(said)
    return ran.returncode, [line for line in said.splitlines()
                            if line.startswith("leak")]


def watch(body, secret=PLAIN, options=()):
    """Of a Python program of this body."""
    with tempfile.TemporaryDirectory() as work:
        for name, text in ("secret", secret), ("program", HEAD + body):
            with open(os.path.join(work, name), "wb") as file:
                file.write(text.encode())
        given = os.path.join(work, "secret")
        return leaks("--secret-file", given, *options, "--", "/bin/sh", "-c",
                     'cd "$0" && exec /usr/bin/python3 -SB program secret',
                     work)


def watch_many(cases):
    """Name to (secret, body): what is found, by name; all in one run."""
    with tempfile.TemporaryDirectory() as work:
        options = []
        for name, (secret, body) in cases.items():
            os.mkdir(os.path.join(work, name))
            # A secret of its own, to tell them apart.
            secret += "-" + hashlib.sha256(name.encode()).hexdigest()[:9]
            for part, text in ("secret", secret), ("body", body):
                with open(os.path.join(work, name, part), "wb") as file:
                    file.write(text.encode())
            options += ["--secret-file", os.path.join(work, name, "secret")]
        status, said = leaks(*options, "--", "/usr/bin/python3", "-SBc",
                             HEAD + MANY, work)
        found = {}
        for name in cases:
            label = os.path.join(work, name, "secret")
            found[name] = [line for line in said if line.endswith(label) or
                           f" {os.path.join(work, name)}/" in line]
            failed = os.path.join(work, name, "failed")
            if os.path.exists(failed):
                with open(failed, encoding="utf-8") as file:
                    found[name].append(file.read())
        return status, said, found


class Leaks(unittest.TestCase):
    def test_planted(self):
        status, said, found = watch_many(
            {name: case[2:] for name, case in PLANTED.items()})
        self.assertEqual(status, 1, said)
        for name, (program, kind, _, _) in PLANTED.items():
            with self.subTest(name):
                self.assertTrue(any(
                    line.startswith(f"leak: {program}[") and f" {kind}" in line
                    for line in (said if kind.startswith("descriptor") else
                                 found[name])), (found[name], said))

    def test_silent(self):
        status, said, found = watch_many(
            {name: (PLAIN, body) for name, body in SILENT.items()})
        self.assertEqual((status, said), (0, []), found)
        self.assertFalse(any(found.values()), found)

    def test_worthless(self):
        status, said = watch("s = None", options=["--status", "4"])
        self.assertEqual((status, len(said)), (3, 1), said)
        self.assertIn("ended with 0", said[0])
        status, said = watch("a = pipe(s)", options=["--hooks", "1"])
        self.assertEqual((status, len(said)), (3, 1), said)
        status, said = leaks("--secret-file", __file__, "--", "true")
        self.assertEqual((status, len(said)), (3, 1), said)
        self.assertIn("not seen anywhere", said[0])
        self.assertEqual(leaks("--secret-file", "/dev/null/x", "--",
                               "true")[0], 2)
        self.assertEqual(watch("a = pipe(s)", "short")[0], 2)

    def test_allowed(self):
        self.assertEqual(watch("os.write(1, s)\nsys.exit(4)", options=[
            "--allow-fd", "1", "--status", "4"]), (0, []))

    def test_minted(self):
        """Known only when the command has ended."""
        status, said = watch("put(b'minted-key')\nrun('cat', stdin=pipe(s))",
                             options=["--secret-from", "echo minted-key"])
        self.assertEqual((status, len(said)), (1, 1), said)
        self.assertIn("echo minted-key", said[0])

    def test_private_key(self):
        """Its private half is a secret, its public half is none."""
        key = openssh_key()
        status, said = watch(
            "b = base64.b64decode(b''.join(s.split(b'\\n')[1:-2]))\n"
            "at = b.rfind(b'\\0\\0\\0\\x40') + 4\n"
            "put(b[at + 32:at + 64].hex().encode(), 'public')\n"
            "run('true', b[at:at + 32].hex())", key)
        self.assertEqual((status, len(said)), (1, 1), said)
        self.assertIn("argv", said[0])


def openssh_key():
    """Made up, with the parts of a real one in their places."""
    public, private = bytes(range(32)), bytes(range(100, 132))
    blob = (b"openssh-key-v1\0" + bytes(40) + b"\0\0\0\x0bssh-ed25519"
            b"\0\0\0\x20" + public + b"\0\0\0\x40" + private + public +
            b"\0\0\0\1c\1\2\3\4\5")
    return ("-----BEGIN OPENSSH PRIVATE KEY-----\n" +
            base64.encodebytes(blob).decode() +
            "-----END OPENSSH PRIVATE KEY-----\n")


if __name__ == "__main__":
    probe = subprocess.run([sys.executable, LEAKS, "--secret-file",
                            "/dev/null", "--", "true"], check=False,
                           stderr=subprocess.PIPE)
    if probe.returncode == 77:
        sys.exit(77)
    unittest.main()
