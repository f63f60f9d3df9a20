#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""1,000 WebSockets through our balancer, a message a second on each: every message comes back, in its order, and nothing stays behind.
  thousand_sockets.py STICKYSCOPE_CLI SECONDS"""
import asyncio
import collections
import json
import os
import resource
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import Running, start_replicas  # noqa: E402
from websocket import ACCEPT, PONG, TEXT, Reader, closing, frame, handshake  # noqa: E402

COUNT = 1000
PATIENCE = 60  # seconds, for what has been sent to come back
program, seconds = os.path.abspath(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


def descriptors(running):
    return len(os.listdir(f"/proc/{running.process.pid}/fd"))


class Client:
    """One WebSocket: what it has sent and not yet got back, and how often it was answered."""

    def __init__(self, number):
        self.number = number
        self.waiting = collections.deque()
        self.sent = self.echoed = 0
        self.all_back = asyncio.Event()
        self.wrong = ""
        self.code = None

    async def open(self, host, port):
        self.reader, self.writer = await asyncio.open_connection(host, port)
        self.writer.write(handshake())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        if not head.startswith("HTTP/1.1 101 ") or ACCEPT not in head or "Set-Cookie: ws-session=" not in head:
            self.wrong = head

    async def listen(self):
        frames = Reader()
        while octets := await self.reader.read(65536):
            for name, payload, code in frames.feed(octets):
                if name == "ping":
                    self.writer.write(frame(PONG, payload))
                elif name == "close":
                    self.code = code
                elif not self.waiting or payload != self.waiting.popleft():
                    self.wrong = self.wrong or f"{name} {payload[:60]} behind {self.echoed} echoes"
                else:
                    self.echoed += 1
            if not self.waiting:
                self.all_back.set()

    async def talk(self, begun):
        """A message a second, at an instant within it that is this client's own. Who is late catches up."""
        for count in range(seconds):
            await asyncio.sleep(max(0.0, begun + self.number / COUNT + count - time.monotonic()))
            text = f"client {self.number} message {count}".encode()
            self.all_back.clear()
            self.waiting.append(text)
            self.writer.write(frame(TEXT, text))
            self.sent += 1
        try:
            await asyncio.wait_for(self.all_back.wait(), PATIENCE)
        except asyncio.TimeoutError:
            self.wrong = self.wrong or f"{len(self.waiting)} did not come back"

    async def close(self, listening):
        self.writer.write(closing(1000))
        try:
            await asyncio.wait_for(listening, PATIENCE)
        except asyncio.TimeoutError:
            self.wrong = self.wrong or "it is not closed"
        self.writer.close()


async def crowd(host, port):
    clients = [Client(number) for number in range(COUNT)]
    for few in range(0, COUNT, 50):
        await asyncio.gather(*[client.open(host, port) for client in clients[few:few + 50]])
    listening = [asyncio.create_task(client.listen()) for client in clients]
    begun = time.monotonic()
    await asyncio.gather(*[client.talk(begun) for client in clients])
    print(f"{seconds} messages on each after {time.monotonic() - begun:.1f} s, {descriptors(balancer)} descriptors in the balancer", flush=True)
    await asyncio.gather(*[client.close(task) for client, task in zip(clients, listening)])
    return clients


replicas, addresses = start_replicas(program, 3)
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--sticky", "cookie=ws-session", "--json")
address = json.loads(balancer.line(0))["balancer"]
before = {running: descriptors(running) for running in (balancer, *replicas)}
host, port = address.split("//")[1].split(":")
clients = asyncio.run(crowd(host, int(port)))

sent, echoed = sum(client.sent for client in clients), sum(client.echoed for client in clients)
print(f"{sent} messages sent, {echoed} echoed", flush=True)
wrong = [(client.number, client.wrong) for client in clients if client.wrong]
expect("each message came back, in its order", not wrong, wrong[:5])
expect("each socket had a message a second", all(client.sent == client.echoed == seconds for client in clients), (sent, echoed))
expect("each was closed in order", all(client.code == 1000 for client in clients), {client.code for client in clients})
records = [json.loads(balancer.line(1 + number)) for number in range(COUNT)]
shares = collections.Counter(record["replica"] for record in records if record["websocket"] and record["status"] == 101)
expect("they are spread evenly", sorted(shares.values()) == [333, 333, 334], shares)
for running, count in before.items():
    deadline = time.monotonic() + PATIENCE
    while descriptors(running) > count + 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    expect("no socket stays open", descriptors(running) <= count + 4, (count, descriptors(running)))
for running in (balancer, *replicas):
    took, status, errors = running.stop()
    expect("it ends cleanly", status == 0 and errors == "", (status, errors))
end()
