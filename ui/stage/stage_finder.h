// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/stage/dot_scale.h"
#include "ui/stage/stage_geometry.h"

#include <QString>

#include <optional>

namespace stickyscope {

/// A request on stage: a dot on its way, or an answer in a client's trail.
struct RequestOnStage
{
    ClientIndex client = noClient;
    std::uint32_t ordinal = 0;
};

/// What lies where on one lane's stage, and what there is to say about it.
class StageFinder
{
public:
    StageFinder(const StageGeometry& geometry, const LaneSnapshot* lane, Instant now,
                const DotScale& scale)
        : m_geometry(geometry)
        , m_lane(lane)
        , m_now(now)
        , m_scale(scale)
    {
    }

    std::optional<std::size_t> replicaAt(const QPointF& position) const;
    /// By its place in the cast; 0 where there is one.
    std::optional<std::size_t> balancerAt(const QPointF& position) const;
    std::optional<std::size_t> clientAt(const QPointF& position) const;
    /// Whose sticky cookie lies here.
    std::optional<std::size_t> cookieAt(const QPointF& position) const;
    std::optional<RequestOnStage> requestAt(const QPointF& position) const;
    /// The client's newest answer.
    std::optional<RequestOnStage> lastAnswerOf(std::size_t client) const;
    /// Empty where there is nothing to say.
    QString toolTipAt(const QPointF& position) const;

    QString aboutReplica(std::size_t replica) const;
    QString aboutBalancer(std::size_t balancer) const;
    QString aboutClient(std::size_t client) const;
    /// Whether it knows what those beside it do, in a sentence.
    static QString stateOf(const CastBalancer& balancer);

private:
    QString aboutCookies(std::size_t client) const;
    bool hasCookie(std::size_t client) const;
    bool isOnCookie(std::size_t client, const QPointF& position) const;

    const StageGeometry& m_geometry;
    const LaneSnapshot* m_lane; ///< may be null: nothing is shown yet
    Instant m_now;
    const DotScale& m_scale;
};

/// The name of those side by side: "edge" of "edge 1" and "edge 2".
QString groupName(const Cast& cast, std::size_t balancer);

} // namespace stickyscope
