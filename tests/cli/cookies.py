#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verb `cookie` with a product: values that name nobody, but are hashed over all servers."""
import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

program = os.path.abspath(sys.argv[1])


def call(*args):
    return subprocess.run([program, *args], capture_output=True, timeout=60)


def one_line(result):
    lines = result.stderr.decode().splitlines()
    return len(lines) == 1 and lines[0].startswith("stickyscope: ")


three = ("--replicas", "10.0.0.1:8000,10.0.0.2:8000,10.0.0.3:8000")
for product, more, ways in (("ingress-nginx", (), 1), ("istio", (), 2), ("envoy", ("--sticky", "hash-policy=true"), 2), ("contour", (), 1),
                            ("envoy", ("--sticky", "hash-policy=true,ttl=60s", "--algorithm", "maglev"), 1), ("nginx", ("--sticky", "method=userid"), 2)):
    hashed = [call("cookie", "--for", f"10.0.0.{place}:8000", "--product", product, *more, *three).stdout.decode().split(";")[0].strip() for place in (1, 2, 3)]
    led = [call("cookie", value, "--product", product, *more, *three).stdout.decode() for value in hashed]
    expect(f"{product} {more}: a value for each server", all(text.count(f"  leads to 10.0.0.{place}:8000") == text.count("leads to") == ways
                                                            for place, text in enumerate(led, 1)), (hashed, led))
userid = call("cookie", "--for", "10.0.0.2:8000", "--product", "nginx", "--sticky", "method=userid", *three).stdout.decode().split(";")[0].strip()
told = call("cookie", userid, *three).stdout.decode()
expect("a value that is hashed belongs to nobody, and leads to a server", "leads to 10.0.0.2:8000" in told and "belongs to" not in told, told)
balanced = call("cookie", "--for", "10.0.0.2:8000", "--product", "ingress-nginx", *three).stdout.decode().split(";")[0]
expect("a hashed value's form leads to the product's hash", "  leads to 10.0.0.2:8000\n" in call("cookie", balanced, *three).stdout.decode(), balanced)
lonely = call("cookie", "--for", "10.0.0.2:8000", "--product", "istio")
expect("a hash needs all servers", lonely.returncode == 2 and one_line(lonely) and b"name them with --replicas, 10.0.0.2:8000 among them" in lonely.stderr, lonely)
stranger = call("cookie", "--for", "10.0.0.9:8000", "--product", "istio", *three)
expect("and the one that is wanted among them", stranger.returncode == 2 and one_line(stranger) and b"10.0.0.9:8000 among them" in stranger.stderr, stranger)
unhashed = call("cookie", "--for", "10.0.0.2:8000", "--product", "envoy", "--sticky", "hash-policy=true", "--algorithm", "round_robin", *three)
expect("and an algorithm that hashes", unhashed.returncode == 2 and one_line(unhashed) and b"round_robin hashes none" in unhashed.stderr, unhashed)
bare = call("cookie", "hello", "--product", "envoy")
expect("a product alone says nothing of a value", bare.returncode == 2 and one_line(bare) and b"--replicas" in bare.stderr, bare)
pod = hashlib.md5(b"shop-web-8010.0.0.2:8000").hexdigest()
persistent = call("cookie", "--for", "10.0.0.2:8000", "--product", "ingress-nginx", "--sticky", "affinity-mode=persistent,backend=shop-web-80").stdout.decode()
expect("ingress-nginx's persistent cookie is its backend's", persistent.startswith(f"INGRESSCOOKIE={pod}|"), persistent)
told = call("cookie", pod, "--product", "ingress-nginx", "--sticky", "affinity-mode=persistent,backend=shop-web-80", *three)
expect("and is read as it", told.returncode == 0 and b"belongs to 10.0.0.2:8000" in told.stdout, told)
nobodys = call("cookie", "0123456789abcdef", "--product", "traefik", *three)
expect("a value that a product does not know", nobodys.returncode == 1 and b"belongs to none" in nobodys.stdout, nobodys)
# What --for writes is read as that product's, and belongs to the server again.
names = ("--replicas", "s1=10.0.0.1:8000,s2=10.0.0.2:8000")
module = ("--product", "nginx-sticky-module-ng", "--sticky")
for title, more, key in (("sticky-module-ng", (*module, "hash=sha1"), ()), ("sticky-module-ng", (*module, "text=raw"), ()), ("sticky-module-ng", (*module, "hash=index"), ()),
                         ("sticky-module-ng", (*module, "hmac=sha1"), ("--key", "K")), ("sticky-module-ng", (*module, "hmac=md5"), ("--key", "K")),
                         ("YARP", ("--product", "yarp", "--server", "s2"), ()), ("YARP", ("--product", "yarp", "--sticky", "policy=ArrCookie", "--server", "s2"), ())):
    written = call("cookie", "--for", "10.0.0.2:8000", *more, *key, *names).stdout.decode().split(";")[0].strip()
    read = call("cookie", written, *key, *names).stdout.decode()
    expect(f"{title} {more[2:]}: its own cookie belongs to its server", read.count("belongs to") == 1 and title in read.splitlines()[0]
           and "belongs to s2=10.0.0.2:8000" in read and "Traefik" not in read, (written, read))
for product, title, words in (("kong", "Kong", "leads to 10.0.0.2:8000"), ("istio", "The hash policy of Envoy or Istio", "leads to 10.0.0.2:8000 (")):
    written = call("cookie", "--for", "10.0.0.2:8000", "--product", product, *three).stdout.decode().split(";")[0].strip()
    for value in {written, written.replace('"', "")}:
        read = call("cookie", value, *three).stdout.decode()
        expect(f"{product}'s is known again", title in read and words in read, (value, read))
keyless = call("cookie", "--for", "10.0.0.2:8000", *module[:2], "--key", "K")
expect("the module has a key for its hmac alone", keyless.returncode == 2 and one_line(keyless) and b"hmac=md5" in keyless.stderr, keyless)
second = [call("cookie", "--for", "10.0.0.2:8000", *module, "hash=index", *more) for more in (three, ())]
expect("an index is the server's among all", second[0].stdout.startswith(b"route=1;") and second[1].returncode == 2 and one_line(second[1])
       and b"name them with --replicas" in second[1].stderr, second)
broken = call("cookie", 'esess="Cg8xMjcuMC4wLjE6ODA4MQ=="')
expect("a buffer of a wrong length is nobody's", broken.returncode == 1 and b"Envoy" not in broken.stdout, broken)
spaced = call("cookie", "--for", "10.0.0.1:80", "--product", "caddy", "--name", "a b")
expect("a name that is none", spaced.returncode == 2 and one_line(spaced) and b"--name must be a cookie's name" in spaced.stderr, spaced)
expect("of which Traefik makes one", call("cookie", "--for", "10.0.0.1:80", "--product", "traefik", "--name", "a b").stdout.startswith(b"a_b="))
stamped = call("cookie", "SRV=s1|awOsh|awOsh", "--replicas", "s1=10.0.0.3:8000").stdout.decode()
expect("where one form says whose it is, none says that it is nobody's", "belongs to s1" in stamped and "none" not in stamped, stamped)
for value in ("lb=" + 64 * "a", "0123456789abcdef"):
    told = call("cookie", value).stdout.decode()
    heads = [part.splitlines()[0].split(",")[0].split(" (")[0] for part in told.split("\n\n")]
    expect(f"{value}: each balancer once", len(heads) == len(set(heads)), told)
for line in ("Set-Cookie: lb=0123456789abcdef; Path=/", "Cookie: lb=0123456789abcdef"):
    expect(f"{line}: a field as it came", call("cookie", line).stdout == call("cookie", "lb=0123456789abcdef").stdout, line)
anybodys = call("cookie", "--for", "10.0.0.1:80")
expect("--for needs a product", anybodys.returncode == 2 and one_line(anybodys) and b"--for needs --product" in anybodys.stderr, anybodys)
for mode in ("prefix", "rewrite"):
    none = call("cookie", "--for", "10.0.0.1:80", "--product", "haproxy", "--server", "s1", "--sticky", "mode=" + mode)
    expect(f"HAProxy's {mode} needs the application's cookie", none.returncode == 2 and one_line(none) and b"the value of the application's cookie" in none.stderr, none)
end()
