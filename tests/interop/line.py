# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One client of a balancer, and what it sees."""
import http.client
import socket
import struct

from peers import Connection


class Line:
    """One client's connection to a balancer."""

    def __init__(self, port):
        self.connection = Connection(port)

    def ask(self, path="/hostname"):
        """Its answer's status and who gave it, as the model says it: "200 r1", "200 r1 cut" where it broke off; "" for no answer."""
        part = ""
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            try:
                answer.read()
            except http.client.IncompleteRead:
                part = " cut"
                self.connection.close()
        except http.client.RemoteDisconnected:
            return ""
        replica = answer.getheader("X-Replica")
        return f"{answer.status} {replica}{part}" if replica else str(answer.status)

    def leave(self, path="/hostname"):
        """Hangs up in the middle of an answer that is too long to be on its way as a whole."""
        with socket.create_connection(("127.0.0.1", self.connection.port)) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            head = line.recv(15).decode("latin-1")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return head[9:12]
