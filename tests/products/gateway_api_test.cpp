// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("A Gateway's session cookie has the path /, and no end")
{
    StickyTrial trial(gatewayApi);
    const auto first = trial.ask();
    const std::string value =
        sha256Hex(test::serverAt(raw(first.decision.replica)).address()).substr(0, 16);
    CHECK(first.setCookies == std::vector<std::string> {"session=" + value + "; Path=/; HttpOnly"});
    CHECK(trial.ask(first.cookie).setCookies.empty());
}

TEST_CASE("A permanent session has its end in the cookie and with the gateway")
{
    StickyTrial trial(
        gatewayApi,
        {{"lifetime-type", std::string("Permanent")}, {"absolute-timeout", Duration(1h)}});
    const auto first = trial.ask();
    CHECK(first.setCookies.at(0).find("; Path=/; Max-Age=3600") != std::string::npos);
    trial.now += 1h;
    CHECK(trial.recall(first.cookie).state == CookieIn::valid);
    CHECK(trial.ask(first.cookie).setCookies.empty());
    trial.now += 1s;
    const auto over = trial.ask(first.cookie);
    CHECK(over.recall.state == CookieIn::expired);
    CHECK(over.out == CookieOut::rewritten);
}

TEST_CASE(
    "A session that is browser-long ends by absolute-timeout too, which only the gateway sees")
{
    StickyTrial trial(gatewayApi, {{"absolute-timeout", Duration(1h)}});
    const auto first = trial.ask();
    CHECK(first.setCookies.at(0).find("Max-Age") == std::string::npos);
    trial.now += 1h + 1s;
    CHECK(trial.recall(first.cookie).state == CookieIn::expired);
}

TEST_CASE("A session beats the route's weights, even a weight of 0, and falls back from the dead")
{
    ReplicaSet set;
    for (std::size_t place = 0; place < 3; ++place) {
        ReplicaView view = test::serverAt(place);
        view.weight = place == 1 ? 0 : 1;
        set.add(view);
    }
    StickyTrial trial(gatewayApi);
    trial.dispatcher.add(set[ReplicaIndex {1}]);
    const ReplicaIndex idle {3};
    // The fourth has the address of the second; the first of equal ones counts.
    const std::string second = sha256Hex(test::serverAt(1).address()).substr(0, 16);
    CHECK(trial.recall("session=" + second).names == ReplicaIndex {1});
    for (int count = 0; count < 50; ++count)
        CHECK(trial.ask().decision.replica != idle);
    Dispatcher weightless({.product = "gateway-api"}, set, Chance {1});
    http::RequestHead request;
    request.fields.add("Cookie", "session=" + second);
    const Recall recall = weightless.recall({request, trial.now});
    CHECK(recall.bound);
    CHECK(recall.state == CookieIn::draining);
    weightless.tell(ReplicaIndex {1}, false, {});
    CHECK(weightless.recall({request, trial.now}).state == CookieIn::down);
}

TEST_CASE("A session of type Header goes out and comes back in its header, and no cookie is set")
{
    BalancerSpec spec = StickyTrial::specOf(
        gatewayApi,
        {{"persistence-type", std::string("Header")}, {"absolute-timeout", Duration(1h)}}, {});
    spec.sticky->cookie = "X-Cart";
    StickyTrial trial(spec);
    const auto first = trial.ask();
    CHECK(first.setCookies.empty());
    CHECK(first.out == CookieOut::inserted);
    const std::string* session = first.response.fields.find("x-cart");
    REQUIRE(session);
    CHECK(trial.dispatcher.cookieName().empty());

    trial.headers.add("X-Cart", *session);
    const auto second = trial.ask();
    CHECK(second.recall.bound);
    CHECK(second.decision.replica == first.decision.replica);
    CHECK_FALSE(second.response.fields.find("X-Cart"));
    CHECK(std::string(second.recall.rule->sentence).find("header") != std::string::npos);
    // A cookie of that value is nobody's.
    trial.headers.clear();
    CHECK(trial.recall("session=" + *session).state == CookieIn::none);

    trial.headers.add("X-Cart", *session);
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto elsewhere = trial.ask();
    CHECK(elsewhere.recall.state == CookieIn::down);
    CHECK(elsewhere.out == CookieOut::rewritten);
    trial.dispatcher.tell(first.decision.replica, true, {});
    trial.now += 1h + 1s;
    CHECK(trial.ask().recall.state == CookieIn::expired);
}
