# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario with faults, run on real sockets as a user runs it: faults_verb.py PROGRAM."""
import json
import os
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
SCENARIO = """version: 1
duration: 6s
replicas:
  - {name: well, service-time: 1ms}
  - {name: ill, service-time: 1ms, faults: {errors: {status: 503, for: 2s}}}
  - {name: gone, service-time: 1ms}
balancer: {product: %s}
clients: [{name: curl, kind: curl, count: 4, jar: none, every: 100ms}]
lanes: [{name: one}]
timeline:
  - {at: 2500ms, crash: {of: gone, for: 1s}}
  - {at: 4s, limit-data: {of: ill, octets: 100, for: 1s}}
%s"""


def expect(what, holds, seen=""):
    if not holds:
        sys.exit(f"FAILED: {what}: {seen}")


def run(text, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "faults.sticky.yaml"), "w") as file:
            file.write(text)
        return subprocess.run([program, "run", file.name, "--json", "-", *arguments], cwd=folder,
                              capture_output=True, timeout=60)


done = {world: run(SCENARIO % ("traefik", ""), "--world", world) for world in ("lab", "virtual")}
lanes = {}
for world, result in done.items():
    expect(f"{world} runs", result.returncode == 0, result.stderr)
    lanes[world] = json.loads(result.stdout)["lanes"][0]
real, model = lanes["lab"], lanes["virtual"]
expect("some 240 requests", 100 <= real["requests"] <= 250, real["requests"])
expect("cut answers fail, as in the model", real["failures"].get("truncated-answer", 0) > 0
       and model["failures"].get("truncated-answer", 0) > 0, (real["failures"], model["failures"]))
for lane in (real, model):
    gone = next(one for one in lane["replicas"] if one["name"] == "gone")
    well = next(one for one in lane["replicas"] if one["name"] == "well")
    expect("who crashed has answered less", 0 < gone["requests"] < well["requests"], lane["replicas"])
for row in real["reconciliation"]["replicas"]:
    # Who crashes may have answered to nobody.
    expect("all three count the same", row["name"] == "gone" or row["clients"] == row["balancer"] == row["replica"], real["reconciliation"])

# HAProxy's own program before the same servers.
program_run = run(SCENARIO % ("haproxy", "  - {at: 5300ms, scale-to-zero: all}\n"), "--world", "lab", "--real-balancer")
expect("a program's lane runs", program_run.returncode == 0, program_run.stderr)
lane = json.loads(program_run.stdout)["lanes"][0]
expect("what its servers cut, its clients miss", lane["failures"].get("truncated-answer", 0) > 0, lane["failures"])
expect("and without servers it answers itself", lane["failures"].get("balancer-503", 0) > 0, lane["failures"])

reload = "  - {at: 5s, reload: balancer}\n"
refused = run(SCENARIO % ("haproxy", reload), "--world", "lab", "--real-balancer")
expect("one line for what a program cannot", refused.returncode == 2 and refused.stderr.count(b"\n") == 1
       and b"'reload' is for the model and for our own balancer" in refused.stderr, refused.stderr)
