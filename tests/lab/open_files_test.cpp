// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/open_files.h"

#include "tests/lab/proxy_trial.h"
#include "tests/lab/scarce_files.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

TEST_CASE("As many connections are taken as open files are enough for, and no more is said of it")
{
    lab::ProxyLimits limits;
    CHECK(lab::keepWithin(limits, 20'000).empty());
    CHECK(limits.connections == 2'000);
    CHECK(lab::keepWithin(limits, 1'024)
          == "at most 448 connections at once, not 2000: more files may not be open here "
             "(ulimit -Hn)");
    CHECK(limits.connections == 448);
    CHECK(lab::keepWithin(limits, 1'024).empty());
    for (std::size_t files = 0; files < 5'000; files += 7) {
        lab::ProxyLimits some;
        lab::keepWithin(some, files);
        CHECK(some.connections >= 1);
        if (some.connections > 1)
            CHECK(2 * some.connections + lab::turnedAwayAtOnce(some.connections) < files);
    }
}

TEST_CASE("What is left of the files that may be open is known")
{
    const std::size_t before = lab::filesLeft();
    CHECK(before > 100);
    const ScarceFiles scarce;
    CHECK(lab::filesLeft() <= 1);
}

TEST_CASE("A balancer without a file for a connection answers 503, and blames no server for it")
{
    lab::ProxySettings settings;
    settings.balancer.product = "nginx";
    const auto one = Peer::answering(ok);
    const auto two = Peer::answering(ok);
    ProxyTrial trial({one->backend("r1"), two->backend("r2")}, settings);
    RawClient client(trial.port());
    REQUIRE(waitUntil([&] { return trial.proxy.clientConnections() == 1; }));
    {
        const ScarceFiles scarce;
        for (int time = 1; time <= 4; ++time) {
            client.send(get);
            REQUIRE(waitUntil([&] { return client.count("HTTP/1.1 503 ") == time; }));
        }
    }
    CHECK(client.count("Retry-After: 1\r\n") == 4);
    CHECK(trial.records[0].attempts == 1);
    CHECK(has(trial.records[0].why, "no more files may be open"));
    CHECK(trial.noticed.empty());
    client.send(get + get);
    CHECK(waitUntil([&] { return client.count("HTTP/1.1 200 ") == 2; }));
    CHECK(one->requests.size() == 1);
    CHECK(two->requests.size() == 1);
}
