// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// nginx's `sticky` is newer than Debian's nginx: what its documents and source say, word by word.
#include "tests/support/places.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

using namespace std::chrono_literals;

// md5 of 10.0.0.1:8000 and 10.0.0.2:8000
const std::string ofFirst = "route=1870d4533863557bbe7d64f132ac98fb";
const std::string ofSecond = "route=d97963056256950bec4697226bdf10b9";

ReplicaSet withRoutes()
{
    ReplicaSet set;
    for (std::size_t place = 0; place < 3; ++place) {
        ReplicaView server = serverAt(place);
        server.route = "r" + std::to_string(place + 1);
        set.add(server);
    }
    return set;
}

StickyTrial byRoute(const Settings& cookie)
{
    return StickyTrial(StickyTrial::specOf(nginx, cookie, {}), withRoutes());
}

} // namespace

TEST_CASE("nginx sets its cookie with every answer, whoever answers")
{
    StickyTrial trial(nginx);
    const auto fresh = trial.ask();
    CHECK(fresh.decision.replica == first);
    CHECK(fresh.out == CookieOut::inserted);
    CHECK(fresh.setCookies == std::vector {ofFirst});
    const auto bound = trial.ask(ofSecond);
    CHECK(bound.decision.replica == second);
    CHECK(bound.out == CookieOut::refreshed);
    CHECK(bound.setCookies == std::vector {ofSecond});
    const auto unknown = trial.ask("route=nobody");
    CHECK(unknown.recall.state == CookieIn::unknown);
    CHECK(unknown.out == CookieOut::rewritten);
    CHECK(unknown.setCookies.size() == 1);
    CHECK(trial.fail(ofSecond).setCookies == std::vector {ofSecond});
    trial.status = 101;
    CHECK(trial.ask(ofSecond).setCookies == std::vector {ofSecond});
}

TEST_CASE("sticky route looks at the address where the cookie says nothing")
{
    StickyTrial trial = byRoute({{"method", text("route")}, {"route-parameter", text("to")}});
    trial.target = "/cart?a=1&to=r2";
    CHECK(trial.recall("").names == second);
    CHECK(trial.recall("route=").names == second);
    CHECK(trial.recall("route=r1").names == first);
    // The first that is not empty counts, whomever it names.
    CHECK(trial.recall("route=nobody").state == CookieIn::unknown);
    trial.target = "/cart?to=";
    CHECK(trial.recall("").state == CookieIn::none);
    trial.target = "/cart?to=r2";
    CHECK(byRoute({{"method", text("route")}}).recall("").state == CookieIn::none);
}

TEST_CASE("The fields of nginx's cookie are in lower case and in its order, and those that were "
          "not asked for are not set")
{
    BalancerSpec spec = StickyTrial::specOf(nginx, {{"expires", Duration(1h)}}, {});
    spec.sticky->cookie = "srv_id";
    spec.sticky->domain = "example.org";
    spec.sticky->httpOnly = true;
    spec.sticky->secure = true;
    spec.sticky->sameSite = SameSite::lax;
    spec.sticky->path = "/";
    StickyTrial trial(spec);
    CHECK(trial.ask().setCookies.front()
          == "srv_id=1870d4533863557bbe7d64f132ac98fb; expires=Thu, 01-Jan-26 01:00:00 GMT; "
             "max-age=3600; domain=example.org; httponly; secure; samesite=lax; path=/");
    // From each answer on.
    trial.now += 30min;
    CHECK(trial.ask("srv_id=1870d4533863557bbe7d64f132ac98fb")
              .setCookies.front()
              .find("expires=Thu, 01-Jan-26 01:30:00 GMT; max-age=3600")
          != std::string::npos);
}

TEST_CASE("A cookie of nginx leads to a server that drains, and to none that is down or full")
{
    StickyTrial trial(nginx);
    trial.dispatcher.setDraining(first, true);
    CHECK(trial.ask(ofFirst).decision.replica == first);
    trial.dispatcher.setDraining(first, false);
    trial.dispatcher.tell(first, false, {});
    const auto down = trial.ask(ofFirst);
    CHECK(down.recall.state == CookieIn::down);
    CHECK(down.decision.replica != first);
    CHECK(down.out == CookieOut::rewritten);

    ReplicaSet set;
    for (std::size_t place = 0; place < 3; ++place) {
        ReplicaView server = serverAt(place);
        server.full = place == 0;
        set.add(server);
    }
    StickyTrial busy(StickyTrial::specOf(nginx, {}, {}), std::move(set));
    CHECK(busy.recall(ofFirst).state == CookieIn::down);
    CHECK(busy.ask(ofFirst).decision.replica != first);
}

TEST_CASE("A server's route= stands in its cookie in place of the digest")
{
    StickyTrial trial = byRoute({});
    CHECK(trial.ask().setCookies == std::vector<std::string> {"route=r1"});
    CHECK(trial.ask("route=r3").decision.replica == static_cast<ReplicaIndex>(2));
    CHECK_FALSE(trial.recall(ofFirst).bound);
}

TEST_CASE("sticky route follows the application's cookie and sets none")
{
    StickyTrial trial = byRoute({{"method", text("route")}});
    CHECK(trial.ask().setCookies.empty());
    const auto bound = trial.ask("route=r2");
    CHECK(bound.decision.replica == second);
    CHECK(bound.out == CookieOut::none);
    CHECK(bound.setCookies.empty());
    CHECK(trial.recall("route=r9").state == CookieIn::unknown);
    CHECK(trial.recall("route=").state == CookieIn::none);
}

TEST_CASE("sticky route takes what stands behind a dot, as the documentation's map does")
{
    StickyTrial trial = byRoute({{"method", text("route")}, {"route-parameter", text("to")}});
    CHECK(trial.recall("route=s1n0.r2").names == second);
    CHECK(trial.recall("route=a.r1.r2").names == second);
    CHECK(trial.recall("route=s1n0.r9").state == CookieIn::unknown);
    CHECK(trial.recall("route=s1n0.").state == CookieIn::unknown);
    trial.target = "/cart?to=s1n0.r2";
    CHECK(trial.recall("").names == second);
    // A server without a route goes by its name; nginx's own cookie holds nothing behind a dot.
    StickyTrial named(nginx, {{"method", text("route")}});
    CHECK(named.recall("route=s1n0.s2").names == second);
    CHECK_FALSE(byRoute({}).recall("route=s1n0.r2").bound);
}

TEST_CASE("Why sticky route keeps to a server says where the route stood")
{
    StickyTrial trial = byRoute({{"method", text("route")}, {"route-parameter", text("to")}});
    const auto sentence = [&trial](const char* cookie) {
        return std::string(trial.recall(cookie).rule->sentence);
    };
    CHECK(sentence("route=r2").starts_with("The route in its cookie is that of a server"));
    CHECK(sentence("").starts_with("It carries no route"));
    trial.target = "/cart?to=r2";
    CHECK(sentence("").starts_with("The route in its address is that of a server that is up"));
    trial.dispatcher.setDraining(second, true);
    CHECK(sentence("").starts_with("The route in its address is that of a server that is drain"));
    trial.dispatcher.tell(second, false, {});
    CHECK(sentence("").starts_with("The route in its address is that of a server that is unav"));
    trial.target = "/cart?to=nobody";
    CHECK(sentence("").starts_with("The route in its address is no server's"));
}

TEST_CASE("nginx has no weight 0: such a server is down, for bound requests too")
{
    StickyTrial trial(nginx);
    CHECK(trial.ask(ofSecond).decision.bound == Bound::yes);
    trial.dispatcher.setWeight(ReplicaIndex {1}, 0);
    CHECK(trial.recall(ofSecond).state == CookieIn::down);
    CHECK(trial.ask(ofSecond).decision.replica != ReplicaIndex {1});
}
