# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A balancer and the model of it side by side: what the tests have in common that ask both."""
import contextlib
import json
import subprocess
import tempfile
from dataclasses import dataclass, field

from peers import die_with_us, roles_in_scenario


@dataclass
class Row:
    """One configuration, for the real balancer and for the model."""
    title: str  # begins with the product's name
    make: object  # replicas -> the real balancer
    model: str  # the scenario's `balancer`
    asks: list  # what is asked, as the test has it
    weights: tuple = (1, 1, 1)
    backups: tuple = ()
    spares: tuple = ()
    redirects: dict = field(default_factory=dict)
    asked: bool = True  # once, before the series, when it was started
    loose: bool = False  # where a request goes is chance, at least in part
    name: str = "SRV"  # of the cookie...
    value: object = lambda replica: replica.name  # ...and what stands in it
    keyed: bool = False  # then it is hashed, and one that leads to a server is found by trying
    difference: str = ""  # by this one, which the product lists, the last step ends on the real one...
    really: dict = field(default_factory=dict)  # ...otherwise than on the model


class Model:
    """tests/interop/model_crowd.cpp, told what happens."""

    def __init__(self, program, scenario):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.file.write(scenario)
        self.file.flush()
        self.process = subprocess.Popen([program, self.file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, preexec_fn=die_with_us)

    def tell(self, **step):
        self.process.stdin.write(json.dumps(step) + "\n")
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the model ended at {step}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self.file.close()


def scenario_of(row, replicas):
    """With the row's `weights` and roles, and its `model` for the balancer."""
    servers = ", ".join(f"{{name: {replica.name}, address: {replica.address}, weight: {weight}{roles_in_scenario(row, replica)}}}"
                        for replica, weight in zip(replicas, row.weights))
    # Of a file's usual lanes one is sticky whatever it says.
    lanes = "lanes: [{name: only}]\n" if "sticky: none" in row.model else ""
    return f"version: 1\nreplicas: [{servers}]\nbalancer: {{{row.model}}}\nclients: [{{name: c, kind: curl}}]\n{lanes}"


@contextlib.contextmanager
def beside(program, row, replicas, make=None):
    """The row's balancer, or the one that is made here, and the model of it: both end, and the replicas with them."""
    balancer = model = None
    try:
        balancer = (make or row.make)(replicas)
        model = Model(program, scenario_of(row, replicas))
        if row.asked and not make:
            model.tell(once="before")
        yield balancer, model
    finally:
        for replica in replicas:
            replica.close()
        if model:
            model.close()
        if balancer:
            balancer.stop()
