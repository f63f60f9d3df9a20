// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/explanation.h"

#include "sim/formats/explanation_text.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <optional>

using namespace stickyscope;

namespace {

// A scenario's lane `on`, explained.
Explanation explained(const std::string& more, std::uint64_t request = 1)
{
    const auto scenario = test::scenarioFrom(R"(
version: 1
duration: 20s
replicas: [{name: a}, {name: b}, {name: c}]
)" + more);
    const auto found = explainRequest(scenario, static_cast<LaneIndex>(1), request);
    REQUIRE(static_cast<bool>(found));
    return *found;
}

ProductAnswer by(const Explanation& explained, std::string_view product)
{
    const auto found =
        std::find_if(explained.others.begin(), explained.others.end(),
                     [&](const ProductAnswer& one) { return one.product.starts_with(product); });
    REQUIRE(found != explained.others.end());
    return *found;
}

} // namespace

TEST_CASE("The other products find the same servers dead, and answer as they do")
{
    const Explanation told = explained(R"(
balancer: {product: envoy, sticky: {cookie: lb}}
clients: [{name: x, kind: browser, think-time: 1s}]
timeline: [{at: 0s, stop: a}, {at: 0s, stop: b}, {at: 0s, stop: c}]
)");
    const ProductAnswer haproxy = by(told, "HAProxy");
    CHECK(haproxy.replica.empty());
    CHECK(haproxy.status == 503);
    CHECK(haproxy.setCookie.empty());
    CHECK(haproxy.failed == std::vector<std::string> {"a"});
    const ProductAnswer apache = by(told, "Apache");
    CHECK(apache.status == 503);
    CHECK(apache.setCookie.empty());
    CHECK(apache.failed.size() == 3);
    // Measured: its 502 pins the newcomer to the dead server.
    const ProductAnswer traefik = by(told, "Traefik");
    CHECK(traefik.status == 502);
    CHECK(traefik.setCookie.starts_with("lb="));
    CHECK(by(told, "Kubernetes Service").status == 0);
}

TEST_CASE("The other products find what ails a server as the request found it")
{
    const auto under = [](const std::string& fault) {
        return explained(
            "\nbalancer: {product: haproxy, sticky: {cookie: lb}, answer-timeout: 1s}\n"
            "clients: [{name: x, kind: browser, think-time: 1s}]\n"
            "timeline: [{at: 5s, "
                + fault + "}]\n",
            8);
    };
    // It was bound to a. Traefik waits as long as it is told to, and tries no other.
    const Explanation swallowed = under("black-hole: all");
    const ProductAnswer traefik = by(swallowed, "Traefik");
    REQUIRE(traefik.bound);
    CHECK(traefik.bound->status == 504);
    CHECK(traefik.bound->replica.empty());
    CHECK(traefik.bound->failed.size() == 1);
    const ProductAnswer nginx = by(swallowed, "nginx (");
    REQUIRE(nginx.bound);
    CHECK(nginx.bound->status == 504);
    CHECK(nginx.bound->failed.size() == 3);
    const Explanation cut = under("reset: {of: all, share: 1}");
    CHECK(by(cut, "Traefik").bound->status == 502);
    const Explanation ill = under("errors: {of: all, share: 1, status: 503}");
    CHECK(by(ill, "Traefik").bound->status == 503);
    CHECK_FALSE(by(ill, "Traefik").bound->replica.empty());
}

TEST_CASE("A balancer that waits for ever is said to, where nobody told it how long")
{
    const Explanation told = explained(R"(
balancer: {product: nginx, sticky: {cookie: lb}}
clients: [{name: x, kind: browser, think-time: 1s}]
timeline: [{at: 0s, pause: all}]
)");
    const ProductAnswer traefik = by(told, "Traefik");
    CHECK(traefik.status == 0);
    CHECK(traefik.rule.find("for as long as the client does") != std::string::npos);
    CHECK(traefik.setCookie.empty());
    CHECK(by(told, "Azure Application Gateway").status == 504);
}

TEST_CASE("The other products go on to another server where they do so")
{
    const Explanation told = explained(R"(
balancer: {product: haproxy, sticky: {cookie: lb}}
clients: [{name: x, kind: browser, think-time: 1s}]
timeline: [{at: 0s, stop: a}]
)");
    const ProductAnswer apache = by(told, "Apache");
    CHECK(apache.failed == std::vector<std::string> {"a"});
    CHECK(apache.replica == "b");
    CHECK(apache.status == 200);
    CHECK(apache.setCookie == "lb=.b; path=/");
}

TEST_CASE("A WebSocket's handshake is answered with 101, on which Apache sets no cookie")
{
    const Explanation told = explained(R"(
balancer: {product: haproxy, sticky: {cookie: lb}}
clients: [{name: x, kind: websocket, think-time: 1s}]
)");
    CHECK(told.status == 101);
    CHECK(by(told, "Apache").status == 101);
    CHECK(by(told, "Apache").setCookie.empty());
    CHECK(by(told, "Caddy").setCookie.starts_with("lb="));
}

TEST_CASE("The other products see what the application sets")
{
    const Explanation told = explained(R"(
session-cookie: sid
balancer: {product: caddy, sticky: {cookie: lb}}
clients: [{name: x, kind: browser, think-time: 1s}]
)");
    CHECK(by(told, "HAProxy").setCookie.starts_with("sid=s0n0; Path=/; HttpOnly\nlb="));
}

TEST_CASE("Behind one another each balancer is compared with what the others do in its place")
{
    const auto scenario = test::scenarioFrom(R"(
version: 1
duration: 20s
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: haproxy, servers: [left, right], sticky: {cookie: FRONT}}
balancers:
  - {name: left, product: traefik, servers: [a, b], sticky: {cookie: inner, path: /}}
  - {name: right, product: nginx, servers: [c, d], sticky: {cookie: other, method: cookie, path: /}}
clients: [{name: x, kind: browser, think-time: 1s, session: {requests: 0}}]
)");
    const auto at = [&scenario](std::optional<std::size_t> balancer) {
        return explainRequest(scenario, LaneIndex {1}, 3, {.balancer = balancer});
    };
    const auto front = at(std::nullopt);
    REQUIRE(front);
    CHECK(front->product.starts_with("HAProxy"));
    CHECK(front->balancer.empty());
    CHECK(front->boundTo == "left");
    CHECK(by(*front, "Caddy").bound->replica == "left");
    CHECK(at(0)->boundTo == "left");
    const auto left = at(1);
    REQUIRE(left);
    CHECK(left->product.starts_with("Traefik"));
    CHECK(left->balancer == "left");
    CHECK(left->boundTo == left->pointsTo);
    CHECK(by(*left, "Caddy").bound->replica == left->pointsTo);
    // The cookie of the one in front does not come so far.
    CHECK(by(*left, "HAProxy").setCookie.starts_with("inner="));
    const auto right = at(2);
    CHECK_FALSE(right);
    CHECK(right.error() == "in lane on the request does not come to that balancer");
}

TEST_CASE("A request that a route leads elsewhere is compared there")
{
    const Explanation told = explained(R"(
balancer: {product: haproxy, sticky: {cookie: lb}}
balancers: [{name: shop, product: caddy, servers: [c], sticky: {cookie: shop}}]
routes: [{path: /shop, to: shop}]
clients: [{name: x, kind: browser, path: /shop, think-time: 1s}]
)");
    CHECK(told.balancer == "shop");
    CHECK(told.product.starts_with("Caddy"));
    CHECK(by(told, "Traefik").replica == "c");
}

TEST_CASE("Of several balancers each tells of its own cookie and of its own servers")
{
    const auto scenario = test::scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: traefik, servers: [left, right], sticky: {cookie: edge, path: /}}
balancers:
  - {name: left, product: traefik, servers: [a, b], sticky: {cookie: inner, path: /}}
  - {name: right, product: nginx, servers: [c, d], sticky: none}
clients: [{name: x, kind: browser, count: 2, think-time: 1s, session: {requests: 0}}]
)");
    bool byBoth = false;
    bool byOne = false;
    for (std::uint64_t request = 5; request < 9; ++request) {
        const auto told = explainRequest(scenario, LaneIndex {1}, request);
        REQUIRE(told);
        REQUIRE(told->levels.size() == 2);
        const ExplainedLevel& front = told->levels.front();
        const ExplainedLevel& behind = told->levels.back();
        CHECK(front.cookie == "edge");
        CHECK(front.carried);
        CHECK(front.cookieIn == CookieIn::valid);
        CHECK(front.names == behind.balancer);
        CHECK(front.server == behind.balancer);
        CHECK(front.attempt.rule == "Its cookie names a server that is up: Traefik keeps to it.");
        // The others are asked in the place of the one in front: its servers are balancers.
        CHECK(told->serversAreBalancers);
        CHECK(told->boundTo == behind.balancer);
        CHECK(by(*told, "Caddy").bound->replica == behind.balancer);
        CHECK(behind.server == told->attempts.back().replica);
        CHECK(behind.attempt.rule == told->attempts.back().rule);
        CHECK(told->attempts.back().rule.find("Then:") == std::string::npos);
        CHECK_FALSE(behind.serversAreBalancers);
        const std::string text = explanationText(*told);
        CAPTURE(text);
        CHECK(text.find("Its sticky cookie edge came in, and is valid: it names " + behind.balancer)
              != std::string::npos);
        if (behind.balancer == "left") {
            byBoth = true;
            CHECK(behind.names == behind.server);
            CHECK(text.find("Its sticky cookie inner came in, and is valid") != std::string::npos);
        } else {
            byOne = true;
            CHECK(behind.cookie.empty());
            CHECK(text.find("It has no sticky cookie of its own.") != std::string::npos);
        }
    }
    CHECK(byBoth);
    CHECK(byOne);
}
