// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("A rule with several target groups sets two cookies of one value, with a date")
{
    StickyTrial trial(awsAlbRule, {{"duration", Duration(2h)}});
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 2);
    const std::string end("=([A-Za-z0-9+/=]+); Expires=Thu, 01 Jan 2026 02:00:00 GMT; Path=/");
    std::smatch one;
    std::smatch other;
    REQUIRE(std::regex_match(first.setCookies[0], one, std::regex("AWSALBTG" + end)));
    REQUIRE(std::regex_match(first.setCookies[1], other,
                             std::regex("AWSALBTGCORS" + end + "; SameSite=None; Secure")));
    CHECK(one[1] == other[1]);
    CHECK(trial.ask(first.cookie).setCookies.empty());
    // The twin alone is enough: it is what comes from another site.
    CHECK(trial.recall("AWSALBTGCORS=" + other[1].str()).bound);
    CHECK(trial.recall("AWSALBTG=bogus").state == CookieIn::unknown);
    trial.now += 2h + 1s;
    CHECK(trial.recall(first.cookie).state == CookieIn::expired);
}

TEST_CASE("A cookie of a target group is kept to whatever becomes of the group")
{
    StickyTrial trial(awsAlbRule);
    const auto first = trial.ask();
    const ReplicaIndex group = first.decision.replica;
    trial.dispatcher.setWeight(group, 0);
    CHECK(trial.recall(first.cookie).leadsTo() == group);
    CHECK(trial.recall(first.cookie).state == CookieIn::draining);
    trial.dispatcher.tell(group, false, {});
    CHECK(trial.ask(first.cookie).decision.replica == group);
    for (int count = 0; count < 20; ++count)
        CHECK(trial.ask().decision.replica != group);
    CHECK(awsAlbRule.failed({}, {}).status == 502);
}

TEST_CASE("Sessions stay with their target group, though not with a target where it has no cookie")
{
    const auto on = [](const std::string& green) {
        return test::run(test::scenarioFrom(R"(
version: 1
duration: 60s
clients: [{name: x, kind: browser, count: 40, think-time: {exponential: 400ms}, session: {requests: 0}}]
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: aws-alb-rule, servers: [blue, green], sticky: {}}
balancers:
  - {name: blue, product: aws-alb, weight: 90, servers: [a, b], sticky: {}}
  - {name: green, product: aws-alb, weight: 10, servers: [c, d], sticky: )"
                                            + green + "}"))
            .lanes.back();
    };
    const LaneResult kept = on("{}");
    CHECK(kept.switches == 0);
    CHECK(kept.failed == 0);
    const auto requests = [](const LaneResult& lane, std::size_t place) {
        return lane.replicas[place].requests;
    };
    CHECK(requests(kept, 2) + requests(kept, 3) > 0);
    CHECK(requests(kept, 0) + requests(kept, 1) > 3 * (requests(kept, 2) + requests(kept, 3)));
    // In turn within the group.
    const LaneResult loose = on("none");
    CHECK(loose.switches > 0);
    CHECK(requests(loose, 0) == requests(kept, 0));
}
