// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// One replica's requests as three counted them; absent where one does not tell.
struct ReconciledReplica
{
    std::string name;
    std::optional<std::uint64_t> clients; ///< answered by it, as our clients saw it
    std::optional<std::uint64_t> balancer; ///< as the balancer's own statistics say
    std::optional<std::uint64_t> replica; ///< as its own log says
    /// Of several balancers what each counted of these on their way; else empty.
    std::vector<std::uint64_t> each {};

    bool operator==(const ReconciledReplica&) const = default;
};

/// What clients, balancer and replicas counted, side by side, and what makes the difference.
struct Reconciliation
{
    std::vector<ReconciledReplica> replicas;
    /// Requests that all who can be asked tell alike, by X-Request-Id; absent where ids are unseen.
    std::optional<std::uint64_t> joined;
    /// One sentence for each kind of difference; empty: all agree.
    std::vector<std::string> differences;
    std::string balancerSource; ///< whose numbers the balancer's are, such as "Envoy's clusters"
    /// What the balancer counts of all, where it does not tell its servers apart too.
    std::optional<std::uint64_t> balancerTotal;
    std::vector<std::string> balancers; ///< whose `each` is; empty where there is one alone
    bool allLanes = false; ///< they share one balancer, and these are the numbers of all

    bool operator==(const Reconciliation&) const = default;
};

} // namespace stickyscope
