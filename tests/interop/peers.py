# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real balancers and our replicas on loopback, for the tests beside this file."""
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402, F401


def wait_until(what, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)
    raise SystemExit(f"waited in vain until {what() if callable(what) else what}")


# Below the ports that the system gives out, and a slice for each process: a port that is free now
# must still be so when the balancer starts, whatever tests run beside this one.
ports = iter(range(10000 + os.getpid() % 73 * 300, 10300 + os.getpid() % 73 * 300))


def free_port(hosts=("127.0.0.1",)):
    """One that is free at each of these addresses."""
    for port in ports:
        try:
            for host in hosts:
                with socket.socket() as one:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    one.bind((host, port))
            return port
        except OSError:
            pass
    raise SystemExit("no port is left for this test")


def listens(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        return True


def certificates(folder):
    """Two self-signed certificates, one of localhost and one of a client: files NAME.pem with key."""
    for name, extra in (("localhost", ["-addext", "subjectAltName=DNS:localhost"]), ("client", [])):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                        "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt", *extra],
                       check=True, capture_output=True)
        with open(f"{folder}/{name}.pem", "w") as file:
            file.write(open(f"{folder}/{name}.crt").read() + open(f"{folder}/{name}.key").read())


def die_with_us(last=signal.SIGKILL):
    import ctypes
    ctypes.CDLL(None).prctl(1, last)


class Connection(http.client.HTTPConnection):
    """To a server on this machine. It is reset in the end: thousands whose ports wait for a minute (TIME_WAIT) would leave none for all
    the tests that run beside."""

    def __init__(self, port, timeout=15, source="127.0.0.1"):
        super().__init__("127.0.0.1", port, timeout=timeout, source_address=None if source == "127.0.0.1" else (source, 0))

    def connect(self):
        super().connect()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def get(port, path="/hostname", cookie=None, host="localhost"):
    connection = Connection(port)
    headers = {"Host": host}
    if cookie is not None:
        headers["Cookie"] = cookie
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    try:
        name = json.loads(body)["hostname"]
    except (ValueError, KeyError, TypeError):
        name = None
    return response, name


class Replica:
    def __init__(self, program, name, port=0):
        self.name = name
        self.program = program
        self.port = port
        self.count = 0
        self.start()

    def start(self):
        self.port = self.listening(lambda: subprocess.Popen(
            [self.program, "replica", "--port", str(self.port), "--name", self.name],
            stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us), "stdout")
        # Its log is read as it comes: nobody may be kept waiting by a full pipe.
        threading.Thread(target=self.read, args=(self.process.stdout,), daemon=True).start()

    def listening(self, begin, told):
        """Its port, once it says that it listens. Its own port may be somebody's for a moment, while it was dead."""
        deadline = time.monotonic() + 20
        while True:
            self.process = begin()
            found = re.search(r":(\d+)/hostname", getattr(self.process, told).readline())
            if found:
                return int(found.group(1))
            self.kill()
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} does not start at port {self.port}")
            time.sleep(0.1)

    def read(self, log):
        for _ in log:
            self.count += 1

    def lines(self):
        return self.count

    def kill(self):
        self.process.kill()
        self.process.wait()


class GoaReplica(Replica):
    """The Goa example's program in the place of our own replica."""

    def start(self):
        self.port = self.listening(lambda: subprocess.Popen(
            [self.program], stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us,
            env={"NAME": self.name, "LISTEN": f"127.0.0.1:{self.port}"}), "stderr")
        threading.Thread(target=self.read, args=(self.process.stderr,), daemon=True).start()


class Balancer:
    """A balancer in the foreground, on a port of its own, with its files in a folder of its own."""

    def __init__(self, replicas, weights=None):
        self.folder = tempfile.mkdtemp()
        self.port = free_port()
        self.replicas = list(replicas)
        self.weights = {replica.name: weight for replica, weight in zip(replicas, weights or [1] * len(replicas))}
        self.states = {}  # what was asked for, by the replica's name: draining, maintenance

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """In one step: some of them watch their files."""
        with open(self.path(name + ".new"), "w") as file:
            file.write(text)
        os.rename(self.path(name + ".new"), self.path(name))

    last = signal.SIGKILL  # what ends it, and all processes of its own

    def run(self, *command):
        own = {**os.environ, "HOME": self.folder, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder}
        with open(self.path("log"), "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=own,
                                            preexec_fn=lambda: die_with_us(self.last))

    def wait(self):
        """Until it passes a request on."""
        wait_until(lambda: f"{type(self).__name__} answers; it said: {self.log()}", lambda: get(self.port)[0].status == 200)

    def log(self):
        with open(self.path("log"), errors="replace") as file:
            return file.read()[-2000:]

    @staticmethod
    def options(given, replica):
        """What stands on this server's line: the same for all, or a function of the replica."""
        return given(replica) if callable(given) else given

    def host(self, replica):
        return getattr(replica, "host", "127.0.0.1")

    def health_port(self, replica):
        return getattr(replica, "health_port", replica.port)

    def set(self, replica, state):
        """draining: bound requests only; maintenance: none; ready: all."""
        self.states[replica.name] = state
        self.apply()

    def add(self, replica):
        self.replicas.append(replica)
        self.weights[replica.name] = 1
        self.apply()

    def stop(self):
        self.process.send_signal(self.last)
        self.process.wait()
        shutil.rmtree(self.folder)


class Traefik(Balancer):
    """`cookie` is what stands in sticky.cookie, in YAML's flow style; without a name it is not sticky."""

    def __init__(self, program, replicas, sticky=True, weights=None, rule="PathPrefix(`/`)", cookie="name: ws-session", strategy="",
                 every="2s", check=True, middleware="", passive=""):
        super().__init__(replicas, weights)
        self.passive = passive
        self.rule, self.cookie, self.strategy, self.every, self.check = rule, cookie if sticky else "", strategy, every, check
        self.middleware = middleware
        self.weighted = weights is not None
        self.api = free_port()
        self.apply()
        self.run(program, f"--entrypoints.web.address=127.0.0.1:{self.port}", f"--entrypoints.traefik.address=127.0.0.1:{self.api}",
                 "--entrypoints.web.forwardedheaders.insecure=true", "--api.insecure=true", "--metrics.prometheus=true", "--providers.providersthrottleduration=100ms",
                 "--providers.file.filename=" + self.path("dynamic.yml"))
        self.wait()

    def apply(self):
        used = [r for r in self.replicas if self.states.get(r.name) != "maintenance"]
        servers = "".join(f"          - url: {self.url(r)}\n"
                          + (f"            weight: {self.weights[r.name]}\n" if self.weighted else "") for r in used)
        health = self.health_port(self.replicas[0])
        port = f", port: {health}" if health != self.replicas[0].port else ""
        self.write("dynamic.yml", "http:\n  routers: {app: {rule: \"" + self.rule + "\", service: app, entryPoints: [web]"
                   + (", middlewares: [first]}}\n  middlewares: {first: " + self.middleware + "}\n" if self.middleware else "}}\n")
                   + "  services:\n    app:\n      loadBalancer:\n"
                   + ("        sticky: {cookie: {" + self.cookie + "}}\n" if self.cookie else "")
                   + (f"        strategy: {self.strategy}\n" if self.strategy else "")
                   + ("        healthCheck: {path: /hostname, interval: " + self.every + ", timeout: 1s" + port + "}\n" if self.check else "")
                   + (f"        passiveHealthCheck: {self.passive}\n" if self.passive else "") + "        servers:\n" + servers)

    def url(self, replica):
        return f"http://{self.host(replica)}:{replica.port}"

    @staticmethod
    def value(replica):
        return hashlib.sha256(f"http://{getattr(replica, 'host', '127.0.0.1')}:{replica.port}".encode()).hexdigest()[:16]

    def set(self, replica, state):
        super().set(replica, state)
        self.settle()

    def add(self, replica):
        super().add(replica)
        self.settle()

    def settle(self):
        """Until the rewritten file is in force."""
        wanted = {self.url(r) for r in self.replicas if self.states.get(r.name) != "maintenance"}

        def in_force():
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api}/api/http/services/app@file", timeout=5) as answer:
                return {server["url"] for server in json.load(answer)["loadBalancer"]["servers"]} == wanted
        wait_until("Traefik has read its file again", in_force)


class Haproxy(Balancer):
    def __init__(self, replicas, cookie="cookie SRV insert indirect nocache", options="", balance="roundrobin", weights=None, tls="",
                 server="check inter 2s", more="", frontend="", named=True, timeout="1s"):
        """`server` stands on every server's line, `more` in the backend; without `named` no server has a cookie, and in a list
        of names these servers have none."""
        super().__init__(replicas, weights)
        self.server, self.named = server, named
        self.settings = (cookie, options, balance, tls, more, frontend, timeout)
        self.apply()
        self.command = (shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", self.path("haproxy.cfg"))
        self.run(*self.command)
        wait_until(lambda: "HAProxy answers; it said: " + self.log(), lambda: listens(self.port) if tls else get(self.port)[0].status == 200)

    def apply(self):
        cookie, options, balance, tls, more, frontend, timeout = self.settings
        servers = "".join(f"    server {self.line(r)}\n" for r in self.replicas)
        self.write("haproxy.cfg", f"global\n    nbthread 1\n    stats socket {self.path('socket')} mode 600 level admin\n"
                   f"defaults\n    mode http\n    timeout connect {timeout}\n    timeout check 2s\n    timeout client 10s\n    timeout server 10s\n"
                   f"    {options}\nfrontend web\n    bind 127.0.0.1:{self.port} {tls}\n    {frontend}\n    default_backend app\n"
                   f"backend app\n    balance {balance}\n    option httpchk GET /hostname\n    {cookie}\n    {more}\n{servers}")

    def line(self, replica):
        nameless = self.named is False or (self.named is not True and replica.name in self.named)
        check = f" port {self.health_port(replica)}" if self.health_port(replica) != replica.port else ""
        return (f"{replica.name} {self.host(replica)}:{replica.port} {self.options(self.server, replica)}{check}" + ("" if nameless else f" cookie {replica.name}")
                + f" weight {self.weights[replica.name]}")

    def say(self, command):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.path("socket"))
            line.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: line.recv(65536), b"")).decode().strip()

    def set(self, replica, state):
        self.say(f"set server app/{replica.name} state " + {"draining": "drain", "maintenance": "maint", "ready": "ready"}[state])

    def add(self, replica):
        """By a reload, as its users do: 2.6 takes no `cookie` for a server that is added while it runs."""
        super().add(replica)
        before = self.process
        self.run(*self.command, "-sf", str(before.pid))
        before.wait()
        wait_until("HAProxy answers again", lambda: get(self.port)[0].status == 200)


class Nginx(Balancer):
    """`upstream` stands before the servers (`hash $uid_got$uid_set consistent;`), `uid` in the server block, `server` on every
    server's line, `more` in the location. One worker: each has counters of its own."""

    last = signal.SIGTERM

    def __init__(self, replicas, upstream="hash $uid_got$uid_set consistent;", uid="userid on; userid_name uid; userid_path /;", weights=None,
                 server="max_fails=1 fail_timeout=2s", more=""):
        super().__init__(replicas, weights)
        self.upstream, self.uid, self.server, self.more, self.mark = upstream, uid, server, more, "load-0"
        self.apply()
        self.run(shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.path("nginx.conf"), "-p", self.folder, "-e", "stderr")
        wait_until(lambda: "nginx listens; it said: " + self.log(), lambda: listens(self.port))

    def apply(self):
        servers = "".join(f"    server {self.host(r)}:{r.port} weight={self.weights[r.name]} {self.options(self.server, r)}"
                          + (" down" if self.states.get(r.name, "ready") != "ready" else "") + ";\n" for r in self.replicas)
        folders = "".join(f"  {kind}_temp_path {self.folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.write("nginx.conf", "daemon off;\nworker_processes 1;\npid " + self.path("pid") + ";\nevents {}\nhttp {\n  access_log off;\n"
                   + folders + "  map $http_upgrade $upgrade { default upgrade; '' ''; }\n"
                   "  set_real_ip_from 127.0.0.0/8;\n  real_ip_header X-Forwarded-For;\n"
                   "  large_client_header_buffers 4 32k;\n"
                   "  upstream app {\n    " + self.upstream + "\n" + servers + "  }\n"
                   f"  server {{\n    listen 127.0.0.1:{self.port};\n    {self.uid}\n    location = /{self.mark} {{ return 204; }}\n"
                   "    location / {\n      proxy_pass http://app;\n      proxy_http_version 1.1;\n      proxy_connect_timeout 1s;\n"
                   "      proxy_set_header Upgrade $http_upgrade;\n      proxy_set_header Connection $upgrade;\n      " + self.more + "\n    }\n  }\n}\n")

    def set(self, replica, state):
        super().set(replica, state)
        self.reload()

    def add(self, replica):
        super().add(replica)
        self.reload()

    def reload(self):
        """Until the new configuration answers: it alone has this mark."""
        self.mark = f"load-{time.monotonic_ns()}"
        self.apply()
        self.process.send_signal(signal.SIGHUP)
        wait_until("nginx has read its file again", lambda: get(self.port, "/" + self.mark)[0].status == 204)
        # Its old worker may take a connection for a moment more.
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        wait_until("nginx's old worker has ended", lambda: len(open(children).read().split()) == 1)


class Caddy(Balancer):
    """`policy` is what stands behind lb_policy; `more` in the block of reverse_proxy."""

    def __init__(self, replicas, policy="cookie lb", more="", check=True, every="2s", options=""):
        super().__init__(replicas)
        self.policy, self.more, self.check, self.every, self.options = policy, more, check, every, options
        self.admin = free_port()
        self.apply()
        self.program = shutil.which("caddy") or "/usr/bin/caddy"
        self.run(self.program, "run", "--adapter", "caddyfile", "--config", self.path("Caddyfile"))
        self.wait()

    def apply(self):
        used = [r for r in self.replicas if self.states.get(r.name, "ready") == "ready"]
        port = self.health_port(self.replicas[0])
        checks = f"    health_uri /hostname\n    health_interval {self.every}\n    health_timeout 1s\n" if self.check else ""
        if self.check and port != self.replicas[0].port:
            checks += f"    health_port {port}\n"
        policy = f"    lb_policy {self.policy}\n" if self.policy else ""
        self.write("Caddyfile", f"{{\n  admin 127.0.0.1:{self.admin}\n  auto_https off\n  {self.options}\n}}\nhttp://127.0.0.1:{self.port}, "
                   f"http://localhost:{self.port} {{\n  bind 127.0.0.1\n  reverse_proxy "
                   + " ".join(f"{self.host(r)}:{r.port}" for r in used) + f" {{\n{policy}{checks}    {self.more}\n  }}\n}}\n")

    def reload(self):
        subprocess.run([self.program, "reload", "--adapter", "caddyfile", "--config", self.path("Caddyfile"),
                        "--address", f"127.0.0.1:{self.admin}"], check=True, capture_output=True,
                       env={**os.environ, "HOME": self.folder})

    def set(self, replica, state):
        super().set(replica, state)
        self.reload()

    def add(self, replica):
        super().add(replica)
        self.reload()


def as_servers(roles, member, backups="status=+H", spares="status=+R"):
    """What stands on the line of a server that waits for others (`backups`, `spares`) or leaves its requests to one (`redirects`)."""
    def line(replica):
        return (member + (f" {backups}" if replica.name in roles.get("backups", ()) else "") + (f" {spares}" if replica.name in roles.get("spares", ()) else "")
                + (f" redirect={roles['redirects'][replica.name]}" if replica.name in roles.get("redirects", {}) else ""))
    return line


def roles_in_scenario(of, replica):
    """The same in a scenario's replica."""
    return ((", backup: true" if replica.name in of.backups else "") + (", spare: true" if replica.name in of.spares else "")
            + (f", redirect: {of.redirects[replica.name]}" if replica.name in of.redirects else ""))


class Apache(Balancer):
    """`set` is what stands behind ProxySet; without a cookie it is not sticky."""

    last = signal.SIGTERM  # it removes its shared memory

    def __init__(self, replicas, proxy_set="stickysession=ROUTEID", cookie="ROUTEID", weights=None, member="retry=2", method="byrequests",
                 attributes="; path=/", header="add", separator="."):
        super().__init__(replicas, weights)
        members = "".join(f"    BalancerMember http://{self.host(r)}:{r.port} route={r.name} loadfactor={self.weights[r.name]} upgrade=websocket {self.options(member, r)}\n"
                          for r in self.replicas)
        modules = ("mpm_event authz_core slotmem_shm headers proxy proxy_http proxy_wstunnel proxy_balancer "
                   f"lbmethod_{method} status remoteip").split()
        self.write("apache.conf", "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
                   + f"ServerName localhost\nServerRoot {self.folder}\nDefaultRuntimeDir {self.folder}\nPidFile {self.path('pid')}\n"
                   f"ErrorLog {self.path('error.log')}\nListen 127.0.0.1:{self.port}\nStartServers 1\nServerLimit 1\nThreadsPerChild 25\n"
                   "MaxRequestWorkers 25\nLimitRequestFieldSize 32000\nRemoteIPHeader X-Forwarded-For\n"
                   + (f"Header {header} Set-Cookie \"{cookie}={separator}%{{BALANCER_WORKER_ROUTE}}e{attributes}\" env=BALANCER_ROUTE_CHANGED\n" if cookie else "")
                   + "<Proxy balancer://app>\n" + members + f"    ProxySet {proxy_set} lbmethod={method} growth=3\n</Proxy>\n"
                   "<Location /balancer-manager>\n    SetHandler balancer-manager\n    Require all granted\n</Location>\n"
                   "ProxyPass /balancer-manager !\nProxyPass / balancer://app/\n")
        # One process: it ends at once, and there is one set of counters.
        self.run(shutil.which("apache2") or "/usr/sbin/apache2", "-X", "-f", self.path("apache.conf"))
        wait_until(lambda: "Apache listens; it said: " + self.log(), lambda: listens(self.port))

    def manage(self, **fields):
        address = f"http://127.0.0.1:{self.port}/balancer-manager"
        with urllib.request.urlopen(address, timeout=15) as page:
            nonce = re.search(r"nonce=([-0-9a-f]+)", page.read().decode()).group(1)
        body = urllib.parse.urlencode({"b": "app", "nonce": nonce, **fields}).encode()
        request = urllib.request.Request(address, body, {"Referer": address, "Content-Type": "application/x-www-form-urlencoded"})
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.read().decode()

    def set(self, replica, state):
        worker = f"http://{self.host(replica)}:{replica.port}"
        self.manage(w=worker, w_status_N=int(state == "draining"), w_status_D=int(state == "maintenance"))

    def add(self, replica):
        worker = f"http://{self.host(replica)}:{replica.port}"
        self.replicas.append(replica)
        self.manage(b_nwrkr=worker, b_wyes=1)
        self.manage(w=worker, w_status_D=0, w_wr=replica.name)


class Envoy(Balancer):
    """`cookie` of the stateful session ({name, ttl, path}), `policy` of the cluster, `hash_policy` of the route; without
    `states` it has those that Envoy has of itself, `missing` is the status where strict finds no such server."""

    def __init__(self, program, replicas, cookie=None, strict=False, retries=False, retry_on="connect-failure", policy="ROUND_ROBIN", hash_policy=None, weights=None,
                 cluster=None, every="2s", check=True, route=None, panic=None, states=("UNKNOWN", "HEALTHY", "DEGRADED", "DRAINING"), missing=None):
        super().__init__(replicas, weights)
        self.admin = free_port()
        self.weighted = weights is not None
        route = {"cluster": "app", **(route or {})}
        if retries:
            route["retry_policy"] = {"retry_on": retry_on, "num_retries": 3,
                                     "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts", "typed_config": {
                                         "@type": self.kind("retry.host.previous_hosts.v3.PreviousHostsPredicate")}}]}
        if hash_policy:
            route["hash_policy"] = hash_policy
        filters = [{"name": "envoy.filters.http.router", "typed_config": {"@type": self.kind("filters.http.router.v3.Router")}}]
        if cookie:
            state = {"name": "envoy.http.stateful_session.cookie", "typed_config": {
                "@type": self.kind("http.stateful_session.cookie.v3.CookieBasedSessionState"), "cookie": cookie}}
            filters.insert(0, {"name": "envoy.filters.http.stateful_session", "typed_config": {
                "@type": self.kind("filters.http.stateful_session.v3.StatefulSession"), "session_state": state, "strict": strict,
                **({"status_on_strict_destination_not_found": missing} if missing else {})}})
        manager = {"@type": self.kind("filters.network.http_connection_manager.v3.HttpConnectionManager"), "stat_prefix": "web",
                   "upgrade_configs": [{"upgrade_type": "websocket"}], "http_filters": filters, "use_remote_address": True,
                   "xff_num_trusted_hops": 1, "max_request_headers_kb": 96,
                   "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                       {"match": {"prefix": "/"}, "route": route}]}]}}
        app = {"name": "app", "connect_timeout": "1s", "lb_policy": policy, "type": "EDS",
               "eds_cluster_config": {"eds_config": {"path_config_source": {"path": self.path("eds.json")}}},
               "common_lb_config": {**({"override_host_status": {"statuses": list(states)}} if states else {}),
                                    # It would pass on a change of health within a second of another one only when that is over.
                                    "update_merge_window": "0s"},
               **(cluster or {})}
        if panic is not None:
            app["common_lb_config"]["healthy_panic_threshold"] = {"value": panic}
        if check:
            app["health_checks"] = [{"timeout": "1s", "interval": every, "no_traffic_interval": every, "unhealthy_threshold": 1,
                                     "healthy_threshold": 1, "http_health_check": {"path": "/hostname"}}]
        self.apply()
        self.write("envoy.json", json.dumps({
            "node": {"id": "one", "cluster": "app"},
            "admin": {"address": self.socket_address("127.0.0.1", self.admin)},
            "static_resources": {"clusters": [app], "listeners": [{
                "address": self.socket_address("127.0.0.1", self.port),
                "filter_chains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}]}]}}))
        self.run(program, "-c", self.path("envoy.json"), "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning")
        wait_until(lambda: "Envoy knows its servers; it said: " + self.log(), lambda: len(self.servers()) == len(self.replicas) and listens(self.port))

    @staticmethod
    def kind(name):
        return "type.googleapis.com/envoy.extensions." + name

    @staticmethod
    def socket_address(host, port):
        return {"socket_address": {"address": host, "port_value": port}}

    def servers(self):
        """What its admin says of them: name to health."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/clusters?format=json", timeout=5) as answer:
            hosts = json.load(answer)["cluster_statuses"][0].get("host_statuses", [])
        return {(host["address"]["socket_address"]["address"], host["address"]["socket_address"]["port_value"]): host["health_status"]
                for host in hosts}

    def apply(self):
        names = {"draining": "DRAINING", "maintenance": "UNHEALTHY"}
        endpoints = [{"endpoint": {"address": self.socket_address(self.host(r), r.port),
                                   "health_check_config": {"port_value": self.health_port(r)}},
                      "health_status": names.get(self.states.get(r.name), "HEALTHY"),
                      **({"load_balancing_weight": self.weights[r.name]} if self.weighted else {})} for r in self.replicas]
        self.write("eds.json", json.dumps({"resources": [{
            "@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "app",
            "endpoints": [{"lb_endpoints": endpoints}]}]}))

    def set(self, replica, state):
        super().set(replica, state)
        wanted = {"draining": "DRAINING", "maintenance": "UNHEALTHY", "ready": "HEALTHY"}[state]
        wait_until("Envoy has read its file again", lambda: self.servers()[(self.host(replica), replica.port)]["eds_health_status"] == wanted)

    def add(self, replica):
        super().add(replica)
        wait_until("Envoy knows the new one", lambda: (self.host(replica), replica.port) in self.servers())


def probe(program, *args):
    """The JSON document of a probe, its exit status, and what it said on standard error."""
    result = subprocess.run([program, "probe", *args, "--json", "-"], capture_output=True, timeout=120)
    try:
        document = json.loads(result.stdout)
    except ValueError:
        document = None
    return document, result.returncode, result.stderr.decode()


class Ours:
    """Our own balancer on real sockets (`stickyscope balance`), configured by a scenario."""

    def __init__(self, program, replicas, scenario):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.file.write(scenario)
        self.file.flush()
        checks = ["--check-path", "/", "--check-port", str(replicas[0].health_port)] if "health-check" in scenario else []
        self.process = subprocess.Popen([program, "balance", self.file.name, "--listen", "127.0.0.1:0", "--orders", "--quiet", *checks], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        preexec_fn=die_with_us)
        self.port = int(self.process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])

    def order(self, text):
        self.process.stdin.write(text + "\n")
        answer = self.process.stdout.readline()
        if answer != f"done: {text}\n":
            raise SystemExit(f"{text}: {answer}")

    def set(self, replica, state):
        self.order({"draining": "drain", "maintenance": "stop", "ready": "ready"}[state] + " " + replica.name)

    def add(self, replica):
        self.order(f"add {replica.name} http://{replica.address}")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdin.close()
        self.process.stdout.close()
        self.file.close()
