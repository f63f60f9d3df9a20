#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live clients and replicas for a long time: memory and descriptors stay where they were, and nothing fails."""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
from peers import Haproxy, Replica, die_with_us, expect, end  # noqa: E402

program, seconds = sys.argv[1], int(sys.argv[2])


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


replicas = [Replica(program, f"server-{number}") for number in (1, 2, 3)]
haproxy = Haproxy(replicas)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "soak.sticky.yaml")
    with open(path, "w") as file:
        file.write(f"version: 1\nduration: {seconds}s\ntarget: http://localhost:{haproxy.port}/hostname\nreplicas: [{{name: a}}]\n"
                   "balancer: {product: haproxy}\nclients:\n"
                   "  - {name: browsers, kind: browser, count: 30, think-time: {exponential: 200ms}}\n"
                   "  - {name: callers, kind: rest, count: 10, think-time: {exponential: 100ms}}\n"
                   "  - {name: streams, kind: websocket, path: /streaming, count: 20, connection-lifetime: {exponential: 3s}, think-time: 100ms}\n")
    run = subprocess.Popen([program, "run", path, "--world", "live", "--rate", "400/s", "--json", "-"],
                           stdout=subprocess.PIPE, preexec_fn=die_with_us)
    watched = {"clients": run.pid, **{replica.name: replica.process.pid for replica in replicas}}
    time.sleep(min(60, seconds / 4))  # until all is warm
    before = {name: (resident(pid), descriptors(pid)) for name, pid in watched.items()}
    deadline = time.monotonic() + seconds / 2
    while time.monotonic() < deadline:
        time.sleep(1)
    for name, pid in watched.items():
        memory, open_files = resident(pid), descriptors(pid)
        print(f"{name}: {before[name][0]} kB to {memory} kB, {before[name][1]} descriptors to {open_files}", flush=True)
        expect(f"{name}: memory stays", memory < before[name][0] + 16_000, (before[name][0], memory))
        expect(f"{name}: descriptors stay", open_files < before[name][1] + 150, (before[name][1], open_files))
    document = json.loads(run.communicate(timeout=seconds)[0])
    for lane in document["lanes"]:
        print(lane["name"], lane["requests"], "requests,", lane["messages"], "messages, failures", lane["failures"], flush=True)
        expect(lane["name"] + ": nothing failed", lane["failed"] == 0, lane["failures"])
    expect("with sticky cookies clients stayed", document["lanes"][1]["kinds"][0]["stickiness"] == 1, document["lanes"][1]["kinds"])
haproxy.stop()
for replica in replicas:
    replica.kill()
end()
