# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket octets (RFC 6455), written and read by hand: what a client may send, and what it must not."""
import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NAMES = {CONTINUATION: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong"}
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # of RFC 6455 1.3, and what answers it
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x37\xfa\x21\x3d"


def handshake(path="/streaming?mode=echo", without=(), method="GET", **fields):
    """A client's handshake. `fields` replace its own, or are added; underscores stand for hyphens."""
    lines = {"Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13"}
    lines.update({name.replace("_", "-"): value for name, value in fields.items()})
    return (f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if name not in without) + "\r\n").encode()


def masked(payload, mask=MASK):
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def frame(opcode, payload=b"", fin=True, rsv=0, mask=MASK, length=None, size_in=None):
    """One frame. `mask`: None leaves it unmasked. `length`: what its header says, whatever it holds. `size_in`: octets of its length, 1, 3
    or 9, where it is not the shortest."""
    length = len(payload) if length is None else length
    size_in = size_in or (1 if length < 126 else 3 if length < 1 << 16 else 9)
    flag = 0 if mask is None else 0x80
    head = bytes([fin << 7 | rsv << 4 | opcode])
    if size_in == 1:
        head += bytes([flag | length])
    elif size_in == 3:
        head += bytes([flag | 126]) + struct.pack(">H", length)
    else:
        head += bytes([flag | 127]) + struct.pack(">Q", length)
    return head + payload if mask is None else head + mask + masked(payload, mask)


def closing(code=None, reason=b"", **more):
    return frame(CLOSE, b"" if code is None else struct.pack(">H", code) + reason, **more)


class Reader:
    """What a server sends, as (name, octets, code of a close) tuples. A server that breaks the rules itself is a ValueError."""

    def __init__(self):
        self.left = b""
        self.opcode, self.parts = None, []

    def feed(self, octets):
        self.left += octets
        said = []
        while (one := self.take()) is not None:
            said.extend(one)
        return said

    def take(self):
        if len(self.left) < 2:
            return None
        first, size = self.left[0], self.left[1]
        if first & 0x70 or size & 0x80 or first & 0x0F not in NAMES:
            raise ValueError(f"a frame beginning with {self.left[:2].hex()}")
        at = 2
        if size >= 126:
            at = 4 if size == 126 else 10
            if len(self.left) < at:
                return None
            size = int.from_bytes(self.left[2:at], "big")
            if size < (126 if at == 4 else 1 << 16):
                raise ValueError(f"the length {size} in {at - 2} octets")
        if len(self.left) < at + size:
            return None
        payload, self.left = self.left[at:at + size], self.left[at + size:]
        return self.frame(first & 0x0F, bool(first & 0x80), payload)

    def frame(self, opcode, fin, payload):
        if opcode >= CLOSE:
            if not fin or len(payload) > 125 or (opcode == CLOSE and len(payload) == 1):
                raise ValueError(f"the control frame {opcode} {fin} {payload}")
            if opcode == CLOSE:
                return [("close", payload[2:], int.from_bytes(payload[:2], "big") if payload else None)]
            return [(NAMES[opcode], payload, None)]
        if (opcode == CONTINUATION) != (self.opcode is not None):
            raise ValueError(f"a fragment {opcode} out of place")
        self.opcode = opcode or self.opcode
        self.parts.append(payload)
        if not fin:
            return []
        whole = (NAMES[self.opcode], b"".join(self.parts), None)
        self.opcode, self.parts = None, []
        return [whole]
