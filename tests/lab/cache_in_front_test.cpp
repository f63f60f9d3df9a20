// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/cache_in_front.h"

#include <doctest/doctest.h>

using namespace stickyscope;

namespace {

// What somebody without a cookie gets of a page whose answer sets this one, or none.
std::string cookieOf(lab::CacheInFront& cache, const std::string& target, const std::string& sets)
{
    http::ResponseHead response;
    if (!sets.empty())
        response.fields.add("Set-Cookie", sets);
    cache.pass({.method = "GET", .target = target}, false, response);
    const std::string* field = response.fields.find("Set-Cookie");
    return field ? *field : std::string();
}

} // namespace

TEST_CASE("A page's first cookie is everybody's")
{
    lab::CacheInFront cache(CacheCookies::store);
    CHECK(cookieOf(cache, "/a", "").empty());
    CHECK(cookieOf(cache, "/a", "s=1") == "s=1");
    CHECK(cookieOf(cache, "/a", "s=2") == "s=1");
    CHECK(cookieOf(cache, "/a", "") == "s=1");
    CHECK(cookieOf(cache, "/b", "s=2") == "s=2");
}

TEST_CASE("Of more pages than a cache has room for it keeps no cookie")
{
    lab::CacheInFront cache(CacheCookies::store);
    for (int page = 0; page < 10'000; ++page)
        cookieOf(cache, "/" + std::to_string(page), "s=1");
    CHECK(cookieOf(cache, "/more", "s=2") == "s=2");
    CHECK(cookieOf(cache, "/more", "s=3") == "s=3");
    CHECK(cookieOf(cache, "/1", "s=3") == "s=1");
}
