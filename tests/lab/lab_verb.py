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

https = subprocess.run([program, "lab", "-"], capture_output=True, timeout=60, input=b"version: 1\n"
                       b"origin: https://app.example\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
                       b"clients: [{name: x, kind: curl}]\n")
expect("one line where it cannot be", https.returncode == 2 and https.stderr.count(b"\n") == 1
       and b"plain http" in https.stderr, https.stderr)
