// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/client_site.h"

namespace stickyscope::http {

std::vector<Url> urlsOf(const ClientSpec& client, const Scenario& scenario)
{
    const std::string& asked = client.origin.empty() ? scenario.origin : client.origin;
    const Url origin = parseUrl(asked).value_or(Url {});
    const std::vector<std::string> one {client.path};
    std::vector<Url> urls;
    for (const std::string& path : client.paths.empty() ? one : client.paths)
        urls.push_back(resolve(origin, path).value_or(origin));
    return urls;
}

ClientSite siteOf(const ClientSpec& client, const Url& asked)
{
    const auto page = client.page.empty() ? std::nullopt : parseUrl(client.page);
    if (!page)
        return {};
    const bool sameSite = isSameSite(*page, asked);
    const bool sameOrigin = page->scheme == asked.scheme && page->authority() == asked.authority();
    return {.context = {.sameSite = sameSite,
                        .onlyPartitioned = !sameSite && !client.thirdPartyCookies},
            .cookies = sameOrigin || client.credentials};
}

std::string givenCookies(const ClientSpec& client)
{
    std::string given;
    for (const auto& [name, value] : client.headers) {
        if (equalIgnoringCase(name, "Cookie"))
            given.append(given.empty() ? "" : "; ").append(value);
    }
    return given;
}

} // namespace stickyscope::http
