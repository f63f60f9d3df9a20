# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A series as the real balancer and the model have answered it, side by side."""
import itertools
import json
import subprocess
import tempfile

import counts
import picks
from meanings import alike, fields_of
from peers import expect
from variants import scenario_of

FIRST = ("r1", "r2", "r3")  # those that are there from the beginning


def kept(series, group, answers):
    """Whether a bound request came to the replica that its cookie names, without being told so anew."""
    return all(answer["replica"] is not None and answer["replica"] == step["target"]
               and not any(text.startswith(series.variant.cookie + "=") for text in answer["set_cookie"] if not step["app_set_cookie"])
               for step, answer in zip(group, answers))


def by_label(rows):
    """Runs of steps with one label are compared as one."""
    return [list(run) for _, run in itertools.groupby(rows, key=lambda row: row[0]["label"])]


def unnamed(series, step):
    """Whether it was to be bound to a server whose value nobody has seen."""
    return step["target"] and series.variant.identity == "value" and step["target"] not in series.values


def way_of_comparing(series, step):
    """How what is seen of such a step is compared, see counts.py."""
    variant = series.variant
    free = "fresh" in step["label"] or "unknown" in step["label"] or unnamed(series, step) or step.get("drawn")
    # Our own balancer takes turns from where the model does.
    return "exactly" if not free or (series.ours and variant.picks == "turns") else variant.picks


def way_to_a_server(series, mine, way):
    """Likewise for who answers, None where nobody can say."""
    variant = series.variant
    # Our own balancer draws, and takes turns, as the model of these does.
    if variant.picks == "exactly" or (series.ours and variant.product in ("traefik", "envoy") and variant.picks != "measured"):
        return "exactly"
    # What a cookie is hashed to is no chance.
    if variant.identity == "form" and all(answer["state"] == "valid" for answer in mine):
        return "exactly"
    return "anywhere" if way == "drawn" else None


def compare(series, model, differences):
    variant = series.variant
    if variant.picks == "measured":
        differences.need(variant.product, "measured-times")
    rows = [(step, {**mine, "now": step["now"]}, {**theirs, "now": step["now"], "cookie_at_replica": utf8(theirs["cookie_at_replica"])})
            for step, mine, theirs in zip(series.steps, model, series.answers) if theirs and not refused(theirs)]
    for group in by_label(rows):
        step = group[0][0]
        steps, mine, theirs = zip(*group)
        way = way_of_comparing(series, step)
        # Each looks at its clock within a second of the request, or of its end; HAProxy's dates count in fours.
        seconds = max(answer["seconds"] for answer in theirs) + (4 if variant.product == "haproxy" else 2)

        def same(what, of, way=way):
            exempt = differences.excuse(variant, step, what, series.ours)
            if exempt and not exempt.still:
                return
            way = exempt.still if exempt else way
            one, two = representatives([of(answer) for answer in mine], [of(answer) for answer in theirs], seconds)
            expect(f"{variant.title}: {step['label']}: {what}", counts.agree(one, two, way),
                   {"cookie": [field[:200] for field in step["cookie"]], "compared": way, "model": counts.shown(one), "real": counts.shown(two)})

        same("status", lambda answer: answer["status"])
        if step["target"] and not unnamed(series, step) and not step.get("drawn"):
            expect(f"{variant.title}: {step['label']}: kept", kept(series, steps, mine) == kept(series, steps, theirs), {"cookie": step["cookie"]})
        if to := way_to_a_server(series, mine, way):
            same("replica", lambda answer: answer["replica"], to)
        same("Set-Cookie", lambda answer: fields_of(series, answer))
        own = "" if all(answer["replica"] for answer in theirs) else " of its own answers"
        same("Cache-Control" + own, lambda answer: answer["cache_control"])
        same("the cookie at the replica", lambda answer: answer["cookie_at_replica"])


def representatives(mine, theirs, seconds):
    """Both as texts, of which those that are alike are the same."""
    known = []

    def text(value):
        whole = json.dumps(value)
        known.extend([whole] if not any(alike(one, whole, seconds) for one in known) else [])
        return next(one for one in known if alike(one, whole, seconds))
    return [text(value) for value in mine], [text(value) for value in theirs]


def asked(series, answers):
    """Each request that both have answered, with one's answer."""
    return [(step, answer) for step, real, answer in zip(series.steps, series.answers, answers) if real and not refused(real)]


def compare_turns(series, model, program, differences):
    """Whose turn it is, for products whose own choice of where to begin is none of the model's."""
    title = series.variant.title
    if series.variant.product == "traefik" and series.variant.picks == "turns":
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


# What a product's parser takes for no HTTP (RFC 9110 5.5: no control characters in a field); HAProxy and nginx pass it on.
# Our own balancer refuses it in any product's place.
REFUSES = {"apache": {"control in another"}, "caddy": {"control in another"}, "envoy": {"control in another"}, "traefik": {"control in another"},
           "ours": {"control in another"}}


def refused(answer):
    """No HTTP to the balancer's parser: it never came to a pick, and the model is not asked."""
    return answer is not None and answer.get("status") == 400


def compare_refused(series):
    labels = {step["label"] for step, answer in zip(series.steps, series.answers) if refused(answer)}
    expected = REFUSES.get("ours" if series.ours else series.variant.product, set())
    expect(f"{series.variant.title}: it refuses what it is known to, and nothing else", labels == expected, sorted(labels))


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
