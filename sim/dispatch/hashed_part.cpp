// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/hashed_part.h"

#include "sim/http/cookie.h"

#include <algorithm>

namespace stickyscope {

namespace {

std::string_view parameter(std::string_view target, std::string_view name)
{
    const auto mark = target.find('?');
    std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        const auto equals = std::min(one.find('='), one.size());
        if (equals < one.size() && one.substr(0, equals) == name)
            return one.substr(equals + 1);
        query.remove_prefix(std::min(one.size() + 1, query.size()));
    }
    return {};
}

std::string_view cookie(const http::RequestHead& request, std::string_view name)
{
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == name && !pair.value.empty())
                return pair.value;
        }
    }
    return {};
}

std::string_view header(const http::RequestHead& request, std::string_view name)
{
    const std::string* found = request.fields.find(name);
    return found && !found->empty() ? std::string_view(*found) : std::string_view();
}

} // namespace

std::string_view hashedPart(const HashKey& key, const http::RequestHead& request)
{
    if (key.read)
        return key.read(request, key.name).value_or(std::string_view());
    const std::string_view target = request.target;
    switch (key.of) {
    case HashKey::Of::source:
        return {};
    case HashKey::Of::header:
        return header(request, key.name);
    case HashKey::Of::query:
        return parameter(target, key.name);
    case HashKey::Of::path:
        return target.substr(0, target.find('?'));
    case HashKey::Of::uri:
        return target;
    case HashKey::Of::cookie:
        return cookie(request, key.name);
    }
    return {};
}

} // namespace stickyscope
