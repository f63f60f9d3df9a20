#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 6455, row by row, on a replica's echo: asked directly, and through our balancer. Both must give the same, and what the RFC demands.
  websocket_conformance.py STICKYSCOPE_CLI [SECTION...]"""
import os
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402
from running import Running, start_replicas  # noqa: E402
from websocket import ACCEPT, TEXT, Reader, closing, frame, handshake  # noqa: E402
from websocket_rows import SECTIONS  # noqa: E402

PATIENCE = 30  # seconds without an octet


def connect(address):
    host, port = address.split("//")[1].strip("/").rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return connection


def converse(address, segments):
    """Sends the segments while it reads, until the other end is silent: all that came, and how it ended."""
    got = bytearray()
    with connect(address) as connection:
        left = [memoryview(segment) for segment in reversed(segments)]
        while True:
            readable, writable, _ = select.select([connection], [connection] if left else [], [], PATIENCE)
            if not readable and not writable:
                return bytes(got), "silence"
            try:
                if readable:
                    octets = connection.recv(1 << 18)
                    if not octets:
                        return bytes(got), "end"
                    got += octets
                if writable:
                    sent = connection.send(left[-1])
                    left[-1] = left[-1][sent:]
                    if not left[-1]:
                        left.pop()
            except (ConnectionResetError, BrokenPipeError):
                return bytes(got), "reset"


def head_of(octets):
    head, _, rest = octets.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(": ")
        fields.setdefault(name.lower(), []).append(value)
    return lines[0].split(" ")[1] if " " in lines[0] else "none", fields, rest


def segments_of(row, way):
    if way == "in one segment":  # with the handshake, even
        return [handshake() + b"".join(row.sent)]
    whole = b"".join(row.sent)
    size = {"octet by octet": 1, "in pieces": 1021}.get(way)
    return [handshake()] + (row.sent if not size else [whole[place:place + size] for place in range(0, len(whole), size)])


def transcript(address, row, way):
    """What came back of a row: (name, payload, code) each, and the end."""
    octets, ended = converse(address, segments_of(row, way))
    status, fields, rest = head_of(octets)
    if status != "101" or fields.get("sec-websocket-accept") != [ACCEPT]:
        return [(f"status {status}", b"", None)], ended
    reader = Reader()
    try:
        said = reader.feed(rest)
    except ValueError as broken:
        return [(str(broken), b"", None)], ended
    return said + ([("half a frame", reader.left, None)] if reader.left else []), ended


def shown(what):
    said, ended = what
    return [(name, payload[:40], code) for name, payload, code in said[-4:]], f"{len(said)} in all", ended


def judge(section, row):
    for way in row.ways:
        direct = transcript(replica, row, way)
        through = transcript(balancer, row, way)
        name = f"{section}: {row.name}, {way}"
        said, ended = direct
        last = said[-1] if said else ("nothing", b"", None)
        expect(name, [one[:2] for one in said[:-1]] == row.back and (last[0], last[2]) == ("close", row.code) and ended == "end", shown(direct))
        expect(name + ", through the balancer", through == direct, (shown(direct), shown(through)))


def handshakes():
    """What is no handshake, or one with more in it."""
    hello = frame(TEXT, b"hello") + closing(1000)
    for name, request, status in [
            ("a handshake", handshake(), "101"),
            ("its names in other letters", handshake(Upgrade="WebSocket", Connection="keep-alive, upgrade"), "101"),
            ("extensions and protocols are not taken", handshake(Sec_WebSocket_Extensions="permessage-deflate", Sec_WebSocket_Protocol="chat"), "101"),
            ("a page of another origin", handshake(Origin="http://elsewhere.example"), "101"),
            ("an older version", handshake(Sec_WebSocket_Version="8"), "426"),
            ("without a version", handshake(without=["Sec-WebSocket-Version"]), "426"),
            ("without a key", handshake(without=["Sec-WebSocket-Key"]), "400"),
            ("a key of 8 octets", handshake(Sec_WebSocket_Key="AAAAAAAAAAA="), "400"),
            ("a key that is no base64", handshake(Sec_WebSocket_Key="!!!!!!!!!!!!!!!!!!!!!!=="), "400"),
            ("two keys", handshake().replace(b"Sec-WebSocket-Version", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version"), "400"),
            ("no upgrade", handshake(without=["Upgrade"], Connection="keep-alive"), "426"),
            ("an upgrade that the connection does not name", handshake(without=["Connection"]), "426"),
            ("an upgrade to something else", handshake(Upgrade="h2c"), "426"),
            ("by POST", handshake(method="POST"), "426"),
            ("of HTTP/1.0", handshake().replace(b"HTTP/1.1", b"HTTP/1.0"), "426"),
            ("where there is no socket", handshake(path="/hostname?mode=echo"), "404")]:
        answers = []
        for address in (replica, balancer):
            # A refusal leaves the connection open: the next request ends it.
            behind = hello if status == "101" else b"GET /hostname HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            octets, ended = converse(address, [request + behind])
            got, fields, rest = head_of(octets)
            answers.append((got, {name: fields.get(name) for name in ("sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-protocol",
                                                                      "sec-websocket-version")}, ended))
            wanted = {"101": (ACCEPT, None), "426": (None, "13")}.get(status, (None, None))
            seen = tuple(fields.get(field, [None])[0] for field in ("sec-websocket-accept", "sec-websocket-version"))
            expect(f"handshakes: {name} at {address}", got == status and seen == wanted and ended == "end", octets[:400])
            if status == "101":
                expect(f"handshakes: {name}: it works", Reader().feed(rest)[0] == ("text", b"hello", None), rest)
            if status == "426" and address == replica:  # Upgrade is for the next hop alone
                expect(f"handshakes: {name}: it says to what", fields.get("upgrade") == ["websocket"], fields)
        expect(f"handshakes: {name}: the same through the balancer", answers[0] == answers[1], answers)


program = os.path.abspath(sys.argv[1])
replicas, (replica,) = start_replicas(program, 1)
proxy = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", replica, "--sticky", "cookie=ws-session")
balancer = proxy.line(0).split()[-1]
for section, rows in SECTIONS.items():
    if sys.argv[2:] and section not in sys.argv[2:]:
        continue
    begun = time.monotonic()
    table = list(rows())
    for one in table:
        judge(section, one)
    print(f"{section}: {len(table)} rows, {time.monotonic() - begun:.1f} s", flush=True)
if not sys.argv[2:]:
    handshakes()
for running in (proxy, *replicas):
    took, status, errors = running.stop()
    expect("it ends cleanly", status == 0 and errors == "", (status, errors))
end()
