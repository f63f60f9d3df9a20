# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import subprocess

from .balancer import Balancer
from .machine import free_port


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
