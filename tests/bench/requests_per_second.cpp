// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests per processor-second of what `stickyscope run --json` does, without stickiness and with
// Traefik's cookie, beside a bare loop of the same model: the same heap and the same draws, two
// events a request, nothing recorded. Run by tests/bench/run, which adds SimPy's figure.
#include "sim/experiment/experiment.h"
#include "sim/formats/result_json.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/virtual/event_queue.h"

#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

using namespace stickyscope;

namespace {

// 10 replicas of 4 slots at some 70 % load, two choices, sessions of 20 requests.
constexpr int replicas = 10;
constexpr int slots = 4;
constexpr int clients = 300;
constexpr double thinkSeconds = 1.0;
constexpr double serviceSeconds = 0.1;
constexpr double seconds = 2500;

double processorSeconds()
{
    timespec now {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// splitmix64 (Steele, Lea and Flood, 2014): as cheap as a draw can be.
struct Generator
{
    std::uint64_t state = 1;
    std::uint64_t operator()()
    {
        std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return ~result_type {0}; }
    Duration exponential(double mean)
    {
        // Boost's ziggurat, as the model uses.
        boost::random::exponential_distribution<double> unit;
        return Duration {static_cast<Duration::rep>(unit(*this) * mean * 1e9)};
    }
    std::uint8_t below(std::uint32_t bound)
    {
        return static_cast<std::uint8_t>((((*this)() >> 32U) * bound) >> 32U);
    }
};

std::uint32_t wrapped(std::uint32_t place)
{
    return place < clients ? place : place - clients;
}

std::uint64_t bareLoop()
{
    struct Replica
    {
        int inFlight = 0;
        std::vector<std::uint32_t> waiting = std::vector<std::uint32_t>(clients); ///< a ring
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };
    Generator draw;
    EventQueue events;
    std::array<Replica, replicas> all;
    std::vector<std::uint8_t> at(clients);
    std::uint64_t served = 0;
    for (std::uint32_t client = 0; client < clients; ++client)
        events.push(Instant(draw.exponential(thinkSeconds)), EventKind::clientSends, client);
    const Instant end {Duration {static_cast<Duration::rep>(seconds * 1e9)}};
    while (events.top().at <= end) {
        const Event event = events.pop();
        if (event.kind() == EventKind::clientSends) {
            const std::uint8_t one = draw.below(replicas);
            const std::uint8_t other = draw.below(replicas);
            const std::uint8_t chosen = all[other].inFlight < all[one].inFlight ? other : one;
            at[event.index] = chosen;
            if (all[chosen].inFlight++ < slots)
                events.push(event.at + draw.exponential(serviceSeconds), EventKind::serviceEnds,
                            event.index);
            else
                all[chosen].waiting[wrapped(all[chosen].first + all[chosen].count++)] = event.index;
            continue;
        }
        ++served;
        Replica& replica = all[at[event.index]];
        --replica.inFlight;
        if (replica.count > 0) {
            events.push(event.at + draw.exponential(serviceSeconds), EventKind::serviceEnds,
                        replica.waiting[replica.first]);
            replica.first = wrapped(replica.first + 1);
            --replica.count;
        }
        events.push(event.at + draw.exponential(thinkSeconds), EventKind::clientSends, event.index);
    }
    return served;
}

std::shared_ptr<const Scenario> scenarioWith(const std::string& lane)
{
    std::string yaml =
        "version: 1\nduration: " + std::to_string(static_cast<int>(seconds)) + "s\nreplicas:\n";
    for (int number = 1; number <= replicas; ++number)
        yaml += "  - {name: r" + std::to_string(number) + ", slots: " + std::to_string(slots)
            + ", queue: 10000, service-time: {exponential: 100ms}}\n";
    yaml += "balancer: {product: traefik, algorithm: p2c, sticky: {cookie: lb}}\nclients: [{name: "
            "c, kind: browser, count: "
        + std::to_string(clients)
        + ", think-time: {exponential: 1s}, session: {requests: 20}}]\nlanes: [" + lane + "]\n";
    const auto read = readScenario(yaml, "bench");
    return std::make_shared<Scenario>(*read);
}

std::uint64_t ours(const std::string& lane)
{
    Experiment experiment = makeVirtualExperiment(scenarioWith(lane), {});
    experiment.advance(experiment.scenario().duration);
    const auto result = experiment.result();
    if (toJson(result).empty())
        return 0;
    return result.lanes[0].requests;
}

double rateOf(const std::function<std::uint64_t()>& run)
{
    const double before = processorSeconds();
    const std::uint64_t requests = run();
    return static_cast<double>(requests) / (processorSeconds() - before);
}

} // namespace

int main()
{
    // Side by side and several times over: the machine's mood falls on all alike.
    for (int round = 0; round < 5; ++round) {
        const double bare = rateOf(bareLoop);
        const double off = rateOf([] { return ours("{name: \"off\", sticky: none}"); });
        const double on = rateOf([] { return ours("{name: on}"); });
        std::printf("bare %.0f off %.0f on %.0f off/bare %.3f on/bare %.3f\n", bare, off, on,
                    off / bare, on / bare);
        std::fflush(stdout);
    }
    return 0;
}
