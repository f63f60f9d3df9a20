#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope balance` in front of real replicas, as curl and a shell meet it.
  balance.py STICKYSCOPE_CLI"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import SOON, Running, start_replicas  # noqa: E402

program = os.path.abspath(sys.argv[1])
folder = tempfile.TemporaryDirectory()


def curl(*args):
    return subprocess.run(["curl", "--silent", "--show-error", "--max-time", "10", "--noproxy", "*", *args], capture_output=True, text=True).stdout


def call(*args):
    return subprocess.run([program, "balance", *args], capture_output=True, text=True, timeout=30)


replicas, addresses = start_replicas(program, 3)
servers = ",".join(addresses)

# For people.
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", servers, "--sticky", "cookie=ws-session")
first = balancer.line(0)
expect("it says where it listens", re.fullmatch(r"balancer listens on http://127\.0\.0\.1:\d+/", first), first)
base = first.split()[-1]
jar = os.path.join(folder.name, "jar")
names = {curl("-c", jar, "-b", jar, base + "hostname") for _ in range(6)}
expect("a jar stays with one replica", len(names) == 1 and "server-" in names.pop())
names = {curl(base + "hostname") for _ in range(6)}
expect("without a jar all three take turns", len(names) == 3, names)
curl(base + "hostname?token=geheim&user=ada", "-H", "Authorization: Bearer geheim", "-H", "Cookie: login=geheim", "-H", "X-Request-Id: mine-1")
line = balancer.line(13)
expect("a line names request, status, replica and id", re.fullmatch(
    r"127\.0\.0\.1:\d+ GET /hostname\?token=[0-9a-f]{8}&user=ada 200 server-[123] cookie none, inserted [0-9.]+ ms mine-1", line), line)
curl(base + "hostname", "-H", "X-Request-Id: a\x1b[31mb")
expect("nothing that came from outside moves the cursor", "\x1b" not in balancer.line(14))
expect("a secret is in no line", not any("geheim" in line for line in balancer.lines))
expect("the replica saw the same id", any("mine-1" in line for replica in replicas for line in replica.lines))
idle = socket.create_connection(("127.0.0.1", int(base.rstrip("/").rsplit(":", 1)[1])))
took, status, errors = balancer.stop()
expect("it ends within a second of SIGTERM", took < SOON, took)
expect("and with 0, in silence", status == 0 and errors == "", (status, errors))
expect("an idle client is let go", idle.recv(100) == b"")
idle.close()

# Who still waits for an answer when it stops is in the log too.
with socket.create_server(("127.0.0.1", 0)) as silent:
    balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", f"http://127.0.0.1:{silent.getsockname()[1]}")
    with socket.create_connection(("127.0.0.1", int(balancer.line(0).rstrip("/").rsplit(":", 1)[1]))) as waiting:
        waiting.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        held, _ = silent.accept()
        held.recv(1)
        took, status, errors = balancer.stop()
        expect("it ends beside a request", took < SOON and status == 0 and errors == "", (took, status, errors))
        expect("which has its line", " GET /slow no answer server-1 " in balancer.line(1) and balancer.line(1).endswith("the balancer stops"), balancer.lines)

# For programs.
balancer = Running(program, "balance", "--listen", "[::1]:0", "--to", servers, "--product", "haproxy", "--algorithm", "roundrobin",
                   "--sticky", "cookie=SRV,indirect=true", "--json")
first = json.loads(balancer.line(0))
expect("the address is one line of JSON", list(first) == ["balancer"] and re.fullmatch(r"http://\[::1\]:\d+", first["balancer"]), first)
curl("-b", "SRV=server-2", first["balancer"] + "/hostname?key=geheim")
record = json.loads(balancer.line(1))
expect("a record has its keys", list(record) == [
    "at_s", "client", "method", "target", "status", "replica", "answered", "websocket", "cookie_in", "cookie_out", "because", "rule", "attempts",
    "took_ms", "request_id", "failure", "why"], list(record))
expect("and says why", (record["replica"], record["cookie_in"], record["because"], record["status"]) == ("server-2", "valid", "valid", 200), record)
expect("the rule is a sentence", record["rule"] and record["rule"].endswith("."), record["rule"])
expect("no secret in it", "geheim" not in balancer.line(1) and record["target"].startswith("/hostname?key="))
took, status, errors = balancer.stop(signal.SIGINT)
expect("Ctrl-C ends it as well", took < SOON and status == 0, (took, status, errors))

# Orders while it runs.
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses[:2]), "--product", "haproxy", "--sticky", "cookie=SRV", "--orders")
base = balancer.line(0).split()[-1]


def order(text, said):
    before = len(balancer.lines)
    balancer.process.stdin.write(text + "\n")
    balancer.process.stdin.flush()
    expect(text, balancer.line(before) == said, balancer.lines)


def who(*args):
    lines = len(balancer.lines)
    name = re.search("server-[0-9]", curl(*args, base + "hostname")).group()
    balancer.line(lines)
    return name


order("drain server-1", "done: drain server-1")
expect("a draining server gets nobody new", {who() for _ in range(4)} == {"server-2"})
expect("and keeps whom it has", who("-b", "SRV=server-1") == "server-1")
order("stop server-1", "done: stop server-1")
order("ready server-1", "done: ready server-1")
expect("ready, it takes its share", {who() for _ in range(4)} == {"server-1", "server-2"})
order("stop server-2", "done: stop server-2")
expect("a stopped one keeps nobody", who("-b", "SRV=server-2") == "server-1")
order("add server-3 " + addresses[2], "done: add server-3 " + addresses[2])
expect("one that joins takes its share", {who() for _ in range(4)} == {"server-1", "server-3"})
# A name ends in cookies, and a path in front of what clients ask for: each wrong order gets one line, and nobody is added.
WRONG = {"dance server-1": "must be drain, stop, ready or add", "drain server-9": "there is no server", "add server-1 " + addresses[2]: "already",
         "add server-8 http://192.0.2.1:80": "is not this machine; say --i-may-test 192.0.2.1", "add server-8 nonsense": "is not this machine", "add server-8 https://127.0.0.1:1": "needs such an address", "": "must be drain",
         "add server-8": "needs a name and an address", f"add x;Domain=evil {addresses[2]}": "letters, digits", f"add x\x01y {addresses[2]}": "letters, digits",
         f"add -x {addresses[2]}": "letters, digits", f"add x {addresses[2]} {addresses[2]}": "and no more", f"add server-8 {addresses[2]}/path": "needs such an address",
         f"add server-8 {addresses[2]}/?a=b": "needs such an address", "add server-8 " + addresses[2].replace("http://", "http://me@"): "needs such an address",
         "drain server-1 server-2": "and no more"}
for wrong in WRONG:
    balancer.process.stdin.write(wrong + "\n")
balancer.process.stdin.close()
expect("it stays when whoever gave orders has gone", who() in ("server-1", "server-3"))
took, status, errors = balancer.stop()
errors = errors.splitlines()
expect("each wrong order gets one line", status == 0 and len(errors) == len(WRONG)
       and all(line.startswith("stickyscope: ") and said in line for line, said in zip(errors, WRONG.values())), errors)

# Whoever reads JSON gets nothing else: an order that is done, and a server that is down, are lines of it too.
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", addresses[0] + ",http://127.0.0.1:1", "--check", "50ms", "--json", "--orders")
json.loads(balancer.line(0))
expect("a dead server is noticed in JSON", json.loads(balancer.line(1)) == {"server": "server-2", "up": False}, balancer.lines)
order("drain server-1", '{"done":"drain server-1"}')
order("add server-3 " + addresses[2], json.dumps({"done": "add server-3 " + addresses[2]}, separators=(",", ":")))
balancer.stop()

# A scenario's balancer and replicas; a dead one is noticed and left out.
dead = socket.socket()
dead.bind(("127.0.0.1", 0))
scenario = os.path.join(folder.name, "two.sticky.yaml")
with open(scenario, "w") as file:
    file.write("version: 1\nreplicas: [{name: here, address: " + addresses[0].split("/")[-1] + "}, {name: gone, address: '127.0.0.1:"
               + str(dead.getsockname()[1]) + "'}]\nbalancer: {product: traefik, health-check: {every: 50ms}}\nclients: [{name: c, kind: curl}]\n")
balancer = Running(program, "balance", scenario, "--listen", "localhost:0")
base = balancer.line(0).split()[-1]
expect("a dead server is noticed", balancer.line(1) == "gone is down", balancer.line(1))
expect("and left out", all("server-1" in curl(base + "hostname") for _ in range(4)))
balancer.stop()

# TLS.
key, certificate = os.path.join(folder.name, "key.pem"), os.path.join(folder.name, "certificate.pem")
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", servers, "--certificate", certificate, "--key", key)
base = balancer.line(0).split()[-1]
port = base.rstrip("/").rsplit(":", 1)[1]
expect("it says https", base.startswith("https://"))
expect("verified TLS", "server-" in curl("--cacert", certificate, f"https://localhost:{port}/hostname", "--resolve", f"localhost:{port}:127.0.0.1"))
many = curl("--cacert", certificate, "--resolve", f"localhost:{port}:127.0.0.1", *[f"https://localhost:{port}/hostname"] * 20)
expect("many requests on one TLS connection", many.count("server-") == 20, many)
curl(f"http://127.0.0.1:{port}/hostname")
expect("speech in the clear does no harm", "server-" in curl("-k", base + "hostname"))
took, status, _ = balancer.stop()
expect("it ends within a second with TLS too", took < SOON and status == 0, (took, status))

# Wrong use.
for what, status, args, said in [
        ("no server", 2, [], "--to"),
        ("a product that there is not", 2, ["--to", servers, "--product", "nope"], "--product must be one of traefik"),
        ("an algorithm that it has not", 2, ["--to", servers, "--algorithm", "nope"], "--algorithm of traefik must be one of wrr"),
        ("an address without a port", 2, ["--to", servers, "--listen", "127.0.0.1"], "--listen"),
        ("a host name to listen on", 2, ["--to", servers, "--listen", "example.org:80"], "--listen"),
        ("a port that is none", 2, ["--to", servers, "--listen", "127.0.0.1:70000"], "--listen"),
        ("a server over TLS", 2, ["--to", "https://127.0.0.1:1"], "http://HOST:PORT"),
        ("a server with a path", 2, ["--to", "http://127.0.0.1:1/path"], "http://HOST:PORT"),
        ("a sticky key without a value", 2, ["--to", servers, "--sticky", "cookie"], "KEY=VALUE"),
        ("a sticky key that there is not", 2, ["--to", servers, "--sticky", "colour=red"], "colour"),
        ("a time that is none", 2, ["--to", servers, "--check", "soon"], "every"),
        ("a file that is not there", 2, ["/nowhere.yaml"], "/nowhere.yaml"),
        ("a key without its certificate", 2, ["--to", servers, "--key", key], "--certificate"),
        ("a way to check, and no checks", 2, ["--to", servers, "--check-path", "/x"], "say --check"),
        ("a port to check, and no checks", 2, ["--to", servers, "--check-port", "5"], "say --check"),
        ("a file that is none", 2, ["/dev/null"], "/dev/null: this is no regular file"),
        ("a certificate that is none", 2, ["--to", servers, "--certificate", "/dev/null", "--key", key], "certificate"),
        ("a key that is none", 2, ["--to", servers, "--certificate", certificate, "--key", certificate], "key"),
        ("a limit that there is not", 2, ["--to", servers, "--limit", "patience=1"], "one of connections=2000"),
        ("a limit without a value", 2, ["--to", servers, "--limit", "idle"], "--limit idle must be 1ms to"),
        ("a limit that is too high", 2, ["--to", servers, "--limit", "connections=6000,request-head=2GiB"], "--limit request-head must be 1 to 1GiB"),
        ("a port in use", 2, ["--to", servers, "--listen", addresses[0].split("/")[-1]], "cannot listen"),
        ("all the network", 3, ["--to", servers, "--listen", "0.0.0.0:0"], "--open-to-network"),
        ("a stranger's server", 3, ["--to", "http://192.0.2.1:80"], "--i-may-test 192.0.2.1")]:
    result = call(*args)
    lines = result.stderr.splitlines()
    expect(what, result.returncode == status and result.stdout == "" and len(lines) == 1 and lines[0].startswith("stickyscope: ") and said in lines[0],
           (result.returncode, result.stdout, result.stderr))

for replica in replicas:
    replica.stop()
end()
