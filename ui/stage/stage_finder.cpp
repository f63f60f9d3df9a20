// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/stage_finder.h"

#include "sim/experiment/comparison.h"
#include "ui/format.h"

#include <QObject>

namespace stickyscope {

namespace {

// A dot moves on while one clicks.
constexpr double reach = 2.2;

bool isWithin(const QPointF& centre, const QPointF& position, double radius)
{
    const QPointF apart = centre - position;
    return QPointF::dotProduct(apart, apart) <= radius * radius;
}

} // namespace

std::optional<std::size_t> StageFinder::replicaAt(const QPointF& position) const
{
    for (std::size_t index = 0; index < m_geometry.shownReplicas(); ++index) {
        if (m_geometry.replica(index).contains(position))
            return index;
    }
    return std::nullopt;
}

std::optional<std::size_t> StageFinder::clientAt(const QPointF& position) const
{
    for (std::size_t index = 0; index < m_geometry.shownClients(); ++index) {
        if (isWithin(m_geometry.client(index), position, m_geometry.clientRadius())
            || m_geometry.cookie(index).contains(position))
            return index;
    }
    return std::nullopt;
}

std::optional<RequestOnStage> StageFinder::requestAt(const QPointF& position) const
{
    if (!m_lane)
        return std::nullopt;
    for (const Flight& flight : m_lane->flights) {
        const auto dot = m_geometry.dot(flight, m_now);
        if (dot && isWithin(*dot, position, m_geometry.dotRadius() * reach))
            return RequestOnStage {flight.client, flight.ordinal};
    }
    for (std::size_t client = 0;
         client < m_geometry.shownClients() && client < m_lane->clients.size(); ++client) {
        const auto& trail = m_lane->clients[client].trail;
        for (std::size_t cell = 0; cell < trail.size() && cell < m_geometry.trailCells(); ++cell) {
            if (m_geometry.trailCell(client, cell).contains(position))
                return RequestOnStage {static_cast<ClientIndex>(client),
                                       trail[trail.size() - 1 - cell].ordinal};
        }
    }
    return std::nullopt;
}

std::optional<RequestOnStage> StageFinder::lastAnswerOf(std::size_t client) const
{
    if (!m_lane || client >= m_lane->clients.size() || m_lane->clients[client].trail.empty())
        return std::nullopt;
    return RequestOnStage {static_cast<ClientIndex>(client),
                           m_lane->clients[client].trail.back().ordinal};
}

QString StageFinder::aboutReplica(std::size_t replica) const
{
    const ReplicaResult& row = m_lane->result.replicas[replica];
    return QObject::tr("%1: answered %2 requests, %3 of all. Click to stop or start it.")
        .arg(fromCore(row.name), asCount(row.requests), asPercent(row.share));
}

QString StageFinder::aboutClient(std::size_t client) const
{
    if (client >= m_lane->result.clients.size())
        return {};
    QString text = fromCore(storyOf(m_lane->result, client));
    if (client < m_lane->clients.size() && m_lane->clients[client].closed.first != 0) {
        const auto [code, reason] = m_lane->clients[client].closed;
        text += QObject::tr(" Its last WebSocket closed with %1").arg(code);
        if (raw(reason) < m_lane->rules.size() && !m_lane->rules[raw(reason)].empty())
            text += QStringLiteral(" (") + fromCore(m_lane->rules[raw(reason)]) + QLatin1Char(')');
        text += QLatin1Char('.');
    }
    return text;
}

QString StageFinder::toolTipAt(const QPointF& position, bool explains) const
{
    if (!m_lane)
        return {};
    if (const auto replica = replicaAt(position))
        return aboutReplica(*replica);
    if (const auto client = clientAt(position))
        return aboutClient(*client);
    const auto request = explains ? requestAt(position) : std::nullopt;
    if (!request)
        return {};
    return QObject::tr("Request %1 of %2. Click to see why it went there.")
        .arg(request->ordinal + 1)
        .arg(fromCore(m_lane->cast->clients[raw(request->client)]));
}

} // namespace stickyscope
