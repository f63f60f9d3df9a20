// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/trial.h"

#include <algorithm>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

Settings factor(std::int64_t hundredths)
{
    Settings settings;
    settings.set("hash-balance-factor", hundredths);
    return settings;
}

// How many requests of one key each server has when so many are under way.
std::vector<int> held(const std::string& id, std::int64_t hundredths,
                      const std::vector<int>& weights, int count)
{
    Trial trial(id, weights, factor(hundredths));
    std::vector<int> all(weights.size());
    for (int number = 0; number < count; ++number) {
        const ReplicaIndex chosen = trial.choose("one key").value();
        trial.policy->assigned(chosen, Bound::no, {});
        ++all[raw(chosen)];
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("Envoy's hash_balance_factor leaves no server more than its part of the requests")
{
    for (const std::string id : {"envoy-ring-hash", "envoy-maglev"}) {
        CAPTURE(id);
        CHECK(held(id, 0, {1, 1, 1}, 30) == std::vector {0, 0, 30});
        // The factor times the mean, rounded up, and one: who has as many may have one more.
        const auto bounded = held(id, 150, {1, 1, 1}, 30);
        CHECK(bounded.back() <= 16);
        CHECK(bounded.back() >= 15);
        CHECK(held(id, 100, {1, 1, 1}, 30).back() <= 11);
    }
}

TEST_CASE("A key that is sent on goes to the same server each time")
{
    Trial trial("envoy-ring-hash", {1, 1, 1, 1, 1}, factor(100));
    const ReplicaIndex first = trial.choose("key").value();
    for (int number = 0; number < 2; ++number)
        trial.policy->assigned(first, Bound::no, {});
    const ReplicaIndex next = trial.choose("key").value();
    CHECK(next != first);
    for (int number = 0; number < 20; ++number)
        CHECK(trial.choose("key") == next);
    trial.policy->released({.replica = first});
    CHECK(trial.choose("key") == first);
}

TEST_CASE("Weights count for hash_balance_factor")
{
    Trial trial("envoy-maglev", {8, 1, 1}, factor(100));
    std::vector<int> all(3);
    for (int number = 0; number < 200; ++number) {
        const ReplicaIndex chosen = trial.choose("key " + std::to_string(number)).value();
        trial.policy->assigned(chosen, Bound::no, {});
        ++all[raw(chosen)];
    }
    // Of 200: eight tenths and a tenth, rounded up, and one.
    CHECK(all[0] <= 161);
    CHECK(all[1] <= 21);
    CHECK(all[2] <= 21);
}
