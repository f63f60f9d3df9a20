// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"

#include <array>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::http;

TEST_CASE("A Set-Cookie field is taken apart as RFC 6265 5.2 says")
{
    const auto cookie =
        parseSetCookie("ws-session = 7c1e9f02ab34d1c0 ; Path=/app; Domain=.Example.COM; "
                       "Max-Age=60; HttpOnly; Secure; SameSite=lax; nonsense=1");
    REQUIRE(cookie);
    CHECK(cookie->name == "ws-session");
    CHECK(cookie->value == "7c1e9f02ab34d1c0");
    CHECK(cookie->path == "/app");
    CHECK(cookie->domain == "example.com");
    CHECK(cookie->maxAge == std::chrono::seconds(60));
    CHECK(cookie->httpOnly);
    CHECK(cookie->secure);
    CHECK(cookie->sameSite == SameSite::lax);
}

TEST_CASE("Quotes belong to the value, and an equals sign may stand in it")
{
    CHECK(parseSetCookie("a=\"b\"")->value == "\"b\"");
    CHECK(parseSetCookie("a=b=c")->value == "b=c");
}

TEST_CASE("A later attribute outranks an earlier one of the same name")
{
    CHECK(parseSetCookie("a=b; Path=/one; Path=/two")->path == "/two");
    CHECK(parseSetCookie("a=b; Path=/one; Path=two")->path.empty());
}

TEST_CASE("A field without name and value, or with control characters, is no cookie")
{
    CHECK_FALSE(parseSetCookie(""));
    CHECK_FALSE(parseSetCookie("="));
    CHECK_FALSE(parseSetCookie("; Path=/"));
    CHECK_FALSE(parseSetCookie("a=b\x01"));
    CHECK(parseSetCookie("value-alone")->name.empty());
}

TEST_CASE("Cookie dates are read in nearly every spelling")
{
    const auto expected = parseCookieDate("Sun, 06 Nov 1994 08:49:37 GMT");
    REQUIRE(expected);
    CHECK(expected->time_since_epoch().count() == 784111777);
    static constexpr std::array<const char*, 5> spellings {
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "6 nov 1994 8:49:37",
        "08:49:37 1994 NOVEMBER 06", "Sun,06-Nov-1994 08:49:37 UTC"};
    for (const char* spelling : spellings) {
        CAPTURE(spelling);
        CHECK(parseCookieDate(spelling) == expected);
    }
}

TEST_CASE("A date that cannot be is none")
{
    static constexpr std::array<const char*, 6> wrong {"",
                                                       "06 Nov 1994",
                                                       "31 Feb 2024 00:00:00",
                                                       "06 Nov 1600 08:49:37",
                                                       "06 Nov 1994 24:00:00",
                                                       "Thu, 99 Xyz 2020 00:00:00"};
    for (const char* text : wrong) {
        CAPTURE(text);
        CHECK_FALSE(parseCookieDate(text));
    }
}

TEST_CASE("A date is written as RFC 9110 asks")
{
    CHECK(httpDate(WallSeconds(std::chrono::seconds(784111777)))
          == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(httpDate(WallSeconds {}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("A Cookie field gives its pairs in order, quotes and all")
{
    const auto pairs = parseCookieField("a=1; b=\"2\";c = 3 ; lonely; a=4");
    REQUIRE(pairs.size() == 4);
    CHECK(pairs[0].value == "1");
    CHECK(pairs[1].value == "\"2\"");
    CHECK(pairs[2].name == "c");
    CHECK(pairs[2].value == "3");
    CHECK(pairs[3].name == "a");
}

TEST_CASE("Of several cookies of one name the first counts, in whichever field it stands")
{
    http::Fields fields;
    CHECK_FALSE(http::cookieValue(fields, "a"));
    fields.add("Cookie", "b=1; aa=2");
    fields.add("Cookie", "c=3; a=\"4\"; a=5");
    CHECK(http::cookieValue(fields, "a") == "\"4\"");
    CHECK(http::cookieValue(fields, "b") == "1");
    CHECK_FALSE(http::cookieValue(fields, "A"));
}
