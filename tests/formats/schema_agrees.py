#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema and the program's parser agree on good files and on a hundred bad ones."""
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

program, root = sys.argv[1], sys.argv[2]
with open(os.path.join(root, "resources/scenario.schema.json")) as file:
    validator = jsonschema.Draft202012Validator(json.load(file))


class CoreSchema(yaml.SafeLoader):
    """YAML 1.2's core schema: numbers, true, false and null; the rest is text."""


CoreSchema.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"^(?:true|false)$", "tf"), ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
                            ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
                            ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0")):
    CoreSchema.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))

good = ["""version: 1
replicas: [{name: a, zone: z1}, {name: b, zone: z2, backup: true}, {name: c, joins: 1s, leaves: 5s}]
balancer: {product: envoy, servers: [inner, a, b, c], zones: [z1, z2], count: 2, sessions: shared, max-requests: 5, slow-start-window: 10s}
balancers: [{name: inner, product: haproxy, weight: 2, servers: [a, b], sticky: {cookie: two}, slowstart: 5s}, {name: other, product: traefik, servers: [c], circuit-breaker: 0.3}]
routes: [{host: api.example, path: /v1, to: other}, {to: inner}]
clients: [{name: x, kind: browser, origin: https://api.example}]
timeline: [{at: 1s, reload: balancer, with: {sticky: {cookie: other}}}, {at: 2s, reload: inner}, {at: 3s, restart: other}]
""", """version: 1
title: Good
about: What it shows, in a paragraph.
seed: 7
replicas: [{name: a, address: "10.0.0.1:80", weight: 2, route: r1, slots: 3, queue: 0, service-time: {uniform: [1ms, 2ms]}, sessions: shared}, {name: b}]
balancer: {product: haproxy, algorithm: leastconn, sticky: {cookie: SRV, mode: insert, indirect: true, nocache: false, maxidle: 5m, attr: Priority=High}, retries: 2, health-check: {every: 2s, fall: 3, rise: 2}, redispatch: true}
clients: [{name: x, kind: browser, count: 3, source: 198.51.100.7, jar: shared, path: /a, think-time: 1s, session: {requests: 0}, headers: {X-A: b}}, {name: y, kind: websocket, message: '{"topic": "{ms}"}', send: on-open}, {name: z, kind: websocket, message: 5, send: every, message-every: 1s}]
timeline: [{at: 1s, stop: a}, {at: 2s, start: a}, {at: 3s, drain: b}, {at: 4s, take-cookies: all}, {at: 5s, cut: y}]
lanes: [{name: "off", sticky: none}, {name: on}, {name: other, algorithm: roundrobin}]
"""]
good.append("""version: 1
replicas: [{name: a, redirect: c}, {name: b, backup: true}, {name: c, route: c, spare: true, backup: false}]
balancer: {product: apache}
clients: [{name: x, kind: curl}]
""")
good.append('''version: 1
path-cookies: 200
replicas: [{name: a, answer-size: 5000, faults: {latency: {add: 5ms, jitter: 1ms}, errors: {share: 0.5}, slow-start: {times: 4, for: 1s}, flood: {connections: 3}}}, {name: b, faults: {}}]
balancer: {product: nginx, answer-timeout: 2s, health-check: {every: 2s, timeout: 1s}}
clients: [{name: x, kind: load, jar: shared, daily: [{at: 8h, rate: 0/s}, {at: 12h, rate: 2/m}]}, {name: y, kind: load, bursts: {every: 10s, requests: 5}}, {name: z, kind: curl, trace: times.txt}, {name: w, kind: browser, logout: {after: 3, clears: session}, quotes: stripped}, {name: v, kind: browser, logout: {after: 3}}, {name: u, kind: socketio, upgrade-after: 3, connection-lifetime: 1m}]
timeline: [{at: 1s, black-hole: a}, {at: 1s, latency: {of: all, add: 1s}}, {at: 1s, errors: {of: a, status: 503, share: 1, for: 3s}}, {at: 1s, reset: all}, {at: 1s, reset: {of: b, share: 0.25}}, {at: 1s, pause: b}, {at: 1s, resume: b}, {at: 2s, mend: all}, {at: 2s, mend: {of: a, fault: latency}}, {at: 2s, crash: {of: a, for: 2s}}, {at: 2s, flood: {of: a, connections: 9}}, {at: 3s, bandwidth: {of: a, octets-per-second: 10}}, {at: 3s, limit-data: {of: a, octets: 0}}, {at: 3s, slicer: {of: a, octets: 9, pause: 2ms}}, {at: 3s, slow-close: {of: all, delay: 1s, for: 3s}}, {at: 3s, mend: {of: a, fault: slow-close}}, {at: 3s, slow-start: {of: a, times: 2.5, for: 1m}}, {at: 4s, scale-to-zero: all}, {at: 4s, remove: a}, {at: 4s, start: a}, {at: 4s, rolling-update: all}, {at: 4s, rolling-update: {}}, {at: 4s, rolling-update: {every: 5s, drain: 0s, starts-in: 1s, addresses: same}}, {at: 9s, rolling-update: {addresses: new}}, {at: 4s, weight: {of: a, to: 0}}, {at: 4s, weight: {of: all, to: 1000}}, {at: 5s, tamper-cookies: all}, {at: 5s, share-cookies: {from: w, to: all}}, {at: 5s, expire-cookies: w}, {at: 5s, close-browser: w}, {at: 5s, delete-sticky-cookie: w}, {at: 5s, swap-cookies: {of: w, with: x}}]
''')
good.append("""version: 1
replicas: [{name: a}]
balancer: {product: traefik, sticky: {cookie: 'a b;c', same-site: Whatever}}
clients: [{name: x, kind: curl}]
""")
for folder, _, names in sorted(os.walk(os.path.join(root, "resources/scenarios"))):
    for name in sorted(name for name in names if name.endswith(".yaml")):
        with open(os.path.join(folder, name)) as file:
            good.append(file.read())

base = {"version": "1", "replicas": "[{name: a}, {name: b}]", "balancer": "{product: traefik}",
        "clients": "[{name: x, kind: curl}]"}


def document(**changes):
    merged = {**base, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return "".join(f"{key}: {value}\n" for key, value in merged.items() if value is not None)


def replica(text):
    return document(replicas="[{name: a, " + text + "}]")


def client(text, kind="curl"):
    return document(clients="[{name: x, kind: " + kind + ", " + text + "}]")


def balancer(text):
    return document(balancer="{product: traefik, " + text + "}")


def sticky(text):
    return balancer("sticky: {" + text + "}")


bad = [document(**{key: None}) for key in base]
bad += [document(version=value) for value in ("0", "2", "x", '"1"', "[]", "true")]
bad += [document(title=value) for value in ("[]", "{}", "null", '""', '"a\\tb"')]
bad += [document(seed=value) for value in ("-1", "x", "1.5", "9223372036854775808", "[]", "true")]
bad += [document(duration=value) for value in ("5", "5 s", "-1s", "1.s", ".5s", "1d", "s", "[]", "null")]
bad += [document(starts=value) for value in ("2026", "2026-01-01", "2026-01-01T00:00:00", "[]")]
bad += [document(origin=value) for value in ("app.example", "ftp://x", "[]")]
bad += [document(session_cookie=value) for value in ("a b", "[]")]
bad += [document(**{"assert": value}) for value in ("[]", "[a]", "on.stickiness > 1", "[on.stickiness]")]
bad += [document(lanes=value) for value in ("[{name: a, with: x}]", "[{name: a, with: {seed: 1}}]", "[{name: a, with: {}, product: haproxy}]")]
bad += [document(travel=value) for value in ("x", "1", "{}")]
bad += [document(replicas=value) for value in ("[]", "{}", "x", "[{}]", "[a]", "[{name: [a]}]", "null",
                                              '[{name: ""}]', "[{name: -a}]", "[{name: a b}]")]
bad += [replica(text) for text in ("weight: -3", "weight: 1001", "weight: x", 'weight: "1"', "slots: 0", "slots: 1.5",
                                   "queue: -1", "queue: 1000001", "sessions: disk", "service-time: 5",
                                   "service-time: {mean: 1s}", "service-time: {exponential: 1}", "service-time: {}",
                                   "service-time: {uniform: [1s]}", "service-time: {lognormal: {mean: 1s}}",
                                   "service-time: {constant: 1s, exponential: 1s}", "colour: red",
                                   "address: a b", "leaves: 1", "zone: a b", "backup: 1", "spare: 1", "spare: true, backup: true", "redirect: a b", "redirect: []", "address: http://a", "route: a b", "route: []", "joins: 1")]
bad += [replica(text) for text in ("answer-size: -1", "faults: []", "faults: {crash: {for: 1s}}", "faults: {latency: {}}", "faults: {latency: 1s}",
                                   "faults: {errors: {share: 2}}", "faults: {errors: {status: 302}}", "faults: {reset: {of: a}}", "faults: {slow-start: {times: 2}}",
                                   "faults: {slow-start: {times: 0.5, for: 1s}}", "faults: {flood: {connections: 0}}", "faults: {bandwidth: {octets-per-second: 0}}", "faults: {slicer: {octets: 5}}", "faults: {slicer: {octets: 0, pause: 1s}}", "faults: {slicer: {octets: 5, pause: 0s}}", "faults: {slow-close: {delay: 0s}}", "faults: {slow-close: {}}", "faults: {colour: {}}")]
bad += [client(text) for text in ("daily: []", "daily: [{at: 1h}]", "daily: [{rate: 1/s}]", "daily: [{at: 1h, rate: 0/s}]", "daily: [{at: 1h, rate: 5}]", "bursts: 5", "bursts: {every: 1s}",
                                  "bursts: {every: 0s, requests: 1}", "bursts: {every: 1s, requests: 0}", "trace: ../x", "trace: a/b", "trace: [x]", "rate: 1/s, trace: x", "daily: [{at: 1h, rate: 1/s}], bursts: {every: 1s, requests: 2}",
                                  "trace: x, burst: 2", "logout: 3", "logout: {}", "logout: {after: 0}", "logout: {after: 1, clears: nothing}", "quotes: no")]
bad += [client("upgrade-after: 2"), client("upgrade-after: 0", "socketio"), client("upgrade-after: 2, rate: 1/s", "socketio"), client("upgrade-after: 2, burst: 3", "socketio"), client("upgrade-after: 2", "websocket")]
bad += [client("think-time: 1s", "load"), client("bursts: {every: 1s, requests: 2}", "websocket")]
bad += [document(path_cookies=value) for value in ("-1", "4001", "x")]
bad += [balancer(text) for text in ("answer-timeout: 5", "answer-timeout: 0s", "health-check: {every: 2s, timeout: 0s}", "health-check: {every: 2s, timeout: 1}")]
bad += [document(timeline="[{at: 1s, " + value + "}]") for value in
        ("latency: a", "latency: {of: a}", "latency: {add: 1s}", "latency: {of: a, add: 1}", "errors: {of: a, share: 1.5}", "errors: {of: a, status: 200}", "crash: a", "crash: {of: a, for: 0s}",
         "flood: {of: a}", "flood: a", "pause: {for: 1s}", "pause: [a]", "black-hole: {of: a, add: 1s}", "scale-to-zero: a", "remove: {of: a}", "rolling-update: a", "rolling-update: []", "rolling-update: {every: 0s}", "rolling-update: {every: 5}", "rolling-update: {addresses: old}", "rolling-update: {of: a}", "weight: a", "weight: {of: a}", "weight: {of: a, to: -1}", "weight: {of: a, to: 1001}", "weight: {of: a, to: 1.5}", "mend: {of: a}", "mend: {of: a, fault: x}", "share-cookies: a", "share-cookies: {from: x}", "swap-cookies: x", "swap-cookies: {of: x}", "swap-cookies: {of: x, with: x, from: x}", "tamper-cookies: [x]", "slow-start: {of: a, times: 2}")]
bad += [document(balancer=value) for value in ("{}", "[]", "{product: x}", "{product: [traefik]}", "traefik")]
bad += [document(balancers=value) for value in ("[]", "{}", "[{}]", "[{product: traefik}]", "[{name: l}]", "[{name: balancer, product: traefik}]", "[{name: l, product: x}]", "[{name: l, product: traefik, servers: []}]", "[{name: l, product: traefik, weight: -1}]")]
bad += [document(balancers="[{name: l, product: traefik}]", routes=value) for value in ("[]", "{}", "[{}]", "[{to: l, path: a}]", "[{to: l, host: a b}]", "[{to: l, colour: red}]")]
bad += [balancer(text) for text in ("name: x", "weight: 2", "servers: a", "sessions: mine", "zones: []", "circuit-breaker: 1", "max-requests: 0", "slowstart: 5","count: 0", "count: 17", "per: packet", "retries: 1.5", "retries: 101", "persist: 1", "sticky: x", "sticky: []", "health-check: {}", "health-check: 2s",
                                    "health-check: {every: 2}", "health-check: {every: 2s, fall: 0}",
                                    "redispatch: on", "algorithm: [wrr]", "colour: 1")]
bad += [document(balancer="{product: " + product + ", sticky: {" + text + "}}") for product in ("haproxy", "nginx") for text in ("cookie: a b", "cookie: 'a;b'", "same-site: Lax")]
bad += [sticky(text) for text in ("path: x", "secure: yes", "same-site: [Lax]",
                                  "http-only: 1", "max-age: 5", "mode: other", "maxidle: 5", "attr: 'a;b'", "attr: [a]", "dynamic-cookie-key: ''", "colour: 1", "cookie: [a]")]
bad += [document(clients=value) for value in ("[]", "{}", "[{}]", "[{name: x}]", "[{kind: curl}]")]
bad += [client(text) for text in ("origin: /a", "origin: []","count: 0", "count: 100001", "jar: mine", "path: a", "rate: 5", "paths: []", "paths: [a]", "page: x", "credentials: no", "third-party-cookies: no", "burst: 0", "keep-alive: 0", "source: here", "source: [1]", "rate: 0/s",
                                  "rate: 1/d", "every: 1", "session: 20", "session: {}", "session: {requests: -1}",
                                  "think-time: 1s, rate: 1/s", "rate: 1/s, every: 1s", "message-every: 1s", "message: x", "send: never",
                                  "headers: []", "headers: {a: [b]}", "cookie-file: /etc/passwd", "cookie-file: ../x")]
bad += [client(text, "websocket") for text in ("message: {topic: x}", "message: []", 'message: ""', "message: '" + 8001 * "x" + "'",
                                               "send: now", "send: [never]", "send: true", "send: 500ms")]
bad += [client("jar: own", "rest"), client("rate: 1/s", "websocket"), client("count: 1", "phone")]
bad += [document(timeline=value) for value in ("{}", "[{}]", "[{at: 1s}]", "[{stop: a}]", "[{at: 1, stop: a}]",
                                              "[{at: 1s, stop: a, start: b}]", "[{at: 1s, reload: balancer, with: x}]", "[{at: 1s, stop: a, with: {}}]", "[{at: 1s, with: {}}]", "[{at: 1s, reload: a b}]", "[{at: 1s, explode: a}]")]
bad += [document(lanes=value) for value in ("[]", "{}", "[{}]", "[{name: a, sticky: x}]", "[{name: a, product: x}]",
                                           "[{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]")]

failures = []
with tempfile.TemporaryDirectory() as scratch:
    def agree(text, expected):
        path = os.path.join(scratch, "case.sticky.yaml")
        with open(path, "w") as file:
            file.write(text)
        ours = subprocess.run([program, "check", path], capture_output=True, timeout=30)
        theirs = validator.is_valid(yaml.load(text, Loader=CoreSchema))
        if (ours.returncode == 0) != expected or theirs != expected:
            failures.append(f"expected {expected}, parser {ours.returncode == 0}, schema {theirs}: {text!r} {ours.stderr!r}")

    for text in good:
        agree(text, True)
    for text in bad:
        agree(text, False)
for failure in failures:
    print("FAILED", failure)
if len(bad) < 100:
    failures.append("fewer than 100 bad files")
print(f"{len(good) + len(bad) - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
