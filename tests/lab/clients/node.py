# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts for Node beside this file, started by the tests. Their modules lie in NODE_PATH, where tests/run puts them."""
import json
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "support"))
from running import die_with_us  # noqa: E402

for module in ("ws", "socket.io", "socket.io-client"):
    if not os.path.isdir(os.path.join(os.environ.get("NODE_PATH", ""), module)):
        sys.exit(f"{module} is not in NODE_PATH ({os.environ.get('NODE_PATH')}); tests/run installs it from npm")


def node(script, *args):
    """What the script prints, one line of JSON; further arguments that are no text are given as JSON."""
    texts = [arg if isinstance(arg, str) else json.dumps(arg) for arg in args]
    ran = subprocess.run(["node", os.path.join(here, script), *texts], capture_output=True, text=True, timeout=120, preexec_fn=die_with_us)
    if ran.returncode != 0 or not ran.stdout:
        sys.exit(f"{script} {texts} ended with {ran.returncode}: {ran.stdout} {ran.stderr}")
    return json.loads(ran.stdout)
