# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real balancer and our own, requests one by one, and a model of each that is asked at the same moments."""
import sys

import reporting_replica
from model_beside import beside, scenario_of
from peers import Connection, Ours

model_program, cli = sys.argv[1:3]


class Line:
    """One client's connection to a balancer."""

    def __init__(self, port):
        self.connection = Connection(port)

    def ask(self, path="/hostname"):
        """Its answer's status and who gave it, as the model says it: "200 r1"."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        answer.read()
        replica = answer.getheader("X-Replica")
        return f"{answer.status} {replica}" if replica else str(answer.status)


def both(row, play, count=3, make=reporting_replica.replicas):
    """`play` gets the real balancer and our own, each with a model of its own and with its replicas."""
    theirs, mine = make(count), make(count)
    with beside(model_program, row, theirs) as (real, model), \
            beside(model_program, row, mine, lambda replicas: Ours(cli, replicas, scenario_of(row, replicas))) as (ours, other):
        play(row, {"real": (real, model, theirs, Line(real.port)), "ours": (ours, other, mine, Line(ours.port))})
