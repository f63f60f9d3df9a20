#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`stickyscope balance` with its limits raised to 6,000 connections, and 5,000 of them: 2,000 are slow (heads and bodies that
trickle; WebSockets that are sent back what they sent, and read 4 kB of it a second), 3,000 ask as usual, and do not notice. Then
everything is as it was before.
  crowd.py STICKYSCOPE_CLI [CONNECTIONS SLOW SECONDS]

How long an answer takes depends on the machine as well. So the same driver asks the replicas themselves at the same time: that
is what the machine takes, and where that is much the balancer may take 200 ms beside twice that (its answers pass through one process more)."""
import asyncio
import os
import random
import re
import resource
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import die_with_us  # noqa: E402

program = os.path.abspath(sys.argv[1])
CONNECTIONS, SLOW, SECONDS = map(int, sys.argv[2:5] or (5000, 2000, 12))
ALLOWED = 0.200  # seconds
BUSY = float(os.environ.get("CROWD_BUSY", "0.050"))  # the machine is, whose own answers take longer; inf: never
MEMORY = 8 << 20  # octets more than before the first
PERIOD = 6.0  # seconds between the requests of one client
REQUEST = b"GET /hostname HTTP/1.1\r\nHost: a\r\n\r\n"
ECHO = (b"GET /streaming?mode=echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
MESSAGE = 128 << 10  # octets: more than the system keeps of it on the way
FRAME = b"\x82\xff" + MESSAGE.to_bytes(8, "big") + b"\0\0\0\0" + bytes(MESSAGE)  # one message, masked with zeros
WINDOW = 4096  # octets that a slow reader has room for
chance = random.Random(7)


def start(*words):
    process = subprocess.Popen([program, *words], stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us)
    address = re.search(r"http://[0-9.:]+", process.stdout.readline()).group()
    threading.Thread(target=process.stdout.read, daemon=True).start()  # its log
    return process, address


def address_of(url):
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def resident(process):
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Usual(asyncio.Protocol):
    """Asks now and then on one connection."""

    def __init__(self, times):
        self.times, self.begun, self.unread, self.lost, self.closing = times, 0.0, b"", False, False

    def connection_made(self, transport):
        self.transport = transport
        self.later(chance.uniform(0, PERIOD))

    def later(self, seconds):
        self.timer = asyncio.get_running_loop().call_later(seconds, self.ask)

    def ask(self):
        if not self.lost:
            self.begun = time.perf_counter()
            self.transport.write(REQUEST)

    def data_received(self, data):
        self.unread += data
        if not self.unread.rstrip().endswith(b"}"):
            return
        self.times.append(time.perf_counter() - self.begun if self.unread.startswith(b"HTTP/1.1 200 ") else None)
        self.unread = b""
        self.later(PERIOD * chance.uniform(0.7, 1.3))

    def connection_lost(self, _):
        self.lost = True
        self.timer.cancel()
        if not self.closing:
            self.times.append(None)


class Slow(asyncio.Protocol):
    """Takes its time with what it sends or reads; beat() is called once a second."""

    kinds = {"head": b"GET / HTTP/1.1\r\nHost: a\r\nX: ", "body": b"POST /hostname HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
             "reader": ECHO}

    def __init__(self, kind):
        self.kind, self.lost, self.seen, self.received = kind, False, b"", 0

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.kinds[self.kind])

    def data_received(self, data):
        if self.kind == "reader":
            self.transport.pause_reading()
            if self.received == 0:
                self.transport.write(FRAME)
        self.received += len(data)
        self.seen = (self.seen + data)[:100]

    def beat(self):
        if self.lost:
            return
        if self.kind == "reader":
            self.transport.resume_reading()
        else:
            self.transport.write(b"x")

    def waits(self):
        """Whether a reader is still sent what it has no room for."""
        return not self.lost and self.seen.startswith(b"HTTP/1.1 101 ") and self.received < MESSAGE

    def connection_lost(self, _):
        self.lost = True


async def connect(make, address, window=None):
    door = socket.socket()
    door.setblocking(False)
    if window:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(door, address)
    _, protocol = await loop.create_connection(make, sock=door)
    return protocol


async def open_all(makes, address, window=None):
    """Some at a time, so that nobody's queue of new connections is too short."""
    opened = []
    for place in range(0, len(makes), 100):
        opened += await asyncio.gather(*[connect(make, address, window) for make in makes[place:place + 100]])
    return opened


async def until(holds, seconds=60):
    last = time.monotonic() + seconds
    while not holds() and time.monotonic() < last:
        await asyncio.sleep(0.05)
    return holds()


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def crowd(balancer, address, replicas):
    times, direct = [], []
    kinds = list(Slow.kinds)
    slow = await open_all([lambda kind=kinds[number % len(kinds)]: Slow(kind) for number in range(SLOW)], address, WINDOW)
    usual = await open_all([lambda: Usual(times) for _ in range(CONNECTIONS - SLOW)], address)
    control = [await connect(lambda: Usual(direct), address_of(url)) for url in replicas for _ in range(20)]
    expect("all are connected at once", await until(lambda: descriptors(balancer) >= CONNECTIONS), descriptors(balancer))
    times.clear()
    direct.clear()
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        begun = time.monotonic()
        for place in range(0, len(slow), 100):
            for one in slow[place:place + 100]:
                one.beat()
            await asyncio.sleep(0)
        await asyncio.sleep(max(0.0, 1 - (time.monotonic() - begun)))
    refused = sum(one.seen.startswith(b"HTTP/1.1 408 ") for one in slow)
    waiting = sum(one.waits() for one in slow)
    for one in usual + control:
        one.closing = True
    for one in usual + control + slow:
        one.transport.abort()
    await asyncio.sleep(0)
    return times, direct, refused, waiting


async def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < CONNECTIONS + 200:
        raise SystemExit(f"FAILED: {CONNECTIONS} connections need as many open files; {hard} are allowed here (ulimit -Hn)")
    processes, replicas = zip(*[start("replica", "--port", "0", "--name", f"server-{number}") for number in (1, 2, 3)])
    balancer, url = start("balance", "--listen", "127.0.0.1:0", "--to", ",".join(replicas), "--quiet",
                          "--limit", "connections=6000,connections-per-replica=2000,idle=15s")
    address = address_of(url)
    figures = [resident(balancer)]
    for size in ("a first crowd", "a second one"):
        before = descriptors(balancer)
        times, direct, refused, waiting = await crowd(balancer, address, replicas)
        good = [one for one in times if one is not None]
        expect(size + ": whoever asks as usual is answered", len(good) == len(times) and len(good) > CONNECTIONS - SLOW, (len(good), len(times)))
        machine, p99 = percentile([one for one in direct if one is not None], 0.99), percentile(good, 0.99)
        print(f"{size}: {len(good)} answers, p50 {percentile(good, 0.5) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms; "
              f"from the replicas themselves {machine * 1000:.1f} ms; {refused} slow heads were told so, {waiting} slow readers wait", flush=True)
        expect(size + ": p99 under 200 ms beside what the machine takes", p99 < ALLOWED + (0 if machine < BUSY else 2 * machine), (p99, machine))
        expect(size + ": who reads slowly is still sent its message", waiting == SLOW // len(Slow.kinds), waiting)
        if SECONDS > 10:
            expect(size + ": a head that trickles is refused after its ten seconds", refused > 0, refused)
        expect(size + ": its descriptors are closed", await until(lambda: descriptors(balancer) <= before), (before, descriptors(balancer)))
        await until(lambda: resident(balancer) <= figures[0] + MEMORY, 10)
        figures.append(resident(balancer))
    print("memory before, after the first and the second, MiB: " + ", ".join(f"{figure / (1 << 20):.1f}" for figure in figures))
    expect("a crowd's memory is given back", all(figure <= figures[0] + MEMORY for figure in figures[1:]), figures)
    for process in (balancer, *processes):
        process.terminate()
        expect("each process ends well", process.wait(20) == 0)


asyncio.run(main())
end()
