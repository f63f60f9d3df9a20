#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is hashed: by headers, parameters, paths and cookies, each pick of the real balancers beside the model's.
  hashed.py MODEL_CROWD ENVOY PRODUCT [STICKYSCOPE_CLI]
With the last, our own balancer on real sockets plays the part of the real one."""
import random
import sys

import reporting_replica
from model_beside import Row, beside, scenario_of
from peers import Caddy, Connection, Envoy, Haproxy, Nginx, Ours, end, expect

model_program, envoy_program, product = sys.argv[1:4]
ours = sys.argv[4] if len(sys.argv) > 4 else None


chance = random.Random(5)
WORDS = ["a", "b", "alice", "bob", "", "a,b", "b, a", "%61", "x" * 200] + ["".join(chance.choices("abcdefghij0123456789-_.", k=chance.randrange(1, 30))) for _ in range(40)]
HEADERS = [("/", {"X-User": word}) for word in WORDS] + [("/", {})] * 7
QUERIES = [(f"/app?v=1&u={word}", {}) for word in WORDS if " " not in word] + [("/app?u", {}), ("/app?U=a", {}), ("/app", {}), ("/app?u=a&u=b", {}), ("/app?v=u=a", {})] * 2
PATHS = [(f"/{word}", {}) for word in WORDS if " " not in word and "%" not in word] + [("/a?x=1", {}), ("/a?x=2", {}), ("/alice?", {}), ("/b/c/d?e", {})]
COOKIES = [("/", {"Cookie": f"v=1; u={word}"}) for word in WORDS if "," not in word] + [("/", {}), ("/", {"Cookie": "v=1"}), ("/", {"Cookie": "u=a; u=b"}), ("/", {"Cookie": "U=c; u=b"})] * 2
# Where the first or the last of several is empty, HAProxy and nginx take that one all the same.
EMPTIES = [("/", {"Cookie": "u=; u=b"}), ("/", {"Cookie": "u=a; u="})] * 2
NAMED = {"header": ("hash-on: header, hash-name: X-User", HEADERS), "query": ("hash-on: query, hash-name: u", QUERIES),
         "path": ("hash-on: path", PATHS), "uri": ("hash-on: uri", PATHS), "cookie": ("hash-on: cookie, hash-name: u", COOKIES), "empty cookie": ("hash-on: cookie, hash-name: u", EMPTIES)}


def haproxy(part, balance, kind, weights, function="", mixed=False):
    whole = " ".join([kind, *([function] if function else []), *(["avalanche"] if mixed else [])])

    def make(replicas):
        return Haproxy(replicas, cookie="", balance=balance, server="", more=f"hash-type {whole}", weights=weights)
    said, asks = NAMED[part]
    kind += (f", hash-function: {function}" if function else "") + (", avalanche: true" if mixed else "")
    return Row(f"haproxy {part}, {whole}, weights {weights}", make, f"product: haproxy, algorithm: hash, hash-type: {kind}, {said}", asks, weights)


def nginx(part, variable, consistent):
    def make(replicas):
        return Nginx(replicas, upstream=f"hash {variable}{' consistent' if consistent else ''};", uid="")
    said, asks = NAMED[part]
    algorithm = "hash-consistent" if consistent else "hash"
    return Row(f"nginx {part}, {algorithm}", make, f"product: nginx, algorithm: {algorithm}, {said}", asks, asked=False)


def caddy(policy, algorithm, asks):
    def make(replicas):
        return Caddy(replicas, policy=policy, check=False)
    return Row(f"caddy {policy}", make, f"product: caddy, sticky: none, {algorithm}", asks, loose=True)


def envoy(part, entry, policy):
    def make(replicas):
        return Envoy(envoy_program, replicas, check=False, policy=policy, route={"hash_policy": [entry]})
    said, asks = NAMED[part]
    return Row(f"envoy {part}, {policy}", make, f"product: envoy, algorithm: {policy.lower()}, {said}", asks, asked=False, loose=True)


ROWS = [haproxy(part, balance, kind, weights) for kind in ("map-based", "consistent") for weights in ((1, 1, 1), (3, 2, 1))
        for part, balance in (("header", "hdr(X-User)"), ("query", "url_param u"), ("path", "uri"), ("uri", "uri whole"), ("cookie", "hash req.cook(u)"), ("empty cookie", "hash req.cook(u)"))]
ROWS += [haproxy("header", "hdr(X-User)", kind, (1, 1, 1), function, mixed) for kind in ("map-based", "consistent")
         for function in ("sdbm", "djb2", "wt6", "crc32") for mixed in (False, True)]
ROWS += [nginx(part, variable, consistent) for consistent in (False, True)
         for part, variable in (("header", "$http_x_user"), ("query", "$arg_u"), ("path", "$uri"), ("uri", "$request_uri"), ("cookie", "$cookie_u"), ("empty cookie", "$cookie_u"))]
ROWS += [caddy("header X-User", "algorithm: header, hash-name: X-User", HEADERS), caddy("uri_hash", "algorithm: uri_hash", PATHS)]
ROWS += [envoy(part, entry, policy) for policy in ("RING_HASH", "MAGLEV")
         for part, entry in (("header", {"header": {"header_name": "X-User"}}), ("query", {"query_parameter": {"name": "u"}}), ("uri", {"header": {"header_name": ":path"}}),
                             ("cookie", {"cookie": {"name": "u"}}))]


def ask(port, path, headers):
    connection = Connection(port)
    connection.request("GET", path, headers={"Host": "localhost", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.getheader("X-Replica")


def has_key(row, path, headers):
    given = path.partition("?")[2].split("&") + headers.get("Cookie", "").split("; ")
    return row.asks is PATHS or bool(headers.get("X-User")) or any(one.startswith("u=") and len(one) > 2 for one in given)


def play(row):
    replicas = reporting_replica.replicas(3)
    make = (lambda replicas: Ours(ours, replicas, scenario_of(row, replicas))) if ours else None
    with beside(model_program, row, replicas, make) as (balancer, model):
        for path, headers in row.asks:
            wanted = model.tell(once="one", path=path, headers=headers)["one"].split()[-1]
            got = ask(balancer.port, path, headers)
            anywhere = row.loose and not has_key(row, path, headers)
            expect(f"{row.title}: {path} {headers}", got == wanted or anywhere, {"model": wanted, "ours" if ours else "real": got})


for row in ROWS:
    if row.title.startswith(product):
        play(row)
end()
