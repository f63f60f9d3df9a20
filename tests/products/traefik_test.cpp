// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Traefik's source says that nobody has measured here: the date of its provider for
// ingress-nginx, and the pick that never ends.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>
#include <tuple>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("The date of all cookies is that of the configuration, until it is read again")
{
    BalancerSpec spec = StickyTrial::specOf(traefik, {{"expires", Duration(1h)}}, {});
    spec.sticky->domain = "app.example";
    spec.sticky->maxAge = 60s;
    StickyTrial trial(spec);
    trial.dispatcher.readConfiguration(trial.now);
    const std::string first = "; Path=/; Domain=app.example; Expires=Thu, 01 Jan 2026 01:00:00 GMT"
                              "; Max-Age=60";
    CHECK(trial.ask().setCookies.at(0).ends_with(first));
    trial.now += 2h;
    CHECK(trial.ask().setCookies.at(0).ends_with(first));
    trial.dispatcher.reload(spec, Chance {2});
    trial.dispatcher.readConfiguration(trial.now);
    CHECK(trial.ask().setCookies.at(0).find("; Expires=Thu, 01 Jan 2026 03:00:00 GMT")
          != std::string::npos);
    const auto bound = trial.ask(trial.ask().cookie);
    CHECK(bound.recall.bound);
    CHECK(bound.setCookies.empty());
}

TEST_CASE("Where only draining servers are up and another is down, nobody is answered any more")
{
    StickyTrial trial(traefik);
    const std::string bound = trial.ask().cookie;
    const ReplicaIndex its = trial.recall(bound).names;
    const auto other = static_cast<ReplicaIndex>((raw(its) + 1) % 3);
    const auto third = static_cast<ReplicaIndex>((raw(its) + 2) % 3);
    trial.dispatcher.setDraining(its, true);
    trial.dispatcher.setDraining(other, true);
    trial.dispatcher.tell(third, false, {});
    CHECK(trial.ask(bound).decision.replica == its);
    CHECK(trial.dispatcher.lost().empty());
    CHECK(trial.ask().decision.waits);
    // The lock is held: the cookie is looked at no more, nor who is up.
    CHECK(trial.ask(bound).decision.waits);
    trial.dispatcher.tell(third, true, {});
    CHECK(trial.ask().decision.waits);
    CHECK(trial.dispatcher.lost().size() == 3);
    trial.dispatcher.readConfiguration(trial.now);
    CHECK(trial.ask().decision.replica == third);
    CHECK(trial.dispatcher.lost().size() == 3);
}

TEST_CASE("It answers 503 where all are draining, or none is up, or by another strategy")
{
    for (const auto& [algorithm, draining, down] :
         {std::tuple("wrr", 3, 0), std::tuple("wrr", 0, 3), std::tuple("p2c", 2, 1)}) {
        BalancerSpec spec = StickyTrial::specOf(traefik, {}, {});
        spec.algorithm = algorithm;
        StickyTrial trial(spec);
        for (int place = 0; place < draining; ++place)
            trial.dispatcher.setDraining(static_cast<ReplicaIndex>(place), true);
        for (int place = 3 - down; place < 3; ++place)
            trial.dispatcher.tell(static_cast<ReplicaIndex>(place), false, {});
        const Decision decision = trial.ask().decision;
        CHECK(decision.status == 503);
        CHECK_FALSE(decision.waits);
    }
}

TEST_CASE("Traefik's maxAge below zero makes clients drop the cookie")
{
    test::StickyTrial trial(traefik, {{"max-age-negative", true}});
    CHECK(trial.ask().setCookies.front().ends_with("; Path=/; Max-Age=0"));
}

TEST_CASE("Traefik's retry waits for the initial interval, and up to twice as long")
{
    using namespace std::chrono_literals;
    BalancerSpec spec {
        .product = "traefik",
        .settings = {{"attempts", std::int64_t {3}}, {"initial-interval", Duration(100ms)}}};
    CHECK(traefik.failed(spec, {.number = 0}).wait == 100ms);
    CHECK(std::chrono::floor<std::chrono::milliseconds>(traefik.failed(spec, {.number = 1}).wait)
          == 141ms);
    CHECK(traefik.failed(spec, {.number = 2}).action == OnFailure::Action::giveUp);
    spec.settings.remove("initial-interval");
    CHECK(traefik.failed(spec, {}).wait == 0ms);
}

TEST_CASE("A service behind another one is named by its own name, as the real one's are")
{
    ReplicaSet services;
    for (const char* name : {"one", "two"})
        services.add({.name = name, .url = "http://203.0.113.1:8000", .isBalancer = true});
    StickyTrial trial(StickyTrial::specOf(traefik, {}, {}), services);
    // Measured on 3.7.15: of services that are listed as "one" and "two".
    const std::string name(trial.dispatcher.cookieName());
    CHECK(trial.recall(name + "=7692c3ad3540bb80").names == ReplicaIndex {0});
    CHECK(trial.recall(name + "=3fc4ccfe745870e2").names == ReplicaIndex {1});
    const Recall old = trial.recall(name + "=one");
    CHECK(old.names == ReplicaIndex {0});
    CHECK(old.rewrite);
    CHECK(trial.recall(name + "=http://203.0.113.1:8000").state == CookieIn::unknown);
}

TEST_CASE("A cookie without a name has that of its service")
{
    BalancerSpec spec = StickyTrial::specOf(traefik, {}, {});
    spec.name = "two";
    CHECK(StickyTrial(spec).dispatcher.cookieName() == "_ea46e"); // measured on 3.7.15
}

TEST_CASE("What no cookie's name has becomes _ in Traefik's, a character at a time")
{
    BalancerSpec spec = StickyTrial::specOf(traefik, {}, {});
    spec.sticky->cookie = "my café=1;~!";
    StickyTrial trial(spec);
    const auto first = trial.ask();
    CHECK(first.setCookies.at(0).starts_with("my_caf__1_~!="));
    CHECK(trial.ask(first.cookie).recall.bound);
}
