// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/chance.h"
#include "sim/model/observation.h"
#include "sim/model/replica_set.h"

#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace stickyscope {

/// Why a balancer did something: one sentence for people, and where it is written.
struct Rule
{
    std::string_view sentence;
    std::string_view source;
};

/// A request as the balancer meets it.
struct Arrival
{
    const http::RequestHead& request;
    WallSeconds now;
    bool secure = false; ///< the client speaks TLS
    std::string_view source {}; ///< the client's address, "198.51.100.7"
};

/// Whether a request is for the servers of a canary (ingress-nginx).
struct CanaryChoice
{
    enum class Is : std::uint8_t
    {
        no,
        yes,
        drawn ///< for `weight` of `of` requests
    };

    Is is = Is::no;
    int weight = 0;
    int of = 100;
    const Rule* rule = nullptr; ///< why it goes there; null where its cookie says so
};

/// What a product read in a request before its algorithm is asked. Cheap to copy.
struct Recall
{
    static constexpr WallSeconds always {std::chrono::seconds(1LL << 40U)};

    CookieIn state = CookieIn::none;
    ReplicaIndex names = noReplica; ///< the replica that the cookie names, usable or not
    bool bound = false; ///< the request goes to `names`, without the algorithm...
    ReplicaIndex instead = noReplica; ///< ...or here, because that one is down
    bool rewrite = false; ///< bound, but the cookie is written anew all the same
    bool hashed = false; ///< the algorithm hashes `value`
    CanaryChoice canary {}; ///< as Product::canary says
    bool insists = false; ///< where its server does not answer, no other one will do
    std::uint16_t status = 0; ///< the balancer answers this itself; 0: it does not
    const Rule* rule = nullptr; ///< never null once a policy has answered
    /// The cookie's value, where it is needed later. It lives as long as the request's head.
    std::string_view value {};
    WallSeconds goodUntil = always; ///< then the same cookie may be judged otherwise

    /// Where a bound request goes.
    ReplicaIndex leadsTo() const { return instead == noReplica ? names : instead; }
};

/// Who made the response that a cookie may be added to.
enum class Origin : std::uint8_t
{
    replica,
    balancer
};

/// Where a request went, for the product to write its cookie by.
struct Placement
{
    const Recall& recall;
    const ReplicaSet& replicas;
    ReplicaIndex replica = noReplica; ///< that answered, or was picked
    Origin origin = Origin::replica;
    std::string_view issued {}; ///< see StickyPolicy::issue()
    WallSeconds now {};
    bool secure = false;
    std::string_view method = "GET";
    std::string_view userAgent {}; ///< the client's program, as it names itself
    std::string_view host {}; ///< that the request asks for, "app.example:8080", or empty
    std::string_view target {}; ///< likewise, "/cart?item=1"
    std::string_view source {}; ///< the client's address, for policies that look at addresses
};

/// What one product does with its cookie.
class StickyPolicy
{
public:
    virtual ~StickyPolicy() = default;

    /// Reads the request's cookies. Depends on nothing but its arguments and version().
    virtual Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const = 0;
    /// Whether a request that is bound, or refused for its cookie, looks at this replica on its
    /// way, and so may take it back where only such a request does (PassiveCheck::whenAsked).
    virtual bool asks(const Recall& recall, ReplicaIndex replica, const ReplicaSet&) const
    {
        return recall.names == replica;
    }
    /// Whether its cookie names clients, for the algorithm to hash, and not replicas...
    virtual bool namesClients() const { return false; }
    /// ...and then a name for a client that brought none: one for each of its connections, or a
    /// new one for each request.
    virtual bool namesConnections() const { return false; }
    virtual std::string issue(Draw&, WallSeconds) const { return {}; }
    /// Whether a request that is to go elsewhere gets another name, which leads elsewhere.
    virtual bool renames() const { return false; }
    /// What is hashed of such a name.
    virtual std::string key(std::string_view name) const { return std::string(name); }
    /// The balancer remembers nothing, at its start or after a reload that keeps nothing: what it
    /// makes up for itself is drawn now.
    virtual void begins(const Chance&, const ReplicaSet&) { }
    /// The balancer has read its configuration: at its start, at a reload, when a server joins,
    /// drains or goes.
    virtual void configured(WallSeconds) { }
    /// There is one replica more, behind all others.
    virtual void added(const ReplicaView&) { }
    /// This one is no server of the balancer any more.
    virtual void removed(ReplicaIndex) { }
    /// The request of a client at this address is on its way to the replica; told to policies that
    /// look at addresses.
    virtual void placed(ReplicaIndex, std::string_view, WallSeconds) { }
    /// Edits the request on its way to the replica (HAProxy's indirect).
    virtual void forward(http::RequestHead&) const { }
    /// Adds to the response on its way to the client, and says what it did.
    virtual CookieOut remember(const Placement& placement, http::ResponseHead& response) = 0;
    /// Whether it is to be told when a WebSocket is closed that remember() was told of...
    virtual bool heedsEnds() const { return false; }
    /// ...and then with what it was told. The request's cookie has been read again.
    virtual void closed(const Placement&, const http::ResponseHead&) { }
    /// Whether failed attempts leave their cookies too, where the product's do so at all.
    virtual bool writesAtEachAttempt() const { return true; }
    /// Another number whenever recall() may answer otherwise than before.
    virtual std::uint32_t version() const { return 0; }
    /// Whether recall() depends on the client's address as well.
    virtual bool looksAtSource() const { return false; }
    /// Whether what it remembers of sessions outlives the reading of a new configuration.
    virtual bool survivesReload() const { return true; }
    /// The name of the cookie that it reads; empty where it reads none.
    virtual std::string_view cookieName() const { return {}; }
    virtual std::unique_ptr<StickyPolicy> clone() const = 0;
};

/// Gives a policy its clone().
template <typename Derived>
class CloneableSticky : public StickyPolicy
{
public:
    std::unique_ptr<StickyPolicy> clone() const override
    {
        return std::make_unique<Derived>(static_cast<const Derived&>(*this));
    }
};

} // namespace stickyscope
