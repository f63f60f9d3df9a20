#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that ends its side in order while it waits for an answer (as curl does when it is interrupted): whether a real balancer goes on for it
or lets go of the server, and whether ours does as it does.
  half_closed.py STICKYSCOPE_CLI TRAEFIK ENVOY"""
import select
import socket
import sys

from held import holding_replicas
from model_beside import Row, scenario_of
from peers import Apache, Caddy, Envoy, Haproxy, Nginx, Ours, Traefik, end, expect, wait_until

cli, traefik_program, envoy_program = sys.argv[1:4]
ANSWERS, ENDS = "goes on: 200", "ends: "
ROWS = [(Row("haproxy", lambda replicas: Haproxy(replicas, cookie=""), "product: haproxy, sticky: none", []), ANSWERS),
        (Row("apache", lambda replicas: Apache(replicas, method="byrequests"), "product: apache, algorithm: byrequests, sticky: none", []), ANSWERS),
        (Row("nginx", lambda replicas: Nginx(replicas, upstream="", uid=""), "product: nginx, sticky: none", []), ENDS),
        (Row("traefik", lambda replicas: Traefik(traefik_program, replicas, sticky=False, check=False), "product: traefik, sticky: none", []), ENDS + "499"),
        (Row("envoy", lambda replicas: Envoy(envoy_program, replicas, check=False), "product: envoy, sticky: none", []), ENDS),
        (Row("caddy", lambda replicas: Caddy(replicas, policy="round_robin", check=False), "product: caddy, algorithm: round_robin, sticky: none", []), ENDS + "200")]


def told(port, replica, step, at_once):
    """What a client hears that has ended its side once its request was there, or together with it."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(f"GET /hold HTTP/1.1\r\nHost: localhost\r\nX-Step: {step}\r\n\r\n".encode())
        if not at_once:
            wait_until(f"{step} is at its server", lambda: step in replica.present)
        client.shutdown(socket.SHUT_WR)
        # Two seconds are long enough for all that let go.
        ends = bool(select.select([client], [], [], 2)[0])
        if not ends:
            wait_until(f"{step} is at its server", lambda: step in replica.present)
            replica.present[step].set()
        return ("ends: " if ends else "goes on: ") + client.recv(12)[-3:].decode()


for row, wanted in ROWS:
    for who in ("the real one", "ours"):
        replicas = holding_replicas(1)
        balancer = row.make(replicas) if who == "the real one" else Ours(cli, replicas, scenario_of(row, replicas))
        for step, at_once in (("first", False), ("second", True)):
            heard = told(balancer.port, replicas[0], f"{row.title} {step}", at_once)
            expect(f"{row.title}, {who}, {step}: it {wanted}", heard == wanted, heard)
        balancer.stop()
        for replica in replicas:
            replica.close()
end()
