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
end()
