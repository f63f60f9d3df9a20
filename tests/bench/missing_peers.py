# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where somebody to compare with is not installed, a comparison says who, and fails:   missing_peers.py"""
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "support"))
from expectations import end, expect  # noqa: E402

NEEDED = {"proxy": ["--program", "--traefik", "wrk"], "clients": ["--program", "--locust", "wrk"]}
MISSING = [("proxy", ["wrk"]), ("proxy", ["--traefik"]), ("proxy", ["--program"]), ("proxy", ["--program", "--traefik", "wrk"]),
           ("clients", ["wrk"]), ("clients", ["--locust"]), ("clients", ["--locust", "wrk"])]


def ask(name, missing, path):
    """All others are somebody, be it the wrong one: none of them is to be begun."""
    words = [word for one in NEEDED[name] if one.startswith("-")
             for word in (one, f"/nowhere/{one[2:]}" if one in missing else "/bin/true")]
    return subprocess.run([os.path.join(here, name), *words], capture_output=True, text=True, timeout=30, env={**os.environ, "PATH": path})


with tempfile.TemporaryDirectory() as folder:
    for program in ("wrk", "nginx", "haproxy"):
        os.symlink("/bin/true", os.path.join(folder, program))
    for name, missing in MISSING:
        ran = ask(name, missing, "" if "wrk" in missing else folder)
        said = ran.stderr.splitlines()
        told = f"{name} without {missing}"
        expect(f"{told} fails", ran.returncode == 1, ran.returncode)
        expect(f"{told} names them in one line", len(said) == 1 and all(one.lstrip("-") in said[0].partition(": ")[2] for one in missing), said)
        present = {"/bin/true", "wrk", "/nowhere"} - {"wrk" if one == "wrk" else "/nowhere" for one in missing}
        expect(f"{told} names nobody else", not any(one in "".join(said) for one in present), said)
        expect(f"{told} measures nothing", ran.stdout == "", ran.stdout)
end()
