// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who stands back for others: other zones, backups, spares, and those that warm up.
#include "sim/dispatch/dispatcher.h"

#include <algorithm>
#include <array>

namespace stickyscope {

// Those of its own zone come first, then those elsewhere, then the backups, all or one by one.
std::size_t Dispatcher::levelOf(ReplicaIndex replica) const
{
    const ReplicaView& view = m_replicas[replica];
    if (view.backup)
        return m_oneBackup ? 2 + raw(replica) : 2;
    const bool near =
        m_spec.zones.empty() || view.zone.empty() || view.zone == m_spec.zones.front();
    return near ? 0 : 1;
}

void Dispatcher::holdBack()
{
    std::size_t best = m_replicas.size() + 2;
    // Where requests wait, they wait for those in front, and not for backups.
    const bool passedOver = !m_limits.rule().queues;
    const ReplicaIndex spares = firstIdleSpare();
    const auto isApart = [this](const ReplicaView& view) {
        return m_product->canary && view.canary;
    };
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const ReplicaView& view = m_replicas[replica];
        if (view.isServer() && !isApart(view) && !(passedOver && view.full)
            && !(view.spare && replica >= spares))
            best = std::min(best, levelOf(replica));
    }
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const bool idle = m_replicas[replica].spare && replica >= spares;
        const bool held = idle || isApart(m_replicas[replica]) || levelOf(replica) > best;
        if (held != m_replicas[replica].heldBack)
            m_replicas.setHeldBack(replica, held);
    }
}

// Of the spares that are there, as many are called as others are missing, in their order; this
// one and those behind it are not.
ReplicaIndex Dispatcher::firstIdleSpare() const
{
    std::ptrdiff_t missing =
        std::count_if(m_replicas.begin(), m_replicas.end(), [](const ReplicaView& view) {
            return !view.spare && !view.backup && !view.isServer() && !view.url.empty();
        });
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const ReplicaView& view = m_replicas[replica];
        if (view.spare && view.isServer() && missing-- == 0)
            return replica;
    }
    return noReplica;
}

void Dispatcher::failOpen()
{
    if (!m_failOpen.isThere())
        return;
    // Envoy takes it that a priority may have 1.4 times its load.
    constexpr double overprovisioning = 140;
    constexpr double all = 100;
    struct Priority
    {
        int servers = 0;
        int fit = 0;

        double share() const { return servers == 0 ? 0 : 1.0 * fit / servers; }
    };
    std::array<Priority, 2> priorities; // backups are the second
    const auto isServer = [this](const ReplicaView& view) {
        return !view.url.empty() && (m_failOpen.draining || !view.draining);
    };
    for (const ReplicaView& view : m_replicas) {
        Priority& priority = priorities[view.backup ? 1 : 0];
        priority.servers += isServer(view) ? 1 : 0;
        priority.fit += isServer(view) && view.isFit() ? 1 : 0;
    }
    double taken = 0;
    for (const Priority& priority : priorities)
        taken += std::min(all, overprovisioning * priority.share());
    const auto isShort = [&](const Priority& priority) {
        const bool tooSmall = all * priority.share() < m_failOpen.below;
        return (tooSmall && !(m_failOpen.whileShort && taken >= all))
            || priority.fit < m_failOpen.fewer;
    };
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const ReplicaView& view = m_replicas[replica];
        const bool asked = isServer(view) && isShort(priorities[view.backup ? 1 : 0]);
        if (asked != view.askedUnfit)
            m_replicas.setAskedUnfit(replica, asked);
    }
}

void Dispatcher::comesUp(ReplicaIndex replica, Instant now)
{
    if (m_slowStart.window == Duration::zero())
        return;
    std::erase_if(m_warming, [replica](const Warming& one) { return one.replica == replica; });
    m_warming.push_back({replica, now});
    warmUp(now);
}

void Dispatcher::warmUp(Instant now)
{
    const int least = std::max(1, warmUpSteps * m_slowStart.least / 100);
    bool anyChanged = false;
    std::erase_if(m_warming, [&](const Warming& one) {
        const auto passed = std::min(now - one.since, m_slowStart.window);
        const auto nearest =
            (2 * warmUpSteps * passed + m_slowStart.window) / (2 * m_slowStart.window);
        const int step = std::max(least, static_cast<int>(nearest));
        const int weight = m_weights[raw(one.replica)] * step;
        if (weight != m_replicas[one.replica].weight) {
            m_replicas.setWeight(one.replica, weight);
            anyChanged = true;
        }
        return step >= warmUpSteps;
    });
    if (anyChanged)
        m_policy->topologyChanged(m_replicas);
}

} // namespace stickyscope
