// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("A Kubernetes Service keeps an address at its pod, without a cookie")
{
    StickyTrial trial(kubernetesService);
    const auto first = trial.ask("other=1");
    CHECK(first.recall.state == CookieIn::none);
    CHECK(first.setCookies.empty());
    for (int count = 0; count < 20; ++count) {
        const auto next = trial.ask();
        CHECK(next.recall.bound);
        CHECK(next.decision.replica == first.decision.replica);
    }
    trial.source = "198.51.100.8";
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("A Kubernetes Service forgets an address that rests for longer than the timeout")
{
    StickyTrial trial(kubernetesService, {{"timeout", Duration(1h)}});
    trial.ask();
    trial.now += 1h;
    CHECK(trial.ask().recall.state == CookieIn::valid);
    trial.now += 1h;
    CHECK(trial.recall("").state == CookieIn::valid);
    trial.now += 1s;
    CHECK(trial.recall("").state == CookieIn::expired);
}

TEST_CASE("A Kubernetes Service goes elsewhere when the pod is no endpoint, and stays there")
{
    StickyTrial trial(kubernetesService);
    const ReplicaIndex pod = trial.ask().decision.replica;
    trial.dispatcher.setDraining(pod, true);
    const auto next = trial.ask();
    CHECK(next.recall.state == CookieIn::down);
    CHECK(next.decision.replica != pod);
    trial.dispatcher.setDraining(pod, false);
    CHECK(trial.ask().decision.replica == next.decision.replica);
}

TEST_CASE("A Kubernetes Service tries nothing again, and answers nothing itself")
{
    const OnFailure next = kubernetesService.failed({}, {});
    CHECK(next.action == OnFailure::Action::giveUp);
    CHECK(next.status == 0);
}

TEST_CASE("Behind a Kubernetes Service clients stay, and those of one address stay together")
{
    const auto result = test::run(test::scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: kubernetes-service, sticky: {timeout: 1h}}
clients: [{name: own, kind: rest, count: 30, think-time: 1s}, {name: office, kind: curl, count: 20, jar: none, source: 198.51.100.7, think-time: 1s}]
)"));
    const LaneResult& off = result.lanes.at(0);
    const LaneResult& on = result.lanes.at(1);
    CHECK(off.stickiness.value() < 0.5);
    CHECK(on.stickiness.value() == 1.0);
    CHECK(on.cookiesSet == 0);
    std::set<std::size_t> offices;
    for (const ClientResult& client : on.clients) {
        for (std::size_t place = 0; place < client.replicas.size(); ++place) {
            if (client.name.starts_with("office") && client.replicas[place] > 0)
                offices.insert(place);
        }
    }
    CHECK(offices.size() == 1);
}
