#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""
fake-postgres.py PORT-FILE MODE [PORT]

A server that speaks some of PostgreSQL's protocol, and not honestly. It
listens on 127.0.0.1 and writes its port into PORT-FILE; what clients send goes
to standard output as it comes. Modes:

  clear   asks for the password in clear
  md5     asks for it as MD5
  liar    does SCRAM without knowing the password, and says welcome
  short   says welcome in the middle of SCRAM
  hang    takes the connection and says nothing
  close   takes the connection and closes it
  babble  sends what is no message
  slow    asks for SCRAM with a number of iterations that takes days
  cut     a real server behind it, at PORT: what it says to ALTER ROLE is
          kept back, and the connection is closed
  mute    as cut, but the connection stays open
"""
import os
import socket
import struct
import sys
import threading

MODE = sys.argv[2]


def say(stream, kind, data):
    stream.sendall(kind + struct.pack("!i", len(data) + 4) + data)


def ask(stream, code, data=b""):
    say(stream, b"R", struct.pack("!i", code) + data)


def hear(stream):
    data = stream.recv(65536)
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    return data


def welcome(stream):
    ask(stream, 0)
    say(stream, b"Z", b"I")
    while hear(stream):
        say(stream, b"C", b"ALTER ROLE\0")
        say(stream, b"Z", b"I")


def challenge(stream, iterations):
    ask(stream, 10, b"SCRAM-SHA-256\0\0")
    nonce = hear(stream).split(b"r=")[1]
    ask(stream, 11, b"r=%sxyz,s=c2FsdHNhbHQ=,i=%d" % (nonce, iterations))


def relay(stream):
    real = socket.create_connection(("127.0.0.1", int(sys.argv[3])))

    def back():
        while data := real.recv(65536):
            if not quiet.is_set():
                stream.sendall(data)

    quiet = threading.Event()
    threading.Thread(target=back, daemon=True).start()
    while data := hear(stream):
        if b"ALTER ROLE" in data:
            quiet.set()
            real.sendall(data)
            threading.Event().wait(0.3 if MODE == "cut" else 60)
            return
        real.sendall(data)


def serve(stream):
    if MODE in ("cut", "mute"):
        relay(stream)
        return
    if MODE == "close":
        return
    hear(stream)
    if MODE == "clear":
        ask(stream, 3)
    elif MODE == "md5":
        ask(stream, 5, b"salt")
    elif MODE == "liar":
        challenge(stream, 4096)
        hear(stream)
        ask(stream, 12, b"v=" + b"A" * 43 + b"=")
        welcome(stream)
    elif MODE == "short":
        challenge(stream, 4096)
        hear(stream)
        welcome(stream)
    elif MODE == "slow":
        challenge(stream, 999999999)
    elif MODE == "babble":
        stream.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n" * 9)
    hear(stream)


server = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1] + ".new", "w") as f:
    print(server.getsockname()[1], file=f)
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    client = server.accept()[0]
    try:
        serve(client)
    except (OSError, IndexError):
        pass
    client.close()
