# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verbs of the command line that run on, for the tests that talk to them."""
import ctypes
import os
import re
import signal
import subprocess
import threading
import time


# Within a second, as it is shipped: an address sanitizer's build on a machine that is full is some times slower.
SOON = 10 if "ASAN_OPTIONS" in os.environ else 1


def die_with_us():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Running:
    """A verb that runs on, and the lines that it has printed."""

    def __init__(self, program, *args):
        self.process = subprocess.Popen([program, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        preexec_fn=die_with_us)
        self.lines = []
        self.more = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.more:
                self.lines.append(line.rstrip("\n"))
                self.more.notify_all()

    def line(self, number):
        with self.more:
            if not self.more.wait_for(lambda: len(self.lines) > number, timeout=20):
                raise SystemExit(f"no line {number}: {self.lines} {self.process.poll()}")
            return self.lines[number]

    def stop(self, with_signal=signal.SIGTERM):
        """How long it took, its status, what it said on standard error."""
        begun = time.monotonic()
        self.process.send_signal(with_signal)
        status = self.process.wait(timeout=20)
        return time.monotonic() - begun, status, self.process.stderr.read()


def start_replicas(program, count):
    """So many replicas, server-1 and on, and their addresses."""
    replicas = [Running(program, "replica", "--port", "0", "--name", f"server-{number}") for number in range(1, count + 1)]
    return replicas, [re.search(r"http://[0-9.:]+", replica.line(0)).group() for replica in replicas]
