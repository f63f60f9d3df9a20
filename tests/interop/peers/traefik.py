# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import urllib.request

from .balancer import Balancer
from .machine import free_port, wait_until


class Traefik(Balancer):
    """`cookie` is what stands in sticky.cookie, in YAML's flow style; without a name it is not sticky."""

    def __init__(self, program, replicas, sticky=True, weights=None, rule="PathPrefix(`/`)", cookie="name: ws-session", strategy="",
                 every="2s", check=True, middleware="", passive=""):
        super().__init__(replicas, weights)
        self.passive = passive
        self.rule, self.cookie, self.strategy, self.every, self.check = rule, cookie if sticky else "", strategy, every, check
        self.middleware = middleware
        self.weighted = weights is not None
        self.api = free_port()
        self.apply()
        self.run(program, f"--entrypoints.web.address=127.0.0.1:{self.port}", f"--entrypoints.traefik.address=127.0.0.1:{self.api}",
                 "--entrypoints.web.forwardedheaders.insecure=true", "--api.insecure=true", "--metrics.prometheus=true", "--providers.providersthrottleduration=100ms",
                 "--providers.file.filename=" + self.path("dynamic.yml"))
        self.wait()

    def apply(self):
        used = [r for r in self.replicas if self.states.get(r.name) != "maintenance"]
        servers = "".join(f"          - url: {self.url(r)}\n"
                          + (f"            weight: {self.weights[r.name]}\n" if self.weighted else "") for r in used)
        health = self.health_port(self.replicas[0])
        port = f", port: {health}" if health != self.replicas[0].port else ""
        self.write("dynamic.yml", "http:\n  routers: {app: {rule: \"" + self.rule + "\", service: app, entryPoints: [web]"
                   + (", middlewares: [first]}}\n  middlewares: {first: " + self.middleware + "}\n" if self.middleware else "}}\n")
                   + "  services:\n    app:\n      loadBalancer:\n"
                   + ("        sticky: {cookie: {" + self.cookie + "}}\n" if self.cookie else "")
                   + (f"        strategy: {self.strategy}\n" if self.strategy else "")
                   + ("        healthCheck: {path: /hostname, interval: " + self.every + ", timeout: 1s" + port + "}\n" if self.check else "")
                   + (f"        passiveHealthCheck: {self.passive}\n" if self.passive else "") + "        servers:\n" + servers)

    def url(self, replica):
        return f"http://{self.host(replica)}:{replica.port}"

    @staticmethod
    def value(replica):
        return hashlib.sha256(f"http://{getattr(replica, 'host', '127.0.0.1')}:{replica.port}".encode()).hexdigest()[:16]

    def set(self, replica, state):
        super().set(replica, state)
        self.settle()

    def add(self, replica):
        super().add(replica)
        self.settle()

    def settle(self):
        """Until the rewritten file is in force."""
        wanted = {self.url(r) for r in self.replicas if self.states.get(r.name) != "maintenance"}

        def in_force():
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api}/api/http/services/app@file", timeout=5) as answer:
                return {server["url"] for server in json.load(answer)["loadBalancer"]["servers"]} == wanted
        wait_until("Traefik has read its file again", in_force)
