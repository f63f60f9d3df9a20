// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_recorder.h"

#include "sim/products/balancer_title.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

namespace {

// A decision is recorded within the same turn of the event loop, or the next.
constexpr Duration patience = std::chrono::seconds(1);

} // namespace

LabRecorder::LabRecorder(const Scenario& scenario, LaneIndex lane, live::LiveQueue& queue,
                         std::function<Instant()> clock, Sight sight)
    : m_queue(queue)
    , m_clock(std::move(clock))
    , m_clients(clientNames(scenario).size())
    , m_own(m_clients.size())
{
    for (const ReplicaSpec& replica : scenario.replicas) {
        m_cast.replicas.push_back(replica.name);
        m_stores.push_back(replica.sessions);
    }
    m_cast.clients = clientNames(scenario);
    for (const ClientSpec& group : scenario.clients)
        m_cast.clientKinds.insert(m_cast.clientKinds.end(), static_cast<std::size_t>(group.count),
                                  std::string(nameOf(group.kind)));
    m_cast.balancer = balancerTitle(scenario, scenario.lanes[raw(lane)]);
    m_cast.decisionsVisible = sight.decisions;
    m_cast.sessionsVisible = sight.sessions;
    m_cast.balancers = std::move(sight.balancers);
    m_queue.describe(m_cast, m_texts);
}

void LabRecorder::emitAll(std::span<const Observation> observations)
{
    m_queue.describe(m_cast, m_texts);
    m_queue.observe(observations);
}

// In the order in which they happened to the client.
void LabRecorder::emitFor(ClientIndex client, const Observation& observation)
{
    Client& one = m_clients[raw(client)];
    if (one.waiting > 0)
        one.after.push_back(observation);
    else
        emitAll({&observation, 1});
}

Observation LabRecorder::about(ClientIndex client, ObservationKind kind) const
{
    Observation observation {.at = m_clock(), .client = client};
    observation.replica = m_clients[raw(client)].replica;
    observation.kind = kind;
    return observation;
}

void LabRecorder::setNotice(std::string notice)
{
    m_cast.notice = std::move(notice);
    m_queue.describe(m_cast, m_texts);
}

ReplicaIndex LabRecorder::named(const std::string& replica) const
{
    const auto found = std::find(m_cast.replicas.begin(), m_cast.replicas.end(), replica);
    return found == m_cast.replicas.end()
        ? noReplica
        : static_cast<ReplicaIndex>(found - m_cast.replicas.begin());
}

std::uint16_t LabRecorder::wayBy(int balancer) const
{
    return m_cast.balancers.empty() ? std::uint16_t {0} : static_cast<std::uint16_t>(balancer + 1);
}

// Balancers behind the first one, in order.
void LabRecorder::passOn(const ProxyRecord& record, Observation request,
                         std::vector<Observation>& out) const
{
    request.kind = ObservationKind::placed;
    request.replica = noReplica;
    for (const int next : record.through) {
        request.status = wayBy(next);
        out.push_back(request);
    }
}

std::optional<NumberedRequest> LabRecorder::whose(const std::string& requestId) const
{
    const auto found = m_underWay.find(requestId);
    if (found == m_underWay.end())
        return std::nullopt;
    return NumberedRequest {found->second.client, found->second.ordinal};
}

void LabRecorder::sent(const live::LiveAnswer& request, const BalancerProxy::Way& way)
{
    for (const std::string& late : std::exchange(m_clients[raw(request.client)].late, {}))
        m_underWay.erase(late);
    m_underWay[request.id] = {
        .client = request.client, .pointsTo = way.named, .ordinal = request.ordinal};
    Observation observation {.at = m_clock(), .ordinal = request.ordinal, .client = request.client};
    observation.kind = ObservationKind::sent;
    observation.pointsTo = way.named;
    observation.status = wayBy(way.balancer);
    if (!request.stickySent.empty())
        observation.cookie = m_texts.intern(m_stickyName + "=" + request.stickySent);
    emitFor(request.client, observation);
}

void LabRecorder::ended(const live::LiveAnswer& answer)
{
    const auto request = m_underWay.find(answer.id);
    if (request == m_underWay.end())
        return;
    m_clients[raw(answer.client)].replica = named(answer.replica);
    if (!m_cast.decisionsVisible || request->second.record)
        return finish(request, answer);
    request->second.waiting = answer;
    ++m_clients[raw(answer.client)].waiting;
}

std::string LabRecorder::decided(const ProxyRecord& record)
{
    const auto found = m_underWay.find(record.requestId);
    if (found == m_underWay.end()) {
        const Asked asked = takeAsked(record.requestId).value_or(Asked {});
        return m_cast.clients[raw(visited(record, asked.event))];
    }
    std::string name = m_cast.clients[raw(found->second.client)];
    found->second.record = record;
    if (found->second.waiting) {
        const live::LiveAnswer answer = *std::exchange(found->second.waiting, std::nullopt);
        --m_clients[raw(answer.client)].waiting;
        finish(found, answer);
    }
    return name;
}

void LabRecorder::giveUpWaiting()
{
    for (auto next = m_underWay.begin(); next != m_underWay.end();) {
        const auto request = next++;
        if (!request->second.waiting || m_clock() - request->second.waiting->at < patience)
            continue;
        const live::LiveAnswer answer = *std::exchange(request->second.waiting, std::nullopt);
        --m_clients[raw(answer.client)].waiting;
        finish(request, answer);
    }
}

// What is known of it by now is all that will be.
void LabRecorder::finish(Requests::iterator request, const live::LiveAnswer& answer)
{
    const ClientIndex index = answer.client;
    Client& client = m_clients[raw(index)];
    const ProxyRecord* record = request->second.record ? &*request->second.record : nullptr;
    // A 400 may be anybody's: the balancer knows which are its own.
    const bool refused = record && record->replica == noReplica;
    const Failure failure =
        answer.failure == Failure::none && refused ? record->failure : answer.failure;
    const bool answered = failure == Failure::none;
    Observation end = about(index, answered ? ObservationKind::answered : ObservationKind::failed);
    end.at = answer.at;
    end.value = answer.latency;
    end.ordinal = answer.ordinal;
    end.cookie = m_texts.intern(answer.setCookie);
    end.replica = named(answer.replica);
    end.pointsTo = request->second.pointsTo;
    end.status = static_cast<std::uint16_t>(answer.status);
    end.failure = failure;
    end.session = answered ? answer.session : SessionMark::none;
    // Where nobody tells, a client's whole series is one session.
    if (answered && !m_cast.sessionsVisible)
        end.session = client.inSession ? SessionMark::unseen : SessionMark::begins;
    end.rule = m_texts.intern(record ? reasonOf(*record) : answer.why);
    end.ledger = Ledger::unidentified;
    if (!m_cast.decisionsVisible) {
        end.ledger = m_owners.judge(answer.stickySent, answer.stickySet, end.replica);
        end.cookieOut = live::cookieOutOf(answer.stickySent, answer.stickySet, answer.stickyKept);
    }
    if (record) {
        end.replica = record->replica;
        client.replica = record->replica;
        end.ledger = record->ledger;
        end.cookieIn = record->cookieIn;
        end.cookieOut = record->cookieOut;
        // Of several balancers' cookies the pictures tell by the jar itself.
        const bool written =
            end.cookieOut != CookieOut::none && end.cookieOut != CookieOut::deleted;
        if (written && m_cast.balancers.empty() && !answer.stickyKept)
            end.cookieOut = CookieOut::notKept;
    }
    std::vector<Observation> out;
    if (record)
        passOn(*record, end, out);
    continueSession(client, end, answer.endsSession, out);
    // One whose record never came may have reached the balancer all the same: it is no visitor's.
    if (record || !m_cast.decisionsVisible)
        m_underWay.erase(request);
    else
        client.late.push_back(answer.id);
    if (client.waiting == 0) {
        const auto after = std::exchange(client.after, {});
        out.insert(out.end(), after.begin(), after.end());
    }
    emitAll(out);
}

// Adds the answer to `out`, with the loss of its session before it where there is one.
void LabRecorder::continueSession(Client& client, const Observation& answered, bool ends,
                                  std::vector<Observation>& out) const
{
    if (answered.session == SessionMark::broken && !client.lost) {
        Observation lost {.at = answered.at, .client = answered.client};
        lost.replica = client.holder;
        lost.kind = ObservationKind::sessionLost;
        lost.ledger = Ledger::fresh; // by routing
        out.push_back(lost);
    }
    out.push_back(answered);
    if (answered.session == SessionMark::none)
        return;
    client.inSession = !ends;
    client.lost = false;
    client.holder = ends ? noReplica : answered.replica;
}

void LabRecorder::opened(ClientIndex client)
{
    m_clients[raw(client)].openedAt = m_clock();
    emitFor(client, about(client, ObservationKind::opened));
}

void LabRecorder::messaged(ClientIndex client, Duration latency)
{
    Observation observation = about(client, ObservationKind::message);
    observation.value = latency;
    emitFor(client, observation);
}

void LabRecorder::closed(ClientIndex client, int code, const std::string& reason, bool endsSession)
{
    if (endsSession) {
        m_clients[raw(client)].inSession = m_clients[raw(client)].lost = false;
        m_clients[raw(client)].holder = noReplica;
    }
    Observation observation = about(client, ObservationKind::closed);
    observation.value = m_clock() - m_clients[raw(client)].openedAt;
    observation.status = static_cast<std::uint16_t>(code);
    observation.rule = m_texts.intern(reason);
    emitFor(client, observation);
}

void LabRecorder::noticed(ReplicaIndex replica, bool up)
{
    replicaChanged(replica, up ? ObservationKind::noticedUp : ObservationKind::noticedDown);
}

void LabRecorder::replicaChanged(ReplicaIndex replica, ObservationKind kind)
{
    Observation observation {.at = m_clock(), .replica = replica};
    observation.kind = kind;
    emitAll({&observation, 1});
    if (kind == ObservationKind::replicaStopped && m_stores[raw(replica)] == SessionStore::inMemory)
        loseSessionsOf(replica);
}

void LabRecorder::loseSessionsOf(ReplicaIndex replica)
{
    for (std::size_t index = 0; index < m_own; ++index) {
        Client& client = m_clients[index];
        if (!client.inSession || client.holder != replica || std::exchange(client.lost, true))
            continue;
        Observation lost = about(static_cast<ClientIndex>(index), ObservationKind::sessionLost);
        lost.replica = replica;
        lost.ledger = Ledger::down;
        emitFor(lost.client, lost);
    }
}

} // namespace stickyscope::lab
