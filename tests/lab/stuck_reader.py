#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody starts a server, and stops reading its log (Ctrl-S, a pager, a pipe that is full): it serves on, says later how much was
dropped, and ends when it is told to.
  stuck_reader.py STICKYSCOPE_CLI"""
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import SOON, die_with_us, start_replicas  # noqa: E402

program = os.path.abspath(sys.argv[1])
folder = tempfile.TemporaryDirectory()
scenario = os.path.join(folder.name, "quick.sticky.yaml")
with open(scenario, "w") as file:
    file.write("version: 1\nreplicas: [{name: server-1, service-time: 0s}, {name: server-2, service-time: 0s}]\n"
               "balancer: {product: traefik, sticky: {}}\nclients: [{name: b, kind: browser, think-time: 1s}]\n")
A_CONNECTION = 900  # requests on each, of the thousand that one takes


def ask(port, count):
    """How many of so many requests are answered with 200."""
    good = 0
    while count > 0:
        some = min(count, A_CONNECTION)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.settimeout(10)
            octets = client.makefile("rb")
            try:
                for first in range(0, some, 16):
                    few = min(16, some - first)
                    client.sendall(b"GET /hostname HTTP/1.1\r\nHost: a\r\n\r\n" * few)
                    for _ in range(few):
                        good += octets.readline().startswith(b"HTTP/1.1 200 ")
                        length = 0
                        while (line := octets.readline()) not in (b"\r\n", b""):
                            length = int(line[15:]) if line.lower().startswith(b"content-length:") else length
                        octets.read(length)
            except OSError as error:
                print("no answer:", error)
                return good
        count -= some
    return good


def start(*words, out=subprocess.PIPE):
    return subprocess.Popen([program, *words], stdout=out, stderr=subprocess.PIPE, preexec_fn=die_with_us)


def port_in(line):
    return int(re.search(rb"127\.0\.0\.1:([0-9]+)", line).group(1))


def stop(what, process):
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(20)
    except subprocess.TimeoutExpired:
        status = None
        process.kill()
    took = time.monotonic() - begun
    expect(f"{what} ends within a second, with the usual status", status == 0 and took < SOON, (status, took))
    errors = process.stderr.read()
    expect(f"{what} complains of nothing", errors == b"", errors)


replicas, addresses = start_replicas(program, 2)
balance = ("balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses))

for what, words in (("balance", balance), ("balance --json", (*balance, "--json")), ("replica", ("replica", "--port", "0")),
                    ("lab", ("lab", scenario)), ("lab --json", ("lab", scenario, "--json"))):
    process = start(*words)
    port = port_in(process.stdout.readline())
    good = ask(port, 2500)
    expect(f"{what} answers on when nobody reads its log", good == 2500, good)
    stop(what, process)

# Whoever reads on learns what is missing.
process = start(*balance, "--json")
port = port_in(process.stdout.readline())
expect("all are answered", ask(port, 8000) == 8000)
lines = [json.loads(process.stdout.readline())]
while "dropped" not in lines[-1] and len(lines) <= 8000:
    lines.append(json.loads(process.stdout.readline()))
dropped = lines[-1].get("dropped", 0)
expect("it says how many lines were dropped, in their place", dropped > 0 and len(lines) - 1 + dropped == 8000, (len(lines), lines[-1]))
expect("those that come later are there again", ask(port, 1) == 1 and json.loads(process.stdout.readline())["status"] == 200)
stop("balance whose log is read again", process)

# Ctrl-S on a terminal.
ours, theirs = pty.openpty()
process = start(*balance, out=theirs)
said = b""
while b"\n" not in said:
    said += os.read(ours, 1000)
termios.tcflow(theirs, termios.TCOOFF)
expect("a stopped terminal does not stop it", ask(port_in(said), 2500) == 2500)
stop("balance at a stopped terminal", process)
os.close(theirs)
os.close(ours)

# A log that cannot be written is no success, and nobody serves on for a reader who has gone.
with open("/dev/full", "w") as full:
    process = start("replica", "--port", "0", out=full)
    expect("lost output is said", process.wait(20) == 2 and b"standard output cannot be written" in process.stderr.read(), process.returncode)
process = start("lab", scenario)
process.stdout.readline()
process.stdout.close()
expect("who has no reader any more ends", process.wait(20) == 2 and b"standard output cannot be written" in process.stderr.read(), process.returncode)
for more in (("--product", "traefik"), ("--algorithm", "roundrobin"), ("--sticky", "cookie=zz"), ("--check", "1s")):
    process = start("balance", scenario, *more)
    said = process.stderr.read().decode()
    expect(f"a scenario says itself what {more[0]} would say", process.wait(20) == 2 and len(said.splitlines()) == 1 and more[0] in said, said)

for replica in replicas:
    replica.stop()
end()
