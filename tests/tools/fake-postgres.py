#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""
A server that speaks some of PostgreSQL's protocol, and not honestly. Modes
beside those of fake_server.py, which says how it is called:

  clear   asks for the password in clear
  md5     asks for it as MD5
  liar    does SCRAM without knowing the password, and says welcome
  short   says welcome in the middle of SCRAM
  babble  sends what is no message
  slow    asks for SCRAM with a number of iterations that takes days
"""
import struct

from fake_server import MODE, hear, run


def say(stream, kind, data):
    stream.sendall(kind + struct.pack("!i", len(data) + 4) + data)


def ask(stream, code, data=b""):
    say(stream, b"R", struct.pack("!i", code) + data)


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


def serve(stream):
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


run(serve, b"ALTER ROLE")
