# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what the differential test plays: each row is one configuration, once for the real
balancer and once, as the text of a scenario's `balancer`, for the model."""
from dataclasses import dataclass, field

from peers import Apache, Caddy, Envoy, Haproxy, Nginx, Traefik, as_servers, roles_in_scenario

QUICK = "check inter 100ms fall 1 rise 1"


@dataclass
class Variant:
    product: str
    name: str
    model: str  # the scenario's `balancer`, without `product`
    make: object  # programs, replicas -> the real balancer
    cookie: str  # the sticky cookie's name
    app: list = field(default_factory=list)  # Set-Cookie fields that the replica sends by itself
    value: object = None  # of a replica, where it cannot be had from a Set-Cookie
    identity: str = "value"  # value: names a replica, byte for byte; dated: with a moment in it; form: a client's
    keyed: bool = False  # any value goes somewhere; ones that go to each are found by trying
    passive: bool = False  # nothing checks the replicas but the requests themselves
    drains: bool = False  # it can be told to give a replica bound requests only
    dies_draining: bool = False  # one is found dead while it drains, too
    adds: bool = True
    dies: str = "r2"  # who is dead for a while, drains, and is in maintenance
    weights: list = None
    routeless: list = field(default_factory=list)  # replicas whose line in the balancer's configuration has no cookie
    backups: tuple = ()  # replicas that wait until no other is up; then `value` is needed, as no fresh request finds them
    spares: tuple = ()  # replicas that stand in for others; likewise
    headers: dict = field(default_factory=dict)  # that every request has
    redirects: dict = field(default_factory=dict)  # replicas that leave their requests to another while they are down
    # How a request that nothing binds finds its server: "exactly" where the model does; in "turns" that begin
    # anywhere; "drawn"; by a number that is "counted" up, whose hashes hang together; or by what is "measured", such as the
    # time that answers took.
    picks: str = "exactly"
    telling: bool = True  # a Set-Cookie tells a pick from a bound request
    sets_on: str = "GET"  # the method of requests whose answers set the cookie
    prefixes: bool = False  # the value stands before the application's own
    retries: bool = False  # so often as there are servers
    in_paths: bool = False  # the session is looked for in the address as well

    @property
    def title(self):
        return f"{self.product} {self.name}"

    @property
    def balancer(self):
        return "{product: " + self.product + ", " + self.model + "}"


def haproxy(name, line, sticky, more="", cookie="SRV", balancer="", **fields):
    options = {key: fields.pop(key) for key in ("options", "named", "server") if key in fields}

    def make(_, replicas):
        return Haproxy(replicas, f"cookie {cookie} {line}" if line else "", more=more, timeout="30ms",
                       **{"server": as_servers(fields, QUICK, "backup"), **options})
    return Variant("haproxy", name, "algorithm: roundrobin, sticky: {cookie: " + cookie + (", " + sticky if sticky else "") + "}"
                   + balancer + ", timeout-connect: 30ms, health-check: {every: 100ms}", make, cookie, drains=True, **fields)


def traefik(name, cookie, sticky, check=True, strategy="", **fields):
    def make(programs, replicas):
        return Traefik(programs.traefik, replicas, cookie="name: tsticky" + cookie, every="100ms", check=check, weights=fields.get("weights"), strategy=strategy)
    return Variant("traefik", name, "algorithm: " + (strategy or "wrr") + ", sticky: {cookie: tsticky" + sticky + "}"
                   + (", health-check: {every: 100ms}" if check else ""), make, "tsticky", passive=not check, **{"picks": "turns", **fields})


def envoy(name, cookie, sticky, balancer="", **fields):
    options = {key: fields.pop(key) for key in ("strict", "retries", "policy", "hash_policy", "check", "panic", "states", "missing") if key in fields}

    def make(programs, replicas):
        return Envoy(programs.envoy, replicas, cookie=cookie, every="0.1s", **options)
    if "panic" in options:
        balancer += f", healthy-panic-threshold: {options['panic']}"
    if cookie:
        sticky += (", path: " + cookie["path"] if "path" in cookie else "") + ("" if "states" in options else ", keep-draining: true")
    return Variant("envoy", name, "sticky: {cookie: esess" + sticky + "}" + balancer + ", health-check: {every: 100ms}",
                   make, "esess", drains=cookie is not None, retries="retries" in options, picks="turns" if cookie else "drawn", telling=cookie is not None, **fields)


def caddy(name, policy, sticky, more="", balancer="", check=True, **fields):
    def make(_, replicas):
        return Caddy(replicas, policy=policy, more=more, check=check, every="100ms")
    return Variant("caddy", name, "algorithm: random, sticky: {cookie: clb" + sticky + "}" + balancer
                   + (", health-check: {every: 100ms}" if check else ""), make, "clb", passive=not check, picks="drawn", **fields)


def apache(name, sticky, cookie="ROUTEID", balancer="", **fields):
    options = {key: fields.pop(key) for key in ("proxy_set", "header_cookie", "attributes", "method", "separator") if key in fields}

    def make(_, replicas):
        return Apache(replicas, options.get("proxy_set", f"stickysession={cookie}"), options.get("header_cookie", cookie),
                      attributes=options.get("attributes", "; path=/"), method=options.get("method", "byrequests"), separator=options.get("separator", "."),
                      member=as_servers(fields, "retry=2"))
    return Variant("apache", name, "algorithm: " + options.get("method", "byrequests") + ", sticky: {cookie: " + cookie + sticky + "}"
                   + balancer + ", retry: 2s", make, cookie, passive=True, drains=True, **fields)


def nginx(name, upstream, algorithm, more="", sticky="", **fields):
    def make(_, replicas):
        return Nginx(replicas, upstream=upstream, uid="userid on; userid_name uid; " + (more or " userid_path /;"))
    return Variant("nginx", name, "algorithm: " + algorithm + ", sticky: {cookie: uid, method: userid" + (sticky or ", path: /") + "}, fail-timeout: 2s", make, "uid",
                   identity="form", passive=True, picks="counted", **fields)


HASHED = [{"cookie": {"name": "esess"}}]
HASHED_TTL = [{"cookie": {"name": "esess", "ttl": "60s", "path": "/app"}}]
HASHED_SESSION = [{"cookie": {"name": "esess", "ttl": "0s", "path": "/"}}]

VARIANTS = [
    haproxy("insert", "insert", ""),
    haproxy("insert indirect nocache", "insert indirect nocache", "indirect: true, nocache: true"),
    haproxy("insert postonly", "insert indirect postonly", "indirect: true, postonly: true", telling=False, sets_on="POST"),
    haproxy("insert preserve", "insert preserve", "preserve: true"),
    haproxy("insert indirect preserve", "insert indirect preserve", "indirect: true, preserve: true"),
    haproxy("rewrite", "rewrite", "mode: rewrite", app=["SRV=app; path=/a"], telling=False),
    haproxy("rewrite nocache", "rewrite nocache", "mode: rewrite, nocache: true", app=["SRV=app; path=/a"], telling=False),
    haproxy("prefix", "prefix", "mode: prefix", cookie="JSESSIONID", app=["JSESSIONID=abc; Path=/a; HttpOnly"], telling=False, prefixes=True),
    haproxy("prefix nocache", "prefix nocache", "mode: prefix, nocache: true", cookie="JSESSIONID", app=["JSESSIONID=abc"], telling=False, prefixes=True),
    haproxy("dynamic", "insert indirect dynamic", "indirect: true, dynamic-cookie-key: secret", more="dynamic-cookie-key secret", named=False),
    haproxy("maxidle", "insert indirect maxidle 10s", "indirect: true, maxidle: 10s", identity="dated"),
    haproxy("maxlife", "insert indirect maxlife 1m", "indirect: true, maxlife: 60s", identity="dated"),
    haproxy("maxidle maxlife", "insert maxidle 10s maxlife 1m", "maxidle: 10s, maxlife: 60s", identity="dated"),
    haproxy("attributes", 'insert indirect domain example.test httponly secure attr "SameSite=Lax"',
            "indirect: true, domain: example.test, http-only: true, secure: true, same-site: lax"),
    haproxy("redispatch", "insert indirect", "indirect: true", options="option redispatch", balancer=", redispatch: true"),
    haproxy("persist", "insert indirect", "indirect: true", options="option persist", balancer=", persist: true"),
    haproxy("persist redispatch", "insert indirect", "indirect: true", options="option persist\n    option redispatch",
            balancer=", persist: true, redispatch: true"),
    haproxy("force-persist", "insert indirect", "indirect: true", more="force-persist if { req.hdr(X-Test) -m found }",
            balancer=", force-persist: X-Test", headers={"X-Test": "1"}),
    haproxy("force-persist redispatch", "insert indirect", "indirect: true", more="force-persist if { req.hdr(X-Test) -m found }",
            options="option redispatch", balancer=", force-persist: X-Test, redispatch: true", headers={"X-Test": "1"}),
    haproxy("force-persist without its header", "insert indirect", "indirect: true", more="force-persist if { req.hdr(X-Test) -m found }",
            options="option redispatch", balancer=", force-persist: X-Test, redispatch: true"),
    haproxy("one server without cookie", "insert indirect", "indirect: true", named=["r3"], routeless=["r3"]),
    haproxy("backups", "insert indirect", "indirect: true", backups=("r2", "r3"), value=lambda replica: replica.name),
    haproxy("allbackups", "insert indirect", "indirect: true", options="option allbackups", balancer=", allbackups: true", backups=("r2", "r3"),
            value=lambda replica: replica.name),
    traefik("default", "", ""),
    traefik("attributes", ", secure: true, httpOnly: true, sameSite: lax, maxAge: 60, path: /app, domain: example.test",
            ", secure: true, http-only: true, same-site: lax, max-age: 60s, path: /app, domain: example.test"),
    traefik("same-site none", ", secure: true, sameSite: none", ", secure: true, same-site: none"),
    traefik("same-site strict", ", httpOnly: true, sameSite: strict", ", http-only: true, same-site: strict"),
    traefik("weight 0", "", "", weights=[2, 1, 0]),
    traefik("without check", "", "", check=False),
    # It looks at the client's address alone, whatever its cookie says, and sets none.
    traefik("hrw", "", "", strategy="hrw", picks="exactly", telling=False, value=Traefik.value),
    traefik("p2c", "", "", strategy="p2c", picks="drawn"),
    traefik("leasttime", "", "", strategy="leasttime", picks="measured", value=Traefik.value),
    envoy("session", {"name": "esess", "path": "/"}, "", dies_draining=True),
    envoy("ttl", {"name": "esess", "path": "/", "ttl": "120s"}, ", ttl: 120s", identity="dated"),
    envoy("never panics", {"name": "esess", "path": "/"}, "", panic=0),
    envoy("without path", {"name": "esess"}, ""),
    envoy("strict", {"name": "esess", "path": "/"}, ", strict: true", strict=True),
    envoy("retries", {"name": "esess", "path": "/"}, "", ", retry-on: connect-failure, num-retries: 3", retries=True),
    envoy("strict retries", {"name": "esess", "path": "/"}, ", strict: true", ", retry-on: connect-failure, num-retries: 3", retries=True, strict=True),
    envoy("without states", {"name": "esess", "path": "/"}, "", states=None),
    envoy("strict without states", {"name": "esess", "path": "/"}, ", strict: true", strict=True, states=None),
    envoy("unhealthy ones too", {"name": "esess", "path": "/"}, ", override-host-status: healthy unhealthy",
          states=["UNKNOWN", "HEALTHY", "UNHEALTHY"], dies_draining=True),
    envoy("unhealthy ones too, strict", {"name": "esess", "path": "/"}, ", strict: true, override-host-status: healthy unhealthy draining",
          strict=True, states=["HEALTHY", "UNHEALTHY", "DRAINING"]),
    envoy("unhealthy ones too, retries", {"name": "esess", "path": "/"}, ", override-host-status: healthy unhealthy",
          ", retry-on: connect-failure, num-retries: 3", retries=True, states=["HEALTHY", "UNHEALTHY"]),
    # Nobody's session is ever kept where its server is healthy: strict refuses them all.
    envoy("draining ones alone, strict", {"name": "esess", "path": "/"}, ", strict: true, override-host-status: draining", strict=True, states=["DRAINING"]),
    envoy("strict, 404 for nobody's", {"name": "esess", "path": "/"}, ", strict: true, status-on-strict-destination-not-found: 404",
          strict=True, missing=404),
    envoy("ring_hash", None, ", hash-policy: true, ttl: 60s, path: /app", ", algorithm: ring_hash", policy="RING_HASH", hash_policy=HASHED_TTL, identity="form"),
    envoy("maglev", None, ", hash-policy: true, ttl: 0s, path: /", ", algorithm: maglev", policy="MAGLEV", hash_policy=HASHED_SESSION, identity="form"),
    envoy("ring_hash without ttl", None, ", hash-policy: true", ", algorithm: ring_hash", policy="RING_HASH", hash_policy=HASHED, identity="form", keyed=True),
    caddy("default", "cookie clb", ""),
    caddy("secret", "cookie clb hush", ", secret: hush"),
    caddy("without check", "cookie clb", "", check=False),
    caddy("lb-retries", "cookie clb", "", more="lb_retries 2\n    lb_try_interval 50ms", balancer=", lb-retries: 2, lb-try-interval: 50ms"),
    caddy("lb-try-duration", "cookie clb", "", more="lb_try_duration 250ms\n    lb_try_interval 100ms", balancer=", lb-try-duration: 250ms, lb-try-interval: 100ms"),
    apache("default", ""),
    apache("nofailover", "", proxy_set="stickysession=ROUTEID nofailover=On", balancer=", nofailover: true"),
    apache("attributes", ", domain: example.test, http-only: true, secure: true",
           attributes="; path=/; domain=example.test; HttpOnly; Secure"),
    apache("session of the application", ", application-cookie: true, url-parameter: jsessionid", cookie="JSESSIONID", header_cookie="",
           proxy_set="stickysession=JSESSIONID|jsessionid scolonpathdelim=On", value=lambda replica: f"abc.{replica.name}",
           telling=False, in_paths=True),
    apache("another separator", ", stickysessionsep: '!'", proxy_set="stickysession=ROUTEID stickysessionsep=!", separator="!"),
    apache("without separator", ", stickysessionsep: Off", proxy_set="stickysession=ROUTEID stickysessionsep=Off", separator=""),
    apache("bybusyness", "", method="bybusyness"),
    apache("the first of them dies", "", dies="r1"),
    apache("standby", "", backups=("r3",), value=lambda replica: f".{replica.name}"),
    apache("spare", "", spares=("r3",), value=lambda replica: f".{replica.name}"),
    apache("spare before the others", "", spares=("r1",), value=lambda replica: f".{replica.name}"),
    apache("spare and standby", "", spares=("r3",), backups=("r1",), value=lambda replica: f".{replica.name}"),
    apache("bybusyness with a spare", "", spares=("r1",), method="bybusyness", value=lambda replica: f".{replica.name}"),
    apache("redirect", "", redirects={"r2": "r3"}),
    apache("redirects in a circle", "", redirects={"r1": "r2", "r2": "r3", "r3": "r1"}),
    apache("redirect to a spare", "", redirects={"r2": "r3"}, spares=("r3",), value=lambda replica: f".{replica.name}"),
    apache("redirect to a standby", "", redirects={"r2": "r3"}, backups=("r3",), value=lambda replica: f".{replica.name}"),
    apache("redirect nofailover", "", redirects={"r2": "r3"}, proxy_set="stickysession=ROUTEID nofailover=On", balancer=", nofailover: true"),
    apache("redirect of the application's session", ", application-cookie: true, url-parameter: jsessionid", cookie="JSESSIONID", header_cookie="",
           redirects={"r2": "r1"}, proxy_set="stickysession=JSESSIONID|jsessionid scolonpathdelim=On", value=lambda replica: f"abc.{replica.name}",
           telling=False, in_paths=True),
    nginx("hash consistent", "hash $uid_got$uid_set consistent;", "hash-consistent"),
    nginx("hash", "hash $uid_got$uid_set;", "hash"),
    nginx("expires max", "hash $uid_got$uid_set consistent;", "hash-consistent",
          more="userid_path /; userid_expires max;", sticky=", path: /, expires-max: true"),
    nginx("attributes", "hash $uid_got$uid_set consistent;", "hash-consistent",
          " userid_expires 1d; userid_domain example.test; userid_flags httponly secure samesite=lax; userid_path /app;",
          ", expires: 24h, domain: example.test, path: /app, http-only: true, secure: true, same-site: lax"),
]


def scenario_of(variant, replicas):
    """The same configuration for us: a scenario."""
    weights = dict(zip(("r1", "r2", "r3"), variant.weights or [1, 1, 1]))
    names = ", ".join(f"{{name: {replica.name}, address: {replica.address}, weight: {weights[replica.name]}"
                      + (", route: none" if replica.name in variant.routeless else "") + roles_in_scenario(variant, replica) + "}" for replica in replicas)
    return f"version: 1\nreplicas: [{names}]\nbalancer: {variant.balancer}\nclients: [{{name: c, kind: curl}}]\n"
