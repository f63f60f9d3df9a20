// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// As measured on Apache 2.4.71 (tests/interop/broken_off.py).
#include "tests/support/lone_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

BalancerSpec apacheWith(Settings settings)
{
    return {.product = "apache", .sticky = std::nullopt, .settings = std::move(settings)};
}

} // namespace

TEST_CASE("maxattempts says to how many further members a request goes")
{
    const auto first = [](std::optional<std::int64_t> attempts) {
        BalancerSpec spec = apacheWith({});
        if (attempts)
            spec.settings.set("maxattempts", *attempts);
        LoneTrial trial(spec);
        trial.faults = {{'a', Fault::refused}, {'b', Fault::refused}};
        return trial.ask();
    };
    CHECK(first(0) == "a 503");
    CHECK(first(1) == "ab 503");
    CHECK(first(2) == "abc 200");
    CHECK(first({}) == "abc 200");
}

TEST_CASE("failonstatus puts a member in error, and the client gets its answer")
{
    LoneTrial trial(apacheWith({{"failonstatus", text("500 503")}}));
    trial.statuses['a'] = 503;
    CHECK(trial.ask() == "a 503");
    for (const char* next : {"b 200", "c 200", "b 200", "c 200", "b 200"})
        CHECK(trial.ask() == next);
    LoneTrial other(apacheWith({{"failonstatus", text("500")}}));
    other.statuses['a'] = 503;
    for (const char* next : {"a 503", "b 200", "c 200", "a 503"})
        CHECK(other.ask() == next);
}

TEST_CASE(
    "Where all members are in error Apache asks them again, without forcerecovery it does not")
{
    LoneTrial off(apacheWith({{"failonstatus", text("503")}, {"forcerecovery", false}}));
    off.statuses = {{'a', 503}, {'b', 503}, {'c', 503}};
    for (const char* next : {"a 503", "b 503", "c 503", "503", "503"})
        CHECK(off.ask() == next);
    LoneTrial on(apacheWith({{"failonstatus", text("503")}}));
    on.statuses = off.statuses;
    // As the real one turns then: r1 r2 r3 r3 r2 r1.
    for (const char* next : {"a 503", "b 503", "c 503", "c 503", "b 503", "a 503"})
        CHECK(on.ask() == next);
}
