// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What reads a cookie that is not, or not for everybody, the balancer's own: nginx's sticky route
// with the application's, clients with one of their own accord, YARPs with keys of their own.
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

LaneResult routed(const std::string& replicas, const std::string& more)
{
    return run(scenarioFrom("version: 1\nduration: 60s\nreplicas: [" + replicas
                            + "]\nclients: [{name: x, kind: browser, count: 12, think-time: "
                              "{exponential: 500ms}}]\nbalancer: {product: nginx, sticky: {method: "
                              "route, cookie: JSESSIONID}}\n"
                            + more))
        .lanes.back();
}

} // namespace

TEST_CASE("sticky route sticks by the route that the application writes behind its session")
{
    const std::string named = "{name: a}, {name: b}, {name: c}";
    const std::string given = "{name: a, route: r1}, {name: b, route: r2}, {name: c, route: r3}";
    const std::string dotted = "{name: app.1}, {name: app.2}, {name: app.3}";
    for (const std::string& replicas : {named, given, dotted}) {
        CAPTURE(replicas);
        const LaneResult with =
            routed(replicas, "session-cookie: JSESSIONID\nsession-route: true\n");
        CHECK(with.requests > 500);
        CHECK(with.switches == 0);
        // The session alone names no server.
        CHECK(routed(replicas, "session-cookie: JSESSIONID\n").switches > 100);
    }
}

TEST_CASE("A Cookie field of the client's own is sent, with a jar and without one")
{
    for (const std::string jar : {"none", "own"}) {
        CAPTURE(jar);
        const auto answers = allAnswers(scenarioFrom(
            "version: 1\nduration: 30s\nreplicas: [{name: a}, {name: b}, {name: c}]\nclients: "
            "[{name: x, kind: curl, count: 3, jar: "
            + jar
            + ", think-time: {exponential: 500ms}, headers: {Cookie: SRV=b}}]\nbalancer: {product: "
              "haproxy, sticky: {cookie: SRV}}\nlanes: [{name: on}]\n"));
        CHECK(answers.size() > 50);
        for (const Observation& answer : answers) {
            CHECK(answer.replica == ReplicaIndex {1});
            CHECK(answer.ledger == Ledger::valid);
        }
    }
}

TEST_CASE("Behind several YARPs an encrypted cookie sticks only where they share their keys")
{
    const auto switches = [](const std::string& sticky) {
        return run(scenarioFrom(
                       "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: "
                       "c}]\nclients: [{name: x, kind: browser, count: 6, think-time: "
                       "{exponential: 500ms}}]\nbalancer: {product: yarp, count: 2, sticky: "
                       + sticky + "}\n"))
            .lanes.back()
            .switches;
    };
    CHECK(switches("{policy: Cookie}") > 100);
    CHECK(switches("{policy: Cookie, data-protection-keys: ring}") == 0);
    CHECK(switches("{policy: HashCookie}") == 0);
}
