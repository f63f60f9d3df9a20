// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A lane's clients: what they know of its balancer, and what is said of their requests.
#include "sim/lab/lab_lane.h"

#include <algorithm>

namespace stickyscope::lab {

void LabLane::addClients(const std::string& stickyName)
{
    tellStickyName(stickyName);
    m_clients = std::make_unique<LabClients>(
        LabClients::Terms {
            .scenario = m_terms.scenario,
            .jars = m_terms.jars,
            .doors = m_doors,
            .stickyName = stickyName,
            .sticky = std::any_of(m_balancers.begin(), m_balancers.end(),
                                  [](const BalancerSpec& one) { return one.sticky.has_value(); }),
            .clock = [this] { return m_now; },
            .wall = [this] { return wall(); },
            .sent = [this](const live::LiveAnswer& request,
                           const live::LiveClient& client) { sent(request, client); },
            .cookiesChanged = [this](ClientIndex client) { noteCookies(client); },
            .marksRequests = !m_terms.cast.theirs,
            .join = m_join},
        m_recorder, nullptr);
}

// A program's own cookies tell nothing until answers have shown whose they are.
void LabLane::sent(const live::LiveAnswer& request, const live::LiveClient& client)
{
    if (!m_ours)
        return m_recorder.sent(request, {.named = m_recorder.ownerOf(request.stickySent)});
    const BalancerProxy::Asked asked {.head = client.head(),
                                      .secure = client.target().endpoint.url.secure(),
                                      .source = m_clients->sourceOf(request.client)};
    m_recorder.sent(request, m_ours->wayOf({request.client, request.ordinal}, asked));
}

// Of one balancer's cookie the observations tell enough.
void LabLane::noteCookies(ClientIndex client)
{
    if (m_terms.balancers.empty() || !m_ours)
        return;
    if (const auto next = m_clients->nextOf(client))
        m_queue.setHeld(client, m_ours->heldBy(*next));
}

WallSeconds LabLane::wall() const
{
    return std::chrono::floor<std::chrono::seconds>(m_begun + m_now.time_since_epoch());
}

void LabLane::log(const ProxyRecord& record, const std::string& client) const
{
    if (!m_terms.log)
        return;
    const Scenario& scenario = *m_terms.scenario;
    const bool none = record.replica == noReplica;
    m_terms.log({.lane = scenario.lanes[raw(m_terms.lane)].name,
                 .client = client,
                 .replica = none ? std::string_view() : scenario.replicas[raw(record.replica)].name,
                 .record = &record});
}

} // namespace stickyscope::lab
