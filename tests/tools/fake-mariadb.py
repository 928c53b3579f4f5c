#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""
fake-mariadb.py PORT-FILE MODE [PORT]

A server that speaks some of MariaDB's protocol, and not honestly. It listens
on 127.0.0.1 and writes its port into PORT-FILE; what clients send goes to
standard output as it comes. Modes:

  mysql_clear_password, dialog, mysql_old_password
          asks for the password in this way
  open    asks for none (as with --skip-grant-tables)
  liar    asks, doesn't know the password, and says welcome and what one
          would like to hear
  endless asks and asks
  full    has too many connections
  hang    takes the connection and says nothing
  close   takes the connection and closes it
  babble  sends what is no packet
  cut     a real server behind it, at PORT: what it says to SET PASSWORD is
          kept back, and the connection is closed
  mute    as cut, but the connection stays open
"""
import os
import socket
import struct
import sys
import threading

MODE = sys.argv[2]
GREETING = (b"\x0a5.5.5-10.11.0-MariaDB\0" + struct.pack("<I", 7) +
            b"12345678\0" + struct.pack("<HBHHB", 0xf7fe, 45, 2, 0x81bf, 21) +
            bytes(10) + b"901234567890\0mysql_native_password\0")
WELCOME = b"\0\0\0\2\0\0\0"
END = b"\xfe\0\0\2\0"
KEPT = ("CREATE USER `clerk`@`localhost` IDENTIFIED BY PASSWORD "
        "'*0123456789012345678901234567890123456789'")


def say(stream, number, data):
    stream.sendall(struct.pack("<I", len(data))[:3] + bytes([number]) + data)


def hear(stream):
    data = stream.recv(65536)
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    return data


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


def relay(stream):
    real = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
    quiet = threading.Event()

    def back():
        while data := real.recv(65536):
            if not quiet.is_set():
                stream.sendall(data)

    threading.Thread(target=back, daemon=True).start()
    while data := hear(stream):
        if b"SET PASSWORD" in data:
            quiet.set()
            real.sendall(data)
            threading.Event().wait(0.3 if MODE == "cut" else 60)
            return
        real.sendall(data)


def serve(stream):
    if MODE in ("cut", "mute"):
        relay(stream)
    elif MODE == "close":
        return
    elif MODE == "hang":
        hear(stream)
    elif MODE == "babble":
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


server = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1] + ".new", "w") as f:
    print(server.getsockname()[1], file=f)
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    client = server.accept()[0]
    try:
        serve(client)
    except OSError:
        pass
    client.close()
