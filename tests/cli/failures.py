#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each failure's scenario: broken as it is described, and mended when one setting is changed."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from expectations import end, expect  # noqa: E402

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
    result = subprocess.run([program, "run", os.path.join(folder, name)], capture_output=True, text=True, timeout=60)
    expect(f"{name}: broken as described, and mended", result.returncode == 0, result.stderr)

# The table beside them names each of the 55, with its file or the reason why there is none.
with open(os.path.join(folder, "README.md")) as file:
    rows = re.findall(r"^\| F(\d+) \| (.+?) \| (.+?) \|$", file.read(), re.M)
expect("the table has all 55", [int(number) for number, _, _ in rows] == list(range(1, 56)), [number for number, _, _ in rows])
for number, _, where in rows:
    files = re.findall(r"\(([a-z0-9-]+\.sticky\.yaml)\)", where)
    expect(f"F{number}: its files are there", all(name in names for name in files), files)
    expect(f"F{number}: a file where there is one, and only then", bool(files) == (int(number) in shown), where)
end()
