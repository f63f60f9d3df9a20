# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope lab` and `run --world lab` as a user meets them: lab_verb.py PROGRAM SOURCES."""
import atexit
import ipaddress
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from running import SOON  # noqa: E402

program, root = map(os.path.abspath, sys.argv[1:3])
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7")
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


# It is looked at again at the end, when half a minute has passed.
lonely = subprocess.Popen([program, "lab", scenario, "--network-address", "127.0.0.2"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
lonely_since = time.monotonic()
atexit.register(lonely.kill)

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
        expect("[::1] leads to the same", {ask(on.replace("127.0.0.1", "[::1]"), kept)[0] for _ in range(6)} == {first})
        replica = lanes[0]["replicas"][0]
        expect("also to a replica", ask(replica["address"].replace("127.0.0.1", "[::1]"))[0] == replica["name"])
        mine = []
        while len(mine) < 13:
            record = json.loads(lab.stdout.readline())
            if record["target"] == "/hostname":
                mine.append(record)
        expect("a request's record has its keys", list(mine[0]) == [
            "lane", "who", "at_s", "client", "method", "target", "status", "replica", "answered", "websocket", "cookie_in", "cookie_out",
            "because", "rule", "attempts", "took_ms", "request_id", "failure", "why"], mine[0])
        expect("each says its lane and why", any(one["lane"] == "off" and one["because"] == "fresh" for one in mine)
               and any(one["lane"] == "on" and one["because"] == "valid" for one in mine), mine)
        before = time.monotonic()
        lab.send_signal(signal.SIGTERM)
        lab.stdout.read()
        expect("it ends cleanly", lab.wait(timeout=10) == 0, lab.stderr.read())
        expect("within a second", time.monotonic() - before < SOON, time.monotonic() - before)
    finally:
        lab.kill()
        lab.wait()
    expect("nothing is left behind", os.listdir(folder) == [])
    try:
        ask(on)
        expect("the port is free", False)
    except OSError:
        pass

with subprocess.Popen([program, "lab", scenario], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as lab:
    addresses = [lab.stdout.readline() for _ in range(8)]
    on = addresses[4].split()[-1].removesuffix("/hostname")
    _, cookie = ask(on)
    ask(on, cookie.split(";")[0])
    mine = []
    while len(mine) < 2:
        line = lab.stdout.readline()
        if line.startswith("on ") and " GET /hostname 200 server-" in line:
            mine.append(line)
    port = int(on.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        expect("what is no request is refused", client.recv(12) == b"HTTP/1.1 400")
    refused = next(line for line in lab.stdout if " no request: " in line)
    expect("and has its line, too", refused.startswith("on 127.0.0.1:") and " no request: 400 " in refused, refused)
    expect("a line for each request, with the lane and why", " 127.0.0.1:" in mine[0] and " fresh " in mine[0] and " valid " in mine[1], mine)
    lab.terminate()
    expect("it ends cleanly in text too", lab.wait(timeout=10) == 0)

for what, args, said in [
        ("a limit that there is not", ["--limit", "patience=1"], b"--limit must be NAME=VALUE, one of connections=2000"),
        ("a replica's limit that is too low", ["--replica-limit", "idle=0s"], b"--replica-limit idle must be 1ms to"),
        ("a limit of the product's", ["--limit", "first-byte=1s"], b"answer-timeout"),
        ("a limit of somebody else's balancer", ["--real-balancer", "--limit", "idle=1s"], b"a product's own program has its own")]:
    for verb in (["lab", scenario], ["run", scenario, "--world", "lab", "--for", "1s"]):
        refused = subprocess.run([program, *verb, *args], capture_output=True, timeout=60)
        expect(f"{what} is one line of {verb[0]}", refused.returncode == 2 and refused.stderr.count(b"\n") == 1 and said in refused.stderr, refused)
busy = json.loads(subprocess.run([program, "run", scenario, "--world", "lab", "--for", "3s", "--limit", "connections=1", "--json", "-"],
                                 capture_output=True, timeout=60, check=True).stdout)
expect("with few connections some are turned away", all(lane["failures"].get("balancer-503", 0) > 0 < lane["answered"] for lane in busy["lanes"]), busy)

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

# Each of several balancers has a column of its own, as wide as its name.
with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
    file.write("version: 1\nduration: 2s\nreplicas: [{name: a}, {name: b}]\nbalancer: {product: haproxy, servers: [the-balancer-behind-it], sticky: {}}\n"
               "balancers: [{name: the-balancer-behind-it, product: traefik, servers: [a, b], sticky: {cookie: lb}}]\n"
               "clients: [{name: x, kind: browser, every: 200ms}]\n")
    file.flush()
    counted = subprocess.run([program, "run", file.name, "--world", "lab"], capture_output=True, text=True, timeout=60).stdout
table = counted[counted.index("on counted by"):].splitlines()[:3]
expect("counts say which balancer they are of", table[0].split() == ["on", "counted", "by", "clients", "HAProxy", "the-balancer-behind-it", "server"]
       and {len(line) for line in table} == {len(table[0])}, table)
expect("and each counts what came to it", all(len(set(line.split()[1:])) == 1 and len(line.split()) == 5 for line in table[1:]), table)

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


def decoded(lines):
    """What a reader of QR codes sees in half blocks, the terminal's ink being white."""
    rows = []
    for line in lines:
        rows.append(["0" if letter in "█▀" else "1" for letter in line])
        rows.append(["0" if letter in "█▄" else "1" for letter in line])
    scale = 4
    picture = f"P1 {len(rows[0]) * scale} {len(rows) * scale}\n"
    for row in rows:
        picture += ("".join(dot * scale for dot in row) + "\n") * scale
    with tempfile.NamedTemporaryFile(suffix=".pbm") as file:
        file.write(picture.encode())
        file.flush()
        return subprocess.run(["zbarimg", "--quiet", "--raw", file.name], capture_output=True, timeout=60,
                              check=True).stdout.decode().strip()


def status_for(address, host):
    request = urllib.request.Request(address + "/hostname", headers={"Host": host})
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def opened(*arguments):
    """What the verb prints of each lane's doors to the network, the first requests at them, and its last words."""
    run = subprocess.Popen([program, "lab", scenario, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        doors, codes = {"off": [], "on": []}, {"off": [], "on": []}
        code_of = None
        while not (doors["on"] and len(codes["on"]) >= 15 and len(codes["on"]) * 2 >= len(codes["on"][0])):
            line = run.stdout.readline().decode()
            expect("it runs", line, run.stderr.read() if not line else "")
            if " is open to the local network at " in line:
                code_of = line.split()[0]
                doors[code_of].append(line.split()[-1].rstrip("/"))
            elif code_of and line[0] in " █▀▄":
                codes[code_of].append(line.rstrip("\n"))
        for lane in doors:
            expect("the code is the first address", decoded(codes[lane]) == doors[lane][0] + "/", codes[lane])
            for address in doors[lane]:
                expect("it answers there", ask(address)[0].startswith("server-"), address)
                expect("not by a strange name", status_for(address, "evil.example") == 421, address)
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=10)
        for address in doors["off"] + doors["on"]:
            try:
                ask(address)
                expect("the door is closed with it", False, address)
            except OSError:
                pass
        return doors, said.decode()
    finally:
        run.kill()
        run.wait()


doors, _ = opened("--network-address", "127.0.0.2")
expect("by the address that was named alone", [urllib.parse.urlsplit(url).hostname for url in doors["off"] + doors["on"]]
       == ["127.0.0.2"] * 2, doors)
own = json.loads(subprocess.run(["ip", "-json", "address"], capture_output=True, check=True, timeout=60).stdout)
own = {ipaddress.ip_address(entry["local"]) for link in own if "UP" in link["flags"] for entry in link["addr_info"]}
own = {one for one in own if not one.is_loopback and not (one.version == 6 and one.is_link_local)}
private = {one for one in own if any(one in ipaddress.ip_network(net) for net in PRIVATE if ipaddress.ip_network(net).version
                                     == one.version)}
if private:
    doors, said = opened("--open-to-network")
    for lane in doors.values():
        expect("by every private address, and no other",
               {ipaddress.ip_address(urllib.parse.urlsplit(url).hostname) for url in lane} == private, doors)
    expect("what is public stays closed, and is named", all(f"not opened: {one} " in said for one in own - private), said)
else:
    refused = subprocess.run([program, "lab", scenario, "--open-to-network"], capture_output=True, timeout=60)
    expect("nothing to open is one line more", refused.returncode == 2, refused)
for wrong in ("0.0.0.0", "::", "here"):
    refused = subprocess.run([program, "lab", scenario, "--network-address", wrong], capture_output=True, timeout=60)
    expect("no address is one line", refused.returncode == 2 and refused.stderr.count(b"\n") == 1
           and b"in numbers" in refused.stderr, refused)

HTTPS = (b"version: 1\norigin: https://app.example\nreplicas: [{name: a}, {name: b}]\n"
         b"balancer: {product: traefik, sticky: {cookie: lb, secure: true}}\nclients: [{name: x, kind: curl, every: 1h}]\n"
         b"lanes: [{name: \"on\"}]\n")
https = subprocess.run([program, "lab", "-", "--real-balancer"], capture_output=True, timeout=60, input=HTTPS)
expect("one line where it cannot be", https.returncode == 2 and https.stderr.count(b"\n") == 1
       and b"plain http" in https.stderr, https.stderr)


def curl(*arguments):
    return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, timeout=30)


# Over TLS: by the line that it prints, and by the certificate that it tells.
with tempfile.TemporaryDirectory() as folder:
    with subprocess.Popen([program, "lab", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
                          env={**os.environ, "TMPDIR": folder}) as lab:
        lab.stdin.write(HTTPS)
        lab.stdin.close()
        address, line = (lab.stdout.readline().decode().split() for _ in range(2))
        expect("it says how to ask", line[-3:] == ["curl", "-k", address[-1]] and address[-1].startswith("https://127.0.0.1:"), line)
        jar = ["-k", "-b", os.path.join(folder, "jar"), "-c", os.path.join(folder, "jar"), address[-1]]
        names = {curl(*jar).stdout for _ in range(5)}
        expect("a Secure cookie is kept by curl, and leads back", len(names) == 1 and names != {""}, names)
        stranger = curl(address[-1])
        expect("who does not trust it asks nothing", stranger.returncode == 60, stranger)
        expect("the certificate lies in no file", os.listdir(folder) == ["jar"], os.listdir(folder))
        lab.terminate()
        expect("it ends cleanly over TLS", lab.wait(timeout=10) == 0)
    with subprocess.Popen([program, "lab", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as lab:
        lab.stdin.write(HTTPS)
        lab.stdin.close()
        lane = json.loads(lab.stdout.readline())["lanes"][0]
        trusted = os.path.join(folder, "lab.pem")
        with open(trusted, "w", encoding="ascii") as file:
            file.write(lane["certificate"])
        port = lane["address"].rsplit(":", 1)[1]
        for host in ("127.0.0.1", "[::1]", "localhost", "app.example"):
            asked = curl("--cacert", trusted, "--connect-to", f"app.example:{port}:127.0.0.1:{port}", f"https://{host}:{port}/hostname")
            expect(f"its certificate is good for {host}", asked.returncode == 0, asked)
        lab.terminate()
        expect("its port is free again", lab.wait(timeout=10) == 0 and curl("-k", lane["address"]).returncode == 7)

time.sleep(max(0.0, 31.5 - (time.monotonic() - lonely_since)))
lonely.terminate()
said = lonely.communicate(timeout=10)[1].decode().splitlines()
expect("who has opened it, and sees nobody come for half a minute, is told what to try", len(said) == 5
       and all(line.startswith("stickyscope: ") for line in said) and "Nobody from another machine" in said[0]
       and re.search(r"let TCP in at port [0-9]+, [0-9]+\.$", said[3]), said)
