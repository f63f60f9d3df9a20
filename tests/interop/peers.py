# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real balancers and our replicas on loopback, for the tests beside this file."""
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

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
    raise SystemExit(f"waited in vain until {what}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


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


def die_with_us():
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def get(port, path="/hostname", cookie=None, host="localhost"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
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
        self.process = subprocess.Popen([self.program, "replica", "--port", str(self.port), "--name", self.name],
                                        stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us)
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)/hostname", line).group(1))
        # Its log is read as it comes: nobody may be kept waiting by a full pipe.
        threading.Thread(target=self.read, args=(self.process.stdout,), daemon=True).start()

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
        self.process = subprocess.Popen([self.program], stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us,
                                        env={"NAME": self.name, "LISTEN": f"127.0.0.1:{self.port}"})
        line = self.process.stderr.readline()
        self.port = int(re.search(r":(\d+)/hostname", line).group(1))
        threading.Thread(target=self.read, args=(self.process.stderr,), daemon=True).start()


class Traefik:
    def __init__(self, program, replicas, sticky=True, weights=None, rule="PathPrefix(`/`)"):
        self.folder = tempfile.mkdtemp()
        self.port = free_port()
        servers = "".join(f"          - url: http://127.0.0.1:{r.port}\n" + (f"            weight: {weights[i]}\n" if weights else "")
                          for i, r in enumerate(replicas))
        with open(os.path.join(self.folder, "dynamic.yml"), "w") as file:
            file.write("http:\n  routers: {app: {rule: \"" + rule + "\", service: app, entryPoints: [web]}}\n"
                       "  services:\n    app:\n      loadBalancer:\n"
                       + ("        sticky: {cookie: {name: ws-session}}\n" if sticky else "")
                       + "        healthCheck: {path: /hostname, interval: 2s, timeout: 1s}\n        servers:\n" + servers)
        self.process = subprocess.Popen(
            [program, f"--entrypoints.web.address=127.0.0.1:{self.port}",
             "--providers.file.filename=" + os.path.join(self.folder, "dynamic.yml")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_us)
        wait_until("Traefik answers", lambda: get(self.port)[0].status == 200)

    @staticmethod
    def value(replica):
        return hashlib.sha256(f"http://127.0.0.1:{replica.port}".encode()).hexdigest()[:16]

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


class Haproxy:
    def __init__(self, replicas, cookie="cookie SRV insert indirect nocache", options="", balance="roundrobin", weights=None, tls=""):
        self.folder = tempfile.mkdtemp()
        self.port = free_port()
        servers = "".join(f"    server {r.name} 127.0.0.1:{r.port} check inter 2s cookie {r.name}"
                          + (f" weight {weights[i]}" if weights else "") + "\n" for i, r in enumerate(replicas))
        path = os.path.join(self.folder, "haproxy.cfg")
        with open(path, "w") as file:
            file.write("global\n    nbthread 1\ndefaults\n    mode http\n    timeout connect 1s\n    timeout client 10s\n    timeout server 10s\n"
                       f"    {options}\nfrontend web\n    bind 127.0.0.1:{self.port} {tls}\n    default_backend app\n"
                       f"backend app\n    balance {balance}\n    option httpchk GET /hostname\n    {cookie}\n{servers}")
        program = shutil.which("haproxy") or "/usr/sbin/haproxy"
        self.process = subprocess.Popen([program, "-db", "-f", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        preexec_fn=die_with_us)
        wait_until("HAProxy answers", lambda: listens(self.port) if tls else get(self.port)[0].status == 200)

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


def probe(program, *args):
    """The JSON document of a probe, its exit status, and what it said on standard error."""
    result = subprocess.run([program, "probe", *args, "--json", "-"], capture_output=True, timeout=120)
    try:
        document = json.loads(result.stdout)
    except ValueError:
        document = None
    return document, result.returncode, result.stderr.decode()
