# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import shutil
import socket

from .balancer import Balancer
from .machine import get, listens, wait_until


class Haproxy(Balancer):
    def __init__(self, replicas, cookie="cookie SRV insert indirect nocache", options="", balance="roundrobin", weights=None, tls="",
                 server="check inter 2s", more="", frontend="", named=True, timeout="1s"):
        """`server` stands on every server's line, `more` in the backend; without `named` no server has a cookie, and in a list
        of names these servers have none."""
        super().__init__(replicas, weights)
        self.server, self.named = server, named
        self.settings = (cookie, options, balance, tls, more, frontend, timeout)
        self.apply()
        self.command = (shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", self.path("haproxy.cfg"))
        self.run(*self.command)
        wait_until(lambda: "HAProxy answers; it said: " + self.log(), lambda: listens(self.port) if tls else get(self.port)[0].status == 200)

    def apply(self):
        cookie, options, balance, tls, more, frontend, timeout = self.settings
        servers = "".join(f"    server {self.line(r)}\n" for r in self.replicas)
        self.write("haproxy.cfg", f"global\n    nbthread 1\n    stats socket {self.path('socket')} mode 600 level admin\n"
                   f"defaults\n    mode http\n    timeout connect {timeout}\n    timeout check 2s\n    timeout client 10s\n    timeout server 10s\n"
                   f"    {options}\nfrontend web\n    bind 127.0.0.1:{self.port} {tls}\n    {frontend}\n    default_backend app\n"
                   f"backend app\n    balance {balance}\n    option httpchk GET /hostname\n    {cookie}\n    {more}\n{servers}")

    def line(self, replica):
        nameless = self.named is False or (self.named is not True and replica.name in self.named)
        check = f" port {self.health_port(replica)}" if self.health_port(replica) != replica.port else ""
        return (f"{replica.name} {self.host(replica)}:{replica.port} {self.options(self.server, replica)}{check}" + ("" if nameless else f" cookie {replica.name}")
                + f" weight {self.weights[replica.name]}")

    def say(self, command):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.path("socket"))
            line.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: line.recv(65536), b"")).decode().strip()

    def set(self, replica, state):
        self.say(f"set server app/{replica.name} state " + {"draining": "drain", "maintenance": "maint", "ready": "ready"}[state])

    def add(self, replica):
        """By a reload, as its users do: 2.6 takes no `cookie` for a server that is added while it runs."""
        super().add(replica)
        before = self.process
        self.run(*self.command, "-sf", str(before.pid))
        before.wait()
        wait_until("HAProxy answers again", lambda: get(self.port)[0].status == 200)
