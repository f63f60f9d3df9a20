# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a product's own making: other formats, dates, names of nobody."""
import base64
import hashlib
import hmac

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def fnv1(text):
    value = 0xcbf29ce484222325
    for octet in text.encode():
        value = (value * 0x100000001b3 & (1 << 64) - 1) ^ octet
    return f"{value:x}"


def haproxy_date(seconds):
    quanta = (seconds + 3) >> 2
    return "".join(LETTERS[quanta >> shift & 63] for shift in (24, 18, 12, 6, 0))


def envoy(address, expiry=None):
    octets = b"\n" + bytes([len(address)]) + address.encode()
    if expiry is not None:
        octets += b"\x10"
        while expiry > 127:
            octets += bytes([expiry & 127 | 128])
            expiry >>= 7
        octets += bytes([expiry])
    return base64.b64encode(octets).decode()


def special_values(variant, replicas, now):
    """(label, value, the replica that it might name) each."""
    one, name = replicas["r1"], "r1"
    address, url = one.address, f"http://{one.address}"
    if variant.product == "traefik":
        return [("URL", url, name), ("FNV-1", fnv1(url), name), ("FNV-1 twice", fnv1(fnv1(url)), name), ("name only", name, name),
                ("hash of nobody", hashlib.sha256(b"http://127.9.9.9:80").hexdigest()[:16], name)]
    if variant.product == "caddy":
        def digest(secret, text):
            return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
        return [("address", address, name), ("HMAC of nobody", digest(b"", "127.9.9.9:80"), name), ("HMAC without secret", digest(b"", address), name),
                ("HMAC with the secret hush", digest(b"hush", address), name)]
    if variant.product == "apache":
        return [("route without dot", "r1", name), ("text before the dot", "any.r1", name), ("two dots", "a.b.r1", name), ("route behind", ".r1.r2", name),
                ("route of nobody", ".r9", name), ("dot only", ".", name), ("route in upper case", ".R1", name), ("space behind the route", ".r1 ", name)]
    if variant.product == "envoy" and variant.identity != "form":
        plain = base64.b64encode(address.encode()).decode()
        return [("unquoted", envoy(address), name), ("quoted", f'"{envoy(address)}"', name), ("older format", f'"{plain}"', name),
                ("older format, unquoted", plain, name), ("address of nobody", f'"{envoy("127.9.9.9:80")}"', name),
                ("expired", f'"{envoy(address, now - 10)}"', name), ("far expiry", f'"{envoy(address, now + 1000000)}"', name),
                ("without padding", f'"{envoy(address).rstrip("=")}"', name), ("empty in quotes", '""', name), ("host name", f'"{envoy("localhost:80")}"', name)]
    if variant.product == "haproxy" and variant.identity == "dated":
        then = haproxy_date
        return [("undated", "r1", name), ("one date", f"r1|{then(now)}", name), ("two dates", f"r1|{then(now)}|{then(now)}", name),
                ("9 s old", f"r1|{then(now - 9)}|{then(now - 9)}", name), ("nobody's, 9 s old", f"r9|{then(now - 9)}|{then(now - 9)}", name), ("idle for 20 s", f"r1|{then(now - 20)}|{then(now - 20)}", name),
                ("alive, for 30 s", f"r1|{then(now)}|{then(now - 30)}", name), ("alive, for 90 s", f"r1|{then(now)}|{then(now - 90)}", name),
                ("from in an hour", f"r1|{then(now + 3600)}|{then(now + 3600)}", name), ("from in two days", f"r1|{then(now + 172800)}|{then(now + 172800)}", name),
                ("date of four letters", f"r1|{then(now)[:4]}", name), ("bad letters in the date", "r1|~~~~~", name), ("empty date", "r1|", name),
                ("empty first date", f"r1|{then(now)}|", name), ("first date only", f"r1||{then(now)}", name)]
    if variant.product == "haproxy" and variant.prefixes:
        return [("server only", "r1", name), ("server and ~", "r1~", name), ("~ first", "~abc", name), ("two ~", "r1~a~b", name), ("~ encoded", "r1%7Eabc", name)]
    if variant.product == "haproxy":
        return [("dated", "r1|aaaaa", name), ("dated twice", "r1|aaaaa|aaaaa", name), ("~", "r1~abc", name)]
    if variant.product == "nginx":
        return [("22 letters", "fwAAAWsFe/4PiyJ0AwMDAg", name), ("24 letters, all zero", "AAAAAAAAAAAAAAAAAAAAAA==", name), ("21 letters", "fwAAAWsFe/4PiyJ0AwMDA", name),
                ("URL-safe letters", "fwAAAWsFe_4PiyJ0AwMDAg==", name), ("wrong letter", "fwAAAWsFe!4PiyJ0AwMDAg==", name), ("other last letter", "fwAAAWsFe/4PiyJ0AwMDAh==", name)]
    return []
