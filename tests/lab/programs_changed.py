#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real balancers in a lab while their servers change: one stops and comes back, one drains, one is added. What becomes of clients
is held against what is promised and against the model of the same file; nothing is left when it is over.
  programs_changed.py STICKYSCOPE_CLI TRAEFIK ENVOY [PRODUCT...]"""
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from left_over import MARK, listening, processes_of, sockets_of  # noqa: E402

program, traefik, envoy = map(os.path.abspath, sys.argv[1:4])
STOP, NOTICED, START, DRAIN, JOIN, SETTLED, END = 1.5, 3.5, 4, 7, 9.5, 12, 14.5  # seconds; a program may obey late on a busy machine
AT_ONCE = 4  # so many rows
SEEDS = range(1, 7)  # of the model: what befalls one in a hundred is to be seen in one of them
CHECKS = "health-check: {every: 200ms"
SCENARIO = """version: 1
duration: %(END)ss
replicas:
  - {name: server-1, service-time: 20ms}
  - {name: server-2, service-time: 20ms}
  - {name: server-3, service-time: 20ms}
  - {name: server-4, service-time: 20ms, joins: %(JOIN)ss}
balancer: {product: %%s, sticky: {%%s}, %%s}
clients:
  - {name: bound, kind: browser, count: 24, think-time: 400ms}
  - {name: fresh, kind: curl, count: 4, jar: none, every: 120ms}
lanes: [{name: "off", sticky: none}, {name: "on"}]
timeline:
  - {at: %(STOP)ss, stop: server-1}
  - {at: %(START)ss, start: server-1}
  - {at: %(DRAIN)ss, drain: server-2}
""" % globals()


@dataclass
class Row:
    product: str
    notices: str  # how it comes to know that a server is dead, and back
    keeps: bool  # the clients of a server that drains; Caddy cannot drain, and takes it out
    program: tuple = ()
    sticky: str = "cookie: who"
    otherwise: str = ""  # why the program, and not its model, loses these clients; it is said

    @property
    def title(self):
        return f"{self.product} {{{self.sticky}}}"

    @property
    def scenario(self):
        return SCENARIO % (self.product, self.sticky, self.notices)


ROWS = [Row("haproxy", CHECKS + ", fall: 1, rise: 1}, redispatch: true, redispatch-interval: 1", True),
        Row("nginx", "fail-timeout: 1s", True),
        Row("traefik", CHECKS + "}", True, ("--program", traefik)),
        Row("traefik", CHECKS + "}", True, ("--program", traefik), "", "on: server-2 drains: without a named sticky cookie Traefik can only leave it out"),
        Row("envoy", CHECKS + ", fall: 1, rise: 1}", False, ("--program", envoy)),
        Row("envoy", CHECKS + ", fall: 1, rise: 1}", True, ("--program", envoy), "cookie: who, keep-draining: true"),
        # With checks it answers 503 after each reload, until the first of them has passed (caddyserver/caddy, issue 6410).
        Row("caddy", "fail-duration: 1s, lb-try-duration: 1s", False),
        Row("apache", "retry: 1s", True)]


class Played:
    """One run: its document, who was served by whom and when, and what it left."""

    def __init__(self, folder, scenario, *arguments):
        self.temporary = os.path.join(folder, "tmp")
        os.makedirs(self.temporary)
        path, recording = os.path.join(folder, "changed.sticky.yaml"), os.path.join(folder, "changed.stickyscope")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario)
        self.name = f"{os.getpid()}-{folder}"
        own = {**os.environ, MARK: self.name, "TMPDIR": self.temporary, "HOME": folder, "XDG_RUNTIME_DIR": folder}
        self.process = subprocess.Popen([program, "run", path, "--json", "-", "--record", recording, *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own)
        self.processes, self.sockets, self.files = set(), {}, set()
        watcher = threading.Thread(target=self.watch)
        watcher.start()
        said, self.errors = self.process.communicate(timeout=120)
        watcher.join()
        self.lanes = {lane["name"]: lane for lane in json.loads(said)["lanes"]} if self.process.returncode == 0 else {}
        self.processes_left = processes_of(self.name, self.temporary, self.files)
        self.ports_left = [self.sockets[one] for one in listening().keys() & self.sockets.keys()]
        self.files_left = [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if where != folder] \
            + sorted(set(os.listdir(folder)) - {"tmp", "changed.sticky.yaml", "changed.stickyscope"}) + os.listdir(self.temporary)
        with contextlib.closing(sqlite3.connect(recording)) as base:
            self.seen = base.execute("SELECT lane, seconds, what, client, replica, failure FROM readable "
                                     "WHERE what IN ('answered', 'failed') ORDER BY number").fetchall() if self.lanes else []

    def watch(self):
        """What it has begun: all, or what there is when it ends."""
        while self.process.poll() is None and not self.is_seen():
            self.files |= set(os.listdir(self.temporary))
            self.processes |= processes_of(self.name, self.temporary, self.files)
            self.sockets.update(sockets_of(self.processes))
            time.sleep(0.5)

    def is_seen(self):
        """With its programs, two lanes of four servers and a balancer, and the files of both."""
        return len(self.processes) >= 3 and len(set(self.sockets.values())) >= 2 * 5 and len(self.files) >= 2

    def answers(self, lane, after, before, who=""):
        """By which server, one for each answer that these clients, a group or one, got in that time."""
        return [replica for name, at, what, client, replica, _ in self.seen
                if name == lane and what == "answered" and after <= at < before and who in ("", client, client.split("-")[0])]

    def failures(self, lane):
        return [(at, failure) for name, at, what, _, _, failure in self.seen if name == lane and what == "failed"]

    def clients_of(self, lane, server, at):
        """Those of the bound ones whose last answer before then came from this server."""
        last = {client: replica for name, when, what, client, replica, _ in self.seen
                if name == lane and what == "answered" and client.startswith("bound-") and when < at}
        return {client for client, replica in last.items() if replica == server}


def is_as_promised(told, run, keeps_bound):
    everybody = {"server-1", "server-2", "server-3"}
    for lane in ("off", "on"):
        at_first = run.answers(lane, 0, STOP, "fresh")
        expect(f"{told}, {lane}: at first three serve", set(at_first) == everybody, at_first)
        stopped = run.answers(lane, STOP + 0.2, START)
        expect(f"{told}, {lane}: who is stopped answers nobody", len(stopped) > 100 and set(stopped) == everybody - {"server-1"}, stopped)
        moved = {one: run.answers(lane, STOP + 0.2, START, one) for one in run.clients_of(lane, "server-1", STOP)}
        expect(f"{told}, {lane}: its clients move", moved and all(moved.values()), moved)
        again = run.answers(lane, START, DRAIN, "fresh")
        expect(f"{told}, {lane}: who is started again serves", again.count("server-1") > 3, again)
        fresh = run.answers(lane, SETTLED, END, "fresh")
        expect(f"{told}, {lane}: who drains gets no fresh client", len(fresh) > 20 and "server-2" not in fresh, fresh)
        expect(f"{told}, {lane}: who is added serves", fresh.count("server-4") > 3, fresh)
        expect(f"{told}, {lane}: and not before", "server-4" not in run.answers(lane, 0, JOIN), "server-4")
        stay = {one: set(run.answers(lane, SETTLED, END, one)) for one in run.clients_of(lane, "server-2", DRAIN)}
        keeps = lane == "on" and keeps_bound
        expect(f"{told}, {lane}: its own clients {'stay' if keeps else 'move'}", stay and all(
            servers == {"server-2"} if keeps else servers and "server-2" not in servers for servers in stay.values()), stay)


def fails_no_more_than(told, run, models, reloads):
    """In no other way than the model does, and not for longer. What `reloads` closes the socket that it listens at, and with it
    who waits there in that moment."""
    possible = {failure for model in models for lane in ("off", "on") for _, failure in model.failures(lane)}
    for lane in ("off", "on"):
        failures = run.failures(lane)
        waited = [one for one in failures if reloads and one[0] > DRAIN and one[1] == "connection-reset"]
        expect(f"{told}, {lane}: few wait there", len(waited) <= 2, waited)
        failures = [one for one in failures if one not in waited]
        expect(f"{told}, {lane}: what fails can fail", {failure for _, failure in failures} <= possible, (failures, possible))
        expect(f"{told}, {lane}: and only until it is noticed", all(STOP - 0.1 < at < NOTICED for at, _ in failures), failures)


def leaves_nothing(told, run):
    expect(f"{told}: what it began was seen", run.is_seen(), (run.processes, run.sockets, run.files))
    expect(f"{told}: no process is left", not run.processes_left, run.processes_left)
    expect(f"{told}: no port is left", not run.ports_left, run.ports_left)
    expect(f"{told}: no file is left", not run.files_left, run.files_left)


def is_refused(row):
    """What no program does, in one line, before anything begins."""
    for what, entry in (("reload", "{at: 5s, reload: balancer}"), ("weight", "{at: 5s, weight: {of: server-1, to: 3}}")):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "refused.sticky.yaml"), "w", encoding="utf-8") as file:
                file.write(f"{row.scenario}  - {entry}\n")
            ran = subprocess.run([program, "run", file.name, "--world", "lab", "--real-balancer", *row.program], capture_output=True, text=True, timeout=60)
        expect(f"{row.title}: one line for {what}", ran.returncode == 2 and ran.stderr.count("\n") == 1
               and f"'{what}' is for the model and for our own balancer, not for a product's program" in ran.stderr, ran.stderr)


def play(row):
    with tempfile.TemporaryDirectory() as folder:
        real = Played(os.path.join(folder, "real"), row.scenario, "--world", "lab", "--real-balancer", *row.program)
        models = [Played(os.path.join(folder, str(seed)), row.scenario, "--seed", str(seed)) for seed in SEEDS]
    return real, models


chosen = [row for row in ROWS if row.product in (sys.argv[4:] or [row.product])]
with ThreadPoolExecutor(AT_ONCE) as pool:
    for row, (real, models) in zip(chosen, pool.map(play, chosen)):
        ran = all(run.lanes for run in (real, *models))
        expect(f"{row.title} runs", ran, [run.errors for run in (real, *models)])
        if not ran:
            continue
        is_as_promised(f"{row.title}, real", real, row.keeps and not row.otherwise)
        for seed, model in zip(SEEDS, models):
            is_as_promised(f"{row.title}, model {seed}", model, row.keeps)
        said = [line for line in real.errors.splitlines() if not line.startswith("stickyscope: not as in the scenario: ")]
        expect(f"{row.title}: what it does otherwise is said", said == ([f"stickyscope: {row.otherwise}"] if row.otherwise else []), said)
        fails_no_more_than(row.title, real, models, row.product in ("haproxy", "nginx", "caddy"))
        leaves_nothing(row.title, real)
        is_refused(row)
        print(row.title, {name: (lane["answered"], lane["failures"]) for name, lane in real.lanes.items()}, flush=True)
end()
