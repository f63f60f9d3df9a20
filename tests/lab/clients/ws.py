#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Node's `ws` on our replicas, directly and through our balancer.   ws.py STICKYSCOPE_CLI"""
import json
import os
import sys

from node import node
from expectations import end, expect
from running import Running, start_replicas

program = os.path.abspath(sys.argv[1])
MIB = 1 << 20
replicas, addresses = start_replicas(program, 3)
balancer = Running(program, "balance", "--listen", "127.0.0.1:0", "--to", ",".join(addresses), "--sticky", "cookie=ws-session")
base = balancer.line(0).split()[-1]


def socket(address, path, **orders):
    return node("ws.js", address.replace("http", "ws").rstrip("/") + path, {"close": [1000, ""], **orders})


everything = {"say": ["hello", "Grüße, 世界 🎉", ""], "size": MIB, "ping": "now", "close": [4321, "enough, 世界"]}
direct = socket(addresses[0], "/streaming?mode=echo", **everything)
through = socket(base, "/streaming?mode=echo", **everything)
expect("texts come back", direct["heard"] == everything["say"], direct)
expect("1 MiB comes back", direct["binary"] == MIB, direct["binary"])
expect("a ping is answered", direct["pong"] == "now", direct)
expect("a close is answered with its code", direct["closed"][0] == 4321, direct)
expect("a replica sets no cookie", direct["cookies"] == [], direct)
expect("the 101 carries the balancer's", len(through["cookies"]) == 1 and through["cookies"][0].startswith("ws-session="), through)
expect("through the balancer all else is the same", {**through, "cookies": []} == direct, (direct, through))
for code in (1000, 1001, 1012, 1013, 3000):
    expect(f"the code {code} is answered with itself", socket(base, "/streaming?mode=echo", say=["a"], close=[code, ""])["closed"][0] == code, code)
longer = socket(base, "/streaming?mode=echo", size=MIB + 1)
expect("more than 1 MiB is closed with 1009, and why", longer["closed"][0] == 1009 and "too large" in longer["closed"][1] and longer["error"] is None, longer)

topics = [json.dumps({"topic": str(number)}) for number in range(3)]
first = socket(base, "/streaming", say=topics)
said = [json.loads(text) for text in first["heard"]]
expect("messages are answered in order by one replica", [(one["topic"], one["count"]) for one in said] == [("0", 1), ("1", 2), ("2", 3)]
       and len({one["hostname"] for one in said}) == 1, said)
cookie = first["cookies"][0].split(";")[0]
again = [json.loads(socket(base, "/streaming", say=topics[:1], headers={"Cookie": cookie})["heard"][0])["hostname"] for _ in range(4)]
expect("with the cookie a new socket reaches the same one", set(again) == {said[0]["hostname"]}, (said, again))
without = [json.loads(socket(base, "/streaming", say=topics[:1])["heard"][0])["hostname"] for _ in range(6)]
expect("without it all three take turns", len(set(without)) == 3, without)
expect("where there is no socket the answer is seen", socket(base, "/hostname")["error"] == 404)
took, status, errors = balancer.stop()
expect("it ends cleanly", status == 0 and errors == "", (status, errors))
for replica in replicas:
    replica.stop()
end()
