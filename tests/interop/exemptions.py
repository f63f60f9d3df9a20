# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a comparison with the real products takes no notice of: differences that the product's own row
lists (sim/products), each with the places where it shows. One that is not listed there, or that
no comparison needs, fails the test."""
import json
import re
import subprocess
from dataclasses import dataclass

from peers import expect


@dataclass
class Exemption:
    product: str  # a regular expression, as are the next three
    variant: str
    label: str
    what: str
    difference: str  # its id
    still: str = ""  # how it is compared nevertheless (counts.py)


EXEMPTIONS = [
    Exemption("caddy", "lb-(try-duration|retries)", "r2 dead: (fresh|unknown)", ".*", "drawn-again", still="anywhere"),
    Exemption(".*", ".*", ".*", "Cache-Control of its own answers", "own-answers"),
    Exemption("apache", "bybusyness", ".*", "replica", "busy-for-a-moment", still="anywhere"),
    Exemption("haproxy", ".*", "^r4 added: (fresh|unknown)", "replica|Set-Cookie", "added-by-reload", still="anew"),
    # Bound to a server without a cookie, or by one that has expired, is not bound.
    Exemption("haproxy", "without cookie|maxidle", "^r4 added: .*bound to", "replica|Set-Cookie", "added-by-reload", still="anew"),
]

# Differences that show in other comparisons than the series: the test that needs them.
ELSEWHERE = {("haproxy", "one-more-than-maxconn"): "limits", ("traefik", "held-back"): "broken_off"}


class Differences:
    """Those that products list, and which of them were needed by this test."""

    def __init__(self, model_answers, test="series"):
        self.program, self.test = model_answers, test
        self.listed = {}
        self.needed = set()  # product, id

    def of(self, product):
        if product not in self.listed:
            self.listed[product] = json.loads(subprocess.run([self.program, "--differences", product], capture_output=True, check=True).stdout)
        return self.listed[product]

    def need(self, product, difference):
        """It has to be listed."""
        expect(f"{product} lists its difference {difference}", difference in self.of(product), self.of(product))
        self.needed.add((product, difference))

    def excuse(self, variant, step, what, ours=False):
        """The exemption of something that is not the same here, if it is a difference that is listed. Of ours it excuses chance and the moment
        after an answer alone."""
        for one in [one for one in EXEMPTIONS if not ours or one.difference in ("drawn-again", "busy-for-a-moment")]:
            if re.fullmatch(one.product, variant.product) and re.search(one.variant, variant.name) and re.search(one.label, step["label"]) \
                    and re.search(one.what, what):
                self.need(variant.product, one.difference)
                return one
        return None

    def end(self):
        """Each product's list has nothing on it that this comparison did not need."""
        for product, ids in self.listed.items():
            for difference in ids:
                if ELSEWHERE.get((product, difference), "series") == self.test:
                    expect(f"{product}'s difference {difference} is one", (product, difference) in self.needed)
