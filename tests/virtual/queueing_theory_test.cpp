// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Mean times in system of the virtual world against queueing theory: thirty seeds each, whose
// run lengths are chosen so that the 95 % half-width is at most 1 %, 2 % at a load of 0.95.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <doctest/doctest.h>
#include <vector>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// The mean latency of the requests that are answered after the warm-up, in milliseconds.
class MeanLatency final : public ObservationSink
{
public:
    explicit MeanLatency(Instant from)
        : m_from(from)
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations) {
            m_failed = m_failed || one.kind == ObservationKind::failed;
            if (one.kind != ObservationKind::answered || one.at < m_from)
                continue;
            m_sum += one.value;
            ++m_count;
        }
    }

    bool failed() const { return m_failed; } ///< a queue was full
    double milliseconds() const { return inMilliseconds(m_sum) / static_cast<double>(m_count); }

private:
    Instant m_from;
    Duration m_sum {};
    std::int64_t m_count = 0;
    bool m_failed = false;
};

struct Estimate
{
    double mean = 0;
    double halfWidth = 0; ///< of the 95 % interval
};

Estimate estimate(const std::vector<double>& samples)
{
    const auto count = static_cast<double>(samples.size());
    double mean = 0;
    for (const double sample : samples)
        mean += sample / count;
    double squares = 0;
    for (const double sample : samples)
        squares += (sample - mean) * (sample - mean);
    const double t = boost::math::quantile(boost::math::students_t(count - 1), 0.975);
    return {mean, t * std::sqrt(squares / (count - 1) / count)};
}

struct Station
{
    std::string balancer = "{product: plain, algorithm: random}";
    int replicas = 1;
    int slotCount = 1;
    int queue = 1'000'000;
    std::string service = "{exponential: 1ms}";
    double load = 0.5;
    double millions = 1; ///< requests in all seeds together
    Duration warmUp = std::chrono::seconds(1); ///< of each seed, not counted
};

Estimate measured(const Station& station)
{
    const double rate = station.load * 1000 * station.replicas * station.slotCount;
    constexpr int seeds = 30;
    const auto milliseconds =
        static_cast<std::int64_t>(station.millions * 1e6 / seeds / rate * 1000);
    std::string replicas;
    for (int number = 0; number < station.replicas; ++number)
        replicas += "  - {name: r" + std::to_string(number) + ", slots: "
            + std::to_string(station.slotCount) + ", queue: " + std::to_string(station.queue)
            + ", service-time: " + station.service + "}\n";
    const auto scenario = scenarioFrom(
        "version: 1\nduration: " + std::to_string(milliseconds) + "ms\nreplicas:\n" + replicas
        + "balancer: " + station.balancer + "\nclients: [{name: x, kind: curl, rate: "
        + std::to_string(static_cast<int>(std::lround(rate)))
        + "/s}]\nlanes: [{name: \"off\", sticky: none}]\n");
    std::vector<double> means;
    for (int seed = 1; seed <= seeds; ++seed) {
        auto seeded = std::make_shared<Scenario>(*scenario);
        seeded->seed = static_cast<std::uint64_t>(seed);
        VirtualWorld world(seeded, LaneIndex {0});
        world.setFlightsObserved(false);
        MeanLatency latency(Instant(station.warmUp));
        world.advance(Instant(seeded->duration), latency);
        CHECK_FALSE(latency.failed());
        means.push_back(latency.milliseconds());
    }
    return estimate(means);
}

void check(const std::string& what, const Station& station, double theory)
{
    const Estimate seen = measured(station);
    const double limit = station.load > 0.9 ? 0.02 : 0.01;
    const double off = seen.mean / theory - 1;
    MESSAGE(what << ", load " << station.load << ": " << seen.mean << " ms, theory " << theory
                 << " ms, off by " << off * 100 << " %, 95 % half-width "
                 << seen.halfWidth / theory * 100 << " %");
    CHECK(seen.halfWidth / theory <= limit);
    CHECK(std::abs(off) <= limit);
}

// M/M/c: Erlang's C, by the recursion of his B. Mean service time 1.
double timeInErlangC(int servers, double load)
{
    const double offered = load * servers;
    double blocked = 1;
    for (int number = 1; number <= servers; ++number)
        blocked = offered * blocked / (number + offered * blocked);
    const double waits = blocked / (1 - load * (1 - blocked));
    return 1 + waits / (servers * (1 - load));
}

// M/G/1: Pollaczek and Khinchine. `variability` is the squared coefficient of variation.
double timeInPollaczekKhinchine(double variability, double load)
{
    return 1 + load * (1 + variability) / (2 * (1 - load));
}

// Two servers, each arrival joins the shorter queue: the chain of both lengths, cut where it is
// rarer than 1e-7, solved by going over the balance equations until nothing changes.
double timeInShorterOfTwo(double load)
{
    constexpr int most = 90;
    const double arrivals = 2 * load;
    std::vector<double> chain(static_cast<std::size_t>((most + 1) * (most + 1)), 1);
    const auto at = [&chain](int one, int other) -> double& {
        return chain[static_cast<std::size_t>(one * (most + 1) + other)];
    };
    // What an arrival adds to the first queue.
    const auto joins = [arrivals](int first, int second) {
        return first < second ? arrivals : first == second ? arrivals / 2 : 0.0;
    };
    double change = 1;
    while (change > 1e-10) {
        change = 0;
        double total = 0;
        for (int one = 0; one <= most; ++one) {
            for (int other = 0; other <= most; ++other) {
                double in = 0;
                if (one > 0)
                    in += at(one - 1, other) * joins(one - 1, other);
                if (other > 0)
                    in += at(one, other - 1) * joins(other - 1, one);
                if (one < most)
                    in += at(one + 1, other);
                if (other < most)
                    in += at(one, other + 1);
                const bool full = one == most && other == most;
                const double out = (full ? 0 : arrivals) + (one > 0 ? 1 : 0) + (other > 0 ? 1 : 0);
                const double now = in / out;
                change = std::max(change, std::abs(now - at(one, other)));
                at(one, other) = now;
                total += now;
            }
        }
        for (double& probability : chain)
            probability /= total;
    }
    double inSystem = 0;
    for (int one = 0; one <= most; ++one) {
        for (int other = 0; other <= most; ++other)
            inSystem += (one + other) * at(one, other);
    }
    return inSystem / arrivals; // Little
}

// Power of two choices among very many servers (Mitzenmacher, 1996).
double timeInPowerOfTwo(double load)
{
    double sum = 0;
    for (int level = 1; level < 12; ++level)
        sum += std::pow(load, std::pow(2, level) - 2);
    return sum;
}

constexpr std::array loads {0.5, 0.8, 0.9, 0.95};

} // namespace

TEST_CASE("M/M/c takes as long as Erlang says")
{
    struct Row
    {
        int servers;
        std::array<double, loads.size()> millions;
    };
    for (const Row& row : {Row {1, {0.7, 7, 20, 20}}, Row {2, {0.4, 4.5, 18, 19}},
                           Row {5, {0.3, 2.5, 12, 18}}, Row {20, {0.6, 1.6, 4, 10}}}) {
        for (std::size_t number = 0; number < loads.size(); ++number)
            check(
                "M/M/" + std::to_string(row.servers),
                {.slotCount = row.servers, .load = loads[number], .millions = row.millions[number]},
                timeInErlangC(row.servers, loads[number]));
    }
}

TEST_CASE("M/G/1 takes as long as Pollaczek and Khinchine say")
{
    using std::chrono::milliseconds;
    const double sigma = lognormalSigma(milliseconds(1), milliseconds(3));
    struct Row
    {
        const char* service;
        double variability;
        std::array<double, loads.size()> millions;
    };
    for (const Row& row : {Row {"1ms", 0, {0.3, 3, 11, 13}},
                           Row {"{uniform: [500us, 1500us]}", 1.0 / 12, {0.3, 3, 12, 14}},
                           Row {"{lognormal: {mean: 1ms, p99: 3ms}}",
                                std::exp(sigma * sigma) - 1,
                                {0.4, 3.2, 14, 16}}}) {
        for (std::size_t number = 0; number < loads.size(); ++number)
            check(std::string("M/G/1 with ") + row.service,
                  {.service = row.service, .load = loads[number], .millions = row.millions[number]},
                  timeInPollaczekKhinchine(row.variability, loads[number]));
    }
}

TEST_CASE("Least connections between two servers takes as long as joining the shorter queue")
{
    const std::array millions {0.5, 4.0, 16.0, 19.0};
    for (std::size_t number = 0; number < loads.size(); ++number)
        check("the shorter of two",
              {.balancer = "{product: haproxy, algorithm: leastconn}",
               .replicas = 2,
               .load = loads[number],
               .millions = millions[number]},
              timeInShorterOfTwo(loads[number]));
}

TEST_CASE("Power of two choices among a thousand servers is within 1 % of its limit")
{
    struct Row
    {
        double load;
        double millions;
        std::chrono::milliseconds warmUp;
    };
    using std::chrono_literals::operator""ms;
    for (const Row& row : {Row {0.5, 6, 60ms}, {0.8, 6, 60ms}, {0.9, 6, 60ms}, {0.95, 15, 200ms}})
        check("power of two choices",
              {.balancer = "{product: traefik, algorithm: p2c}",
               .replicas = 1000,
               .queue = 1000,
               .load = row.load,
               .millions = row.millions,
               .warmUp = row.warmUp},
              timeInPowerOfTwo(row.load));
}
