// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

using namespace stickyscope;
using test::StickyTrial;

namespace {

const Settings persistent {{"affinity-mode", std::string("persistent")}};
const std::string backendKey = md5Hex(md5Hex("default-webapp-80") + "default-webapp-80");

std::string valueOf(std::size_t place)
{
    return md5Hex("default-webapp-80" + std::string(test::serverAt(place).address())) + "|"
        + backendKey;
}

} // namespace

TEST_CASE("ingress-nginx gives a random key and its backend's, always HttpOnly")
{
    StickyTrial trial(ingressNginx);
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 1);
    CHECK(
        std::regex_match(first.setCookies[0],
                         std::regex("INGRESSCOOKIE=1767225601(\\.[0-9]{1,3})?\\.32\\.[0-9]{1,6}\\|"
                                    + backendKey + "; Path=/; HttpOnly")));
    const auto second = trial.ask(first.cookie);
    CHECK(second.setCookies.empty());
    CHECK(second.decision.replica == first.decision.replica);
}

TEST_CASE("ingress-nginx takes any value in balanced mode, and sets no other")
{
    StickyTrial trial(ingressNginx);
    const auto answer = trial.ask("INGRESSCOOKIE=tampered");
    CHECK(answer.recall.state == CookieIn::valid);
    CHECK(answer.setCookies.empty());
    CHECK(answer.decision.ledger == Ledger::hash);
    // What stands behind the bar does not count.
    CHECK(trial.ask("INGRESSCOOKIE=tampered|other").decision.replica == answer.decision.replica);
    // Of several cookies the last one does.
    CHECK(trial.recall("INGRESSCOOKIE=one; INGRESSCOOKIE=two").value == "two");
}

TEST_CASE("ingress-nginx writes its attributes in the order of lua-resty-cookie")
{
    BalancerSpec spec {.product = "ingress-nginx",
                       .sticky = StickySpec {.cookie = "route",
                                             .path = "/shop",
                                             .domain = "app.example",
                                             .sameSite = SameSite::strict}};
    spec.sticky->settings = persistent;
    spec.sticky->settings.set("expires", Duration(std::chrono::hours(1)));
    spec.sticky->maxAge = std::chrono::seconds(3600);
    StickyTrial trial(spec);
    trial.secure = true;
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 1);
    CHECK(first.setCookies[0]
          == "route=" + valueOf(raw(first.decision.replica))
              + "; Expires=Thu, 01-Jan-26 01:00:00 GMT; Max-Age=3600; Domain=app.example; "
                "Path=/shop; Secure; HttpOnly; SameSite=Strict");
}

TEST_CASE("ingress-nginx names the pod in persistent mode, and picks at random for what it does "
          "not know")
{
    StickyTrial trial(ingressNginx, persistent);
    const std::string cookie = "INGRESSCOOKIE=" + valueOf(1);
    const auto bound = trial.ask(cookie);
    CHECK(bound.recall.state == CookieIn::valid);
    CHECK(bound.recall.names == ReplicaIndex {1});
    CHECK(bound.setCookies.empty());
    const auto unknown = trial.ask("INGRESSCOOKIE=bogus");
    CHECK(unknown.recall.state == CookieIn::unknown);
    CHECK(unknown.out == CookieOut::rewritten);
    trial.dispatcher.setDraining(ReplicaIndex {1}, true);
    CHECK(trial.ask(cookie).recall.state == CookieIn::down);
    trial.dispatcher.setDraining(ReplicaIndex {1}, false);
    trial.dispatcher.tell(ReplicaIndex {1}, false, {});
    CHECK(trial.ask(cookie).out == CookieOut::rewritten);
}

TEST_CASE("ingress-nginx comes to the same dead pod for every try, unless change-on-failure is set")
{
    using Action = OnFailure::Action;
    BalancerSpec spec {.product = "ingress-nginx"};
    const auto next = [&](int number, bool hashed) {
        return ingressNginx.failed(spec, {.number = number, .known = 3, .hashed = hashed});
    };
    CHECK(next(0, true).action == Action::sameAgain);
    CHECK(next(1, true).action == Action::sameAgain);
    CHECK(next(2, true).status == 502);
    CHECK(next(0, false).action == Action::another);
    spec.sticky->settings.set("change-on-failure", true);
    CHECK(next(0, true).action == Action::another);
}

TEST_CASE("ingress-nginx gives a request that goes elsewhere a key that leads elsewhere")
{
    StickyTrial trial(ingressNginx, {{"change-on-failure", true}});
    for (int count = 0; count < 20; ++count) {
        const auto first = trial.ask();
        trial.avoid = first.decision.replica;
        const auto second = trial.ask(first.cookie);
        trial.avoid = noReplica;
        CHECK(second.decision.replica != first.decision.replica);
        CHECK(second.out == CookieOut::rewritten);
        CHECK(trial.ask(second.cookie).decision.replica == second.decision.replica);
    }
}

TEST_CASE("Of ingress-nginx's users a part moves when a pod is added, and their cookies stay")
{
    StickyTrial trial(ingressNginx);
    std::vector<StickyTrial::Answer> clients;
    for (int count = 0; count < 400; ++count)
        clients.push_back(trial.ask());
    const ReplicaIndex added = trial.dispatcher.add(test::serverAt(3));
    int moved = 0;
    for (const auto& client : clients) {
        const auto next = trial.ask(client.cookie);
        CHECK(next.setCookies.empty());
        if (next.decision.replica != client.decision.replica) {
            CHECK(next.decision.replica == added);
            ++moved;
        }
    }
    // One in four on the average; a ring of 160 points each is not quite even.
    CHECK(moved > 60);
    CHECK(moved < 140);
}

TEST_CASE("SameSite=None is withheld from programs that refuse it, where that is set")
{
    const std::pair<std::string, bool> programs[] = {
        {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/51.0.2704.103 Safari/537.36",
         true},
        {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/69.0.3497.100 Safari/537.36",
         true},
        {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/80.0.3987.87 Safari/537.36",
         false},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) Version/12.1.2 Safari/604.1",
         true},
        {"Mozilla/5.0 (iPad; CPU OS 12_0 like Mac OS X) Version/12.0 Safari/604.1", true},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 13_2 like Mac OS X) Safari/604.1", false},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Version/12.1.2 Safari/605.1.15", true},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Chrome/100.0.4896.75 Safari/537.36",
         false},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/13.1 Safari/605.1.15", false},
        {"curl/8.5.0", false},
        {"", false},
    };
    for (const bool conditional : {false, true}) {
        for (const auto& client : programs) {
            const auto& program = client.first;
            const bool refuses = client.second;
            CAPTURE(program);
            Settings cookie;
            cookie.set("conditional-samesite-none", conditional);
            BalancerSpec spec = StickyTrial::specOf(ingressNginx, cookie, {});
            spec.sticky->sameSite = SameSite::none;
            StickyTrial trial(spec);
            trial.userAgent = program;
            const auto answer = trial.ask();
            REQUIRE(answer.setCookies.size() == 1);
            const bool written =
                answer.setCookies.front().find("; SameSite=None") != std::string::npos;
            CHECK(written == !(conditional && refuses));
        }
    }
}

TEST_CASE("ingress-nginx's cookie is for the path of the rule that took the request")
{
    BalancerSpec spec {.product = "ingress-nginx"};
    spec.routes = {{.host = "shop.example", .path = "/"}, {.path = "/app/v1"}, {.path = "/app"}};
    const auto pathOf = [&spec](const char* host, const char* target) {
        StickyTrial trial(spec);
        trial.host = host;
        trial.target = target;
        const std::string field = trial.ask().setCookies.front();
        const auto path = field.find("Path=") + 5;
        return field.substr(path, field.find(';', path) - path);
    };
    CHECK(pathOf("app.example", "/app/v1/cart?item=1") == "/app/v1");
    CHECK(pathOf("app.example:8080", "/app?v1") == "/app");
    CHECK(pathOf("app.example", "/apple") == "/");
    CHECK(pathOf("Shop.Example:8080", "/app/v1") == "/");
    spec.sticky->path = "/all";
    CHECK(pathOf("app.example", "/app") == "/all");
}

TEST_CASE("ingress-nginx hashes its backend's name with the pod's address")
{
    StickyTrial trial(
        ingressNginx,
        {{"affinity-mode", test::text("persistent")}, {"backend", test::text("shop-web-8080")}});
    const std::string pod = md5Hex("shop-web-8080" + std::string(test::serverAt(1).address()));
    const std::string key = md5Hex(md5Hex("shop-web-8080") + "shop-web-8080");
    CHECK(trial.recall("INGRESSCOOKIE=" + pod).names == ReplicaIndex {1});
    CHECK(trial.recall("INGRESSCOOKIE=" + valueOf(1)).state == CookieIn::unknown);
    CHECK(trial.ask().cookie.ends_with("|" + key));
}
