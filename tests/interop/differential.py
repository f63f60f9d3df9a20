#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the same generated series on six real balancers and on the model, and compares the answers.
  differential.py MODEL_ANSWERS TRAEFIK ENVOY [--only TEXT] [--real-only FILE] [--ours STICKYSCOPE_CLI]
With --ours our own balancer on real sockets plays the part of the real ones.
Each configuration is a row in variants.py. A series is a list of steps:
  {"cookie": [field...], "method": .., "path": .., "source": .., "websocket": .., "app_set_cookie": [..],
   "app_cache_control": text or null, "headers": {name: value}, "now": seconds since 1970}  one request, one line of answer
  {"replica": name, "is": "dead" | "noticed" | "alive" | "draining" | "maintenance" | "ready" | "added", "address": ..}
"dead" lasts until "noticed": the checks have a port of their own, which goes on answering until then."""
import argparse
import json
import sys

import reporting_replica
from comparing import compare, compare_refused, compare_turns, model_of
from exemptions import Differences
from peers import end
from series import Series
from variants import VARIANTS


def main():
    arguments = argparse.ArgumentParser()
    for name in ("model", "traefik", "envoy"):
        arguments.add_argument(name)
    arguments.add_argument("--only", default="", help="a part of the variant's name")
    arguments.add_argument("--real-only", metavar="FILE", help="write what the real ones answer, and compare nothing")
    arguments.add_argument("--ours", metavar="STICKYSCOPE_CLI", help="play them on our own balancer instead of the real ones")
    arguments.add_argument("--seed", type=int, default=1)
    programs = arguments.parse_args()
    differences = Differences(programs.model)
    out = open(programs.real_only, "w") if programs.real_only else None
    for variant in VARIANTS:
        if programs.only not in variant.title:
            continue
        series = Series(variant, programs, reporting_replica.replicas(4), programs.seed)
        try:
            series.play()
        finally:
            series.close()
        compare_refused(series)
        if out:
            out.write(json.dumps({"variant": variant.title, "balancer": variant.balancer, "values": series.values}) + "\n")
            out.writelines(json.dumps({**step, "answer": answer}) + "\n" for step, answer in zip(series.steps, series.answers))
            out.flush()
            print(f"{variant.title}: {sum(answer is not None for answer in series.answers)} requests", file=sys.stderr)
        else:
            model = model_of(programs.model, series)
            compare(series, model, differences)
            compare_turns(series, model, programs.model, differences)
    if not out:
        # What makes real ones differ need not make ours, nor a part of a product's variants.
        whole = all(programs.only in variant.title for variant in VARIANTS if variant.product in differences.listed)
        if whole and not programs.ours:
            differences.end()
        end()


if __name__ == "__main__":
    main()
