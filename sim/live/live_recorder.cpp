// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_recorder.h"

#include <algorithm>

namespace stickyscope::live {

void LiveAnswer::restart(std::uint32_t number)
{
    LiveAnswer fresh {.client = client, .ordinal = number};
    for (std::string LiveAnswer::*words :
         {&LiveAnswer::why, &LiveAnswer::replica, &LiveAnswer::identifiedBy, &LiveAnswer::address,
          &LiveAnswer::stickySent, &LiveAnswer::stickySet, &LiveAnswer::setCookie,
          &LiveAnswer::id}) {
        (fresh.*words).swap(this->*words);
        (fresh.*words).clear();
    }
    *this = std::move(fresh);
}

ReplicaIndex ReplicaRoster::indexOf(const std::string& name)
{
    const auto next = static_cast<ReplicaIndex>(m_names.size());
    const auto [place, added] = m_indices.try_emplace(name, next);
    if (added)
        m_names.push_back(name);
    return place->second;
}

LiveRecorder::LiveRecorder(std::shared_ptr<ReplicaRoster> roster, bool sessionsVisible)
    : m_roster(std::move(roster))
    , m_cast {.sessionsVisible = sessionsVisible, .decisionsVisible = false}
{
}

ClientIndex LiveRecorder::addClient(std::string name, std::string kind)
{
    m_cast.clients.push_back(std::move(name));
    m_cast.clientKinds.push_back(std::move(kind));
    m_clients.emplace_back();
    return static_cast<ClientIndex>(m_clients.size() - 1);
}

void LiveRecorder::setBalancer(std::string name)
{
    m_cast.balancer = std::move(name);
}

void LiveRecorder::setNotice(std::string notice)
{
    m_cast.notice = std::move(notice);
}

const Cast& LiveRecorder::cast() const
{
    // Replicas are only ever added.
    const auto& names = m_roster->names();
    for (std::size_t index = m_cast.replicas.size(); index < names.size(); ++index)
        m_cast.replicas.push_back(names[index]);
    return m_cast;
}

Observation LiveRecorder::sent(const LiveAnswer& request, const std::string& stickyName, Instant at)
{
    Observation observation {.at = at, .ordinal = request.ordinal, .client = request.client};
    observation.kind = ObservationKind::sent;
    if (request.stickySent.empty())
        return observation;
    observation.cookie = m_texts.intern(stickyName + "=" + request.stickySent);
    observation.pointsTo = m_owners.ownerOf(request.stickySent);
    return observation;
}

std::vector<Observation> LiveRecorder::ended(const LiveAnswer& answer)
{
    Client& client = m_clients[raw(answer.client)];
    Observation observation {.at = answer.at,
                             .value = answer.latency,
                             .ordinal = answer.ordinal,
                             .client = answer.client};
    observation.cookie = m_texts.intern(answer.setCookie);
    observation.status = static_cast<std::uint16_t>(answer.status);
    observation.failure = answer.failure;
    observation.kind =
        answer.failure == Failure::none ? ObservationKind::answered : ObservationKind::failed;
    observation.pointsTo = m_owners.ownerOf(answer.stickySent);
    observation.cookieOut = cookieOutOf(answer.stickySent, answer.stickySet, answer.stickyKept);
    if (answer.failure != Failure::none) {
        observation.rule = m_texts.intern(answer.why);
        return {observation};
    }
    if (!answer.replica.empty())
        observation.replica = m_roster->indexOf(answer.replica);
    observation.ledger = m_owners.judge(answer.stickySent, answer.stickySet, observation.replica);
    observation.session = SessionMark::begins;
    if (client.inSession)
        observation.session = !m_cast.sessionsVisible ? SessionMark::unseen
            : answer.broken                           ? SessionMark::broken
                                                      : SessionMark::met;
    client.inSession = true;
    if (observation.session != SessionMark::broken)
        return {observation};
    Observation lost {.at = answer.at, .client = answer.client, .replica = observation.replica};
    lost.kind = ObservationKind::sessionLost;
    lost.ledger = Ledger::fresh; // by routing, as far as can be seen
    return {lost, observation};
}

Observation LiveRecorder::opened(const LiveAnswer& answer, Instant at)
{
    Client& client = m_clients[raw(answer.client)];
    client.connectedAt = at;
    client.connected = answer.replica.empty() ? noReplica : m_roster->indexOf(answer.replica);
    Observation observation {.at = at, .client = answer.client, .replica = client.connected};
    observation.kind = ObservationKind::opened;
    return observation;
}

Observation LiveRecorder::message(ClientIndex client, Instant at, Duration latency)
{
    Observation observation {.at = at, .value = latency, .client = client};
    observation.replica = m_clients[raw(client)].connected;
    observation.kind = ObservationKind::message;
    return observation;
}

Observation LiveRecorder::closed(ClientIndex client, Instant at, int code,
                                 const std::string& reason)
{
    const Client& state = m_clients[raw(client)];
    Observation observation {.at = at, .value = at - state.connectedAt, .client = client};
    observation.replica = state.connected;
    observation.rule = m_texts.intern(reason);
    observation.status = static_cast<std::uint16_t>(code);
    observation.kind = ObservationKind::closed;
    return observation;
}

} // namespace stickyscope::live
