// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lab_balancer.h"
#include "sim/lab/proxy_limits.h"
#include "sim/lab/proxy_record.h"

#include <QHostAddress>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::lab {

class CacheInFront;
class ProxyCore;
struct OwnCertificate;

/// What a balancer needs to begin.
struct ProxySettings
{
    BalancerSpec balancer; ///< of a known product, with one of its algorithms; one, or several
    ActiveCheck check; ///< made where the balancer has a health check
    ProxyLimits limits;
    std::uint64_t seed = 1; ///< of the algorithm's luck; each further one side by side has the next
    /// It waits for an answer as long as the balancer's spec or else its product says, and not as
    /// long as `limits.firstByte`.
    bool waitsAsProduct = false;
    std::shared_ptr<CacheInFront> cache {}; ///< between it and its clients; null: none
    /// What the dates in its cookies go by; null: the machine's clock.
    std::function<WallSeconds()> wall;
};

/// Our balancer on real sockets: a streaming HTTP/1.1 reverse proxy and WebSocket tunnel around
/// the same Dispatcher as the model's. Lives on the thread that made it, whose event loop must
/// run; an EpollEventLoop keeps many idle connections cheap. Never throws for what comes from
/// outside. Destroying it is stop().
class BalancerProxy : public QObject, public LabBalancer
{
    Q_OBJECT

public:
    BalancerProxy(const ProxySettings& settings, const std::vector<Backend>& backends,
                  QObject* parent);
    ~BalancerProxy() override;

    /// Before listen(): it then speaks TLS alone. PEM files; an error in words, or an empty text.
    std::string useTls(const std::string& certificateFile, const std::string& keyFile);
    /// Likewise, with what is in memory.
    void useTls(const OwnCertificate& own);
    /// Port 0: any free one. May be called for several addresses; active checks begin with the
    /// first. An error in words, or an empty text.
    std::string listen(const QHostAddress& address, std::uint16_t port);
    /// As listen(), at 127.0.0.1 and, where this machine has it, at [::1].
    std::string listenOnLoopback(std::uint16_t port);
    /// Likewise, with TLS or without it, whatever other doors speak; at which port.
    Outcome<std::uint16_t> openLoopback(std::uint16_t port, bool secure);
    std::uint16_t port() const override; ///< of the first listen()
    Outcome<std::uint16_t> openToNetwork(const QHostAddress& address) override;
    void closeNetwork() override;
    /// A host's name that others may ask by, beside the addresses and the machine's own name.
    void setNetworkName(std::string name);

    /// The moment that is Instant zero in records, by CLOCK_MONOTONIC; else the construction.
    void setBeginning(std::chrono::steady_clock::time_point beginning);
    /// Which of those side by side takes the request of this X-Request-Id, from 0; nothing where
    /// that is not known. Then it is the one that was drawn for the connection.
    void setChooses(std::function<std::optional<int>(const std::string& requestId)> chooses);
    /// Called once for each request, on this object's thread, never from within another call.
    void setLog(std::function<void(const ProxyRecord&)> log);
    /// Called when active or passive checks think otherwise of a replica than before.
    void setNoticed(std::function<void(ReplicaIndex, bool up)> noticed);

    void setDraining(ReplicaIndex replica, bool draining) override;
    void setWeight(ReplicaIndex replica, int weight);
    void setThere(ReplicaIndex replica, bool there) override { setMaintenance(replica, !there); }
    /// Taken out as if it were down, whatever checks say, until it is put back.
    void setMaintenance(ReplicaIndex replica, bool out);
    void remove(ReplicaIndex replica) override;
    ReplicaIndex add(const Backend& backend) override;
    /// It reads its configuration, this one, anew, and forgets what its product forgets then
    /// (Dispatcher::reload). Requests under way go on, and count no more.
    void reload(const BalancerSpec& balancer);
    /// It forgets all. Every connection breaks, to clients as well as to servers.
    void restart();
    /// Of one of those side by side.
    const Dispatcher& dispatcher(std::size_t instance = 0) const;

    std::size_t clientConnections() const;
    std::size_t replicaConnections() const; ///< idle ones too

    /// Ends all traffic at once, without a word to anybody; it cannot listen again.
    void stop();

private:
    std::unique_ptr<ProxyCore> m_core;
};

} // namespace stickyscope::lab
