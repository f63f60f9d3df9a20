// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_record.h"
#include "sim/live/live_recorder.h"
#include "sim/model/reconciliation.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace stickyscope::lab {

/// Follows each request through client, balancer and replica: by its X-Request-Id, or, as Envoy
/// gives requests another one, past a program by its client and ordinal. What all tell alike is
/// counted and forgotten; what they do not is kept, and named.
class RequestJoin
{
public:
    /// Who tells of each request, beside our clients: not a program that balances, whose decisions
    /// are not visible, and not somebody's own servers.
    struct Witnesses
    {
        bool balancer = true;
        bool replicas = true;
        /// By the numbers that records have for them; empty where there is one alone.
        std::vector<std::string> balancers {};
    };

    RequestJoin(std::vector<std::string> replicas, Witnesses witnesses);

    void sent(const live::LiveAnswer& request);
    void clientEnded(const live::LiveAnswer& answer);
    void balancerEnded(const ProxyRecord& record);
    /// `client`: of ours, or noClient.
    void replicaAnswered(ReplicaIndex replica, const std::string& id, ClientIndex client,
                         std::uint32_t ordinal);
    /// A replica answered a request that had come past the balancer.
    void passedBy() { ++m_passedBy; }
    /// Whether all that was sent has ended, and everybody has told of it.
    bool settled(const std::vector<std::optional<std::uint64_t>>& program) const;

    /// `program`: what the program's own statistics count, by replica, as far as they have been
    /// read; our own balancer is counted here. `open`: WebSockets that are, by replica.
    Reconciliation reconciled(const std::vector<std::optional<std::uint64_t>>& program,
                              const std::vector<std::size_t>& open = {}) const;

private:
    /// Who answered it, as one of the three says.
    struct Told
    {
        bool told = false;
        bool answered = false; ///< by a replica
        ReplicaIndex replica = noReplica; ///< noReplica: nobody
    };

    struct Request
    {
        Told client;
        Told balancer; ///< the last that it told
        std::vector<ReplicaIndex> placed; ///< each answer that it passed on
        std::vector<ReplicaIndex> replicas; ///< that say they answered
        bool ours = false; ///< of one of our clients
        int ends = 0; ///< that the balancer told: several where a visitor uses a name again
        int attempts = 0; ///< at replicas, in all of them

        bool triedAgain() const { return attempts > ends; }
    };

    /// What keeps a request from being joined.
    enum class Finding : std::uint8_t
    {
        none,
        late,
        unheard,
        twice,
        reused,
        unlogged,
        misnamed
    };

    struct Counts
    {
        std::uint64_t clients = 0;
        std::uint64_t balancer = 0;
        std::uint64_t replica = 0;
        std::vector<std::uint64_t> each; ///< by balancer, where there are several
    };

    using Requests = std::unordered_map<std::string, Request>;

    std::string keyOf(const std::string& id, ClientIndex client, std::uint32_t ordinal) const;
    Request& find(const std::string& key);
    void settle(const std::string& key);
    void count(const Request& request);
    bool complete(const Request& request) const;
    bool agrees(const Request& request) const;
    bool visitAgrees(const Request& request) const;
    bool waits(const Request& request) const;
    Finding findingIn(const Request& request) const;
    std::vector<std::string> differences() const;

    std::vector<std::string> m_names;
    Witnesses m_tells;
    std::vector<Counts> m_counts; ///< by replica
    Requests m_open; ///< not told alike, or not yet
    std::uint64_t m_joined = 0;
    std::uint64_t m_passedBy = 0; ///< past the balancer
    std::uint64_t m_others = 0; ///< answered requests that no client of ours had sent
    std::uint64_t m_forgotten = 0; ///< of those that were open for long
};

} // namespace stickyscope::lab
