# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test needs of this machine: ports, certificates, connections, and time that passes."""
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import time


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


def own_ports():
    """A slice of those below the ones that the system gives out, which is this process's alone until it ends: a port that is free now must
    still be so when its balancer starts, whatever tests run beside this one. Its mark is a name of the kernel's, so that nothing is left."""
    for number in range(73):
        place = (os.getpid() + number) % 73
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0ports {place} of Stickyscope's tests")
        except OSError:
            mark.close()
            continue
        return mark, iter(range(10000 + place * 300, 10300 + place * 300))
    raise SystemExit("more than 73 tests with real balancers run at once")


mark, ports = own_ports()


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
    """By this signal, which comes to one that begins once he waits for it."""
    import ctypes
    signal.pthread_sigmask(signal.SIG_BLOCK, [last])
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
