# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas inside the test's own process that remember what reached them. Each has an address of its own in
127.0.0.0/8, and a second port for health checks: a replica can be dead while its checks still pass, for as
long as a test wants that moment to last."""
import base64
import hashlib
import json
import socket
import struct
import threading

from peers import free_port

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Listener:
    """Answers HTTP/1.1 with what `answer(method, path, fields, body)` gives: status line and fields, body."""

    def __init__(self, host, port, answer):
        self.answer = answer
        self.connections = set()
        self.lock = threading.Lock()
        self.open = True
        self.sending = 0  # answers that have not been taken as a whole
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with self.lock:
                if not self.open:
                    connection.close()
                    return
                self.connections.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb") as stream:
                while self.one(connection, stream):
                    pass
        except (OSError, ValueError):
            pass
        with self.lock:
            self.connections.discard(connection)

    def one(self, connection, stream):
        line = stream.readline().decode("latin-1").split()
        if len(line) < 2:
            return False
        fields = []
        while (text := stream.readline().decode("latin-1").rstrip("\r\n")):
            name, _, value = text.partition(":")
            fields.append((name.lower(), value.strip(" \t")))
        length = next((int(value) for name, value in fields if name == "content-length"), 0)
        stream.read(length)
        head, body = self.answer(line[0], line[1], fields)
        if head is None:  # it breaks off: the connection is reset
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        self.sending += 1
        try:
            connection.sendall(head.encode("latin-1") + (b"" if line[0] == "HEAD" else body))
        finally:
            self.sending -= 1
        return ("connection", "close") not in fields and "Connection: close" not in head and not head.startswith("HTTP/1.1 101")

    def close(self):
        """As if the process had been killed: nothing listens, and every connection is closed."""
        with self.lock:
            self.open = False
            left = list(self.connections)
        for one in [self.socket, *left]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.socket.close()


class ReportingReplica:
    def __init__(self, name, host, port, health_port):
        self.name = name
        self.host = host
        self.port = port
        self.health_port = health_port
        self.seen = {}  # by the request's X-Step: the Cookie fields that reached this replica
        self.healthy = True
        self.breaks = False  # it resets the connection in the place of an answer
        self.halves = False  # it closes the connection in the middle of an answer's head
        self.fails = ""  # the status line that it answers with, "503 Service Unavailable"
        self.part = 0  # so many octets of a body that is said to be longer, before it closes the connection
        self.keeps = True  # connections
        self.checks = 0
        self.requests = 0
        self.health = Listener(host, health_port, self.answer_check)
        self.service = None
        self.start()

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def start(self):
        self.service = Listener(self.host, self.port, self.answer)

    def kill(self):
        self.service.close()

    def close(self):
        self.service.close()
        self.health.close()

    def answer_check(self, *_):
        self.checks += 1
        status = "200 OK" if self.healthy else "503 Service Unavailable"
        return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b""

    def answer(self, method, path, fields):
        self.requests += 1
        first = dict(reversed(fields))
        cookies = [value for name, value in fields if name == "cookie"]
        if "x-step" in first:
            self.seen.setdefault(first["x-step"], []).append(cookies)
        if self.breaks:
            return None, b""
        if self.halves:
            return "HTTP/1.1 200 OK\r\nConnection: close\r\nX-Repl", b""
        own = [f"X-Replica: {self.name}"] + ([] if self.keeps else ["Connection: close"])
        # One field for all: Apache would join two.
        own += [f"Set-Cookie: {value}" for value in json.loads(first.get("x-set-cookie", "[]"))]
        own += [f"{name}: {value}" for name, value in json.loads(first.get("x-set-headers", "[]"))]
        own += [f"Cache-Control: {value}" for name, value in fields if name == "x-cache-control"]
        if first.get("upgrade", "").lower() == "websocket":
            digest = hashlib.sha1((first["sec-websocket-key"] + MAGIC).encode()).digest()
            own += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + base64.b64encode(digest).decode()]
            return "HTTP/1.1 101 Switching Protocols\r\n" + "\r\n".join(own) + "\r\n\r\n", b""
        body = json.dumps({"hostname": self.name, "cookie": cookies, "method": method, "path": path}).encode()
        if self.part:
            own += ["Connection: close"] if self.keeps else []
            return f"HTTP/1.1 {self.fails or '200 OK'}\r\n" + "\r\n".join([*own, f"Content-Length: {self.part + 1000}"]) + "\r\n\r\n", b" " * self.part
        own += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return f"HTTP/1.1 {self.fails or '200 OK'}\r\n" + "\r\n".join(own) + "\r\n\r\n", body


def replicas(count, ports=None):
    hosts = [f"127.0.0.{201 + number}" for number in range(count)]
    port, health_port = ports or (free_port(hosts), free_port(hosts))
    return [ReportingReplica(f"r{number + 1}", host, port, health_port) for number, host in enumerate(hosts)]
