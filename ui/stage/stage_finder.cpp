// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/stage_finder.h"

#include "sim/experiment/comparison.h"
#include "ui/fault_words.h"
#include "ui/format.h"

#include <QObject>

#include <algorithm>

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

QString groupName(const Cast& cast, std::size_t balancer)
{
    if (balancer >= cast.balancers.size())
        return {};
    const QString name = fromCore(cast.balancers[balancer].name);
    return cast.balancers[balancer].beside ? name.left(name.lastIndexOf(QLatin1Char(' '))) : name;
}

std::optional<std::size_t> StageFinder::replicaAt(const QPointF& position) const
{
    for (std::size_t index = 0; index < m_geometry.shownReplicas(); ++index) {
        if (m_geometry.replica(index).contains(position))
            return index;
    }
    return std::nullopt;
}

std::optional<std::size_t> StageFinder::balancerAt(const QPointF& position) const
{
    // Small ones can be met as well.
    constexpr double margin = 4;
    const bool several = m_lane && !m_lane->cast->balancers.empty();
    for (std::size_t index = 0; index < m_geometry.balancers().size(); ++index) {
        if (!m_geometry.hasBalancer(index))
            continue;
        // By its label as well, which may be cut.
        if (m_geometry.balancer(index).adjusted(-margin, -margin, margin, margin).contains(position)
            || (several && m_geometry.balancerLabel(index).contains(position)))
            return index;
    }
    return std::nullopt;
}

bool StageFinder::isOnCookie(std::size_t client, const QPointF& position) const
{
    if (!m_lane || m_lane->cast->balancers.empty())
        return m_geometry.cookie(client).contains(position);
    return std::any_of(m_lane->cast->balancers.begin(), m_lane->cast->balancers.end(),
                       [&](const CastBalancer& of) {
                           return !of.cookie.empty()
                               && m_geometry.cookie(client, of.place).contains(position);
                       });
}

std::optional<std::size_t> StageFinder::clientAt(const QPointF& position) const
{
    for (std::size_t index = 0; index < m_geometry.shownClients(); ++index) {
        if (isWithin(m_geometry.client(index), position, m_geometry.clientRadius())
            || isOnCookie(index, position))
            return index;
    }
    return std::nullopt;
}

bool StageFinder::hasCookie(std::size_t client) const
{
    if (!m_lane || client >= m_lane->clients.size())
        return false;
    const ClientPicture& picture = m_lane->clients[client];
    return picture.cookie != noReplica || !picture.held.empty();
}

std::optional<std::size_t> StageFinder::cookieAt(const QPointF& position) const
{
    for (std::size_t index = 0; index < m_geometry.shownClients(); ++index) {
        if (hasCookie(index) && isOnCookie(index, position))
            return index;
    }
    return std::nullopt;
}

std::optional<RequestOnStage> StageFinder::requestAt(const QPointF& position) const
{
    if (!m_lane)
        return std::nullopt;
    for (const Flight& flight : m_lane->flights) {
        const auto dot = m_scale.draws(flight.client, flight.ordinal)
            ? m_geometry.dot(flight, m_now)
            : std::nullopt;
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
    const ReplicaPicture& picture = m_lane->replicas[replica];
    QString text = QObject::tr("%1: answered %2 requests, %3 of all.")
                       .arg(fromCore(row.name), asCount(row.requests), asPercent(row.share));
    if (picture.state == ReplicaState::stopped)
        text += QObject::tr(" It is stopped.");
    if (picture.state == ReplicaState::draining)
        text += QObject::tr(" It is draining: it keeps who is bound to it, and takes nobody else.");
    if (picture.noticedDown)
        text += QObject::tr(" The balancer has marked it down.");
    for (const Intervention& fault : picture.faults) {
        text += QStringLiteral("\n⚠ ") + inWords(fault) + QStringLiteral(". ")
            + explanationOf(*findFault(fault.kind));
    }
    if (m_lane->can.contains(Intervention::Kind::stopReplica))
        text += QObject::tr("\nClick to stop or start it; its menu has more.");
    return text;
}

QString StageFinder::aboutBalancer(std::size_t balancer) const
{
    const Cast& cast = *m_lane->cast;
    const bool changes = m_lane->can.contains(Intervention::Kind::restartBalancer);
    const QString menu = changes ? QObject::tr("\nIts menu reloads or restarts it.") : QString();
    if (balancer >= cast.balancers.size())
        return fromCore(cast.balancer) + menu;
    const CastBalancer& one = cast.balancers[balancer];
    QStringList servers;
    for (const std::uint8_t behind : one.balancers)
        servers << fromCore(cast.balancers[behind].name);
    for (const ReplicaIndex replica : one.replicas)
        servers << fromCore(cast.replicas[raw(replica)]);
    QString text = QObject::tr("%1 stands before %2.")
                       .arg(fromCore(one.name), servers.join(QStringLiteral(", ")));
    text += one.cookie.empty() ? QObject::tr(" It sets no cookie.")
                               : QObject::tr(" Its cookie is %1.").arg(fromCore(one.cookie));
    if (one.beside)
        text += QLatin1Char('\n') + stateOf(one);
    return text + menu;
}

QString StageFinder::stateOf(const CastBalancer& balancer)
{
    return balancer.sharesSessions
        ? QObject::tr("What it remembers of sessions is shared with those beside it.")
        : QObject::tr("What it remembers is its own: those beside it do not know it.");
}

QString StageFinder::aboutCookies(std::size_t client) const
{
    QString text;
    for (const HeldCookie& held : m_lane->clients[client].held) {
        if (held.balancer >= m_lane->cast->balancers.size())
            continue;
        const CastBalancer& of = m_lane->cast->balancers[held.balancer];
        const QString named = held.names == noBalancer
            ? fromCore(m_lane->cast->replicas[raw(held.replica)])
            : groupName(*m_lane->cast, held.names);
        text += QObject::tr("\nIts cookie %1 of %2 names %3.")
                    .arg(fromCore(of.cookie), groupName(*m_lane->cast, held.balancer), named);
    }
    return text;
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
    if (client < m_lane->clients.size())
        text += aboutCookies(client);
    if (hasCookie(client) && m_lane->can.contains(Intervention::Kind::swapCookies))
        text += QObject::tr("\nDrag its sticky cookie away, or onto another client to swap them.");
    return text;
}

QString StageFinder::toolTipAt(const QPointF& position) const
{
    if (!m_lane)
        return {};
    if (const auto replica = replicaAt(position))
        return aboutReplica(*replica);
    if (const auto balancer = balancerAt(position))
        return aboutBalancer(*balancer);
    if (const auto client = clientAt(position))
        return aboutClient(*client);
    const auto request = requestAt(position);
    if (!request)
        return {};
    return QObject::tr("Request %1 of %2. Click to see why it went there.")
        .arg(request->ordinal + 1)
        .arg(fromCore(m_lane->cast->clients[raw(request->client)]));
}

} // namespace stickyscope
