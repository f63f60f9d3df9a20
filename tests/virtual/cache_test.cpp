// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A cache in front of the balancer, in virtual time.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Who answers, once everybody has asked for something.
std::set<std::uint32_t> answering(const std::string& pageOfOthers)
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 60s
cache: stores-cookies
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, algorithm: wrr, sticky: {cookie: lb}}
clients:
  - {name: some, kind: browser, count: 6, think-time: {exponential: 400ms}}
  - {name: others, kind: browser, count: 6, think-time: {exponential: 400ms}, path: )"
                                       + pageOfOthers + "}\n");
    const auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder recorder;
    world->advance(Instant(scenario->duration), recorder);
    std::set<std::uint32_t> replicas;
    for (const Observation& one : recorder.all) {
        if (one.kind == ObservationKind::answered && one.ordinal > 0)
            replicas.insert(raw(one.replica));
    }
    return replicas;
}

} // namespace

TEST_CASE("A cache has one cookie for each page, whichever group of clients asks for it")
{
    CHECK(answering("/").size() == 1);
    CHECK(answering("/other").size() == 2);
}
