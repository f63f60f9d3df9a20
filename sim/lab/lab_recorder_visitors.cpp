// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Those who ask a lab's balancer beside our own clients.
#include "sim/lab/lab_recorder.h"

#include <utility>

namespace stickyscope::lab {

namespace {

// Health checks and the like are asked for, and never recorded by a balancer.
constexpr std::size_t mostAsked = 10'000;

// A replica that says that it does not know the session (401; Engine.IO's 400).
bool saysUnknownSession(const ProxyRecord& record)
{
    return record.status == 401
        || (record.status == 400 && record.target.starts_with("/socket.io/"));
}

} // namespace

std::optional<LabRecorder::Asked> LabRecorder::takeAsked(const std::string& requestId)
{
    const auto found = m_asked.lower_bound(requestId);
    if (found == m_asked.end() || found->first != requestId)
        return std::nullopt;
    Asked asked = std::move(found->second);
    m_asked.erase(found);
    return asked;
}

ClientIndex LabRecorder::visitorOf(const std::string& source, const ReplicaEvent& asked)
{
    const Visitors::Visitor& visitor = m_visitors.find(source, asked);
    const std::size_t index = m_own + visitor.number;
    if (index == m_clients.size()) {
        m_clients.emplace_back();
        m_cast.clients.push_back(visitor.name);
        m_cast.clientKinds.emplace_back(nameOf(visitor.kind));
    }
    m_guestBook.enter(static_cast<ClientIndex>(index), visitor.name, source);
    return static_cast<ClientIndex>(index);
}

ClientIndex LabRecorder::visited(const ProxyRecord& record, const ReplicaEvent& asked)
{
    const ClientIndex index = visitorOf(record.client, asked);
    Client& client = m_clients[raw(index)];
    Observation end = about(index, ObservationKind::sent);
    end.replica = noReplica;
    end.ordinal = client.ordinal++;
    end.status = wayBy(record.balancer);
    emitAll({&end, 1});
    end.kind =
        record.failure == Failure::none ? ObservationKind::answered : ObservationKind::failed;
    end.value = record.took;
    end.rule = m_texts.intern(reasonOf(record));
    end.replica = record.replica;
    end.status = static_cast<std::uint16_t>(record.status);
    end.cookieIn = record.cookieIn;
    end.cookieOut = record.cookieOut;
    end.ledger = record.ledger;
    end.failure = record.failure;
    client.replica = record.replica;
    if (end.kind == ObservationKind::answered)
        end.session = !client.inSession  ? SessionMark::begins
            : saysUnknownSession(record) ? SessionMark::broken
                                         : SessionMark::unseen;
    std::vector<Observation> out;
    passOn(record, end, out);
    continueSession(client, end, false, out);
    if (record.webSocket && record.status == 101) {
        m_sockets.emplace(record.requestId, OpenSocket {index, record.replica, m_clock()});
        m_guestBook.opens(index);
        out.push_back(about(index, ObservationKind::opened));
    }
    emitAll(out);
    return index;
}

// Where the balancer tells nothing, the replica's answer is all that is seen; what it took is the
// replica's part of it.
std::string LabRecorder::answeredByReplica(ReplicaIndex replica, const ReplicaEvent& event)
{
    const std::optional<Asked> asked = takeAsked(event.requestId);
    if (!asked)
        return {};
    ProxyRecord record {.at = asked->at,
                        .took = m_clock() - asked->at,
                        .requestId = event.requestId,
                        .target = event.path,
                        .client = event.source,
                        .replica = replica,
                        .ledger = m_owners.judge(event.sticky, {}, replica),
                        .attempts = 1,
                        .status = event.code,
                        .answered = true};
    record.webSocket = event.code == 101;
    return m_cast.clients[raw(visited(record, asked->event))];
}

// What its last frame said the balancer does not read.
void LabRecorder::socketEnded(const std::string& requestId)
{
    const auto socket = m_sockets.find(requestId);
    if (socket == m_sockets.end())
        return;
    closed(socket->second, 1005);
    m_sockets.erase(socket);
}

// Its client may have asked others meanwhile.
void LabRecorder::closed(const OpenSocket& socket, int code)
{
    Observation observation = about(socket.client, ObservationKind::closed);
    observation.replica = socket.replica;
    observation.value = m_clock() - socket.openedAt;
    observation.status = static_cast<std::uint16_t>(code);
    emitFor(socket.client, observation);
    m_guestBook.closes(socket.client);
}

std::string LabRecorder::noted(ReplicaIndex replica, const ReplicaEvent& event)
{
    if (event.kind == ReplicaEvent::Kind::asked) {
        if (m_asked.size() >= mostAsked)
            m_asked.clear();
        m_asked.emplace(event.requestId, Asked {event, m_clock()});
        return {};
    }
    if (event.kind == ReplicaEvent::Kind::answered)
        return m_cast.decisionsVisible ? std::string() : answeredByReplica(replica, event);
    const auto socket = m_sockets.find(event.requestId);
    if (socket == m_sockets.end())
        return {};
    std::string name = m_cast.clients[raw(socket->second.client)];
    if (event.kind == ReplicaEvent::Kind::message) {
        m_guestBook.speaks(socket->second.client);
        messaged(socket->second.client, {});
    } else {
        closed(socket->second, event.code);
        m_sockets.erase(socket);
    }
    return name;
}

} // namespace stickyscope::lab
