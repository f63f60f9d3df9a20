// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie_jar.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace stickyscope;
using namespace stickyscope::http;
using namespace std::chrono_literals;

namespace {

constexpr WallSeconds now {std::chrono::seconds(1767225600)};

Url url(const char* text)
{
    return *parseUrl(text);
}

CookieFate receive(const char* field, const char* from, const RequestContext& context = {})
{
    return CookieJar().receive(field, url(from), now, context).fate;
}

} // namespace

TEST_CASE("A jar says why it keeps or refuses a cookie")
{
    struct Row
    {
        const char* field;
        const char* from;
        CookieFate fate;
    };
    const std::vector<Row> rows {
        {"a=b; Path=/", "http://app.example/", CookieFate::kept},
        {"", "http://app.example/", CookieFate::refusedUnreadable},
        {"a=b; Secure", "http://app.example/", CookieFate::refusedSecureOverHttp},
        {"a=b; Secure", "https://app.example/", CookieFate::kept},
        {"a=b; Secure", "http://localhost:8000/", CookieFate::kept},
        {"a=b; Domain=other.example", "http://app.example/", CookieFate::refusedDomainMismatch},
        {"a=b; Domain=app.example", "http://www.app.example/", CookieFate::kept},
        {"a=b; Domain=www.app.example", "http://app.example/", CookieFate::refusedDomainMismatch},
        {"a=b; Domain=com", "http://shop.com/", CookieFate::refusedPublicSuffix},
        {"a=b; Domain=co.uk", "http://shop.co.uk/", CookieFate::refusedPublicSuffix},
        {"a=b; SameSite=None", "https://app.example/", CookieFate::refusedSameSiteNoneInsecure},
        {"a=b; SameSite=None; Secure", "https://app.example/", CookieFate::kept},
        {"__Host-a=b; Path=/; Secure", "https://app.example/", CookieFate::kept},
        {"__Host-a=b; Path=/x; Secure", "https://app.example/", CookieFate::refusedHostPrefix},
        {"__host-a=b; Path=/; Secure; Domain=app.example", "https://app.example/",
         CookieFate::refusedHostPrefix},
        {"__Secure-a=b", "https://app.example/", CookieFate::refusedSecurePrefix},
        {"a=b; Partitioned", "https://app.example/", CookieFate::refusedPartitionedInsecure},
        {"a=b; Max-Age=0", "http://app.example/", CookieFate::deleted},
        {"a=b; Expires=Thu, 01-Jan-1970 00:00:01 GMT", "http://app.example/", CookieFate::deleted},
    };
    for (const Row& row : rows) {
        CAPTURE(row.field);
        CAPTURE(row.from);
        CHECK(receive(row.field, row.from) == row.fate);
    }
    CHECK(receive(("a=" + std::string(4096, 'x')).c_str(), "http://app.example/")
          == CookieFate::refusedTooLarge);
    CHECK(receive("a=b", "https://app.example/", {.sameSite = false})
          == CookieFate::refusedSameSiteForeign);
}

TEST_CASE(
    "Where third-party cookies are blocked, those of the page's own partition are kept and sent")
{
    const Url url = *parseUrl("https://app.example/");
    const RequestContext blocked {.sameSite = false, .onlyPartitioned = true};
    CookieJar jar;
    CHECK(jar.receive("a=1; Secure; SameSite=None", url, {}, blocked).fate
          == CookieFate::refusedThirdParty);
    CHECK(jar.receive("b=2; Secure; SameSite=None; Partitioned", url, {}, blocked).fate
          == CookieFate::kept);
    jar.receive("c=3; Secure; SameSite=None", url, {});
    CHECK(jar.cookieFor(url, {}, blocked) == "b=2");
    CHECK(jar.explain(url, {}, blocked).back().fate == CookieFate::withheldThirdParty);
    CHECK(jar.cookieFor(url, {}, {.sameSite = false}) == "b=2; c=3");
}

TEST_CASE("Every reason names its paragraph")
{
    for (int fate = 0; fate <= static_cast<int>(CookieFate::withheldThirdParty); ++fate) {
        const std::string_view reason = reasonFor(static_cast<CookieFate>(fate));
        CAPTURE(fate);
        CHECK((reason.find("RFC 6265") != std::string_view::npos
               || reason.find("CHIPS") != std::string_view::npos));
    }
}

TEST_CASE("A cookie is sent where host, path and scheme match, and else the jar says why not")
{
    CookieJar jar;
    jar.receive("root=1; Path=/", url("https://app.example/"), now);
    jar.receive("app=2; Path=/app", url("https://app.example/app/x"), now);
    jar.receive("safe=3; Path=/; Secure", url("https://app.example/"), now);
    jar.receive("wide=4; Path=/; Domain=app.example", url("https://www.app.example/"), now);
    CHECK(jar.cookieFor(url("https://app.example/app/y"), now) == "app=2; root=1; safe=3; wide=4");
    CHECK(jar.cookieFor(url("http://app.example/application"), now) == "root=1; wide=4");
    CHECK(jar.cookieFor(url("http://www.app.example/"), now) == "wide=4");
    CHECK(jar.cookieFor(url("http://other.example/"), now).empty());
    const auto reports = jar.explain(url("http://app.example/"), now);
    REQUIRE(reports.size() == 4);
    CHECK(reports[0].fate == CookieFate::sent);
    CHECK(reports[1].fate == CookieFate::withheldPath);
    CHECK(reports[2].fate == CookieFate::withheldSecure);
}

TEST_CASE("Without a Path, a cookie belongs to the directory of the request")
{
    CookieJar jar;
    jar.receive("a=1", url("http://app.example/shop/cart"), now);
    CHECK(jar.cookieFor(url("http://app.example/shop/pay"), now) == "a=1");
    CHECK(jar.cookieFor(url("http://app.example/"), now).empty());
    CHECK(defaultPath("/cart") == "/");
    CHECK(defaultPath("/a/b/") == "/a/b");
}

TEST_CASE("Max-Age outranks Expires, and an expired cookie is not sent")
{
    CookieJar jar;
    jar.receive("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                url("http://app.example/"), now);
    CHECK(jar.nextExpiry() == now + 60s);
    CHECK(jar.cookieFor(url("http://app.example/"), now + 59s) == "a=1");
    CHECK(jar.cookieFor(url("http://app.example/"), now + 60s).empty());
    CHECK(jar.explain(url("http://app.example/"), now + 60s)[0].fate
          == CookieFate::withheldExpired);
}

TEST_CASE("SameSite withholds a cookie from another site's requests, but for navigations when lax")
{
    CookieJar jar;
    jar.receive("lax=1; SameSite=Lax", url("https://app.example/"), now);
    jar.receive("strict=2; SameSite=Strict", url("https://app.example/"), now);
    jar.receive("none=3; SameSite=None; Secure", url("https://app.example/"), now);
    CHECK(jar.cookieFor(url("https://app.example/"), now, {.sameSite = false}) == "none=3");
    CHECK(jar.cookieFor(url("https://app.example/"), now,
                        {.sameSite = false, .topLevelNavigation = true})
          == "lax=1; none=3");
}

TEST_CASE("The fifty-first cookie of a host displaces the one not used for longest")
{
    CookieJar jar;
    for (int number = 0; number < 50; ++number)
        jar.receive("c" + std::to_string(number) + "=1", url("http://app.example/"), now);
    jar.receive("other=1", url("http://other.example/"), now);
    jar.receive("c0=2", url("http://app.example/"), now);
    jar.receive("new=1", url("http://app.example/"), now);
    const std::string field = jar.cookieFor(url("http://app.example/"), now);
    CHECK(field.find("c0=2") != std::string::npos);
    CHECK(field.find("c1=1") == std::string::npos);
    CHECK(field.find("new=1") != std::string::npos);
    CHECK(jar.cookies().size() == 51);
}

TEST_CASE("Of more than 3,000 cookies in all, the ones not used for longest go")
{
    CookieJar jar;
    const auto host = [](int number) { return "http://h" + std::to_string(number) + ".example/"; };
    for (int number = 0; number < 3'000; ++number)
        jar.receive("c" + std::to_string(number) + "=1", url(host(number / 50).c_str()), now);
    CHECK(jar.cookies().size() == 3'000);
    CHECK(jar.cookieFor(url(host(0).c_str()), now).find("c0=1") != std::string::npos); // used
    for (int number = 0; number < 10; ++number)
        jar.receive("d" + std::to_string(number) + "=1", url(host(70).c_str()), now);
    CHECK(jar.cookies().size() == 3'000);
    CHECK(jar.cookieFor(url(host(0).c_str()), now).find("c0=1") != std::string::npos);
    CHECK(jar.cookieFor(url(host(1).c_str()), now).find("c50=1") == std::string::npos);
    CHECK(jar.cookieFor(url(host(70).c_str()), now).find("d9=1") != std::string::npos);
}

TEST_CASE("A cookie of 4,096 octets is kept, a larger one refused")
{
    CookieJar jar;
    const auto keep = [&](std::size_t octets) {
        return jar.receive("a=" + std::string(octets - 1, 'x'), url("http://app.example/"), now)
            .fate;
    };
    CHECK(keep(4'096) == CookieFate::kept);
    CHECK(keep(4'097) == CookieFate::refusedTooLarge);
}

TEST_CASE("Plain http cannot replace a Secure cookie")
{
    CookieJar jar;
    jar.receive("a=1; Secure", url("https://app.example/"), now);
    CHECK(jar.receive("a=2", url("http://app.example/"), now).fate
          == CookieFate::refusedOverlaysSecure);
    CHECK(jar.cookieFor(url("https://app.example/"), now) == "a=1");
}
