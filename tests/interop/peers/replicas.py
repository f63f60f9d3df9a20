# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our replica, and the Goa example's in its place."""
import re
import subprocess
import threading
import time

from .machine import die_with_us


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
