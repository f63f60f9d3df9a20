# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fields of an answer stand for: a sticky cookie's value by whom it names, a date by how far it is from the request."""
import base64
import re
from datetime import datetime, timezone


def fields_of(series, answer):
    """Set-Cookie fields with the sticky cookie's value replaced by what it stands for."""
    result = []
    for text in answer["set_cookie"]:
        pair, _, rest = text.partition(";")
        name, _, value = pair.partition("=")
        if name == series.variant.cookie:
            value = meaning(series, value, answer)
            rest = re.sub(r"(?<=expires=)\w{3}, [^;]*GMT", lambda date: since(nginx_date(date[0]), answer["now"]), rest) if series.variant.product == "nginx" else rest
        result.append(f"{name}={value};{rest}")
    return result


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def haproxy_date(stamp):
    """In seconds since 1970, by its fours."""
    return 4 * int("".join(f"{BASE64.index(letter):06b}" for letter in stamp), 2)


def envoy_date(octets):
    """The number behind the address, where there is one."""
    if not octets:
        return None
    return sum((octet & 127) << 7 * place for place, octet in enumerate(octets[1:]))


def nginx_date(text):
    return datetime.strptime(text, "%a, %d-%b-%y %H:%M:%S GMT").replace(tzinfo=timezone.utc).timestamp()


def since(date, now):
    return "no date" if date is None else f"@{round(date - now)} s from now"


def alike(one, two, seconds):
    """Whether two texts are the same, but for moments that are at most so many seconds apart."""
    moment = r"@(-?\d+) s from now"
    return (re.sub(moment, "@", one) == re.sub(moment, "@", two)
            and all(abs(int(here) - int(there)) <= seconds for here, there in zip(re.findall(moment, one), re.findall(moment, two))))


def meaning(series, value, answer):
    kind = series.variant.identity
    if kind == "form":
        return re.sub(r"[0-9a-f]{16}", "HEX16", re.sub(r"[A-Za-z0-9+/]{22}==", "UID", value))
    if kind == "dated" and series.variant.product == "haproxy":
        return re.sub(r"\|([A-Za-z0-9+/]{5})", lambda stamp: "|" + since(haproxy_date(stamp[1]), answer["now"]), value.replace(answer["replica"] or "?", "REPLICA"))
    if kind == "dated":
        try:
            octets = base64.b64decode(value.strip('"'))
        except ValueError:
            return value
        address = octets[2:2 + octets[1]].decode(errors="replace")
        names = [replica.name for replica in series.replicas.values() if replica.address == address]
        until = since(envoy_date(octets[2 + octets[1]:]), answer["now"])
        return value if not names else f"REPLICA, {until}" if names[0] == answer["replica"] else f"SOMEBODY, {until}"
    if answer["replica"] is None and value in series.values.values():
        return "SOMEBODY"
    if value.startswith(f"{answer['replica']}~"):
        return "REPLICA" + value[len(answer["replica"]):]
    if value and value == series.values.get(answer["replica"]):
        return "REPLICA"
    return "ANOTHER" if value in series.values.values() else value
