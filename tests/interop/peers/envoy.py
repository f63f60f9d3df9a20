# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import urllib.request

from .balancer import Balancer
from .machine import free_port, listens, wait_until


class Envoy(Balancer):
    """`cookie` of the stateful session ({name, ttl, path}), `policy` of the cluster, `hash_policy` of the route; without
    `states` it has those that Envoy has of itself, `missing` is the status where strict finds no such server."""

    def __init__(self, program, replicas, cookie=None, strict=False, retries=False, retry_on="connect-failure", policy="ROUND_ROBIN", hash_policy=None, weights=None,
                 cluster=None, every="2s", check=True, route=None, panic=None, states=("UNKNOWN", "HEALTHY", "DEGRADED", "DRAINING"), missing=None):
        super().__init__(replicas, weights)
        self.admin = free_port()
        self.weighted = weights is not None
        route = {"cluster": "app", **(route or {})}
        if retries:
            route["retry_policy"] = {"retry_on": retry_on, "num_retries": 3,
                                     "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts", "typed_config": {
                                         "@type": self.kind("retry.host.previous_hosts.v3.PreviousHostsPredicate")}}]}
        if hash_policy:
            route["hash_policy"] = hash_policy
        filters = [{"name": "envoy.filters.http.router", "typed_config": {"@type": self.kind("filters.http.router.v3.Router")}}]
        if cookie:
            state = {"name": "envoy.http.stateful_session.cookie", "typed_config": {
                "@type": self.kind("http.stateful_session.cookie.v3.CookieBasedSessionState"), "cookie": cookie}}
            filters.insert(0, {"name": "envoy.filters.http.stateful_session", "typed_config": {
                "@type": self.kind("filters.http.stateful_session.v3.StatefulSession"), "session_state": state, "strict": strict,
                **({"status_on_strict_destination_not_found": missing} if missing else {})}})
        manager = {"@type": self.kind("filters.network.http_connection_manager.v3.HttpConnectionManager"), "stat_prefix": "web",
                   "upgrade_configs": [{"upgrade_type": "websocket"}], "http_filters": filters, "use_remote_address": True,
                   "xff_num_trusted_hops": 1, "max_request_headers_kb": 96,
                   "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                       {"match": {"prefix": "/"}, "route": route}]}]}}
        app = {"name": "app", "connect_timeout": "1s", "lb_policy": policy, "type": "EDS",
               "eds_cluster_config": {"eds_config": {"path_config_source": {"path": self.path("eds.json")}}},
               "common_lb_config": {**({"override_host_status": {"statuses": list(states)}} if states else {}),
                                    # It would pass on a change of health within a second of another one only when that is over.
                                    "update_merge_window": "0s"},
               **(cluster or {})}
        if panic is not None:
            app["common_lb_config"]["healthy_panic_threshold"] = {"value": panic}
        if check:
            app["health_checks"] = [{"timeout": "1s", "interval": every, "no_traffic_interval": every, "unhealthy_threshold": 1,
                                     "healthy_threshold": 1, "http_health_check": {"path": "/hostname"}}]
        self.apply()
        self.write("envoy.json", json.dumps({
            "node": {"id": "one", "cluster": "app"},
            "admin": {"address": self.socket_address("127.0.0.1", self.admin)},
            "static_resources": {"clusters": [app], "listeners": [{
                "address": self.socket_address("127.0.0.1", self.port),
                "filter_chains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}]}]}}))
        self.run(program, "-c", self.path("envoy.json"), "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning")
        wait_until(lambda: "Envoy knows its servers; it said: " + self.log(), lambda: len(self.servers()) == len(self.replicas) and listens(self.port))

    @staticmethod
    def kind(name):
        return "type.googleapis.com/envoy.extensions." + name

    @staticmethod
    def socket_address(host, port):
        return {"socket_address": {"address": host, "port_value": port}}

    def servers(self):
        """What its admin says of them: name to health."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/clusters?format=json", timeout=5) as answer:
            hosts = json.load(answer)["cluster_statuses"][0].get("host_statuses", [])
        return {(host["address"]["socket_address"]["address"], host["address"]["socket_address"]["port_value"]): host["health_status"]
                for host in hosts}

    def apply(self):
        names = {"draining": "DRAINING", "maintenance": "UNHEALTHY"}
        endpoints = [{"endpoint": {"address": self.socket_address(self.host(r), r.port),
                                   "health_check_config": {"port_value": self.health_port(r)}},
                      "health_status": names.get(self.states.get(r.name), "HEALTHY"),
                      **({"load_balancing_weight": self.weights[r.name]} if self.weighted else {})} for r in self.replicas]
        self.write("eds.json", json.dumps({"resources": [{
            "@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "app",
            "endpoints": [{"lb_endpoints": endpoints}]}]}))

    def set(self, replica, state):
        super().set(replica, state)
        wanted = {"draining": "DRAINING", "maintenance": "UNHEALTHY", "ready": "HEALTHY"}[state]
        wait_until("Envoy has read its file again", lambda: self.servers()[(self.host(replica), replica.port)]["eds_health_status"] == wanted)

    def add(self, replica):
        super().add(replica)
        wait_until("Envoy knows the new one", lambda: (self.host(replica), replica.port) in self.servers())
