// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/jar_mishaps.h"

#include <algorithm>

namespace stickyscope::http {

namespace {

void replace(CookieJar& jar, const std::vector<StoredCookie>& cookies)
{
    jar.clear();
    for (const StoredCookie& cookie : cookies)
        jar.insert(cookie);
}

// Another value of the same length.
void tamper(CookieJar& jar)
{
    std::vector<StoredCookie> all = jar.cookies();
    for (StoredCookie& cookie : all) {
        if (cookie.value.empty())
            cookie.value = "0";
        else
            cookie.value.back() = cookie.value.back() == '0' ? '1' : '0';
    }
    replace(jar, all);
}

// Those with an expiry, or those without.
void removeWhere(CookieJar& jar, bool expires)
{
    std::vector<StoredCookie> left = jar.cookies();
    std::erase_if(left, [expires](const StoredCookie& cookie) {
        return cookie.expires.has_value() == expires;
    });
    replace(jar, left);
}

// Takes out those of the names, in their order.
std::vector<StoredCookie> taken(CookieJar& jar, const std::vector<std::string_view>& names)
{
    std::vector<StoredCookie> all;
    for (const StoredCookie& cookie : jar.cookies()) {
        if (std::find(names.begin(), names.end(), cookie.name) != names.end())
            all.push_back(cookie);
    }
    for (const std::string_view name : names)
        jar.remove(name);
    return all;
}

void swapSticky(CookieJar& one, CookieJar& other, const std::vector<std::string_view>& names)
{
    const std::vector<StoredCookie> ofOne = taken(one, names);
    const std::vector<StoredCookie> ofOther = taken(other, names);
    for (const StoredCookie& cookie : ofOther)
        one.insert(cookie);
    for (const StoredCookie& cookie : ofOne)
        other.insert(cookie);
}

} // namespace

void befall(CookieJar& jar, const JarMishap& mishap)
{
    switch (mishap.kind) {
    case Intervention::Kind::tamperCookies:
        return tamper(jar);
    case Intervention::Kind::expireCookies:
        return removeWhere(jar, true);
    case Intervention::Kind::closeBrowser:
        return removeWhere(jar, false);
    case Intervention::Kind::deleteStickyCookie:
        for (const std::string_view name : mishap.sticky)
            jar.remove(name);
        return;
    case Intervention::Kind::shareCookies:
        if (mishap.other && mishap.other != &jar)
            replace(jar, mishap.other->cookies());
        return;
    case Intervention::Kind::swapCookies:
        if (mishap.other && mishap.other != &jar)
            swapSticky(jar, *mishap.other, mishap.sticky);
        return;
    default:
        return jar.clear();
    }
}

std::string withoutQuotes(std::string_view cookies)
{
    std::string plain;
    while (!cookies.empty()) {
        const auto end = std::min(cookies.find("; "), cookies.size());
        const std::string_view pair = cookies.substr(0, end);
        cookies.remove_prefix(std::min(end + 2, cookies.size()));
        const auto value = std::min(pair.find('='), pair.size() - 1) + 1;
        const bool quoted = pair.size() > value + 1 && pair[value] == '"' && pair.back() == '"';
        plain.append(plain.empty() ? "" : "; ").append(pair.substr(0, value));
        plain.append(quoted ? pair.substr(value + 1, pair.size() - value - 2) : pair.substr(value));
    }
    return plain;
}

} // namespace stickyscope::http
