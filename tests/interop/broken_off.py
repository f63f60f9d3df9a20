#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server takes a request and resets the connection in the place of an answer, or stops in the middle of the answer's head, or answers with an error, or with
what is no HTTP: what each real balancer answers then, how often it tries, and where, and whether it goes on asking that server; beside the model, and our own
balancer.
  broken_off.py MODEL_ANSWERS STICKYSCOPE_CLI TRAEFIK ENVOY"""
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Callable

import reporting_replica
from exemptions import Differences
from peers import Apache, Caddy, Connection, Envoy, Haproxy, Nginx, Ours, Traefik, end, expect
from line import Line

model_program, cli, traefik_program, envoy_program = sys.argv[1:5]
differences = Differences(model_program, "broken_off")
METHODS = ("GET", "PUT", "POST", "DELETE")


@dataclass
class Row:
    title: str
    make: Callable
    balancer: str  # as a scenario has it
    fails: str = ""  # the status line that the server answers with, or one of GARBLED, or HALF; empty: it resets the connection
    body: bool = True  # of PUT and POST; HAProxy sends again only what it had whole when it connected


DOWN = "503 Service Unavailable"
HALF = "half a head"
# What no client takes for a length, and what nginx, which does not look at that, takes for no name.
NO_LENGTH, NO_NAME = GARBLED = "200 OK\r\nContent-Length: many", "200 OK\r\nNa\x01me: value"
ROWS = [
    Row("haproxy", lambda replicas: Haproxy(replicas, cookie=""), "product: haproxy, sticky: none"),
    Row("haproxy redispatch", lambda replicas: Haproxy(replicas, cookie="", options="option redispatch"), "product: haproxy, sticky: none, redispatch: true"),
    Row("nginx", lambda replicas: Nginx(replicas, upstream="", uid=""), "product: nginx, sticky: none, fail-timeout: 2s"),
    Row("nginx max_fails=0", lambda replicas: Nginx(replicas, upstream="", uid="", server="max_fails=0"), "product: nginx, sticky: none, max-fails: 0"),
    Row("apache", lambda replicas: Apache(replicas, method="byrequests"), "product: apache, algorithm: byrequests, sticky: none, retry: 2s"),
    Row("caddy", lambda replicas: Caddy(replicas, policy="round_robin", check=False), "product: caddy, algorithm: round_robin, sticky: none"),
    Row("caddy lb_try_duration", lambda replicas: Caddy(replicas, policy="round_robin", more="lb_try_duration 5s\n    lb_try_interval 10ms", check=False),
        "product: caddy, algorithm: round_robin, sticky: none, lb-try-duration: 5s, lb-try-interval: 10ms"),
    Row("envoy retries", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False),
        "product: envoy, sticky: none, retry-on: connect-failure, num-retries: 3"),
    Row("envoy retries of resets", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="reset"),
        "product: envoy, sticky: none, retry-on: reset, num-retries: 3"),
    Row("traefik", lambda replicas: Traefik(traefik_program, replicas, check=False, middleware="{retry: {attempts: 3}}"),
        "product: traefik, sticky: none, attempts: 3"),
    Row("haproxy retry-on empty-response", lambda replicas: Haproxy(replicas, cookie="", options="retry-on empty-response"),
        "product: haproxy, sticky: none, retry-on: empty-response", body=False),
    Row("haproxy retry-on empty-response, redispatch", lambda replicas: Haproxy(replicas, cookie="", options="retry-on empty-response\n    option redispatch"),
        "product: haproxy, sticky: none, retry-on: empty-response, redispatch: true", body=False),
    Row("haproxy retry-on 503", lambda replicas: Haproxy(replicas, cookie="", options="retry-on 503"), "product: haproxy, sticky: none, retry-on: '503'", DOWN, False),
    Row("haproxy retry-on 503, redispatch 2", lambda replicas: Haproxy(replicas, cookie="", options="retry-on 503\n    option redispatch 2"),
        "product: haproxy, sticky: none, retry-on: '503', redispatch: true, redispatch-interval: 2", DOWN, False),
    Row("haproxy observe layer7", lambda replicas: Haproxy(replicas, cookie="", server="check inter 60s observe layer7 on-error mark-down error-limit 1"),
        "product: haproxy, sticky: none, observe: layer7, error-limit: 1, health-check: {every: 60s}", DOWN),
    Row("haproxy observe layer7, 501", lambda replicas: Haproxy(replicas, cookie="", server="check inter 60s observe layer7 on-error mark-down error-limit 1"),
        "product: haproxy, sticky: none, observe: layer7, error-limit: 1, health-check: {every: 60s}", "501 Not Implemented"),
    Row("nginx off", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream off;"),
        "product: nginx, sticky: none, fail-timeout: 2s, proxy-next-upstream: off"),
    Row("nginx http_503", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream error http_503;", server="max_fails=0"),
        "product: nginx, sticky: none, max-fails: 0, proxy-next-upstream: error http_503", DOWN),
    Row("nginx http_503 non_idempotent", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream error http_503 non_idempotent;", server="max_fails=1 fail_timeout=60s"),
        "product: nginx, sticky: none, fail-timeout: 60s, proxy-next-upstream: error http_503 non_idempotent", DOWN),
    Row("nginx http_404", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream error http_404;"),
        "product: nginx, sticky: none, proxy-next-upstream: error http_404", "404 Not Found"),
    Row("nginx http_403 non_idempotent", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream http_403 non_idempotent;"),
        "product: nginx, sticky: none, proxy-next-upstream: http_403 non_idempotent", "403 Forbidden"),
    Row("nginx another status", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream error http_502;"),
        "product: nginx, sticky: none, proxy-next-upstream: error http_502", DOWN),
    Row("apache failonstatus", lambda replicas: Apache(replicas, method="byrequests", proxy_set="failonstatus=500,503", cookie="", member="retry=60"),
        "product: apache, algorithm: byrequests, sticky: none, failonstatus: 500 503", DOWN),
    Row("apache failonstatus, another", lambda replicas: Apache(replicas, method="byrequests", proxy_set="failonstatus=500", cookie="", member="retry=60"),
        "product: apache, algorithm: byrequests, sticky: none, failonstatus: 500", DOWN),
    Row("envoy retries of 5xx", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="5xx"),
        "product: envoy, sticky: none, retry-on: 5xx, num-retries: 3", "500 Internal Server Error"),
    Row("envoy retries of gateway errors", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="gateway-error"),
        "product: envoy, sticky: none, retry-on: gateway-error, num-retries: 3", DOWN),
    Row("envoy retries of gateway errors, 500", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="gateway-error"),
        "product: envoy, sticky: none, retry-on: gateway-error, num-retries: 3", "500 Internal Server Error"),
    Row("haproxy, no HTTP", lambda replicas: Haproxy(replicas, cookie=""), "product: haproxy, sticky: none", NO_LENGTH),
    Row("haproxy retry-on junk-response, redispatch", lambda replicas: Haproxy(replicas, cookie="", options="retry-on junk-response\n    option redispatch"),
        "product: haproxy, sticky: none, retry-on: junk-response, redispatch: true", NO_LENGTH, False),
    Row("haproxy observe layer7, no HTTP", lambda replicas: Haproxy(replicas, cookie="", server="check inter 60s observe layer7 on-error mark-down error-limit 1"),
        "product: haproxy, sticky: none, observe: layer7, error-limit: 1, health-check: {every: 60s}", NO_LENGTH),
    Row("haproxy observe layer4, no HTTP", lambda replicas: Haproxy(replicas, cookie="", server="check inter 60s observe layer4 on-error mark-down error-limit 1"),
        "product: haproxy, sticky: none, observe: layer4, error-limit: 1, health-check: {every: 60s}", NO_LENGTH),
    Row("nginx, no HTTP", lambda replicas: Nginx(replicas, upstream="", uid="", server="max_fails=1 fail_timeout=60s"),
        "product: nginx, sticky: none, fail-timeout: 60s", NO_NAME),
    Row("nginx invalid_header", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream invalid_header;", server="max_fails=0"),
        "product: nginx, sticky: none, max-fails: 0, proxy-next-upstream: invalid_header", NO_NAME),
    Row("apache, no HTTP", lambda replicas: Apache(replicas, method="byrequests"), "product: apache, algorithm: byrequests, sticky: none", NO_LENGTH),
    Row("caddy lb_try_duration, no HTTP", lambda replicas: Caddy(replicas, policy="round_robin", more="lb_try_duration 5s\n    lb_try_interval 10ms", check=False),
        "product: caddy, algorithm: round_robin, sticky: none, lb-try-duration: 5s, lb-try-interval: 10ms", NO_LENGTH),
    Row("caddy fail_duration, no HTTP", lambda replicas: Caddy(replicas, policy="round_robin", more="max_fails 1\n    fail_duration 60s", check=False),
        "product: caddy, algorithm: round_robin, sticky: none, max-fails: 1, fail-duration: 60s", NO_LENGTH),
    Row("envoy, no HTTP", lambda replicas: Envoy(envoy_program, replicas, check=False), "product: envoy, sticky: none", NO_LENGTH),
    Row("envoy retries of resets, no HTTP", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="reset"),
        "product: envoy, sticky: none, retry-on: reset, num-retries: 3", NO_LENGTH),
    Row("envoy retries of gateway errors, no HTTP", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="gateway-error"),
        "product: envoy, sticky: none, retry-on: gateway-error, num-retries: 3", NO_LENGTH),
    Row("envoy outlier detection, no HTTP", lambda replicas: Envoy(envoy_program, replicas, check=False,
                                                                   cluster={"outlier_detection": {"consecutive_5xx": 1, "base_ejection_time": "60s"}}),
        "product: envoy, sticky: none, consecutive-5xx: 1, base-ejection-time: 60s", NO_LENGTH),
    Row("traefik, no HTTP", lambda replicas: Traefik(traefik_program, replicas, check=False, middleware="{retry: {attempts: 3}}"),
        "product: traefik, sticky: none, attempts: 3", NO_LENGTH),
    Row("traefik passiveHealthCheck, no HTTP", lambda replicas: Traefik(traefik_program, replicas, check=False, passive="{maxFailedAttempts: 1, failureWindow: 60s}"),
        "product: traefik, sticky: none, max-failed-attempts: 1, failure-window: 60s", NO_LENGTH),
    Row("haproxy, half a head", lambda replicas: Haproxy(replicas, cookie=""), "product: haproxy, sticky: none", HALF),
    Row("haproxy retry-on empty-response, redispatch, half a head", lambda replicas: Haproxy(replicas, cookie="", options="retry-on empty-response\n    option redispatch"),
        "product: haproxy, sticky: none, retry-on: empty-response, redispatch: true", HALF, False),
    Row("haproxy retry-on junk-response, redispatch, half a head", lambda replicas: Haproxy(replicas, cookie="", options="retry-on junk-response\n    option redispatch"),
        "product: haproxy, sticky: none, retry-on: junk-response, redispatch: true", HALF, False),
    Row("nginx, half a head", lambda replicas: Nginx(replicas, upstream="", uid=""), "product: nginx, sticky: none, fail-timeout: 2s", HALF),
    Row("nginx invalid_header, half a head", lambda replicas: Nginx(replicas, upstream="", uid="", more="proxy_next_upstream invalid_header;", server="max_fails=0"),
        "product: nginx, sticky: none, max-fails: 0, proxy-next-upstream: invalid_header", HALF),
    Row("apache, half a head", lambda replicas: Apache(replicas, method="byrequests"), "product: apache, algorithm: byrequests, sticky: none", HALF),
    Row("caddy lb_try_duration, half a head", lambda replicas: Caddy(replicas, policy="round_robin", more="lb_try_duration 5s\n    lb_try_interval 10ms", check=False),
        "product: caddy, algorithm: round_robin, sticky: none, lb-try-duration: 5s, lb-try-interval: 10ms", HALF),
    Row("envoy, half a head", lambda replicas: Envoy(envoy_program, replicas, check=False), "product: envoy, sticky: none", HALF),
    Row("envoy retries of resets, half a head", lambda replicas: Envoy(envoy_program, replicas, retries=True, check=False, retry_on="reset"),
        "product: envoy, sticky: none, retry-on: reset, num-retries: 3", HALF),
    Row("traefik, half a head", lambda replicas: Traefik(traefik_program, replicas, check=False, middleware="{retry: {attempts: 3}}"),
        "product: traefik, sticky: none, attempts: 3", HALF),
    Row("traefik passiveHealthCheck, half a head", lambda replicas: Traefik(traefik_program, replicas, check=False, passive="{maxFailedAttempts: 1, failureWindow: 60s}"),
        "product: traefik, sticky: none, max-failed-attempts: 1, failure-window: 60s", HALF),
]


def ask(row, port, method, number):
    connection = Connection(port)
    connection.request(method, "/", body=b"x" if row.body and method in ("PUT", "POST") else None, headers={"X-Step": str(number)})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def met(row, balancer, replicas):
    """For each method: whether the broken one was met, the status, how many servers were tried; and how often it was met."""
    seen, times = set(), {}
    for number, method in enumerate([method for method in METHODS for _ in range(12)]):
        status = ask(row, balancer.port, method, number)
        tried = {replica.name: len(replica.seen.get(str(number), [])) for replica in replicas}
        seen.add((method, tried["r1"] > 0, status, sum(tried.values())))
        times[method] = times.get(method, 0) + (tried["r1"] > 0)
    return seen, times


def what_happens(row):
    if not row.fails:
        return {"is": "breaking"}
    if row.fails == HALF:
        return {"is": "halving"}
    return {"is": "garbling"} if row.fails in GARBLED else {"is": "failing", "status": int(row.fails[:3])}


def modelled(row, replicas):
    steps = [{"replica": "r1", **what_happens(row)}] + [{"method": method, "now": time.time()} for method in METHODS for _ in range(12)]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(scenario(row, replicas))
        file.flush()
        result = subprocess.run([model_program, file.name], input="".join(json.dumps(step) + "\n" for step in steps), capture_output=True, text=True, timeout=60)
    expect(f"{row.title}: the model plays it", result.returncode == 0, result.stderr)
    seen, times = set(), {}
    for step, answer in zip(steps[1:], map(json.loads, result.stdout.splitlines())):
        tried = answer["tried"] + ([answer["replica"]] if answer["replica"] else [])
        seen.add((step["method"], "r1" in tried, answer["status"], len(tried)))
        times[step["method"]] = times.get(step["method"], 0) + ("r1" in tried)
    return seen, times


def scenario(row, replicas):
    servers = ", ".join(f"{{name: {replica.name}, address: \"{replica.address}\"}}" for replica in replicas)
    return f"version: 1\nreplicas: [{servers}]\nbalancer: {{{row.balancer}}}\nclients: [{{name: c, kind: curl, every: 1s}}]\nlanes: [{{name: one}}]\n"


for row in ROWS:
    for who in ("the real one", "ours"):
        replicas = reporting_replica.replicas(3)
        for replica in replicas:
            replica.keeps = False
        balancer = row.make(replicas) if who == "the real one" else Ours(cli, replicas, scenario(row, replicas))
        replicas[0].breaks, replicas[0].halves, replicas[0].fails = not row.fails, row.fails == HALF, row.fails
        seen, times = met(row, balancer, replicas)
        model, model_times = modelled(row, replicas)
        balancer.stop()
        for replica in replicas:
            replica.close()
        title = f"{row.title}, {who}"
        print(title, sorted(seen), times, flush=True)
        expect(f"{title}: the broken one was met", any(broken for _, broken, _, _ in seen), seen)
        expect(f"{title}: answers, and how many are tried, as in the model", seen == model, {"only there": sorted(seen - model), "only in the model": sorted(model - seen)})
        left_out = {method for method in METHODS if times[method] <= 1}
        expect(f"{title}: it is left out after a failure, or not, as in the model", left_out == {method for method in METHODS if model_times[method] <= 1}, (times, model_times))

# A short answer that breaks off in its body.
for who in ("the real one", "ours"):
    replicas = reporting_replica.replicas(1)
    scenario_of_it = scenario(Row("", None, "product: traefik, sticky: none"), replicas)
    balancer = Traefik(traefik_program, replicas, check=False) if who == "the real one" else Ours(cli, replicas, scenario_of_it)
    replicas[0].part = 100
    seen = Line(balancer.port).ask()
    balancer.stop()
    replicas[0].close()
    if who == "the real one":
        differences.need("traefik", "held-back")
    expect(f"traefik, a short answer breaks off, {who}", seen == ("" if who == "the real one" else "200 r1 cut"), seen)
differences.end()
end()
