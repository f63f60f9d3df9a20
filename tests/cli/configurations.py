#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`export` and `import` as a script uses them: what goes where, and what is refused in one line."""
import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

program, root = os.path.abspath(sys.argv[1]), sys.argv[2]
default = os.path.join(root, "resources/scenarios/three-replicas.sticky.yaml")
compose = os.path.join(root, "resources/examples/goa-compose/compose.yaml")


def call(*args, stdin=None, limit=None):
    def lower():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return subprocess.run([program, *args], input=stdin, capture_output=True, timeout=60, preexec_fn=lower)


def one_line(result):
    lines = result.stderr.decode().splitlines()
    return result.returncode == 2 and result.stdout == b"" and len(lines) == 1 and lines[0].startswith("stickyscope: ")


result = call("export", default)
expect("without --to it is the scenario's own balancer", result.returncode == 0 and result.stdout.startswith(b"# Three replicas behind Traefik\n")
       and b"traefik.http.services.app.loadbalancer.sticky.cookie.name=ws-session\"\n" in result.stdout, result)
expect("and nothing is left unsaid", result.stderr == b"", result.stderr)
result = call("export", default, "--to", "haproxy")
notes = result.stderr.decode().splitlines()
expect("notes are lines of their own", result.returncode == 0 and len(notes) == 2
       and all(note.startswith("stickyscope: not as in the scenario: ") for note in notes), notes)
expect("and stand in the file", result.stdout.count(b"# NOT AS IN THE SCENARIO: ") == 2)
expect("a lane", b"cookie \"" not in call("export", default, "--to", "haproxy", "--lane", "off").stdout)
result = call("export", default, "--to", "traefik-file", "--listen", "0.0.0.0:80", "--admin-port", "9000", "--health-path", "/up")
expect("two files on standard output have their names", result.stdout.count(b"# ---- ") == 2 and b"# ---- dynamic.yml\n" in result.stdout)
expect("where it listens, and what it checks", b'address: "0.0.0.0:80"' in result.stdout and b'address: "127.0.0.1:9000"' in result.stdout
       and b"path: /up\n" in result.stdout)
everywhere = {"traefik", "haproxy", "nginx", "envoy", "caddy", "apache", "ingress", "gateway", "compose", "traefik-file"}
expect("help names all", all(name in call("export", "--help").stdout.decode() for name in everywhere))

with tempfile.TemporaryDirectory() as folder:
    new = os.path.join(folder, "a", "b")
    result = call("export", default, "--to", "traefik-file", "--output", new)
    expect("into a new folder", result.returncode == 0 and result.stdout == b"" and sorted(os.listdir(new)) == ["dynamic.yml", "traefik.yml"], result)
    os.remove(os.path.join(new, "traefik.yml"))
    again = call("export", default, "--to", "traefik-file", "--output", new)
    expect("no file is written over, and none beside it", again.returncode == 2 and b"dynamic.yml: there is such a file already" in again.stderr
           and os.listdir(new) == ["dynamic.yml"], again)
    os.symlink("/nowhere", os.path.join(folder, "haproxy.cfg"))
    expect("nor through a link", b"there is such a file already" in call("export", default, "--to", "haproxy", "--output", folder).stderr)

other = b"version: 1\nreplicas: [{name: a}]\nbalancer: {product: f5}\nclients: [{name: c, kind: curl}]\n"
for args, why in (([default, "--to", "nonsense"], "--to must be one of traefik, "), ([default, "--lane", "x"], "--lane must be one of off, on, not x"),
                  ([default, "--listen", "localhost:80"], "--listen must be"), ([default, "--listen", "127.0.0.1"], "--listen must be"),
                  ([default, "--listen", "127.0.0.1:80x"], "--listen must be"), ([default, "--listen", "127.0.0.1:99999"], "--listen must be"),
                  ([default, "--listen", "127.0.0.1:80/a"], "--listen must be"), ([default, "--listen", "127.0.0.1:0"], "--listen must be"),
                  ([default, "--health-path", "/a b", "--to", "haproxy"], "is no path that checks can ask for"), ([], "FILE"),
                  (["/does/not/exist"], "no such file"), (["-"], "say with --to which other balancer"), ([default, "--admin-port", "0"], "--admin-port")):
    wrong = call("export", *args, stdin=other)
    expect("export refuses " + " ".join(args), one_line(wrong) and why in wrong.stderr.decode(), wrong)

result = call("import", compose)
expect("the example's compose file", result.returncode == 0 and result.stderr == b""
       and b"  - {name: webapp-3}\n" in result.stdout and b"sticky: {cookie: ws-session}" in result.stdout, result)
expect("what is imported is right", call("check", "-", stdin=result.stdout).returncode == 0)
expect("and runs", call("run", "-", "--assert", "on.stickiness == 1", "--assert", "off.stickiness < 0.6", stdin=result.stdout).returncode == 0)
exported = call("export", "-", stdin=result.stdout)
expect("there and back is the same", call("import", "-", stdin=exported.stdout).stdout.splitlines()[2:] == result.stdout.splitlines()[2:])

two = (b"services:\n  a: {labels: [traefik.http.services.x.loadbalancer.strategy=p2c]}\n"
       b"  b: {labels: [traefik.http.services.y.loadbalancer.strategy=wrr]}\n")
expect("--service", b"algorithm: wrr" in call("import", "-", "--service", "y", stdin=two).stdout)
bad = call("import", "-", stdin=b"services: {a: {labels: [traefik.http.services.x.loadbalancer.strategy=z, traefik.nonsense=1]}}")
expect("a line each", bad.returncode == 2 and bad.stdout == b"" and len(bad.stderr.splitlines()) == 2, bad)
for what, text in {"several services": two, "brackets": b"[" * 10_000_000, "anchors": b"services: &a {b: *a}\n", "not UTF-8": b"services: \xff\n", "empty": b"",
                   "a scenario": open(default, "rb").read(), "a control character": b"services: {\"\\e[2J\": {labels: [traefik.enable=true]}}\n",
                   "many": b"services: {a: {deploy: {replicas: 9999999}, labels: [traefik.enable=true]}}\n"}.items():
    wrong = call("import", "-", stdin=text, limit=512 << 20)
    expect("import refuses " + what, one_line(wrong) and b"\x1b" not in wrong.stderr, (wrong.returncode, wrong.stderr[:300]))
expect("import of nothing", one_line(call("import")) and one_line(call("import", "/does/not/exist")))
end()
