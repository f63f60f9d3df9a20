#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy's stick tables: each pick and each answer of the real one beside the model's.
  stick_tables.py MODEL_ANSWERS [STICKYSCOPE_CLI]
With the second, our own balancer on real sockets plays the part of the real one."""
import random
import sys
import time
from types import SimpleNamespace

import reporting_replica
from comparing import model_of
from peers import end, expect, wait_until
from series import Series
from variants import haproxy

model_program, ours = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None


class Table(Series):
    """What is asked of a table that knows addresses."""

    def play(self):
        if "expire" in self.variant.balancer:
            return self.rests()
        for phase in ("at first", "r2 dead", "r2 noticed", "r2 alive", "r2 draining", "r2 ready", "r2 maintenance", "r2 ready"):
            name, _, what = phase.rpartition(" ")
            if name == "r2":
                self.state(name, what)
            for _ in range(30):
                self.one(phase)
        if not programs.ours:  # our own takes a new server without a reload
            self.reloaded()
            for _ in range(30):
                self.one("reloaded")
        for name in self.known:
            self.state(name, "dead")
        for name in self.known:
            self.state(name, "noticed")
        for _ in range(6):
            self.one("all noticed")

    def one(self, phase):
        self.ask(phase, source=f"127.0.0.{self.chance.randrange(10, 22)}", cookie=["a=1"] if self.chance.random() < 0.2 else [])

    def rests(self):
        """For longer than `expire`; before and after it less than a second passes."""
        for _ in range(30):
            self.one("before a rest")
        begun = time.time()
        if programs.ours:
            wait_until("their time is over", lambda: time.time() > begun + 3.2)
        else:
            wait_until("the table is empty", lambda: "key=" not in self.real.say("show table app"))
        for _ in range(30):
            self.one("after a rest")

    def reloaded(self):
        """With a server more; what is asked then to see whether it answers comes after it."""
        self.real.add(self.replicas["r4"])
        self.known.append("r4")
        self.checked(self.replicas["r4"])
        for step in ({"replica": "r4", "is": "added", "address": self.replicas["r4"].address}, {"is": "reloaded"}):
            self.steps.append(step)
            self.answers.append(None)
        self.catch_up()


class FullTable(Table):
    """Three fit beside who asked first, and eight do not: whoever was not there for longest is forgotten."""

    def play(self):
        for many in (3, 8):
            for _ in range(3):
                for number in range(many):
                    self.ask(f"{many} addresses", source=f"127.0.0.{10 + number}")


class SessionTable(Table):
    """What is asked of one that knows the application's sessions."""

    def one(self, phase):
        name, chance = self.variant.cookie, self.chance
        session = f"s{chance.randrange(12)}"
        kind = chance.randrange(14)
        cookies = {0: [], 1: [f'{name}="{session}"'], 2: [f"{name}=other; {name}={session}"], 3: [f"{name}={session}", "b=2"],
                   4: [f"a=1;{name}={session}"], 5: [f"{name}={session} ; c=3"], 6: [f"{name}="], 7: [f"{name}={session}" + "x" * 200],
                   8: [f"{name}={session}; {name}="], 9: [f"{name}={session}", f"{name}=other"]}.get(kind, [f"{name}={session}"])
        new = f"s{chance.randrange(12)}"
        set_by_app = {0: [f"{name}={new}; Path=/"], 1: [f"{name}={new}"], 2: [f"{name}={new}" + "x" * chance.choice((121, 200)) + "; Path=/"], 3: [f'{name}="{new}"'],
                      4: [f"own=1; Path=/", f"{name}={new}; HttpOnly"], 5: [f"{name}=first", f"{name}={new}"], 6: [f"{name}=; Max-Age=0"]}
        app = set_by_app.get(chance.randrange(16), [])
        self.ask(f"{phase}: {kind} {app}", cookie=cookies, app=app)


class HeaderTable(Table):
    """Likewise, where a header names them."""

    def one(self, phase):
        name, chance = "Mcp-Session-Id", self.chance
        session, new = f"s{chance.randrange(12)}", f"s{chance.randrange(12)}"
        asked = {0: {}, 1: {name.lower(): session}, 2: {name: f"other, {session}"}, 3: {name: ["other", session]}, 4: {name: ""},
                 5: {name: session + "x" * 200}, 6: {name: f'"{session}"'}, 7: {name: f"{session},"}}.get(chance.randrange(14), {name: session})
        begun = {0: [[name, new]], 1: [[name.lower(), new]], 2: [[name, f"first, {new}"]], 3: [[name, "first"], [name, new]], 4: [[name, ""]],
                 5: [[name, new + "x" * chance.choice((121, 200))]]}.get(chance.randrange(12), [])
        self.ask(f"{phase}: {asked} {begun}", headers=asked, app_headers=begun)


def variant(name, sticky, lines, cookie="SRV"):
    return haproxy(name, "", "mode: stick-table" + sticky, more="\n    ".join(lines), cookie=cookie, named=False)


LEARNT = ["stick store-response res.cook(JSESSIONID)", "stick match req.cook(JSESSIONID)"]
NAMED = ["stick store-response res.hdr(Mcp-Session-Id)", "stick match req.hdr(Mcp-Session-Id)"]
ROWS = [
    (Table, variant("on src", "", ["stick-table type ip size 100k", "stick on src"])),
    (Table, variant("on src, expire", ", expire: 2s", ["stick-table type ip size 100k expire 2s", "stick on src"])),
    (FullTable, variant("on src, few", ", table-size: 5", ["stick-table type ip size 5", "stick on src"])),
    (SessionTable, variant("on a session", ", stick-on: cookie", ["stick-table type string len 128 size 100k", *LEARNT], "JSESSIONID")),
    (SessionTable, variant("on a session, expire", ", stick-on: cookie, expire: 2s", ["stick-table type string len 128 size 100k expire 2s", *LEARNT], "JSESSIONID")),
    (HeaderTable, variant("on a header", ", stick-on: header", ["stick-table type string len 128 size 100k", *NAMED])),
]

programs = SimpleNamespace(ours=ours)
for kind, row in ROWS:
    series = kind(row, programs, reporting_replica.replicas(4), 1)
    try:
        series.play()
    finally:
        series.close()
    for step, mine, real in zip(series.steps, model_of(model_program, series), series.answers):
        if real:
            told = {key: step[key] for key in ("cookie", "source", "app_set_cookie", "headers", "app_headers")}
            for what in ("status", "replica", "set_cookie"):
                expect(f"{row.title}: {step['label']}: {what}", mine[what] == real[what], {**told, "model": mine, "real": real})
end()
