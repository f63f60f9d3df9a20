// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How algorithms treat servers that are busy, slow, or new.
#include "tests/support/trial.h"

#include <algorithm>
#include <cmath>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

double partAt(Trial& trial, char replica, int count = 100'000)
{
    const std::string picks = trial.fresh(count);
    return static_cast<double>(std::count(picks.begin(), picks.end(), replica)) / count;
}

void answered(Trial& trial, char replica, Duration took, Duration now = {})
{
    trial.hold(replica);
    trial.policy->released({.replica = Trial::at(replica), .took = took, .now = Instant(now)});
}

} // namespace

TEST_CASE("Of two servers Envoy's two choices pick the busy one a quarter of the time")
{
    Trial trial("envoy-least-request", {1, 1});
    trial.hold('a');
    CHECK(partAt(trial, 'a') == doctest::Approx(0.25).epsilon(0.02));
    Settings four;
    four.set("choice-count", std::int64_t {4});
    Trial choosy("envoy-least-request", {1, 1}, four);
    choosy.hold('a');
    CHECK(partAt(choosy, 'a') == doctest::Approx(1.0 / 16).epsilon(0.04));
}

TEST_CASE("Those who look at all, or at two that differ, never pick the busier of two servers")
{
    Settings fullScan;
    fullScan.set("full-scan", true);
    for (const std::string id : {"envoy-least-request", "traefik-p2c", "least-connections",
                                 "nginx-least-conn", "nginx-random-two", "haproxy-leastconn"}) {
        CAPTURE(id);
        Trial trial(id, {1, 1}, fullScan);
        trial.hold('a');
        CHECK(partAt(trial, 'a', 10'000) == 0);
    }
}

TEST_CASE("Caddy's random choose picks the busy one of three one time in six")
{
    // c is alone in the draw where it takes the only place: one in two that b took a's, one in
    // three that it takes b's.
    Trial trial("caddy-random-choose", {1, 1, 1});
    trial.hold('c');
    CHECK(partAt(trial, 'c') == doctest::Approx(1.0 / 6).epsilon(0.02));
}

TEST_CASE("With a larger bias Envoy keeps further away from busy hosts")
{
    double last = 1;
    for (const double bias : {0.0, 1.0, 2.0}) {
        Settings settings;
        settings.set("active-request-bias", bias);
        Trial trial("envoy-least-request", {2, 1}, settings);
        for (int number = 0; number < 4; ++number)
            trial.hold('a');
        const double part = partAt(trial, 'a', 10'000);
        const double weight = 2 / std::pow(5, bias);
        CHECK(part == doctest::Approx(weight / (weight + 1)).epsilon(0.02));
        CHECK(part < last);
        last = part;
    }
}

TEST_CASE("HAProxy's bounded load leaves no server more than its factor times the mean")
{
    Settings settings;
    settings.set("hash-type", std::string("consistent"));
    settings.set("hash-balance-factor", std::int64_t {150});
    for (const std::vector<int>& weights : {std::vector<int>(10, 1), std::vector {5, 1, 1, 3}}) {
        Trial trial("haproxy-hash", weights, settings);
        int total = 0;
        for (const int weight : weights)
            total += weight;
        std::vector<int> held(weights.size(), 0);
        // A quarter of all requests have one key.
        for (int number = 0; number < 400; ++number) {
            const std::string key = number % 4 == 0 ? "popular" : std::to_string(number);
            const ReplicaIndex chosen = trial.choose(key).value();
            trial.policy->assigned(chosen, Bound::no, {});
            const double mean = static_cast<double>(number + 1) * weights[raw(chosen)] / total;
            CHECK(++held[raw(chosen)] <= std::max(1.0, std::ceil(1.5 * mean) + 1));
        }
        for (std::size_t server = 0; server < weights.size(); ++server)
            CHECK(held[server] <= std::ceil(1.5 * 400 * weights[server] / total));
    }
    // Without a bound the popular key's server has it all.
    Settings unbounded;
    unbounded.set("hash-type", std::string("consistent"));
    Trial trial("haproxy-hash", std::vector<int>(10, 1), unbounded);
    const ReplicaIndex chosen = trial.choose("popular").value();
    for (int number = 0; number < 100; ++number)
        trial.policy->assigned(chosen, Bound::no, {});
    CHECK(trial.choose("popular").value() == chosen);
}

TEST_CASE("HAProxy's random keeps the less busy of its draws")
{
    for (const std::int64_t draws : {1, 2, 5}) {
        Settings settings;
        settings.set("draws", draws);
        Trial trial("haproxy-random", {1, 1}, settings);
        const double part = partAt(trial, 'a');
        trial.hold('a');
        CHECK(partAt(trial, 'a')
              == doctest::Approx(std::pow(part, static_cast<double>(draws))).epsilon(0.05));
    }
}

TEST_CASE("Of HAProxy's draws of equal load the last one takes the request, also by weight")
{
    // The same luck, drawn one at a time.
    const auto agrees = [](const std::vector<int>& weights, const std::vector<int>& held,
                           char heavier) {
        Settings settings;
        settings.set("draws", std::int64_t {2});
        Trial two("haproxy-random", weights, settings);
        settings.set("draws", std::int64_t {1});
        const auto single = findAlgorithm("haproxy-random")->make(two.set, Chance {1}, settings);
        for (std::size_t place = 0; place < held.size(); ++place) {
            for (int number = 0; number < held[place]; ++number)
                two.policy->assigned(static_cast<ReplicaIndex>(place), Bound::no, {});
        }
        int differed = 0;
        for (std::uint32_t request = 0; request < 400; ++request) {
            Draw luck(1, 0, request, 0, Purpose::balancerChoice);
            const auto first = single->choose({two.set, luck, noReplica, {}});
            const auto second = single->choose({two.set, luck, noReplica, {}});
            const auto chosen = two.choose();
            // HAProxy keeps the one before only where the new one has MORE for its weight.
            const bool keeps = heavier != '-' && second == Trial::at(heavier);
            CHECK(chosen == (keeps ? first : second));
            differed += first == second ? 0 : 1;
        }
        CHECK(differed > 50);
    };
    agrees({1, 1}, {0, 0}, '-');
    agrees({1, 1}, {3, 3}, '-');
    agrees({1, 3}, {1, 3}, '-');
    agrees({1, 3}, {2, 3}, 'a');
    agrees({2, 1}, {2, 2}, 'b');
}

TEST_CASE("Traefik's least time prefers the new, then the fast, and leaves bound requests out")
{
    using std::chrono::milliseconds;
    Trial trial("traefik-leasttime", {1, 1, 1});
    answered(trial, 'a', milliseconds(20));
    CHECK(trial.choose().value() != Trial::at('a'));
    answered(trial, 'b', milliseconds(10));
    answered(trial, 'c', milliseconds(30));
    CHECK(trial.hold() == 'b');
    // Two requests at 10 ms are as one at 20 ms.
    const std::string tied {trial.hold(), trial.hold()};
    CHECK((tied == "ab" || tied == "ba"));
    for (int number = 0; number < 10; ++number)
        trial.policy->assigned(Trial::at('c'), Bound::yes, {});
    CHECK(trial.hold() == 'c');
    // The last hundred answers count.
    for (int number = 0; number < 100; ++number)
        answered(trial, 'a', milliseconds(1));
    CHECK(trial.choose().value() == Trial::at('a'));
}

TEST_CASE("EWMA forgets with time: a server that was slow is tried again")
{
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    for (const std::string id : {"ingress-nginx-ewma", "peak-ewma"}) {
        CAPTURE(id);
        Trial trial(id, {1, 1});
        answered(trial, 'a', seconds(2), seconds(1));
        answered(trial, 'b', milliseconds(100), seconds(1));
        const auto pickAt = [&trial](Duration now) {
            Draw draw(1, 0, 99, 0, Purpose::balancerChoice);
            return trial.policy->choose({trial.set, draw, noReplica, {}, Instant(now)}).value();
        };
        CHECK(pickAt(seconds(2)) == Trial::at('b'));
        // b goes on answering slowly; a's two seconds have faded to less.
        answered(trial, 'b', milliseconds(500), seconds(40));
        CHECK(pickAt(seconds(41)) == Trial::at('a'));
    }
}

TEST_CASE("Peak EWMA counts requests in flight, and a slow answer at once")
{
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    Trial trial("peak-ewma", {1, 1});
    answered(trial, 'a', milliseconds(100), seconds(1));
    answered(trial, 'b', milliseconds(150), seconds(1));
    CHECK(trial.fresh(1) == "a");
    trial.hold('a');
    CHECK(trial.hold() == 'b');
    trial.release('a');
    trial.release('b');
    answered(trial, 'a', seconds(1), seconds(1));
    CHECK(trial.fresh(1) == "b");
}
