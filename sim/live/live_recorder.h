// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/sticky_cookie.h"
#include "sim/model/observation.h"
#include "sim/model/world.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stickyscope::live {

/// What one request of a live lane came to.
struct LiveAnswer
{
    ClientIndex client {};
    std::uint32_t ordinal = 0;
    Instant at {};
    Duration latency {};
    Failure failure = Failure::none;
    int status = 0;
    std::string replica; ///< empty where nobody knows
    std::string cookieSent;
    std::string setCookie;
    bool stickySent = false;
    bool stickySet = false;
};

/// The replicas that a service's lanes have met, numbered in the order of their first answer.
/// Shared by lanes, so that a replica has one number and one colour in all of them.
class ReplicaRoster
{
public:
    ReplicaIndex indexOf(const std::string& name);
    const std::vector<std::string>& names() const { return m_names; }

private:
    std::map<std::string, ReplicaIndex> m_indices;
    std::vector<std::string> m_names;
};

/// Turns the facts of a live lane into observations: replicas get their numbers as they are met,
/// the ledger is inferred from who answered and what was sent.
class LiveRecorder
{
public:
    explicit LiveRecorder(std::shared_ptr<ReplicaRoster> roster = std::make_shared<ReplicaRoster>())
        : m_roster(std::move(roster))
    {
    }

    ClientIndex addClient(std::string name, std::string kind);
    void setBalancer(std::string name) { m_cast.balancer = std::move(name); }

    Observation sent(ClientIndex client, std::uint32_t ordinal, Instant at,
                     const std::string& cookie);
    Observation ended(const LiveAnswer& answer);
    Observation message(ClientIndex client, Instant at);
    /// The client's next answered request begins a session.
    void endSession(ClientIndex client);

    /// With all replicas that the roster knows by now.
    const Cast& cast() const
    {
        m_cast.replicas = m_roster->names();
        return m_cast;
    }
    const TextTable& texts() const { return m_texts; }

private:
    struct Client
    {
        bool inSession = false;
        ReplicaIndex cookieFrom = noReplica; ///< the replica whose answer set the sticky cookie
    };

    std::shared_ptr<ReplicaRoster> m_roster;
    mutable Cast m_cast {.sessionsVisible = false, .decisionsVisible = false};
    TextTable m_texts;
    std::vector<Client> m_clients;
};

} // namespace stickyscope::live
