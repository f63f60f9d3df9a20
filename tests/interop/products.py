#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three of our replicas behind the real Traefik and the real HAProxy: what the probe sees. Whether
the model answers as they do is for differential.py."""
import json
import os
import subprocess
import sys
import tempfile

import counts
import peers
from peers import GoaReplica, Haproxy, Replica, Traefik, expect, get, probe, wait_until

program, answers, traefik_program, goa_program = sys.argv[1:5]
fast = ["--rate", "200/s"]
replicas = [Replica(program, f"server-{number}") for number in (1, 2, 3)]
names = {replica.name for replica in replicas}


def met(document):
    return {row["name"] for row in document["lanes"][0]["replicas"] if row["requests"] > 0}


def clients_see(balancer, title):
    address = f"http://127.0.0.1:{balancer.port}/hostname"
    fresh, status, _ = probe(program, address, "--clients", "1", "--jar", "none", "--requests", "20", *fast)
    expect(title + ": fresh clients find all three within 20 requests", status == 0 and met(fresh) == names, fresh and met(fresh))
    many, _, _ = probe(program, address, "--clients", "5", "--jar", "none", "--requests", "20", *fast)
    expect(title + ": without a jar stickiness stays below 0.6", many["lanes"][0]["stickiness"] < 0.6, many["lanes"][0]["stickiness"])
    expect(title + ": one lane named after its jar", [lane["name"] for lane in many["lanes"]] == ["none"] and many["scenario"] is None)
    own, _, _ = probe(program, address, "--clients", "6", "--jar", "own", "--requests", "10", *fast)
    lane = own["lanes"][0]
    expect(title + ": with own jars stickiness is 1", lane["stickiness"] == 1 and lane["follow_ups"] == 54, lane["stickiness"])
    ledger = {key: sum(row["ledger"][key] for row in lane["replicas"]) for key in ("honoured", "replaced", "fresh")}
    expect(title + ": the ledger says honoured", ledger == {"honoured": 54, "replaced": 0, "fresh": 6}, ledger)
    expect(title + ": each client's cookie is set once", lane["cookies_set"] == 6, lane["cookies_set"])
    sockets, status, _ = probe(program, address, "--clients", "6", "--websocket", "/streaming", "--reconnect", "4",
                               "--header", "Authorization: secret", *fast)
    lane = sockets["lanes"][0]
    expect(title + ": WebSockets get their cookie on the 101 and come back to the same replica",
           status == 0 and lane["stickiness"] == 1 and lane["follow_ups"] == 24 and lane["cookies_set"] == 6 and met(sockets) <= names,
           (lane["stickiness"], lane["follow_ups"], lane["cookies_set"], met(sockets)))
    expect(title + ": messages are counted apart", lane["messages"] == 30 and lane["requests"] == 30, lane["messages"])
    # Five: six that take turns in step come back to the same of three servers without any cookie.
    without, _, _ = probe(program, address, "--clients", "5", "--jar", "none", "--websocket", "/streaming", "--reconnect", "9",
                          "--header", "Authorization: secret", *fast)
    expect(title + ": WebSockets without a jar do not", without["lanes"][0]["stickiness"] < 0.6, without["lanes"][0]["stickiness"])
    verdict, status, _ = probe(program, address)
    expect(title + ": the probe says sticky by cookie", status == 0 and verdict["comparison"]["sentence"].startswith("sticky by cookie: "),
           verdict["comparison"]["sentence"])


def pinned_replica_dies(balancer, title):
    """A client that goes on asking while its replica is killed; the ledger shows the move."""
    address = f"http://127.0.0.1:{balancer.port}/hostname"
    process = subprocess.Popen([program, "probe", address, "--clients", "6", "--jar", "own", "--requests", "40", "--rate", "30/s", "--json", "-"],
                               stdout=subprocess.PIPE)
    victim = replicas[1]
    # Six clients over three replicas in turn: after 60 lines in their logs all are pinned.
    before = sum(replica.lines() for replica in replicas)
    wait_until("the clients are pinned", lambda: sum(replica.lines() for replica in replicas) > before + 60)
    victim.kill()
    document = json.loads(process.communicate(timeout=120)[0])
    lane = document["lanes"][0]
    replaced = sum(row["ledger"]["replaced"] for row in lane["replicas"])
    expect(title + ": killing the pinned replica moves its clients and shows in the ledger", replaced >= 1, replaced)
    moved = [client for client in lane["clients"] if client["switches"] > 0]
    expect(title + ": only they move", moved and all(victim.name in client["replicas"] for client in moved), moved)
    expect(title + ": failures are of kinds of their own",
           set(lane["failures"]) <= {"balancer-502", "balancer-503", "connection-reset", "closed-without-answer"}, lane["failures"])
    victim.start()
    wait_until("the replica is taken back", lambda: victim.name in {get(balancer.port)[1] for _ in range(6)})


def model_picks(count, balancer="product: traefik", weights=(1, 1, 1)):
    """Whom the model of a balancer picks for fresh requests, one after another."""
    servers = ", ".join(f"{{name: {replica.name}, address: 127.0.0.1:{replica.port}, weight: {weight}}}" for replica, weight in zip(replicas, weights))
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(f"version: 1\nreplicas: [{servers}]\nbalancer: {{{balancer}}}\nclients: [{{name: c, kind: curl}}]\n")
        file.flush()
        result = subprocess.run([answers, file.name], input="{}\n" * count, capture_output=True, text=True, timeout=30, check=True)
    return [json.loads(line)["replica"] for line in result.stdout.splitlines()]


def relabelled(sequence):
    letters = {}
    return "".join(letters.setdefault(name, "abcdefgh"[len(letters)]) for name in sequence)


traefik = Traefik(traefik_program, replicas)
clients_see(traefik, "Traefik")
pinned_replica_dies(traefik, "Traefik")
traefik.stop()
# Replicas are back: a balancer that starts now finds all of them up, in a state nobody has touched.
traefik = Traefik(traefik_program, replicas)
theirs = [get(traefik.port)[1] for _ in range(38)]
mine = model_picks(38)
# Waiting for it to answer took some picks; the period is nine.
shifts = [relabelled(mine[shift:shift + 27]) for shift in range(9)]
expect("Traefik: 36 fresh picks follow abc bca cab", relabelled(theirs[:27]) in shifts, (relabelled(theirs), relabelled(mine)))
whole = [relabelled(("abcbcacab" * 6)[shift:shift + 36]) for shift in range(9)]
expect("Traefik: and nothing else", relabelled(theirs[:36]) in whole, relabelled(theirs))
traefik.stop()

haproxy = Haproxy(replicas)
clients_see(haproxy, "HAProxy")
wait_until("all are up", lambda: {get(haproxy.port)[1] for _ in range(6)} == names, 30)
pinned_replica_dies(haproxy, "HAProxy")
haproxy.stop()

for weights in ((1, 1, 1), (3, 1, 1), (5, 2, 1)):
    haproxy = Haproxy(replicas, "", weights=weights)
    wait_until("all are up", lambda: {get(haproxy.port)[1] for _ in range(10)} == names)
    theirs = [get(haproxy.port)[1] for _ in range(sum(weights) * 6)]
    shares = [theirs.count(replica.name) for replica in replicas]
    expect(f"HAProxy: weights {weights} are the shares", shares == [6 * weight for weight in weights], shares)
    haproxy.stop()

# Idle servers draw level: HAProxy's shares are those of the last draw, which are its ring's.
for weights, draws in (((1, 1, 1), 2), ((3, 1, 1), 1), ((3, 1, 1), 2), ((3, 1, 1), 3)):
    haproxy = Haproxy(replicas, "", balance=f"random({draws})", weights=weights)
    wait_until("all are up", lambda: {get(haproxy.port)[1] for _ in range(10)} == names)
    theirs = [get(haproxy.port)[1] for _ in range(400)]
    mine = model_picks(6000, f"product: haproxy, algorithm: random, draws: {draws}, sticky: none", weights)
    expect(f"HAProxy: random({draws}) with weights {weights} draws as the model does", counts.agree(mine, theirs, "drawn"),
           (counts.shown(mine), counts.shown(theirs)))
    haproxy.stop()


def sentence(*args):
    document, status, said = probe(program, *args)
    return document and document["comparison"]["sentence"], status, said


# TLS: verified, with the user's own authority, with a client's certificate, and, loudly, not at all.
with tempfile.TemporaryDirectory() as folder:
    peers.certificates(folder)
    haproxy = Haproxy(replicas, tls=f"ssl crt {folder}/localhost.pem")
    address = f"https://localhost:{haproxy.port}/hostname"
    text, status, _ = sentence(address)
    expect("TLS: an unknown authority is refused", status == 1 and "TLS" in text, text)
    text, status, said = sentence(f"curl --cacert {folder}/localhost.crt {address}")
    expect("TLS: with --cacert", status == 0 and text.startswith("sticky by cookie") and said == "", (text, said))
    text, status, said = sentence(f"curl -k {address}")
    expect("TLS: -k is loud", status == 0 and "not verified" in said, said)
    text, status, _ = sentence(f"curl --cacert {folder}/localhost.crt --connect-to 127.0.0.1:1:localhost:{haproxy.port} https://127.0.0.1:1/hostname")
    expect("TLS: another name than the certificate's is refused", status == 1 and "TLS" in text, text)
    sockets, status, _ = probe(program, f"curl --cacert {folder}/localhost.crt wss://localhost:{haproxy.port}/streaming",
                               "--clients", "3", "--reconnect", "2", *fast)
    expect("TLS: WebSockets", status == 0 and sockets["lanes"][0]["stickiness"] == 1, sockets and sockets["lanes"][0])
    haproxy.stop()
    haproxy = Haproxy(replicas, tls=f"ssl crt {folder}/localhost.pem ca-file {folder}/client.crt verify required")
    line = f"curl --cacert {folder}/localhost.crt https://localhost:{haproxy.port}/hostname"
    text, status, _ = sentence(line)
    expect("TLS: without the certificate that it asks for", status == 1, text)
    text, status, _ = sentence(line + f" --cert {folder}/client.crt --key {folder}/client.key")
    expect("TLS: with --cert and --key", status == 0 and text.startswith("sticky by cookie"), text)
    haproxy.stop()

# A scenario against the real balancer: its clients, lanes and timeline.
traefik = Traefik(traefik_program, replicas)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "live.sticky.yaml")
    with open(path, "w") as file:
        file.write(f"version: 1\nduration: 6s\ntarget: http://localhost:{traefik.port}/hostname\nreplicas: [{{name: a}}]\n"
                   "balancer: {product: traefik}\nclients:\n"
                   "  - {name: browsers, kind: browser, count: 4, think-time: 100ms}\n"
                   "  - {name: streams, kind: websocket, path: /streaming, count: 2, connection-lifetime: 30s, think-time: 100ms}\n"
                   "timeline: [{at: 3s, cut: all}]\n")
    result = subprocess.run([program, "run", path, "--world", "live", "--rate", "100/s", "--json", "-",
                             "--assert", "on.stickiness == 1", "--assert", "off.stickiness < 0.6"], capture_output=True, timeout=60)
    document = json.loads(result.stdout)
    on = document["lanes"][1]
    expect("a live scenario: off and on, and its assertions", result.returncode == 0 and document["world"] == "live", result.stderr)
    expect("a live scenario: cut WebSockets come back", on["closes"].get("1006") == 2, on["closes"])
    expect("a live scenario: parts sum to the whole",
           sum(row["requests"] for row in on["replicas"]) + on["unidentified"] == on["answered"]
           and sum(kind["requests"] for kind in on["kinds"]) == on["requests"], on)
text, status, _ = sentence(f"http://127.0.0.1:{traefik.port}/other", "--identify", "GET:/hostname")
expect("a second request names the replica", status == 0 and text.startswith("sticky by cookie"), text)
text, status, _ = sentence(f"http://127.0.0.1:{traefik.port}/hostname", "--keep-alive")
expect("keep-alive is named by the verdict", status == 0 and text.endswith("(connections were kept alive)"), text)
traefik.stop()

# Traefik as the tutorial's compose file has it: the rule is Host(`localhost`), so 127.0.0.1 gets 404.
traefik = Traefik(traefik_program, replicas, rule="Host(`localhost`)")
text, status, _ = sentence(f"http://127.0.0.1:{traefik.port}/hostname")
expect("404 on 127.0.0.1 gets the mending line", status == 1 and f"http://localhost:{traefik.port}/hostname" in text, text)
traefik.stop()
# And with the tutorial's own flags it listens on :80 and :8080 alone, in a network of its own here.
script = ("ip link set lo up; \"$1\" --api.insecure=true --providers.docker >/dev/null 2>&1 & "
          "for i in $(seq 100); do curl -s -o /dev/null http://localhost:8080/api/version && break; sleep 0.1; done; "
          "\"$2\" probe http://localhost:8000/hostname; echo status $?; \"$2\" probe http://localhost:8080/api/version | tail -1; kill %1")
result = subprocess.run(["unshare", "--map-root-user", "--net", "bash", "-c", script, "-", traefik_program, program],
                        capture_output=True, text=True, timeout=60)
expect("Traefik with the tutorial's own flags gets the mending line",
       "status 1" in result.stdout and "--entrypoints.web.address=:8000" in result.stdout, result.stdout + result.stderr)
expect("and it was that Traefik which did not answer there", "cannot tell" in result.stdout, result.stdout)

for replica in replicas:
    replica.kill()

# The same service in Goa, with the same balancers.
replicas = [GoaReplica(goa_program, f"goa-{number}") for number in (1, 2, 3)]
names = {replica.name for replica in replicas}
traefik = Traefik(traefik_program, replicas)
clients_see(traefik, "Goa behind Traefik")
pinned_replica_dies(traefik, "Goa behind Traefik")
traefik.stop()
haproxy = Haproxy(replicas)
clients_see(haproxy, "Goa behind HAProxy")
haproxy.stop()
for replica in replicas:
    replica.kill()
peers.end()
