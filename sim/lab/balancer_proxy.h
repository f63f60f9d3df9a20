// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lab_balancer.h"
#include "sim/lab/proxy_limits.h"
#include "sim/lab/proxy_record.h"
#include "sim/model/snapshot.h"

#include <QHostAddress>
#include <QObject>

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
    std::vector<BalancerSpec> behind {}; ///< further ones, for servers and routes to name
    /// Which of them takes an address, from 0 for `balancer`; null: that takes all.
    std::function<std::size_t(const std::string& host, std::string_view path)> route {};
    ActiveCheck check; ///< made where the balancer has a health check
    ProxyLimits limits;
    std::uint64_t seed = 1; ///< of the algorithm's luck; each further balancer has the next
    /// It waits for an answer as long as the balancer's spec or else its product says, and not as
    /// long as `limits.firstByte`.
    bool waitsAsProduct = false;
    std::shared_ptr<CacheInFront> cache {}; ///< between it and its clients; null: none
    /// What the dates in its cookies go by; null: the machine's clock.
    std::function<WallSeconds()> wall;

    const BalancerSpec& tier(std::size_t place) const
    {
        return place == 0 ? balancer : behind[place - 1];
    }
};

/// A client's request, as the scenario numbers both.
struct NumberedRequest
{
    ClientIndex client = noClient;
    std::uint32_t ordinal = 0;
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

    /// Whose request has this X-Request-Id; nothing where that is not known. It decides which of
    /// those side by side takes it, as in the model; all others of a connection go to one.
    using Whose = std::function<std::optional<NumberedRequest>(const std::string& requestId)>;
    void setWhose(Whose whose);
    /// Called once for each request, on this object's thread, never from within another call.
    void setLog(std::function<void(const ProxyRecord&)> log);
    /// Called when active or passive checks think otherwise of a replica than before; `why` is
    /// empty where nobody knows.
    using Noticed = std::function<void(ReplicaIndex, bool up, const std::string& why)>;
    void setNoticed(Noticed noticed);
    /// Called when the WebSocket that the request with this X-Request-Id opened is there no more.
    using SocketEnded = std::function<void(const std::string& requestId)>;
    void setSocketEnded(SocketEnded ended);

    void setDraining(ReplicaIndex replica, bool draining) override;
    void setWeight(ReplicaIndex replica, int weight);
    void setThere(ReplicaIndex replica, bool there) override { setMaintenance(replica, !there); }
    /// Taken out as if it were down, whatever checks say, until it is put back.
    void setMaintenance(ReplicaIndex replica, bool out);
    void remove(ReplicaIndex replica) override;
    ReplicaIndex add(const Backend& backend) override;
    /// It reads its configuration, this one, anew, and forgets what its product forgets then
    /// (Dispatcher::reload). Requests under way go on, and count no more. `place`: see tier().
    void reload(const BalancerSpec& balancer, std::size_t place = 0);
    /// It forgets all. Every connection breaks, to clients as well as to servers.
    void restart(std::size_t place = 0);
    /// The first one's.
    const Dispatcher& dispatcher() const;
    /// As the first balancer has it that knows the replica.
    std::optional<int> weightOf(ReplicaIndex replica) const;
    /// Which of all balancers takes a request, and the replica that its cookies name on the way.
    struct Way
    {
        int balancer = 0; ///< those of each tier in turn, from 0
        ReplicaIndex named = noReplica;
    };
    struct Asked
    {
        http::RequestHead head;
        bool secure = false;
        std::string source; ///< the client's address
    };
    Way wayOf(const NumberedRequest& request, Asked asked) const;
    /// What the cookies of a request name to each kind of balancer that sets one.
    std::vector<HeldCookie> heldBy(const Asked& asked) const;

    std::size_t clientConnections() const;
    std::size_t replicaConnections() const; ///< idle ones too

    /// Ends all traffic at once, without a word to anybody; it cannot listen again.
    void stop();

private:
    std::unique_ptr<ProxyCore> m_core;
};

} // namespace stickyscope::lab
