// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/experiment.h"

#include "sim/experiment/agreement.h"
#include "sim/experiment/comparison.h"
#include "sim/products/digests.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace stickyscope {

/// Gives each batch of a lane to everything that measures it.
class Experiment::Sinks final : public ObservationSink
{
public:
    Sinks(Experiment& experiment, std::size_t lane)
        : m_lane(experiment.m_lanes[lane])
        , m_recording(experiment.m_recording.get())
        , m_number(lane)
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        m_lane.measures.observe(observations);
        if (m_lane.history)
            m_lane.history->observe(observations);
        if (m_lane.trace)
            m_lane.trace->add(observations, m_lane.world->texts());
        if (m_recording)
            m_recording->observed(m_number, observations, m_lane.world->cast(),
                                  m_lane.world->texts());
    }

private:
    Lane& m_lane;
    RecordingSink* m_recording; ///< may be null
    std::size_t m_number;
};

Experiment::Experiment(std::shared_ptr<const Scenario> scenario,
                       std::vector<std::unique_ptr<World>> worlds, std::string worldName,
                       const ExperimentOptions& options)
    : m_scenario(std::move(scenario))
    , m_worldName(std::move(worldName))
    , m_recording(options.recording)
{
    for (auto& world : worlds) {
        Lane& lane = m_lanes.emplace_back();
        lane.world = std::move(world);
        lane.world->setFlightsObserved(options.history || options.trace || m_recording);
        if (options.history)
            // Narrow at first; the series widen by themselves as a run grows longer.
            lane.history.emplace(std::min<Duration>(m_scenario->duration, std::chrono::minutes(1)));
        if (options.trace)
            lane.trace.emplace();
        if (m_recording)
            m_recording->observed(m_lanes.size() - 1, {}, lane.world->cast(), lane.world->texts());
    }
}

void Experiment::advance(Duration by)
{
    m_now += std::min<Duration>(by, end() - m_now);
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        Sinks sinks(*this, lane);
        m_lanes[lane].world->advance(m_now, sinks);
    }
    if (m_recording)
        m_recording->reached(m_now);
}

void Experiment::apply(const Intervention& intervention)
{
    for (Lane& lane : m_lanes)
        lane.world->apply(intervention);
    if (m_recording)
        m_recording->intervened(m_now, intervention);
}

void Experiment::renameReplica(ReplicaIndex replica, const std::string& name)
{
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        World& world = *m_lanes[lane].world;
        world.renameReplica(replica, name);
        if (m_recording)
            m_recording->observed(lane, {}, world.cast(), world.texts());
    }
}

void Experiment::settle()
{
    for (Lane& lane : m_lanes)
        lane.world->settle();
}

Instant Experiment::nextEvent() const
{
    Instant next = Instant::max();
    for (const Lane& lane : m_lanes)
        next = std::min(next, lane.world->nextEvent());
    return next;
}

LaneResult Experiment::laneResult(std::size_t lane, std::size_t clients) const
{
    LaneResult result = m_lanes[lane].measures.result(m_lanes[lane].world->cast(), clients);
    result.name = m_scenario->lanes[lane].name;
    result.sticky = m_scenario->lanes[lane].sticky;
    result.duration = m_now.time_since_epoch();
    result.reconciliation = m_lanes[lane].world->reconciliation();
    return result;
}

ExperimentResult Experiment::resultOf(const std::vector<LaneResult>& lanes) const
{
    ExperimentResult result;
    result.scenario = m_scenario->title;
    result.seed = m_scenario->seed;
    result.world = m_worldName;
    if (lanes.size() >= 2)
        result.comparison = m_worldName == modelAndLab ? compareToModel(lanes[0], lanes[1])
                                                       : compare(lanes[0], lanes[1]);
    if (!m_lanes.empty() && m_lanes.front().trace) {
        std::string all;
        for (const Lane& lane : m_lanes)
            all += lane.trace->digest();
        result.trace = sha256Hex(all);
    }
    return result;
}

ExperimentResult Experiment::result() const
{
    std::vector<LaneResult> lanes;
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        lanes.push_back(laneResult(lane, std::numeric_limits<std::size_t>::max()));
    ExperimentResult result = resultOf(lanes);
    result.lanes = std::move(lanes);
    return result;
}

std::shared_ptr<const Snapshot> Experiment::snapshot() const
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->now = m_now;
    snapshot->finished = finished();
    InterventionSet can = InterventionSet::all();
    for (const Lane& lane : m_lanes)
        can &= lane.world->can();
    std::vector<LaneResult> lanes;
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        LaneSnapshot& picture = snapshot->lanes.emplace_back();
        const World& world = *m_lanes[lane].world;
        picture.cast = std::make_shared<Cast>(world.cast());
        picture.can = can;
        picture.result = laneResult(lane, LaneHistory::mostClients);
        if (m_lanes[lane].history)
            m_lanes[lane].history->writeTo(picture, *picture.cast, world.texts());
        world.addTo(picture);
        lanes.push_back(picture.result);
    }
    snapshot->result = resultOf(lanes);
    return snapshot;
}

std::optional<Experiment> Experiment::clone() const
{
    Experiment copy(m_scenario, {}, m_worldName, {});
    copy.m_now = m_now;
    for (const Lane& lane : m_lanes) {
        auto world = lane.world->clone();
        if (!world)
            return std::nullopt;
        copy.m_lanes.push_back({std::move(world), lane.measures, lane.history, lane.trace});
    }
    return copy;
}

} // namespace stickyscope
