// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/live/live_plan.h"
#include "sim/live/shown_behind.h"
#include "sim/live/traffic.h"
#include "sim/model/world.h"

#include <QThread>

#include <atomic>
#include <map>
#include <memory>
#include <vector>

namespace stickyscope::live {

class LiveRun;
class StatisticsPoll;

/// What all lanes of a live experiment have in common.
struct LiveTerms
{
    double rate = usualRateInAll; ///< requests per second in all, as far as the target allows
    bool inPerson = false; ///< the host's name was typed to have the allowance raised
    Duration shownBehind {}; ///< how long after they came answers are shown
    bool pictures = false; ///< keep what pictures need
    bool trace = false; ///< a digest of all observations
    std::shared_ptr<RecordingSink> recording; ///< null: none
};

/// The wire thread of an experiment: one LiveRun for each lane, on one event loop. Traffic ends
/// when this ends. Its clock is the experiment's: while that is paused, nothing is sent.
class LiveTraffic final : public Traffic
{
public:
    LiveTraffic(std::vector<LivePlan> plans, const LiveTerms& terms);
    LiveTraffic(const LiveTraffic&) = delete;
    LiveTraffic& operator=(const LiveTraffic&) = delete;
    ~LiveTraffic() override;

    LiveQueue& queue(std::size_t lane) override { return *m_queues[lane]; }
    void setNow(std::size_t, Instant now) override { m_now = now.time_since_epoch().count(); }
    /// What is done to clients alone: replicas are the user's own to stop.
    InterventionSet can() const override
    {
        return {Intervention::Kind::takeCookies, Intervention::Kind::cutConnections};
    }
    void apply(std::size_t lane, const TimelineEntry& entry) override;
    void settle(std::size_t lane) override;

private:
    void compareWith(const StatisticsSource& statistics);

    std::atomic<Duration::rep> m_now {0};
    std::vector<std::unique_ptr<LiveQueue>> m_queues;
    std::vector<LiveRun*> m_runs; ///< of the thread alone, and owned by its context
    StatisticsPoll* m_statistics = nullptr; ///< likewise; null: the balancer is not asked
    QObject* m_context; ///< lives on the thread, and ends with it
    QThread m_thread;
};

/// One lane of real requests, to a real service or to servers that we start.
class LiveWorld final : public World
{
public:
    /// A lane's number among those of the traffic, and among those of the experiment.
    struct Number
    {
        std::size_t ofTraffic = 0;
        LaneIndex ofExperiment {};
    };

    LiveWorld(std::shared_ptr<Traffic> traffic, Number number, Cast cast,
              std::vector<TimelineEntry> timeline, Duration shownBehind);

    const Cast& cast() const override { return m_cast; }
    const TextTable& texts() const override { return m_texts; }
    void advance(Instant until, ObservationSink& sink) override;
    InterventionSet can() const override { return m_traffic->can(); }
    void apply(const Intervention& intervention) override;
    void addTo(LaneSnapshot& picture) const override;
    void renameReplica(ReplicaIndex replica, const std::string& name) override;
    Instant nextEvent() const override { return Instant::max(); }
    std::optional<Reconciliation> reconciliation() const override;
    void settle() override;
    std::unique_ptr<World> clone() const override { return nullptr; }

private:
    void takeNews(Instant until, std::vector<Observation>& shown);

    std::shared_ptr<Traffic> m_traffic;
    std::size_t m_lane;
    LaneIndex m_place;
    Cast m_cast;
    TextTable m_texts;
    std::map<ReplicaIndex, std::string> m_renamed;
    std::vector<TimelineEntry> m_timeline; ///< in order of time
    std::size_t m_nextEntry = 0;
    Instant m_reached {}; ///< by the last advance()
    ShownBehind m_behind;
    std::size_t m_own; ///< clients that are the scenario's, and no visitors
    std::uint64_t m_late = 0; ///< answers to these that came after the run
};

/// The scenario's lanes against one service at the same time, one plan each. The scenario gives
/// names, length and timeline.
Experiment makeLiveExperiment(std::vector<LivePlan> plans,
                              const std::shared_ptr<const Scenario>& scenario,
                              const LiveTerms& terms);

} // namespace stickyscope::live
