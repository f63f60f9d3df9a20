# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What six real balancers count of a live run, beside what its clients met: balancer_counts.py PROGRAM TRAEFIK ENVOY."""
import json
import os
import subprocess
import sys
import tempfile

from peers import Apache, Caddy, Envoy, Haproxy, Nginx, Replica, Traefik, expect

program, traefik, envoy = map(os.path.abspath, sys.argv[1:4])
replicas = [Replica(program, f"server-{number}") for number in (1, 2, 3)]
SCENARIO = """version: 1
duration: 2500ms
target: http://127.0.0.1:{port}/hostname
replicas: [{{name: server-1}}]
balancer: {{product: plain, sticky: {{}}}}
clients: [{{name: c, kind: rest, count: 4, think-time: {{exponential: 50ms}}}}]
"""


def counted(balancer, address):
    """The lane's document with what was counted beside it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "live.sticky.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCENARIO.format(port=balancer.port))
        ran = subprocess.run([program, "run", path, "--world", "live", "--rate", "200/s", "--statistics", address, "--json", "-"],
                             capture_output=True, text=True, timeout=60)
    expect("it runs", ran.returncode == 0, ran.stderr)
    return json.loads(ran.stdout)["lanes"]


def agrees(title, balancer, address, servers):
    """`servers`: how the balancer calls ours; empty where it counts all together."""
    lanes = counted(balancer, address)
    counts = lanes[0]["reconciliation"]
    answered = sum(lane["answered"] for lane in lanes)
    expect(f"{title}: many were answered", answered > 30, answered)
    expect(f"{title}: its counts are of all lanes together", counts["scope"] == "all lanes" and lanes[1]["reconciliation"] is None, counts)
    rows = {row["name"]: row for row in counts["replicas"]}
    seen = sum(row["clients"] or 0 for row in rows.values())
    expect(f"{title}: balancer and clients count the same", counts["balancer_total"] == seen >= answered
           and all("came when the run had ended" in one for one in counts["differences"]), counts)
    expect(f"{title}: the clients know their servers", {"server-1", "server-2", "server-3"} <= set(rows), rows)
    expect(f"{title}: it tells its servers apart", sum(rows[name]["balancer"] for name in servers) == (seen if servers else 0), rows)
    print(f"{title}: {seen} and {counts['balancer_total']} ({counts['balancer_source']})")


addresses = [f"127.0.0.1:{replica.port}" for replica in replicas]
trials = [
    ("HAProxy", lambda: Haproxy(replicas, cookie="", frontend="stats uri /stats"), "http://127.0.0.1:{0.port}/stats;csv", [r.name for r in replicas]),
    ("HAProxy's socket", lambda: Haproxy(replicas, cookie=""), "{0.folder}/socket", [r.name for r in replicas]),
    ("nginx", lambda: Nginx(replicas, upstream="", uid="location = /status { stub_status; }"), "http://127.0.0.1:{0.port}/status", []),
    ("Traefik", lambda: Traefik(traefik, replicas, sticky=False), "http://127.0.0.1:{0.api}/metrics", ["app@file"]),
    ("Envoy", lambda: Envoy(envoy, replicas, check=False), "http://127.0.0.1:{0.admin}/clusters?format=json", addresses),
    ("Envoy's text", lambda: Envoy(envoy, replicas, check=False), "http://127.0.0.1:{0.admin}/clusters", addresses),
    ("Caddy", lambda: Caddy(replicas, policy="round_robin", options="servers {\n metrics\n }"), "http://127.0.0.1:{0.admin}/metrics", []),
    ("Apache", lambda: Apache(replicas, proxy_set="", cookie=""), "http://127.0.0.1:{0.port}/balancer-manager?xml=1", addresses),
]
try:
    for title, start, address, servers in trials:
        balancer = start()
        try:
            agrees(title, balancer, address.format(balancer), servers)
        finally:
            balancer.stop()
    balancer = Haproxy(replicas, cookie="")
    try:
        lanes = counted(balancer, f"http://127.0.0.1:{balancer.port}/hostname")
        expect("a page that is no statistics is named", lanes[0]["answered"] > 0
               and "could not be read: it is none of these" in lanes[0]["reconciliation"]["differences"][0], lanes[0]["reconciliation"])
        lanes = counted(balancer, "/nowhere/to/be/found")
        expect("a socket that is not there is named", lanes[0]["answered"] > 0
               and "could not be read: " in lanes[0]["reconciliation"]["differences"][0], lanes[0]["reconciliation"])
    finally:
        balancer.stop()
finally:
    for replica in replicas:
        replica.kill()
