#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes its time: slow starts, circuit breakers. Requests go to the real balancer and to our own one by one, and the model is asked at the same moments.
  timed.py MODEL_CROWD STICKYSCOPE_CLI TRAEFIK ENVOY PRODUCT"""
import math
import sys
import time

from model_beside import Row
from peers import Envoy, Haproxy, Traefik, end, expect, wait_until
from side_by_side import both

traefik_program, envoy_program, product = sys.argv[3:6]
WINDOW = 8  # seconds of a slow start
QUARTERS = 4
TOLERANCE = 0.04  # of a quarter's share


# --- slow starts

def haproxy(algorithm):
    def make(replicas):
        return Haproxy(replicas, cookie="", balance=algorithm, server=f"check inter 200ms slowstart {WINDOW}s")
    return Row("haproxy slowstart, " + algorithm, make, f"product: haproxy, algorithm: {algorithm}, sticky: none, slowstart: {WINDOW}s", [])


def envoy(policy, settings):
    def make(replicas):
        return Envoy(envoy_program, replicas, policy=policy, every="0.2s", cluster={settings: {"slow_start_config": {"slow_start_window": f"{WINDOW}s"}}})
    return Row("envoy slow start, " + policy, make, f"product: envoy, algorithm: {policy.lower()}, sticky: none, slow-start-window: {WINDOW}s", [], asked=False)


def comes_up(balancer, replica):
    """r1 goes, and comes up again: Envoy warms up whom its checks have found."""
    if not isinstance(balancer, Envoy):
        balancer.set(replica, "maintenance")
        balancer.set(replica, "ready")
        return
    for healthy in (False, True):
        replica.healthy = healthy
        wait_until("Envoy has noticed", lambda healthy=healthy: balancer.servers()[(replica.host, replica.port)].get("failed_active_health_check", False) != healthy)


def slow_start(row, sides):
    begun, up = time.monotonic(), {}  # Envoy's servers all warm up from then on
    wait_until("a quarter of the window is over", lambda: time.monotonic() - begun > WINDOW / QUARTERS)
    for who, (balancer, model, replicas, _) in sides.items():
        comes_up(balancer, replicas[0])
        up[who] = time.monotonic() - begun
        for state in ("maintenance", "ready"):
            model.tell(replica="r1", now=up[who], **{"is": state})
    answers = {who: [] for who in sides}
    while time.monotonic() - begun < max(up.values()) + WINDOW * 1.25:
        for who, (_, model, _, line) in sides.items():
            at = time.monotonic() - begun
            answers[who].append((at - up[who], line.ask(), model.tell(once="one", now=at)["one"]))
    for who, all_of_them in answers.items():
        for quarter in range(QUARTERS + 1):
            part = [one[1:] for one in all_of_them if quarter <= one[0] / WINDOW * QUARTERS < quarter + 1]
            got, wanted = (sum(one[side] == "200 r1" for one in part) / len(part) for side in (0, 1))
            # With equal weights least_request draws by chance.
            drawn = quarter == QUARTERS and row.title.endswith("LEAST_REQUEST")
            tolerance = max(TOLERANCE, 4 * math.sqrt(2 / 9 / len(part))) if drawn else TOLERANCE
            expect(f"{who}, {row.title}: the share of quarter {quarter + 1}", len(part) > 100 and abs(got - wanted) < tolerance,
                   {who: round(got, 3), "model": round(wanted, 3), "requests": len(part)})
            if quarter == 0:
                expect(f"{who}, {row.title}: it is slow", got < 0.3, got)
            if quarter == QUARTERS:
                expect(f"{who}, {row.title}: it has its whole share", abs(got - 1 / 3) < tolerance, got)


# --- circuit breakers

def traefik():
    def make(replicas):
        return Traefik(traefik_program, replicas, sticky=False, check=False, middleware="{circuitBreaker: {expression: 'NetworkErrorRatio() > 0.25', "
                       "checkPeriod: 100ms, fallbackDuration: 2s, recoveryDuration: 3s}}")
    return Row("traefik circuit breaker", make, "product: traefik, sticky: none, circuit-breaker: 0.25, fallback-duration: 2s, recovery-duration: 3s", [])


def breaker(row, sides):
    """r1 dies, the breaker opens, r1 is back, the breaker recovers and closes."""
    begun = time.monotonic()
    statuses = {who: [] for who in sides}  # (seconds, that of the balancer, that of the model)

    def ask_until(condition, seconds):
        until = time.monotonic() + seconds
        while not condition() and time.monotonic() < until:
            for who, (_, model, _, line) in sides.items():
                at = time.monotonic() - begun
                statuses[who].append((at, line.ask()[:3], model.tell(once="one", now=at)["one"][:3]))
            time.sleep(0.01)
        return condition()

    def everybody(does):
        for _, model, replicas, _ in sides.values():
            (replicas[0].kill if does == "dead" else replicas[0].start)()
            model.tell(replica="r1", **{"is": does})
    ask_until(lambda: False, 1)
    everybody("dead")
    opened = ask_until(lambda: all(any("503" == status for _, *both_say in all_of_them for status in both_say[:1]) and any(one[2] == "503" for one in all_of_them)
                                   for all_of_them in statuses.values()), 10)
    expect(f"{row.title}: it opens", opened)
    everybody("alive")
    ask_until(lambda: False, 6)
    for who, all_of_them in statuses.items():
        compare(f"{who}, {row.title}", [(one[0], one[1]) for one in all_of_them], [(one[0], one[2]) for one in all_of_them])


def breaks_off(row, sides):
    """Answers that break off are none to the breaker: beside 40 of them few failures are all there is."""
    begun = time.monotonic()
    for who, (_, model, (r1,), line) in sides.items():
        r1.part = 20000
        for _ in range(40):
            said = (line.ask(), model.tell(once="one", now=time.monotonic() - begun, part="cut")["one"])
            expect(f"{who}, {row.title}: an answer breaks off", said == ("200 r1 cut", "200 r1 cut"), said)
        r1.part = 0
        r1.kill()
        model.tell(replica="r1", **{"is": "dead"})
        said = []
        for _ in range(8):
            said.append((line.ask(), model.tell(once="one", now=time.monotonic() - begun)["one"]))
            time.sleep(0.11)  # until it looks again
        expect(f"{who}, {row.title}: it opens", said[-1] == ("503", "503"), said)


def compare(title, real, model):
    def figures(series):
        first = next(number for number, (_, status) in enumerate(series) if status == "503")
        rest = series[first:]
        let = [at for at, status in rest if status != "503"]
        last = max(at for at, status in rest if status == "503")
        return {"opens": series[first][0], "open for": let[0] - series[first][0], "closed after": last - series[first][0]}
    got, wanted = figures(real), figures(model)
    # While it lets more and more through: two of the three seconds, from its own beginning on.
    for figure, series in ((got, real), (wanted, model)):
        begun = figure["opens"] + figure["open for"]
        recovers = [status != "503" for at, status in series if begun <= at < begun + 2]
        figure["let through"] = sum(recovers) / len(recovers)
    # The last that is refused is one of few: on a busy machine it may be seconds' tenths earlier.
    for what, tolerance in (("opens", 0.35), ("open for", 0.3), ("closed after", 1.0), ("let through", 0.06)):
        expect(f"{title}: {what}", abs(got[what] - wanted[what]) <= tolerance, {"got": got, "model": wanted})
    shut = [status for at, status in real if got["opens"] + 0.1 < at < got["opens"] + 1.8]
    expect(f"{title}: nobody is let through while it is open", set(shut) == {"503"} and len(shut) > 20, shut)
    expect(f"{title}: all are let through in the end", {status for at, status in real[-20:]} == {"200"}, real[-20:])


ROWS = [(haproxy("roundrobin"), slow_start), (envoy("ROUND_ROBIN", "round_robin_lb_config"), slow_start),
        (envoy("LEAST_REQUEST", "least_request_lb_config"), slow_start), (traefik(), breaker), (traefik(), breaks_off)]


def main():
    for row, play in ROWS:
        if row.title.startswith(product):
            both(row, play, 1 if play is breaks_off else 3)
    end()


main()
