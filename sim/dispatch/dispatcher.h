// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/products/product.h"

#include <memory>

namespace stickyscope {

/// Where one request is to go, and why. Without a replica, `status` is the balancer's answer.
struct Decision
{
    ReplicaIndex replica = noReplica;
    Ledger ledger = Ledger::fresh;
    Bound bound = Bound::no;
    const Rule* rule = nullptr;
    int status = 0;
};

/// THE decision: the product's sticky policy is asked first and can bypass the algorithm; what
/// becomes of a failed attempt, and which cookie goes out, is the product's as well. It knows
/// neither sockets nor events: the virtual balancer and a real one are adapters around it.
/// A value: a copy goes its own way.
class Dispatcher
{
public:
    /// The spec must name a known product and one of its algorithms, or none.
    Dispatcher(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance);
    Dispatcher(const Dispatcher& other);
    Dispatcher& operator=(const Dispatcher&) = delete;
    ~Dispatcher() = default;

    Recall recall(const http::RequestHead& request, WallSeconds now) const
    {
        return m_sticky->recall(request, m_replicas, now);
    }
    Decision place(const Recall& recall, Draw draw, ReplicaIndex avoid = noReplica);
    OnFailure failed(Fault fault, int attempt) const;
    void forward(http::RequestHead& request) const { m_sticky->forward(request); }
    CookieOut remember(const Recall& recall, ReplicaIndex replica, Origin origin,
                       http::ResponseHead& response, WallSeconds now) const;

    /// A request given to a replica by place() or a retry has ended there.
    void released(const Ended& ended) { m_policy->released(ended); }
    /// A retry at the same replica.
    void assigned(ReplicaIndex replica, Bound bound) { m_policy->assigned(replica, bound); }

    void setUp(ReplicaIndex replica, bool up);
    void setDraining(ReplicaIndex replica, bool draining);

    const ReplicaSet& replicas() const { return m_replicas; }
    const Product& product() const { return *m_product; }
    std::string_view cookieName() const { return m_sticky->cookieName(); }

private:
    BalancerSpec m_spec;
    const Product* m_product;
    ReplicaSet m_replicas;
    std::shared_ptr<const StickyPolicy> m_sticky;
    std::unique_ptr<BalancingPolicy> m_policy;
};

} // namespace stickyscope
