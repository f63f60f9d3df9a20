# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scenario's clients do, by `run --world lab`, on the command line: clients_verb.py PROGRAM."""
import json
import os
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])


def expect(what, holds, seen=""):
    if not holds:
        sys.exit(f"FAILED: {what}: {seen}")


def written(folder, clients, more="", balancer="product: haproxy, algorithm: roundrobin"):
    path = os.path.join(folder, "clients.sticky.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""version: 1
duration: 4s
replicas: [{{name: a, service-time: 1ms}}, {{name: b, service-time: 1ms}}, {{name: c, service-time: 1ms}}]
balancer: {{{balancer}}}
clients: [{clients}]
lanes: [{{name: "on"}}]
{more}""")
    return path


def run(path, *options):
    done = subprocess.run([program, "run", path, "--world", "lab", "--json", "-", *options], capture_output=True,
                          timeout=60, check=False)
    expect("it runs", done.returncode == 0, done.stderr)
    return json.loads(done.stdout)["lanes"][0]


def refused(path, said, *verb):
    verb = verb or ("run", "--world", "lab")
    done = subprocess.run([program, *verb, path], capture_output=True, timeout=60, check=False)
    expect("one line refuses", done.returncode == 2 and done.stderr.count(b"\n") == 1 and said in done.stderr,
           done.stderr)


with tempfile.TemporaryDirectory() as folder:
    # A trace is what it is, whatever becomes of the answers.
    with open(os.path.join(folder, "times.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{0.1 * number:.1f}\n" for number in range(1, 31))
    traced = run(written(folder, "{name: trace, kind: load, count: 3, jar: own, trace: times.txt}"))
    expect("all of the trace", traced["answered"] == 30 and traced["failed"] == 0, traced)
    expect("each client sticks", traced["stickiness"] == 1 and traced["follow_ups"] > 20, traced)
    # Side by side: one burst of each client at least, before any has a cookie.
    bursts = run(written(folder, "{name: many, kind: load, count: 2, jar: own, bursts: {every: 1s, requests: 6}}"))
    expect("whole bursts", bursts["answered"] >= 36 and bursts["answered"] % 6 == 0, bursts)
    # Whose cookies are taken comes back fresh, once.
    people = "{name: people, kind: browser, count: 6, think-time: 100ms, session: {requests: 0}}"
    kept = run(written(folder, people))
    expect("nobody moves", kept["stickiness"] == 1 and kept["cookies_set"] == 6, kept)
    tampered = run(written(folder, people, "timeline: [{at: 2s, tamper-cookies: all}]"))
    expect("who tampers is given another cookie", tampered["cookies_set"] == 12, tampered)
    upgraded = run(written(folder, "{name: io, kind: socketio, count: 3, path: /socket.io/, think-time: 50ms, "
                                   "upgrade-after: 3, connection-lifetime: 500ms, message-every: 50ms}"))
    expect("WebSockets with messages", upgraded["messages"] > 10 and upgraded["failed"] == 0
           and upgraded["broken"] == 0, upgraded)
    secure = written(folder, people.replace("count", 'origin: "https://shop.example", count'))
    lane = run(secure)
    expect("over https as well", lane["answered"] > 0 and lane["failed"] == 0, lane)
    refused(secure, b"must begin with http://", "run", "--world", "lab", "--real-balancer")
    refused(written(folder, people.replace("count", "source: 203.0.113.9, count")), b"not 203.0.113.9")
    missing = written(folder, "{name: trace, kind: load, count: 3, jar: own, trace: none.txt}")
    refused(missing, b"none.txt")
    refused(missing, b"none.txt", "lab")
