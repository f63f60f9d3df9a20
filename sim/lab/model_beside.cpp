// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/model_beside.h"

#include "sim/live/shown_behind.h"
#include "sim/virtual/virtual_world.h"

#include <functional>
#include <utility>

namespace stickyscope::lab {

namespace {

class Collected final : public ObservationSink
{
public:
    explicit Collected(std::function<void(const Observation&)> each)
        : m_each(std::move(each))
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations)
            m_each(one);
    }

private:
    std::function<void(const Observation&)> m_each;
};

/// The virtual world, seen as the real lane beside it is: with ways that are slow enough to see.
class ShownModel final : public World
{
public:
    ShownModel(VirtualWorld world, Duration behind)
        : m_world(std::move(world))
        , m_behind(behind)
    {
    }

    const Cast& cast() const override { return m_world.cast(); }
    const TextTable& texts() const override { return m_world.texts(); }
    void setFlightsObserved(bool observed) override { m_world.setFlightsObserved(observed); }
    InterventionSet can() const override { return m_world.can(); }
    void addTo(LaneSnapshot& picture) const override { m_world.addTo(picture); }
    void apply(const Intervention& intervention) override { m_world.apply(intervention); }
    Instant nextEvent() const override { return m_world.nextEvent(); }
    std::unique_ptr<World> clone() const override { return std::make_unique<ShownModel>(*this); }

    void advance(Instant until, ObservationSink& sink) override
    {
        std::vector<Observation> shown;
        Collected all([&](const Observation& one) {
            m_behind.land(one.at, shown);
            m_behind.take(one, shown);
        });
        m_world.advance(until, all);
        m_behind.land(until, shown);
        if (!shown.empty())
            sink.observe(shown);
    }

private:
    VirtualWorld m_world;
    live::ShownBehind m_behind;
};

} // namespace

Scenario besideItsModel(const Scenario& scenario)
{
    Scenario both = scenario;
    both.travel = {};
    const LaneSpec& one = scenario.lanes.front();
    both.lanes = {one, one};
    both.lanes[0].name = "model";
    both.lanes[1].name = "real";
    if (one.own) {
        // A lane's own scenario knows all lanes, so that it is found by the same number.
        auto own = std::make_shared<Scenario>(*one.own);
        own->travel = {};
        own->lanes = both.lanes;
        for (LaneSpec& lane : own->lanes)
            lane.own = nullptr;
        both.lanes[0].own = own;
        both.lanes[1].own = own;
    }
    return both;
}

std::unique_ptr<World> modelBeside(const std::shared_ptr<const Scenario>& scenario,
                                   const std::vector<http::CookieJar>& jars, Duration shownBehind)
{
    VirtualWorld world(scenario, LaneIndex {}, jars);
    if (shownBehind == Duration::zero())
        return std::make_unique<VirtualWorld>(std::move(world));
    return std::make_unique<ShownModel>(std::move(world), shownBehind);
}

} // namespace stickyscope::lab
