// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/replica_set.h"

#include "sim/model/scenario.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

ReplicaView viewOf(const ReplicaSpec& replica, const std::string& address)
{
    return {.name = replica.name,
            .url = "http://" + address,
            .route = replica.route,
            .weight = replica.weight,
            .zone = replica.zone,
            .backup = replica.backup,
            .spare = replica.spare,
            .redirect = replica.redirect,
            .canary = replica.canary};
}

ReplicaIndex ReplicaSet::add(ReplicaView replica)
{
    m_replicas.push_back(std::move(replica));
    changed();
    return static_cast<ReplicaIndex>(m_replicas.size() - 1);
}

void ReplicaSet::setUp(ReplicaIndex index, bool up)
{
    m_replicas[raw(index)].up = up;
    changed();
}

void ReplicaSet::setDraining(ReplicaIndex index, bool draining)
{
    m_replicas[raw(index)].draining = draining;
    changed();
}

void ReplicaSet::setHeldBack(ReplicaIndex index, bool heldBack)
{
    m_replicas[raw(index)].heldBack = heldBack;
    changed();
}

void ReplicaSet::setFull(ReplicaIndex index, bool full)
{
    m_replicas[raw(index)].full = full;
    changed();
}

void ReplicaSet::setAskedUnfit(ReplicaIndex index, bool asked)
{
    m_replicas[raw(index)].askedUnfit = asked;
    changed();
}

void ReplicaSet::setWeight(ReplicaIndex index, int weight)
{
    m_replicas[raw(index)].weight = weight;
    changed();
}

void ReplicaSet::remove(ReplicaIndex index)
{
    m_replicas[raw(index)] = {.route = "", .weight = 0, .up = false};
    changed();
}

void ReplicaSet::changed()
{
    ++m_version;
    m_takingFresh = static_cast<std::size_t>(
        std::count_if(m_replicas.begin(), m_replicas.end(),
                      [](const ReplicaView& replica) { return replica.takesFresh(); }));
}

} // namespace stickyscope
