# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope lab --real-balancer` as a user meets it: its lines, and its end.   programs_verb.py PROGRAM TRAEFIK"""
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from left_over import lost_memory, memory_left  # noqa: E402
from running import SOON, die_with_us  # noqa: E402

program, traefik = map(os.path.abspath, sys.argv[1:3])
PROGRAM = """version: 1
replicas: [{{name: server-1}}, {{name: server-2}}]
balancer: {{product: {}, sticky: {{cookie: who}}, health-check: {{every: 1s}}}}
clients: [{{name: ours, kind: browser, think-time: 100ms, headers: {{X-Mine: a}}, path: /hostname?token=geheim}}]
timeline: [{{at: 2s, stop: server-1}}, {{at: 2s, stop: server-2}}]
lanes: [{{name: "on"}}]
"""
SLOW = """version: 1
replicas: [{{name: server-1, service-time: 60s}}]
balancer: {{product: {}, sticky: {{cookie: who}}}}
clients: [{{name: ours, kind: curl, count: 5, every: 100ms}}]
lanes: [{{name: "on"}}]
"""
TOLD = ["lane", "who", "at_s", "client", "method", "target", "status", "replica", "answered", "websocket", "took_ms", "request_id", "failure", "why", "told"]

running = []


def expect(what, holds, seen=""):
    if holds:
        return
    for lab in running:
        lab.kill()
    sys.exit(f"FAILED: {what}: {seen}")


def ask(address, path="/hostname", **fields):
    with urllib.request.urlopen(urllib.request.Request(address + path, headers={"User-Agent": "curl/8", **fields}), timeout=10) as answer:
        return answer.read()


def processes_below(pid):
    """Those that `pid` has started."""
    return [int(child) for path in glob.glob(f"/proc/{pid}/task/*/children") for child in open(path).read().split()]


def before_program(product, *more):
    """What a lab before a product's own program says: addresses first, no checks, what replicas tell, what it answered itself."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(PROGRAM.format(product))
        file.flush()
        with subprocess.Popen([program, "lab", file.name, "--real-balancer", *more, "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us) as lab:
            running.append(lab)
            first = json.loads(lab.stdout.readline())
            expect(f"{product}: addresses come first", "lanes" in first, first)
            lane = first["lanes"][0]
            ask(lane["address"])
            ask(lane["replicas"][0]["address"])
            lines = []
            while not (any(one["status"] != 200 and one["who"] == "ours" for one in lines) and any(one["who"] == "curl" for one in lines)
                       and any(one["why"] or one["told"].endswith("past the balancer") for one in lines)):
                line = lab.stdout.readline()
                expect(f"{product}: it runs", line, lines)
                lines.append(json.loads(line))
            expect(f"{product}: each line has keys of its own", all(list(one) == TOLD for one in lines), lines[:2])
            expect(f"{product}: no health check is a request", all(one["target"] in ("/hostname", "/hostname?token=" + one["target"][-8:]) for one in lines), lines)
            served = [one for one in lines if one["who"] == "ours" and one["status"] == 200]
            expect(f"{product}: our client's requests say who answered", served and all(one["replica"] in ("server-1", "server-2") and one["answered"]
                   and one["told"].startswith(one["replica"]) and one["failure"] is None for one in served), lines[:2])
            past = [one for one in lines if one["told"].endswith(", past the balancer")]
            expect(f"{product}: what came past it is said", [(one["who"], one["replica"]) for one in past] == [(None, "server-1")], past)
            own = [one for one in lines if one["who"] == "ours" and one["status"] != 200]
            expect(f"{product}: so is what it answered itself", own and all(one["status"] in (502, 503) and one["replica"] is None and not one["answered"]
                   and one["failure"] and one["took_ms"] > 0 and " nobody" in one["told"] for one in own), own)
            expect(f"{product}: no secret is in it", "geheim" not in json.dumps(lines), own)
            if more:
                before = time.monotonic()
                lab.terminate()
                expect(f"{product}: it ends cleanly with the program", lab.wait(timeout=20) == 0)
                expect(f"{product}: within a second too", time.monotonic() - before < SOON, time.monotonic() - before)
                return
            # Somebody kills the program: that is said, and the lab is over.
            for child in processes_below(lab.pid):
                os.kill(child, signal.SIGKILL)
            lab.stdout.read()
            status, said = lab.wait(timeout=20), lab.stderr.read()
            expect(f"{product}: a killed program is said", status == 1 and "on: The balancer ended by itself; it said" in said, (status, said))


def ends_early(*verb):
    """While its program gets ready, which this one never does."""
    with tempfile.TemporaryDirectory() as folder:
        path, idle = os.path.join(folder, "early.sticky.yaml"), os.path.join(folder, "idle")
        with open(path, "w") as file:
            file.write(PROGRAM.format("haproxy"))
        with open(idle, "w") as file:
            file.write("#!/bin/sh\nexec sleep 60\n")
        os.chmod(idle, 0o700)
        with subprocess.Popen([program, *verb, path, "--real-balancer", "--program", idle], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us) as lab:
            running.append(lab)
            deadline = time.monotonic() + 20
            while not processes_below(lab.pid):
                expect(f"{verb}: its program runs", time.monotonic() < deadline and lab.poll() is None, lab.poll())
                time.sleep(0.01)
            children, before = processes_below(lab.pid), time.monotonic()
            lab.terminate()
            expect(f"{verb}: told to end while its program gets ready, it does", lab.wait(timeout=20) == 0, lab.stderr.read())
            expect(f"{verb}: within a second", time.monotonic() - before < SOON, time.monotonic() - before)
            expect(f"{verb}: and the program with it", not any(os.path.exists(f"/proc/{child}") for child in children), children)


def in_words(product):
    """Without --json a line says whose the request was, and what became of it."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(PROGRAM.format(product))
        file.flush()
        with subprocess.Popen([program, "lab", file.name, "--real-balancer"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=die_with_us) as lab:
            running.append(lab)
            first = lab.stdout.readline()
            found = re.fullmatch(r"on listens on (http://127\.0\.0\.1:\d+)/hostname\n", first)
            expect(f"{product}: where it listens comes first", found, first)
            ask(found[1])
            wanted = {who: re.compile(f"on {who} server-[12] ") for who in ("ours", "curl")}
            met, lines = set(), []
            while met != set(wanted):
                lines.append(lab.stdout.readline())
                expect(f"{product}: it runs", lines[-1], lines)
                met |= {who for who, form in wanted.items() if form.match(lines[-1])}
            expect(f"{product}: no secret is in it", "geheim" not in "".join(lines), lines)
            # Whoever says that he is a client that there is not is nobody.
            ask(found[1], "/stickyscope/state", **{"X-Stickyscope-Request": "4000000000 1 browser", "X-Stickyscope-Session": "new"})
            while "/stickyscope/state" not in lines[-1]:
                lines.append(lab.stdout.readline())
                expect(f"{product}: it goes on", lines[-1], lines)
            expect(f"{product}: nobody asked", re.match(r"on +server-[12] ", lines[-1]), lines[-1])
            lab.terminate()
            expect(f"{product}: it ends cleanly", lab.wait(timeout=20) == 0)


def ends_in_the_middle(product):
    """While its servers keep requests waiting: nothing of the program is left, in memory either."""
    before = lost_memory()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(SLOW.format(product))
        file.flush()
        with subprocess.Popen([program, "lab", file.name, "--real-balancer"], stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us) as lab:
            running.append(lab)
            lab.stdout.readline()
            replica = int(lab.stdout.readline().rsplit(":", 1)[1])
            deadline = time.monotonic() + 20
            while not connected_to(replica):
                expect(f"{product}: a request is at a server", time.monotonic() < deadline)
            lab.terminate()
            expect(f"{product}: it ends cleanly in the middle", lab.wait(timeout=20) == 0)
    left = memory_left(before)
    expect(f"{product}: no memory is left", not left, left)


def connected_to(port):
    with open("/proc/net/tcp") as table:
        return any(line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "01" for line in table.readlines()[1:])


ends_in_the_middle("apache")
in_words("haproxy")
before_program("haproxy")
before_program("caddy")
before_program("traefik", "--program", traefik)
ends_early("lab")
ends_early("run", "--world", "lab")
