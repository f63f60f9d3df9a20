// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/secret_mask.h"

#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::record;

namespace {

const SecretMask mask {{"ws-session"}, {1, 2, 3}};

}

TEST_CASE("A secret's hash is eight digits, the same for the same secret and key alone")
{
    const std::string hash = mask.hash("tango-7");
    CHECK(hash.size() == 8);
    CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(mask.hash("tango-7") == hash);
    CHECK(mask.hash("tango-8") != hash);
    CHECK(SecretMask({}).hash("tango-7") != SecretMask({}).hash("tango-7"));
    CHECK(mask.hash("").empty());
}

TEST_CASE("Of cookies the sticky one's value stays, and every name")
{
    const std::string hash = mask.hash("tango-7");
    CHECK(mask.cookieField("sid=tango-7; ws-session=7c1e; x=tango-7")
          == "sid=" + hash + "; ws-session=7c1e; x=" + hash);
    CHECK(mask.cookieField("tango-7") == hash);
    CHECK(mask.cookieField("=tango-7") == "=" + hash);
    CHECK(mask.cookieField("ws-session=7c1e").find("7c1e") != std::string::npos);
    CHECK(mask.cookieField("ws-session2=tango-7") == "ws-session2=" + hash);
    CHECK(mask.cookieField("").empty());
    CHECK(mask.setCookieField("sid=tango-7; Path=/a; HttpOnly; Max-Age=5")
          == "sid=" + hash + "; Path=/a; HttpOnly; Max-Age=5");
    CHECK(mask.setCookieField("ws-session=7c1e; Path=/") == "ws-session=7c1e; Path=/");
    CHECK(mask.setCookieField("sid=tango-7; token=tango-7") == "sid=" + hash + "; token=" + hash);
}

TEST_CASE("Of headers and addresses the secrets go, and the rest stays")
{
    const std::string hash = mask.hash("tango-7");
    for (const char* name : {"Authorization", "proxy-authorization", "X-Api-Key", "X-Auth-Token"})
        CHECK(mask.headerValue(name, "tango-7") == hash);
    CHECK(mask.headerValue("Accept", "text/html") == "text/html");
    CHECK(mask.headerValue("X-Of-Our-Own", "tango-7") == hash);
    CHECK(mask.headerValue("referer", "http://tango-7@a/x?token=tango-7&page=1")
          == "http://" + hash + "@a/x?token=" + hash + "&page=1");
    CHECK(mask.headerValue("Cookie", "ws-session=1; sid=tango-7") == "ws-session=1; sid=" + hash);
    CHECK(mask.address("http://tango-7@app.example:80/a?b=c")
          == "http://" + hash + "@app.example:80/a?b=c");
    CHECK(mask.address("http://app.example/?a=@&token=tango-7&b=1")
          == "http://app.example/?a=@&token=" + hash + "&b=1");
    CHECK(mask.address("/x?access_token=tango-7&Sig=tango-7&password=tango-7&key=tango-7")
          == "/x?access_token=" + hash + "&Sig=" + hash + "&password=" + hash + "&key=" + hash);
    CHECK(mask.address("/x?monkey=1&token") == "/x?monkey=1&token");
    CHECK(mask.address("http://app.example") == "http://app.example");
    CHECK(mask.address("https://h/#token=tango-7") == "https://h/#token=" + hash);
}

TEST_CASE("A scenario without its secrets can still be read")
{
    const auto scenario = readScenario(R"(
version: 1
origin: http://tango-7:tango-7@app.example
target: https://app.example/hostname?key=tango-7
replicas: [{name: a}]
balancer: {product: haproxy, sticky: {}}
clients: [{name: x, kind: browser, path: "/cart?token=tango-7", headers: {Authorization: Bearer tango-7, Cookie: "sid=tango-7", X-A: b}}]
lanes: [{name: "off", sticky: none}, {name: "on"}, {name: t, product: traefik}, {name: p, product: plain}]
)",
                                       "f");
    REQUIRE(scenario);
    const Scenario masked = mask.scenario(*scenario);
    const std::string text = writeScenario(masked);
    CHECK(text.find("tango") == std::string::npos);
    const auto again = readScenario(text, "f");
    CAPTURE(again.error());
    REQUIRE(again);
    CHECK(*again == masked);
    CHECK(again->clients[0].headers[2].second == mask.hash("b"));
    CHECK(stickyCookiesOf(*scenario) == std::vector<std::string> {"SRV", "_fb0b0"});
}

TEST_CASE("No key of a cookie is left in a scenario, whichever balancer has it, and from when on")
{
    const auto scenario = readScenario(R"(
version: 1
replicas: [{name: a}, {name: b}]
balancer: {product: haproxy, servers: [inner], sticky: {dynamic-cookie-key: tango-7}}
balancers:
  - {name: inner, product: nginx-sticky-module-ng, sticky: {hmac: sha1, hmac-key: tango-8}}
clients: [{name: x, kind: browser}]
timeline: [{at: 1s, reload: balancer, with: {sticky: {dynamic-cookie-key: tango-9}}}]
lanes: [{name: one}, {name: other, with: {balancer: {sticky: {dynamic-cookie-key: tango-10}}}}]
)",
                                       "f");
    CAPTURE(scenario.error());
    REQUIRE(scenario);
    const std::string text = writeScenario(mask.scenario(*scenario));
    CHECK(text.find("tango") == std::string::npos);
    for (const char* key : {"tango-7", "tango-8", "tango-9", "tango-10"})
        CHECK(text.find(mask.hash(key)) != std::string::npos);
    CHECK(readScenario(text, "f"));
}
