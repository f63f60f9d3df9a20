// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that change while requests come, as in a slow start.
#include "tests/support/trial.h"

#include <algorithm>
#include <cmath>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

double partOfFirst(Trial& trial, int count)
{
    int at = 0;
    for (int number = 0; number < count; ++number)
        at += trial.fresh("10." + std::to_string(number % 256) + "." + std::to_string(number / 256)
                          + ".1")
                == 'a'
            ? 1
            : 0;
    return static_cast<double>(at) / count;
}

} // namespace

TEST_CASE("Every weighted algorithm honours a weight that changed")
{
    struct Row
    {
        std::string id;
        double tolerance;
    };
    for (const Row& row :
         {Row {"traefik-wrr", 0.01},       Row {"traefik-hrw", 0.03},
          Row {"traefik-leasttime", 0.01}, Row {"haproxy-roundrobin", 0.01},
          Row {"haproxy-static-rr", 0.01}, Row {"haproxy-random", 0.12},
          Row {"haproxy-hash", 0.03},      Row {"smooth-weighted-round-robin", 0.01},
          Row {"nginx-round-robin", 0.01}, Row {"nginx-least-conn", 0.01},
          Row {"nginx-random", 0.03},      Row {"nginx-ip-hash", 0.03},
          Row {"nginx-hash", 0.03},        Row {"nginx-hash-consistent", 0.12},
          Row {"apache-byrequests", 0.01}, Row {"apache-bybusyness", 0.01},
          Row {"envoy-round-robin", 0.01}, Row {"envoy-least-request", 0.03},
          Row {"envoy-ring-hash", 0.12},   Row {"envoy-maglev", 0.03},
          Row {"weighted-random", 0.03}}) {
        CAPTURE(row.id);
        Trial trial(row.id, {10, 10, 10});
        trial.fresh(17);
        for (const int weight : {1, 5, 20, 10}) {
            CAPTURE(weight);
            trial.setWeight('a', weight);
            trial.fresh(100); // turns that were given out before
            CHECK(std::abs(partOfFirst(trial, 4'000) - weight / (weight + 20.0)) <= row.tolerance);
        }
        trial.setWeight('a', 0);
        CHECK(partOfFirst(trial, 100) == 0);
        trial.setWeight('a', 10);
        trial.fresh(100);
        CHECK(std::abs(partOfFirst(trial, 4'000) - 1 / 3.0) <= row.tolerance);
    }
}

TEST_CASE("HAProxy's round robin takes up a new weight within a round, and nobody is left out")
{
    Trial trial("haproxy-roundrobin", {1, 1, 1});
    trial.fresh(4);
    trial.setWeight('b', 8);
    const std::string picks = trial.fresh(40);
    CHECK(std::count(picks.begin(), picks.end(), 'b') >= 28);
    CHECK(std::count(picks.begin(), picks.end(), 'a') >= 3);
    CHECK(std::count(picks.begin(), picks.end(), 'c') >= 3);
}

TEST_CASE("HAProxy's least connections counts requests that are already there by the new weight")
{
    Trial trial("haproxy-leastconn", {1, 1});
    trial.hold('a');
    trial.hold('a');
    trial.hold('b');
    CHECK(trial.fresh(1) == "b");
    trial.setWeight('a', 4); // three quarters of a request to each unit, against two
    CHECK(trial.fresh(1) == "a");
}
