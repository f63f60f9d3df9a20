# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that stay at their replicas until a test lets them go, and what has become of each."""
import http.client
import threading

from peers import Connection, free_port, wait_until
from reporting_replica import ReportingReplica


class HoldingReplica(ReportingReplica):
    """Answers a request for /hold when it is told to."""

    def __init__(self, *args):
        self.present = {}  # by X-Step: set when the answer may go
        super().__init__(*args)

    def answer(self, method, path, fields):
        step = dict(fields).get("x-step")
        if path.startswith("/hold"):
            may_go = self.present.setdefault(step, threading.Event())
            may_go.wait(60)
            self.present.pop(step, None)
        return super().answer(method, path, fields)

    def close(self):
        for may_go in list(self.present.values()):
            may_go.set()
        super().close()


def holding_replicas(count):
    hosts = [f"127.0.0.{211 + number}" for number in range(count)]
    port, health_port = free_port(hosts), free_port(hosts)
    return [HoldingReplica(f"r{number + 1}", host, port, health_port) for number, host in enumerate(hosts)]


class Held:
    """One request on a thread of its own."""

    def __init__(self, port, step, cookie=None, path="/hold"):
        self.step, self.status, self.set_cookie, self.replica, self.from_port = step, None, None, None, None
        self.thread = threading.Thread(target=self.ask, args=(port, cookie, path), daemon=True)
        self.thread.start()

    def ask(self, port, cookie, path):
        connection = Connection(port, timeout=60)
        try:
            connection.request("GET", path, headers={"Host": "localhost", "X-Step": self.step, **({"Cookie": cookie} if cookie else {})})
            self.from_port = connection.sock.getsockname()[1]
            answer = connection.getresponse()
            answer.read()
            self.set_cookie, self.replica = answer.getheader("Set-Cookie"), answer.getheader("X-Replica")
            self.status = answer.status
        except (OSError, http.client.HTTPException):
            self.status = 0
        finally:
            connection.close()


class Crowd:
    """All requests of a test, by name."""

    def __init__(self, port, replicas):
        self.port, self.replicas, self.all = port, replicas, {}

    def where(self, step):
        one = self.all[step]
        if one.status is not None:
            return f"{one.status} {one.replica}" if one.replica else str(one.status)
        return next((replica.name for replica in self.replicas if step in replica.present), "waits")

    def state(self):
        return {step: self.where(step) for step in self.all}

    def begin(self, step, cookie=None):
        """Until the balancer has read it: the next one must not overtake it."""
        self.all[step] = Held(self.port, step, cookie)
        wait_until(lambda: f"{step} is read; so far {self.state()}", lambda: self.has_been_read(self.all[step]))

    def has_been_read(self, one):
        """By the kernel's table: the balancer's end of the connection has an owner, and nothing is left to read."""
        if one.status is not None:
            return True
        with open("/proc/net/tcp") as table:
            for line in list(table)[1:]:
                local, remote, _, queues = line.split()[1:5]
                ports = tuple(int(end.rsplit(":", 1)[1], 16) for end in (local, remote))
                if ports == (self.port, one.from_port):
                    return queues.endswith(":00000000") and line.split()[9] != "0"
        return False

    def release(self, step):
        """Lets its replica answer; nothing where it has none."""
        for replica in self.replicas:
            if step in replica.present:
                replica.present[step].set()
