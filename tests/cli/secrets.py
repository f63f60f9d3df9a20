#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets planted wherever requests, answers, addresses and scenarios can hold one: none of them is in anything that a verb
prints, writes or shows, nor in what real balancers write that it starts. secrets.py STICKYSCOPE_CLI TRAEFIK ENVOY"""
import base64
import glob
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

program = os.path.abspath(sys.argv[1])
folder = tempfile.TemporaryDirectory()
planted = []


def secret(place):
    """One that is found nowhere else."""
    planted.append(f"tango-{place}-{os.urandom(4).hex()}")
    return planted[-1]


QUERY = ["token", "key", "password", "sig", "access_token", "api_key", "to%6ben", "%73ig", "access%5Ftoken"]
HEADERS = {"Authorization": "Bearer " + secret("bearer"), "Proxy-Authorization": "Basic " + base64.b64encode(("u:" + secret("proxy")).encode()).decode(),
           "X-Api-Key": secret("apikey"), "X-Auth-Token": secret("authtoken"), "Cookie": "login=" + secret("cookie") + "; other=" + secret("cookie2"),
           "Referer": f"http://u:{secret('refereruser')}@a/x?token={secret('referer')}", "Forwarded": "for=" + secret("forwarded"), "From": secret("from") + "@example.org",
           "User-Agent": "Agent/1.0 " + secret("agent"), "X-Of-Our-Own": secret("own"), "If-None-Match": f'"{secret("etag")}"',
           "Origin": f"https://{secret('originuser')}@app.example", "X-Forwarded-For": "192.0.2.7, " + secret("for"), "X-Real-Ip": secret("realip"), "X-Forwarded-Host": secret("forwardedhost") + ".example", "Via": "1.1 " + secret("via"),
           "Sec-WebSocket-Protocol": secret("protocol"), "X-Session": secret("session"), "Range": "x=" + secret("range")}
planted.append(HEADERS["Proxy-Authorization"].split()[1])
# Of answers, beside their cookies and places.
ANSWERS = {"ETag": f'"{secret("answeretag")}"', "WWW-Authenticate": "Basic realm=" + secret("realm"), "X-Debug": secret("debug"), "Link": f"<http://a/{secret('link')}>",
           "Server": "Any/1.0 " + secret("server")}
USER, PASSWORD = secret("user"), secret("pw")
planted.append(base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())


def query():
    return "?page=1&" + "&".join(f"{name}={secret(name)}" for name in QUERY) + f";token={secret('token')}"


def leaks(texts):
    """Which secret stands where."""
    found = []
    for where, octets in texts.items():
        found += [f"{one} in {where}: {octets[max(0, octets.find(one.encode()) - 80):][:160]!r}" for one in planted if one.encode() in octets]
    return found


def written():
    """All files of the folder, whatever is in them."""
    texts = {}
    for path in glob.glob(os.path.join(folder.name, "out", "**", "*"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                texts[os.path.relpath(path, folder.name)] = file.read()
    return texts


def call(what, *args, statuses=(0,), marks=()):
    """Runs a verb to its end; nothing of what it said or wrote holds a secret, and the marks are there."""
    result = subprocess.run([program, *args], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    texts = {"standard output": result.stdout, "standard error": result.stderr, **written()}
    expect(what + ": it does its work", result.returncode in statuses, (result.returncode, result.stderr[-300:]))
    everything = b"".join(texts.values())
    expect(what + ": it says something", everything and all(mark.encode() in everything for mark in marks), (marks, everything[:300]))
    expect(what + ": no secret is in it", not leaks(texts), leaks(texts))
    return result.stdout.decode()


class Background:
    """A verb that runs on."""

    def __init__(self, *args, environment=None):
        self.process = subprocess.Popen([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **(environment or {})})
        self.said = [self.process.stdout.readline()]
        while not (found := re.search(rb"http://[0-9.:]+", self.said[-1])):
            self.said.append(self.process.stdout.readline())
            if not self.said[-1]:
                raise SystemExit(f"{args} ended: {self.process.stderr.read().decode()}")
        self.address = found.group().decode()
        self.reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True)
        self.reader.start()

    def end(self, what, mark):
        self.process.terminate()
        self.process.wait(20)
        self.reader.join(20)
        texts = {"standard output": b"".join(self.said), "standard error": self.process.stderr.read()}
        expect(what + ": requests are in its log", mark.encode() in texts["standard output"], texts)
        expect(what + ": no secret is in its log", not leaks(texts), leaks(texts))


class Service(http.server.BaseHTTPRequestHandler):
    """Somebody's real service, which gives away secrets of its own in every answer."""
    protocol_version = "HTTP/1.1"
    cookie = "sid=" + secret("setcookie") + "; Path=/; HttpOnly"
    location = "/login?token=" + secret("location")

    def do_GET(self):
        body = json.dumps({"hostname": "server-1"}).encode()
        redirect = self.path.startswith("/redirect")
        self.send_response(302 if redirect else 200)
        for name in ("ETag", "WWW-Authenticate", "X-Debug", "Link", "Server"):
            self.send_header(name, ANSWERS[name])
        self.send_header("Set-Cookie", self.cookie)
        self.send_header("Set-Cookie", "ws-session=server-1; Path=/")
        if redirect:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def raw(address, text):
    with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=60) as client:
        client.sendall(text.encode())
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    return answer


def status_of(address, text):
    """Of the answer to a request that ends its connection."""
    return int(raw(address, text).partition(b" ")[2][:3] or 0)


def request(path, more=""):
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items()) + more + "\r\n"


service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=service.serve_forever, daemon=True).start()
HERE = f"127.0.0.1:{service.server_address[1]}"
os.mkdir(os.path.join(folder.name, "out"))


def out(name):
    return os.path.join(folder.name, "out", name)


# The balancer's log, in both forms, and the page for browsers; good requests and bad ones.
replica = Background("replica", "--port", "0", "--name", "server-1", "--sticky-cookie", "ws-session")
for form in ([], ["--json"]):
    balancer = Background("balance", "--listen", "127.0.0.1:0", "--to", f"{replica.address},http://{HERE}", "--sticky", "cookie=ws-session", *form)
    for _ in range(4):
        raw(balancer.address, request("/hostname" + query()))
        raw(balancer.address, request("/redirect" + query()))
    raw(balancer.address, request("/hostname" + query(), "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n"))
    raw(balancer.address, request("http://a/hostname" + query()))
    raw(balancer.address, request(f"http://{USER}:{PASSWORD}@a/hostname" + query()))
    raw(balancer.address, request("/hostname" + query(), "Content-Length: 1\r\nContent-Length: 2\r\n"))
    # An identifier, by which people find one request in several logs: it is shown as it came, and is no place for a secret.
    raw(balancer.address, request("/hostname", "X-Request-Id: shown-as-it-came\r\n"))
    balancer.end("balance " + " ".join(form), "shown-as-it-came")
page = raw(replica.address, request("/", "Accept: text/html\r\n")) + raw(replica.address, request("/stickyscope/state" + query()))
expect("the page shows the cookies' names", b"login=(not shown)" in page, page[-300:])
expect("and no secret", not leaks({"page": page}), leaks({"page": page}))
replica.end("replica", "GET /hostname 200")

# A live run, with what it records; and what is made of the recording.
SECRETS = "".join(f", {name}: '{value}'" for name, value in HEADERS.items())[2:]
scenario = os.path.join(folder.name, "live.sticky.yaml")


def write_scenario(address, more=""):
    with open(scenario, "w") as file:
        file.write(f"version: 1\ntitle: Planted\n{more}origin: 'http://{USER}:{PASSWORD}@app.example/{query()}#token={secret('fragment')}'\n"
                   f"target: 'http://{USER}:{PASSWORD}@{address}/hostname{query()}'\n"
                   f"replicas: [{{name: server-1, address: '{HERE}'}}, {{name: server-2, address: '{HERE}'}}]\n"
                   f"balancer: {{product: haproxy, sticky: {{cookie: ws-session, dynamic-cookie-key: {secret('dynamic')}}}}}\n"
                   f"clients: [{{name: browsers, kind: browser, count: 2, path: '/hostname{query()}', headers: {{{SECRETS}}}, think-time: 100ms}}]\n"
                   "lanes: [{name: 'on'}]\n")


write_scenario(HERE)
recording = out("run.stickyscope")
call("run --world live", "run", scenario, "--world", "live", "--for", "2s", "--rate", "20", "--json", out("live.json"), "--trace", "--record", recording,
     marks=["browsers asked http://", "server-1", "SQLite format 3"])
call("run of a recording", "run", recording, "--json", "-", marks=["browsers-1"])
for world in ("virtual", "lab"):
    call("run --world " + world, "run", scenario, "--world", world, "--for", "2s", "--json", out(world + ".json"), "--trace", "--record",
         out(world + ".stickyscope"), marks=["browsers-1"])

# The lab's log.
lab = Background("lab", scenario)
raw(lab.address, request("/hostname" + query()))
raw(lab.address, request("/redirect" + query()))
lab.end("lab", "GET /hostname 200")

# Products' own programs: what they write for themselves, while their servers answer and when these are gone.
programs = {"haproxy": [], "nginx": [], "caddy": [], "apache": [], "traefik": ["--program", sys.argv[2]], "envoy": ["--program", sys.argv[3]]}
for product, where in programs.items():
    temporary = os.path.join(folder.name, "out", product + "-runs")
    os.mkdir(temporary)
    servers = [Background("replica", "--port", "0", "--name", f"server-{number}") for number in (1, 2)]
    path = os.path.join(folder.name, product + ".sticky.yaml")
    with open(path, "w") as file:
        file.write("version: 1\nreplicas: [" + ", ".join(f"{{name: server-{number + 1}, address: '{server.address[7:]}'}}"
                                                           for number, server in enumerate(servers))
                   + f"]\nbalancer: {{product: {product}, sticky: {{cookie: who}}}}\nclients: [{{name: b, kind: browser}}]\n")
    real = Background("manage", path, *where, environment={"TMPDIR": temporary})
    good, bad = request("/hostname" + query()), request("/hostname" + query() + " and more")
    proxied = request(f"http://{USER}:{PASSWORD}@a/hostname" + query())
    answers = [status_of(real.address, one) for one in (good, proxied, bad)]
    expect(f"{product}: a good request is answered, a bad one is not", answers[0] == 200 and answers[2] == 400, answers)
    for server in servers:
        server.end(product + "'s server", "listens on")
    answers = [status_of(real.address, one) for one in (good, proxied, bad)]
    expect(f"{product}: nobody is left to answer", answers[0] >= 500, answers)
    expect(f"{product}: its files are seen", any(name.endswith("/said") for name in written()), written().keys())
    expect(f"{product}: no secret is in them", not leaks(written()), leaks(written()))
    real.end(product, "listens on")
    os.rmdir(temporary)

# A probe, its verdict and its errors.
target = f"http://{USER}:{PASSWORD}@{HERE}/hostname{query()}"
headers = [word for name, value in HEADERS.items() for word in ("--header", f"{name}: {value}")]
call("probe", "probe", target, *headers, "--json", out("probe.json"), marks=["server-1"], statuses=(0, 1))
call("probe --clients", "probe", target, *headers, "--clients", "2", "--requests", "3", "--json", "-", marks=["server-1"])
call("probe of a redirect", "probe", target.replace("/hostname", "/redirect"), *headers, marks=["302"], statuses=(0, 1))
with socket.socket() as nobody:
    nobody.bind(("127.0.0.1", 0))
    call("probe of nothing", "probe", target.replace(HERE, f"127.0.0.1:{nobody.getsockname()[1]}"), *headers, marks=["nothing answered"], statuses=(1,))
call("probe of a stranger", "probe", target.replace(HERE, "192.0.2.1"), *headers, marks=["192.0.2.1"], statuses=(3,))
curl = "curl " + " ".join(f"-H '{name}: {value}'" for name, value in HEADERS.items()) + f" -u '{USER}:{PASSWORD}' 'http://{HERE}/hostname{query()}'"
call("probe of a curl line", "probe", curl, marks=["server-1"], statuses=(0, 1))
call("probe with an option that is not understood", "probe", curl + " --nonsense", marks=["--nonsense"], statuses=(2,))
call("probe with a header that is none", "probe", f"http://{HERE}/", "--header", "Authorization " + secret("nocolon"), marks=["colon"], statuses=(2,))
call("probe of an address that is none", "probe", target.replace(HERE, "127.0.0.1:99999"), marks=["port"], statuses=(2,))

# What servers are named by, right or wrong, on the command line and in orders.
server = f"http://{USER}:{PASSWORD}@{HERE}"
for wrong in (server, f"{USER}:{PASSWORD}@{HERE}", f"http://{HERE}/?token={secret('to')}", f"//{USER}:{PASSWORD}@{HERE}", f"{USER}:{PASSWORD}@127.0.0.1:99999",
              f"http://{USER}:/{PASSWORD}@{HERE}", f"http:/{USER}:{PASSWORD}@{HERE}", f"http:///{USER}:{PASSWORD}@{HERE}", f"{USER}:#{PASSWORD}@h"):
    call("balance --to " + wrong.replace(USER, "").replace(PASSWORD, "")[:12], "balance", "--listen", "127.0.0.1:0", "--to", wrong, marks=["--to must name"], statuses=(2,))
orders = subprocess.Popen([program, "balance", "--listen", "127.0.0.1:0", "--to", f"http://{HERE}", "--orders"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
ORDERS = [f"add s2 {server}", f"add s2 {USER}:{PASSWORD}@{HERE}", f"add s2 http://{HERE}/?token={secret('order')}", f"add {server} {server}", f"drain {server}", server,
          f"drain server-1 {server}", f"add s2 http://{HERE} {server}"]
orders.stdout.readline()
orders.stdin.write("".join(line + "\n" for line in ORDERS).encode() + b"drain server-1\n")
orders.stdin.flush()
texts = {"standard output": orders.stdout.readline()}
orders.terminate()
texts["standard error"] = orders.communicate(timeout=20)[1]
expect("orders: each wrong one is one line", texts["standard error"].count(b"\n") == len(ORDERS) and texts["standard output"] == b"done: drain server-1\n", texts)
expect("orders: no secret is in what is said", not leaks(texts), leaks(texts))

# Configurations, explanations, and what is wrong with a file. A key with which the balancer itself hashes is part of its
# configuration: there it has to stand.
keys = [one for one in planted if one.startswith("tango-dynamic-")]
for one in keys:
    planted.remove(one)
for product in ("haproxy", "traefik", "compose", "nginx", "envoy", "caddy", "apache"):
    call("export --to " + product, "export", scenario, "--to", product, "--output", out(product), statuses=(0, 2), marks=["a"])
planted.extend(keys)
for path in glob.glob(out("haproxy") + "/*"):
    os.remove(path)
call("explain", "explain", scenario, "--request", "2", marks=["ws-session"])
write_scenario("127.0.0.1:99999")
call("check of an address that is none", "check", scenario, marks=["target"], statuses=(2,))
write_scenario(HERE)
with open(scenario) as file:
    text = file.read()
with open(scenario, "w") as file:
    file.write(text.replace(f"server-1, address: '{HERE}'", f"server-1, address: '{USER}:{PASSWORD}@{HERE}'"))
call("check of an address with a name and a password", "check", scenario, marks=["address must be"], statuses=(2,))
with open(scenario, "w") as file:
    file.write(text.replace("'Bearer ", '"\\n').replace("', Proxy", '", Proxy'))
call("check of a header of two lines", "check", scenario, marks=["headers.Authorization must be one line"], statuses=(2,))
write_scenario(HERE, "title: twice\n")
call("check of a key that stands twice", "check", scenario, marks=["title"], statuses=(2,))
service.shutdown()
end()
