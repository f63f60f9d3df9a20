#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `stickyscope export` writes, given to the real balancers: each accepts its configuration,
whatever the scenario sets, and does with it what the scenario says."""
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import yaml

import peers
from peers import Replica, die_with_us, expect, free_port, get, wait_until

program, traefik_program, envoy_program, only = sys.argv[1:5]
HAPROXY, NGINX, CADDY, APACHE = (shutil.which(name) or f"/usr/sbin/{name}" for name in ("haproxy", "nginx", "caddy", "apache2"))


def scenario(balancer, servers=("{name: a, address: '127.0.0.1:1'}", "{name: b, address: '127.0.0.1:2'}", "{name: c, address: '127.0.0.1:3'}"),
             title="Three"):
    return (f"version: 1\ntitle: {title}\nreplicas: [{', '.join(servers)}]\nbalancer: {{{balancer}}}\n"
            "clients: [{name: c, kind: curl}]\n"
            + ("lanes: [{name: plain, sticky: none}]\n" if "sticky: none" in balancer else ""))


def export(text, to, folder, *more):
    result = subprocess.run([program, "export", "-", "--to", to, "--output", folder, *more], input=text.encode(), capture_output=True, timeout=20)
    return result.returncode, result.stderr.decode()


class Product:
    """How the program says whether a configuration is right, and how it runs."""

    def __init__(self, to, check, run, last=signal.SIGTERM):
        self.to, self.check_command, self.run_command, self.last = to, check, run, last

    def call(self, command, folder):
        return [word.replace("FOLDER", folder) for word in command]

    def accepts(self, folder):
        """Empty where it does, else what it says."""
        result = subprocess.run(self.call(self.check_command, folder), cwd=folder, capture_output=True, timeout=60, env={**os.environ, "HOME": folder})
        said = result.stdout.decode(errors="replace") + result.stderr.decode(errors="replace")
        complaints = [line for line in said.splitlines() if re.search(r"\[(WARNING|ALERT|warn|emerg)\]|\[(warning|error|critical)\]\[", line)]
        return said[-800:] if result.returncode != 0 else "\n".join(complaints)

    def start(self, folder):
        with open(os.path.join(folder, "log"), "ab") as log:
            return subprocess.Popen(self.call(self.run_command, folder), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    env={**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder},
                                    preexec_fn=lambda: die_with_us(self.last))

    def stop(self, process):
        process.send_signal(self.last)
        process.wait(20)


class TraefikFile(Product):
    """It has no check of its own: what it says at start, and whether the file is in force, are one."""

    def accepts(self, folder):
        with open(os.path.join(folder, "traefik.yml")) as file:
            static = yaml.safe_load(file)
        port = int(static["entryPoints"]["web"]["address"].rsplit(":", 1)[1])
        process = self.start(folder)
        try:
            wait_until(lambda: "Traefik has read its file; it said: " + open(os.path.join(folder, "log")).read()[-800:],
                       lambda: get(port)[0].status != 404 or b" ERR " in open(os.path.join(folder, "log"), "rb").read())
        finally:
            self.stop(process)
        return "\n".join(line for line in open(os.path.join(folder, "log")) if " ERR " in line or " WRN " in line)


PRODUCTS = {
    "haproxy": Product("haproxy", [HAPROXY, "-c", "-f", "haproxy.cfg"], [HAPROXY, "-db", "-f", "haproxy.cfg"]),
    "nginx": Product("nginx", [NGINX, "-t", "-p", "FOLDER", "-c", "FOLDER/nginx.conf", "-e", "stderr"],
                     [NGINX, "-p", "FOLDER", "-c", "FOLDER/nginx.conf", "-e", "stderr"]),
    "caddy": Product("caddy", [CADDY, "validate", "--adapter", "caddyfile", "--config", "Caddyfile"],
                     [CADDY, "run", "--adapter", "caddyfile", "--config", "Caddyfile"]),
    "apache": Product("apache", [APACHE, "-t", "-d", "FOLDER", "-f", "FOLDER/httpd.conf"],
                      [APACHE, "-X", "-d", "FOLDER", "-f", "FOLDER/httpd.conf"]),
    "envoy": Product("envoy", [envoy_program, "--mode", "validate", "-c", "envoy.yaml", "--log-level", "warning"],
                     [envoy_program, "-c", "envoy.yaml", "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"], signal.SIGKILL),
    "traefik": TraefikFile("traefik-file", [], [traefik_program, "--configfile=traefik.yml"], signal.SIGKILL),
}

# What a scenario can set, a row for each balancer: all values of these once at least.
SETTINGS = {
    "haproxy": ["retry-on: conn-failure 503, redispatch: true, redispatch-interval: 2", "observe: layer7, health-check: {every: 1s}", "algorithm: static-rr", "algorithm: leastconn", "algorithm: random, draws: 3", "algorithm: first",
                "algorithm: source, hash-type: consistent, hash-balance-factor: 150", "algorithm: hash", "algorithm: hash, hash-on: header, hash-name: X-User", "algorithm: hash, hash-on: query, hash-name: u",
                "algorithm: hash, hash-on: path", "algorithm: hash, hash-on: uri", "algorithm: hash, hash-on: cookie, hash-name: u", "redispatch: true, retries: 2, timeout-connect: 250ms",
                "persist: true", "force-persist: X-Test, redispatch: true", "allbackups: true", "slowstart: 5s", "maxconn: 2, maxqueue: 3, timeout-queue: 1500ms", "observe: layer4, error-limit: 3, health-check: {every: 1500ms, fall: 2, rise: 4}",
                "algorithm: hash, hash-on: uri, hash-type: consistent, hash-function: wt6, avalanche: true", "algorithm: source, hash-function: djb2",
                "sticky: {cookie: S, mode: rewrite}", "sticky: {cookie: S, mode: prefix}", "sticky: {mode: stick-table}", "sticky: {mode: stick-table, expire: 30m, table-size: 500}",
                "sticky: {cookie: S, mode: stick-table, stick-on: cookie, expire: 1500ms}", "sticky: none",
                "sticky: {cookie: S, indirect: true, nocache: true, postonly: true, preserve: true, maxidle: 10s, maxlife: 1h}",
                "sticky: {cookie: S, dynamic-cookie-key: 'a \"b\\ $HOME', indirect: true}",
                "sticky: {cookie: S, domain: example.test, http-only: true, secure: true, same-site: lax, attr: Priority=High}"],
    "nginx": ["proxy-next-upstream: error http_503 non_idempotent", "algorithm: least_time-header, inflight: true", "algorithm: hash, sticky: {method: userid, expires-max: true}",
              "sticky: {expires-max: true}", "sticky: {method: learn, header: true, zone-size: 64}", "algorithm: least_conn", "algorithm: random", "algorithm: random-two", "algorithm: ip_hash", "algorithm: hash",
              "algorithm: hash-consistent", "max-fails: 0, fail-timeout: 2s", "max-conns: 2", "algorithm: hash, hash-on: header, hash-name: X-User, sticky: none",
              "algorithm: hash-consistent, hash-on: query, hash-name: u", "algorithm: hash, hash-on: cookie, hash-name: u", "algorithm: hash, hash-on: path", "algorithm: hash, hash-on: uri", "sticky: none", "sticky: {cookie: S, method: route}",
              "sticky: {cookie: S, method: learn}", "sticky: {cookie: S, method: userid}, algorithm: hash",
              "sticky: {cookie: S, method: userid, path: '/a \"b\\', domain: example.test, secure: true, http-only: true, same-site: strict, expires: 1h}, "
              "algorithm: hash-consistent",
              "sticky: {cookie: S, path: '/a \"b\\', domain: example.test, secure: true, http-only: true, same-site: strict, expires: 1h}"],
    "caddy": ["algorithm: random_choose, choose: 3, sticky: none", "algorithm: least_conn, sticky: none", "algorithm: round_robin, sticky: none",
              "algorithm: first, sticky: none", "algorithm: ip_hash, sticky: none", "algorithm: header, hash-name: X-User, sticky: none", "algorithm: uri_hash, sticky: none", "sticky: {cookie: S, secret: 'hush \"\\ hush'}",
              "lb-try-duration: 1s, lb-try-interval: 100ms, fail-duration: 30s, max-fails: 3", "unhealthy-request-count: 2, max-fails: 1", "lb-retries: 2"],
    "apache": ["maxattempts: 1, failonstatus: 500 503, forcerecovery: false", "algorithm: bytraffic", "algorithm: bybusyness", "sticky: none", "nofailover: true, retry: 5s",
               "sticky: {cookie: S, application-cookie: true, url-parameter: jsessionid}",
               "sticky: {cookie: S, stickysessionsep: '!'}", "sticky: {cookie: S, stickysessionsep: '%'}", "sticky: {cookie: S, stickysessionsep: '\"'}",
               "sticky: {cookie: S, stickysessionsep: Off}",
               "sticky: {cookie: S, path: '/a \"b\\ 100%', domain: example.test, secure: true, http-only: true, same-site: none, max-age: 1h}",
               "health-check: {every: 1s, fall: 2, rise: 3}"],
    "envoy": ["retry-on: connect-failure 5xx", "algorithm: ring_hash, minimum-ring-size: 64, maximum-ring-size: 2048, hash-balance-factor: 150", "algorithm: least_request", "algorithm: least_request, choice-count: 3, active-request-bias: 0.5, full-scan: true", "algorithm: random",
              "algorithm: ring_hash, minimum-ring-size: 512", "algorithm: maglev", "algorithm: maglev, hash-on: header, hash-name: X-User", "algorithm: ring_hash, hash-on: query, hash-name: u",
              "algorithm: ring_hash, hash-on: uri", "algorithm: ring_hash, hash-on: path", "algorithm: ring_hash, hash-on: cookie, hash-name: u", "sticky: none", "algorithm: maglev, sticky: {hash-policy: true, ttl: 0s}",
              "sticky: {cookie: S, path: '/a \"b\\', ttl: 1500ms, strict: true, keep-draining: true}",
              "sticky: {override-host-status: healthy unhealthy draining, strict: true, status-on-strict-destination-not-found: 404}",
              "sticky: {override-host-status: draining}",
              "retry-on: connect-failure, num-retries: 2, consecutive-gateway-failure: 3, base-ejection-time: 5s",
              "consecutive-5xx: 2, max-ejection-percent: 50", "retry-on: reset, num-retries: 2", "healthy-panic-threshold: 20",
              "healthy-panic-threshold: 0, sticky: none",
              "algorithm: ring_hash, sticky: {hash-policy: true}"],
    "traefik": ["attempts: 3, initial-interval: 50ms", "sticky: {cookie: S, max-age-negative: true}", "algorithm: p2c", "algorithm: hrw", "algorithm: leasttime", "sticky: none", "attempts: 2", "failure-window: 5s, max-failed-attempts: 3",
                "sticky: {path: '/a \"b\\ #c', domain: example.test, secure: true, http-only: true, same-site: none, max-age: 1h}"],
}
# Cookie names with everything that a name may have.
NAMES = ["plain-name", "it's!#%&'*+-.^_`|~", "q`q", "a$b"]
WEIGHTS = ["{name: a, address: '127.0.0.1:1', weight: 3}", "{name: default, address: '[::1]:2', weight: 0, route: default}",
           "{name: hostnames, address: 'localhost:3', weight: 1, route: hostnames}"]
TITLE = "\"{{ env `HOME` }} \\u2028evil: 1\\u0085evil: 2 */ %> ${HOME} -->\""


def accepted(product):
    """Each setting by itself, with and without checks, weights, and names as odd as they come."""
    texts = []
    for given, health in itertools.product(["", *SETTINGS[product]], ["", "health-check: {every: 10ms, fall: 3, rise: 2}"]):
        if health and ("health-check" in given or not given):
            continue
        texts.append(", ".join(part for part in (f"product: {product}", given, health) if part))
    rows = [(text, scenario(text)) for text in texts] + [("weights", scenario(f"product: {product}", [one.replace("weight: 3", "weight: 1") for one in WEIGHTS] if product == "caddy" else WEIGHTS, TITLE))]
    if product == "apache":
        rows.append(("members that step in", scenario("product: apache", ["{name: a, address: '127.0.0.1:1', redirect: c}", "{name: b, address: '127.0.0.1:2', spare: true}",
                                                                        "{name: c, address: '127.0.0.1:3', backup: true}"])))
    rows += [("name " + name, scenario(f"product: {product}, sticky: {{cookie: \"{name}\"}}")) for name in NAMES]
    refusals = 0
    for number, (what, text) in enumerate(rows):
        with tempfile.TemporaryDirectory() as folder:
            port, admin = (free_port(), free_port()) if product == "traefik" else (8000, 8001)
            status, said = export(text, PRODUCTS[product].to, folder, "--listen", f"127.0.0.1:{port}", "--admin-port", str(admin))
            if status == 2 and what.startswith("name a$b") and len(said.splitlines()) == 1:
                refusals += 1
                continue
            expect(f"{product} is written: {what}", status == 0, said)
            if status == 0:
                complaints = PRODUCTS[product].accepts(folder)
                expect(f"{product} accepts {what}", complaints == "", complaints)
    expect(f"{product}: only nginx refuses $ in a cookie's name", refusals == (product == "nginx"), refusals)


def spread(port, cookie=None, count=12):
    return [get(port, cookie=cookie)[1] for _ in range(count)]


def behaves(product, replicas, sticky="cookie: who", more=""):
    servers = [f"{{name: {replica.name}, address: '127.0.0.1:{replica.port}'}}" for replica in replicas]
    names = {replica.name for replica in replicas}
    port, admin = free_port(), free_port()
    title = f"{product} {sticky} {more}".strip()
    with tempfile.TemporaryDirectory() as folder:
        status, said = export(scenario(f"product: {product}, sticky: {{{sticky}}}" + more, servers), PRODUCTS[product].to, folder,
                              "--listen", f"127.0.0.1:{port}", "--admin-port", str(admin), "--health-path", "/hostname")
        expect(f"{title}: is written", status == 0, said)
        process = PRODUCTS[product].start(folder)
        try:
            wait_until(lambda: f"{title} answers with all; it said: {open(os.path.join(folder, 'log'), errors='replace').read()[-800:]}",
                       lambda: set(spread(port)) == names)
            expect(f"{title}: without a cookie all serve", set(spread(port, count=40)) == names)
            for _ in range(4):
                response, name = get(port)
                field = next((field for field in response.msg.get_all("Set-Cookie", []) if field.startswith("who=")), None)
                expect(f"{title}: a fresh request gets the cookie", field is not None, response.msg.get_all("Set-Cookie"))
                if field is None:
                    break
                again = spread(port, cookie=field.split(";")[0])
                expect(f"{title}: a bound request stays", set(again) == {name}, (name, again))
            strange = set(spread(port, cookie="who=nobody", count=40))
            expect(f"{title}: with a cookie of nobody all serve", strange == names or "hash-policy" in sticky, strange)
            sockets, _, said = peers.probe(program, f"http://127.0.0.1:{port}/hostname", "--clients", "4", "--websocket", "/streaming", "--reconnect", "2",
                                           "--header", "Authorization: secret", "--rate", "100/s")
            lane = sockets["lanes"][0] if sockets else {}
            # Apache sets no cookie on a 101.
            expect(f"{title}: WebSockets come back to their server", lane.get("requests") == 12 and lane.get("failed") == 0
                   and (lane["stickiness"] == 1 or product == "apache"), (said, lane.get("stickiness"), lane.get("failures")))
            # The bound server dies: the others take its clients, if need be after a failure is noticed.
            victim = next(replica for replica in replicas if replica.name == name)
            victim.kill()
            value = field.split(";")[0]
            wait_until(f"{title}: another one takes over", lambda: get(port, cookie=value)[1] in names - {name})
            victim.start()
            wait_until(f"{title}: it is back", lambda: set(spread(port)) == names)
        finally:
            PRODUCTS[product].stop(process)


def rests(replicas):
    """A server of weight 0, before the real Envoy as in the model: its bound requests leave it, or stay where DRAINING does."""
    for keeps in (False, True):
        port, admin = free_port(), free_port()
        title = "envoy: weight 0" + (", keep-draining" if keeps else "")
        sticky = "sticky: {cookie: who, keep-draining: true}" if keeps else "sticky: {cookie: who}"
        servers = [f"{{name: {replica.name}, address: '127.0.0.1:{replica.port}', weight: {weight}}}" for replica, weight in zip(replicas, (2, 1, 0))]
        told = {name: subprocess.run([program, "cookie", "--for", f"127.0.0.1:{replica.port}", "--product", "envoy", "--name", "who"],
                                     capture_output=True, timeout=20).stdout.decode().split(";")[0] for name, replica in zip("abc", replicas)}
        with tempfile.TemporaryDirectory() as folder:
            status, said = export(scenario(f"product: envoy, {sticky}", servers), "envoy", folder, "--listen", f"127.0.0.1:{port}", "--admin-port", str(admin))
            expect(f"{title}: is written", status == 0 and "weight 0" in said, said)
            process = PRODUCTS["envoy"].start(folder)
            try:
                wait_until(lambda: f"{title} answers; it said: {open(os.path.join(folder, 'log'), errors='replace').read()[-800:]}",
                           lambda: set(spread(port)) == {replica.name for replica in replicas[:2]})
                expect(f"{title}: no fresh request comes there", replicas[2].name not in spread(port, count=30))
                there = set(spread(port, cookie=told["c"], count=20))
                expect(f"{title}: who is bound to it", there == ({replicas[2].name} if keeps else {replica.name for replica in replicas[:2]}), there)
                expect(f"{title}: others stay", set(spread(port, cookie=told["a"])) == {replicas[0].name})
            finally:
                PRODUCTS["envoy"].stop(process)


def kubernetes():
    """No cluster here: what would be applied is read as YAML, and looked at."""
    with tempfile.TemporaryDirectory() as folder:
        text = scenario("product: ingress-nginx, sticky: {cookie: who, path: /a, expires: 1h, max-age: 2h, same-site: none, change-on-failure: true, "
                        "affinity-mode: persistent}, health-check: {every: 1500ms, fall: 2}", title=TITLE)
        status, said = export(text, "ingress", folder)
        deployment, service, ingress = yaml.safe_load_all(open(folder + "/ingress.yaml"))
        notes = {key.removeprefix("nginx.ingress.kubernetes.io/"): value for key, value in ingress["metadata"]["annotations"].items()}
        expect("Ingress: annotations", status == 0 and notes == {
            "proxy-read-timeout": "3600", "affinity": "cookie", "affinity-mode": "persistent", "session-cookie-name": "who",
            "session-cookie-path": "/a", "session-cookie-samesite": "None", "session-cookie-max-age": "7200", "session-cookie-expires": "3600",
            "session-cookie-change-on-failure": "true"}, (said, notes))
        expect("Ingress: as many pods as replicas", deployment["spec"]["replicas"] == 3 and service["kind"] == "Service")
        probe = deployment["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
        expect("Ingress: the probe", probe == {"httpGet": {"path": "/", "port": 8000}, "periodSeconds": 2, "failureThreshold": 2, "successThreshold": 1}, probe)
        text = scenario("product: gateway-api, sticky: {cookie: who, lifetime-type: Permanent, absolute-timeout: 1h}",
                        ["{name: a, weight: 3}", "{name: B_1}"])
        status, said = export(text, "gateway", folder)
        documents = list(yaml.safe_load_all(open(folder + "/gateway.yaml")))
        rule = documents[1]["spec"]["rules"][0]
        expect("Gateway: the session", rule["sessionPersistence"] == {"type": "Cookie", "sessionName": "who", "absoluteTimeout": "3600s",
                                                                     "cookieConfig": {"lifetimeType": "Permanent"}}, (said, rule))
        text = scenario("product: gateway-api, sticky: {cookie: X-Cart, persistence-type: Header}", ["{name: a}", "{name: b}"])
        with tempfile.TemporaryDirectory() as other:
            _, told = export(text, "gateway", other)
            headed = list(yaml.safe_load_all(open(other + "/gateway.yaml")))[1]["spec"]["rules"][0]
        expect("Gateway: the session in a header", headed["sessionPersistence"] == {"type": "Header", "sessionName": "X-Cart"}, (told, headed))
        expect("Gateway: backends and weights", [(one["name"], one["weight"]) for one in rule["backendRefs"]] == [("a", 3), ("b-1", 1)], rule)
        expect("Gateway: says what it renames", "B_1 is called b-1" in said, said)


def compose():
    """The labels, as a reader of Docker's sees them: $ is no variable, and the tools agree on the text."""
    with tempfile.TemporaryDirectory() as folder:
        status, said = export(scenario("product: traefik, sticky: {cookie: 'a$b`c', path: '/a \"b\\ #c'}", ["{name: 'on', weight: 2}", "{name: traefik}"], TITLE),
                              "compose", folder)
        document = yaml.safe_load(open(folder + "/compose.yaml"))
        labels = dict(label.split("=", 1) for label in document["services"]["on"]["labels"])
        prefix = "traefik.http.services.app.loadbalancer."
        expect("compose: a cookie's odd name", status == 0 and labels[prefix + "sticky.cookie.name"] == "a$$b`c", (said, labels))
        expect("compose: an odd path", labels[prefix + "sticky.cookie.path"] == "/a \"b\\ #c", labels)
        expect("compose: weights", labels[prefix + "server.weight"] == "2", labels)
        expect("compose: a server called traefik, and Traefik", set(document["services"]) == {"on", "traefik", "traefik-balancer"}, list(document["services"]))


if only == "others":
    kubernetes()
    compose()
else:
    accepted(only)
    replicas = [Replica(program, f"server-{number}") for number in (1, 2, 3)]
    CHECKED = ", health-check: {every: 100ms, fall: 1, rise: 1}"
    behaves(only, replicas, more=CHECKED + (", retry: 1s" if only == "apache" else ", fail-timeout: 1s" if only == "nginx" else ""))
    if only == "envoy":
        rests(replicas)
        behaves(only, replicas, "cookie: who, hash-policy: true, ttl: 0s", CHECKED + ", algorithm: ring_hash")
    if only == "nginx":
        behaves(only, replicas, "cookie: who, method: userid", ", algorithm: hash-consistent, fail-timeout: 1s")
    if only == "haproxy":
        behaves(only, replicas, "cookie: who, dynamic-cookie-key: secret, indirect: true", CHECKED)
    for replica in replicas:
        replica.kill()
peers.end()
