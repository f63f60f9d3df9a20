// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/active_faults.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace stickyscope {

/// A number of a request in flight; the world's pool gives them out again.
using RequestSlot = std::uint32_t;

/// One replica in virtual time: slots that serve, a queue that waits, and a life. Each start is
/// a new incarnation, whose memory is empty.
class VirtualReplica
{
public:
    enum class Admission : std::uint8_t
    {
        serving,
        waiting,
        refused
    };

    explicit VirtualReplica(const ReplicaSpec& spec)
        : m_spec(&spec)
        , m_waiting(static_cast<std::size_t>(spec.queue))
    {
        setIdleConnections(0);
    }

    bool running() const { return m_running; }
    std::uint32_t incarnation() const { return m_incarnation; }
    SessionStore sessions() const { return m_spec->sessions; }
    const Distribution& serviceTime() const { return m_spec->serviceTime; }
    std::size_t serving() const { return m_serving.size(); }
    const ReplicaSpec& spec() const { return *m_spec; }
    /// Those being served, and those that wait, in order.
    std::vector<RequestSlot> present() const;
    const std::vector<RequestSlot>& served() const { return m_serving; }
    /// Who has waited longest, if anybody waits.
    std::optional<RequestSlot> firstWaiting() const;
    /// Whether one more would be refused.
    bool full() const;
    /// Connections that ask nothing, which have the places of the queue, and then slots.
    void setIdleConnections(std::int64_t count);
    /// One that waited takes a slot that is free.
    std::optional<RequestSlot> takeWaiting();
    /// Nobody waits for this request's answer any more; the one that takes its slot, if any.
    std::optional<RequestSlot> withdraw(RequestSlot request);

    /// A request arrives: it is served, waits, or is refused (stopped, or the queue is full).
    Admission admit(RequestSlot request);
    /// A request is done; the one that takes its slot, if any waited.
    std::optional<RequestSlot> finish(RequestSlot request);
    /// Everything in service and in the queue, in order; the replica is empty and stopped.
    std::vector<RequestSlot> stop();
    void start();

private:
    const ReplicaSpec* m_spec;
    std::vector<RequestSlot> m_serving;
    std::vector<RequestSlot> m_waiting; ///< a ring
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    RoomLeft m_left; ///< by idle connections
    std::uint32_t m_incarnation = 1;
    bool m_running = true;
};

} // namespace stickyscope
