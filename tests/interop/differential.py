#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the same generated series on six real balancers and on the model, and compares the answers.
  differential.py MODEL_ANSWERS TRAEFIK ENVOY [--only TEXT] [--real-only FILE] [--ours STICKYSCOPE_CLI]
With --ours our own balancer on real sockets plays the part of the real ones.
Each configuration is a row in variants.py. A series is a list of steps:
  {"cookie": [field...], "method": .., "path": .., "source": .., "websocket": .., "app_set_cookie": [..],
   "app_cache_control": text or null, "headers": {name: value}, "now": seconds since 1970}  one request, one line of answer
  {"replica": name, "is": "dead" | "noticed" | "alive" | "draining" | "maintenance" | "ready" | "added", "address": ..}
"dead" lasts until "noticed": the checks have a port of their own, which goes on answering until then."""
import argparse
import base64
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import time

import picks
import reporting_replica
from exemptions import Differences
from peers import Ours, end, expect, wait_until
from special_values import special_values
from variants import VARIANTS, scenario_of

CASES = ["fresh", "bound", "other's", "unknown", "one letter changed", "cut", "extended", "empty", "quoted", "bogus first", "right first",
         "two valid", "spaced behind", "spaced before the value", "spaced before =", "upper case", "name in another case", "second field",
         "second field, first bogus", "second field, first right", "others around", "others without spaces", "URL-encoded", "very long", "long field before",
         "comma behind", "comma between", "no =", "tab before", "semicolons", "half quoted", "quotes removed", "single quotes", "name as a suffix", "name as a prefix",
         "$Version before", "quoted other with it inside", "control in another", "umlaut in another", "backslash in another", "equals behind"]


def fields(case, name, value, other, chance):
    """The Cookie fields of a case: `value` names the target, `other` another replica."""
    last = "x" if value[-1] != "x" else "y"
    at = chance.randrange(len(value))
    one = {
        "fresh": [], "bound": [f"{name}={value}"], "other's": [f"{name}={other}"], "unknown": [f"{name}=bogus"],
        "one letter changed": [f"{name}={value[:at]}{'x' if value[at] != 'x' else 'y'}{value[at + 1:]}"],
        "cut": [f"{name}={value[:-1]}"], "extended": [f"{name}={value}{last}"], "empty": [f"{name}="], "quoted": [f'{name}="{value}"'],
        "bogus first": [f"{name}=bogus; {name}={value}"], "right first": [f"{name}={value}; {name}=bogus"],
        "two valid": [f"{name}={value}; {name}={other}"], "spaced behind": [f"{name}={value} ; a=1"],
        "spaced before the value": [f"{name}= {value}"], "spaced before =": [f"{name} ={value}"], "upper case": [f"{name}={value.upper()}"],
        "name in another case": [f"{name.swapcase()}={value}"], "second field": ["a=1", f"{name}={value}"],
        "second field, first bogus": [f"{name}=bogus", f"{name}={value}"], "second field, first right": [f"{name}={value}", f"{name}=bogus"],
        "others around": [f"a=1; {name}={value}; b=2"], "others without spaces": [f"a=1;{name}={value};b=2"],
        "URL-encoded": [f"{name}=" + "".join(f"%{ord(letter):02X}" for letter in value)], "very long": [f"{name}={value}" + "x" * 3000],
        "long field before": ["long=" + "y" * 5000 + f"; {name}={value}"], "comma behind": [f"{name}={value},b=2"],
        "comma between": [f"a=1, {name}={value}"], "no =": [f"{name}; {name}={value}"], "tab before": [f"a=1;\t{name}={value}"],
        "semicolons": [f";; {name}={value};;"], "half quoted": [f'{name}="{value}'], "single quotes": [f"{name}='{value}'"], "quotes removed": ["{}={}".format(name, value.strip('"'))],
        "name as a suffix": [f"x{name}={value}"], "name as a prefix": [f"{name}x={value}"], "$Version before": [f"$Version=1; {name}={value}; $Path=/"],
        "quoted other with it inside": [f'a="1; {name}={value}; b"'], "control in another": [f"a=\x01; {name}={value}"],
        "umlaut in another": [f"a=\u00fc; {name}={value}"], "backslash in another": [f"a=\\; {name}={value}"], "equals behind": [f"{name}={value}=1"]}
    return one[case]


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

    def ask(self, label, cookie=(), target=None, method="GET", path="/hostname", websocket=False, app=None, cache=None, source="127.0.0.1", phase=""):
        step = {"cookie": list(cookie), "method": method, "path": path, "source": source, "websocket": websocket,
                "app_set_cookie": self.variant.app if app is None else app, "app_cache_control": cache, "now": time.time(),
                 "headers": self.variant.headers, "label": label, "target": target, "phase": phase, "drawn": self.drawn(phase), "changes": self.changes,
                 "configured": self.configured}
        # HAProxy's dates count in four seconds: both sides are to look at them within the same.
        while self.variant.identity == "dated" and self.variant.product == "haproxy" and (time.time() + 3) % 4 > 3.7:
            time.sleep(0.02)
        step["now"] = time.time()
        number = str(len(self.steps))
        connection = http.client.HTTPConnection("127.0.0.1", self.real.port, timeout=15, source_address=(source, 0))
        begun = time.monotonic()
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for field in cookie:
                connection.putheader("Cookie", field.encode("utf-8"))
            for name, value in self.variant.headers.items():
                connection.putheader(name, value)
            connection.putheader("X-Step", number)
            connection.putheader("X-Set-Cookie", json.dumps(step["app_set_cookie"]))
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
            self.ask("fresh" if names[0] == "r1" else f"{names[0]} added: fresh", method="POST" if "postonly" in self.variant.name else "GET")

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
        if "application" in self.variant.name:
            for path in ("/x;jsessionid=abc.r2", "/x?jsessionid=abc.r3", "/x;jsessionid=abc.bogus", "/x?jsessionid=abc"):
                self.ask(f"path {path}", path=path)
                self.ask(f"path {path} and a cookie", [f"{self.variant.cookie}={self.value('r1')}"], path=path)
        self.states()

    def repeats(self):
        """Where no Set-Cookie tells a pick from a bound request, chance must not."""
        telling = not any(word in self.variant.title for word in ("postonly", "rewrite", "prefix", "envoy ring", "envoy maglev", "application"))
        return 1 if telling else 12  # one of three servers by chance each time: 1 in 500,000

    def drawn(self, phase):
        """Envoy in panic: whose cookie names an unfit server goes to any, by chance to that one as well."""
        return self.variant.product == "envoy" and phase in ("r1 alone ready", "all noticed")

    def around(self, phase, fresh=24):
        """The same questions in each state of the replicas."""
        # As many tries as servers: whom the last one asks hangs on whose turn the first was.
        cyclic = self.drawn(phase) and "retries" in self.variant.name and phase == "all noticed"
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
        self.around(f"{dies} dead")
        self.state(dies, "noticed")
        self.around(f"{dies} noticed")
        self.state(dies, "alive")
        for _ in range(self.repeats() if self.variant.identity == "value" else 0):
            self.bound("r3", f"{dies} back: first of all bound to r3")
        self.around(f"{dies} back")
        if self.variant.drains:
            self.state(dies, "draining")
            self.around(f"{dies} draining")
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


# --- comparing

FIRST = ("r1", "r2", "r3")  # those that are there from the beginning

def fields_of(series, answer):
    """Set-Cookie fields with the sticky cookie's value replaced by what it stands for."""
    result = []
    for text in answer["set_cookie"]:
        pair, _, rest = text.partition(";")
        name, _, value = pair.partition("=")
        if name == series.variant.cookie and answer["replica"] in series.variant.routeless and text == f"{name}=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/":
            value, rest = "REPLICA", " path=/"
        elif name == series.variant.cookie:
            value = meaning(series, value, answer)
            rest = re.sub(r"expires=\w{3}, [^;]*GMT", "expires=DATE", rest, flags=re.I) if series.variant.product == "nginx" else rest
        field = f"{name}={value};{rest}"
        # Caddy's retries: how often it drew another before is chance.
        if not ("ANOTHER" in field and field in result):
            result.append(field)
    return result


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def haproxy_date(stamp):
    """In seconds since 1970, by its fours."""
    return 4 * int("".join(f"{BASE64.index(letter):06b}" for letter in stamp), 2)


def envoy_date(octets):
    """The number behind the address, where there is one."""
    if not octets:
        return None
    return sum((octet & 127) << 7 * place for place, octet in enumerate(octets[1:]))


def since(date, now):
    """Both sides look at their clocks within a moment, and HAProxy's goes by four seconds; what was in the cookie already is the same."""
    return "no date" if date is None else f"about {round((date - now) / 20) * 20} s from now"


def meaning(series, value, answer):
    kind = series.variant.identity
    if kind == "form":
        return re.sub(r"[0-9a-f]{16}", "HEX16", re.sub(r"[A-Za-z0-9+/]{22}==", "UID", value))
    if kind == "dated" and series.variant.product == "haproxy":
        return re.sub(r"\|([A-Za-z0-9+/]{5})", lambda stamp: "|" + since(haproxy_date(stamp[1]), answer["now"]), value.replace(answer["replica"] or "?", "REPLICA"))
    if kind == "dated":
        try:
            octets = base64.b64decode(value.strip('"'))
        except ValueError:
            return value
        address = octets[2:2 + octets[1]].decode(errors="replace")
        names = [replica.name for replica in series.replicas.values() if replica.address == address]
        until = since(envoy_date(octets[2 + octets[1]:]), answer["now"])
        return value if not names else f"REPLICA, {until}" if names[0] == answer["replica"] else f"SOMEBODY, {until}"
    if answer["replica"] is None and value in series.values.values():
        return "SOMEBODY"
    if value.startswith(f"{answer['replica']}~"):
        return "REPLICA" + value[len(answer["replica"]):]
    if value and value == series.values.get(answer["replica"]):
        return "REPLICA"
    return "ANOTHER" if value in series.values.values() else value


def kept(series, group, answers):
    """Whether a bound request came to the replica that its cookie names, without being told so anew."""
    return all(answer["replica"] is not None and answer["replica"] == step["target"]
               and not any(text.startswith(series.variant.cookie + "=") for text in answer["set_cookie"] if not step["app_set_cookie"])
               for step, answer in zip(group, answers))


def compare(series, model, differences):
    """Runs of steps with one label are compared as one."""
    title = series.variant.title
    rows = [(step, mine, theirs) for step, mine, theirs in zip(series.steps, model, series.answers) if theirs and not refused(theirs)]
    groups = []
    for step, mine, theirs in rows:
        mine["now"] = theirs["now"] = step["now"]
    for row in rows:
        if groups and groups[-1][0][0]["label"] == row[0]["label"]:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        step = group[0][0]
        nameless = step["target"] and series.variant.identity == "value" and step["target"] not in series.values
        loose = "fresh" in step["label"] or "unknown" in step["label"] or nameless or step.get("drawn")
        mine, theirs = [row[1] for row in group], [row[2] for row in group]

        def same(what, one, two):
            if not differences.excuse(series.variant, step, what, series.ours):
                expect(f"{title}: {step['label']}: {what}", one == two, {"cookie": [field[:200] for field in step["cookie"]], "model": one, "real": two})

        def seen(what, of):
            return sorted({json.dumps(of(answer)) for answer in what}) if loose else [of(answer) for answer in what]
        same("status", seen(mine, lambda a: a["status"]), seen(theirs, lambda a: a["status"]))
        steps = [row[0] for row in group]
        if step["target"] and not nameless and not step.get("drawn"):
            same("kept", kept(series, steps, mine), kept(series, steps, theirs))
        if series.variant.product in ("haproxy", "apache") or (series.ours and series.variant.product in ("traefik", "envoy")):
            same("replica", [answer["replica"] for answer in mine], [answer["replica"] for answer in theirs])
        same("Set-Cookie", seen(mine, lambda a: fields_of(series, a)), seen(theirs, lambda a: fields_of(series, a)))
        own = "" if all(answer["replica"] for answer in theirs) else " of its own answers"
        same("Cache-Control" + own, seen(mine, lambda a: a["cache_control"]), seen(theirs, lambda a: a["cache_control"]))
        same("the cookie at the replica", seen(mine, lambda a: a["cookie_at_replica"]), seen(theirs, lambda a: utf8(a["cookie_at_replica"])))


def asked(series, answers):
    """Each request that both have answered, with one's answer."""
    return [(step, answer) for step, real, answer in zip(series.steps, series.answers, answers) if real and not refused(real)]


def compare_turns(series, model, program, differences):
    """Whose turn it is, for products whose own choice of where to begin is none of the model's."""
    title = series.variant.title
    if series.variant.product == "traefik":
        differences.need("traefik", "order-of-servers")
        real = picks.until_configured(asked(series, series.answers))

        def played(order):
            return picks.until_configured(asked(series, model_of(program, series, order)))
        expect(f"{title}: turns in some order of the servers", picks.shuffled(FIRST, played, real), " ".join(map(str, real)))
    elif series.variant.product == "envoy" and series.variant.identity != "form":
        differences.need("envoy", "first-turn")
        rows = [(step, mine, theirs) for (step, mine), (_, theirs) in zip(asked(series, model), asked(series, series.answers))]
        for step, mine, theirs in picks.fresh_runs(rows):
            expect(f"{title}: turns from {step['label']} on", picks.begun_elsewhere(mine, theirs), {"model": " ".join(mine), "real": " ".join(theirs)})


def utf8(text):
    """What the replica read as Latin-1."""
    return text if text is None else text.encode("latin-1").decode()


# Our own balancer's parser is strict in any product's place (RFC 9110 5.5): HAProxy and nginx pass these on.
REFUSED_BY_OURS = ["control in another"]


def refused(answer):
    """No HTTP to the balancer's parser: it never came to a pick, and the model is not asked."""
    return answer is not None and answer.get("status") == 400


def model_of(program, series, order=FIRST):
    sent = [step for step, answer in zip(series.steps, series.answers) if not refused(answer)]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(scenario_of(series.variant, [series.replicas[name] for name in order]))
        file.flush()
        result = subprocess.run([program, file.name], input="".join(json.dumps(step) + "\n" for step in sent), capture_output=True, text=True,
                                timeout=120)
    expect(f"{series.variant.title}: the model plays the series", result.returncode == 0, result.stderr[-500:])
    lines = iter(json.loads(line) for line in result.stdout.splitlines())
    return [None if answer is None or refused(answer) else next(lines, {"status": None, "replica": None, "set_cookie": [], "cache_control": None, "cookie_at_replica": None})
            for answer in series.answers]


def main():
    arguments = argparse.ArgumentParser()
    for name in ("model", "traefik", "envoy"):
        arguments.add_argument(name)
    arguments.add_argument("--only", default="", help="a part of the variant's name")
    arguments.add_argument("--real-only", metavar="FILE", help="write what the real ones answer, and compare nothing")
    arguments.add_argument("--ours", metavar="STICKYSCOPE_CLI", help="play them on our own balancer instead of the real ones")
    arguments.add_argument("--seed", type=int, default=1)
    programs = arguments.parse_args()
    differences = Differences(programs.model)
    out = open(programs.real_only, "w") if programs.real_only else None
    for variant in VARIANTS:
        if programs.only not in variant.title:
            continue
        series = Series(variant, programs, reporting_replica.replicas(4), programs.seed)
        try:
            series.play()
        finally:
            series.close()
        if programs.ours:
            labels = {step["label"] for step, answer in zip(series.steps, series.answers) if refused(answer)}
            expect(f"{variant.title}: ours refuses what it is said to, and nothing else", labels == set(REFUSED_BY_OURS), sorted(labels))
        if out:
            out.write(json.dumps({"variant": variant.title, "balancer": variant.balancer, "values": series.values}) + "\n")
            out.writelines(json.dumps({**step, "answer": answer}) + "\n" for step, answer in zip(series.steps, series.answers))
            out.flush()
            print(f"{variant.title}: {sum(answer is not None for answer in series.answers)} requests", file=sys.stderr)
        else:
            model = model_of(programs.model, series)
            compare(series, model, differences)
            compare_turns(series, model, programs.model, differences)
    if not out:
        # What makes real ones differ need not make ours, nor a part of a product's variants.
        whole = all(programs.only in variant.title for variant in VARIANTS if variant.product in differences.listed)
        if whole and not programs.ours:
            differences.end()
        end()


if __name__ == "__main__":
    main()
