// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include "tests/support/trial.h"

#include <algorithm>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;

TEST_CASE("Traefik's weighted round robin gives abc bca cab, because ties follow Go's heap")
{
    CHECK(relabelled(Trial("traefik-wrr", {1, 1, 1}).fresh(36))
          == "abcbcacababcbcacababcbcacababcbcacab");
}

TEST_CASE("Traefik's weighted round robin gives three of four to a server of weight three")
{
    const std::string text = Trial("traefik-wrr", {3, 1}).fresh(400);
    CHECK(std::count(text.begin(), text.end(), 'a') == 300);
    // Measured on Traefik 3.7.15; the third period differs because a third cannot be written
    // exactly.
    CHECK(Trial("traefik-wrr", {3, 1}).fresh(16) == "aabaaaabaabaaaba");
}

TEST_CASE("HAProxy's round robin mixes weights evenly")
{
    const std::string text = Trial("haproxy-roundrobin", {3, 1}).fresh(400);
    CHECK(std::count(text.begin(), text.end(), 'a') == 300);
    CHECK(text.find("bb") == std::string::npos);
}

TEST_CASE("Round robin takes each server in turn and passes over those that are down")
{
    Trial trial("round-robin", {1, 1, 1});
    CHECK(trial.fresh(4) == "abca");
    trial.setUp('b', false);
    CHECK(trial.fresh(4) == "caca");
}

TEST_CASE("Least connections takes the idle server, and one that is busy last")
{
    Trial trial("haproxy-leastconn", {1, 1, 1});
    CHECK(std::string {trial.hold(), trial.hold(), trial.hold()} == "abc");
    trial.release('b');
    CHECK(trial.fresh(1) == "b");
}

TEST_CASE("Power of two choices prefers the server with fewer requests in flight")
{
    Trial trial("traefik-p2c", {1, 1});
    trial.policy->assigned(Trial::at('a'), Bound::yes, {});
    CHECK(trial.fresh(20) == std::string(20, 'b'));
}

// What every algorithm in the table must hold to.
TEST_CASE("Every algorithm has an id of its own and says what it does")
{
    std::set<std::string_view> ids;
    for (const Algorithm& algorithm : algorithms()) {
        CHECK(ids.insert(algorithm.id).second);
        CHECK(findAlgorithm(algorithm.id) == &algorithm);
        CHECK(!algorithm.title.empty());
        CHECK(algorithm.explanation.back() == '.');
    }
}

TEST_CASE("Every algorithm chooses only servers that take fresh requests, and none where none does")
{
    for (const Algorithm& algorithm : algorithms()) {
        CAPTURE(algorithm.id);
        Trial trial(algorithm.id, {1, 1, 1, 1});
        CHECK(trial.fresh(40).find('-') == std::string::npos);
        trial.setUp('a', false);
        trial.setDraining('b', true);
        CHECK(trial.fresh(40).find_first_of("ab-") == std::string::npos);
        trial.setUp('c', false);
        trial.setUp('d', false);
        CHECK(trial.fresh(4) == "----");
        trial.setUp('a', true);
        CHECK(trial.fresh(8) == "aaaaaaaa");
    }
}

TEST_CASE("Every algorithm's clone goes on as the original would have")
{
    for (const Algorithm& algorithm : algorithms()) {
        CAPTURE(algorithm.id);
        Trial trial(algorithm.id, {2, 1, 1});
        trial.fresh(7);
        trial.hold('b');
        Trial copy(algorithm.id, {2, 1, 1});
        copy.fresh(7); // so that its draws are the same from here on
        copy.policy = trial.policy->clone();
        CHECK(copy.fresh(20) == trial.fresh(20));
    }
}

TEST_CASE("Every algorithm avoids a failed replica where another is left")
{
    for (const Algorithm& algorithm : algorithms()) {
        CAPTURE(algorithm.id);
        Trial trial(algorithm.id, {1, 3, 1});
        for (int number = 0; number < 50; ++number) {
            const auto avoid = static_cast<ReplicaIndex>(number % 3);
            CHECK(trial.choose(std::to_string(number), avoid).value() != avoid);
        }
        trial.setUp('a', false);
        for (int number = 0; number < 20; ++number)
            CHECK(trial.choose(std::to_string(number), Trial::at('b')).value() == Trial::at('c'));
        trial.setUp('c', false);
        CHECK(trial.choose("key", Trial::at('b')).value() == Trial::at('b'));
    }
}

// These send all to one server for as long as it is up.
constexpr std::string_view alwaysOne[] = {"first", "first-alphabetical"};

TEST_CASE("Every algorithm that hashes keeps equal keys together, and no other does")
{
    for (const Algorithm& algorithm : algorithms()) {
        if (std::find(std::begin(alwaysOne), std::end(alwaysOne), algorithm.id)
            != std::end(alwaysOne))
            continue;
        CAPTURE(algorithm.id);
        Trial trial(algorithm.id, {1, 1, 1});
        std::set<char> one;
        std::set<char> all;
        for (int number = 0; number < 100; ++number) {
            one.insert(trial.fresh("192.0.2.7"));
            all.insert(trial.fresh("192.0." + std::to_string(number) + ".9"));
        }
        CHECK_MESSAGE((one.size() == 1) == algorithm.hashes,
                      algorithm.id << (algorithm.hashes
                                           ? " sends equal keys to several servers, though its row "
                                             "has hashes = true"
                                           : " sends equal keys to one server, but its row has no "
                                             "hashes = true"));
        CHECK_MESSAGE(all.size() == 3,
                      algorithm.id << " uses only " << all.size()
                                   << " of three servers; if that is its rule, name it in "
                                      "alwaysOne");
    }
}
