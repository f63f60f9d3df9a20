#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that take only so many requests at once, and servers that wait for others (backups): where each request is, on the real balancer, on the
model, and on our own balancer, after each step of a series.
  limits.py MODEL_CROWD STICKYSCOPE_CLI ENVOY PRODUCT
A step: "+ a" asks, "+ a r1" with a cookie that names r1, "- a" lets its replica answer, "expire" waits
until nobody waits any more, "maint r1" and "ready r1" take a server out and back."""
import csv
import hashlib
import hmac
import io
import sys
from dataclasses import dataclass

from held import Crowd, Model, holding_replicas, scenario_of
from peers import Caddy, Envoy, Haproxy, Nginx, Ours, end, expect, wait_until

model_program, cli, envoy_program, product = sys.argv[1:5]


@dataclass
class Row:
    title: str
    make: object  # replicas -> the real balancer
    model: str  # the scenario's `balancer`
    steps: list
    weights: tuple = (1, 1, 1)
    backups: tuple = ()
    asked: bool = True  # once, before the series, when it was started
    name: str = "SRV"
    value: object = lambda replica: replica.name
    ours: bool = True


def with_backups(server, mark, fields):
    return lambda replica: server + (f" {mark}" if replica.name in fields.get("backups", ()) else "")


def haproxy(title, balance, server, steps, model, more="timeout queue 20s", options="", **fields):
    def make(replicas):
        return Haproxy(replicas, balance=balance, server=with_backups(server, "backup", fields), more=more, options=options, weights=fields.get("weights"))
    return Row("haproxy " + title, make, "product: haproxy, sticky: {cookie: SRV, indirect: true, nocache: true}, " + model, steps, **fields)


def nginx(title, upstream, steps, model, **fields):
    def make(replicas):
        return Nginx(replicas, upstream=upstream, uid="", server=with_backups("max_conns=1", "backup", fields), weights=fields.get("weights"))
    return Row("nginx " + title, make, "product: nginx, max-conns: 1, " + model, steps, asked=False, **fields)


def caddy(title, policy, more, steps, model, **fields):
    def make(replicas):
        return Caddy(replicas, policy=policy, more=more, check=False)
    return Row("caddy " + title, make, "product: caddy, " + model, steps, name="lb",
               value=lambda replica: hmac.new(b"", replica.address.encode(), hashlib.sha256).hexdigest(), **fields)


def envoy(title, breaker, steps, model):
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, policy="RING_HASH", route={"hash_policy": [{"cookie": {"name": "SRV"}}]},
                     cluster={"circuit_breakers": {"thresholds": [breaker]}})
    return Row("envoy " + title, make, "product: envoy, algorithm: ring_hash, sticky: {cookie: SRV, hash-policy: true}, " + model, steps, asked=False)


FILL = ["+ a", "+ b", "+ c", "+ d", "+ e", "+ f", "- b", "- a", "- c", "- d", "- e", "- f"]
QUEUE = "timeout-queue: 20s"
ROWS = [
    haproxy("roundrobin", "roundrobin", "maxconn 1", FILL, "maxconn: 1, " + QUEUE),
    haproxy("own queue", "roundrobin", "maxconn 1", ["+ a", "+ b r1", "+ c r1", "+ d", "+ e", "+ f", "- a", "- d", "- e", "- b", "- c", "- f"], "maxconn: 1, " + QUEUE),
    haproxy("whoever came first", "roundrobin", "maxconn 1", ["+ a r1", "+ b r1", "+ c", "+ d", "+ e", "+ f r1", "- a", "- b", "- e", "- f", "- c", "- d"],
            "maxconn: 1, " + QUEUE),
    haproxy("any before its own", "roundrobin", "maxconn 1", ["+ a r1", "+ e", "+ d", "+ f", "+ b r1", "- a", "- f", "- b", "- e", "- d"], "maxconn: 1, " + QUEUE),
    haproxy("timeout queue", "roundrobin", "maxconn 1", ["+ a", "+ b", "+ c", "+ d", "+ e r1", "expire", "- a", "+ f", "- b", "- c", "- f"],
            "maxconn: 1, timeout-queue: 700ms", more="timeout queue 700ms"),
    haproxy("maxqueue", "roundrobin", "maxconn 1 maxqueue 1", ["+ a r1", "+ b r1", "+ c r1", "+ d", "+ e", "+ f", "- a", "- b", "- d", "- e", "- f"],
            "maxconn: 1, maxqueue: 1, " + QUEUE),
    haproxy("maxqueue redispatch", "roundrobin", "maxconn 1 maxqueue 1", ["+ a r1", "+ b r1", "+ c r1", "+ d", "+ e", "+ f", "- a", "- b", "- d", "- e", "- c", "- f"],
            "maxconn: 1, maxqueue: 1, redispatch: true, " + QUEUE, options="option redispatch"),
    haproxy("source", "source", "maxconn 1", ["+ a", "+ b", "+ c", "- a", "- b", "- c"], "algorithm: source, maxconn: 1, " + QUEUE),
    haproxy("leastconn", "leastconn", "maxconn 2", ["+ a", "+ b r1", "+ c r1", "+ d", "+ e", "+ f", "+ g", "+ h", "- a", "- b", "- c", "- d", "+ i", "+ j", "+ k", "- i", "+ l"],
            "algorithm: leastconn, maxconn: 2, " + QUEUE),
    haproxy("static-rr", "static-rr", "maxconn 1", ["+ z", "- z", "+ a r1", "+ b", "- b", "+ c", "- c", "+ d", "- d", "- a", "+ e", "- e", "+ f", "- f", "+ g", "- g"],
            "algorithm: static-rr, maxconn: 1, " + QUEUE),
    haproxy("first", "first", "maxconn 2", ["+ a", "+ b", "+ c", "+ d", "+ e", "+ f", "+ g", "- a", "- b", "+ h", "+ i", "- c", "+ j"], "algorithm: first, maxconn: 2, " + QUEUE),
    haproxy("weights, one full", "roundrobin", "maxconn 1", ["+ a r1", "+ b", "- b", "+ c", "- c", "+ d", "- d", "+ e", "- e", "- a"]
            + [step for name in "fghijklmn" for step in (f"+ {name}", f"- {name}")], "maxconn: 1, " + QUEUE, weights=(3, 2, 1)),
    haproxy("weights, all full", "roundrobin", "maxconn 1", FILL + [step for name in "ghijklmn" for step in (f"+ {name}", f"- {name}")], "maxconn: 1, " + QUEUE,
            weights=(3, 2, 1)),
    haproxy("maintenance", "roundrobin", "maxconn 1", ["+ a r1", "+ b r1", "+ c r1", "maint r1", "- a", "- b", "- c"], "maxconn: 1, " + QUEUE),
    haproxy("maintenance redispatch", "roundrobin", "maxconn 1", ["+ a r1", "+ b r1", "+ c r1", "maint r1", "- a", "ready r1", "+ d", "- b", "- c", "- d"],
            "maxconn: 1, redispatch: true, " + QUEUE, options="option redispatch"),
    haproxy("ready again", "roundrobin", "maxconn 1", ["maint r1", "+ a", "+ b", "+ c", "+ d", "ready r1", "- a", "- b", "- c"], "maxconn: 1, " + QUEUE),
    nginx("round_robin", "", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"], "algorithm: round_robin"),
    nginx("one free", "", ["+ a", "+ b", "+ c", "- c", "+ d", "- d", "+ e", "- e", "- a", "+ f", "- f", "+ g", "- g", "+ h", "- h"], "algorithm: round_robin"),
    nginx("weights", "", ["+ a", "+ b", "+ c", "+ d", "- b", "- a", "+ e", "- e", "+ f", "- f", "+ g", "- c", "+ h", "+ i"], "algorithm: round_robin", weights=(3, 2, 1)),
    nginx("least_conn", "least_conn;", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"], "algorithm: least_conn"),
    nginx("ip_hash", "ip_hash;", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"], "algorithm: ip_hash"),
    nginx("hash", "hash $remote_addr;", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"], "algorithm: hash"),
    nginx("hash consistent", "hash $remote_addr consistent;", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"], "algorithm: hash-consistent"),
    haproxy("backup", "roundrobin", "maxconn 1", ["+ a", "+ b", "+ c", "- a", "- b", "maint r1", "+ d", "- c", "maint r2", "- d", "+ e", "+ f", "+ g r3", "- e", "- f",
                                                  "- g"], "maxconn: 1, " + QUEUE, backups=("r3",)),
    haproxy("bound to a backup", "roundrobin", "maxconn 1", ["+ a r3", "+ b", "+ c", "+ d", "- a", "- b", "- c", "- d"], "maxconn: 1, " + QUEUE, backups=("r3",)),
    nginx("backup", "", ["+ a", "+ b", "+ c", "+ d", "- a", "+ e", "- c", "- e", "- b", "+ f", "- f", "+ g", "- g"], "algorithm: round_robin", backups=("r3",)),
    nginx("backup, maintenance", "", ["maint r1", "+ a", "- a", "maint r2", "+ b", "- b", "ready r1", "+ c", "- c"], "algorithm: round_robin", backups=("r3",)),
    caddy("round_robin", "round_robin", "fail_duration 10s\n    unhealthy_request_count 1", FILL[:4] + ["- b", "+ e", "- a", "- c", "+ f", "- e", "- f"],
          "algorithm: round_robin, fail-duration: 10s, unhealthy-request-count: 1"),
    caddy("first", "first", "max_fails 1\n    unhealthy_request_count 2", ["+ a", "+ b", "+ c", "+ d", "- b", "+ e", "+ f", "+ g", "+ h", "- c"],
          "algorithm: first, max-fails: 1, unhealthy-request-count: 2"),
    caddy("cookie", "cookie lb", "fail_duration 10s\n    unhealthy_request_count 1", ["+ a r1", "+ b r2", "+ c r1", "+ d r3", "- b", "+ e r2", "- a", "+ f r1"],
          "sticky: {cookie: lb}, fail-duration: 10s, unhealthy-request-count: 1"),
    envoy("max_requests", {"max_requests": 2}, ["+ a r1", "+ b r1", "+ c r1", "- a", "+ d r1", "+ e r1", "- b", "- d"], "max-requests: 2"),
]


def queued(balancer):
    """How many HAProxy keeps back, by its own figures."""
    rows = csv.DictReader(io.StringIO(balancer.say("show stat")[2:]))
    return sum(int(row["qcur"] or 0) for row in rows if row["pxname"] == "app")


def play(row, who, make):
    replicas = holding_replicas(3)
    balancer = model = None
    try:
        balancer = make(replicas)
        model = Model(model_program, scenario_of(row, replicas))
        crowd = Crowd(balancer.port, replicas)
        if row.asked and who == "real":
            model.tell(ask="before")
            model.tell(end="before")
        by_name = {replica.name: replica for replica in replicas}
        for number, text in enumerate(row.steps):
            verb, *words = text.split()
            if verb == "+":
                cookie = f"{row.name}={row.value(by_name[words[1]])}" if len(words) > 1 else None
                wanted = model.tell(ask=words[0], **({"cookie": cookie} if cookie else {}))
                crowd.begin(words[0], cookie)
            elif verb == "-":
                wanted = model.tell(end=words[0])
                crowd.release(words[0])
            elif verb == "expire":
                wanted = model.tell(expire=True)
            else:
                wanted = model.tell(replica=words[0], **{"is": {"maint": "maintenance"}.get(verb, verb)})
                balancer.set(by_name[words[0]], {"maint": "maintenance"}.get(verb, verb))
            wanted.pop("before", None)
            waiting = sum(state == "waits" for state in wanted.values())

            def agrees():
                return crowd.state() == wanted and (not isinstance(balancer, Haproxy) or queued(balancer) == waiting)
            try:
                wait_until("both agree", agrees, 10)
            except SystemExit:
                pass
            expect(f"{who}, {row.title}: {number + 1}: {text}", agrees(), {"model": wanted, who: crowd.state()})
            if not agrees():
                return
    finally:
        for replica in replicas:
            replica.close()
        if model:
            model.close()
        if balancer:
            balancer.stop()


def main():
    for row in ROWS:
        if not row.title.startswith(product):
            continue
        play(row, "real", row.make)
        play(row, "ours", lambda replicas, row=row: Ours(cli, replicas, scenario_of(row, replicas)))
    end()


main()
