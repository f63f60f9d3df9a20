// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/outbox.h"

#include <chrono>
#include <functional>
#include <memory>

namespace stickyscope::lab {

class ProxyCore;

/// A WebSocket through the balancer, once its handshake is over: octets both ways, as fast as the
/// slower side takes them. Ends, resets and half-closes are passed on. It ends with a reset where
/// one end takes nothing for ProxyLimits::sendPause, and with a close where nothing is left to be
/// sent and nothing comes for tunnelIdle, or, after a half-close, for tunnelClose.
class Tunnel : public wire::Stream::Owner
{
public:
    using Clock = std::chrono::steady_clock;

    /// `toClient` is still to be sent, the 101 first; `toReplica` likewise.
    Tunnel(ProxyCore& core, std::unique_ptr<wire::Stream> client, Outbox toClient,
           std::unique_ptr<wire::Stream> replica, Outbox toReplica);
    void begin();
    void tick(Clock::time_point now);
    /// Closes both ends, or resets them.
    void end(bool reset);

    std::size_t place = 0; ///< among the core's
    bool fromNetwork = false; ///< see ProxyCore::openToNetwork()
    std::uint8_t tier = 0; ///< whose balancer it goes through
    bool inner = false; ///< from a balancer of ours, not from a client
    std::function<void()> ended; ///< its replica has one connection less

private:
    // One of its ends, which is asked in the other's name too.
    struct End : wire::Stream::Owner
    {
        Tunnel* tunnel = nullptr;
        End* other = nullptr;
        std::unique_ptr<wire::Stream> stream;
        Outbox out;
        bool finished = false; ///< sends no more
        bool told = false; ///< that the other one sends no more

        void canRead() override { tunnel->read(*this); }
        void canWrite() override { tunnel->write(*this); }
    };

    void canRead() override { }
    void canWrite() override { }
    void read(End& from);
    void write(End& to);
    bool isStuck(Clock::time_point now) const;

    ProxyCore& m_core;
    End m_client;
    End m_replica;
    Clock::time_point m_lastOctet = Clock::now();
};

} // namespace stickyscope::lab
