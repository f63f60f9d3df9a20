# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests in Python expect, counted."""
import sys

passed = 0
failures = []


def expect(what, condition, detail=""):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(f"{what}: {detail}")
        print("FAILED", what, detail, flush=True)


def end():
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)
