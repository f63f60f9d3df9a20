#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on this machine, killed with -9 again and again: once the next one has started, no process, port or temporary file
of the one before is left. SUBJECT is lab, lab-real, run, run-real, balance or window; `manage` has its own (interop/managed.py).
  killed.py STICKYSCOPE_CLI LAB_WINDOW TRAEFIK ENVOY SUBJECT [TIMES]"""
import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from left_over import MARK, listening, lost_memory, processes_of, sockets_of  # noqa: E402
from running import SOON  # noqa: E402

program, window, traefik, envoy = map(os.path.abspath, sys.argv[1:5])
subject, times = sys.argv[5], int(sys.argv[6]) if len(sys.argv) > 6 else 10
PRODUCTS = {"haproxy": [], "nginx": [], "traefik": ["--program", traefik], "envoy": ["--program", envoy], "caddy": [], "apache": []}
lost_before = lost_memory()
folder = tempfile.mkdtemp(prefix="killed-")
temporary = os.path.join(folder, "tmp")
os.mkdir(temporary)
PORTS = 2 * (3 + 1)  # two lanes of three replicas and a balancer


def scenario(product):
    path = os.path.join(folder, product + ".sticky.yaml")
    with open(path, "w") as file:
        file.write("version: 1\nreplicas: [{name: server-1}, {name: server-2}, {name: server-3}]\n"
                   f"balancer: {{product: {product}, sticky: {{cookie: who}}}}\n"
                   "clients: [{name: b, kind: browser, count: 2, think-time: 100ms}]\n")
    return path


def command(number):
    product, real = list(PRODUCTS.items())[number % len(PRODUCTS)]
    more = ["--real-balancer", *real] if subject.endswith("-real") else []
    if subject in ("lab", "lab-real"):
        return [program, "lab", scenario(product), *more]
    if subject in ("run", "run-real"):
        return [program, "run", scenario(product), "--world", "lab", "--for", "10m", "--sticky", "both", *more]
    if subject == "balance":
        return [program, "balance", "--listen", "127.0.0.1:0", "--to", "http://127.0.0.1:1", "--check", "50ms"]
    return [window, "haproxy"] if number % 2 else [window]


def wait_until(holds, seconds=60):
    last = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > last:
            return False
        time.sleep(0.02)
    return True


class Run:
    def __init__(self, number, before):
        self.name = f"{os.getpid()}-{number}"
        environment = {**os.environ, MARK: self.name, "TMPDIR": temporary, "HOME": folder, "XDG_CONFIG_HOME": folder,
                       "XDG_RUNTIME_DIR": folder, "QT_QPA_PLATFORM": "offscreen"}
        with open(os.path.join(folder, "said"), "w") as said:
            self.process = subprocess.Popen(command(number), stdout=subprocess.DEVNULL, stderr=said, env=environment)
        wanted = 1 if subject == "balance" else PORTS
        real = subject.endswith("-real") or (subject == "window" and number % 2)

        def ready():
            if self.process.poll() is not None:
                with open(os.path.join(folder, "said")) as said:
                    raise SystemExit(f"FAILED: {command(number)} ended: {said.read()}")
            self.files = set(os.listdir(temporary)) - before
            self.processes = processes_of(self.name, temporary, self.files)
            self.sockets = sockets_of(self.processes)
            return len(set(self.sockets.values())) >= wanted and (len(self.processes) > 1 or not real)
        expect(f"run {number} begins", wait_until(ready), (len(self.processes), self.sockets))

    def left(self):
        return processes_of(self.name, temporary, self.files)

    def is_gone(self):
        return not self.left()


@atexit.register
def clean():
    for process in run.left() if run else ():
        os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder)


run = last = None
for number in range(times + 1):
    run = Run(number, last.files if last else set())
    if last:
        expect(f"no process of run {number - 1} is left", wait_until(last.is_gone, 10), last.left())
        files = last.files & set(os.listdir(temporary))
        expect(f"no file of run {number - 1} is left", not files, files)
        taken = listening().keys() & last.sockets.keys()
        expect(f"no port of run {number - 1} is left", not taken, taken)
    last = run
    if number < times:
        run.process.send_signal(signal.SIGKILL)
        run.process.wait(20)
begun = time.monotonic()
run.process.send_signal(signal.SIGTERM)
expect("the last one ends when it is told to", wait_until(lambda: run.process.poll() is not None, 20))
took = time.monotonic() - begun
expect("within a second", took < SOON, took)
expect("with all its processes", wait_until(run.is_gone, 10), run.left())
expect("no file is left", os.listdir(temporary) == [], os.listdir(temporary))
# What comes next may be anything.
run = Run(times + 1, set())
run.process.send_signal(signal.SIGKILL)
run.process.wait(20)
subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": temporary})
expect("whatever is started next ends what is left", wait_until(run.is_gone, 10), run.left())
expect("and removes its files", os.listdir(temporary) == [], os.listdir(temporary))
expect("no memory is left", wait_until(lambda: not lost_memory() - lost_before, 10), lost_memory() - lost_before)
end()
