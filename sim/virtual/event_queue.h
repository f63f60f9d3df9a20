// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <cstdint>
#include <vector>

namespace stickyscope {

/// What is to happen in the virtual world, and to whom (index: a client, request or replica).
enum class EventKind : std::uint8_t
{
    clientSends,
    reachesBalancer,
    triesAgain,
    triesElsewhere,
    triesAnew,
    serviceEnds,
    reachesClient,
    messageAnswered,
    connectionEnds,
    healthCheck,
    timeline,
    replicaJoins,
    givesUp,
    replicaLeaves,
    timesOut,
    faultEnds,
    waitEnds,
    placesAnew,
    updateStep,
};

struct Event
{
    Instant at {};
    std::uint64_t order = 0; ///< sequence << 8 | kind: ties in the order of scheduling
    std::uint32_t index = 0;
    std::uint32_t generation = 0; ///< for events that something may have overtaken

    EventKind kind() const { return static_cast<EventKind>(order & 0xffU); }
};
static_assert(sizeof(Event) == 24);

/// A heap of degree four: half as deep as a binary one, and its children share a cache line. The
/// place of an event that was taken stays open for the next one, as most events bring about
/// another: one walk through the heap for both.
class EventQueue
{
public:
    bool empty() const { return m_heap.size() == (m_open ? 1 : 0); }
    const Event& top() const
    {
        if (!m_open)
            return m_heap.front();
        std::size_t least = 1;
        for (std::size_t child = 2; child <= degree && child < m_heap.size(); ++child) {
            if (before(m_heap[child], m_heap[least]))
                least = child;
        }
        return m_heap[least];
    }

    void push(Instant at, EventKind kind, std::uint32_t index, std::uint32_t generation = 0)
    {
        const std::uint64_t order = (m_sequence++ << 8U) | static_cast<std::uint64_t>(kind);
        const Event event {at, order, index, generation};
        if (m_open) {
            m_open = false;
            return sink(event);
        }
        std::size_t place = m_heap.size();
        m_heap.push_back(event);
        while (place > 0) {
            const std::size_t parent = (place - 1) / degree;
            if (!before(event, m_heap[parent]))
                break;
            m_heap[place] = m_heap[parent];
            place = parent;
        }
        m_heap[place] = event;
    }

    Event pop()
    {
        if (m_open)
            close();
        m_open = true;
        return m_heap.front();
    }

private:
    static constexpr std::size_t degree = 4;

    static bool before(const Event& a, const Event& b)
    {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    }

    // Nothing new came for the open place: the last event takes it.
    void close()
    {
        const Event last = m_heap.back();
        m_heap.pop_back();
        if (!m_heap.empty())
            sink(last);
    }

    // Puts `last` where it belongs, from the root down.
    void sink(const Event& last)
    {
        const std::size_t size = m_heap.size();
        std::size_t place = 0;
        while (true) {
            const std::size_t first = place * degree + 1;
            if (first >= size)
                break;
            const std::size_t end = first + degree < size ? first + degree : size;
            std::size_t least = first;
            for (std::size_t child = first + 1; child < end; ++child) {
                if (before(m_heap[child], m_heap[least]))
                    least = child;
            }
            if (!before(m_heap[least], last))
                break;
            m_heap[place] = m_heap[least];
            place = least;
        }
        m_heap[place] = last;
    }

    std::vector<Event> m_heap;
    std::uint64_t m_sequence = 0;
    bool m_open = false; ///< the first place holds an event that was taken
};

} // namespace stickyscope
