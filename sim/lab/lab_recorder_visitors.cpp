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

ClientIndex LabRecorder::visitorOf(const ProxyRecord& record)
{
    ReplicaEvent event;
    if (const auto asked = m_asked.find(record.requestId); asked != m_asked.end()) {
        event = std::move(asked->second);
        m_asked.erase(asked);
    }
    const Visitors::Visitor& visitor = m_visitors.find(record.client, event);
    const std::size_t index = m_own + visitor.number;
    if (index == m_clients.size()) {
        m_clients.emplace_back();
        m_cast.clients.push_back(visitor.name);
        m_cast.clientKinds.emplace_back(nameOf(visitor.kind));
    }
    return static_cast<ClientIndex>(index);
}

void LabRecorder::visited(const ProxyRecord& record)
{
    const ClientIndex index = visitorOf(record);
    Client& client = m_clients[raw(index)];
    Observation end = about(index, ObservationKind::sent);
    end.replica = noReplica;
    end.ordinal = client.ordinal++;
    emitAll({&end, 1});
    end.kind =
        record.failure == Failure::none ? ObservationKind::answered : ObservationKind::failed;
    end.value = record.took;
    end.rule = m_texts.intern(record.rule ? record.rule->sentence : std::string_view(record.why));
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
    continueSession(client, end, false, out);
    if (record.webSocket && record.status == 101) {
        client.openedAt = m_clock();
        m_sockets[record.requestId] = index;
        out.push_back(about(index, ObservationKind::opened));
    }
    emitAll(out);
}

void LabRecorder::noted(const ReplicaEvent& event)
{
    if (event.kind == ReplicaEvent::Kind::asked) {
        if (m_asked.size() >= mostAsked)
            m_asked.clear();
        m_asked[event.requestId] = event;
        return;
    }
    const auto socket = m_sockets.find(event.requestId);
    if (socket == m_sockets.end())
        return;
    if (event.kind == ReplicaEvent::Kind::message)
        return messaged(socket->second, {});
    closed(socket->second, event.code, {});
    m_sockets.erase(socket);
}

} // namespace stickyscope::lab
