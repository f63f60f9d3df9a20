// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How many keys go elsewhere when a server goes, against what the algorithms' papers say.
#include "tests/support/trial.h"

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

constexpr int keys = 20'000;

struct Moved
{
    double ofLost = 0; ///< part of all keys: those that were at the lost server
    double others = 0; ///< part of all keys: those that moved without need
};

Moved whenOneGoes(const std::string& id, int servers, const Settings& settings = {})
{
    Trial trial(id, std::vector<int>(static_cast<std::size_t>(servers), 1), settings);
    std::string before;
    for (int number = 0; number < keys; ++number)
        before += trial.fresh("session-" + std::to_string(number));
    trial.setUp('c', false);
    Moved moved;
    for (int number = 0; number < keys; ++number) {
        const char replica = before[static_cast<std::size_t>(number)];
        const char after = trial.fresh("session-" + std::to_string(number));
        CHECK(after != 'c');
        if (replica == 'c')
            moved.ofLost += 1.0 / keys;
        else if (replica != after)
            moved.others += 1.0 / keys;
    }
    // Back again, all are where they were.
    trial.setUp('c', true);
    for (int number = 0; number < 200; ++number)
        CHECK(trial.fresh("session-" + std::to_string(number))
              == before[static_cast<std::size_t>(number)]);
    return moved;
}

} // namespace

TEST_CASE("Of a ring and of rendezvous hashing only the lost server's keys move, about 1 of N")
{
    Settings consistent;
    consistent.set("hash-type", std::string("consistent"));
    for (const int servers : {3, 10}) {
        for (const std::string id : {"nginx-hash-consistent", "ingress-nginx-chash", "traefik-hrw",
                                     "caddy-hash", "caddy-xxhash", "haproxy-hash"}) {
            CAPTURE(id);
            const Moved moved =
                whenOneGoes(id, servers, id == "haproxy-hash" ? consistent : Settings {});
            CHECK(moved.others == 0);
            CHECK(moved.ofLost * servers > 0.6);
            CHECK(moved.ofLost * servers < 1.5);
        }
    }
}

// Envoy refills its ring to 1,024 points: those that are left get more points, and take keys from
// each other. With P points for each of N servers, 1 / N of the points is new, and N - 2 of the
// N - 1 servers are others.
TEST_CASE("Envoy's ring hash moves keys between those that are left as well")
{
    for (const int servers : {3, 10}) {
        const Moved moved = whenOneGoes("envoy-ring-hash", servers);
        CHECK(moved.ofLost * servers == doctest::Approx(1).epsilon(0.15));
        CHECK(moved.others == doctest::Approx((servers - 2.0) / servers / servers).epsilon(0.2));
    }
}

TEST_CASE("Maglev moves some keys more than the lost server's, about twice as many at most")
{
    for (const int servers : {3, 10}) {
        const Moved moved = whenOneGoes("envoy-maglev", servers);
        MESSAGE(servers << " servers: " << moved.ofLost * 100 << " % of keys were lost, "
                        << moved.others * 100 << " % moved beside them");
        CHECK(moved.ofLost * servers == doctest::Approx(1).epsilon(0.1));
        CHECK(moved.others > 0);
        CHECK(moved.others <= moved.ofLost);
    }
}

TEST_CASE("Modulo the servers most keys move")
{
    for (const int servers : {3, 10}) {
        // nginx hashes again only for those that met the lost server; HAProxy has a new map.
        const Moved nginx = whenOneGoes("nginx-hash", servers);
        CHECK(nginx.others == 0);
        const Moved haproxy = whenOneGoes("haproxy-hash", servers);
        CHECK(haproxy.others > 0.3);
    }
    Trial grown("nginx-hash", {1, 1, 1});
    int moved = 0;
    std::string before;
    for (int number = 0; number < keys; ++number)
        before += grown.fresh("session-" + std::to_string(number));
    grown.add(1);
    for (int number = 0; number < keys; ++number)
        moved += grown.fresh("session-" + std::to_string(number))
                != before[static_cast<std::size_t>(number)]
            ? 1
            : 0;
    CHECK(static_cast<double>(moved) / keys == doctest::Approx(0.75).epsilon(0.03));
}
