// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// When clients send of their own accord, and what becomes of their cookies on the way.
#include "sim/model/daily_curve.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace stickyscope {

// Drawn, never in step: clients in lockstep look sticky without any cookie. A trace is as it is.
void VirtualWorld::sendFirst(ClientIndex index)
{
    const VirtualClient& client = m_clients[raw(index)];
    const ClientSpec& spec = specOf(client);
    Draw draw = m_chance.draw(index, 0, Purpose::firstMoment);
    if (spec.bursts) {
        const Distribution within {.shape = Distribution::Shape::uniform,
                                   .most = spec.bursts->every};
        return sendBurst(index, Instant(within(draw)));
    }
    if (m_sites[client.group].open && !spec.gap)
        return scheduleOpen(index, 0xffffffffU);
    const Distribution& pace = spec.gap ? *spec.gap : spec.thinkTime;
    Distribution first = pace;
    if (pace.shape == Distribution::Shape::constant)
        first = {.shape = Distribution::Shape::uniform, .most = pace.mean};
    const Instant begins {first(draw)};
    m_events.push(begins, EventKind::clientSends, raw(index));
    for (int more = 1; more < spec.burst; ++more)
        m_events.push(begins, EventKind::clientSends, raw(index), 1);
}

void VirtualWorld::sendBurst(ClientIndex index, Instant at)
{
    m_events.push(at, EventKind::clientSends, raw(index));
    for (int more = 1; more < specOf(m_clients[raw(index)]).bursts->requests; ++more)
        m_events.push(at, EventKind::clientSends, raw(index), 1);
}

// After its request of this ordinal, the first of which is 0.
void VirtualWorld::scheduleOpen(ClientIndex index, std::uint32_t ordinal)
{
    const VirtualClient& client = m_clients[raw(index)];
    const ClientSpec& spec = specOf(client);
    if (spec.bursts)
        return sendBurst(index, m_now + spec.bursts->every);
    if (!spec.daily.empty()) {
        Draw draw = m_chance.draw(index, ordinal, Purpose::thinkTime);
        const double area = -std::log1p(-draw.unit());
        const Duration today = (m_scenario->starts.time_since_epoch() + m_now.time_since_epoch())
            % Duration(std::chrono::hours(24));
        return m_events.push(m_now + nextOnCurve(spec.daily, today, area), EventKind::clientSends,
                             raw(index));
    }
    if (!spec.arrivals)
        return;
    const std::size_t turn = ordinal + 1U;
    const std::size_t next = turn * static_cast<std::size_t>(spec.count) + raw(index)
        - m_sites[client.group].firstClient;
    if (next < spec.arrivals->size())
        m_events.push(Instant((*spec.arrivals)[next]), EventKind::clientSends, raw(index));
}

// The answer has Clear-Site-Data: "cookies", which counts over TLS alone, or takes the
// application's own cookie back. Either way the session is over.
void VirtualWorld::logOut(ClientIndex index, std::uint32_t resource)
{
    VirtualClient& client = m_clients[raw(index)];
    client.sinceLogout = 0;
    client.holder = noReplica;
    client.sessionLost = false;
    client.sessionAnswered = 0;
    if (client.jar == VirtualClient::noJar || specOf(client).jar == JarKind::none)
        return;
    http::CookieJar& jar = m_jars[client.jar];
    if (specOf(client).logout->clearsAll && (*m_urls)[resource].secure())
        jar.clear();
    else if (!m_scenario->sessionCookie.empty())
        jar.remove(m_scenario->sessionCookie);
}

namespace {

// Another value of the same length.
void tamper(http::CookieJar& jar)
{
    const std::vector<http::StoredCookie> all = jar.cookies();
    jar.clear();
    for (http::StoredCookie cookie : all) {
        if (cookie.value.empty())
            cookie.value = "0";
        else
            cookie.value.back() = cookie.value.back() == '0' ? '1' : '0';
        jar.insert(std::move(cookie));
    }
}

// Those with an expiry, or those without.
void removeWhere(http::CookieJar& jar, bool expires)
{
    http::CookieJar left;
    for (const http::StoredCookie& cookie : jar.cookies()) {
        if (cookie.expires.has_value() != expires)
            left.insert(cookie);
    }
    jar.clear();
    for (const http::StoredCookie& cookie : left.cookies())
        jar.insert(cookie);
}

} // namespace

void VirtualWorld::changeCookies(const Intervention& intervention, ClientIndex index)
{
    const std::uint32_t own = m_clients[raw(index)].jar;
    if (own == VirtualClient::noJar)
        return;
    // A jar that several have is changed once.
    const bool again =
        intervention.client == noClient && raw(index) > 0 && m_clients[raw(index) - 1].jar == own;
    if (again)
        return;
    http::CookieJar& jar = m_jars[own];
    if (intervention.kind == Intervention::Kind::shareCookies) {
        const std::uint32_t other = m_clients[raw(intervention.from)].jar;
        if (other == VirtualClient::noJar || other == own)
            return;
        jar.clear();
        for (const http::StoredCookie& cookie : m_jars[other].cookies())
            jar.insert(cookie);
        return;
    }
    switch (intervention.kind) {
    case Intervention::Kind::tamperCookies:
        return tamper(jar);
    case Intervention::Kind::expireCookies:
        return removeWhere(jar, true);
    case Intervention::Kind::closeBrowser:
        return removeWhere(jar, false);
    case Intervention::Kind::deleteStickyCookie:
        for (const VirtualBalancer& balancer : m_balancers)
            jar.remove(balancer.dispatcher().cookieName());
        return;
    default:
        return jar.clear();
    }
}

} // namespace stickyscope
