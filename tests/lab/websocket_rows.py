# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client may do on a WebSocket, and what RFC 6455 has an echoing server make of it: the table of websocket_conformance.py."""
from dataclasses import dataclass
from typing import Any

from websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, closing, frame

MIB = 1 << 20
BYE = closing(1000)


@dataclass
class Row:
    """`sent`: frames, each its octets. `back`: what comes back before the end, pairs of a name and what is in it. It ends by a close with
    `code` (None: one without a code), and the server's end of the connection, without a reset."""
    name: str
    sent: list
    back: list
    code: Any = 1000
    ways: tuple = ("frame by frame", "in one segment", "octet by octet")


BROAD = ("frame by frame", "in pieces")  # too long for single octets


def said(name, what):
    return (name, what.encode() if isinstance(what, str) else what)


def fragments(opcode, parts):
    last = len(parts) - 1
    return [frame(CONTINUATION if place else opcode, part, fin=place == last) for place, part in enumerate(parts)]


def framing():
    for opcode, name in ((TEXT, "text"), (BINARY, "binary")):
        for size in (0, 1, 124, 125, 126, 127, 128):
            yield Row(f"{name} of {size} octets", [frame(opcode, b"*" * size), BYE], [said(name, b"*" * size)])
        for size in (65535, 65536, 65537, MIB - 1, MIB):
            yield Row(f"{name} of {size} octets", [frame(opcode, b"*" * size), BYE], [said(name, b"*" * size)], ways=BROAD)
    yield Row("binary of every octet", [frame(BINARY, bytes(range(256))), BYE], [said("binary", bytes(range(256)))])
    yield Row("masked with zeros", [frame(TEXT, b"plain", mask=b"\0\0\0\0"), BYE], [said("text", "plain")])
    yield Row("each frame with a mask of its own", [frame(TEXT, b"one", mask=b"1234"), frame(TEXT, b"two", mask=b"\xff\0\xff\0"), BYE],
              [said("text", "one"), said("text", "two")])
    yield Row("500 messages", [frame(TEXT, b"%d" % number) for number in range(500)] + [BYE], [said("text", str(number)) for number in range(500)])
    many = [bytes([number]) * 65536 for number in range(96)]
    yield Row("6 MiB of messages", [frame(BINARY, one) for one in many] + [BYE], [said("binary", one) for one in many], ways=BROAD)


def too_long():
    yield Row("an octet more than 1 MiB", [frame(BINARY, b"*" * (MIB + 1))], [], 1009, BROAD)
    yield Row("4 MiB in one frame", [frame(TEXT, b"*" * (4 * MIB))], [], 1009, BROAD)
    yield Row("an octet more than 1 MiB in fragments", fragments(TEXT, [b"*" * (MIB // 2), b"*" * (MIB // 2), b"*"]), [], 1009, BROAD)
    yield Row("more than 1 MiB in many fragments", fragments(BINARY, [b"*" * 65536] * 20), [], 1009, BROAD)
    yield Row("1 MiB in many fragments", fragments(BINARY, [b"*" * 65536] * 16) + [BYE], [said("binary", b"*" * MIB)], ways=BROAD)
    yield Row("a header that says 1 MiB and an octet", [frame(TEXT, b"*", length=MIB + 1)], [], 1009)
    yield Row("a header that says 8 EiB", [frame(BINARY, b"*", length=(1 << 63) - 1)], [], 1009)
    yield Row("a message before one that is too long", [frame(TEXT, b"good"), frame(TEXT, b"*" * (MIB + 1))], [said("text", "good")], 1009, BROAD)
    yield Row("a length with its highest bit set", [frame(BINARY, b"*", length=1 << 63)], [], 1002)
    yield Row("a short length in two octets", [frame(TEXT, b"*" * 125, size_in=3)], [], 1002)
    yield Row("a short length in eight octets", [frame(TEXT, b"*" * 125, size_in=9)], [], 1002)
    yield Row("a middling length in eight octets", [frame(TEXT, b"*" * 300, size_in=9)], [], 1002)


def pings():
    for name, payload in (("empty", b""), ("with text", b"Hello"), ("with octets that are no text", b"\x00\xff\xfe\xfd\x80"), ("of 125 octets", b"p" * 125)):
        yield Row(f"a ping {name}", [frame(PING, payload), BYE], [said("pong", payload)])
    yield Row("a ping of 126 octets", [frame(PING, b"p" * 126)], [], 1002)
    yield Row("a ping of 70,000 octets", [frame(PING, b"p" * 70_000)], [], 1002, BROAD)
    yield Row("a pong that nobody asked for", [frame(PONG, b"alone"), frame(PING, b"now"), BYE], [said("pong", "now")])
    yield Row("an empty pong", [frame(PONG), BYE], [])
    yield Row("a pong of 126 octets", [frame(PONG, b"p" * 126)], [], 1002)
    yield Row("200 pings", [frame(PING, b"%d" % number) for number in range(200)] + [BYE], [said("pong", str(number)) for number in range(200)])
    yield Row("pings and texts by turns", [one for number in range(20) for one in (frame(PING, b"%d" % number), frame(TEXT, b"%d" % number))] + [BYE],
              [one for number in range(20) for one in (said("pong", str(number)), said("text", str(number)))])
    yield Row("a ping in fragments", [frame(PING, b"a", fin=False), frame(CONTINUATION, b"b")], [], 1002)
    yield Row("a pong in fragments", [frame(PONG, b"a", fin=False)], [], 1002)
    yield Row("a close in fragments", [closing(1000, fin=False)], [], 1002)


def reserved():
    for rsv in range(1, 8):
        yield Row(f"reserved bits {rsv:03b}", [frame(TEXT, b"odd", rsv=rsv)], [], 1002)
        yield Row(f"reserved bits {rsv:03b} behind a message", [frame(TEXT, b"good"), frame(TEXT, b"odd", rsv=rsv), frame(PING)], [said("text", "good")], 1002)
    for opcode, payload in ((BINARY, b"odd"), (PING, b"odd"), (PONG, b"odd"), (CLOSE, b"\x03\xe8"), (TEXT, b"")):
        yield Row(f"reserved bits on opcode {opcode} with {len(payload)} octets", [frame(opcode, payload, rsv=4)], [], 1002)
    yield Row("reserved bits on a continuation", [frame(TEXT, b"a", fin=False), frame(CONTINUATION, b"b", rsv=2)], [], 1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield Row(f"opcode {opcode}", [frame(opcode)], [], 1002)
        yield Row(f"opcode {opcode} with a payload behind a message", [frame(TEXT, b"good"), frame(opcode, b"odd"), frame(PING)], [said("text", "good")], 1002)
    yield Row("opcode 3 within a message", [frame(TEXT, b"a", fin=False), frame(3, b"b")], [], 1002)
    for opcode, payload in ((TEXT, b"bare"), (TEXT, b""), (BINARY, b"bare"), (PING, b"bare"), (CLOSE, b"\x03\xe8")):
        yield Row(f"opcode {opcode} unmasked with {len(payload)} octets", [frame(opcode, payload, mask=None)], [], 1002)
    yield Row("unmasked behind a message", [frame(TEXT, b"good"), frame(TEXT, b"bare", mask=None)], [said("text", "good")], 1002)
    yield Row("an unmasked continuation", [frame(TEXT, b"a", fin=False), frame(CONTINUATION, b"b", mask=None)], [], 1002)


def fragmentation():
    for opcode, name in ((TEXT, "text"), (BINARY, "binary")):
        yield Row(f"{name} in two fragments", fragments(opcode, [b"left", b"right"]) + [BYE], [said(name, "leftright")])
        yield Row(f"{name} in 50 fragments of an octet", fragments(opcode, [b"%c" % (65 + number % 26) for number in range(50)]) + [BYE],
                  [said(name, "".join(chr(65 + number % 26) for number in range(50)))])
    yield Row("an empty first fragment", fragments(TEXT, [b"", b"rest"]) + [BYE], [said("text", "rest")])
    yield Row("an empty middle fragment", fragments(TEXT, [b"a", b"", b"b"]) + [BYE], [said("text", "ab")])
    yield Row("an empty last fragment", fragments(TEXT, [b"all", b""]) + [BYE], [said("text", "all")])
    yield Row("only empty fragments", fragments(TEXT, [b"", b"", b""]) + [BYE], [said("text", "")])
    first, second = fragments(TEXT, [b"left", b"right"])
    yield Row("a ping between fragments", [first, frame(PING, b"now"), second, BYE], [said("pong", "now"), said("text", "leftright")])
    yield Row("an empty ping between fragments", [first, frame(PING), second, BYE], [said("pong", ""), said("text", "leftright")])
    yield Row("ten pings between fragments", [first] + [frame(PING, b"%d" % number) for number in range(10)] + [second, BYE],
              [said("pong", str(number)) for number in range(10)] + [said("text", "leftright")])
    yield Row("a pong between fragments", [first, frame(PONG, b"now"), second, BYE], [said("text", "leftright")])
    yield Row("a ping behind an empty fragment", [frame(TEXT, fin=False), frame(PING, b"now"), second, BYE], [said("pong", "now"), said("text", "right")])
    yield Row("two messages in fragments", fragments(TEXT, [b"a", b"b"]) + fragments(BINARY, [b"c", b"d"]) + [BYE], [said("text", "ab"), said("binary", "cd")])
    yield Row("a close between fragments", [first, closing(1001)], [], 1001)
    for fin in (True, False):
        yield Row(f"a continuation of nothing, {fin=}", [frame(CONTINUATION, b"odd", fin=fin)], [], 1002)
        yield Row(f"a continuation behind a message, {fin=}", [frame(TEXT, b"good"), frame(CONTINUATION, b"odd", fin=fin)], [said("text", "good")], 1002)
        yield Row(f"a continuation behind fragments, {fin=}", [first, second, frame(CONTINUATION, b"odd", fin=fin)], [said("text", "leftright")], 1002)
        yield Row(f"a message within a message, {fin=}", [first, frame(TEXT, b"odd", fin=fin)], [], 1002)
        yield Row(f"binary within text, {fin=}", [first, frame(BINARY, b"odd", fin=fin)], [], 1002)


UTF8 = ["κόσμε", "\0", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufdd0", "\ufffd", "\ufffe", "\uffff", "\U00010000", "\U0010ffff",
        "Grüße, 世界 🎉"]
NOT_UTF8 = {"a lone continuation": b"a\x80b", "the last continuation": b"\xbf", "a lead octet alone": b"a\xc3b", "two lead octets": b"\xce\xce\xba",
            "three octets of four": b"\xf0\x9f\x8e.", "an overlong slash in two": b"\xc0\xaf", "an overlong delete in two": b"\xc1\xbf",
            "an overlong slash in three": b"\xe0\x80\xaf", "an overlong slash in four": b"\xf0\x80\x80\xaf", "an overlong U+07FF": b"\xe0\x9f\xbf",
            "an overlong U+FFFF": b"\xf0\x8f\xbf\xbf", "the first surrogate": b"\xed\xa0\x80", "the last surrogate": b"\xed\xbf\xbf",
            "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80", "beyond U+10FFFF": b"\xf4\x90\x80\x80", "F5": b"\xf5\x80\x80\x80", "five octets": b"\xf8\x88\x80\x80\x80",
            "six octets": b"\xfc\x84\x80\x80\x80\x80", "FE": b"\xfe", "FF": b"\xff"}


def utf8():
    for text in UTF8:
        octets = text.encode()
        name = ascii(text)
        yield Row(f"text {name}", [frame(TEXT, octets), BYE], [said("text", octets)])
        yield Row(f"text {name}, a fragment an octet", fragments(TEXT, [octets[place:place + 1] for place in range(len(octets))]) + [BYE], [said("text", octets)])
    yield Row("a ping within a letter", [frame(TEXT, "ü".encode()[:1], fin=False), frame(PING, b"\xff"), frame(CONTINUATION, "ü".encode()[1:]), BYE],
              [said("pong", b"\xff"), said("text", "ü")])
    yield Row("almost 1 MiB of letters of three octets", [frame(TEXT, "世".encode() * (MIB // 3)), BYE], [said("text", "世".encode() * (MIB // 3))], ways=BROAD)
    for name, octets in NOT_UTF8.items():
        yield Row(f"text with {name}", [frame(TEXT, b"before " + octets)], [], 1007)
        yield Row(f"text with {name}, a fragment an octet", fragments(TEXT, [octets[place:place + 1] for place in range(len(octets))]), [], 1007)
        yield Row(f"text with {name} behind a message", [frame(TEXT, b"good"), frame(TEXT, octets)], [said("text", "good")], 1007)
    yield Row("text that ends within a letter", [frame(TEXT, "世".encode()[:2])], [], 1007)
    yield Row("fragments that end within a letter", fragments(TEXT, ["世".encode()[:1], "世".encode()[1:2]]), [], 1007)
    yield Row("a letter over two messages", [frame(TEXT, "ü".encode()[:1]), frame(TEXT, "ü".encode()[1:])], [], 1007)
    yield Row("it need not wait for the last fragment", [frame(TEXT, b"good \xff", fin=False)], [], 1007)
    yield Row("nor for the frame's end", [frame(TEXT, b"good \xff", length=20)], [], 1007)
    yield Row("binary need not be UTF-8", [frame(BINARY, b"\xff\xfe\xc0"), BYE], [said("binary", b"\xff\xfe\xc0")])
    yield Row("nor in fragments", fragments(BINARY, [b"\xff", b"\xc0\x80"]) + [BYE], [said("binary", b"\xff\xc0\x80")])


def closes():
    yield Row("without a code", [closing()], [], None)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
        yield Row(f"code {code}", [closing(code)], [], code)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield Row(f"the code {code} that cannot be", [closing(code)], [], 1002)
        yield Row(f"the code {code} that cannot be, with a reason", [closing(code, b"why")], [], 1002)
    yield Row("half a code", [frame(CLOSE, b"\x03")], [], 1002)
    yield Row("with a reason", [closing(1000, b"enough")], [])
    yield Row("with a reason of 123 octets", [closing(1000, b"r" * 123)], [])
    yield Row("with a reason of 124 octets", [closing(1000, b"r" * 124)], [], 1002)
    yield Row("with a reason of many octets a letter", [closing(1001, "Grüße, 世界 🎉".encode())], [], 1001)
    for name, octets in list(NOT_UTF8.items())[::4]:
        yield Row(f"with a reason with {name}", [closing(1000, b"why " + octets)], [], 1007)
    yield Row("with a reason that ends within a letter", [closing(1000, "世".encode()[:2])], [], 1007)
    yield Row("behind a message", [frame(TEXT, b"last"), closing(1001)], [said("text", "last")], 1001)
    yield Row("a message behind it is not answered", [BYE, frame(TEXT, b"late")], [])
    yield Row("a ping behind it is not answered", [BYE, frame(PING, b"late")], [])
    yield Row("a second one is not answered", [BYE, closing(1001)], [])
    yield Row("what is no frame behind it harms nobody", [BYE, b"\xff" * 40], [])
    yield Row("much behind it harms nobody", [BYE, frame(BINARY, b"*" * MIB)], [], ways=BROAD)


SECTIONS = {"framing": framing, "sizes": too_long, "pings": pings, "reserved": reserved, "fragmentation": fragmentation, "UTF-8": utf8, "closes": closes}
