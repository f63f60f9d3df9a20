// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/cookie_files.h"

#include "sim/products/digests.h"
#include "sim/virtual/virtual_world.h"
#include "tests/support/folder.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Names server-2 as Traefik does.
std::string cookieOfServer2()
{
    return "# Netscape HTTP Cookie File\napp.example\tFALSE\t/\tFALSE\t0\tws-session\t"
        + sha256Hex("http://10.0.0.2:80").substr(0, 16) + "\n";
}

std::shared_ptr<Scenario> scenarioOf(const std::string& client)
{
    return scenarioFrom(R"(
version: 1
duration: 20s
origin: http://app.example
replicas: [{name: server-1, address: "10.0.0.1:80"}, {name: server-2, address: "10.0.0.2:80"}, {name: server-3, address: "10.0.0.3:80"}]
balancer: {product: traefik, sticky: {cookie: ws-session}}
clients: [{name: other, kind: curl, every: 1s}, )"
                        + client + R"(]
lanes: [{name: "on"}]
)");
}

} // namespace

TEST_CASE("A client group with a cookie file is bound from its first request")
{
    const Folder folder;
    folder.write("cookies.txt", cookieOfServer2());
    for (const char* jar : {"none", "own", "shared"}) {
        CAPTURE(jar);
        const auto scenario = scenarioOf(
            std::string(
                "{name: x, kind: curl, count: 3, every: 1s, cookie-file: cookies.txt, jar: ")
            + jar + "}");
        const auto jars = readCookieFiles(*scenario, folder.path());
        REQUIRE(jars);
        REQUIRE(jars->size() == 2);
        CHECK((*jars)[0].cookies().empty());
        VirtualWorld world(scenario, LaneIndex {0}, *jars);
        Recorder recorder;
        world.advance(Instant(scenario->duration), recorder);
        int answered = 0;
        for (const Observation& one : recorder.all) {
            if (one.kind != ObservationKind::answered || one.client == ClientIndex {0})
                continue;
            ++answered;
            CHECK(one.replica == ReplicaIndex {1});
            CHECK(one.ledger == Ledger::valid);
        }
        CHECK(answered > 50);
    }
}

TEST_CASE("Without a jar a cookie file is sent, and nothing is learnt beside it")
{
    const Folder folder;
    folder.write("cookies.txt", "app.example\tFALSE\t/\tFALSE\t0\tother\tx\n");
    const auto scenario = scenarioOf("{name: x, kind: curl, every: 1s, cookie-file: cookies.txt}");
    const auto jars = readCookieFiles(*scenario, folder.path());
    REQUIRE(jars);
    Experiment experiment = makeVirtualExperiment(scenario, {}, *jars);
    experiment.advance(scenario->duration);
    const LaneResult lane = experiment.result().lanes[0];
    CHECK(lane.cookiesSet == lane.requests);
}

TEST_CASE("A cookie file that is not there, or too large for a jar, is said in one line")
{
    const Folder folder;
    const auto scenario = scenarioOf("{name: x, kind: curl, cookie-file: cookies.txt}");
    CHECK(readCookieFiles(*scenario, folder.path()).error()
          == "cookies.txt: there is no such file");
    std::string many;
    for (int number = 0; number <= 3000; ++number)
        many += "app.example\tFALSE\t/\tFALSE\t0\tc" + std::to_string(number) + "\tx\n";
    folder.write("cookies.txt", many);
    CHECK(readCookieFiles(*scenario, folder.path()).error()
          == "cookies.txt: more than 3000 cookies, which no jar holds");
    // Nothing is read for groups that name no file.
    CHECK(readCookieFiles(*scenarioOf("{name: x, kind: curl}"), "/nowhere"));
}
