// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/tunnel.h"

#include "sim/lab/proxy_core.h"

#include <array>
#include <utility>

namespace stickyscope::lab {

Tunnel::Tunnel(ProxyCore& core, std::unique_ptr<wire::Stream> client, Outbox toClient,
               std::unique_ptr<wire::Stream> replica, Outbox toReplica)
    : m_core(core)
{
    m_client.stream = std::move(client);
    m_client.out = std::move(toClient);
    m_replica.stream = std::move(replica);
    m_replica.out = std::move(toReplica);
    m_client.other = &m_replica;
    m_replica.other = &m_client;
    for (End* end : {&m_client, &m_replica}) {
        end->tunnel = this;
        end->stream->setOwner(end);
    }
}

void Tunnel::begin()
{
    m_client.stream->watchReading(true);
    m_replica.stream->watchReading(true);
    write(m_client);
    if (m_replica.stream)
        write(m_replica);
}

void Tunnel::read(End& from)
{
    static thread_local std::array<char, std::size_t {64} << 10U> room;
    const long count = from.stream->read(room.data(), room.size());
    if (count == wire::Stream::nothing)
        return;
    if (count == wire::Stream::broken)
        return end(true);
    m_lastOctet = Clock::now();
    if (count == 0) {
        from.finished = true;
        from.stream->watchReading(false);
    } else {
        from.other->out.add({room.data(), static_cast<std::size_t>(count)});
    }
    write(*from.other);
}

void Tunnel::write(End& to)
{
    const std::size_t before = to.out.waiting();
    if (!to.out.flush(*to.stream))
        return end(true);
    const std::size_t waiting = to.out.waiting();
    if (waiting < before)
        m_lastOctet = Clock::now();
    if (!to.other->finished)
        to.other->stream->watchReading(waiting < m_core.limits().buffer);
    if (waiting > 0 || !to.other->finished || to.told)
        return;
    to.told = true;
    to.stream->finishWriting();
    if (to.other->told)
        end(false);
}

void Tunnel::end(bool reset)
{
    for (End* end : {&m_client, &m_replica}) {
        if (reset && end->stream)
            end->stream->resetOnClose();
        end->stream.reset();
    }
    if (ended)
        std::exchange(ended, {})();
    m_core.remove(*this);
}

// Whoever takes nothing holds up what the other one sends, and both descriptors.
bool Tunnel::isStuck(Clock::time_point now) const
{
    const auto tooLong = [&](const End& end) {
        const auto since = end.out.stuckSince();
        return since && now - *since > m_core.limits().sendPause;
    };
    return tooLong(m_client) || tooLong(m_replica);
}

void Tunnel::tick(Clock::time_point now)
{
    if (isStuck(now))
        return end(true);
    if (m_client.out.waiting() > 0 || m_replica.out.waiting() > 0)
        return;
    const ProxyLimits& limits = m_core.limits();
    const bool halfClosed = m_client.finished || m_replica.finished;
    if (now - m_lastOctet > (halfClosed ? limits.tunnelClose : limits.tunnelIdle))
        end(false);
}

} // namespace stickyscope::lab
