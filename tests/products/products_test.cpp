// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace stickyscope;
using test::first;
using test::second;

namespace {

ReplicaSet three()
{
    ReplicaSet set;
    for (const char* number : {"1", "2", "3"})
        set.add({.name = std::string("s") + number,
                 .url = std::string("http://127.0.0.1:900") + number});
    return set;
}

Recall recallOf(const Product& product, const StickySpec& spec, const ReplicaSet& set,
                const std::string& cookie)
{
    http::RequestHead request;
    if (!cookie.empty())
        request.fields.add("Cookie", cookie);
    return product.sticky({.sticky = spec}, set)->recall({request, {}}, set);
}

std::string setCookie(const Product& product, const StickySpec& spec, const Recall& recall,
                      ReplicaIndex replica, Origin origin = Origin::replica)
{
    const ReplicaSet set = three();
    http::ResponseHead response;
    product.sticky({.sticky = spec}, set)->remember({recall, set, replica, origin}, response);
    const std::string* field = response.fields.find("Set-Cookie");
    return field ? *field : "";
}

const StickySpec ws {.cookie = "ws"};

// HAProxy with these settings of its cookie SRV.
BalancerSpec with(const Settings& settings)
{
    return {.product = "haproxy", .sticky = StickySpec {.cookie = "SRV", .settings = settings}};
}

} // namespace

TEST_CASE("Traefik's cookie is sixteen digits of the server address's SHA-256")
{
    // printf http://127.0.0.1:9001 | sha256sum
    CHECK(setCookie(traefik, ws, {}, first)
          == "ws=" + sha256Hex("http://127.0.0.1:9001").substr(0, 16) + "; Path=/");
    CHECK(sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Traefik reads what Go reads")
{
    const ReplicaSet set = three();
    const std::string good = sha256Hex("http://127.0.0.1:9002").substr(0, 16);
    struct Row
    {
        std::string cookie;
        CookieIn state;
        bool bound;
    };
    const std::vector<Row> rows {
        {"", CookieIn::none, false},
        {"other=1", CookieIn::none, false},
        {"ws=" + good, CookieIn::valid, true},
        {"ws=" + good + " ", CookieIn::valid, true},
        {"ws=\"" + good + "\"", CookieIn::valid, true},
        {"WS=" + good, CookieIn::none, false},
        {"ws=", CookieIn::unknown, false},
        {"ws=bogus", CookieIn::unknown, false},
        {"ws=bogus; ws=" + good, CookieIn::unknown, false},
        {"ws=" + good + "; ws=bogus", CookieIn::valid, true},
        {"a=1; ws=" + good, CookieIn::valid, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.cookie);
        const Recall recall = recallOf(traefik, ws, set, row.cookie);
        CHECK(recall.state == row.state);
        CHECK(recall.bound == row.bound);
        REQUIRE(recall.rule);
    }
}

TEST_CASE("Traefik routes by an older value and writes it anew")
{
    const ReplicaSet set = three();
    for (const std::string& old :
         {std::string("http://127.0.0.1:9002"), fnv1Hex("http://127.0.0.1:9002")}) {
        const Recall recall = recallOf(traefik, ws, set, "ws=" + old);
        CHECK(recall.bound);
        CHECK(recall.names == second);
        CHECK(setCookie(traefik, ws, recall, second)
              == "ws=" + sha256Hex("http://127.0.0.1:9002").substr(0, 16) + "; Path=/");
    }
}

TEST_CASE("Traefik sets no cookie on a hit, and one on its own 502 for a newcomer")
{
    const ReplicaSet set = three();
    const Recall hit =
        recallOf(traefik, ws, set, "ws=" + sha256Hex("http://127.0.0.1:9001").substr(0, 16));
    CHECK(setCookie(traefik, ws, hit, first).empty());
    CHECK_FALSE(setCookie(traefik, ws, {}, first, Origin::balancer).empty());
    CHECK(setCookie(traefik, ws, hit, first, Origin::balancer).empty());
}

TEST_CASE("Traefik picks anew for a server that is down, and keeps to one that drains")
{
    ReplicaSet set = three();
    const std::string cookie = "ws=" + sha256Hex("http://127.0.0.1:9002").substr(0, 16);
    set.setDraining(second, true);
    CHECK(recallOf(traefik, ws, set, cookie).bound);
    CHECK(recallOf(traefik, ws, set, cookie).state == CookieIn::draining);
    set.setUp(second, false);
    CHECK(recallOf(traefik, ws, set, cookie).state == CookieIn::down);
    CHECK_FALSE(recallOf(traefik, ws, set, cookie).bound);
    CHECK(recallOf(traefik, ws, set, cookie).names == second);
}

TEST_CASE("Attributes stand in Go's order for Traefik and in HAProxy's own")
{
    StickySpec spec {.cookie = "c",
                     .path = "/app",
                     .domain = "app.example",
                     .secure = true,
                     .httpOnly = true,
                     .sameSite = SameSite::lax};
    spec.maxAge = std::chrono::seconds(60);
    CHECK(setCookie(traefik, spec, {}, first).substr(18)
          == "; Path=/app; Domain=app.example; Max-Age=60; HttpOnly; Secure; SameSite=Lax");
    CHECK(setCookie(haproxy, spec, {}, first)
          == "c=s1; path=/; domain=app.example; HttpOnly; Secure; SameSite=Lax");
}

TEST_CASE("HAProxy reads every cookie of the name until one is usable, and takes quotes for part "
          "of the value")
{
    ReplicaSet set = three();
    const StickySpec srv {.cookie = "SRV"};
    CHECK(recallOf(haproxy, srv, set, "SRV=s2").names == second);
    CHECK(recallOf(haproxy, srv, set, "SRV=bogus; SRV=s2").bound);
    CHECK(recallOf(haproxy, srv, set, "SRV=s2; SRV=bogus").bound);
    CHECK(recallOf(haproxy, srv, set, "SRV=\"s2\"").state == CookieIn::unknown);
    CHECK(recallOf(haproxy, srv, set, "SRV=").state == CookieIn::unknown);
    CHECK(recallOf(haproxy, srv, set, "SRV=S2").state == CookieIn::unknown);
    CHECK(recallOf(haproxy, srv, set, "srv=s2").state == CookieIn::none);
    set.setUp(second, false);
    CHECK(recallOf(haproxy, srv, set, "SRV=s2").state == CookieIn::down);
}

TEST_CASE("HAProxy's indirect takes its cookie out of the request, and no other")
{
    const ReplicaSet set = three();
    http::RequestHead request;
    request.fields.add("Cookie", "a=1; SRV=s2; b=\"2\"");
    const auto policy = haproxy.sticky(with({{"indirect", true}}), set);
    policy->forward(request);
    CHECK(*request.fields.find("cookie") == "a=1; b=\"2\"");
    http::RequestHead alone;
    alone.fields.add("Cookie", "SRV=s2");
    policy->forward(alone);
    CHECK(alone.fields.find("cookie") == nullptr);
}

TEST_CASE(
    "HAProxy's nocache adds private where a cache might keep the answer, as measured on 2.6.12")
{
    const auto control = [](const char* name, const char* value) {
        const ReplicaSet set = three();
        http::ResponseHead response;
        if (*name != 0)
            response.fields.add(name, value);
        haproxy.sticky(with({{"nocache", true}}), set)->remember({Recall {}, set, first}, response);
        const auto all = response.fields.all("cache-control");
        return !all.empty() && all.back() == "private";
    };
    CHECK_FALSE(control("", ""));
    CHECK(control("Cache-Control", "max-age=60"));
    CHECK(control("ETag", "\"a\""));
    CHECK(control("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"));
    CHECK(control("Expires", "Sun, 06 Nov 2094 08:49:37 GMT"));
    CHECK_FALSE(control("Cache-Control", "public"));
    CHECK_FALSE(control("Cache-Control", "no-store"));
}

TEST_CASE(
    "HAProxy tries the same server three times more, and another at last only with redispatch")
{
    BalancerSpec spec {.product = "haproxy"};
    using Action = OnFailure::Action;
    for (int attempt = 0; attempt < 3; ++attempt)
        CHECK(haproxy.failed(spec, {Fault::refused, attempt}).action == Action::sameAgain);
    CHECK(haproxy.failed(spec, {Fault::refused, 3}).status == 503);
    spec.settings.set("redispatch", true);
    CHECK(haproxy.failed(spec, {Fault::refused, 2}).action == Action::another);
    CHECK(haproxy.failed(spec, {Fault::reset, 0}).status == 502);
}

TEST_CASE("Every product's row is whole")
{
    for (const Product* product : products()) {
        CAPTURE(product->id);
        CHECK(findProduct(product->id) == product);
        CHECK_FALSE(product->title.empty());
        CHECK_FALSE(product->follows.empty());
        CHECK_FALSE(product->source.empty());
        CHECK(product->picked != nullptr);
        CHECK(bool(product->failed));
        CHECK((product->hasCookie() || product->cookieKeys == 0));
        REQUIRE_FALSE(product->algorithms.empty());
        for (const ProductAlgorithm& algorithm : product->algorithms)
            CHECK(findAlgorithm(algorithm.id) != nullptr);
    }
}

TEST_CASE("What a product is known to differ in is a short list of sentences, each named once")
{
    for (const Product* product : products()) {
        CAPTURE(product->id);
        std::set<std::string_view> ids;
        for (const Difference& one : differencesOf(*product)) {
            CHECK(ids.insert(one.id).second);
            CHECK(one.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-")
                  == std::string_view::npos);
            CHECK(one.what.ends_with('.'));
            CHECK(one.why.ends_with('.'));
        }
        CHECK(ids.size() <= 5);
        CHECK(ids.empty() == !product->isProduct);
    }
}
