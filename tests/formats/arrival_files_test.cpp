// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/arrival_files.h"

#include "tests/support/folder.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

TEST_CASE("A trace is read line by line, with notes and empty lines between")
{
    const auto times = readArrivals("# seconds\n0\n 0.25 \r\n\n0.25\n12.5\n", "t");
    REQUIRE(times);
    CHECK(*times == std::vector<Duration> {0s, 250ms, 250ms, 12500ms});
    CHECK(readArrivals("", "t")->empty());
}

TEST_CASE("A trace's bad line is named")
{
    CHECK(readArrivals("1\n x\n", "t").error()
          == "t:2:2: this must be a time in seconds, such as 12.5, up to a year");
    CHECK(readArrivals("-1\n", "t").error().starts_with("t:1:1: this must be a time"));
    CHECK(readArrivals("1e3\n", "t").error().starts_with("t:1:1: this must be a time"));
    CHECK(readArrivals("99999999\n", "t").error().starts_with("t:1:1: this must be a time"));
    CHECK(readArrivals("2\n1\n", "t").error()
          == "t:2:1: the times stand in their order: this one is earlier than the last");
}

TEST_CASE(
    "A scenario gets its traces from beside it, each of its lanes too; a missing one is named")
{
    const Folder folder;
    folder.write("times.txt", "1\n2\n3\n");
    const auto scenario = scenarioFrom(R"(
version: 1
replicas: [{name: a}]
balancer: {product: traefik}
clients: [{name: x, kind: load, trace: times.txt}]
lanes: [{name: one}, {name: other, with: {travel: 1ms}}]
)");
    CHECK(arrivalFilesOf(*scenario) == std::vector<std::string> {"times.txt"});
    const auto filled = withArrivals(*scenario, folder.path());
    REQUIRE(filled);
    CHECK(filled->clients[0].arrivals->size() == 3);
    CHECK(filled->lanes[1].own->clients[0].arrivals->size() == 3);
    CHECK(*filled == *scenario);
    folder.write("times.txt", "x");
    CHECK(withArrivals(*scenario, folder.path()).error().starts_with("times.txt:1:1: "));
    CHECK(withArrivals(*scenario, folder.path() / "nowhere").error().starts_with("times.txt: "));
}
