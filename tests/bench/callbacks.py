# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's model in SimPy, with callbacks instead of processes (its faster way)."""
import collections
import random
import time

import simpy

REPLICAS, SLOTS, CLIENTS, THINK, SERVICE, SECONDS = 10, 4, 300, 1.0, 0.1, 300


def run():
    env = simpy.Environment()
    in_flight = [0] * REPLICAS
    waiting = [collections.deque() for _ in range(REPLICAS)]
    at = [0] * CLIENTS
    served = 0
    exponential, pick = random.expovariate, random.randrange

    def after(delay, callback, client):
        event = env.timeout(delay, client)
        event.callbacks.append(callback)

    def sends(event):
        client = event.value
        one, other = pick(REPLICAS), pick(REPLICAS)
        chosen = other if in_flight[other] < in_flight[one] else one
        at[client] = chosen
        in_flight[chosen] += 1
        if in_flight[chosen] <= SLOTS:
            after(exponential(1 / SERVICE), ends, client)
        else:
            waiting[chosen].append(client)

    def ends(event):
        nonlocal served
        served += 1
        client = event.value
        chosen = at[client]
        in_flight[chosen] -= 1
        if waiting[chosen]:
            after(exponential(1 / SERVICE), ends, waiting[chosen].popleft())
        after(exponential(1 / THINK), sends, client)

    for client in range(CLIENTS):
        after(exponential(1 / THINK), sends, client)
    env.run(until=SECONDS)
    return served


for _ in range(3):
    before = time.process_time()
    requests = run()
    print(f"simpy {requests / (time.process_time() - before):.0f}", flush=True)
