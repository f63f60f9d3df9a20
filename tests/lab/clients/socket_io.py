#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""socket.io-client through our balancer, to real Socket.IO servers and to our replicas' Engine.IO: without sticky cookies it cannot connect by
polling, with them it can.   socket_io.py STICKYSCOPE_CLI"""
import json
import os
import sys

from node import here, node
from expectations import end, expect
from running import Running, start_replicas

program = os.path.abspath(sys.argv[1])


def connect(base, **orders):
    return node("socket_io_client.js", base.rstrip("/"), {"asks": 4, "cookies": True, **orders})


def balance(addresses, *more):
    balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--json", *more)
    return balancer, json.loads(balancer.line(0))["balancer"]


def judge(kind, addresses):
    direct = connect(addresses[0])
    expect(f"{kind}: directly it connects, and upgrades", direct["connected"] and (direct["began"], direct["ended"]) == ("polling", "websocket"), direct)
    expect(f"{kind}: every question is acknowledged, and answered by an event", direct["acknowledged"] == direct["events"] == ["server-1"] * 4
           and direct["error"] is None, direct)

    balancer, base = balance(addresses, "--no-sticky")
    off = connect(base)
    expect(f"{kind}: without stickiness it fails", not off["connected"] and off["error"]["status"] == 400, off)
    expect(f"{kind}: because its session is elsewhere", json.loads(off["error"]["body"]) == {"code": 1, "message": "Session ID unknown"}, off)
    straight = connect(base, transports=["websocket"])
    expect(f"{kind}: one socket and no polling needs no stickiness", straight["connected"] and len(set(straight["acknowledged"])) == 1
           and straight["error"] is None, straight)
    balancer.stop()

    balancer, base = balance(addresses, "--sticky", "cookie=ws-session")
    names = set()
    for _ in range(6):
        on = connect(base)
        expect(f"{kind}: with stickiness it connects, and upgrades", on["connected"] and (on["began"], on["ended"]) == ("polling", "websocket"), on)
        expect(f"{kind}: to one server", len(set(on["acknowledged"])) == 1 and len(on["acknowledged"]) == 4 and on["events"] == on["acknowledged"]
               and on["error"] is None, on)
        names.update(on["acknowledged"])
    expect(f"{kind}: clients are spread", names == {"server-1", "server-2", "server-3"}, names)
    polling = connect(base, transports=["polling"])
    expect(f"{kind}: polling alone does as well", (polling["began"], polling["ended"]) == ("polling", "polling") and len(set(polling["acknowledged"])) == 1
           and polling["error"] is None, polling)
    lost = connect(base, cookies=False)
    expect(f"{kind}: a client that keeps no cookies fails all the same", not lost["connected"] and lost["error"]["status"] == 400, lost)
    took, status, errors = balancer.stop()
    expect(f"{kind}: it ends cleanly", status == 0 and errors == "", (status, errors))


replicas, addresses = start_replicas(program, 3)
judge("our Engine.IO", addresses)
space = connect(addresses[0], namespace="/room")
expect("any namespace will do", space["connected"] and space["acknowledged"] == ["server-1"] * 4, space)
servers = [Running("node", os.path.join(here, "socket_io_server.js"), f"server-{number}") for number in (1, 2, 3)]
judge("Socket.IO's server", [server.line(0).split()[-1] for server in servers])
for one in (*replicas, *servers):
    one.stop()
end()
