#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each failure's scenario: broken as it is described, and mended when one setting is changed."""
import copy
import os
import re
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

# Of a lane's assertions those that hold with the other lane's settings as well, and why they are there.
HOLDS_IN_BOTH = {
    "a-deploy-drops-every-session.sticky.yaml": {
        # Shared sessions outlive the servers; cookies are replaced with them all the same.
        "broken.cookies_set >= 24", "broken.replicas.server-1-v2.requests > 0", "mended.cookies_set >= 24"},
    # The cookie looks well: that is what misleads.
    "a-second-balancer-behind-the-address.sticky.yaml": {"broken.cookies_set == 9"},
    "scale-up-moves-users-silently.sticky.yaml": {"broken.cookies_set == 40"},
    # Nobody moves: what was wrong is where people are.
    "everybody-behind-one-address.sticky.yaml": {"mended.stickiness == 1"},
    # It is nearly sticky, as is what mends it.
    "keep-alive-mistaken-for-stickiness.sticky.yaml": {"broken.stickiness > 0.85"},
}

# What else a scenario's sentence rests on: without it what `broken` asserts does not hold.
RESTS_ON = {
    "a-retry-goes-back-to-the-same-server.sticky.yaml": {"balancer": {"proxy-next-upstream-tries": 1}},
}


def laid_over(base, change):
    """As a lane's `with`: mappings key by key, lists whose entries have names entry by entry."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **{key: laid_over(base.get(key), value) for key, value in change.items()}}
    if all(isinstance(part, list) and part and all(isinstance(one, dict) and "name" in one for one in part)
           for part in (base, change)):
        by_name = {one["name"]: one for one in base}
        for one in change:
            by_name[one["name"]] = laid_over(by_name.get(one["name"]), one)
        return list(by_name.values())
    return change


def settings_of(scenario, lane):
    """What a lane runs: the scenario, and what the lane says of its own."""
    rest = {key: value for key, value in scenario.items() if key not in ("lanes", "assert", "title", "about")}
    own = {key: value for key, value in lane.items() if key not in ("name", "with")}
    return laid_over(laid_over(rest, lane.get("with", {})), {"balancer": own})


def changed(before, after, path=""):
    """The settings that are different. One that several servers or clients have is one; so is a part that is there or not."""
    if isinstance(before, dict) and isinstance(after, dict):
        # What happens at a moment of the timeline is one thing, whatever its word.
        if path == ".timeline" and before.keys() != after.keys():
            return {path}
        return set().union(*(changed(before.get(key), after.get(key), f"{path}.{key}") for key in {**before, **after}))
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return set().union(*(changed(one, other, path) for one, other in zip(before, after)))
    return set() if before == after else {path}


def run(path):
    return subprocess.run([program, "run", path], capture_output=True, text=True, timeout=60)


def run_with_lanes(scenario, lanes):
    """How it ends with both lanes like one of them."""
    scenario = copy.deepcopy(scenario)
    scenario["lanes"] = [{**copy.deepcopy(lane), "name": name} for name, lane in zip(("broken", "mended"), lanes)]
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "alike.sticky.yaml")
        with open(path, "w") as file:
            yaml.safe_dump(scenario, file, sort_keys=False)
        return run(path)


def failing(result):
    """The assertions that did not hold."""
    return set(re.findall(r"'([^']+)' does not hold", result.stderr))


program, root = sys.argv[1:3]
folder = os.path.join(root, "resources/scenarios/failures")
names = sorted(name for name in os.listdir(folder) if name.endswith(".sticky.yaml"))
expect("there are scenarios", len(names) > 30, len(names))
shown = set()
for name in names:
    with open(os.path.join(folder, name)) as file:
        text = file.read()
    about = re.search(r"^# F(\d+)\b", text, re.M)
    expect(f"{name} says which failure it shows", about, text[:200])
    shown |= {int(about.group(1))} if about else set()
    expect(f"{name} has a broken and a mended lane", re.findall(r"\{name: (broken|mended)\b", text) == ["broken", "mended"])
    asserted = {line.split(".")[0] for line in re.findall(r"^  - (\S+)", text.split("\nassert:")[1], re.M)}
    expect(f"{name} asserts something of both", asserted == {"broken", "mended"}, asserted)
    result = run(os.path.join(folder, name))
    expect(f"{name}: broken as described, and mended", result.returncode == 0, result.stderr)
    scenario = yaml.safe_load(text)
    broken, mended = scenario["lanes"]
    differ = changed(settings_of(scenario, broken), settings_of(scenario, mended))
    expect(f"{name}: one setting mends it", len(differ) == 1, sorted(differ))
    # What the assertions say must be that setting's doing: with the other lane's settings each of them fails.
    for lane, source in ("mended", broken), ("broken", mended):
        own = {text for text in scenario["assert"] if text.startswith(lane + ".")}
        excused = own & HOLDS_IN_BOTH.get(name, set())
        alike = run_with_lanes(scenario, [source, source])
        expect(f"{name}: what {lane} asserts does not hold without what makes it so",
               alike.returncode == 1 and own != excused and failing(alike) & own == own - excused, (alike.returncode, alike.stderr))
    if name in RESTS_ON:
        without = run_with_lanes({**scenario, **laid_over({"balancer": scenario["balancer"]}, RESTS_ON[name])}, [broken, mended])
        expect(f"{name}: {RESTS_ON[name]} is not enough", any(text.startswith("broken.") for text in failing(without)), without.stderr)

for table in HOLDS_IN_BOTH, RESTS_ON:
    expect("tables name files", set(table) <= set(names), set(table) - set(names))

# The table beside them names each of the 55, with its file or the reason why there is none.
with open(os.path.join(folder, "README.md")) as file:
    rows = re.findall(r"^\| F(\d+) \| (.+?) \| (.+?) \|$", file.read(), re.M)
expect("the table has all 55", [int(number) for number, _, _ in rows] == list(range(1, 56)), [number for number, _, _ in rows])
for number, _, where in rows:
    files = re.findall(r"\(([a-z0-9-]+\.sticky\.yaml)\)", where)
    expect(f"F{number}: its files are there", all(name in names for name in files), files)
    expect(f"F{number}: a file where there is one, and only then", bool(files) == (int(number) in shown), where)
end()
