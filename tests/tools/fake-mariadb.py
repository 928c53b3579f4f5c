#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""
A server that speaks some of MariaDB's protocol, and not honestly. Modes
beside those of fake_server.py, which says how it is called:

  mysql_clear_password, dialog, mysql_old_password
          asks for the password in this way
  open    asks for none (as with --skip-grant-tables)
  liar    asks, doesn't know the password, and says welcome and what one
          would like to hear
  endless asks and asks
  full    has too many connections
  babble  sends what is no packet
"""
import struct

from fake_server import MODE, hear, run

GREETING = (b"\x0a5.5.5-10.11.0-MariaDB\0" + struct.pack("<I", 7) +
            b"12345678\0" + struct.pack("<HBHHB", 0xf7fe, 45, 2, 0x81bf, 21) +
            bytes(10) + b"901234567890\0mysql_native_password\0")
WELCOME = b"\0\0\0\2\0\0\0"
END = b"\xfe\0\0\2\0"
KEPT = ("CREATE USER `clerk`@`localhost` IDENTIFIED BY PASSWORD "
        "'*0123456789012345678901234567890123456789'")


def say(stream, number, data):
    stream.sendall(struct.pack("<I", len(data))[:3] + bytes([number]) + data)


def switch(stream, number, way):
    say(stream, number, b"\xfe" + way + b"\0" + b"n" * 20 + b"\0")
    return hear(stream)


def please(stream):
    while data := hear(stream):
        if b"SELECT CURRENT_USER" in data:
            row = "clerk@localhost"
        elif b"SHOW CREATE USER" in data:
            row = KEPT
        else:
            say(stream, 1, WELCOME)
            continue
        for number, packet in enumerate((
                b"\1", b"\3def\0\0\0\1u\0\x0c\x2d\0\xff\0\0\0\xfd\0\0\0\0\0",
                END, bytes([len(row)]) + row.encode(), END), 1):
            say(stream, number, packet)


def serve(stream):
    if MODE == "babble":
        stream.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 99)
    elif MODE == "full":
        say(stream, 0, b"\xff" + struct.pack("<H", 1040) + b"#08004Too many")
    else:
        say(stream, 0, GREETING)
        hear(stream)
        if MODE == "endless":
            for number in range(2, 200, 2):
                switch(stream, number, b"mysql_native_password")
        elif MODE == "liar":
            switch(stream, 2, b"mysql_native_password")
            say(stream, 4, WELCOME)
        elif MODE == "open":
            say(stream, 2, WELCOME)
        else:
            switch(stream, 2, MODE.encode())
            say(stream, 4, WELCOME)
        please(stream)


run(serve, b"SET PASSWORD")
