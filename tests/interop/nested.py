#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sticky cookies at two levels: the real Traefik's weighted service of services beside ours, before the same servers.
  nested.py STICKYSCOPE TRAEFIK"""
import json
import os
import subprocess
import sys
import tempfile

from peers import Balancer, die_with_us, end, expect, get, wait_until

program, traefik_program = sys.argv[1:3]
SERVICES = {"one": ["a", "b"], "two": ["c"]}
SCENARIO = """version: 1
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, servers: [one, two], sticky: {cookie: outer}}
balancers:
  - {name: one, product: traefik, servers: [a, b], sticky: {cookie: inner}}
  - {name: two, product: traefik, servers: [c], sticky: {}}
clients: [{name: quiet, kind: curl, every: 1h}]
"""


class Nested(Balancer):
    """Traefik with two services behind one."""

    def __init__(self, addresses):
        super().__init__([])
        services = "".join(f"    {name}:\n      loadBalancer:\n        sticky: {{cookie: {{{'name: inner' if name == 'one' else ''}}}}}\n        servers:\n"
                           + "".join(f"          - url: http://{addresses[server]}\n" for server in servers) for name, servers in SERVICES.items())
        self.write("dynamic.yml", "http:\n  routers: {app: {rule: \"PathPrefix(`/`)\", service: top, entryPoints: [web]}}\n  services:\n    top:\n"
                   "      weighted:\n        services: [{name: one, weight: 1}, {name: two, weight: 1}]\n        sticky: {cookie: {name: outer}}\n" + services)
        self.run(traefik_program, f"--entrypoints.web.address=127.0.0.1:{self.port}", "--providers.file.filename=" + self.path("dynamic.yml"))
        self.wait()


def ask(port, cookie=None):
    """Who answers within a few turns, and the cookies that each of them has set."""
    seen = {}
    for _ in range(6):
        response, name = get(port, "/hostname", cookie)
        seen.setdefault(name, set()).add((response.status, *sorted(response.headers.get_all("Set-Cookie") or [])))
    return seen


def fnv1(text):
    value = 0xcbf29ce484222325
    for octet in text.encode():
        value = (value * 0x100000001b3 & 0xffffffffffffffff) ^ octet
    return f"{value:x}"


def compare(what, cookie, ours, real, bound=None):
    left, right = ask(ours, cookie), ask(real, cookie)
    expect(what, left == right and (bound is None or set(left) == {bound}), {"ours": left, "real": right})


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "nested.sticky.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCENARIO)
    lab = subprocess.Popen([program, "lab", path, "--json"], stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us)
    lane = json.loads(lab.stdout.readline())["lanes"][-1]
    ours = int(lane["address"].rstrip("/").rsplit(":", 1)[1])
    real = Nested({replica["name"]: replica["address"].removeprefix("http://").rstrip("/") for replica in lane["replicas"]})
    try:
        fresh, ours_fresh = ask(real.port), ask(ours)
        expect("fresh clients come to all three, with the same cookies of both levels", set(fresh) == {"a", "b", "c"} and ours_fresh == fresh, (ours_fresh, fresh))
        for name, answers in fresh.items():
            (_, *fields), = answers
            cookies = dict(field.partition(";")[0].split("=", 1) for field in fields)
            outer, service = cookies["outer"], "one" if "inner" in cookies else "two"
            both = "; ".join(f"{key}={value}" for key, value in cookies.items())
            inner = "; ".join(f"{key}={value}" for key, value in cookies.items() if key != "outer")
            for value in (outer, service, fnv1(service), fnv1(fnv1(service))):
                compare(f"{name}, bound by {value}", both.replace(f"outer={outer}", f"outer={value}"), ours, real.port, name)
            for cookie in (both.replace(outer, outer[:-1]), both.replace(outer, "x" * 16), f"outer={outer}", inner, f"outer={outer}; {inner[:-1]}"):
                compare(f"{name}: {cookie}", cookie, ours, real.port)
    finally:
        lab.terminate()
        lab.wait(timeout=10)
        lab.stdout.close()
        real.stop()
end()
