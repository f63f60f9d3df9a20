#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""curl with a jar, logged in behind our balancer: as each of several products, without and with sticky cookies.
  curl.py STICKYSCOPE_CLI"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from expectations import end, expect  # noqa: E402
from running import Running, start_replicas  # noqa: E402

program = os.path.abspath(sys.argv[1])
folder = tempfile.TemporaryDirectory()
PRODUCTS = {"traefik": "cookie=ws-session", "haproxy": "cookie=SRV", "nginx": "cookie=srv_id", "caddy": "cookie=lb", "envoy": "cookie=route"}


class Curl:
    """One terminal with its jar, a file as curl writes it."""

    def __init__(self, base, name):
        self.base = base
        self.jar = os.path.join(folder.name, name)

    def ask(self, path, *more):
        """Status and body."""
        ran = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "-c", self.jar, "-b", self.jar, "-w", "\n%{http_code}",
                              *more, self.base + path], capture_output=True, text=True)
        body, _, status = ran.stdout.rpartition("\n")
        return int(status or 0), json.loads(body) if body.startswith("{") else body + ran.stderr

    def cookies(self):
        """Names in the jar."""
        with open(self.jar) as file:
            return {line.split("\t")[5] for line in file if line.count("\t") == 6}


def shop(terminal):
    """Logs in, puts three things into the cart and looks at it: the answers."""
    return [terminal.ask("login", "-d", "user=ada")] + [terminal.ask("cart", "-X", "POST") for _ in range(3)] + [terminal.ask("cart") for _ in range(3)]


replicas, addresses = start_replicas(program, 3)
for product, cookie in PRODUCTS.items():
    balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--product", product, "--sticky", cookie)
    base = balancer.line(0).split()[-1]
    held = []
    for terminal in (Curl(base, product + "-1"), Curl(base, product + "-2")):
        answers = shop(terminal)
        names = {body["hostname"] for _, body in answers}
        expect(f"{product}: a jar stays with one replica", len(names) == 1 and all(status == 200 for status, _ in answers), answers)
        expect(f"{product}: and finds its cart", answers[-1][1]["items"] == 3 and answers[-1][1]["user"] == "ada", answers[-1])
        expect(f"{product}: both cookies are in the jar", {cookie.split("=")[1]} < terminal.cookies(), terminal.cookies())
        held.append(names)
    expect(f"{product}: two jars are two clients", held[0] != held[1], held)
    balancer.stop()

balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--no-sticky")
base = balancer.line(0).split()[-1]
terminal = Curl(base, "alone")
answers = shop(terminal)
expect("without a sticky cookie the same jar meets all three", len({body["hostname"] for _, body in answers}) == 3, answers)
expect("and those that did not take the login know nobody", {body["hostname"] for status, body in answers if status == 401}
       == {"server-1", "server-2", "server-3"} - {answers[0][1]["hostname"]}, answers)
bare = Curl(base, "bare")
expect("a jar that was never logged in knows it too", bare.ask("cart")[0] == 401)
took, status, errors = balancer.stop()
expect("it ends cleanly", status == 0 and errors == "", (status, errors))
for replica in replicas:
    replica.stop()
end()
