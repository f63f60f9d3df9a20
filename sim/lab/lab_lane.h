// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"
#include "sim/lab/lab_clients.h"
#include "sim/lab/lane_address.h"
#include "sim/lab/lane_doors.h"
#include "sim/lab/lane_log.h"
#include "sim/lab/replica_server.h"
#include "sim/lab/request_join.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// What stands in a lab's lane that is not ours.
struct LabCast
{
    bool program = false; ///< the balancer is the product's own program
    bool theirs = false; ///< the replicas are somebody's own, at their addresses
};

/// Why a scenario's lane cannot run on real sockets here: one line, or an empty text.
std::string impossibleInLab(const Scenario& scenario, LabCast cast);

/// One lane of a lab: real replicas, a balancer before them - ours, or a product's own program -
/// and the scenario's clients, all on loopback, on ports that were free. Lives on one thread with
/// an event loop; what happens goes to `queue`. Destroying it ends all traffic.
class LabLane
{
public:
    struct Terms
    {
        std::shared_ptr<const Scenario> scenario; ///< the lane's own
        LaneIndex lane {};
        std::vector<http::CookieJar> jars;
        LabCast cast;
        std::vector<CastBalancer> balancers {}; ///< each of them where there are several
        ProxyLimits limits;
        ReplicaLimits replicaLimits;
        std::uint16_t port = 0; ///< of our balancer, if it is free; 0: any
        std::function<void(const LaneLog&)> log; ///< once a request; may be null
    };

    LabLane(Terms terms, live::LiveQueue& queue);
    LabLane(const LabLane&) = delete;
    LabLane& operator=(const LabLane&) = delete;
    ~LabLane() = default;

    /// The replicas begin. An error in words, or an empty text.
    std::string listen();
    /// What a program before them is to be told: the lane's balancer, and the replicas that have
    /// joined, with their addresses. After listen().
    Scenario scenarioForProgram() const;
    /// Balancer and clients begin. `program` is null where the balancer is ours. An error in
    /// words, or an empty text.
    std::string begin(std::unique_ptr<LabBalancer> program);
    const std::string& name() const { return m_terms.scenario->lanes[raw(m_terms.lane)].name; }
    LaneAddress address() const; ///< after begin()
    /// Other machines may ask its balancer by these addresses of ours, from now on; by which URLs.
    Outcome<std::vector<std::string>> openToNetwork(const std::vector<QHostAddress>& addresses);
    void closeNetwork() { m_balancer->closeNetwork(); }
    const GuestBook& guestBook() const { return m_recorder.guestBook(); }
    /// The clock stands at `now` from here on.
    void tick(Instant now);
    /// What apply() can do: somebody's own servers are not ours to spoil, and a product's program
    /// is reloaded by whoever runs it.
    static InterventionSet can(LabCast cast);
    /// From `entry.at` on, by the lane's clock; leaves out what it cannot do.
    void apply(const TimelineEntry& entry);
    void setNotice(const std::string& notice) { m_recorder.setNotice(notice); }
    /// What the program's own statistics count, by replica.
    void setProgramCounts(std::vector<std::optional<std::uint64_t>> counts);
    /// What clients, balancer and replicas have counted so far; nothing where the replicas are
    /// somebody's own, who tell us nothing.
    Reconciliation reconciled() const;
    bool settled() const { return m_join.settled(m_programCounts); }

private:
    using WallClock = std::chrono::system_clock;

    /// What cookies' ages go by: it stands still while the experiment's clock does.
    WallSeconds wall() const;
    void addReplica(std::size_t place);
    std::string addressOf(std::size_t place) const;
    std::string beginOurs();
    std::string openDoors(BalancerProxy& ours);
    void addClients(const std::string& stickyName);
    void join();
    void leave();
    Instant nextChange() const;
    /// Of somebody's own server, which is theirs to mend; nothing: it answers.
    void noteTrouble(ReplicaIndex replica, const std::string& why);
    void log(const ProxyRecord& record, const std::string& client) const;
    // Behind a program, whose decisions are not seen:
    void log(ReplicaIndex replica, const ReplicaLine& line);
    void logUnanswered(const live::LiveAnswer& answer, const live::LiveClient& client) const;
    void sent(const live::LiveAnswer& request, const live::LiveClient& client);
    void noteCookies(ClientIndex client);
    // lab_lane_interventions.cpp: what is done to it while it runs
    void applyTo(const TimelineEntry& entry);
    void forEachReplica(const Intervention& what,
                        const std::function<void(ReplicaIndex)>& act) const;
    void stopReplica(ReplicaIndex replica);
    void startReplica(ReplicaIndex replica);
    void drainReplica(ReplicaIndex replica);
    void setDraining(ReplicaIndex replica, bool draining);
    void tellGone(ReplicaIndex replica);
    void updateReplicas(const TimelineEntry& entry);
    void updateStepsDue();
    void changeFaults(ReplicaIndex replica, const Intervention& what);
    void endFaultsDue();
    void tellConditions();
    void reload(const TimelineEntry& entry);
    void tellStickyName(const std::string& name);

    /// A replica's life, as far as it is the lane's.
    struct Life
    {
        bool stopped = false;
        bool draining = false;
        bool toldGone = false; ///< the balancer was told that it is not there
        bool left = false; ///< and that it will not come again
    };

    Terms m_terms;
    live::LiveQueue& m_queue;
    WallSeconds m_begun = std::chrono::floor<std::chrono::seconds>(WallClock::now()); ///< 0 of it
    Instant m_now {};
    LabRecorder m_recorder;
    RequestJoin m_join;
    std::string m_guest; ///< whose answer a replica has noted last, and is about to log
    std::vector<std::optional<std::uint64_t>> m_programCounts;
    std::vector<std::unique_ptr<ReplicaServer>> m_replicas; ///< null where they are somebody's own
    std::vector<Life> m_lives; ///< by replica
    std::map<ReplicaIndex, std::string> m_troubles;
    std::vector<TimelineEntry> m_updateSteps; ///< of rolling updates, still to come
    std::size_t m_joined = 0; ///< replicas that the balancer knows, the first ones
    std::unique_ptr<LabBalancer> m_balancer;
    BalancerProxy* m_ours = nullptr; ///< the balancer, where it is ours; else decisions are unseen
    std::vector<BalancerSpec> m_balancers; ///< as they stand now; the first is in front
    LaneDoors m_doors;
    bool m_secure = false; ///< the scenario's origin is https
    std::unique_ptr<LabClients> m_clients;
};

} // namespace stickyscope::lab
