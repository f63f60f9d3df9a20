#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a script uses it: exit statuses, what is printed where, bad files."""
import contextlib
import hashlib
import http.client
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

program, root = os.path.abspath(sys.argv[1]), sys.argv[2]
default = os.path.join(root, "resources/scenarios/three-replicas.sticky.yaml")


def call(*args, stdin=None, limit=None):
    def lower():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return subprocess.run([program, *args], input=stdin, capture_output=True, timeout=60,
                          preexec_fn=lower)


def one_line(result):
    lines = result.stderr.decode().splitlines()
    return len(lines) == 1 and lines[0].startswith("stickyscope: ")


result = call("run", default, "--json", "-")
document = json.loads(result.stdout)
expect("run ends with 0", result.returncode == 0)
expect("only the document is on standard output", result.stdout.startswith(b"{") and result.stderr == b"")
expect("lanes off and on", [lane["name"] for lane in document["lanes"]] == ["off", "on"])
keys = ["name", "sticky", "duration_s", "requests", "answered", "failed", "errors", "unidentified", "follow_ups",
        "stickiness", "switches", "broken", "met", "sessions", "messages", "cookies_set", "several_cookies", "imbalance",
        "latency_ms", "failures", "ledger_kind", "replicas", "clients", "kinds", "closes",
        "reconciliation"]
expect("documented keys in order", list(document["lanes"][0]) == keys, list(document["lanes"][0]))
expect("top keys", list(document) == ["scenario", "seed", "world", "trace", "lanes", "comparison"])
expect("ledger has all keys", list(document["lanes"][0]["replicas"][0]["ledger"]) ==
       ["valid", "fresh", "down", "draining", "unknown", "expired", "refused", "hash", "connection"])
expect("no trace unless asked", document["trace"] is None)
expect("ci95 stays null", document["comparison"]["stickiness"]["ci95"] is None)
for lane in document["lanes"]:
    expect("sum of replicas", sum(r["requests"] for r in lane["replicas"]) + lane["unidentified"] == lane["answered"])
    expect("kinds", [list(kind) for kind in lane["kinds"]] == [["kind", "clients", "requests", "answered", "follow_ups", "switches",
           "stickiness", "broken", "lost"]] and lane["kinds"][0]["kind"] == "browser" and lane["kinds"][0]["clients"] == 6)
    expect("no WebSocket, no close", lane["closes"] == {})
    expect("sum of clients", sum(c["requests"] for c in lane["clients"]) == lane["requests"])

again = call("run", default, "--json", "-")
expect("the same file and seed give the same bytes", again.stdout == result.stdout)
traces = {json.loads(call("run", default, "--trace", "--json", "-").stdout)["trace"] for _ in range(2)}
expect("the same trace", len(traces) == 1 and len(next(iter(traces))) == 64, traces)
other = json.loads(call("run", default, "--trace", "--seed", "8", "--json", "-").stdout)
expect("another seed, another trace", other["trace"] not in traces and other["seed"] == 8)

sockets = os.path.join(root, "resources/scenarios/websocket-reconnects.sticky.yaml")
closes = json.loads(call("run", sockets, "--json", "-").stdout)["lanes"][1]["closes"]
expect("closes by code", list(closes) == ["1000", "1006"] and 1 <= closes["1006"] <= 6, closes)
table = call("run", sockets).stdout.decode()
expect("closes in the table", f"on closed: 1000 x {closes['1000']}, 1006 x {closes['1006']}\n" in table, table)
mixed = (b"version: 1\nduration: 20s\nreplicas: [{name: a}, {name: b}]\nbalancer: {product: traefik}\n"
         b"clients: [{name: x, kind: browser}, {name: y, kind: rest}]\n")
table = call("run", "-", stdin=mixed).stdout.decode()
expect("a row a kind", "\nstayed, browser " in table and "\nstayed, rest " in table, table)
expect("an assertion about a kind", call("run", "-", "--assert", "on.kinds.browser.stickiness == 1", "--assert",
       "off.kinds.rest.stickiness < 1", "--assert", "closes.1006 == 0", stdin=mixed).returncode == 0)

for choice, names in (("off", ["off"]), ("on", ["on"]), ("both", ["off", "on"])):
    lanes = json.loads(call("run", default, "--sticky", choice, "--json", "-").stdout)["lanes"]
    expect("--sticky " + choice, [lane["name"] for lane in lanes] == names)
expect("--for", json.loads(call("run", default, "--for", "5s", "--json", "-").stdout)["lanes"][0]["duration_s"] == 5)

expect("assertions that hold", call("run", default, "--assert", "on.stickiness >= 0.9",
       "--assert", "off.stickiness < 0.6", "--assert", "on.replicas.server-1.share < 0.6",
       "--assert", "requests > 100").returncode == 0)
failed = call("run", default, "--assert", "on.stickiness < 0.5")
expect("one that does not", failed.returncode == 1 and b"does not hold: in lane on it is" in failed.stderr, failed.stderr)
expect("bare means every lane", call("run", default, "--assert", "stickiness >= 0.9").returncode == 1)
for nothing in ("on.colour > 1", "onn.stickiness > 0", "on.replicas.server-9.share > 0", "on.failures.bad-luck == 0",
                "on.latency_ms.p98 > 0", "on.replicas > 0", "sticky == 1"):
    wrong = call("run", default, "--assert", nothing)
    expect("an assertion that names nothing: " + nothing, wrong.returncode == 2 and one_line(wrong) and wrong.stdout == b"",
           (wrong.returncode, wrong.stderr))
expect("what did not occur is 0", call("run", default, "--assert", "failures.timed-out == 0", "--assert",
       "on.clients.client-1.replicas.server-1 >= 0").returncode == 0)
late = call("run", default, "--for", "1ms", "--assert", "on.latency_ms.p99 < 1000")
expect("what has no value yet does not hold", late.returncode == 1 and b"has no value" in late.stderr, late.stderr)
expect("an assertion that cannot be read", call("run", default, "--assert", "sticky!").returncode == 2)

expect("check says right", call("check", default).returncode == 0)
for name in sorted(name for name in os.listdir(os.path.dirname(default)) if name.endswith(".yaml")):
    expect("ships " + name, call("check", os.path.join(os.path.dirname(default), name)).returncode == 0)
expect("at least three ship", len([n for n in os.listdir(os.path.dirname(default)) if n.endswith(".sticky.yaml")]) >= 3)

for args in (["run"], ["run", "/does/not/exist"], ["run", default, "--sticky", "maybe"], ["run", default, "--for", "x"],
             ["nonsense"], ["check", root], ["run", default, "--unknown"]):
    wrong = call(*args)
    expect("wrong use: " + " ".join(args), wrong.returncode == 2 and one_line(wrong), wrong.stderr)
for args in (["--help"], ["run", "--help"], ["check", "--help"], ["--version"]):
    expect("help without a display: " + " ".join(args), call(*args).returncode == 0)

bad = {
    "brackets": b"[" * 10_000_000,
    "braces": b"{a: " * 2_000_000,
    "alias bomb": b"a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n",
    "cycle": b"a: &a [*a]\n",
    "not UTF-8": b"version: 1\ntitle: \xff\xfe\n",
    "empty": b"",
    "nul": b"version: 1\x00\n",
    "many keys": b"".join(b"k%d: 1\n" % n for n in range(300_000)),
    "long scalar": b"version: 1\ntitle: " + b"x" * 8_000_000 + b"\n",
    "many items": b"version: 1\nreplicas: [" + b"1," * 3_000_000 + b"]\n",
    "control": b"version: 1\ntitle: \"\\e[2J\"\n",
}
with tempfile.TemporaryDirectory() as folder:
    for name, text in bad.items():
        path = os.path.join(folder, "bad.sticky.yaml")
        with open(path, "wb") as file:
            file.write(text)
        before = time.monotonic()
        outcome = call("check", path, limit=512 << 20)
        place = outcome.stderr.decode(errors="replace").split(":")
        expect("bad input: " + name, outcome.returncode == 2 and one_line(outcome) and
               place[1].strip() == "bad.sticky.yaml" and place[2].isdigit() and place[3].isdigit(),
               (outcome.returncode, outcome.stderr[:300]))
        expect("no control characters: " + name, b"\x1b" not in outcome.stderr)
    bound = os.path.join(folder, "bound.sticky.yaml")
    with open(bound, "w") as file:
        file.write("version: 1\nduration: 10s\norigin: http://app.example\n"
                   'replicas: [{name: server-1, address: "10.0.0.1:80"}, {name: server-2, address: "10.0.0.2:80"}]\n'
                   "balancer: {product: traefik, sticky: {cookie: ws-session}}\n"
                   "clients: [{name: x, kind: curl, every: 1s, cookie-file: cookies.txt}]\nlanes: [{name: on}]\n")
    missing = call("run", bound)
    expect("a cookie file that is missing", missing.returncode == 2 and one_line(missing)
           and b"cookies.txt: there is no such file" in missing.stderr, missing.stderr)
    expect("check does not look for it", call("check", bound).returncode == 0)
    with open(os.path.join(folder, "cookies.txt"), "w") as file:
        # As Traefik names server-2.
        file.write("# Netscape HTTP Cookie File\napp.example\tFALSE\t/\tFALSE\t0\tws-session\t"
                   + hashlib.sha256(b"http://10.0.0.2:80").hexdigest()[:16] + "\n")
    lane = json.loads(call("run", bound, "--json", "-").stdout)["lanes"][0]
    expect("a cookie file binds from the first request", lane["replicas"][1]["ledger"]["valid"] == lane["requests"] > 5,
           lane["replicas"])
    with open(bound, "rb") as file:
        piped = subprocess.run([program, "run", "-", "--json", "-"], stdin=file, capture_output=True, cwd=folder, timeout=60)
    expect("from standard input the current folder counts",
           json.loads(piped.stdout)["lanes"][0]["replicas"][1]["share"] == 1, piped.stderr)
    traced = os.path.join(folder, "traced.sticky.yaml")
    with open(traced, "w") as file:
        file.write("version: 1\nduration: 10s\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
                   "clients: [{name: x, kind: load, count: 2, trace: times.txt}]\nlanes: [{name: on}]\n")
    missing = call("run", traced)
    expect("a trace that is missing", missing.returncode == 2 and one_line(missing)
           and b"times.txt: there is no such file" in missing.stderr, missing.stderr)
    expect("check does not look for it either", call("check", traced).returncode == 0)
    with open(os.path.join(folder, "times.txt"), "w") as file:
        file.write("# seconds\n0.5\n1\n1\n2.25\n30\n")
    lane = json.loads(call("run", traced, "--json", "-").stdout)["lanes"][0]
    expect("a trace's times within the duration are sent, by its clients in turn",
           [client["requests"] for client in lane["clients"]] == [2, 2], lane["clients"])
    explained = call("explain", traced, "--request", "1")
    expect("and explained", explained.returncode == 0, explained.stderr)
    with open(os.path.join(folder, "times.txt"), "w") as file:
        file.write("2\n1\n")
    wrong = call("run", traced)
    expect("a trace out of order is named by its line", wrong.returncode == 2 and one_line(wrong)
           and b"times.txt:2:1: " in wrong.stderr, wrong.stderr)
    slow = os.path.join(folder, "slow.sticky.yaml")
    with open(slow, "w") as file:
        file.write("version: 1\nduration: 200h\nreplicas: [{name: a}]\nbalancer: {product: plain}\n"
                   "clients: [{name: x, kind: curl, count: 1000, rate: 100/s}]\n")
    process = subprocess.Popen([program, "run", slow, "--json", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Ready for Ctrl-C once its handler stands: SigCgt in the process's status.
    while not int([line for line in open(f"/proc/{process.pid}/status") if line.startswith("SigCgt")][0].split()[1], 16) & 2:
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    expect("Ctrl-C ends cleanly with what is known", process.returncode == 0 and json.loads(out)["lanes"]
           and b"interrupted" in err, (process.returncode, err[:200]))

with tempfile.TemporaryDirectory() as folder:
    made = os.path.join(folder, "made.stickyscope")
    expect("a recording that is not there", call("run", made).returncode == 2)
    for arguments in ([default], [default, "--trace"], [sockets, "--seed", "9", "--for", "20s"], [default, "--sticky", "on"]):
        run = call("run", *arguments, "--record", made, "--json", "-")
        played = call("run", made, "--json", "-")
        expect("a recording plays as the run: " + " ".join(arguments[1:]), run.returncode == 0 and played.returncode == 0
               and played.stdout == run.stdout and played.stderr == b"", (run.stderr, played.stderr))
        expect("recording changes nothing", call("run", *arguments, "--json", "-").stdout == run.stdout)
    expect("one file", os.listdir(folder) == ["made.stickyscope"], os.listdir(folder))
    with contextlib.closing(sqlite3.connect(made)) as database:
        expect("read by hand", database.execute("SELECT count(*) FROM readable WHERE what = 'answered' AND lane = 'on'")
               .fetchone()[0] == json.loads(run.stdout)["lanes"][0]["answered"])
        expect("its scenario can be run", call("check", "-", stdin=database.execute("SELECT text FROM scenario")
               .fetchone()[0].encode()).returncode == 0)
    expect("assertions on a recording", call("run", made, "--assert", "on.stickiness >= 0.9").returncode == 0
           and call("run", made, "--assert", "on.stickiness < 0.5").returncode == 1
           and call("run", made, "--assert", "on.colour > 1").returncode == 2)
    traced = json.loads(call("run", made, "--trace", "--json", "-").stdout)["trace"]
    expect("its digest is the run's", traced == json.loads(call("run", default, "--sticky", "on", "--trace", "--json", "-")
           .stdout)["trace"], traced)
    for option in (["--seed", "1"], ["--for", "1s"], ["--sticky", "on"], ["--world", "virtual"], ["--record", made]):
        wrong = call("run", made, *option)
        expect("a recording is played as it was: " + option[0], wrong.returncode == 2 and one_line(wrong), wrong.stderr)

    with open(made, "rb") as file:
        octets = file.read()
    bad = {"text": b"version: 1\n", "empty": b"", "cut off": octets[:len(octets) // 2],
           "newer": octets[:60] + b"\0\0\0\x07" + octets[64:], "another program's": octets[:68] + b"\0\0\0\0" + octets[72:]}
    other = os.path.join(folder, "bad.stickyscope")
    for name, content in bad.items():
        with open(other, "wb") as file:
            file.write(content)
        wrong = call("run", other)
        expect("a bad recording: " + name, wrong.returncode == 2 and one_line(wrong), wrong.stderr)
    for name in ("text", "another program's"):
        with open(other, "wb") as file:
            file.write(bad[name])
        wrong = call("run", default, "--record", other)
        with open(other, "rb") as file:
            expect("nothing else is replaced: " + name, wrong.returncode == 2 and one_line(wrong) and wrong.stdout == b""
                   and file.read() == bad[name], wrong.stderr)
    wrong = call("run", default, "--record", os.path.join(folder, "none", "x.stickyscope"))
    expect("a folder that is not there", wrong.returncode == 2 and one_line(wrong), wrong.stderr)

    secret = os.path.join(folder, "secret.sticky.yaml")
    with open(secret, "w") as file:
        file.write("version: 1\norigin: http://tango-7:tango-7@app.example/?token=tango-7\nreplicas: [{name: a}]\n"
                   "balancer: {product: traefik}\nclients: [{name: x, kind: websocket, path: '/?key=tango-7',"
                   " headers: {Authorization: tango-7, X-Api-Key: tango-7, Cookie: sid=tango-7}, cookie-file: cookies.txt}]\n")
    with open(os.path.join(folder, "cookies.txt"), "w") as file:
        file.write("app.example\tFALSE\t/\tFALSE\t0\tsid\ttango-7\n")
    run = call("run", secret, "--record", made, "--json", "-")
    with open(made, "rb") as file:
        expect("no secret is stored", run.returncode == 0 and b"tango" not in file.read(), run.stderr)
    right, wrong = call("check", made), call("check", folder)
    expect("a recording can be checked", right.returncode == 0 and b"a recording, right" in right.stdout, right)
    expect("a folder is said to be one", wrong.returncode == 2 and one_line(wrong) and b"this is a folder" in wrong.stderr, wrong)
    expect("and it plays as the run", call("run", made, "--json", "-").stdout == run.stdout)

    # Others are let in where that is said, and by nothing else.
    for verb in (("replica", "--port", "0", "--listen", "0.0.0.0"), ("manage", secret, "--listen", "0.0.0.0:0")):
        told = call(*verb)
        expect(f"{verb[0]} is not opened to the network unasked", told.returncode == 3 and b"--open-to-network" in told.stderr, told)
    asked = subprocess.Popen([program, "replica", "--port", "0", "--limit", "request-body=3"], stdout=subprocess.PIPE)
    where = urllib.parse.urlsplit(asked.stdout.readline().decode().split()[-1])
    statuses = []
    for host, body in (("127.0.0.1", b"who"), ("::1", b"many")):
        connection = http.client.HTTPConnection(host, where.port, timeout=10)
        connection.request("POST", "/login", body)
        statuses.append(connection.getresponse().status)
        connection.close()
    asked.terminate()
    asked.communicate(timeout=60)
    expect("a replica takes its limits, at both loopback addresses", statuses[0] != 413 and statuses[1] == 413, statuses)
    # A real service: its run cannot be made again, but it can be played.
    replica = subprocess.Popen([program, "replica", "--port", "0", "--name", "server-1"], stdout=subprocess.PIPE)
    address = replica.stdout.readline().decode().split()[-1]
    with open(secret, "w") as file:
        file.write(f"version: 1\nduration: 1500ms\ntarget: '{address}?token=tango-7'\nreplicas: [{{name: a}}]\n"
                   "balancer: {product: traefik}\nclients: [{name: x, kind: browser, count: 2, think-time: 100ms,"
                   " headers: {Authorization: tango-7}}]\n")
    run = call("run", secret, "--world", "live", "--record", made, "--json", "-")
    replica.terminate()
    replica.communicate(timeout=60)
    lane = json.loads(run.stdout)["lanes"][0]
    expect("a live run is recorded", run.returncode == 0 and lane["answered"] > 0 and lane["replicas"][0]["name"] == "server-1",
           run.stderr)
    expect("and plays as it was", call("run", made, "--json", "-").stdout == run.stdout)
    with open(made, "rb") as file:
        expect("no secret of it is stored", b"tango" not in file.read())

    def small_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    full = subprocess.run([program, "run", sockets, "--for", "1h", "--record", made], capture_output=True, timeout=60,
                          preexec_fn=small_disk, restore_signals=False)
    expect("a full disk is said, and the figures are there", full.returncode == 2 and one_line(full)
           and b"cannot be written" in full.stderr and b"requests" in full.stdout, full.stderr)

    for how in (signal.SIGKILL, signal.SIGINT):
        slow = os.path.join(folder, "slow.sticky.yaml")
        with open(slow, "w") as file:
            file.write("version: 1\nduration: 200h\nreplicas: [{name: a}]\nbalancer: {product: plain}\n"
                       "clients: [{name: x, kind: curl, count: 1000, rate: 100/s}]\n")
        made = os.path.join(folder, how.name + ".stickyscope")
        process = subprocess.Popen([program, "run", slow, "--record", made, "--json", "-"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        deadline = time.monotonic() + 30

        def reached():
            try:
                with contextlib.closing(sqlite3.connect("file:" + made + "?mode=ro", uri=True)) as database:
                    return int(database.execute("SELECT value FROM meta WHERE key = 'reached'").fetchone()[0])
            except sqlite3.Error:
                return 0
        while reached() < 500_000_000 and time.monotonic() < deadline:
            pass
        so_far = reached()
        process.send_signal(how)
        out, err = process.communicate(timeout=60)
        played = call("run", made, "--json", "-")
        expect(f"what was recorded before {how.name} is there", played.returncode == 0
               and json.loads(played.stdout)["lanes"][1]["duration_s"] >= so_far / 1e9 > 0
               and json.loads(played.stdout)["lanes"][1]["answered"] > 0, (so_far, played.stderr))
        if how == signal.SIGINT:
            expect("Ctrl-C leaves a complete recording", process.returncode == 0 and played.stdout == out
                   and not os.path.exists(made + "-wal"), err)

# What a request met, and why.
explained = call("explain", default, "--request", "60", "--lane", "on")
said = explained.stdout.decode()
expect("explain says what came in, by which rule, and what went out", explained.returncode == 0 and "came in    Cookie: ws-session=" in said
       and "Traefik keeps to it" in said and "loadbalancer/sticky.go" in said and "went out   200" in said, said)
expect("explain says what the others would have done", all(name in said for name in ("HAProxy (2.6.12)", "nginx", "Envoy", "Caddy", "Apache"))
       and "Set-Cookie: ws-session=server-" in said, said)
expect("and had it come with a cookie of theirs", "With its own cookie for server-" in said and "HAProxy keeps to it. (HAProxy: configuration.txt" in said, said)
beyond = call("explain", default, "--request", "999999")
expect("explain: a request that is not there", beyond.returncode == 2 and one_line(beyond) and b"sends" in beyond.stderr, beyond.stderr)
expect("explain: a lane that is not there", call("explain", default, "--request", "1", "--lane", "x").returncode == 2)
with tempfile.TemporaryDirectory() as folder:
    tiers = os.path.join(folder, "tiers.sticky.yaml")
    with open(tiers, "w") as file:
        file.write("version: 1\nreplicas: [{name: a}, {name: b}]\nbalancer: {product: haproxy, servers: [inner], sticky: {}}\n"
                   "balancers: [{name: inner, product: traefik, servers: [a, b], sticky: {cookie: lb}}]\nclients: [{name: x, kind: browser, every: 1s}]\n")
    front, inner = (call("explain", tiers, "--request", "2", "--balancer", name).stdout.decode() for name in ("balancer", "inner"))
    expect("explain asks the others in the place of the balancer that is named", "in the place of the balancer in front" in front
           and "With its own cookie for inner" in front and "in the place of inner" in inner and "With its own cookie for a " in inner, (front, inner))
    expect("explain says of each balancer whom its own cookie names", "balancer   the balancer in front, HAProxy" in front and "it names inner." in front
           and "balancer   inner, Traefik" in front and "it names a." in front, front)
    nobody = call("explain", tiers, "--request", "2", "--balancer", "x")
    expect("explain: a balancer that is not there", nobody.returncode == 2 and one_line(nobody) and b"must be one of balancer, inner" in nobody.stderr, nobody.stderr)
value = call("cookie", "--for", "10.0.0.3:8000", "--product", "traefik", "--name", "lb").stdout.decode().strip()
expect("cookie writes Traefik's", value == "lb=" + hashlib.sha256(b"http://10.0.0.3:8000").hexdigest()[:16] + "; Path=/", value)
read = call("cookie", value, "--replicas", "10.0.0.2:8000,10.0.0.3:8000").stdout.decode()
expect("and reads it", "Traefik" in read and "belongs to 10.0.0.3:8000" in read, read)
named = call("cookie", "SRV=s2", "--replicas", "s1=10.0.0.1:80,s2=10.0.0.2:80").stdout.decode()
expect("a server's name belongs to who has it", "belongs to s2=10.0.0.2:80" in named, named)
nameless = call("cookie", "SRV=s2", "--replicas", "10.0.0.1:80").stdout.decode()
expect("addresses do not say whose a name is", "give the replicas as NAME=HOST:PORT" in nameless and "belongs to" not in nameless, nameless)
keyed = call("cookie", "--for", "10.0.0.1:80", "--product", "haproxy", "--key", "secret").stdout.decode().strip()
without, mine, wrong = (call("cookie", keyed.split(";")[0], "--replicas", "10.0.0.1:80", *key).stdout.decode()
                        for key in ((), ("--key", "secret"), ("--key", "other")))
expect("whose a keyed value is follows from the key", "if no key went into it" in without and "belongs to 10.0.0.1:80" in mine
       and "belongs to none of the replicas given, with this key" in wrong, (keyed, without, mine, wrong))
for product in ("haproxy", "apache", "yarp"):
    refused = call("cookie", "--for", "10.0.0.1:80", "--product", product)
    expect(f"{product}'s cookie follows from a name", refused.returncode == 2 and not refused.stdout and b"give it with --server" in refused.stderr, refused)
    expect(f"{product}'s cookie by its name", call("cookie", "--for", "10.0.0.1:80", "--product", product, "--server", "s1").returncode == 0)
keyless = call("cookie", "--for", "10.0.0.1:80", "--product", "traefik", "--key", "secret")
expect("a key that goes nowhere is refused", keyless.returncode == 2 and b"has no key" in keyless.stderr, keyless)
expect("F5's cookie is an address", b"10.1.1.100:80" in call("cookie", "BIGipServerweb=1677787402.20480.0000").stdout)
v6 = "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:443"
for product in ("envoy", "f5", "traefik"):
    long = call("cookie", "--for", v6, "--product", product).stdout.decode().split(";")[0]
    expect(f"{product}'s cookie of a long address is known again", f"belongs to {v6}" in call("cookie", long, "--replicas", v6).stdout.decode(), long)
nameless = call("cookie", "--for", "web1:80", "--product", "f5")
expect("F5 has no cookie for a name", nameless.returncode == 2 and not nameless.stdout and one_line(nameless), nameless)
forged = call("cookie", "esess=ChkxLjEuMS4xOjEKICBiZWxvbmdzIHRvIFIy").stdout
expect("what a cookie holds makes no line of ours", b"\n  belongs to" not in forged, forged)
expect("a cookie of nobody's", call("cookie", "hello").returncode == 1)
for opaque in ("aws-alb", "aws-alb-rule", "aws-classic", "azure-application-gateway", "azure-app-service", "cloudflare", "gcp", "gateway-api"):
    refused = call("cookie", "--for", "10.0.0.1:80", "--product", opaque)
    expect(f"no value is made up for {opaque}", refused.returncode == 2 and not refused.stdout
           and refused.stderr.count(b"\n") == 1 and b"is known to nobody but its maker" in refused.stderr, refused)
for wrong in (("cookie",), ("cookie", "--for", "x", "--product", "traefik"), ("cookie", "--for", "10.0.0.1:80", "--product", "plain"), ("products", "nobody")):
    expect(f"{wrong}: wrong use", call(*wrong).returncode == 2)
listed = call("products").stdout.decode()
expect("products says version, algorithms and what nobody measured", all(text in listed for text in ("3.7.15", "wrr, p2c, hrw, leasttime", "measured")), listed)
described = json.loads(call("products", "caddy", "--json").stdout)["products"]
expect("products --json has what differs from the real one, and why", [product["id"] for product in described] == ["caddy"]
       and [row["id"] for row in described[0]["differences"]] == ["drawn-again", "own-answers"] and all(row["what"] and row["why"] for row in described[0]["differences"])
       and described[0]["follows"] == "2.6.2; current: 2.11.9" and "fallback" in described[0]["documents_only"], described)
expect("and all of them without a name", len(json.loads(call("products", "--json").stdout)["products"]) > 20)
expect("products NAME says so as well", b"drawn-again: " in call("products", "caddy").stdout)
expect("and a product's settings", b"maxidle" in call("products", "haproxy").stdout)

end()
