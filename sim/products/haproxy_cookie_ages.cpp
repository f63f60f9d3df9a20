// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_cookie_ages.h"

#include "sim/products/haproxy_cookie.h"

#include <algorithm>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule idleTooLong {
    "Its cookie was not used for longer than maxidle: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag E"};
constexpr Rule tooOld {
    "Its cookie is older than maxlife: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag O"};

} // namespace

HaproxyCookieValue::HaproxyCookieValue(std::string_view text, bool prefixed)
    : server(text.substr(0, text.find(prefixed ? '~' : '|')))
{
    // Whether or not anybody asked for dates.
    if (prefixed || server.size() == text.size())
        return;
    const std::string_view stamps = text.substr(server.size() + 1);
    last = readHaproxyStamp(stamps);
    if (const auto next = stamps.find('|'); next != std::string_view::npos)
        first = readHaproxyStamp(stamps.substr(next + 1));
}

HaproxyCookieAges::HaproxyCookieAges(Duration maxidle, Duration maxlife)
    : m_maxidle(std::chrono::floor<std::chrono::seconds>(maxidle))
    , m_maxlife(std::chrono::floor<std::chrono::seconds>(maxlife))
{
}

bool HaproxyCookieAges::dated() const
{
    return m_maxidle > 0s || m_maxlife > 0s;
}

// A stamp of more than a day ahead is as if too old.
const Rule* HaproxyCookieAges::expiry(const HaproxyCookieValue& value, WallSeconds now) const
{
    const auto outside = [now](WallSeconds stamp, std::chrono::seconds most) {
        return now - stamp > most || stamp - now > 24h;
    };
    if (value.last && m_maxidle > 0s && outside(*value.last, m_maxidle))
        return &idleTooLong;
    if (value.first && m_maxlife > 0s && outside(*value.first, m_maxlife))
        return &tooOld;
    return nullptr;
}

WallSeconds HaproxyCookieAges::goodUntil(const HaproxyCookieValue& value) const
{
    WallSeconds until = Recall::always;
    if (value.last && m_maxidle > 0s)
        until = std::min(until, *value.last + m_maxidle + 1s);
    if (value.first && m_maxlife > 0s)
        until = std::min(until, *value.first + m_maxlife + 1s);
    return until;
}

// A stamp is renewed once it is older than now's, set where it lacks, and taken off where
// nobody wants it.
bool HaproxyCookieAges::needRefresh(const HaproxyCookieValue& value, WallSeconds now) const
{
    const bool stale =
        value.last ? !dated() || haproxyQuarter(*value.last) < haproxyQuarter(now) : m_maxidle > 0s;
    return stale || (m_maxlife > 0s) != value.first.has_value();
}

std::string HaproxyCookieAges::stamps(const HaproxyCookieValue& before, WallSeconds now) const
{
    if (!dated())
        return {};
    std::string text = "|" + haproxyStamp(now);
    if (m_maxlife > 0s)
        text += "|" + haproxyStamp(before.first.value_or(now));
    return text;
}

} // namespace stickyscope
