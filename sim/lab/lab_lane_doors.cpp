// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where a lane's balancer is found, and what it speaks there.
#include "sim/http/client_site.h"
#include "sim/lab/lab_lane.h"
#include "sim/lab/own_certificate.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

// Whatever is asked for, the scenario's own origin first.
std::vector<http::Url> askedOf(const Scenario& scenario)
{
    std::vector<http::Url> asked {http::parseUrl(scenario.origin).value_or(http::Url {})};
    for (const ClientSpec& group : scenario.clients) {
        const std::vector<http::Url> urls = http::urlsOf(group, scenario);
        asked.insert(asked.end(), urls.begin(), urls.end());
    }
    return asked;
}

// By which it is asked: our clients say the origin's name, and everybody else says this machine's.
std::vector<std::string> namesIn(const std::vector<http::Url>& asked)
{
    std::vector<std::string> names {"localhost", "127.0.0.1", "::1"};
    for (const http::Url& url : asked) {
        if (std::find(names.begin(), names.end(), url.host) == names.end())
            names.push_back(url.host);
    }
    return names;
}

} // namespace

// The one that is told is the origin's; it keeps its port where it can.
std::string LabLane::openDoors(BalancerProxy& ours)
{
    const std::vector<http::Url> asked = askedOf(*m_terms.scenario);
    m_secure = asked.front().secure();
    const auto isAsked = [&](bool secure) {
        return std::any_of(asked.begin(), asked.end(),
                           [secure](const http::Url& url) { return url.secure() == secure; });
    };
    if (isAsked(true)) {
        const auto own = OwnCertificate::make(namesIn(asked));
        if (!own)
            return own.error();
        ours.useTls(*own);
        m_doors.certificate = own->certificate;
    }
    for (const bool secure : {m_secure, !m_secure}) {
        if (!isAsked(secure))
            continue;
        auto port = ours.openLoopback(secure == m_secure ? m_terms.port : 0, secure);
        // Where somebody else has it by now, any other one will do.
        if (!port)
            port = ours.openLoopback(0, secure);
        if (!port)
            return port.error();
        (secure ? m_doors.secure : m_doors.plain) = *port;
    }
    return {};
}

LaneAddress LabLane::address() const
{
    LaneAddress address {.lane = m_terms.scenario->lanes[raw(m_terms.lane)].name,
                         .balancer = (m_secure ? "https://127.0.0.1:" : "http://127.0.0.1:")
                             + std::to_string(m_balancer->port()),
                         .certificate = m_doors.certificate};
    for (std::size_t place = 0; place < m_replicas.size(); ++place)
        address.replicas.push_back("http://" + addressOf(place));
    return address;
}

} // namespace stickyscope::lab
