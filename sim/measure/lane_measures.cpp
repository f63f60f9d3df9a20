// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/lane_measures.h"

#include "sim/measure/imbalance.h"
#include "sim/measure/kinds.h"

#include <algorithm>

namespace stickyscope {

void LaneMeasures::observe(std::span<const Observation> observations)
{
    for (const Observation& observation : observations) {
        switch (observation.kind) {
        case ObservationKind::answered:
            answered(observation);
            break;
        case ObservationKind::failed:
            failed(observation);
            break;
        case ObservationKind::message:
            ++m_messages;
            break;
        case ObservationKind::closed:
            ++m_closes[observation.status];
            break;
        case ObservationKind::sessionLost:
            m_affinity.sessionLost(observation);
            break;
        default:
            break;
        }
    }
}

void LaneMeasures::answered(const Observation& observation)
{
    ++m_answered;
    if (isServerError(observation.status))
        ++m_errors;
    m_latency.add(observation.value);
    m_affinity.answered(observation);
    countCookies(observation);
    if (observation.replica == noReplica)
        return;
    if (raw(observation.replica) >= m_replicas.size())
        m_replicas.resize(raw(observation.replica) + 1);
    Replica& replica = m_replicas[raw(observation.replica)];
    ++replica.requests;
    ++replica.ledger.at(static_cast<std::size_t>(observation.ledger));
}

void LaneMeasures::failed(const Observation& observation)
{
    ++m_failed;
    ++m_failures.at(static_cast<std::size_t>(observation.failure));
    m_affinity.failed(observation);
    countCookies(observation);
}

void LaneMeasures::countCookies(const Observation& observation)
{
    if (observation.cookieOut != CookieOut::none && observation.cookieOut != CookieOut::passedOn)
        ++m_cookiesSet;
    if (observation.cookieOut == CookieOut::several)
        ++m_severalCookies;
}

LaneResult LaneMeasures::result(const Cast& cast, std::size_t clients) const
{
    LaneResult result;
    result.requests = m_answered + m_failed;
    result.answered = m_answered;
    result.failed = m_failed;
    result.errors = m_errors;
    result.failures = m_failures;
    result.messages = m_messages;
    result.cookiesSet = m_cookiesSet;
    if (cast.decisionsVisible)
        result.severalCookies = m_severalCookies;
    result.latency = m_latency.result();
    result.closes = m_closes;
    result.ledgerKind = cast.decisionsVisible ? LedgerKind::decided : LedgerKind::inferred;
    if (cast.sessionsVisible)
        result.broken = 0;
    m_affinity.writeTo(result);
    result.kinds = kindsOf(m_affinity, cast);

    std::vector<Count> perReplica;
    Count identified = 0;
    for (std::size_t index = 0; index < cast.replicas.size(); ++index) {
        const Replica replica = index < m_replicas.size() ? m_replicas[index] : Replica {};
        result.replicas.push_back(
            {.name = cast.replicas[index], .requests = replica.requests, .ledger = replica.ledger});
        perReplica.push_back(replica.requests);
        identified += replica.requests;
    }
    for (ReplicaResult& replica : result.replicas) {
        if (identified > 0)
            replica.share = static_cast<double>(replica.requests) / static_cast<double>(identified);
    }
    result.imbalance = imbalanceOf(perReplica);

    for (std::size_t index = 0; index < std::min(clients, cast.clients.size()); ++index) {
        const auto& known = m_affinity.clients();
        const Affinity::Client client = index < known.size() ? known[index] : Affinity::Client {};
        ClientResult& row = result.clients.emplace_back();
        row.name = cast.clients[index];
        row.kind = cast.clientKinds[index];
        row.requests = client.requests;
        row.failed = client.failed;
        row.errors = client.errors;
        row.followUps = client.followUps;
        row.switches = client.switches;
        row.broken = client.broken;
        row.lost = client.lost;
        if (client.followUps > 0)
            row.stickiness =
                1 - static_cast<double>(client.switches) / static_cast<double>(client.followUps);
        row.replicas = m_affinity.perReplica(static_cast<ClientIndex>(index), cast.replicas.size());
    }
    return result;
}

} // namespace stickyscope
