# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A series: requests and what befalls servers, played on the real balancer as it is made, and written down for the model."""
import base64
import http.client
import json
import random
import time

from cases import CASES, fields
from peers import Connection, Ours, wait_until
from special_values import special_values
from variants import scenario_of


class Series:
    """One series: played on the real balancer as it is made, and written down for the model."""

    def __init__(self, variant, programs, replicas, seed):
        self.variant, self.chance = variant, random.Random(f"{seed} {variant.title}")
        self.replicas = {replica.name: replica for replica in replicas}
        self.known = [replica.name for replica in replicas[:3]]
        self.real = Ours(programs.ours, replicas[:3], scenario_of(variant, replicas[:3])) if programs.ours else variant.make(programs, replicas[:3])
        self.ours = bool(programs.ours)
        self.values = {name: variant.value(self.replicas[name]) for name in self.replicas} if variant.value else {}
        self.steps, self.answers = [], []
        self.counted = 0
        self.changes = 0  # of servers, so far
        self.configured = 0  # of them: those of the balancer's configuration
        self.catch_up()

    def catch_up(self):
        """Requests that were sent to see whether the balancer is there are steps as well: they took picks."""
        total = sum(replica.requests for replica in self.replicas.values())
        for _ in range(total - self.counted):
            self.steps.append({"cookie": [], "method": "GET", "path": "/hostname", "source": "127.0.0.1", "websocket": False, "app_set_cookie": [],
                               "app_cache_control": None, "now": time.time(), "label": "warm-up", "target": None, "phase": "", "changes": self.changes, "configured": self.configured})
            self.answers.append({})
        self.counted = total

    # --- requests

    def ask(self, label, cookie=(), target=None, method="GET", path="/hostname", websocket=False, app=None, cache=None, source="127.0.0.1", phase="",
            headers=None, app_headers=()):
        headers = {**self.variant.headers, **(headers or {})}
        step = {"cookie": list(cookie), "method": method, "path": path, "source": source, "websocket": websocket,
                "app_set_cookie": self.variant.app if app is None else app, "app_cache_control": cache, "now": time.time(),
                 "headers": headers, "app_headers": list(app_headers), "label": label, "target": target, "phase": phase, "drawn": self.drawn(phase), "changes": self.changes,
                 "configured": self.configured}
        # HAProxy's dates count in four seconds: both sides are to look at them within the same.
        while self.variant.identity == "dated" and self.variant.product == "haproxy" and (time.time() + 3) % 4 > 3.7:
            time.sleep(0.02)
        step["now"] = time.time()
        number = str(len(self.steps))
        connection = Connection(self.real.port, source=source)
        begun = time.monotonic()
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for field in cookie:
                connection.putheader("Cookie", field.encode("utf-8"))
            for name, value in headers.items():
                for one in [value] if isinstance(value, str) else value:
                    connection.putheader(name, one)
            connection.putheader("X-Step", number)
            connection.putheader("X-Set-Cookie", json.dumps(step["app_set_cookie"]))
            if app_headers:
                connection.putheader("X-Set-Headers", json.dumps(step["app_headers"]))
            if cache:
                connection.putheader("X-Cache-Control", cache)
            if websocket:
                for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                                    ("Sec-WebSocket-Key", base64.b64encode(b"0123456789abcdef").decode())):
                    connection.putheader(name, value)
            if method == "POST":
                connection.putheader("Content-Length", "0")
            connection.endheaders()
            response = connection.getresponse()
            if not websocket:
                response.read()
            answer = {"status": response.status, "replica": response.getheader("X-Replica"), "set_cookie": response.headers.get_all("Set-Cookie") or [],
                      "cache_control": response.getheader("Cache-Control")}
        except (OSError, http.client.HTTPException) as fault:
            answer = {"status": None, "replica": None, "set_cookie": [], "cache_control": None, "fault": repr(fault)}
        connection.close()
        seen = [(name, cookies) for name, replica in self.replicas.items() for cookies in replica.seen.get(number, [])]
        answer["seconds"] = round(time.monotonic() - begun, 3)
        answer["cookie_at_replica"] = "\n".join(seen[-1][1]) if seen and seen[-1][1] else None
        answer["tries_seen"] = [name for name, _ in seen]
        self.counted = sum(replica.requests for replica in self.replicas.values())
        self.steps.append(step)
        self.answers.append(answer)
        if app is None:
            self.learn(answer)
        return answer

    def learn(self, answer):
        for field in answer["set_cookie"]:
            pair = field.split(";")[0].strip()
            if pair.startswith(self.variant.cookie + "=") and answer["replica"] and answer["status"] in (200, 101) and not self.variant.value:
                value = pair.split("=", 1)[1]
                if value:
                    self.values.setdefault(answer["replica"], value)

    def harvest(self, names):
        """Fresh requests until the value of each is known, where there is one."""
        for attempt in range(60):
            if all(name in self.values for name in names):
                return
            if self.variant.keyed:
                answer = self.ask("any key", [f"{self.variant.cookie}=user-{attempt}"])
                self.values.setdefault(answer["replica"], f"user-{attempt}")
                continue
            self.ask("fresh" if names[0] == "r1" else f"{names[0]} added: fresh", method=self.variant.sets_on)

    def value(self, name):
        return self.values.get(name, "none")

    def bound(self, name, label="bound", **more):
        return self.ask(label, [f"{self.variant.cookie}={self.value(name)}"], target=name, **more)

    # --- states

    def state(self, name, what):
        replica = self.replicas[name]
        if what == "dead":
            replica.kill()
        elif what == "noticed" and not self.variant.passive:
            replica.healthy = False
            self.checked(replica)
        elif what == "alive":
            replica.healthy = True
            replica.start()
            if self.variant.passive:
                time.sleep(3.2)  # past 2 s in whole seconds
            else:
                self.checked(replica)
        elif what in ("draining", "maintenance", "ready"):
            self.real.set(replica, what)
            if not self.variant.passive and what == "ready":
                self.checked(replica)
        elif what == "added":
            self.real.add(replica)
            self.known.append(name)
            if not self.variant.passive:
                self.checked(replica)
        self.steps.append({"replica": name, "is": what, "address": replica.address})
        self.changes += 1
        self.configured += what in ("draining", "maintenance", "ready", "added")
        self.answers.append(None)
        self.catch_up()

    @staticmethod
    def checked(replica):
        before = replica.checks
        wait_until(f"{replica.name} has been checked", lambda: replica.checks >= before + 3)
        time.sleep(0.05)

    # --- what is played

    def play(self):
        names = self.known[:]
        for _ in range(6):
            self.ask("fresh")
        self.harvest(names)
        for case in self.chance.sample(CASES, len(CASES)):
            target = self.chance.choice(names)
            other = self.chance.choice([name for name in names if name != target])
            for _ in range(self.repeats()):
                self.ask(case, fields(case, self.variant.cookie, self.value(target), self.value(other), random.Random(f"{case} {target}")), target=target)
        for label, value, target in special_values(self.variant, self.replicas, int(time.time())):
            for _ in range(self.repeats()):
                self.ask(label, [f"{self.variant.cookie}={value}"], target=target)
        target = self.chance.choice(names)
        cookie = [f"{self.variant.cookie}={self.value(target)}"]
        for label, more in (("HEAD", {"method": "HEAD"}), ("POST", {"method": "POST"}), ("path", {"path": "/app/deep?x=1"}),
                            ("WebSocket", {"websocket": True}), ("application's cookie", {"app": ["own=1; Path=/", "two=2"]}),
                            ("application's cookie of the same name", {"app": [f"{self.variant.cookie}=mine; Path=/own"]}),
                            ("cacheable", {"cache": "max-age=60"}), ("not cacheable", {"cache": "no-store"}), ("another source", {"source": "127.0.0.77"})):
            self.ask(label + ", fresh", **more)
            self.ask(label + ", bound", cookie, target=target, **more)
            self.ask(label + ", unknown", [f"{self.variant.cookie}=bogus"], **more)
        if self.variant.in_paths:
            for path in ("/x;jsessionid=abc.r2", "/x?jsessionid=abc.r3", "/x;jsessionid=abc.bogus", "/x?jsessionid=abc"):
                self.ask(f"path {path}", path=path)
                self.ask(f"path {path} and a cookie", [f"{self.variant.cookie}={self.value('r1')}"], path=path)
        self.states()

    def repeats(self):
        """Where no Set-Cookie tells a pick from a bound request, chance must not."""
        return 1 if self.variant.telling else 12  # one of three servers by chance each time: 1 in 500,000

    def drawn(self, phase):
        """Envoy in panic: whose cookie names an unfit server goes to any, by chance to that one as well."""
        return self.variant.product == "envoy" and phase in ("r1 alone ready", "all noticed")

    def around(self, phase, fresh=24):
        """The same questions in each state of the replicas."""
        # As many tries as servers: whom the last one asks hangs on whose turn the first was.
        cyclic = self.drawn(phase) and self.variant.retries and phase == "all noticed"
        for name in [] if cyclic else self.known:
            for _ in range(12 if self.drawn(phase) else self.repeats() if name in self.values or self.variant.identity != "value" else 0):
                self.bound(name, f"{phase}: bound to {name}", phase=phase)
        for _ in range(fresh):
            self.ask(f"{phase}: fresh", phase=phase)
        for _ in range(fresh):
            self.ask(f"{phase}: unknown", [f"{self.variant.cookie}=bogus"], phase=phase)
        for _ in range(0 if cyclic else 12 if self.drawn(phase) else 1):
            self.bound("r2", f"{phase}: WebSocket bound to r2", phase=phase, websocket=True)

    def states(self):
        dies = self.variant.dies
        self.state(dies, "dead")
        # Whom chance sends to the dead one is seen in many alone.
        self.around(f"{dies} dead", fresh=120 if self.variant.picks == "drawn" else 24)
        self.state(dies, "noticed")
        self.around(f"{dies} noticed")
        self.state(dies, "alive")
        for _ in range(self.repeats() if self.variant.identity == "value" else 0):
            self.bound("r3", f"{dies} back: first of all bound to r3")
        self.around(f"{dies} back")
        if self.variant.drains:
            self.state(dies, "draining")
            self.around(f"{dies} draining")
            if self.variant.dies_draining:
                self.state(dies, "dead")
                self.state(dies, "noticed")
                self.around(f"{dies} draining and noticed")
                self.state(dies, "alive")
            self.state(dies, "ready")
        self.state(dies, "maintenance")
        self.around(f"{dies} in maintenance")
        self.state(dies, "ready")
        self.around(f"{dies} ready")
        for name in self.known[1:]:
            self.state(name, "maintenance")
        self.around("r1 alone ready")
        for name in self.known[1:]:
            self.state(name, "ready")
        self.around("all ready again")
        if self.variant.adds:
            self.state("r4", "added")
            self.harvest(["r4"])
            self.around("r4 added")
        for name in ("r1", "r2", "r3", "r4")[:len(self.known)]:
            self.state(name, "dead")
        self.around("all dead", fresh=12)
        for name in self.known:
            self.state(name, "noticed")
        self.around("all noticed", fresh=4)

    def close(self):
        self.real.stop()
        for replica in self.replicas.values():
            replica.close()
