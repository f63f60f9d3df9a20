// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <algorithm>
#include <iterator>

namespace stickyscope {

namespace {

constexpr Algorithm table[] = {
    {"traefik-wrr", "weighted round robin",
     "Traefik's own: the server whose turn comes earliest (earliest deadline first).",
     makeEarliestDeadlineFirst},
    {"traefik-p2c", "power of two choices",
     "Two servers are drawn; the one with fewer requests in flight takes it.",
     makePowerOfTwoChoices},
    {"traefik-hrw", "rendezvous hashing",
     "The client's address and each server's are hashed together; the highest score for its weight "
     "wins.",
     makeTraefikHrw, true},
    {"traefik-leasttime", "least time",
     "The lowest mean response time for its requests in flight and its weight; new servers first.",
     makeTraefikLeastTime},
    {"haproxy-roundrobin", "round robin",
     "HAProxy's own: each server in turn, as often as its weight says.",
     makeFastWeightedRoundRobin},
    {"haproxy-static-rr", "static round robin",
     "HAProxy's map of servers, gone through in turn: weights are mixed less evenly.",
     makeHaproxyStaticRoundRobin},
    {"haproxy-leastconn", "least connections",
     "The server with the fewest requests for its weight; in turn among equals.",
     makeFastWeightedLeastConnections},
    {"haproxy-random", "random, several draws",
     "So many servers are drawn from the ring; the one with fewer requests for its weight takes "
     "it.",
     makeHaproxyRandom},
    {"haproxy-source", "source address",
     "The client's address says which server: by HAProxy's map, or by its ring.", makeHaproxySource,
     true},
    {"haproxy-hash", "hash", "The key's hash says which server: by HAProxy's map, or by its ring.",
     makeHaproxyHash, true},
    {"smooth-weighted-round-robin", "weighted round robin",
     "Each server as often as its weight says, mixed evenly; requests with a cookie do not count.",
     makeSmoothWeightedRoundRobin},
    {"nginx-round-robin", "weighted round robin",
     "Each server as often as its weight says, mixed evenly; one request with a cookie in a row "
     "counts.",
     makeNginxRoundRobin},
    {"nginx-sticky-module-ng", "weighted round robin",
     "As nginx, but requests with a cookie do not count.", makeNginxStickyModuleNg},
    {"nginx-least-conn", "least connections",
     "The fewest connections for its weight; weighted round robin among equals.",
     makeNginxLeastConn},
    {"nginx-least-time", "least time",
     "The lowest mean response time, in steps of 20 ms, for its requests in flight and its weight; "
     "weighted round robin among equals.",
     makeNginxLeastTime},
    {"nginx-random", "random", "A server drawn by weight.", makeNginxRandom},
    {"nginx-random-two", "random two",
     "Two servers are drawn by weight; the one with fewer connections for its weight takes it.",
     makeNginxRandomTwo},
    {"nginx-ip-hash", "source address",
     "The client's address, of IPv4 the first three numbers, says which server.", makeNginxIpHash,
     true},
    {"nginx-hash", "hash",
     "The key's hash, divided by all weights, says which server: most keys move with any change.",
     makeNginxHash, true},
    {"nginx-hash-consistent", "consistent hash",
     "The key goes to the next of the points on a ring, 160 for each unit of weight (ketama).",
     makeNginxHashConsistent, true},
    {"apache-byrequests", "by requests",
     "Each server as often as its weight says, mixed evenly; requests with a cookie count.",
     makeApacheByRequests},
    {"apache-bytraffic", "by traffic",
     "The server with the fewest bytes of requests and answers for its weight.",
     makeApacheByTraffic},
    {"apache-bybusyness", "by busyness",
     "The server with the fewest requests in flight; as by requests among equals.",
     makeApacheByBusyness},
    {"envoy-round-robin", "round robin",
     "Each host in turn; with unequal weights the one whose turn comes earliest.",
     makeEnvoyRoundRobin},
    {"envoy-least-request", "least request",
     "Of some hosts drawn, the one with the fewest requests; with unequal weights in turn, the "
     "busy ones later.",
     makeEnvoyLeastRequest},
    {"envoy-ring-hash", "ring hash",
     "The key goes to the next point on a ring; only a lost host's keys move.", makeEnvoyRingHash,
     true},
    {"envoy-maglev", "Maglev",
     "The key's place in a table that hosts fill in turn: even, and quick to look up.",
     makeEnvoyMaglev, true},
    {"caddy-round-robin", "round robin",
     "Each server in turn, from the second on; weights do not count.", makeCaddyRoundRobin},
    {"caddy-weighted-round-robin", "weighted round robin",
     "Each server in turn, as often one after the other as its weight says.",
     makeCaddyWeightedRoundRobin},
    {"caddy-random-choose", "random, least requests",
     "Some servers are drawn; the one with the fewest requests takes it.", makeCaddyRandomChoose},
    {"caddy-hash", "rendezvous hashing",
     "The key and each server's address are hashed together; the highest wins.", makeCaddyHash,
     true},
    {"caddy-xxhash", "rendezvous hashing",
     "As Caddy's since 2.7: the key and each server's address are hashed together; the highest "
     "wins.",
     makeCaddyXxHash, true},
    {"ingress-nginx-chash", "consistent hash",
     "The key goes to the last point before it on a ring of 160 points a server.",
     makeIngressNginxChash, true},
    {"ingress-nginx-ewma", "fastest of two",
     "Of two servers drawn, the one that answered faster of late takes it.", makeIngressNginxEwma},
    {"peak-ewma", "peak EWMA",
     "Of two servers drawn, the one with the lower response time, peaks first, for its requests in "
     "flight.",
     makePeakEwma},
    {"round-robin", "round robin", "Each server in turn; weights do not count.", makeRoundRobin},
    {"spring-round-robin", "round robin that counts all",
     "Each server in turn; requests that a cookie leads elsewhere take turns as well.",
     makeSpringRoundRobin},
    {"random", "random", "Any server, each as likely; weights do not count.", makeUniformRandom},
    {"weighted-random", "weighted random", "Any server, as likely as its weight says.",
     makeWeightedRandom},
    {"least-connections", "least connections",
     "The server with the fewest requests in flight, any of the equals; weights do not count.",
     makeLeastConnections},
    {"first", "first", "Always the first server that is up.", makeFirst},
    {"first-alphabetical", "first by name", "Always the server that is up whose name comes first.",
     makeFirstAlphabetical},
};

}

std::span<const Algorithm> algorithms()
{
    return table;
}

const Algorithm* findAlgorithm(std::string_view id)
{
    const auto* found = std::find_if(std::begin(table), std::end(table),
                                     [id](const Algorithm& row) { return row.id == id; });
    return found == std::end(table) ? nullptr : found;
}

} // namespace stickyscope
