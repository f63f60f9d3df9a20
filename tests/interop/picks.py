# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two balancers give turns in the same order, up to what is a real one's to choose: Traefik shuffles
its servers, Envoy's round robin begins anywhere."""
import itertools


def until_configured(rows):
    """Who answered, until the balancer's configuration changed."""
    return [answer["replica"] for step, answer in rows if step["configured"] == 0]


def shuffled(names, played, real):
    """Whether the model gives the very same turns, and bound requests, with its servers in some order;
    `played(order)` is what it gives. Which of them fail, and when, is the same in each order."""
    orders = [order for order in itertools.permutations(names) if played(order) == real]
    return bool(orders) and len(set(real) - {None}) > 1


def is_rotation(there, present):
    """Whether `there`, from names to names, moves each of those present by as many places."""
    steps = {(present.index(there[name]) - place) % len(present) for place, name in enumerate(present)}
    return len(steps) == 1


def begun_elsewhere(mine, theirs):
    """Whether one sequence of turns is the other, begun at another server."""
    there = dict(zip(mine, theirs))
    present = sorted(there)
    return sorted(set(theirs)) == present and [there[name] for name in mine] == list(theirs) and is_rotation(there, present)


def fresh_runs(rows):
    """Fresh picks between which no server changed, as (first step, the model's, the real ones). Those in which
    a server fails that nobody has noticed are left out: which request it fails is whose turn it was."""
    for _, run in itertools.groupby(rows, key=lambda row: row[0]["changes"]):
        fresh = [(step, mine["replica"], theirs["replica"]) for step, mine, theirs in run if not mine.get("kept")]
        if fresh and all(mine and theirs for _, mine, theirs in fresh):
            steps, mine, theirs = zip(*fresh)
            yield steps[0], mine, theirs
