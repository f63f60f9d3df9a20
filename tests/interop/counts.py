# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two series of outcomes are the same as far as they can be: one by one, or how often each occurs."""
from collections import Counter
from math import comb

# So rare that chance alone gives it once in a thousand runs of all tests.
RARE = 1e-6


def agree(mine, theirs, way):
    """`exactly`: one by one. In `turns`, which may begin anywhere: as often, but for one. `anew`, where turns have begun
    again: likewise, but of few it may be another. `drawn`: as often as chance has it, and the same outcomes; `anywhere`:
    of few other ones as well. `counted`: the same outcomes, however often. `measured`: what the model has as well, or some
    of it."""
    one, two = Counter(mine), Counter(theirs)
    if way == "exactly":
        return mine == theirs
    if way == "measured":
        return set(two) <= set(one)
    if way not in ("anew", "anywhere") and set(one) != set(two):
        return False
    if way == "counted":
        return True
    if way in ("turns", "anew"):
        return all(abs(one[what] - two[what]) <= 1 for what in {*one, *two})
    return all(by_chance(one[what], len(mine), two[what], len(theirs)) > RARE for what in {*one, *two})


def by_chance(here, of_here, there, of_there):
    """Fisher's exact test: how likely two draws from one urn are as unlike as these, or more."""
    both = here + there

    def likely(one):
        return comb(of_here, one) * comb(of_there, both - one) / comb(of_here + of_there, both)
    seen = likely(here)
    return sum(likely(one) for one in range(max(0, both - of_there), min(both, of_here) + 1) if likely(one) <= seen * (1 + 1e-9))


def shown(outcomes):
    """For a message: all of the few, or how often each is."""
    return outcomes if len(outcomes) < 3 else dict(Counter(outcomes))
