// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A lane's clients: what they know of its balancer, and what is said of their requests.
#include "sim/lab/lab_lane.h"

#include <algorithm>
#include <utility>

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
            .ended = [this](const live::LiveAnswer& answer,
                            const live::LiveClient& client) { logUnanswered(answer, client); },
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

void LabLane::log(ReplicaIndex replica, const ReplicaLine& line)
{
    const std::string guest = std::exchange(m_guest, {});
    if (line.check)
        return;
    const ProxyRecord record {.at = m_now,
                              .requestId = std::string(line.requestId),
                              .method = std::string(line.method),
                              .target = std::string(line.path),
                              .client = line.source,
                              .replica = replica,
                              .why = line.what,
                              .status = line.status,
                              .answered = line.status != 0,
                              .webSocket = line.status == 101};
    // Whoever asks may say the number of a client that there is not.
    const std::vector<std::string>& ours = m_recorder.cast().clients;
    const bool isOurs = raw(line.client) < ours.size();
    m_terms.log({.lane = name(),
                 .client = isOurs ? ours[raw(line.client)] : guest,
                 .replica = line.replica,
                 .record = &record,
                 .told = textOf(line) + (line.direct ? ", past the balancer" : "")});
}

// What no replica tells of.
void LabLane::logUnanswered(const live::LiveAnswer& answer, const live::LiveClient& client) const
{
    if (m_ours || !m_terms.log || answer.failure == Failure::none || !answer.replica.empty())
        return;
    const http::RequestHead& head = client.head();
    const ProxyRecord record {.at = answer.at,
                              .took = answer.latency,
                              .requestId = answer.id,
                              .method = head.method,
                              .target = head.target,
                              .client = m_clients->sourceOf(answer.client),
                              .why = answer.why,
                              .status = answer.status,
                              .failure = answer.failure};
    const std::string& who = m_recorder.cast().clients[raw(answer.client)];
    std::string told = record.client + " " + who + " " + head.method + " "
        + head.target.substr(0, head.target.find('?')) + " "
        + (answer.status == 0 ? "no answer" : std::to_string(answer.status)) + " nobody";
    told.append(", as it met it: ").append(nameOf(answer.failure));
    m_terms.log({.lane = name(), .client = who, .record = &record, .told = told});
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
