# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all real balancers have in common."""
import os
import shutil
import signal
import subprocess
import tempfile

from .machine import die_with_us, free_port, get, wait_until


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
