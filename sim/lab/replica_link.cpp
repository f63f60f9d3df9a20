// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_link.h"

#include "sim/lab/replica_pool.h"

#include <array>

namespace stickyscope::lab {

ReplicaLink::ReplicaLink(ReplicaPool& pool, std::unique_ptr<wire::PlainStream> stream,
                         const wire::MessageLimits& limits)
    : m_pool(pool)
    , m_stream(std::move(stream))
    , m_in(limits)
{
    m_stream->setOwner(this);
}

// What cannot be sent any more is dropped. What the replica said before, such as that the body is
// too large, may still be there to be read, and reading also tells that it is gone.
void ReplicaLink::flush()
{
    if (!m_out.flush(*m_stream)) {
        m_out.clear();
        m_stream->watchWriting(false);
    }
}

void ReplicaLink::canRead()
{
    static thread_local std::array<char, std::size_t {64} << 10U> room;
    const long count = m_stream->read(room.data(), room.size());
    if (count == wire::Stream::nothing)
        return;
    if (count > 0) {
        m_in.put({room.data(), static_cast<std::size_t>(count)});
    } else {
        m_finished = true;
        m_broken = count == wire::Stream::broken;
        m_stream->watchReading(false);
    }
    if (user)
        user->linkHasNews();
    else
        m_pool.discard(*this);
}

void ReplicaLink::canWrite()
{
    if (!m_connecting) {
        flush();
        if (user)
            user->linkDrained();
        return;
    }
    if (m_stream->connectError() != 0)
        return m_pool.refuse(*this);
    m_connecting = false;
    deadline = Clock::time_point::max();
    m_stream->watchWriting(false);
    m_stream->watchReading(true);
    user->linkConnected();
}

} // namespace stickyscope::lab
