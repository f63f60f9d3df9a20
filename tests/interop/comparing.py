# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A series as the real balancer and the model have answered it, side by side."""
import base64
import json
import re
import subprocess
import tempfile

import picks
from peers import expect
from variants import scenario_of

FIRST = ("r1", "r2", "r3")  # those that are there from the beginning


def fields_of(series, answer):
    """Set-Cookie fields with the sticky cookie's value replaced by what it stands for."""
    result = []
    for text in answer["set_cookie"]:
        pair, _, rest = text.partition(";")
        name, _, value = pair.partition("=")
        if name == series.variant.cookie and answer["replica"] in series.variant.routeless and text == f"{name}=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/":
            value, rest = "REPLICA", " path=/"
        elif name == series.variant.cookie:
            value = meaning(series, value, answer)
            rest = re.sub(r"expires=\w{3}, [^;]*GMT", "expires=DATE", rest, flags=re.I) if series.variant.product == "nginx" else rest
        field = f"{name}={value};{rest}"
        # Caddy's retries: how often it drew another before is chance.
        if not ("ANOTHER" in field and field in result):
            result.append(field)
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


def since(date, now):
    """Both sides look at their clocks within a moment, and HAProxy's goes by four seconds; what was in the cookie already is the same."""
    return "no date" if date is None else f"about {round((date - now) / 20) * 20} s from now"


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


def kept(series, group, answers):
    """Whether a bound request came to the replica that its cookie names, without being told so anew."""
    return all(answer["replica"] is not None and answer["replica"] == step["target"]
               and not any(text.startswith(series.variant.cookie + "=") for text in answer["set_cookie"] if not step["app_set_cookie"])
               for step, answer in zip(group, answers))


def compare(series, model, differences):
    """Runs of steps with one label are compared as one."""
    title = series.variant.title
    rows = [(step, mine, theirs) for step, mine, theirs in zip(series.steps, model, series.answers) if theirs and not refused(theirs)]
    groups = []
    for step, mine, theirs in rows:
        mine["now"] = theirs["now"] = step["now"]
    for row in rows:
        if groups and groups[-1][0][0]["label"] == row[0]["label"]:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        step = group[0][0]
        nameless = step["target"] and series.variant.identity == "value" and step["target"] not in series.values
        loose = "fresh" in step["label"] or "unknown" in step["label"] or nameless or step.get("drawn")
        mine, theirs = [row[1] for row in group], [row[2] for row in group]

        def same(what, one, two):
            if not differences.excuse(series.variant, step, what, series.ours):
                expect(f"{title}: {step['label']}: {what}", one == two, {"cookie": [field[:200] for field in step["cookie"]], "model": one, "real": two})

        def seen(what, of):
            return sorted({json.dumps(of(answer)) for answer in what}) if loose else [of(answer) for answer in what]
        same("status", seen(mine, lambda a: a["status"]), seen(theirs, lambda a: a["status"]))
        steps = [row[0] for row in group]
        if step["target"] and not nameless and not step.get("drawn"):
            same("kept", kept(series, steps, mine), kept(series, steps, theirs))
        if series.variant.product in ("haproxy", "apache") or (series.ours and series.variant.product in ("traefik", "envoy")):
            same("replica", [answer["replica"] for answer in mine], [answer["replica"] for answer in theirs])
        same("Set-Cookie", seen(mine, lambda a: fields_of(series, a)), seen(theirs, lambda a: fields_of(series, a)))
        own = "" if all(answer["replica"] for answer in theirs) else " of its own answers"
        same("Cache-Control" + own, seen(mine, lambda a: a["cache_control"]), seen(theirs, lambda a: a["cache_control"]))
        same("the cookie at the replica", seen(mine, lambda a: a["cookie_at_replica"]), seen(theirs, lambda a: utf8(a["cookie_at_replica"])))


def asked(series, answers):
    """Each request that both have answered, with one's answer."""
    return [(step, answer) for step, real, answer in zip(series.steps, series.answers, answers) if real and not refused(real)]


def compare_turns(series, model, program, differences):
    """Whose turn it is, for products whose own choice of where to begin is none of the model's."""
    title = series.variant.title
    if series.variant.product == "traefik":
        differences.need("traefik", "order-of-servers")
        real = picks.until_configured(asked(series, series.answers))

        def played(order):
            return picks.until_configured(asked(series, model_of(program, series, order)))
        expect(f"{title}: turns in some order of the servers", picks.shuffled(FIRST, played, real), " ".join(map(str, real)))
    elif series.variant.product == "envoy" and series.variant.identity != "form":
        differences.need("envoy", "first-turn")
        rows = [(step, mine, theirs) for (step, mine), (_, theirs) in zip(asked(series, model), asked(series, series.answers))]
        for step, mine, theirs in picks.fresh_runs(rows):
            expect(f"{title}: turns from {step['label']} on", picks.begun_elsewhere(mine, theirs), {"model": " ".join(mine), "real": " ".join(theirs)})


def utf8(text):
    """What the replica read as Latin-1."""
    return text if text is None else text.encode("latin-1").decode()


# Our own balancer's parser is strict in any product's place (RFC 9110 5.5): HAProxy and nginx pass these on.
REFUSED_BY_OURS = ["control in another"]


def refused(answer):
    """No HTTP to the balancer's parser: it never came to a pick, and the model is not asked."""
    return answer is not None and answer.get("status") == 400


def model_of(program, series, order=FIRST):
    sent = [step for step, answer in zip(series.steps, series.answers) if not refused(answer)]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(scenario_of(series.variant, [series.replicas[name] for name in order]))
        file.flush()
        result = subprocess.run([program, file.name], input="".join(json.dumps(step) + "\n" for step in sent), capture_output=True, text=True,
                                timeout=120)
    expect(f"{series.variant.title}: the model plays the series", result.returncode == 0, result.stderr[-500:])
    lines = iter(json.loads(line) for line in result.stdout.splitlines())
    return [None if answer is None or refused(answer) else next(lines, {"status": None, "replica": None, "set_cookie": [], "cache_control": None, "cookie_at_replica": None})
            for answer in series.answers]
