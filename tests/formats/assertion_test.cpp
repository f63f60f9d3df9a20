// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/assertion.h"

#include "sim/formats/result_json.h"

#include <doctest/doctest.h>

using namespace stickyscope;

namespace {

std::string document()
{
    ExperimentResult result;
    for (const char* name : {"off", "on"}) {
        LaneResult& lane = result.lanes.emplace_back();
        lane.name = name;
        lane.requests = 100;
        lane.stickiness = lane.name == "on" ? 1.0 : 0.25;
        lane.failures.at(static_cast<std::size_t>(Failure::timedOut)) = 2;
        lane.replicas = {{.name = "a.b", .requests = 60, .share = 0.6}, {.name = "c"}};
        lane.clients = {{.name = "x", .kind = "browser", .replicas = {60, 0}}};
    }
    return toJson(result);
}

Assertion::Finding check(const char* text)
{
    const auto assertion = Assertion::parse(text);
    REQUIRE(assertion);
    return assertion->check(document());
}

using Found = Assertion::Finding::Kind;

} // namespace

TEST_CASE("An assertion holds, fails with what was found, or names nothing")
{
    CHECK(check("on.stickiness >= 0.99").kind == Found::holds);
    CHECK(check("requests == 100").kind == Found::holds);
    CHECK(check("on.replicas.a.b.share < 0.61").kind == Found::holds);
    const auto fails = check("stickiness > 0.5");
    CHECK(fails.kind == Found::fails);
    CHECK(fails.sentence == "'stickiness > 0.5' does not hold: in lane off it is 0.25");
    const auto nothing = check("on.colour > 1");
    CHECK(nothing.kind == Found::namesNothing);
    CHECK(nothing.sentence == "'on.colour > 1' names no number that lane on has");
    const auto nobody = check("x.stickiness > 0");
    CHECK(nobody.kind == Found::namesNothing);
    CHECK(nobody.sentence
          == "'x.stickiness > 0' names neither a lane (off, on) nor a number that lanes have");
    CHECK(check("onn.stickiness > 1").kind == Found::namesNothing);
    CHECK(check("on.replicas.d.share > 0").kind == Found::namesNothing);
    CHECK(check("on.sticky == 1").kind == Found::namesNothing);
    CHECK(check("on.ledger_kind == 1").kind == Found::namesNothing);
}

TEST_CASE("What did not occur is 0, and what has no value yet does not hold")
{
    CHECK(check("on.failures.timed-out == 2").kind == Found::holds);
    CHECK(check("on.failures.balancer-502 == 0").kind == Found::holds);
    CHECK(check("on.failures.colour == 0").kind == Found::namesNothing);
    CHECK(check("on.clients.x.replicas.c == 0").kind == Found::holds);
    CHECK(check("on.clients.x.replicas.d == 0").kind == Found::namesNothing);
    CHECK(check("on.latency_ms.p99 < 5").kind == Found::fails);
    CHECK(check("on.latency_ms.p98 < 5").kind == Found::namesNothing);
    CHECK(check("on.replicas.c.share < 5").kind == Found::fails);
}

TEST_CASE("An assertion without a comparison cannot be read")
{
    CHECK_FALSE(Assertion::parse("sticky!"));
    CHECK_FALSE(Assertion::parse("on.stickiness >= much"));
    CHECK_FALSE(Assertion::parse(">= 1"));
}
