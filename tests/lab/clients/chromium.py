#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium on the page that replicas show to browsers, through our balancer with and without sticky cookies, and in a lab.
  chromium.py STICKYSCOPE_CLI TRAEFIK"""
import atexit
import json
import os
import re
import subprocess
import sys
import tempfile
import time

from node import node
from expectations import end, expect
from running import Running, die_with_us, start_replicas

program, traefik = map(os.path.abspath, sys.argv[1:3])
folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # Chromium may still write into it
SCENARIO = """version: 1
title: Visitors
replicas: [{name: server-1}, {name: server-2}, {name: server-3}]
balancer: {product: traefik, sticky: {cookie: ws-session}}
clients: [{name: ours, kind: browser, think-time: 200ms}]
lanes: [{name: "on"}]
"""


class Chromium:
    def __init__(self):
        self.home = os.path.join(folder.name, "chromium")
        self.process = subprocess.Popen(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                                         "--disable-background-networking", "--disable-component-update", "--no-proxy-server", "--remote-debugging-port=0",
                                         "--user-data-dir=" + self.home], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_us,
                                        env={**os.environ, "HOME": folder.name, "XDG_RUNTIME_DIR": folder.name})
        atexit.register(self.stop)

    def address(self):
        """Where its DevTools listen, which it writes into a file."""
        said = os.path.join(self.home, "DevToolsActivePort")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if os.path.exists(said):
                with open(said) as file:
                    lines = file.read().split("\n")
                if len(lines) == 2:
                    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            time.sleep(0.02)
        sys.exit(f"chromium does not say where its DevTools listen ({self.process.poll()})")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def journey(base):
    saw = node("browser.js", chromium.address(), base)
    if "error" in saw:
        sys.exit(f"FAILED: the journey on {base}: {saw['error']}")
    return saw


def name_in(text):
    return re.search("server-[0-9]", text).group()


chromium = Chromium()
replicas, addresses = start_replicas(program, 3)
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--sticky", "cookie=ws-session")
on = journey(balancer.line(0).split()[-1])
mine = on["names"][0]
expect("the page says who answered", mine in ("server-1", "server-2", "server-3") and on["title"] == "Who answered?", on)
expect("the first request had no sticky cookie, the later ones have", on["sentAtFirst"] == "none" and on["sent"].startswith("ws-session="), on)
expect("the sticky cookie is in the browser's jar", {"name": "ws-session", "httpOnly": False} in on["jar"], on["jar"])
expect("so is the page's own", {"name": "stickyscope-visitor", "httpOnly": True} in on["jar"], on["jar"])
expect("with a sticky cookie reloads stay", set(on["names"]) == {mine}, on["names"])
expect("so do further requests, a cell each", set(on["again"]) == {mine} and on["trail"] == 6, on)
expect("the page says so", on["next"] == "The sticky cookie ws-session reached this server: the next answer comes from the server that it names, while that runs.", on["next"])
expect("a login is found again", on["cart"][0] == f"{mine} has logged Ada in" and on["cart"][1:] == [f"{mine} knows Ada: 1 things in the cart"] * 4, on["cart"])
expect("the WebSocket reaches the same replica", name_in(on["socket"]) == mine, on["socket"])
expect("and is closed in order", on["closed"] == "Closed with code 1000.", on["closed"])
balancer.stop()

balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--no-sticky")
off = journey(balancer.line(0).split()[-1])
expect("without one reloads meet others", len(set(off["names"] + off["again"])) == 3, off)
expect("no sticky cookie is in the jar", "ws-session" not in [cookie["name"] for cookie in off["jar"]] and off["sent"] == "none", off)
expect("and the login is lost", sum(text.startswith("401: ") for text in off["cart"]) >= 2, off["cart"])
expect("a WebSocket is open to one all the same", name_in(off["socket"]).startswith("server-") and off["closed"] == "Closed with code 1000.", off)
expect("the page says what reached the server", off["next"].startswith("No sticky cookie reached this server: unless "), off["next"])
balancer.stop()
for replica in replicas:
    replica.stop()

# HAProxy, ours and itself, keeps its cookie to itself: the page says what the browser holds. Traefik's without a name has the one that the page knows.
HIDDEN = "Your browser holds the cookie SRV, which did not reach this server: this answer has brought it, or the balancer keeps it to itself. It is the sticky one:"
for what, product, sticky, more, says in (
        ("ours as HAProxy", "haproxy", "{cookie: SRV, indirect: true}", [], HIDDEN),
        ("HAProxy itself", "haproxy", "{cookie: SRV, indirect: true}", ["--real-balancer"], HIDDEN),
        ("Traefik itself", "traefik", "{}", ["--program", traefik], "The sticky cookie _fb0b0 reached this server:")):
    path = os.path.join(folder.name, product + ".sticky.yaml")
    with open(path, "w") as file:
        file.write(SCENARIO.replace("{product: traefik, sticky: {cookie: ws-session}}", f"{{product: {product}, sticky: {sticky}}}"))
    lab = Running(program, "lab", path, "--json", *more)
    saw = journey(json.loads(lab.line(0))["lanes"][0]["address"])
    name = "SRV" if product == "haproxy" else "_fb0b0"
    expect(f"{what}: the cookie is in the jar, and the browser stays", name in [cookie["name"] for cookie in saw["jar"]]
           and len(set(saw["names"] + saw["again"])) == 1, saw)
    expect(f"{what}: the page says so", saw["next"].startswith(says) and saw["next"].endswith("the next answer comes from the server that it names, while that runs."), saw["next"])
    expect(f"{what}: and what reached the server", saw["sent"] == "none" if name == "SRV" else saw["sent"].startswith(name + "=") and "(not shown)" not in saw["sent"], saw["sent"])
    took, status, errors = lab.stop()
    expect(f"{what}: it ends cleanly", status == 0, (status, errors))

# In a lab they are clients beside its own.
path = os.path.join(folder.name, "visitors.sticky.yaml")
with open(path, "w") as file:
    file.write(SCENARIO)
lab = Running(program, "lab", path, "--json")
base = json.loads(lab.line(0))["lanes"][0]["address"]
seen = [journey(base), journey(base)]
subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", base + "/hostname"], check=True, stdout=subprocess.DEVNULL)
node("ws.js", base.replace("http", "ws") + "/streaming", {"headers": {"User-Agent": "streams/1"}, "say": ["{}"], "close": [1000, ""]})
node("ws.js", base.replace("http", "ws") + "/streaming", {"say": ["{}"], "close": [1000, ""]})
expect("in a lab too a browser stays", all(len(set(one["names"] + one["again"])) == 1 for one in seen), seen)
deadline = time.monotonic() + 20
while time.monotonic() < deadline and not all(any(f'"who":"{who}"' in line and '"status":101' in line for line in lab.lines)
                                              for who in ("streams", "WebSocket client")):
    time.sleep(0.02)
took, status, errors = lab.stop()
clients = {}
for line in lab.lines[1:]:
    record = json.loads(line)
    clients.setdefault(record["who"], []).append((record["method"], record["target"].split("?")[0], record["status"]))
expect("its own client, both browsers, curl, and ws with a name and without one are clients by name",
       set(clients) == {"ours", "browser", "browser-2", "curl", "streams", "WebSocket client"}, clients.keys())
expect("each with its requests", all(("POST", "/login", 200) in clients[one] and ("GET", "/streaming", 101) in clients[one]
                                    for one in ("browser", "browser-2")) and clients["curl"] == [("GET", "/hostname", 200)], clients)
expect("it ends cleanly", status == 0 and errors == "", (status, errors))
end()
