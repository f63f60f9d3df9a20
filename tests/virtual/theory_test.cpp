// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual world against queueing theory.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// The wait of each request: its latency less its own demand.
class Waits final : public ObservationSink
{
public:
    Waits(std::uint64_t seed, Distribution service)
        : m_chance {seed}
        , m_service(service)
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations) {
            if (one.kind != ObservationKind::answered)
                continue;
            Draw draw = m_chance.draw(one.client, one.ordinal, Purpose::serviceTime);
            m_sum += one.value - m_service(draw);
            ++m_count;
        }
    }

    double meanSeconds() const { return inSeconds(m_sum) / static_cast<double>(m_count); }

private:
    Chance m_chance;
    Distribution m_service;
    Duration m_sum {};
    std::uint64_t m_count = 0;
};

} // namespace

TEST_CASE("Waiting times of M/M/1 are the theory's: half-width at most 1 %, mean within 2 %")
{
    struct Row
    {
        const char* rate;
        double load;
        const char* duration;
    };
    for (const Row& row : {Row {"500/s", 0.5, "600s"}, Row {"800/s", 0.8, "1000s"}}) {
        const auto scenario =
            scenarioFrom(std::string("version: 1\nduration: ") + row.duration + R"(
replicas: [{name: a, slots: 1, queue: 1000000, service-time: {exponential: 1ms}}]
balancer: {product: plain, algorithm: random}
clients: [{name: x, kind: curl, rate: )"
                         + row.rate + R"(}]
lanes: [{name: "off", sticky: none}]
)");
        double sum = 0;
        double squares = 0;
        constexpr int seeds = 30;
        for (int seed = 1; seed <= seeds; ++seed) {
            auto seeded = std::make_shared<Scenario>(*scenario);
            seeded->seed = static_cast<std::uint64_t>(seed);
            VirtualWorld world(seeded, LaneIndex {0});
            Waits waits(seeded->seed, seeded->replicas[0].serviceTime);
            world.advance(Instant(seeded->duration), waits);
            sum += waits.meanSeconds();
            squares += waits.meanSeconds() * waits.meanSeconds();
        }
        const double mean = sum / seeds;
        const double deviation = std::sqrt((squares - seeds * mean * mean) / (seeds - 1));
        const double t = boost::math::quantile(boost::math::students_t(seeds - 1), 0.975);
        const double halfWidth = t * deviation / std::sqrt(static_cast<double>(seeds));
        const double theory = row.load / (1 - row.load) * 0.001;
        MESSAGE("load " << row.load << ": mean wait " << mean * 1000 << " ms, theory "
                        << theory * 1000 << " ms, 95 % half-width " << halfWidth / mean * 100
                        << " %");
        CHECK(halfWidth / mean <= 0.01);
        CHECK(std::abs(mean / theory - 1) <= 0.02);
    }
}
