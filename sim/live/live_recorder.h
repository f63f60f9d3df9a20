// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/sticky_owners.h"
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
    std::string why; ///< of a failure
    int status = 0;
    std::string replica; ///< empty where nobody knows
    std::string identifiedBy; ///< by what it is known
    std::string address; ///< the one that answered
    std::string stickySent; ///< the sticky cookie's value that was sent; empty: none was
    std::string stickySet; ///< the value that was set; likewise
    std::string setCookie; ///< the whole field that set it
    bool stickyKept = false; ///< the client would return it
    bool broken = false; ///< a rule says that the replica did not know the session

    // Where requests are marked for our own replicas:
    std::string id; ///< its X-Request-Id
    SessionMark session = SessionMark::none; ///< as the replica says
    bool endsSession = false; ///< it was the last of its session

    /// As if it were a new one of this client, in the room that its words have.
    void restart(std::uint32_t number);
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
/// the ledger is inferred from who answered and what was sent. Of all cookies, observations hold
/// the sticky one alone.
class LiveRecorder
{
public:
    /// `sessionsVisible`: there are rules by which a broken session is seen.
    explicit LiveRecorder(std::shared_ptr<ReplicaRoster> roster = std::make_shared<ReplicaRoster>(),
                          bool sessionsVisible = false);

    ClientIndex addClient(std::string name, std::string kind);
    void setBalancer(std::string name);
    /// One sentence about the run as a whole.
    void setNotice(std::string notice);

    Observation sent(const LiveAnswer& request, const std::string& stickyName, Instant at);
    /// The end of a request; before it, where a session was broken, its loss.
    std::vector<Observation> ended(const LiveAnswer& answer);
    Observation opened(const LiveAnswer& answer, Instant at);
    Observation message(ClientIndex client, Instant at, Duration latency);
    Observation closed(ClientIndex client, Instant at, int code, const std::string& reason);

    /// With all replicas that the roster knows by now.
    const Cast& cast() const;
    const TextTable& texts() const { return m_texts; }

private:
    struct Client
    {
        bool inSession = false;
        ReplicaIndex connected = noReplica;
        Instant connectedAt {};
    };

    std::shared_ptr<ReplicaRoster> m_roster;
    mutable Cast m_cast;
    TextTable m_texts;
    std::vector<Client> m_clients;
    StickyOwners m_owners;
};

} // namespace stickyscope::live
