// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/cookie_ways.h"

#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using test::StickyTrial;

namespace {

constexpr WallSeconds now {std::chrono::seconds(1'767'225'600)};

BalancerSpec specOf(std::string_view product, const Settings& cookie = {},
                    const std::string& algorithm = {})
{
    BalancerSpec spec = StickyTrial::specOf(*findProduct(product), cookie, {});
    spec.algorithm = algorithm;
    return spec;
}

std::vector<std::string> titlesOf(const BalancerSpec& spec)
{
    std::vector<std::string> titles;
    for (const CookieWay& way : cookieWays(spec))
        titles.push_back(way.title);
    return titles;
}

} // namespace

TEST_CASE("A product's ways to hash its cookie are said by what has to be set")
{
    using Titles = std::vector<std::string>;
    CHECK(titlesOf(specOf("envoy")) == Titles {"hash-policy, ring_hash", "hash-policy, maglev"});
    CHECK(titlesOf(specOf("envoy", {{"hash-policy", true}}, "maglev")) == Titles {"maglev"});
    CHECK(titlesOf(specOf("istio")) == Titles {"", "consistent-hash maglev"});
    CHECK(titlesOf(specOf("ingress-nginx")) == Titles {""});
    CHECK(titlesOf(specOf("contour")) == Titles {""});
    CHECK(titlesOf(specOf("kong")) == Titles {""});
    // ip_hash goes by the address, whatever its cookie holds.
    CHECK(titlesOf(specOf("nginx"))
          == Titles {"method userid, hash", "method userid, hash-consistent"});
    CHECK(titlesOf(specOf("traefik")).empty());
    CHECK(titlesOf(specOf("haproxy")).empty());
    CHECK(titlesOf(specOf("envoy", {}, "round_robin")).empty());
}

TEST_CASE("Where a hashed value leads is where the model sends its client")
{
    for (const char* product : {"envoy", "istio", "contour", "kong", "nginx", "ingress-nginx"}) {
        CAPTURE(product);
        for (const CookieWay& way : cookieWays(specOf(product))) {
            CAPTURE(way.title);
            StickyTrial trial(way.spec);
            std::set<ReplicaIndex> led;
            for (int number = 0; number < 40; ++number) {
                const std::string value = trial.dispatcher.issue(
                    {.draw = Chance {7}.draw(ClientIndex {static_cast<std::uint32_t>(number)}, 0,
                                             Purpose::balancerChoice),
                     .wall = now});
                const auto answer =
                    trial.ask(std::string(trial.dispatcher.cookieName()) + "=" + value);
                const LedTo there = whereCookieLeads(way.spec, StickyTrial::three(), value, now);
                REQUIRE(there.hashed);
                CHECK(there.replica == answer.decision.replica);
                led.insert(there.replica);
            }
            CHECK(led.size() == 3);
        }
    }
}

TEST_CASE("A value that names a server is not hashed")
{
    StickyTrial trial(specOf("traefik"));
    const auto first = trial.ask();
    const std::string value = first.cookie.substr(first.cookie.find('=') + 1);
    const LedTo named = whereCookieLeads(specOf("traefik"), StickyTrial::three(), value, now);
    CHECK_FALSE(named.hashed);
    CHECK(named.replica == first.decision.replica);
    const LedTo nobody =
        whereCookieLeads(specOf("traefik"), StickyTrial::three(), "x" + value, now);
    CHECK(nobody.state == CookieIn::unknown);
    CHECK(nobody.replica == noReplica);
}

TEST_CASE(
    "A value is found that leads to a server in all ways at once, and none where there is none")
{
    for (const char* product : {"envoy", "istio", "contour", "kong", "nginx", "ingress-nginx"}) {
        CAPTURE(product);
        const auto ways = cookieWays(specOf(product));
        for (std::size_t place = 0; place < 3; ++place) {
            const auto wanted = static_cast<ReplicaIndex>(place);
            const auto value = cookieThatLeads(ways, StickyTrial::three(), wanted, now);
            REQUIRE(value);
            for (const CookieWay& way : ways)
                CHECK(whereCookieLeads(way.spec, StickyTrial::three(), *value, now).replica
                      == wanted);
        }
    }
    ReplicaSet resting = StickyTrial::three();
    resting.setWeight(ReplicaIndex {1}, 0);
    CHECK_FALSE(cookieThatLeads(cookieWays(specOf("envoy")), resting, ReplicaIndex {1}, now, 500));
    CHECK_FALSE(cookieThatLeads({}, resting, ReplicaIndex {0}, now));
}
