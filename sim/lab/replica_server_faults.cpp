// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a replica, and what that makes of its connections.
#include "sim/lab/replica_server.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

using Kind = Intervention::Kind;

namespace {

// Of a flood: its places are taken all the same, and each costs two descriptors.
constexpr std::int64_t mostIdle = 500;

AnswerPace paceOf(const ActiveFaults& faults)
{
    using std::chrono::milliseconds;
    AnswerPace pace;
    if (const Intervention* slicer = faults.fault(Kind::slicer)) {
        pace.piece = static_cast<std::size_t>(slicer->amount);
        pace.pause = std::chrono::round<milliseconds>(slicer->time);
    }
    if (const Intervention* slow = faults.fault(Kind::slowClose))
        pace.closesAfter = std::chrono::round<milliseconds>(slow->time);
    return pace;
}

} // namespace

void ReplicaServer::begin(const Intervention& fault, Instant at)
{
    m_faults.begin(fault, at);
    if (fault.kind == Kind::pause)
        m_slots.pause();
    if (fault.kind == Kind::flood)
        flood(fault.amount);
}

void ReplicaServer::end(Kind fault)
{
    if (!m_faults.end(fault))
        return;
    if (fault == Kind::flood)
        flood(0);
    if (fault == Kind::blackHole) {
        for (const auto& connection : std::exchange(m_swallowed, {})) {
            if (connection)
                connection->reset();
        }
    }
    if (fault != Kind::pause)
        return;
    m_slots.resume();
    for (auto& [connection, request] : std::exchange(m_held, {})) {
        if (connection)
            take(*connection, request);
    }
}

void ReplicaServer::endFaults()
{
    while (!m_faults.empty())
        end(m_faults.all().back().fault.kind);
}

// Beyond its slots and its queue no more of them count.
void ReplicaServer::flood(std::int64_t connections)
{
    m_slots.setIdleConnections(connections);
    m_flood.reset();
    const std::int64_t room = std::int64_t {m_make.spec.slotCount} + m_make.spec.queue;
    if (connections > 0 && m_listener.isOpen())
        m_flood = std::make_unique<IdleConnections>(
            m_listener.address(), m_listener.port(),
            static_cast<std::size_t>(std::min({connections, room, mostIdle})));
}

std::size_t ReplicaServer::connections() const
{
    return static_cast<std::size_t>(findChildren<ReplicaConnection*>().size());
}

std::size_t ReplicaServer::webSockets() const
{
    return static_cast<std::size_t>(findChildren<ReplicaSocket*>().size());
}

// What does not take a slot: a paused replica does not answer it either.
void ReplicaServer::takeApart(ReplicaConnection& connection, const ReplicaRequest& request,
                              const Mark& mark)
{
    if (m_faults.find(Kind::pause)) {
        m_held.emplace_back(&connection, request);
        return;
    }
    const bool check = request.path() == healthPath;
    if (check && m_faults.find(Kind::flood) && m_slots.full())
        return drop(connection, request, "queue full");
    serve(connection, request, mark);
}

// A check meets what befalls every request, and no error: errors are of requests alone.
bool ReplicaServer::isStruck(Kind fault, const ReplicaRequest& request, const Mark& mark) const
{
    if (request.path() == healthPath)
        return fault == Kind::reset && m_faults.failsChecks();
    return m_faults.strikes(fault, m_chance.draw(mark.client, mark.ordinal, Purpose::replicaFault));
}

void ReplicaServer::finish(ReplicaConnection& connection, const ReplicaRequest& request,
                           const Mark& mark, ReplicaAnswer answer)
{
    // A check's answer is short.
    const bool spoilt = request.path() != healthPath && request.head.method != "HEAD";
    const Intervention* const limit = spoilt ? m_faults.fault(Kind::limitData) : nullptr;
    const Intervention* const slicer = spoilt ? m_faults.fault(Kind::slicer) : nullptr;
    const bool sized = mark.ours && spoilt && m_make.spec.answerSize != ReplicaSpec {}.answerSize;
    if (limit || slicer || sized) {
        // Its answers are as large as the scenario says: white space changes none of them.
        const auto size = static_cast<std::size_t>(m_make.spec.answerSize);
        answer.body.append(size - std::min(size, answer.body.size()), ' ');
    }
    if (limit && answer.body.size() > static_cast<std::size_t>(limit->amount)) {
        log(request, 0, "cut");
        return connection.answerInPart(answer, static_cast<std::size_t>(limit->amount));
    }
    noteAnswer(request, mark, answer.status);
    connection.answer(answer, spoilt ? paceOf(m_faults) : AnswerPace {});
}

} // namespace stickyscope::lab
