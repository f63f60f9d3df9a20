// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"
#include "sim/lab/guest_book.h"
#include "sim/lab/visitors.h"
#include "sim/live/live_recorder.h"
#include "sim/live/traffic.h"
#include "sim/model/scenario.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// Turns the facts of a lab's lane into observations: what the clients met joined with what the
/// balancer decided, by X-Request-Id; what else asks the balancer becomes clients of its own, who
/// are behind ours. Where decisions are not visible, as those of a program are not, the ledger is
/// inferred from who answered, and visitors are known by what replicas tell. Of all cookies,
/// observations hold the sticky one alone.
class LabRecorder
{
public:
    /// What of a lane can be seen at all.
    struct Sight
    {
        bool decisions = true; ///< of the balancer
        bool sessions = true; ///< replicas say whether they know them
        std::vector<CastBalancer> balancers {}; ///< each of them where there are several
    };

    /// Everything goes to `queue`; both it and the clock must outlive this.
    LabRecorder(const Scenario& scenario, LaneIndex lane, live::LiveQueue& queue,
                std::function<Instant()> clock, Sight sight);

    // Of our own clients:
    void setStickyName(std::string name) { m_stickyName = std::move(name); }
    /// `way`: the balancer that it goes to, and the replica that its cookies name.
    void sent(const live::LiveAnswer& request, const BalancerProxy::Way& way);
    /// Nothing where no client of ours has sent it.
    std::optional<NumberedRequest> whose(const std::string& requestId) const;
    void ended(const live::LiveAnswer& answer);
    void opened(ClientIndex client);
    void messaged(ClientIndex client, Duration latency);
    /// `endsSession`: it was Engine.IO's, which ends with its transport.
    void closed(ClientIndex client, int code, const std::string& reason, bool endsSession = false);

    // Of the balancer:
    /// Gives back the name of the client that had asked.
    std::string decided(const ProxyRecord& record);
    void noticed(ReplicaIndex replica, bool up);
    /// Where no replica tells of it: a visitor's, by its X-Request-Id.
    void socketEnded(const std::string& requestId);

    // Of replicas:
    /// Gives back the name of the visitor whose answer it is; else nothing.
    std::string noted(ReplicaIndex replica, const ReplicaEvent& event);
    void replicaChanged(ReplicaIndex replica, ObservationKind kind);

    /// Answers whose decision has not come in time go on without it.
    void giveUpWaiting();
    void setNotice(std::string notice);
    /// "curl" is 3 and "browser-2" is 4, behind so many of ours.
    const Cast& cast() const { return m_cast; }
    /// Of those who ask beside our own clients; may be read on any thread.
    const GuestBook& guestBook() const { return m_guestBook; }
    /// Where decisions are not visible: whom this value of the sticky cookie stands for, as far as
    /// answers have shown it.
    ReplicaIndex ownerOf(const std::string& sticky) const { return m_owners.ownerOf(sticky); }

private:
    struct Client
    {
        bool inSession = false;
        bool lost = false; ///< the session is, though the client does not know
        ReplicaIndex holder = noReplica;
        ReplicaIndex replica = noReplica; ///< that answered last
        Instant openedAt {};
        std::uint32_t ordinal = 0; ///< a visitor's
        int waiting = 0; ///< requests that wait for what the balancer decided
        std::vector<Observation> after; ///< what came while they waited
        std::vector<std::string> late; ///< requests that went on without it
    };

    /// A request of ours: its client may have several side by side.
    struct UnderWay
    {
        ClientIndex client = noClient;
        ReplicaIndex pointsTo = noReplica; ///< as it was sent
        std::uint32_t ordinal = 0;
        std::optional<live::LiveAnswer> waiting; ///< for what the balancer decided
        std::optional<ProxyRecord> record; ///< for the client's answer
    };
    using Requests = std::map<std::string, UnderWay>; ///< by X-Request-Id

    struct OpenSocket
    {
        ClientIndex client = noClient;
        ReplicaIndex replica = noReplica;
        Instant openedAt {};
    };

    struct Asked
    {
        ReplicaEvent event;
        Instant at {};
    };

    Observation about(ClientIndex client, ObservationKind kind) const;
    /// What `sent` says of the balancer, and `placed` of one behind it.
    std::uint16_t wayBy(int balancer) const;
    void passOn(const ProxyRecord& record, Observation request,
                std::vector<Observation>& out) const;
    void emitFor(ClientIndex client, const Observation& observation);
    void emitAll(std::span<const Observation> observations);
    void finish(Requests::iterator request, const live::LiveAnswer& answer);
    void continueSession(Client& client, const Observation& answered, bool ends,
                         std::vector<Observation>& out) const;
    void closed(const OpenSocket& socket, int code);
    ReplicaIndex named(const std::string& replica) const;
    /// What a replica was asked, which it told first; nothing where it was not.
    std::optional<Asked> takeAsked(const std::string& requestId);
    ClientIndex visitorOf(const std::string& source, const ReplicaEvent& asked);
    ClientIndex visited(const ProxyRecord& record, const ReplicaEvent& asked);
    std::string answeredByReplica(ReplicaIndex replica, const ReplicaEvent& event);
    void loseSessionsOf(ReplicaIndex replica);

    live::LiveQueue& m_queue;
    std::function<Instant()> m_clock;
    std::vector<SessionStore> m_stores; ///< by replica
    std::string m_stickyName;
    Cast m_cast;
    TextTable m_texts;
    std::vector<Client> m_clients;
    std::size_t m_own = 0; ///< clients that are ours
    Requests m_underWay;
    Visitors m_visitors;
    GuestBook m_guestBook;
    /// By visitors, and not yet decided upon. They may use a name again.
    std::multimap<std::string, Asked> m_asked;
    live::StickyOwners m_owners;
    std::multimap<std::string, OpenSocket> m_sockets; ///< of visitors, by X-Request-Id
};

} // namespace stickyscope::lab
