// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/jar_mishaps.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using http::befall;
using Kind = Intervention::Kind;

namespace {

const http::Url shop = *http::parseUrl("http://app.example/");
constexpr WallSeconds today {std::chrono::seconds(1'767'225'600)};

http::CookieJar jarOf(std::initializer_list<const char*> fields)
{
    http::CookieJar jar;
    for (const char* field : fields)
        jar.receive(field, shop, today);
    return jar;
}

} // namespace

TEST_CASE("Each mishap takes from a jar what it is named for")
{
    const http::CookieJar whole =
        jarOf({"lb=a0; Path=/", "sid=x; Path=/", "dated=1; Path=/; Max-Age=60", "empty=; Path=/"});
    const auto after = [&](const http::JarMishap& mishap) {
        http::CookieJar jar = whole;
        befall(jar, mishap);
        return jar.cookieFor(shop, today);
    };
    CHECK(after({.kind = Kind::takeCookies}) == "");
    CHECK(after({.kind = Kind::deleteStickyCookie, .sticky = {"lb", "other"}})
          == "sid=x; dated=1; empty=");
    CHECK(after({.kind = Kind::tamperCookies}) == "lb=a1; sid=0; dated=0; empty=0");
    CHECK(after({.kind = Kind::expireCookies}) == "lb=a0; sid=x; empty=");
    CHECK(after({.kind = Kind::closeBrowser}) == "dated=1");
}

TEST_CASE("A jar becomes a copy of another one, and stays as it is where there is none")
{
    http::CookieJar jar = jarOf({"lb=a; Path=/"});
    befall(jar, {.kind = Kind::shareCookies});
    CHECK(jar.cookieFor(shop, today) == "lb=a");
    befall(jar, {.kind = Kind::shareCookies, .other = &jar});
    CHECK(jar.cookieFor(shop, today) == "lb=a");
    http::CookieJar other = jarOf({"lb=b; Path=/", "sid=1; Path=/"});
    befall(jar, {.kind = Kind::shareCookies, .other = &other});
    CHECK(jar.cookieFor(shop, today) == "lb=b; sid=1");
}

TEST_CASE("Two jars swap the balancers' cookies, with all that belongs to them, and nothing else")
{
    http::CookieJar one = jarOf({"lb=a; Path=/; Max-Age=60", "sid=1; Path=/"});
    http::CookieJar other = jarOf({"sid=2; Path=/", "lb=b; Path=/", "edge=c; Path=/"});
    const http::JarMishap swap {
        .kind = Kind::swapCookies, .sticky = {"lb", "edge"}, .other = &other};
    befall(one, swap);
    CHECK(one.cookieFor(shop, today) == "sid=1; lb=b; edge=c");
    CHECK(other.cookieFor(shop, today) == "sid=2; lb=a");
    CHECK(other.cookieFor(shop, today + std::chrono::seconds(61)) == "sid=2");
    CHECK(one.cookieFor(shop, today + std::chrono::seconds(61)) == "sid=1; lb=b; edge=c");
    befall(one, swap);
    CHECK(one.cookieFor(shop, today) == "sid=1; lb=a");
    CHECK(other.cookieFor(shop, today) == "sid=2; lb=b; edge=c");
    // With itself, or with whom there is no jar, nothing is lost.
    befall(one, {.kind = Kind::swapCookies, .sticky = {"lb"}, .other = &one});
    befall(one, {.kind = Kind::swapCookies, .sticky = {"lb"}});
    CHECK(one.cookieFor(shop, today) == "sid=1; lb=a");
}

TEST_CASE("Quotes are taken off where a value has them on both sides")
{
    CHECK(http::withoutQuotes("") == "");
    CHECK(http::withoutQuotes("a=\"x\"; b=y") == "a=x; b=y");
    CHECK(http::withoutQuotes("a=\"; b=\"\"; c=\"x") == "a=\"; b=; c=\"x");
    CHECK(http::withoutQuotes("\"x\"") == "\"x\"");
}
