# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real balancers in a lab, without and with sticky cookies: programs.py PROGRAM TRAEFIK ENVOY."""
import json
import os
import subprocess
import sys
import tempfile

program, traefik, envoy = map(os.path.abspath, sys.argv[1:4])
WHERE = {"traefik": ["--program", traefik], "envoy": ["--program", envoy]}
SCENARIO = """version: 1
title: A real balancer
duration: 4s
replicas:
  - {{name: server-1, service-time: 5ms}}
  - {{name: server-2, service-time: 5ms}}
  - {{name: server-3, service-time: 5ms}}
balancer:
  product: {product}
  sticky: {{}}
clients:
  - {{name: client, kind: browser, count: 5, think-time: {{exponential: 100ms}}}}
lanes:
  - {{name: "off", sticky: none}}
  - {{name: "on"}}
"""


def expect(what, holds, seen=""):
    if not holds:
        sys.exit(f"FAILED: {what}: {seen}")


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "real.sticky.yaml")
    for product in ("haproxy", "nginx", "traefik", "envoy", "caddy", "apache"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCENARIO.format(product=product))
        ran = subprocess.run([program, "run", path, "--world", "lab", "--real-balancer", "--json", "-"] + WHERE.get(product, []),
                             capture_output=True, text=True, timeout=60,
                             env={**os.environ, "XDG_RUNTIME_DIR": folder})
        expect(f"{product} runs", ran.returncode == 0, ran.stderr)
        off, on = json.loads(ran.stdout)["lanes"]
        for lane in (off, on):
            expect(f"{product}: requests are answered", lane["answered"] > 50 and lane["failed"] == 0, lane)
            counts = lane["reconciliation"]
            expect(f"{product}: its own statistics agree with clients and servers",
                   all(row["clients"] == row["balancer"] == row["replica"] for row in counts["replicas"])
                   and counts["joined"] >= lane["answered"], counts)
            expect(f"{product}: its reasons are inferred", lane["ledger_kind"] == "inferred", lane["ledger_kind"])
        expect(f"{product}: clients wander without its cookie", off["stickiness"] < 0.9, off["stickiness"])
        expect(f"{product}: and stay with it", on["stickiness"] == 1 and on["met"] == 1, on)
        # By the name that the model knows its cookie by, where the scenario gives none.
        honoured = sum(replica["ledger"]["honoured"] for replica in on["replicas"])
        expect(f"{product}: its cookie is known, and seen to be honoured", honoured > on["answered"] / 2, on["replicas"])
        print(f"{product}: {off['answered']} and {on['answered']} answers, stickiness {off['stickiness']:.2f} and {on['stickiness']:.2f}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCENARIO.format(product="istio"))
    refused = subprocess.run([program, "lab", path, "--real-balancer"], capture_output=True, text=True, timeout=60)
    expect("what has no program says which have", refused.returncode == 2 and "only for haproxy" in refused.stderr, refused.stderr)
