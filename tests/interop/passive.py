#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passive checks: which failures count together, and what brings a server back. Asked of the real balancer, of our own and of the model.
  passive.py MODEL_CROWD STICKYSCOPE_CLI TRAEFIK ENVOY PRODUCT"""
import math
import socket
import struct
import sys
import time

from held import holding_replicas
from model_beside import Row
from peers import Caddy, Envoy, Haproxy, Nginx, Traefik, end, expect, wait_until
from side_by_side import both

traefik_program, envoy_program, product = sys.argv[3:6]


def caddy_fails(most, duration):
    def make(replicas):
        return Caddy(replicas, policy="round_robin", check=False, more=f"max_fails {most}\n    fail_duration {duration}s")
    return Row(f"caddy max_fails {most}, fail_duration {duration}s", make,
               f"product: caddy, algorithm: round_robin, sticky: none, max-fails: {most}, fail-duration: {duration}s", [], asked=False)


def traefik_fails(most, window):
    def make(replicas):
        return Traefik(traefik_program, replicas, sticky=False, check=False, passive=f"{{maxFailedAttempts: {most}, failureWindow: {window}s}}")
    return Row(f"traefik maxFailedAttempts {most}, failureWindow {window}s", make,
               f"product: traefik, sticky: none, max-failed-attempts: {most}, failure-window: {window}s", [], asked=False)


def nginx_fails(most, timeout):
    """Two servers, as the only one is never left out; the path leads to r1."""
    def make(replicas):
        return Nginx(replicas, upstream="hash $uri;", uid="", server=f"max_fails={most} fail_timeout={timeout}s", more="proxy_next_upstream off;")
    return Row(f"nginx max_fails={most} fail_timeout={timeout}s", make,
               f"product: nginx, algorithm: hash, hash-on: path, sticky: none, max-fails: {most}, fail-timeout: {timeout}s, proxy-next-upstream: 'off'", [], asked=False)


def haproxy_fails(most, observes):
    def make(replicas):
        return Haproxy(replicas, cookie="", options="retries 0", server=f"check inter 60s observe {observes} on-error mark-down error-limit {most}")
    return Row(f"haproxy observe {observes}, error-limit {most}", make,
               f"product: haproxy, sticky: none, retries: 0, observe: {observes}, error-limit: {most}, health-check: {{every: 60s}}", [])


def envoy_fails(most):
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, panic=0,
                     cluster={"outlier_detection": {"consecutive_5xx": most, "base_ejection_time": "60s", "max_ejection_percent": 100}})
    return Row(f"envoy consecutive_5xx {most}", make,
               f"product: envoy, sticky: none, consecutive-5xx: {most}, base-ejection-time: 60s, max-ejection-percent: 100, healthy-panic-threshold: 0", [], asked=False)


def asked(line, replica, path, part):
    """What is answered; `part`: where the answer ends too early."""
    if part != LEFT:
        replica.part = 20000 if part == CUT else 0
        return line.ask(path)
    replica.part = 50_000_000
    status = line.leave(path)
    wait_until("the balancer has noticed", lambda: replica.service.sending == 0)
    return f"{status} {replica.name} {LEFT}"


def failing(events, last):
    """At these seconds r1 is asked, dead, alive, or answering with a status or a part of an answer; `last` is what is met in the end."""
    def play(row, sides):
        path = {}
        for who, (_, model, _, line) in sides.items():
            paths = (f"/hostname?{number}" if not row.title.startswith("nginx") else f"/{number}/hostname" for number in range(100))
            path[who] = next(one for one in paths if line.ask(one) == "200 r1" == model.tell(once="one", path=one, now=0)["one"])
        # nginx counts in whole seconds.
        start = math.ceil(time.time()) + 1
        said = {who: [] for who in sides}
        alive = {who: True for who in sides}
        for at, state, *part in events:
            part = part[0] if part else ""
            is_alive, status = state is not DEAD, state if isinstance(state, int) and state > ALIVE else 200
            wait_until(f"{at} s are over", lambda at=at: time.time() >= start + at)
            for who, (_, model, replicas, line) in sides.items():
                replicas[0].fails = f"{status} Failed" if status != 200 else ""
                if alive[who] != is_alive:
                    (replicas[0].start if is_alive else replicas[0].kill)()
                    model.tell(replica="r1", **{"is": "alive" if is_alive else "dead"})
                    alive[who] = is_alive
                now = time.time() - start + 100
                said[who].append((asked(line, replicas[0], path[who], part), model.tell(once="one", path=path[who], now=now, status=status, part=part)["one"]))
        for who, series in said.items():
            expect(f"{who}, {row.title}: as the model {events}", all(got == wanted for got, wanted in series), series)
            expect(f"{who}, {row.title}: and as was measured {events}", series[-1][0] == last, series)
    return play


def haproxy_observes():
    def make(replicas):
        return Haproxy(replicas, cookie="", options="retries 0", server="check inter 1s fall 3 rise 2 observe layer4 on-error mark-down error-limit 1")
    return Row("haproxy observe layer4", make, "product: haproxy, sticky: none, retries: 0, observe: layer4, error-limit: 1, health-check: {every: 1s, fall: 3, rise: 2}", [])


def traefik_beside_checks():
    def make(replicas):
        return Traefik(traefik_program, replicas, sticky=False, every="1s", passive="{maxFailedAttempts: 1, failureWindow: 1s}")
    return Row("traefik passiveHealthCheck beside healthCheck", make,
               "product: traefik, sticky: none, max-failed-attempts: 1, failure-window: 1s, health-check: {every: 1s}", [])


def out_until_good(row, sides):
    """One failed request leaves r1 out, well as it is again, until its checks are good once more: more of them than it takes fail meanwhile."""
    for who, (_, model, (r1,), line) in sides.items():
        expect(f"{who}, {row.title}: it is in", line.ask() == "200 r1" == model.tell(once="one", now=0)["one"])
        r1.healthy = False
        r1.kill()
        model.tell(replica="r1", **{"is": "dead"})
        said = (line.ask(), model.tell(once="one", now=1)["one"])
        expect(f"{who}, {row.title}: it fails", said[0] == said[1] and said[0] in ("502", "503"), said)
        r1.start()
        model.tell(replica="r1", **{"is": "alive"})
    begun = time.monotonic()
    checks = {who: replicas[0].checks for who, (_, _, replicas, _) in sides.items()}
    while time.monotonic() - begun < 5:
        for who, (_, model, _, line) in sides.items():
            said = (line.ask(), model.tell(once="one", now=2 + time.monotonic() - begun)["one"])
            expect(f"{who}, {row.title}: it is out, though nothing ails it", said == ("503", "503"), said)
        time.sleep(0.1)
    for who, (_, model, (r1,), line) in sides.items():
        expect(f"{who}, {row.title}: by its checks", r1.checks >= checks[who] + 4, r1.checks - checks[who])
        r1.healthy = True
        wait_until(f"{who}, {row.title}: it is in again", lambda line=line: line.ask() == "200 r1", 5)
        model.tell(replica="r1", **{"is": "good"})
        expect(f"{who}, {row.title}: the model has it too", model.tell(once="one", now=20)["one"] == "200 r1")


def envoy_ejects():
    def make(replicas):
        return Envoy(envoy_program, replicas, every="5s", cluster={"common_lb_config": {"healthy_panic_threshold": {"value": 0}},
                     "outlier_detection": {"consecutive_5xx": 1, "base_ejection_time": "60s", "max_ejection_percent": 100}})
    return Row("envoy outlier detection beside checks", make, "product: envoy, sticky: none, consecutive-5xx: 1, base-ejection-time: 60s, max-ejection-percent: 100, "
               "healthy-panic-threshold: 0, health-check: {every: 5s}", [], asked=False)


def brought_back(row, sides):
    """One failed request leaves r1 out for a minute, but the next check finds it good."""
    begun = time.monotonic()
    for who, (_, model, (r1,), line) in sides.items():
        checks = r1.checks
        wait_until(f"{who}, {row.title}: it has just been checked", lambda r1=r1, checks=checks: r1.checks > checks)
        expect(f"{who}, {row.title}: it is in", line.ask() == "200 r1" == model.tell(once="one", now=0)["one"])
        r1.fails = "500 Failed"
        said = (line.ask(), model.tell(once="one", now=0, status=500)["one"])
        expect(f"{who}, {row.title}: it fails", said == ("500 r1", "500 r1"), said)
        r1.fails = ""
        said = (line.ask(), model.tell(once="one", now=0)["one"])
        expect(f"{who}, {row.title}: it is out", said == ("503", "503"), said)
    for who, (_, model, (r1,), line) in sides.items():
        wait_until(f"{who}, {row.title}: it is in again", lambda line=line: line.ask() == "200 r1", 20)
        model.tell(replica="r1", **{"is": "good"})
        expect(f"{who}, {row.title}: the model has it too", model.tell(once="one", now=1)["one"] == "200 r1")
    expect(f"{row.title}: long before its time is over", time.monotonic() - begun < 40)


def envoy_ejects_for_longer():
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, panic=0,
                     cluster={"outlier_detection": {"consecutive_5xx": 1, "base_ejection_time": "6s", "max_ejection_percent": 100}})
    return Row("envoy ejection times", make, "product: envoy, sticky: none, consecutive-5xx: 1, base-ejection-time: 6s, max-ejection-percent: 100, healthy-panic-threshold: 0",
               [], asked=False)


def out_for_longer(row, sides):
    """r1 always fails: it is out for 6 s, then for 12, each time until the next look of those every 10 s."""
    begun, ejected = time.monotonic(), {who: [] for who in sides}
    for _, _, (r1,), _ in sides.values():
        r1.fails = "500 Failed"
    while time.monotonic() - begun < 60 and any(len(times) < 3 for times in ejected.values()):
        for who, (_, _, _, line) in sides.items():
            if line.ask() == "500 r1":
                ejected[who].append(time.monotonic())
        time.sleep(0.05)
    for who, times in ejected.items():
        gaps = [round(after - before, 1) for before, after in zip(times, times[1:])]
        expect(f"{who}, {row.title}: the first is over at a look", len(gaps) >= 2 and 5.9 <= gaps[0] <= 16.6, gaps)
        expect(f"{who}, {row.title}: the second is twice as long, to the next look", abs(gaps[1] - 20) < 1, gaps)


def tried_again(row, sides):
    """r1 has failed, and its time is over: while one request is at it, others pass it over. It is in again as soon as that one is answered, and as soon as
    its client has hung up."""
    def leads_to_r1(model, form):
        return next(path for path in map(form.format, range(100)) if model.tell(once="one", path=path, now=0)["one"] == "200 r1")
    paths = {who: (leads_to_r1(model, "/{}/hostname"), leads_to_r1(model, "/hold{}")) for who, (_, model, _, _) in sides.items()}
    start = math.ceil(time.time()) + 1
    asks = {}
    for number, (then, ends) in enumerate(((0, "answered"), (5, "hung up"))):
        wait_until(f"{then} s are over", lambda then=then: time.time() >= start + then)
        held = {}
        for who, (_, model, (r1, _), line) in sides.items():
            def ask(what, wanted, line=line, model=model, path=paths[who][0], who=who):
                got = (line.ask(path), model.tell(once="one", path=path, now=time.time() - start + 100)["one"])
                expect(f"{who}, {row.title}, {ends}: {what}", got == (wanted, wanted), got)
            asks[who] = ask
            ask("r1 is in", "200 r1")
            r1.kill()
            model.tell(replica="r1", **{"is": "dead"})
            ask("it fails", "502")
            r1.start()
            model.tell(replica="r1", **{"is": "alive"})
            ask("it is out", "200 r2")
        wait_until("its time is over", lambda then=then: time.time() >= start + then + 3.3)
        for who, (balancer, model, (r1, _), _) in sides.items():
            step = f"held {number}"
            held[who] = socket.create_connection(("127.0.0.1", balancer.port))
            held[who].sendall(f"GET {paths[who][1]} HTTP/1.1\r\nHost: a\r\nX-Step: {step}\r\n\r\n".encode())
            wait_until(f"{who}, {row.title}: it is tried again", lambda r1=r1, step=step: step in r1.present)
            at = model.tell(ask=step, path=paths[who][1], now=time.time() - start + 100)[step]
            expect(f"{who}, {row.title}: the model tries it too", at == "r1", at)
            asks[who]("others pass it over", "200 r2")
            if ends == "answered":
                r1.present[step].set()
                expect(f"{who}, {row.title}: it is answered", held[who].recv(12).endswith(b" 200"))
                model.tell(end=step)
            else:
                held[who].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                held[who].close()
                model.tell(gone=step)
                wait_until(f"{who}, {row.title}: it is in again", lambda who=who: sides[who][3].ask(paths[who][0]) == "200 r1", 2)
                r1.present[step].set()
            asks[who]("it is in again", "200 r1")


DEAD, ALIVE = False, True
CUT, LEFT = "cut", "left"
FAILING = [(caddy_fails(2, 4), [(0.3, DEAD), (3, DEAD), (4.8, DEAD)], "502"), (caddy_fails(2, 10), [(0.3, DEAD), (1, ALIVE), (2, DEAD), (3, DEAD)], "503"),
           (caddy_fails(3, 4), [(0.3, DEAD), (3, DEAD), (6, DEAD), (6.5, DEAD)], "502"),
           (traefik_fails(3, 4), [(0.3, DEAD), (3, DEAD), (6, DEAD), (6.5, DEAD)], "502"), (traefik_fails(2, 4), [(0.3, DEAD), (3, DEAD), (4.5, DEAD), (7.5, ALIVE)], "200 r1"),
           (traefik_fails(2, 10), [(0.3, DEAD), (1, ALIVE), (2, DEAD), (3, DEAD)], "502"),
           (traefik_fails(2, 4), [(0.3, 503), (1, 500), (2, ALIVE)], "503"), (traefik_fails(2, 4), [(0.3, 503), (1, 404), (2, 503), (3, ALIVE)], "200 r1"),
           (nginx_fails(3, 2), [(0.3, DEAD), (3.3, DEAD), (6.3, DEAD), (6.8, DEAD)], "200 r2"), (nginx_fails(2, 10), [(0.3, DEAD), (1.3, ALIVE), (2.3, DEAD), (3.3, DEAD)], "200 r2"),
           (nginx_fails(2, 2), [(0.3, DEAD), (5.3, ALIVE), (6.3, DEAD), (6.8, DEAD)], "502"),
           # What an answer says that ends early.
           (haproxy_fails(2, "layer7"), [(0.3, 503), (0.4, ALIVE, CUT), (0.5, 503), (0.6, ALIVE, LEFT), (0.7, 503), (0.8, ALIVE)], "200 r1"),
           (haproxy_fails(2, "layer4"), [(0.3, DEAD), (0.4, ALIVE, CUT), (0.5, DEAD), (0.6, ALIVE)], "200 r1"),
           (haproxy_fails(1, "layer7"), [(0.3, 503, CUT), (0.4, ALIVE)], "503"),
           (envoy_fails(1), [(0.3, ALIVE, LEFT), (0.4, ALIVE), (0.5, ALIVE, CUT), (0.6, ALIVE)], "503"),
           (envoy_fails(2), [(0.3, 500), (0.4, ALIVE, LEFT), (0.5, 500), (0.6, ALIVE)], "200 r1"),
           (envoy_fails(2), [(0.3, 500), (0.4, ALIVE, CUT), (0.5, 500), (0.6, ALIVE)], "503"), (envoy_fails(2), [(0.3, 503, CUT), (0.4, ALIVE)], "503"),
           (traefik_fails(1, 60), [(0.3, ALIVE, CUT), (0.4, 503, CUT), (0.5, ALIVE, LEFT), (0.6, ALIVE)], "200 r1"),
           (traefik_fails(2, 60), [(0.3, 503), (0.4, ALIVE, CUT), (0.5, 503), (0.6, ALIVE)], "503"),
           (traefik_fails(2, 60), [(0.3, 503), (0.4, ALIVE, LEFT), (0.5, 503), (0.6, ALIVE)], "503"),
           (caddy_fails(2, 60), [(0.3, ALIVE, CUT), (0.4, ALIVE, LEFT), (0.5, DEAD), (0.6, ALIVE, CUT), (0.7, ALIVE, LEFT), (0.8, DEAD), (0.9, ALIVE)], "503"),
           (nginx_fails(2, 60), [(0.3, ALIVE, CUT), (0.4, ALIVE, LEFT), (0.5, DEAD), (0.6, ALIVE, CUT), (0.7, ALIVE, LEFT), (0.8, DEAD), (0.9, ALIVE)], "200 r2")]


def main():
    for row, events, last in FAILING:
        if row.title.startswith(product):
            both(row, failing(events, last), 2 if product == "nginx" else 1)
    for row in (haproxy_observes(), traefik_beside_checks()):
        if row.title.startswith(product):
            both(row, out_until_good, 1)
    if product == "envoy":
        both(envoy_ejects(), brought_back, 1)
        both(envoy_ejects_for_longer(), out_for_longer, 1)
    if product == "nginx":
        both(nginx_fails(1, 2), tried_again, 2, holding_replicas)
    end()


main()
