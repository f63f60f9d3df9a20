// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

constexpr std::array<Algorithm, 6> table {{
    {"traefik-wrr", "weighted round robin",
     "Traefik's own: the server whose turn comes earliest (earliest deadline first).",
     makeEarliestDeadlineFirst},
    {"traefik-p2c", "power of two choices",
     "Two servers are drawn; the one with fewer requests in flight takes it.",
     makePowerOfTwoChoices},
    {"haproxy-roundrobin", "round robin",
     "HAProxy's own: each server in turn, as often as its weight says.",
     makeFastWeightedRoundRobin},
    {"haproxy-leastconn", "least connections",
     "The server with the fewest requests for its weight; in turn among equals.",
     makeFastWeightedLeastConnections},
    {"round-robin", "round robin", "Each server in turn; weights do not count.", makeRoundRobin},
    {"random", "random", "Any server, each as likely; weights do not count.", makeUniformRandom},
}};

}

std::span<const Algorithm> algorithms()
{
    return table;
}

const Algorithm* findAlgorithm(std::string_view id)
{
    const auto* found = std::find_if(table.begin(), table.end(),
                                     [id](const Algorithm& row) { return row.id == id; });
    return found == table.end() ? nullptr : found;
}

} // namespace stickyscope
