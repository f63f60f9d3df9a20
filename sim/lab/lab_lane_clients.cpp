// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A lane's clients: what they know of its balancer, and what is said of their requests.
#include "sim/lab/lab_lane.h"
#include "sim/model/balancer_instances.h"

namespace stickyscope::lab {

void LabLane::addClients(const std::string& stickyName)
{
    tellStickyName(stickyName);
    m_clients = std::make_unique<LabClients>(
        LabClients::Terms {.scenario = m_terms.scenario,
                           .jars = m_terms.jars,
                           .doors = m_doors,
                           .stickyName = stickyName,
                           .clock = [this] { return m_now; },
                           .wall = [this] { return wall(); },
                           .sent = [this](const live::LiveAnswer& request,
                                          const live::Target& asked) { sent(request, asked); },
                           .marksRequests = !m_terms.cast.theirs,
                           .join = m_join},
        m_recorder, nullptr);
}

void LabLane::sent(const live::LiveAnswer& request, const live::Target& asked)
{
    const int balancer = drawnInstance(m_balancerSpec, Chance {m_terms.scenario->seed},
                                       request.client, request.ordinal, 0);
    m_recorder.sent(request, namedBy(request, asked, balancer), balancer);
}

ReplicaIndex LabLane::namedBy(const live::LiveAnswer& request, const live::Target& asked,
                              int balancer) const
{
    if (request.stickySent.empty())
        return noReplica;
    if (!m_ours)
        return m_recorder.ownerOf(request.stickySent);
    const Dispatcher& dispatcher = m_ours->dispatcher(static_cast<std::size_t>(balancer));
    http::RequestHead head {.target = asked.request.target};
    head.fields.add("Cookie", std::string(dispatcher.cookieName()) + "=" + request.stickySent);
    return dispatcher
        .recall({.request = head,
                 .now = wall(),
                 .secure = asked.endpoint.url.secure(),
                 .source = m_clients->sourceOf(request.client)})
        .names;
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
