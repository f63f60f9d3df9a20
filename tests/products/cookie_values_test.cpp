// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is written is read as the same: values of any content.
#include "sim/dispatch/dispatcher.h"
#include "sim/products/cookie_formats.h"
#include "sim/products/digests.h"
#include "sim/products/envoy_cookie.h"
#include "sim/products/f5_cookie.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/product.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace stickyscope;
using namespace std::chrono_literals;

namespace {

WallSeconds anyMoment()
{
    return WallSeconds(std::chrono::seconds(*rc::gen::inRange<std::int64_t>(1, 4'000'000'000)));
}

std::string anyAddress()
{
    return "10." + std::to_string(*rc::gen::inRange(0, 256)) + "."
        + std::to_string(*rc::gen::inRange(0, 256)) + "."
        + std::to_string(*rc::gen::inRange(1, 255)) + ":"
        + std::to_string(*rc::gen::inRange(1, 65536));
}

} // namespace

TEST_CASE("Base 64, Envoy's sessions and HAProxy's dates are read as they were written")
{
    CHECK(rc::check([] {
        const auto octets = *rc::gen::arbitrary<std::string>();
        RC_ASSERT(octets.empty() || fromBase64(base64(octets)) == octets);
        const EnvoySession session {
            anyAddress(), *rc::gen::arbitrary<bool>() ? std::optional(anyMoment()) : std::nullopt};
        const auto read = readEnvoySession(writeEnvoySession(session));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->address == session.address);
        RC_ASSERT(read->expires == session.expires);
        const WallSeconds moment = anyMoment();
        const auto stamp = readHaproxyStamp(haproxyStamp(moment));
        RC_ASSERT(stamp.has_value());
        RC_ASSERT(*stamp >= moment);
        RC_ASSERT(*stamp - moment < 4s);
    }));
}

// The digits of base 64 do not stand in the order of their codes.
TEST_CASE("HAProxy renews a date once it is past, and not before, whatever its digits")
{
    const auto renews = [](WallSeconds stamp, WallSeconds now) {
        ReplicaSet replicas;
        replicas.add({.name = "r1", .url = "http://10.0.0.1:80"});
        Dispatcher dispatcher(
            {.product = "haproxy",
             .sticky = StickySpec {.cookie = "SRV", .settings = {{"maxidle", Duration(24h)}}}},
            replicas, Chance {1});
        http::RequestHead request;
        request.fields.add("Cookie", "SRV=r1|" + haproxyStamp(stamp));
        http::ResponseHead response {.status = 200};
        const Recall recall = dispatcher.recall({request, now});
        dispatcher.remember(
            {.recall = recall, .replicas = replicas, .replica = ReplicaIndex {0}, .now = now},
            response);
        return response.fields.find("Set-Cookie") != nullptr;
    };
    for (WallSeconds now {1795535000s}; now < WallSeconds(1795545000s); now += 401s) {
        CAPTURE(now.time_since_epoch().count());
        for (const auto apart : {4s, 256s, 3600s, 16384s}) {
            CHECK_FALSE(renews(now + apart, now));
            CHECK(renews(now - apart, now));
        }
        CHECK_FALSE(renews(now, now));
    }
}

TEST_CASE("The cookie that a product sets names the server that it was set for")
{
    CHECK(rc::check([] {
        ReplicaSet replicas;
        for (int number = *rc::gen::inRange(1, 6); number > 0; --number)
            replicas.add({.name = "r" + std::to_string(number), .url = "http://" + anyAddress()});
        const auto index =
            static_cast<ReplicaIndex>(*rc::gen::inRange<std::size_t>(0, replicas.size()));
        for (const Product* product : products()) {
            if (!product->hasCookie())
                continue;
            RC_LOG(std::string(product->id));
            const BalancerSpec balancer {.product = std::string(product->id),
                                         .sticky = StickySpec {}};
            const auto policy = product->sticky(balancer, replicas);
            if (policy->namesClients())
                continue;
            http::ResponseHead response;
            const Recall fresh;
            policy->remember({.recall = fresh, .replicas = replicas, .replica = index}, response);
            if (response.fields.empty())
                continue;
            const std::string field = *response.fields.find("Set-Cookie");
            http::RequestHead request;
            request.fields.add("Cookie", field.substr(0, field.find(';')));
            const Recall recall = policy->recall({request, {}}, replicas);
            RC_ASSERT(recall.bound);
            RC_ASSERT(replicas[recall.names].url == replicas[index].url);
        }
    }));
}

TEST_CASE("A cookie's form is told by its value, and its server found among others")
{
    struct Row
    {
        const char* product;
        const char* balancer;
    };
    const std::string address = "10.1.2.3:8000";
    ReplicaSet replicas;
    replicas.add({.name = "r1", .url = "http://" + address});
    for (const Row& row : {Row {"traefik", "Traefik"}, Row {"caddy", "Caddy"},
                           Row {"nginx", "nginx"}, Row {"envoy", "Envoy"}}) {
        CAPTURE(row.product);
        const Product& product = *findProduct(row.product);
        const BalancerSpec balancer {.product = row.product, .sticky = StickySpec {.cookie = "x"}};
        const auto policy = product.sticky(balancer, replicas);
        http::ResponseHead response;
        const Recall fresh;
        policy->remember({.recall = fresh, .replicas = replicas, .replica = ReplicaIndex {0}},
                         response);
        std::string value = *response.fields.find("Set-Cookie");
        value = value.substr(2, value.find(';') - 2);
        const auto formats = cookieFormatsOf({}, value);
        const auto found =
            std::find_if(formats.begin(), formats.end(), [&](const CookieFormat* format) {
                return format->balancer.find(row.balancer) != std::string_view::npos;
            });
        REQUIRE(found != formats.end());
        CHECK(couldName(**found, value, {std::string(address), {}}, {}));
        CHECK_FALSE(couldName(**found, value, {"10.1.2.4:8000", {}}, {}));
    }
    // F5's own example: 10.1.1.100:80 (K6917).
    const auto f5 = cookieFormatsOf("BIGipServerweb", "1677787402.20480.0000");
    REQUIRE_FALSE(f5.empty());
    CHECK(f5.front()->decode("1677787402.20480.0000").front() == "server: 10.1.1.100:80");
    CHECK(couldName(*f5.front(), "1677787402.20480.0000", {"10.1.1.100:80", {}}, {}));
    CHECK(cookieFormatsOf({}, "vi20010112000000000000000000000030.20480").front()->balancer
          == "F5 BIG-IP");
    // In a route domain the octets are those of IPv6, and the port is as it is.
    const std::string inDomain = "rd5o00000000000000000000ffffc0000201o80";
    CHECK(couldName(*cookieFormatsOf("BIGipServerpool", inDomain).front(), inDomain,
                    {"192.0.2.1:80", {}}, {}));
    CHECK(couldName(*cookieFormatsOf({}, inDomain).front(), inDomain, {"192.0.2.1:80", {}}, {}));
    CHECK(readF5Cookie("rd3o20010112000000000000000000000030o80") == "[2001:112::30]:80");
    CHECK_FALSE(readF5Cookie("rd3o2001o80"));
    const auto encrypted = cookieFormatsOf("BIGipServerpool", "!abc=");
    REQUIRE(encrypted.size() == 1);
    CHECK(encrypted.front()->meaning.find("Encrypted") == 0);
    // Envoy's own form is no other's, whose address would begin with what frames it.
    for (const CookieFormat* format : cookieFormatsOf({}, "\"Cg0xMC4wLjAuMzo4MDAw\""))
        CHECK(format->balancer.find("Google") == std::string_view::npos);
    // Without a name, the value alone tells.
    CHECK(cookieFormatsOf({}, "1677787402.20480.0000").front()->balancer == "F5 BIG-IP");
    CHECK(cookieFormatsOf({}, "http://10.0.0.1:80").front()->balancer == "Traefik before 2.5");
    // 10.0.0.1:8080, as Envoy wrote it before it added a time.
    const auto envoy = cookieFormatsOf("lb", "MTAuMC4wLjE6ODA4MA==");
    REQUIRE_FALSE(envoy.empty());
    CHECK(couldName(*envoy.front(), "MTAuMC4wLjE6ODA4MA==", {"10.0.0.1:8080", {}}, {}));
    CHECK(cookieFormatsOf("lb", "Monday12").empty());
    // An application's session is nobody's sticky cookie for sure.
    for (const CookieFormat* format :
         cookieFormatsOf("PHPSESSID", "0123456789abcdef0123456789abcdef"))
        CHECK(format->is(CookieFormat::weak));
}

TEST_CASE("nginx reads cookies in its own way, as measured on 1.22.1")
{
    const auto value = [](const char* cookies) {
        http::RequestHead request;
        request.fields.add("Cookie", cookies);
        return std::string(nginxCookie(request, "uid").value_or("-"));
    };
    CHECK(value("uid=a") == "a");
    CHECK(value("UID = a ; b=1") == "a ");
    CHECK(value("x=1, uid=a") == "a");
    CHECK(value("uid; uid=a") == "-");
    CHECK(value("uidx=1; uid=a") == "a");
    CHECK(value("a=1;\tuid=a") == "-");
}
