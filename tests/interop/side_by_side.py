# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real balancer and our own, requests one by one, and a model of each that is asked at the same moments."""
import sys

import reporting_replica
from line import Line
from model_beside import beside, scenario_of
from peers import Ours

model_program, cli = sys.argv[1:3]


def both(row, play, count=3, make=reporting_replica.replicas):
    """`play` gets the real balancer and our own, each with a model of its own and with its replicas."""
    theirs, mine = make(count), make(count)
    with beside(model_program, row, theirs) as (real, model), \
            beside(model_program, row, mine, lambda replicas: Ours(cli, replicas, scenario_of(row, replicas))) as (ours, other):
        play(row, {"real": (real, model, theirs, Line(real.port)), "ours": (ours, other, mine, Line(ours.port))})
