// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_recorder.h"

namespace stickyscope::live {

ClientIndex LiveRecorder::addClient(std::string name, std::string kind)
{
    m_cast.clients.push_back(std::move(name));
    m_cast.clientKinds.push_back(std::move(kind));
    m_clients.emplace_back();
    return static_cast<ClientIndex>(m_clients.size() - 1);
}

ReplicaIndex ReplicaRoster::indexOf(const std::string& name)
{
    const auto next = static_cast<ReplicaIndex>(m_names.size());
    const auto [place, added] = m_indices.try_emplace(name, next);
    if (added)
        m_names.push_back(name);
    return place->second;
}

Observation LiveRecorder::sent(ClientIndex client, std::uint32_t ordinal, Instant at,
                               const std::string& cookie)
{
    Observation observation {
        .at = at, .ordinal = ordinal, .client = client, .cookie = m_texts.intern(cookie)};
    observation.kind = ObservationKind::sent;
    if (!cookie.empty())
        observation.pointsTo = m_clients[raw(client)].cookieFrom;
    return observation;
}

Observation LiveRecorder::ended(const LiveAnswer& answer)
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
    if (answer.stickySet)
        observation.cookieOut = answer.stickySent ? CookieOut::rewritten : CookieOut::inserted;
    if (answer.failure != Failure::none)
        return observation;
    if (!answer.replica.empty())
        observation.replica = m_roster->indexOf(answer.replica);
    if (observation.replica == noReplica)
        observation.ledger = Ledger::unidentified;
    else if (!answer.stickySent)
        observation.ledger = Ledger::fresh;
    else
        observation.ledger =
            observation.replica == client.cookieFrom ? Ledger::honoured : Ledger::replaced;
    if (answer.stickySet)
        client.cookieFrom = observation.replica;
    // A session is a client's whole series; state is not visible from here.
    observation.session = client.inSession ? SessionMark::unseen : SessionMark::begins;
    client.inSession = true;
    return observation;
}

Observation LiveRecorder::message(ClientIndex client, Instant at)
{
    Observation observation {.at = at, .client = client};
    observation.kind = ObservationKind::message;
    return observation;
}

void LiveRecorder::endSession(ClientIndex client)
{
    m_clients[raw(client)].inSession = false;
}

} // namespace stickyscope::live
