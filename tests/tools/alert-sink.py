#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place for alerts, on loopback: alert-sink.py http|smtp DIR

Writes its port to DIR/port, then what it takes to DIR/1, DIR/2 and so on:
of HTTP the request line, the header and the body, of SMTP the commands and
the text. It ends when standard input does.

HTTP answers as the path says: /500 with that status, /hang never, else 204.
SMTP refuses a recipient at refused.example.
"""
import http.server
import os
import socketserver
import sys
import threading
import time


def keep(server, text):
    with server.lock:
        server.count += 1
        name = os.path.join(server.dir, str(server.count))
    with open(name + ".new", "wb") as f:
        f.write(text)
    os.rename(name + ".new", name)


class Http(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        keep(self.server, f"{self.requestline}\n{self.headers}".encode()
             + body)
        if self.path == "/hang":
            time.sleep(60)
        status = self.path.strip("/")
        self.send_response(int(status) if status.isdigit() else 204)
        self.end_headers()

    def log_message(self, *args):
        pass


class Smtp(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def text(self):
        lines = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return b""

    def handle(self):
        said = b""
        self.say(b"220 sink")
        for line in iter(self.rfile.readline, b""):
            said += line
            verb = line[:4].upper()
            if verb == b"QUIT":
                break
            if verb == b"RCPT" and b"refused.example" in line:
                self.say(b"550 nobody of this name")
            elif verb == b"DATA":
                self.say(b"354 go on")
                said += self.text()
                keep(self.server, said)
                self.say(b"250 taken")
            else:
                self.say(b"250 sink")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main(kind, directory):
    handler = {"http": Http, "smtp": Smtp}[kind]
    server = Server(("127.0.0.1", 0), handler)
    server.dir, server.count, server.lock = directory, 0, threading.Lock()
    with open(os.path.join(directory, "port.new"), "w") as f:
        f.write(str(server.server_address[1]))
    os.rename(f.name, os.path.join(directory, "port"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main(*sys.argv[1:])
