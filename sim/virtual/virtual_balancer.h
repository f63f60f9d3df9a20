// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"
#include "sim/dispatch/health.h"
#include "sim/model/text_table.h"
#include "sim/virtual/virtual_client.h"

#include <optional>
#include <vector>

namespace stickyscope {

/// The balancer in virtual time: the dispatcher with real Cookie and Set-Cookie text, each text
/// parsed once for as long as what the balancer knows of its replicas stays the same.
class VirtualBalancer
{
public:
    VirtualBalancer(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance);

    /// Reads the request's cookie.
    const Recall& recall(TextId cookie, const TextTable& texts, WallSeconds now);
    /// Fills in where the request goes and why; false where the balancer answers itself.
    bool place(VirtualRequest& request, const Draw& draw, TextTable& texts, Instant now,
               ReplicaIndex avoid = noReplica);
    /// Writes the cookie of an answer made by `origin`.
    void remember(VirtualRequest& request, Origin origin, TextTable& texts, WallSeconds now);
    OnFailure failed(Fault fault, const VirtualRequest& request) const
    {
        return m_dispatcher.failed(fault, static_cast<int>(request.attempt));
    }
    /// A retry at the same replica.
    void assigned(VirtualRequest& request, Instant now)
    {
        request.assignedAt = now;
        m_dispatcher.assigned(request.replica, request.bound);
    }
    void released(const VirtualRequest& request, bool answered, Instant now)
    {
        m_dispatcher.released({request.replica, request.bound, answered, now - request.assignedAt});
    }
    void setDraining(ReplicaIndex replica, bool draining);

    bool checksHealth() const { return m_health.has_value(); }
    /// One active check; true where the balancer now thinks otherwise of the replica.
    bool checked(ReplicaIndex replica, bool good);

    const Dispatcher& dispatcher() const { return m_dispatcher; }

private:
    struct Known
    {
        std::uint32_t version = 0xffffffff; ///< of the replica set it was read for
        Recall recall;
    };

    TextId ruleText(const Rule* rule, TextTable& texts);

    Dispatcher m_dispatcher;
    std::optional<Health> m_health;
    std::vector<Known> m_known; ///< by TextId of the Cookie field
    std::vector<std::pair<const Rule*, TextId>> m_rules;
    http::RequestHead m_request; ///< used again, so that its memory is
    http::ResponseHead m_response;
};

} // namespace stickyscope
