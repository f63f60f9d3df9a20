// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a lab's end leaves behind: no connection, no open file, no thread.
#include "sim/lab/lab_world.h"
#include "tests/support/scenarios.h"
#include "tests/support/wait_until.h"

#include <doctest/doctest.h>
#include <filesystem>

using namespace stickyscope;

namespace {

std::size_t entriesOf(const std::string& folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator {}));
}

// Balancers of two kinds, some side by side, behind a cache, with checks, and asked over TLS by
// clients whose connections stay open.
std::shared_ptr<Scenario> everything()
{
    return test::scenarioFrom(R"(
version: 1
duration: 600s
origin: https://app.example
cache: stores-cookies
replicas: [{name: a, service-time: 0s}, {name: b, service-time: 0s}, {name: c, service-time: 0s}]
balancer: {product: haproxy, count: 2, servers: [a, inner], health-check: {every: 1s},
           sticky: {cookie: FRONT}}
balancers: [{name: inner, product: traefik, servers: [b, c], sticky: {cookie: lb}}]
clients:
  - {name: browser, kind: browser, count: 3, think-time: 50ms}
  - {name: ws, kind: websocket, count: 3, think-time: 50ms, connection-lifetime: 60s}
)");
}

// Of the whole program, while nothing else runs in it.
void runOnce()
{
    auto lab = lab::makeLab(everything(), {});
    REQUIRE_MESSAGE(lab, lab.error());
    REQUIRE(waitUntil(
        [&] {
            lab->experiment.advance(std::chrono::milliseconds(10));
            const ExperimentResult result = lab->experiment.result();
            return result.lanes[0].answered > 20 && result.lanes[1].answered > 20;
        },
        std::chrono::seconds(20)));
    CHECK(lab->experiment.result().lanes[1].failed == 0);
}

} // namespace

TEST_CASE("Several balancers over https, with a cache, leave nothing behind")
{
    runOnce(); // what the program keeps for ever is there from now on
    const std::size_t files = entriesOf("/proc/self/fd");
    const std::size_t threads = entriesOf("/proc/self/task");
    // What a lab left behind would add up; a descriptor or two of a library's thread come at any
    // time.
    constexpr std::size_t runs = 4;
    for (std::size_t run = 0; run < runs; ++run)
        runOnce();
    CHECK(waitUntil([&] { return entriesOf("/proc/self/fd") < files + runs; }));
    CHECK(waitUntil([&] { return entriesOf("/proc/self/task") < threads + runs; }));
}
