#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that take only so many requests at once, and servers that wait for others (backups): where each request is, on the real balancer, on the
model, and on our own balancer, after each step of a series.
  limits.py MODEL_CROWD MODEL_ANSWERS STICKYSCOPE_CLI TRAEFIK ENVOY PRODUCT
A step: "+ a" asks, "+ a r1" with a cookie that names r1, "- a" lets its replica answer, "expire" waits
until nobody waits any more, "maint r1" and "ready r1" take a server out and back, "kill r1" kills it, and nobody has noticed."""
import base64
import csv
import hashlib
import hmac
import io
import re
import sys

from exemptions import Differences
from held import Crowd, holding_replicas
from model_beside import Model, Row, beside, scenario_of
from peers import Apache, Caddy, Envoy, Haproxy, Nginx, Ours, Traefik, as_servers, end, expect, wait_until

model_program, answers_program, cli, traefik_program, envoy_program, product = sys.argv[1:7]


def haproxy(title, balance, server, steps, model, more="timeout queue 20s", options="", **fields):
    def make(replicas):
        return Haproxy(replicas, balance=balance, server=as_servers(fields, server, "backup"), more=more, options=options, weights=fields.get("weights"))
    return Row("haproxy " + title, make, "product: haproxy, sticky: {cookie: SRV, indirect: true, nocache: true}, " + model, steps, **fields)


def nginx(title, upstream, steps, model, **fields):
    def make(replicas):
        return Nginx(replicas, upstream=upstream, uid="", server=as_servers(fields, "max_conns=1", "backup"), weights=fields.get("weights"))
    return Row("nginx " + title, make, "product: nginx, max-conns: 1, " + model, steps, asked=False, **fields)


def caddy(title, policy, more, steps, model, **fields):
    def make(replicas):
        return Caddy(replicas, policy=policy, more=more, check=False)
    return Row("caddy " + title, make, "product: caddy, " + ("" if policy.startswith("cookie") else "sticky: none, ") + model, steps, name="lb",
               value=lambda replica: hmac.new(b"", replica.address.encode(), hashlib.sha256).hexdigest(), **fields)


def envoy(title, breaker, steps, model):
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, policy="RING_HASH", hash_policy=[{"cookie": {"name": "SRV"}}],
                     cluster={"circuit_breakers": {"thresholds": [breaker]}})
    return Row("envoy " + title, make, "product: envoy, algorithm: ring_hash, sticky: {cookie: SRV, hash-policy: true}, " + model, steps, asked=False, keyed=True)


def envoy_retries(title, breaker, steps, model=""):
    """A cookie names its server; where a retry goes is chance."""
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, cookie={"name": "SRV", "path": "/"}, retries=True,
                     cluster={"circuit_breakers": {"thresholds": [breaker]}})
    return Row("envoy " + title, make, "product: envoy, sticky: {cookie: SRV}, retry-on: connect-failure, num-retries: 3" + model, steps, asked=False, loose=True,
               value=lambda replica: base64.b64encode(b"\x0a" + bytes([len(replica.address)]) + replica.address.encode()).decode())


def apache(title, member, steps, model, method="byrequests", **fields):
    def make(replicas):
        return Apache(replicas, member=as_servers(fields, f"retry=60 {member}"), method=method, weights=fields.get("weights"))
    return Row("apache " + title, make, f"product: apache, algorithm: {method}, sticky: {{cookie: ROUTEID}}, retry: 60s" + model, steps, asked=False,
               name="ROUTEID", value=lambda replica: "." + replica.name, **fields)


def traefik(title, middleware, steps, model):
    def make(replicas):
        return Traefik(traefik_program, replicas, check=False, cookie="name: SRV", middleware=middleware)
    return Row("traefik " + title, make, "product: traefik, sticky: {cookie: SRV}, " + model, steps, value=Traefik.value, loose=True)


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
    # A request that a server takes from the backend's queue as it becomes ready is not counted among its own (pendconn_grab_from_px).
    haproxy("one more than maxconn", "roundrobin", "maxconn 1", ["maint r1", "+ a", "+ b", "+ c", "ready r1", "+ d r1"], "maxconn: 1, " + QUEUE,
            difference="one-more-than-maxconn", really={"d": "r1"}),
    haproxy("several backups", "roundrobin", "maxconn 1", ["maint r1", "+ a", "- a", "+ b", "+ c", "+ d r3", "- b", "- c", "- d", "maint r2", "+ e", "+ f", "ready r2", "+ g",
                                                           "- e", "- f", "- g"], "maxconn: 1, " + QUEUE, backups=("r2", "r3")),
    haproxy("allbackups", "roundrobin", "maxconn 1", ["maint r1", "+ a", "- a", "+ b", "- b", "+ c", "+ d", "+ e", "- c", "ready r1", "+ f", "- d", "- e", "- f"],
            "maxconn: 1, allbackups: true, " + QUEUE, options="option allbackups", backups=("r2", "r3")),
    haproxy("allbackups, ready again", "roundrobin", "maxconn 1", ["maint r1", "maint r2", "+ a", "+ b", "+ c r3", "ready r1", "- a", "- b", "+ d", "- c", "- d"],
            "maxconn: 1, allbackups: true, " + QUEUE, options="option allbackups", backups=("r3",)),
    haproxy("a queue before the backup", "roundrobin", "maxconn 1", ["+ a", "+ b", "maint r1", "+ c", "- a", "ready r1", "- b", "- c"], "maxconn: 1, " + QUEUE,
            backups=("r2", "r3")),
    *(haproxy(f"several backups, {balance}", balance, "maxconn 1", ["maint r1", "+ a", "+ b", "ready r1", "- a", "- b", "+ d", "- d"],
              f"algorithm: {algorithm}, maxconn: 1, " + QUEUE, backups=("r2", "r3"))
      for balance, algorithm in (("roundrobin", "roundrobin"), ("static-rr", "static-rr"), ("leastconn", "leastconn"), ("random", "random"), ("first", "first"),
                                 ("source", "source"), ("hdr(X)", "hash, hash-on: header, hash-name: X"))),
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
    caddy("lb_try_duration", "round_robin", "lb_try_duration 2s\n    lb_try_interval 100ms\n    fail_duration 10s\n    unhealthy_request_count 1",
          ["+ a", "+ b", "+ c", "+ d", "- b", "+ e", "expire", "+ f", "- a", "- c", "- d", "- f"],
          "algorithm: round_robin, fail-duration: 10s, unhealthy-request-count: 1, lb-try-duration: 2s, lb-try-interval: 100ms"),
    envoy("max_requests", {"max_requests": 2}, ["+ a r1", "+ b r1", "+ c r1", "- a", "+ d r1", "+ e r1", "- b", "- d"], "max-requests: 2"),
    envoy("max_connections", {"max_connections": 2}, ["+ a r1", "+ b r1", "+ c r1", "+ d r2", "+ e r2", "+ f r1", "+ g r3", "+ h r3", "- a", "- b", "- c", "- d", "- g", "- e",
                                                      "- f", "- h"], "max-connections: 2"),
    envoy("max_connections, idle ones", {"max_connections": 2}, ["+ a r1", "- a", "+ b r1", "+ c r1", "- b", "- c", "+ d r2", "+ e r2", "+ f r1", "- d", "- e", "- f"],
          "max-connections: 2"),
    envoy("max_pending_requests", {"max_connections": 2, "max_pending_requests": 1},
          ["+ a r1", "+ b r1", "+ c r1", "+ d r1", "+ e r2", "- a", "+ f r2", "+ g r2", "+ h r3", "- b", "+ i r1", "- c", "- f", "- g"],
          "max-connections: 2, max-pending-requests: 1"),
    envoy("max_requests, some wait", {"max_connections": 1, "max_requests": 2},
          ["+ a r1", "+ b r1", "+ c r1", "+ d r2", "+ e r3", "- a", "- b", "+ f r1", "- c", "- d", "- f"], "max-connections: 1, max-requests: 2"),
    envoy_retries("max_retries", {"max_retries": 1}, ["kill r1", "+ a r1", "+ b r1", "+ c r2", "- a", "+ d r1", "+ e r1", "- d", "- c"], ", max-retries: 1"),
    envoy_retries("max_retries by default", {}, ["kill r1", "+ a r1", "+ b r1", "+ c r1", "+ d r1", "+ e r2", "- b", "+ f r1", "+ g r1", "- a", "- c", "- e", "- f"]),
    apache("max", "max=1", FILL, ", max: 1"),
    apache("max, bound", "max=1", ["+ a r1", "+ b r1", "+ c r1", "+ d", "+ e", "- a", "- b", "- c", "+ f", "+ g", "- d", "- e", "- f", "- g"], ", max: 1"),
    apache("max, weights", "max=1", FILL + ["+ g", "+ h", "- g", "- h"], ", max: 1", weights=(3, 2, 1)),
    apache("max bybusyness", "max=1", ["+ a r1", "+ b r1", "+ c", "+ d", "+ e", "+ f", "- a", "- c", "- b", "- d", "- e", "- f"], ", max: 1", method="bybusyness"),
    apache("max and acquire, bound", "max=1 acquire=400", ["+ a r1", "+ b r1", "expire", "+ c r1", "- a", "+ d r1", "expire", "- b", "- c", "- d"],
           ", max: 1, acquire: 400ms"),
    apache("max and acquire", "max=1 acquire=400", ["+ a", "+ b", "+ c", "+ d", "expire", "- a", "- b", "- c"], ", max: 1, acquire: 400ms"),
    apache("standby", "", ["+ a", "+ b", "+ c", "+ d r3", "maint r1", "+ e", "maint r2", "+ f", "+ g", "ready r1", "+ h", "+ i r3"], "", backups=("r3",)),
    apache("two standbys", "", ["+ a", "+ b", "maint r1", "+ c", "+ d", "+ e", "+ f r3", "ready r1", "+ g", "+ h r2"], "", backups=("r2", "r3")),
    apache("spare", "", ["+ a", "+ b", "+ c", "+ d r3", "maint r1", "+ e", "+ f", "ready r1", "+ g", "+ h r3", "maint r1", "maint r2", "+ i", "maint r3", "+ j"], "",
           spares=("r3",)),
    apache("two spares", "", ["+ a", "+ b", "maint r3", "+ c", "+ d", "maint r1", "+ e", "ready r3", "+ f", "ready r1", "+ g"], "", spares=("r1", "r2")),
    apache("spares alone", "", ["+ a", "+ b r2", "+ c r1"], "", spares=("r1", "r2", "r3")),
    apache("spare, max", "max=1", ["+ a", "+ b", "+ c", "+ d", "- a", "- b", "+ e r3", "maint r1", "+ f", "+ g", "+ h", "- c", "- d", "- e", "ready r1", "- f", "- g"],
           ", max: 1", spares=("r3",)),
    apache("redirect", "", ["+ a r1", "maint r1", "+ b r1", "+ c", "+ d r1", "maint r2", "+ e r1", "ready r1", "+ f r1", "+ g r2"], "", redirects={"r1": "r2"}),
    apache("redirect, killed", "", ["kill r1", "+ a r1", "+ b r1", "+ c", "+ d", "+ e r2", "+ f", "+ g r1"], "", redirects={"r1": "r2"}),
    apache("redirect, max", "max=1", ["+ a r2", "maint r1", "+ b r1", "+ c", "- a", "+ d r1", "- b", "- c", "- d"], ", max: 1", redirects={"r1": "r2"}),
    apache("standby, max", "max=1", ["+ a", "+ b", "+ c", "+ d", "- a", "- b", "+ e r3", "+ f r3", "- c", "- d", "- e", "- f"], ", max: 1", backups=("r3",)),
    traefik("in-flight-req", "{inFlightReq: {amount: 2}}", ["+ a r1", "+ b r2", "+ c r3", "- a", "+ d r1", "+ e", "- b", "- d", "+ f r3", "- f"], "in-flight-req: 2"),
]


def queued(balancer):
    """How many HAProxy keeps back, by its own figures."""
    rows = csv.DictReader(io.StringIO(balancer.say("show stat")[2:]))
    return sum(int(row["qcur"] or 0) for row in rows if row["pxname"] == "app")


VERBS = {"maint": "maintenance", "ready": "ready", "kill": "dead"}


def play(row, who, make=None):
    replicas = holding_replicas(3)
    by_name = {replica.name: replica for replica in replicas}
    values = keys_of(row, replicas) if row.keyed else {replica.name: row.value(replica) for replica in replicas}
    with beside(model_program, row, replicas, make) as (balancer, model):
        crowd = Crowd(balancer.port, replicas)
        for number, text in enumerate(row.asks):
            wanted = happens(text.split(), by_name, (balancer, model, crowd), {name: f"{row.name}={value}" for name, value in values.items()})
            if who == "real" and row.difference and number + 1 == len(row.asks):
                differences.need(product, row.difference)
                expect(f"{row.title}: the model differs", any(wanted[name] != where for name, where in row.really.items()), wanted)
                wanted = {**wanted, **row.really}
            waiting = sum(state == "waits" for state in wanted.values())

            def agrees():
                return (seen(row, crowd.state()) == seen(row, wanted)
                        and (not isinstance(balancer, Haproxy) or queued(balancer) == waiting))
            try:
                wait_until("both agree", agrees, 10)
            except SystemExit:
                pass
            expect(f"{who}, {row.title}: {number + 1}: {text}", agrees(), {"model": wanted, who: crowd.state()})
            if not agrees():
                return


def keys_of(row, replicas):
    """A key that leads to each of them."""
    model, keys = Model(model_program, scenario_of(row, replicas)), {}
    for number in range(100):
        keys.setdefault(model.tell(once="one", cookie=f"{row.name}={number}")["one"].split()[-1], str(number))
    model.close()
    return keys


def happens(words, by_name, sides, cookies):
    """One step, on both sides: what the model says to it."""
    balancer, model, crowd = sides
    verb, *words = words
    if verb == "+":
        cookie = cookies[words[1]] if len(words) > 1 else None
        wanted = model.tell(ask=words[0], **({"cookie": cookie} if cookie else {}))
        crowd.begin(words[0], cookie)
        return wanted
    if verb == "-":
        crowd.release(words[0])
        return model.tell(end=words[0])
    if verb == "expire":
        return model.tell(expire=True)
    if verb == "kill":
        by_name[words[0]].kill()
    else:
        balancer.set(by_name[words[0]], VERBS[verb])
    return model.tell(**{"replica": words[0], "is": VERBS[verb]})


def seen(row, state):
    """Where it is chance who has a request, only that somebody has."""
    return {name: re.sub(r"\br\d", "r", where) for name, where in state.items()} if row.loose else state


differences = Differences(answers_program, "limits")


def main():
    differences.of(product)
    for row in ROWS:
        if not row.title.startswith(product):
            continue
        play(row, "real")
        play(row, "ours", lambda replicas, row=row: Ours(cli, replicas, scenario_of(row, replicas)))
    differences.end()
    end()


main()
