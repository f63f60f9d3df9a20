// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/recording_sink.h"
#include "sim/http/cookie_jar.h"
#include "sim/measure/lane_history.h"
#include "sim/measure/lane_measures.h"
#include "sim/measure/trace.h"
#include "sim/model/scenario.h"
#include "sim/model/snapshot.h"
#include "sim/model/world.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// What an experiment keeps beside its figures.
struct ExperimentOptions
{
    bool history = false; ///< what pictures need
    bool trace = false; ///< a digest of all observations
    std::shared_ptr<RecordingSink> recording = nullptr; ///< may be null
};

/// One to four lanes under one clock. It knows worlds only as World, has no thread and reads no
/// clock: advance() moves it, so that a test drives it without a window.
class Experiment
{
public:
    static constexpr std::size_t mostLanes = 4;

    /// One world for each of the scenario's lanes, in their order. `worldName` is "virtual",
    /// "lab", "live", or modelAndLab.
    Experiment(std::shared_ptr<const Scenario> scenario, std::vector<std::unique_ptr<World>> worlds,
               std::string worldName, const ExperimentOptions& options);
    Experiment(Experiment&&) noexcept = default;
    Experiment& operator=(Experiment&&) noexcept = default;

    /// Moves all lanes on by `by`, but not beyond the scenario's duration.
    void advance(Duration by);
    void apply(const Intervention& intervention);
    void renameReplica(ReplicaIndex replica, const std::string& name);
    /// The next moment at which something happens in any lane.
    Instant nextEvent() const;

    /// The run has ended: what others have counted of it is waited for. Changes no measure.
    void settle();

    Instant now() const { return m_now; }
    Instant end() const { return Instant(m_scenario->duration); }
    bool finished() const { return m_now >= end(); }
    const Scenario& scenario() const { return *m_scenario; }

    ExperimentResult result() const;
    std::shared_ptr<const Snapshot> snapshot() const;
    /// A copy that goes its own way, and is not recorded; nothing where a world cannot be copied.
    std::optional<Experiment> clone() const;

private:
    struct Lane
    {
        std::unique_ptr<World> world;
        LaneMeasures measures;
        std::optional<LaneHistory> history;
        std::optional<Trace> trace;
    };
    class Sinks;

    LaneResult laneResult(std::size_t lane, std::size_t clients) const;
    ExperimentResult resultOf(const std::vector<LaneResult>& lanes) const;

    std::shared_ptr<const Scenario> m_scenario;
    std::string m_worldName;
    std::vector<Lane> m_lanes;
    std::shared_ptr<RecordingSink> m_recording; ///< may be null
    Instant m_now {};
};

/// An experiment in virtual time. `jars` holds the cookies that each client group starts with, as
/// readCookieFiles() gives them.
Experiment makeVirtualExperiment(const std::shared_ptr<const Scenario>& scenario,
                                 const ExperimentOptions& options,
                                 const std::vector<http::CookieJar>& jars = {});

} // namespace stickyscope
