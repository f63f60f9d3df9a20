// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of every algorithm whatever happens to its replicas.
#include "tests/support/trial.h"

#include <rapidcheck.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

struct Variant
{
    std::string id;
    Settings settings;
};

std::vector<Variant> variants()
{
    std::vector<Variant> all;
    for (const Algorithm& algorithm : algorithms())
        all.push_back({std::string(algorithm.id), {}});
    Settings bounded;
    bounded.set("hash-type", std::string("consistent"));
    bounded.set("hash-balance-factor", std::int64_t {120});
    Settings fullScan;
    fullScan.set("full-scan", true);
    all.push_back({"haproxy-source", bounded});
    all.push_back({"haproxy-hash", bounded});
    all.push_back({"envoy-least-request", fullScan});
    // A smaller table is built faster.
    for (Variant& variant : all)
        variant.settings.set("table-size", std::int64_t {251});
    return all;
}

// Things that happen to replicas and requests, one after the other.
class Course
{
public:
    explicit Course(const Variant& variant)
        : trial(variant.id, *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, 6)),
                variant.settings)
    {
    }

    void step()
    {
        const char some =
            static_cast<char>('a' + *rc::gen::inRange<std::size_t>(0, trial.set.size()));
        switch (*rc::gen::inRange(0, 8)) {
        case 0:
            trial.setUp(some, *rc::gen::arbitrary<bool>());
            break;
        case 1:
            trial.setDraining(some, *rc::gen::arbitrary<bool>());
            break;
        case 2:
            trial.setWeight(some, *rc::gen::inRange(0, 6));
            break;
        case 3:
            if (trial.set.size() < 8)
                trial.add(*rc::gen::inRange(0, 6));
            break;
        case 4:
            assign(Trial::at(some), Bound::yes);
            break;
        case 5:
            end();
            break;
        default:
            pick();
        }
    }

    // A pick is usable, there is one where somebody is, and it is not who is to be avoided.
    void pick()
    {
        const std::size_t left = trial.set.takingFresh();
        const auto avoid =
            static_cast<ReplicaIndex>(*rc::gen::inRange<std::size_t>(0, trial.set.size()));
        const std::string key = std::to_string(*rc::gen::inRange(0, 50));
        const auto copy = trial.policy->clone();
        const auto chosen = trial.choose(key, avoid);
        RC_ASSERT(chosen.has_value() == (left > 0));
        if (!chosen)
            return;
        RC_ASSERT(trial.set[*chosen].takesFresh());
        RC_ASSERT(*chosen != avoid || left == 1);
        // The clone, at the same moment and with the same luck, chose the same.
        RC_ASSERT(trial.chooseAgain(*copy, key, avoid) == chosen);
        assign(*chosen, Bound::no);
    }

    Trial trial;

private:
    void assign(ReplicaIndex replica, Bound bound)
    {
        trial.policy->assigned(replica, bound, {});
        m_inFlight.push_back({.replica = replica, .bound = bound});
    }

    void end()
    {
        if (m_inFlight.empty())
            return;
        const auto which = *rc::gen::inRange<std::size_t>(0, m_inFlight.size());
        Ended ended = m_inFlight[which];
        ended.answered = *rc::gen::arbitrary<bool>();
        ended.took = std::chrono::milliseconds(*rc::gen::inRange(0, 1000));
        m_inFlight.erase(m_inFlight.begin() + static_cast<std::ptrdiff_t>(which));
        trial.policy->released(ended);
    }

    std::vector<Ended> m_inFlight;
};

} // namespace

TEST_CASE(
    "No algorithm picks who takes nothing, and clones agree, whatever happens to the replicas")
{
    for (const Variant& variant : variants()) {
        CAPTURE(variant.id);
        CHECK(rc::check([&variant] {
            Course course(variant);
            const int steps = *rc::gen::inRange(0, 60);
            for (int step = 0; step < steps; ++step)
                course.step();
            course.pick();
        }));
    }
}

TEST_CASE("Equal keys stay at one replica while the set is unchanged, whatever else goes on")
{
    for (const Variant& variant : variants()) {
        if (!findAlgorithm(std::string_view(variant.id))->hashes
            || variant.settings.has("hash-balance-factor"))
            continue;
        CAPTURE(variant.id);
        CHECK(rc::check([&variant] {
            // nginx's hash leaves a key to round robin after twenty misses: not all may be down,
            // and the address may be none at which its ip_hash stands still (192.0.107.x: always
            // 89).
            Trial trial(variant.id, {2, 1, 3, 1}, variant.settings);
            trial.setUp(static_cast<char>('a' + *rc::gen::inRange(0, 4)), false);
            const std::string key = "203.0." + std::to_string(*rc::gen::inRange(0, 256)) + ".1";
            const char home = trial.fresh(key);
            for (int number = 0; number < 10; ++number) {
                trial.fresh("198.51." + std::to_string(*rc::gen::inRange(0, 256)) + ".1");
                trial.bound(static_cast<char>('a' + *rc::gen::inRange(0, 4)));
                RC_ASSERT(trial.fresh(key) == home);
            }
        }));
    }
}
