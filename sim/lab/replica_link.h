// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/outbox.h"
#include "sim/lab/proxy_limits.h"
#include "sim/wire/message_stream.h"
#include "sim/wire/stream.h"

#include <chrono>
#include <memory>

namespace stickyscope::lab {

class ReplicaPool;

/// One connection of the balancer to a replica: lent to one request at a time, else idle in its
/// pool, where anything that happens to it ends it.
class ReplicaLink : public wire::Stream::Owner
{
public:
    using Clock = std::chrono::steady_clock;

    /// Who has borrowed it.
    class User
    {
    public:
        virtual ~User() = default;
        virtual void linkGiven(ReplicaLink& link) = 0; ///< after a wait in the queue
        virtual void linkConnected() = 0;
        virtual void linkRefused() = 0; ///< it could not connect; it is gone
        virtual void linkImpossible() = 0; ///< no more files may be open here
        virtual void linkHasNews() = 0; ///< in() has more, or the replica has finished
        virtual void linkDrained() = 0; ///< out() has room again
    };

    ReplicaLink(ReplicaPool& pool, std::unique_ptr<wire::PlainStream> stream,
                const wire::MessageLimits& limits);

    wire::ResponseStream& in() { return m_in; }
    Outbox& out() { return m_out; }
    void flush();
    void watchReading(bool on) { m_stream->watchReading(on); }
    bool connecting() const { return m_connecting; }
    bool hasFinished() const { return m_finished; } ///< the replica sends no more
    bool isBroken() const { return m_broken; } ///< it was reset
    bool hasNews() const { return m_stream->hasNews(); }
    ReplicaPool& pool() { return m_pool; }
    /// For a tunnel. Nothing but close() may follow.
    std::unique_ptr<wire::PlainStream> takeStream() { return std::move(m_stream); }
    void close() { m_stream.reset(); }

    User* user = nullptr; ///< null: it is idle
    bool reused = false; ///< it has served a request before
    std::size_t place = 0; ///< among its pool's
    Clock::time_point deadline = Clock::time_point::max(); ///< to connect, or of idleness

private:
    void canRead() override;
    void canWrite() override;

    ReplicaPool& m_pool;
    std::unique_ptr<wire::PlainStream> m_stream;
    wire::ResponseStream m_in;
    Outbox m_out;
    bool m_connecting = true;
    bool m_finished = false;
    bool m_broken = false;
};

} // namespace stickyscope::lab
