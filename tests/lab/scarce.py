#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope balance` where few files may be open: it says how many connections it takes; where none is left it waits without
work, answers 503, and blames no server.
  scarce.py STICKYSCOPE_CLI"""
import os
import re
import resource
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import SOON, Running, start_replicas  # noqa: E402

program = os.path.abspath(sys.argv[1])
REQUEST = b"GET /hostname HTTP/1.1\r\nHost: a\r\n\r\n"
FEW = 60


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(10)

    def ask(self):
        """The status and the head; 0 where the connection was closed."""
        try:
            self.socket.sendall(REQUEST)
            octets = self.socket.recv(65536)
        except OSError:
            return 0, b""
        return int(octets[9:12] or 0), octets

    def close(self):
        self.socket.close()


def start(*more):
    balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--product", "nginx", "--no-sticky", *more)
    return balancer, int(re.search(r":([0-9]+)/", balancer.line(0)).group(1))


def descriptors(running):
    return len(os.listdir(f"/proc/{running.process.pid}/fd"))


def seconds_of(running):
    with open(f"/proc/{running.process.pid}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def until(holds, seconds=20):
    last = time.monotonic() + seconds
    while not holds() and time.monotonic() < last:
        time.sleep(0.02)
    return holds()


replicas, addresses = start_replicas(program, 2)

# Told beforehand.
program_limited = ["/bin/sh", "-c", f"ulimit -n {FEW}; exec \"$@\"", "sh", program]
balancer = Running(*program_limited, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--product", "nginx", "--no-sticky")
port = int(re.search(r":([0-9]+)/", balancer.line(0)).group(1))
clients = [Client(port) for _ in range(100)]
begun = seconds_of(balancer)
time.sleep(1)
expect("it has no work with whom it does not serve", seconds_of(balancer) - begun < 0.3, seconds_of(balancer) - begun)
statuses = [client.ask()[0] for client in clients]
expect("some are served", statuses.count(200) >= 10, statuses)
expect("nobody is told that a server failed", set(statuses) <= {200, 503, 0}, statuses)
for client in clients:
    client.close()
expect("those who come when others have gone are served", until(lambda: Client(port).ask()[0] == 200), descriptors(balancer))
took, status, errors = balancer.stop()
expect("it ends well", took < SOON and status == 0, (took, status))
said = re.fullmatch(r"stickyscope: at most ([0-9]+) connections at once, not 2000: more files may not be open here \(ulimit -Hn\)\n", errors)
expect("it says once how many it takes", said and int(said.group(1)) >= statuses.count(200), errors)
expect("no server is blamed", not any(" is down" in line for line in balancer.lines), balancer.lines)

# The system takes them away while it runs.
balancer, port = start("--check", "50ms")
first = Client(port)
expect("a server answers", first.ask()[0] == 200)
time.sleep(0.3)  # no check is under way at this moment, or it has failed by the next
files = descriptors(balancer)
resource.prlimit(balancer.process.pid, resource.RLIMIT_NOFILE, (files, files))
more = [Client(port) for _ in range(20)]
begun = seconds_of(balancer)
time.sleep(1)
expect("it waits without work for a file to be free", seconds_of(balancer) - begun < 0.3, seconds_of(balancer) - begun)
answers = [first.ask() for _ in range(6)]
expect("an idle connection to a server gives way to another server's", {status for status, _ in answers} == {200}, answers)
expect("so both are asked", all(any(name in octets for _, octets in answers) for name in (b"server-1", b"server-2")), answers)
first.close()
expect("who waited comes in when somebody has gone", more[0].ask()[0] in (200, 503))
more[1].close()
for client in more:
    client.close()
expect("and all is as before", until(lambda: Client(port).ask()[0] == 200))
took, status, errors = balancer.stop()
expect("it ends well again, in silence", took < SOON and status == 0 and errors == "", (took, status, errors))
expect("no server was blamed, by requests or by checks", not any(" is down" in line for line in balancer.lines), balancer.lines)

for replica in replicas:
    replica.stop()
end()
