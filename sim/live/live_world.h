// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/live/live_run.h"
#include "sim/model/world.h"

#include <QThread>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace stickyscope::live {

/// What a live lane hands over from its wire thread to the experiment's: observations in order,
/// and the names behind their numbers.
class LiveQueue final : public ObservationSink
{
public:
    void observe(std::span<const Observation> observations) override;
    /// Called on the wire thread, after observe().
    void describe(const Cast& cast, const TextTable& texts);
    /// Everything since the last call.
    std::vector<Observation> take(Cast& cast, TextTable& texts);

private:
    std::mutex m_mutex;
    std::vector<Observation> m_observations;
    Cast m_cast;
    TextTable m_texts;
};

/// The wire thread of an experiment: one LiveRun for each lane, on one event loop. Traffic ends
/// when this ends. Its clock is the experiment's: while that is paused, nothing is sent.
class LiveTraffic
{
public:
    explicit LiveTraffic(std::vector<LivePlan> plans);
    LiveTraffic(const LiveTraffic&) = delete;
    LiveTraffic& operator=(const LiveTraffic&) = delete;
    ~LiveTraffic();

    LiveQueue& queue(std::size_t lane) { return *m_queues[lane]; }
    void setNow(Instant now) { m_now = now.time_since_epoch().count(); }

private:
    std::atomic<Duration::rep> m_now {0};
    std::vector<std::unique_ptr<LiveQueue>> m_queues;
    QThread m_thread;
};

/// One lane of a real service. Answers are shown 0.3 s after they came, so that their way can be
/// seen; latencies are as they were measured.
class LiveWorld final : public World
{
public:
    static constexpr Duration shownBehind = std::chrono::milliseconds(300);

    LiveWorld(std::shared_ptr<LiveTraffic> traffic, std::size_t lane, Cast cast);

    const Cast& cast() const override { return m_cast; }
    const TextTable& texts() const override { return m_texts; }
    void advance(Instant until, ObservationSink& sink) override;
    /// Nothing here obeys: replicas are the user's own to stop.
    void apply(const Intervention&) override { }
    Instant nextEvent() const override { return Instant::max(); }
    std::unique_ptr<World> clone() const override { return nullptr; }

private:
    std::shared_ptr<LiveTraffic> m_traffic;
    std::size_t m_lane;
    Cast m_cast;
    TextTable m_texts;
    std::deque<Observation> m_landing; ///< ended, and on their way back on the stage
};

/// Two lanes, `off` and `on`, against one service at the same time: off withholds the sticky
/// cookie alone. The scenario that describes them comes with the experiment.
Experiment makeLiveExperiment(const LivePlan& plan,
                              const std::shared_ptr<const Scenario>& scenario);
/// A scenario that stands for a live run in the window: its title, its lanes, its length.
Scenario liveScenario(const LivePlan& plan, Duration length);

} // namespace stickyscope::live
