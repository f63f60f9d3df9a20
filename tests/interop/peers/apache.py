# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import signal
import urllib.parse
import urllib.request

from left_over import memory_of

from .balancer import Balancer
from .machine import listens, wait_until


class Apache(Balancer):
    """`set` is what stands behind ProxySet; without a cookie it is not sticky."""

    last = signal.SIGTERM  # it removes its shared memory

    def __init__(self, replicas, proxy_set="stickysession=ROUTEID", cookie="ROUTEID", weights=None, member="retry=2", method="byrequests",
                 attributes="; path=/", header="add", separator="."):
        super().__init__(replicas, weights)
        members = "".join(f"    BalancerMember http://{self.host(r)}:{r.port} route={r.name} loadfactor={self.weights[r.name]} upgrade=websocket {self.options(member, r)}\n"
                          for r in self.replicas)
        modules = ("mpm_event authz_core slotmem_shm headers proxy proxy_http proxy_wstunnel proxy_balancer "
                   f"lbmethod_{method} status remoteip").split()
        self.write("apache.conf", "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
                   + f"ServerName localhost\nServerRoot {self.folder}\nDefaultRuntimeDir {self.folder}\nPidFile {self.path('pid')}\n"
                   f"ErrorLog {self.path('error.log')}\nListen 127.0.0.1:{self.port}\nStartServers 1\nServerLimit 1\nThreadsPerChild 25\n"
                   "MaxRequestWorkers 25\nLimitRequestFieldSize 32000\nRemoteIPHeader X-Forwarded-For\n"
                   + (f"Header {header} Set-Cookie \"{cookie}={separator}%{{BALANCER_WORKER_ROUTE}}e{attributes}\" env=BALANCER_ROUTE_CHANGED\n" if cookie else "")
                   + "<Proxy balancer://app>\n" + members + f"    ProxySet {proxy_set} lbmethod={method} growth=3\n</Proxy>\n"
                   "<Location /balancer-manager>\n    SetHandler balancer-manager\n    Require all granted\n</Location>\n"
                   "ProxyPass /balancer-manager !\nProxyPass / balancer://app/\n")
        # One process: it ends at once, and there is one set of counters.
        self.run(shutil.which("apache2") or "/usr/sbin/apache2", "-X", "-f", self.path("apache.conf"))
        wait_until(lambda: "Apache listens; it said: " + self.log(), lambda: listens(self.port))

    def stop(self):
        """In the middle of its work it may leave its shared memory."""
        memory = memory_of(self.process.pid)
        super().stop()
        for name in memory & set(os.listdir("/dev/shm")):
            os.unlink("/dev/shm/" + name)

    def manage(self, **fields):
        address = f"http://127.0.0.1:{self.port}/balancer-manager"
        with urllib.request.urlopen(address, timeout=15) as page:
            nonce = re.search(r"nonce=([-0-9a-f]+)", page.read().decode()).group(1)
        body = urllib.parse.urlencode({"b": "app", "nonce": nonce, **fields}).encode()
        request = urllib.request.Request(address, body, {"Referer": address, "Content-Type": "application/x-www-form-urlencoded"})
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.read().decode()

    def set(self, replica, state):
        worker = f"http://{self.host(replica)}:{replica.port}"
        self.manage(w=worker, w_status_N=int(state == "draining"), w_status_D=int(state == "maintenance"))

    def add(self, replica):
        worker = f"http://{self.host(replica)}:{replica.port}"
        self.replicas.append(replica)
        self.manage(b_nwrkr=worker, b_wyes=1)
        self.manage(w=worker, w_status_D=0, w_wr=replica.name)
