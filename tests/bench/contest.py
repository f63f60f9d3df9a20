# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs do per second of processor, taking turns, so that a noisy machine is unfair to none of them."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
from peers import die_with_us, free_port, get, wait_until  # noqa: E402

root = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# Where tests/run puts the nginx that it unpacks.
os.environ["PATH"] = os.pathsep.join(filter(None, [root + "/build/peers/balancers", os.environ.get("PATH", os.defpath)]))
ticks = os.sysconf("SC_CLK_TCK")


def installed(program):
    """Whether it can be run: a path, or a name on the PATH or where Debian has its servers' programs."""
    return shutil.which(program) or (os.path.sep not in program and shutil.which("/usr/sbin/" + program))


def need(*programs):
    """Ends with 1 and one line that names those which are not there: nothing is compared with nobody."""
    missing = [program for program in programs if not installed(program)]
    if missing:
        raise SystemExit(f"{os.path.basename(sys.argv[0])}: nothing was measured, for these are not installed: {', '.join(missing)}")


def processor_seconds(pid):
    """Of all threads, in the kernel and outside."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / ticks


class Replicas:
    """One nginx that answers on several ports, each a replica by itself: cheap, so that others are measured."""

    def __init__(self, count, visit=""):
        """`visit` names a cookie that a client without one gets."""
        self.folder = tempfile.mkdtemp()
        self.names = [f"server-{number + 1}" for number in range(count)]
        self.ports = [free_port() for _ in self.names]
        set_cookie = "add_header Set-Cookie $visit;" if visit else ""
        remember = f"  map $cookie_{visit} $visit {{ '' '{visit}=1; Path=/'; default ''; }}\n" if visit else ""
        servers = "".join(f"  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ {set_cookie} return 200 "
                          f"'{{\"hostname\": \"{name}\"}}\\n'; }} }}\n" for name, port in zip(self.names, self.ports))
        folders = "".join(f"  {kind}_temp_path {self.folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(self.folder + "/nginx.conf", "w") as file:
            file.write(f"daemon off;\nmaster_process off;\npid {self.folder}/pid;\nevents {{ worker_connections 8192; }}\nhttp {{\n"
                       f"  access_log off;\n  default_type application/json;\n  keepalive_requests 100000000;\n{folders}{remember}{servers}}}\n")
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([program, "-c", self.folder + "/nginx.conf", "-p", self.folder, "-e", "stderr"],
                                        stdin=subprocess.DEVNULL, preexec_fn=die_with_us)
        for port in self.ports:
            wait_until("nginx answers", lambda: get(port)[0].status == 200)

    def urls(self):
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


# Each request is one of the table's in turn; what came of all of them is one line.
SCRIPT = """
local cookies = {%s}
local requests, turn = {}, 0
function init()
    for place, cookie in ipairs(cookies) do
        requests[place] = wrk.format("GET", "/hostname", {Host = "localhost", Cookie = cookie ~= "" and cookie or nil})
    end
end
function request()
    turn = turn %% #requests + 1
    return requests[turn]
end
function done(summary, latency)
    local wrong = summary.errors
    io.write(string.format("came to %%d %%d %%.1f\\n", summary.requests,
                           wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout, latency:percentile(50)))
end
"""


class Wrk:
    """wrk on one port, with these cookies in turn ('' is none). run(): requests, median latency in microseconds, its processor-seconds."""

    def __init__(self, port, cookies):
        self.port = port
        self.script = tempfile.NamedTemporaryFile("w", suffix=".lua")
        self.script.write(SCRIPT % ", ".join(f'"{cookie}"' for cookie in cookies))
        self.script.flush()

    def run(self, connections, seconds):
        before = os.times()
        run = subprocess.run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", self.script.name,
                              f"http://127.0.0.1:{self.port}/"], capture_output=True, text=True, timeout=seconds + 60, check=True)
        after = os.times()
        requests, wrong, median = re.search(r"came to (\d+) (\d+) ([\d.]+)", run.stdout).groups()
        # A connection that a server ends after so many requests, as nginx does, counts as an error of wrk's at most once.
        if int(wrong) * 200 > int(requests) or int(requests) == 0:
            raise SystemExit(f"wrk on port {self.port}: {requests} requests, {wrong} errors\n{run.stdout}{run.stderr}")
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return int(requests), float(median), used


def alternately(rounds, turns):
    """Takes turns: {name: function that measures once}; the median of each, and each round's figures for ratios."""
    figures = {name: [] for name in turns}
    names = list(turns)
    for number in range(rounds):
        # Another one begins each round: whoever comes first may find another machine than the last.
        for name in names[number % len(names):] + names[:number % len(names)]:
            figures[name].append(turns[name]())
    return figures


def median(figures):
    return statistics.median(figures)


class Verdict:
    """What was promised of the medians of the rounds' ratios, and whether it is kept."""
    def __init__(self):
        self.broken = []

    def show(self, figures, one, other, least=None, most=None):
        """A line with the median of the rounds' ratios, and the smallest and largest of them."""
        ratios = sorted(a / b for a, b in zip(figures[one], figures[other]))
        figure = statistics.median(ratios)
        line = f"  {one} / {other}: {figure:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        promised = "" if least is None and most is None else f", promised: at least {least}" if most is None else f", promised: at most {most}"
        if (least is not None and figure < least) or (most is not None and figure > most):
            promised += "  BROKEN"
            self.broken.append(line.strip() + promised)
        print(line + promised, flush=True)

    def end(self):
        sys.exit(1 if self.broken else 0)


def spread(figures):
    """How far apart the rounds were, in hundredths of their median: the machine's noise."""
    return f"{100 * (max(figures) - min(figures)) / median(figures):.0f} %"
