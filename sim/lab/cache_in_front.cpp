// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/cache_in_front.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

constexpr std::size_t mostPages = 10'000; ///< of those whose cookies are kept

bool isPrivate(const http::ResponseHead& response)
{
    const auto controls = response.fields.all("Cache-Control");
    return std::any_of(controls.begin(), controls.end(), [](std::string_view control) {
        return control == "private" || control == "no-store";
    });
}

std::string pageOf(const http::RequestHead& request, bool secure)
{
    const std::string* host = request.fields.find("Host");
    return (secure ? "https://" : "http://") + (host ? *host : std::string()) + request.target;
}

} // namespace

void CacheInFront::pass(const http::RequestHead& request, bool secure, http::ResponseHead& response)
{
    if (m_cookies == CacheCookies::strip)
        return response.fields.remove("Set-Cookie");
    if (m_cookies == CacheCookies::pass || isPrivate(response))
        return;
    const std::string page = pageOf(request, secure);
    auto kept = m_kept.find(page);
    const auto set = response.fields.all("Set-Cookie");
    if (kept == m_kept.end() && !set.empty() && m_kept.size() < mostPages)
        kept = m_kept.emplace(page, std::vector<std::string>(set.begin(), set.end())).first;
    // Who has no cookie yet gets the page from the cache, and with it somebody's cookie.
    if (kept == m_kept.end() || request.fields.find("Cookie"))
        return;
    response.fields.remove("Set-Cookie");
    for (const std::string& field : kept->second)
        response.fields.add("Set-Cookie", field);
}

} // namespace stickyscope::lab
