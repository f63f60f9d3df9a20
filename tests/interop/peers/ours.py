# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own programs."""
import json
import subprocess
import tempfile

from .machine import die_with_us


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


def probe(program, *args):
    """The JSON document of a probe, its exit status, and what it said on standard error."""
    result = subprocess.run([program, "probe", *args, "--json", "-"], capture_output=True, timeout=120)
    try:
        document = json.loads(result.stdout)
    except ValueError:
        document = None
    return document, result.returncode, result.stderr.decode()
