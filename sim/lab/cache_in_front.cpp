// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/cache_in_front.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

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
    std::vector<std::string>& kept = m_kept[pageOf(request, secure)];
    if (kept.empty()) {
        for (const std::string_view field : response.fields.all("Set-Cookie"))
            kept.emplace_back(field);
    }
    // Who has no cookie yet gets the page from the cache, and with it somebody's cookie.
    if (kept.empty() || request.fields.find("Cookie"))
        return;
    response.fields.remove("Set-Cookie");
    for (const std::string& field : kept)
        response.fields.add("Set-Cookie", field);
}

} // namespace stickyscope::lab
