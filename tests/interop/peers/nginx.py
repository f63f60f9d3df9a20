# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
import shutil
import signal
import time

from .balancer import Balancer
from .machine import get, listens, wait_until


class Nginx(Balancer):
    """`upstream` stands before the servers (`hash $uid_got$uid_set consistent;`), `uid` in the server block, `server` on every
    server's line, `more` in the location. One worker: each has counters of its own."""

    last = signal.SIGTERM

    def __init__(self, replicas, upstream="hash $uid_got$uid_set consistent;", uid="userid on; userid_name uid; userid_path /;", weights=None,
                 server="max_fails=1 fail_timeout=2s", more=""):
        super().__init__(replicas, weights)
        self.upstream, self.uid, self.server, self.more, self.mark = upstream, uid, server, more, "load-0"
        self.apply()
        self.run(shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.path("nginx.conf"), "-p", self.folder, "-e", "stderr")
        wait_until(lambda: "nginx listens; it said: " + self.log(), lambda: listens(self.port))

    def apply(self):
        servers = "".join(f"    server {self.host(r)}:{r.port} weight={self.weights[r.name]} {self.options(self.server, r)}"
                          + (" down" if self.states.get(r.name, "ready") != "ready" else "") + ";\n" for r in self.replicas)
        folders = "".join(f"  {kind}_temp_path {self.folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.write("nginx.conf", "daemon off;\nworker_processes 1;\npid " + self.path("pid") + ";\nevents {}\nhttp {\n  access_log off;\n"
                   + folders + "  map $http_upgrade $upgrade { default upgrade; '' ''; }\n"
                   "  set_real_ip_from 127.0.0.0/8;\n  real_ip_header X-Forwarded-For;\n"
                   "  large_client_header_buffers 4 32k;\n"
                   "  upstream app {\n    " + self.upstream + "\n" + servers + "  }\n"
                   f"  server {{\n    listen 127.0.0.1:{self.port};\n    {self.uid}\n    location = /{self.mark} {{ return 204; }}\n"
                   "    location / {\n      proxy_pass http://app;\n      proxy_http_version 1.1;\n      proxy_connect_timeout 1s;\n"
                   "      proxy_set_header Upgrade $http_upgrade;\n      proxy_set_header Connection $upgrade;\n      " + self.more + "\n    }\n  }\n}\n")

    def set(self, replica, state):
        super().set(replica, state)
        self.reload()

    def add(self, replica):
        super().add(replica)
        self.reload()

    def reload(self):
        """Until the new configuration answers: it alone has this mark."""
        self.mark = f"load-{time.monotonic_ns()}"
        self.apply()
        self.process.send_signal(signal.SIGHUP)
        wait_until("nginx has read its file again", lambda: get(self.port, "/" + self.mark)[0].status == 204)
        # Its old worker may take a connection for a moment more.
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        wait_until("nginx's old worker has ended", lambda: len(open(children).read().split()) == 1)
