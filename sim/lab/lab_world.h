// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/lab/lab_lane.h"
#include "sim/lab/managed/managed_balancer.h"
#include "sim/lab/managed/managed_thread.h"
#include "sim/live/live_world.h"
#include "sim/model/outcome.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// What the lanes of a lab have in common.
struct LabTerms
{
    std::vector<http::CookieJar> jars; ///< of each group of clients
    Duration shownBehind {}; ///< how long after they came answers are shown
    bool pictures = false; ///< keep what pictures need
    bool trace = false; ///< a digest of all observations
    std::shared_ptr<RecordingSink> recording; ///< null: none
    /// The balancers are programs of the scenario's product: where that is; empty text: on the
    /// PATH. Nothing: our own balancer does as the product does.
    std::optional<std::string> program;
    /// Asked on any thread while programs get ready: true ends that at once. May be null.
    std::function<bool()> stopAsked;
    std::function<void(const LaneLog&)> log; ///< once a request, on the wire thread
    /// The replicas are somebody's own, on this machine, at the addresses that the scenario gives.
    bool theirs = false;
    ProxyLimits limits; ///< of our balancer; how long it waits for an answer says the product
    ReplicaLimits replicaLimits;
    /// The scenario's one lane in the model, and beside it on real sockets.
    bool againstModel = false;
    /// By the lane's name, where its balancer listens if that port is free; else at any other.
    std::map<std::string, std::uint16_t> ports;

    LabCast cast() const { return {.program = program.has_value(), .theirs = theirs}; }
};

/// The wire thread of a lab: each lane's replicas, balancer and clients on one event loop; where
/// balancers are programs, these have a thread of their own. All of it ends with this. While the
/// experiment's clock stands still no client of ours sends; others' requests are answered all the
/// same.
class LabTraffic final : public live::Traffic
{
public:
    /// Listens before it returns; error() says whether it could.
    LabTraffic(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms);
    LabTraffic(const LabTraffic&) = delete;
    LabTraffic& operator=(const LabTraffic&) = delete;
    ~LabTraffic() override;

    const std::string& error() const { return m_error; }
    const std::vector<LaneAddress>& addresses() const { return m_addresses; }
    /// What a program's configuration cannot say of the scenario, one line each.
    const std::vector<std::string>& notes() const { return m_notes; }

    live::LiveQueue& queue(std::size_t lane) override { return *m_queues[lane]; }
    void setNow(std::size_t lane, Instant now) override;
    InterventionSet can() const override { return m_can; }
    void apply(std::size_t lane, const TimelineEntry& entry) override;
    void settle(std::size_t lane) override;

    /// Other machines may ask the balancers by these addresses of this one, until closeNetwork()
    /// or the end; the replicas stay on loopback. By which URLs, for each lane; where one of them
    /// cannot be, nothing is open.
    using LaneUrls = std::vector<std::vector<std::string>>;
    Outcome<LaneUrls> openToNetwork(const std::vector<QHostAddress>& addresses);
    /// Ends the listeners, and the connections that came in by them.
    void closeNetwork();
    /// Whether another machine has asked any of the lanes.
    bool hadGuestsFromOutside() const;
    /// Which lane's program has ended by itself, and what it said; an empty text where none has.
    std::string ended() const;
    /// Who asks beside our own clients.
    std::vector<Guest> guests(std::size_t lane) const { return m_books[lane]->guests(); }

private:
    void onWire(const std::function<void()>& task);
    void listen(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms);
    void startPrograms(const LabTerms& terms);
    std::unique_ptr<LabBalancer> balancerFor(std::size_t lane);
    void tell(std::size_t lane, const std::string& notice);
    void watchPrograms();
    void readCounts(std::size_t lane);
    void publish();
    void begin();

    std::vector<Instant> m_told; ///< the newest moment of each lane that was passed on
    InterventionSet m_can;
    std::vector<std::unique_ptr<live::LiveQueue>> m_queues;
    std::vector<std::unique_ptr<LabLane>> m_lanes; ///< of the thread alone
    std::vector<const GuestBook*> m_books; ///< the lanes'
    std::atomic<bool> m_ends = false; ///< nothing is waited for any more
    std::atomic<bool> m_begun = false; ///< what LabTerms::stopAsked says does not count any more
    std::unique_ptr<ManagedThread> m_programThread; ///< null where the balancers are ours
    std::vector<std::unique_ptr<ManagedBalancer>> m_programs; ///< of that thread alone
    mutable std::mutex m_endedMutex;
    std::string m_ended; ///< see ended()
    std::string m_error;
    std::vector<LaneAddress> m_addresses;
    std::vector<std::string> m_notes;
    QObject* m_context; ///< lives on the thread, and ends with it
    QThread m_thread;
};

/// A lab that listens, with the experiment that its lanes are.
struct Lab
{
    Experiment experiment;
    std::vector<LaneAddress> addresses;
    /// See LabTraffic::notes(); and that its balancers take fewer connections than they might.
    std::vector<std::string> notes;
    std::weak_ptr<LabTraffic> traffic; ///< ends with the experiment
};

/// Why this scenario cannot run on real sockets by these terms, in one line; empty where it can.
std::string whyNoLab(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms);

/// The scenario on real sockets of this machine, as lanes of their own or beside the model. One
/// line where it cannot be.
Outcome<Lab> makeLab(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms);

} // namespace stickyscope::lab
