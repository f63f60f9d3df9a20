# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope lab` and `run --world lab` as a user meets them: lab_verb.py PROGRAM SOURCES."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

program, root = map(os.path.abspath, sys.argv[1:3])
scenario = os.path.join(root, "resources/scenarios/three-replicas.sticky.yaml")


def expect(what, holds, seen=""):
    if not holds:
        sys.exit(f"FAILED: {what}: {seen}")


def ask(address, cookie=None):
    request = urllib.request.Request(address + "/hostname", headers={"User-Agent": "curl/8"})
    if cookie:
        request.add_header("Cookie", cookie)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["hostname"], answer.headers["Set-Cookie"]


with tempfile.TemporaryDirectory() as folder:
    lab = subprocess.Popen([program, "lab", scenario, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           cwd=folder)
    try:
        lanes = json.loads(lab.stdout.readline())["lanes"]
        expect("two lanes of three replicas", [(lane["name"], len(lane["replicas"])) for lane in lanes]
               == [("off", 3), ("on", 3)], lanes)
        off, on = (lane["address"] for lane in lanes)
        expect("off flickers", len({ask(off)[0] for _ in range(6)}) >= 2)
        first, cookie = ask(on)
        kept = cookie.split(";")[0]
        expect("on stays", {ask(on, kept)[0] for _ in range(6)} == {first})
        mine = []
        while len(mine) < 13:
            line = lab.stdout.readline().decode()
            if " GET /hostname 200 server-" in line:
                mine.append(line)
        expect("a line for each request, with the lane and why", mine[0].startswith("off 127.0.0.1:")
               and " fresh " in mine[0] and any(line.startswith("on ") and " valid " in line for line in mine), mine)
        before = time.monotonic()
        lab.send_signal(signal.SIGTERM)
        lab.stdout.read()
        expect("it ends cleanly", lab.wait(timeout=10) == 0, lab.stderr.read())
        expect("within a second", time.monotonic() - before < 1, time.monotonic() - before)
    finally:
        lab.kill()
        lab.wait()
    expect("nothing is left behind", os.listdir(folder) == [])
    try:
        ask(on)
        expect("the port is free", False)
    except OSError:
        pass

result = subprocess.run([program, "run", scenario, "--world", "lab", "--for", "4s", "--json", "-"],
                        capture_output=True, timeout=60, check=True)
document = json.loads(result.stdout)
model = json.loads(subprocess.run([program, "run", scenario, "--for", "4s", "--json", "-"], capture_output=True,
                                  timeout=60, check=True).stdout)
expect("the same document as the model's", document["world"] == "lab"
       and [list(lane) for lane in document["lanes"]] == [list(lane) for lane in model["lanes"]], document)
expect("something was answered", all(lane["answered"] > 0 for lane in document["lanes"]), document)

for lane in document["lanes"]:
    counts = lane["reconciliation"]
    expect("clients, balancer and servers count the same",
           all("came when the run had ended" in one for one in counts["differences"]), counts)
    expect("request by request", counts["joined"] >= lane["answered"], counts)
    for row, replica in zip(counts["replicas"], lane["replicas"]):
        expect("server by server", row["clients"] == row["balancer"] == row["replica"] >= replica["requests"], (row, replica))
expect("the model has nobody to compare with", model["lanes"][0]["reconciliation"] is None)

against = subprocess.run([program, "run", scenario, "--world", "lab", "--against-model", "--sticky", "on", "--for", "4s", "--json", "-"],
                         capture_output=True, timeout=60, check=True)
document = json.loads(against.stdout)
expect("the model beside the real thing", document["world"] == "virtual, lab"
       and [lane["name"] for lane in document["lanes"]] == ["model", "real"], document)
agreement = document["comparison"]["agreement"]
expect("they agree", agreement["more_than_chance"] is False and agreement["clients"] >= 5
       and agreement["stickiness"]["real"] == 1 and len(agreement["shares"]) == 3, agreement)
for arguments, said in ((["--world", "lab"], b"--sticky off or --sticky on"), (["--sticky", "on"], b"needs --world lab")):
    refused = subprocess.run([program, "run", scenario, "--against-model"] + arguments, capture_output=True, timeout=60)
    expect("one line where there is nothing to compare", refused.returncode == 2 and refused.stderr.count(b"\n") == 1
           and said in refused.stderr, refused.stderr)

https = subprocess.run([program, "lab", "-"], capture_output=True, timeout=60, input=b"version: 1\n"
                       b"origin: https://app.example\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
                       b"clients: [{name: x, kind: curl}]\n")
expect("one line where it cannot be", https.returncode == 2 and https.stderr.count(b"\n") == 1
       and b"plain http" in https.stderr, https.stderr)
