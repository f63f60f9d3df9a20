// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_formats.h"
#include "sim/products/digests.h"
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("GSSA holds an endpoint's address, and is set where another one was picked")
{
    StickyTrial trial(gcpMesh, {{"cookie-ttl", Duration(1h)}});
    const auto first = trial.ask();
    const std::string address(trial.dispatcher.replicas()[first.decision.replica].address());
    CHECK(first.setCookies
          == std::vector<std::string> {"GSSA=" + base64(address)
                                       + "; HttpOnly; Path=/; Max-Age=3600"});
    CHECK(trial.ask(first.cookie).recall.bound);
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.recall("GSSA=" + base64("10.9.9.9:80")).state == CookieIn::unknown);
    const auto formOf = [](const std::string& value) {
        return cookieFormatsOf("GSSA", value).front()->meaning;
    };
    CHECK(formOf(base64(address)) == "The endpoint's address, readable by all.");
    CHECK(formOf(base64("hello-world")) == "The endpoint's address, in another form.");
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto elsewhere = trial.ask(first.cookie);
    CHECK(elsewhere.recall.state == CookieIn::down);
    CHECK(elsewhere.out == CookieOut::rewritten);
}

TEST_CASE("A GSSA of 0s is good for as long as the client keeps it")
{
    CHECK(StickyTrial(gcpMesh).ask().setCookies.at(0).ends_with("; HttpOnly; Path=/"));
    CHECK(findSetting(gcpMesh.cookieSettings, "cookie-ttl")->most == 86400);
}

TEST_CASE("A call that reaches no endpoint goes to another, and one that breaks off is over")
{
    CHECK(gcpMesh.failed({}, {.fault = Fault::refused, .replicas = 2, .known = 3}).action
          == OnFailure::Action::another);
    CHECK(
        gcpMesh.failed({}, {.fault = Fault::refused, .number = 2, .replicas = 2, .known = 3}).status
        == 503);
    CHECK(gcpMesh.failed({}, {.fault = Fault::timedOut, .replicas = 2, .known = 3}).status == 503);
}

TEST_CASE("Only an application that copies the cookie into its next calls stays at its endpoint")
{
    const auto switches = [](const std::string& jar) {
        return test::run(test::scenarioFrom(
                             "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: "
                             "c}]\nclients: [{name: x, kind: grpc, count: 6, jar: "
                             + jar
                             + ", think-time: {exponential: 500ms}}]\nbalancer: {product: "
                               "gcp-mesh, sticky: {}}\n"))
            .lanes.back()
            .switches;
    };
    CHECK(switches("own") == 0);
    CHECK(switches("none") > 50);
}
