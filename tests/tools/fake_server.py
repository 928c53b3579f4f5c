# SPDX-License-Identifier: GPL-3.0-or-later
"""
What the servers have in common that aren't honest: PROGRAM PORT-FILE MODE
[PORT]. It listens on 127.0.0.1 and writes its port into PORT-FILE; what
clients send goes to standard output as it comes. Modes of each:

  hang    takes the connection and says nothing
  close   takes the connection and closes it
  cut     a real server behind it, at PORT: what it says to the change is kept
          back, and the connection is closed
  mute    as cut, but the connection stays open
"""
import os
import socket
import sys
import threading

MODE = sys.argv[2]


def hear(stream):
    data = stream.recv(65536)
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    return data


def relay(stream, change):
    real = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
    quiet = threading.Event()

    def back():
        while data := real.recv(65536):
            if not quiet.is_set():
                stream.sendall(data)

    threading.Thread(target=back, daemon=True).start()
    while data := hear(stream):
        if change in data:
            quiet.set()
            real.sendall(data)
            threading.Event().wait(0.3 if MODE == "cut" else 60)
            return
        real.sendall(data)


def run(serve, change):
    """Serve one client after the other; change is what a change looks like."""
    server = socket.create_server(("127.0.0.1", 0))
    with open(sys.argv[1] + ".new", "w") as f:
        print(server.getsockname()[1], file=f)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    while True:
        client = server.accept()[0]
        try:
            if MODE in ("cut", "mute"):
                relay(client, change)
            elif MODE == "hang":
                while hear(client):
                    pass
            elif MODE != "close":
                serve(client)
        except (OSError, IndexError):
            pass
        client.close()
