// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include "sim/products/product.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <string>

using namespace stickyscope;

namespace {

ReplicaSet replicas(const std::vector<int>& weights)
{
    ReplicaSet set;
    for (const int weight : weights)
        set.add({.name = "s" + std::to_string(set.size()), .url = "http://s", .weight = weight});
    return set;
}

// "abcabc": letters by first appearance, for balancers that shuffle.
std::string picks(BalancingPolicy& policy, const ReplicaSet& set, int count, bool relabel)
{
    std::string text;
    std::map<ReplicaIndex, char> names;
    for (int number = 0; number < count; ++number) {
        Draw draw(1, 0, static_cast<std::uint32_t>(number), 0, Purpose::balancerChoice);
        const auto chosen = policy.choose({set, draw});
        if (!chosen) {
            text += '-';
            continue;
        }
        const char letter =
            relabel ? static_cast<char>('a' + names.size()) : static_cast<char>('a' + raw(*chosen));
        text += names.try_emplace(*chosen, letter).first->second;
    }
    return text;
}

std::string sequence(const char* id, const std::vector<int>& weights, int count,
                     bool relabel = false)
{
    const ReplicaSet set = replicas(weights);
    return picks(*findAlgorithm(std::string_view(id))->make(set, Chance {1}, {}), set, count,
                 relabel);
}

} // namespace

TEST_CASE("Traefik's weighted round robin gives abc bca cab, because ties follow Go's heap")
{
    CHECK(sequence("traefik-wrr", {1, 1, 1}, 36, true) == "abcbcacababcbcacababcbcacababcbcacab");
}

TEST_CASE("Traefik's weighted round robin gives three of four to a server of weight three")
{
    const std::string text = sequence("traefik-wrr", {3, 1}, 400);
    CHECK(std::count(text.begin(), text.end(), 'a') == 300);
    // Measured on Traefik 3.7.15; the third period differs because a third cannot be written
    // exactly.
    CHECK(sequence("traefik-wrr", {3, 1}, 16) == "aabaaaabaabaaaba");
}

TEST_CASE("HAProxy's round robin takes equal servers in turn and mixes weights evenly")
{
    CHECK(sequence("haproxy-roundrobin", {1, 1, 1}, 9) == "abcabcabc");
    const std::string text = sequence("haproxy-roundrobin", {3, 1}, 400);
    CHECK(std::count(text.begin(), text.end(), 'a') == 300);
    CHECK(text.find("bb") == std::string::npos);
}

TEST_CASE("Round robin takes each server in turn and passes over those that are down")
{
    ReplicaSet set = replicas({1, 1, 1});
    auto policy = makeRoundRobin(set, {}, {});
    CHECK(picks(*policy, set, 4, false) == "abca");
    set.setUp(static_cast<ReplicaIndex>(1), false);
    CHECK(picks(*policy, set, 4, false) == "caca");
}

TEST_CASE("Least connections takes the idle server, and one that is busy last")
{
    const ReplicaSet set = replicas({1, 1, 1});
    auto policy = makeFastWeightedLeastConnections(set, {}, {});
    Draw draw(1, 0, 0, 0, Purpose::balancerChoice);
    std::string text;
    for (int number = 0; number < 3; ++number) {
        const auto chosen = policy->choose({set, draw});
        policy->assigned(*chosen, Bound::no);
        text += static_cast<char>('a' + raw(*chosen));
    }
    CHECK(text == "abc");
    policy->released({.replica = static_cast<ReplicaIndex>(1)});
    CHECK(*policy->choose({set, draw}) == static_cast<ReplicaIndex>(1));
}

TEST_CASE("Power of two choices prefers the server with fewer requests in flight")
{
    const ReplicaSet set = replicas({1, 1});
    auto policy = makePowerOfTwoChoices(set, {}, {});
    policy->assigned(static_cast<ReplicaIndex>(0), Bound::yes);
    CHECK(picks(*policy, set, 20, false) == std::string(20, 'b'));
}

TEST_CASE("Random gives each server the same share, within four standard deviations")
{
    const std::string text = sequence("random", {1, 1, 1}, 30'000);
    for (const char letter : {'a', 'b', 'c'})
        CHECK(std::abs(std::count(text.begin(), text.end(), letter) - 10'000) < 4 * 82);
}

// What every algorithm in the table must hold to.
TEST_CASE("Every algorithm chooses only servers that take fresh requests, and none where none does")
{
    for (const Algorithm& algorithm : algorithms()) {
        CAPTURE(algorithm.id);
        ReplicaSet set = replicas({1, 1, 1, 1});
        auto policy = algorithm.make(set, Chance {3}, {});
        CHECK(picks(*policy, set, 40, false).find('-') == std::string::npos);
        set.setUp(static_cast<ReplicaIndex>(0), false);
        policy->topologyChanged(set);
        set.setDraining(static_cast<ReplicaIndex>(1), true);
        policy->topologyChanged(set);
        const std::string text = picks(*policy, set, 40, false);
        CHECK(text.find_first_of("ab-") == std::string::npos);
        for (const auto index : {2, 3}) {
            set.setUp(static_cast<ReplicaIndex>(index), false);
            policy->topologyChanged(set);
        }
        CHECK(picks(*policy, set, 4, false) == "----");
        set.setUp(static_cast<ReplicaIndex>(0), true);
        policy->topologyChanged(set);
        CHECK(picks(*policy, set, 8, false) == "aaaaaaaa");
    }
}

TEST_CASE("Every algorithm's clone goes on as the original would have")
{
    for (const Algorithm& algorithm : algorithms()) {
        CAPTURE(algorithm.id);
        const ReplicaSet set = replicas({2, 1, 1});
        auto policy = algorithm.make(set, Chance {3}, {});
        picks(*policy, set, 7, false);
        auto copy = policy->clone();
        CHECK(picks(*copy, set, 20, false) == picks(*policy, set, 20, false));
    }
}

TEST_CASE("A failed replica is avoided where another is left")
{
    for (const char* id : {"haproxy-roundrobin", "haproxy-leastconn", "round-robin", "random"}) {
        CAPTURE(id);
        ReplicaSet set = replicas({1, 1});
        auto policy = findAlgorithm(std::string_view(id))->make(set, Chance {3}, {});
        for (std::uint32_t number = 0; number < 10; ++number) {
            Draw draw(1, 0, number, 0, Purpose::balancerChoice);
            CHECK(*policy->choose({set, draw, static_cast<ReplicaIndex>(0)})
                  == static_cast<ReplicaIndex>(1));
        }
        set.setUp(static_cast<ReplicaIndex>(1), false);
        policy->topologyChanged(set);
        Draw draw(1, 0, 0, 0, Purpose::balancerChoice);
        CHECK(*policy->choose({set, draw, static_cast<ReplicaIndex>(0)})
              == static_cast<ReplicaIndex>(0));
    }
}
