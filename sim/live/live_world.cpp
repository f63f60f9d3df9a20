// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_world.h"

#include <utility>

namespace stickyscope::live {

namespace {

// How long a dot takes to the balancer on the stage; what it really takes is not visible.
constexpr Duration shownTravel = std::chrono::milliseconds(150);

bool ends(const Observation& observation)
{
    return observation.kind == ObservationKind::answered
        || observation.kind == ObservationKind::failed;
}

// Keeps the queue's names true to what it holds.
class DescribingSink final : public QObject, public ObservationSink
{
public:
    DescribingSink(LiveQueue& queue, QObject* parent)
        : QObject(parent)
        , m_queue(queue)
    {
    }

    void setRun(const LiveRun* run) { m_run = run; }

    void observe(std::span<const Observation> observations) override
    {
        m_queue.describe(m_run->recorder().cast(), m_run->recorder().texts());
        m_queue.observe(observations);
    }

private:
    LiveQueue& m_queue;
    const LiveRun* m_run = nullptr; ///< set before the first observation
};

} // namespace

void LiveQueue::observe(std::span<const Observation> observations)
{
    const std::lock_guard lock(m_mutex);
    m_observations.insert(m_observations.end(), observations.begin(), observations.end());
}

void LiveQueue::describe(const Cast& cast, const TextTable& texts)
{
    const std::lock_guard lock(m_mutex);
    if (m_cast.replicas.size() != cast.replicas.size()
        || m_cast.clients.size() != cast.clients.size())
        m_cast = cast;
    if (m_texts.size() != texts.size())
        m_texts = texts;
}

std::vector<Observation> LiveQueue::take(Cast& cast, TextTable& texts)
{
    const std::lock_guard lock(m_mutex);
    if (m_cast.replicas.size() > cast.replicas.size())
        cast = m_cast;
    if (m_texts.size() > texts.size())
        texts = m_texts;
    return std::exchange(m_observations, {});
}

LiveTraffic::LiveTraffic(std::vector<LivePlan> plans)
{
    auto* context = new QObject;
    context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, context, &QObject::deleteLater);
    for (std::size_t lane = 0; lane < plans.size(); ++lane)
        m_queues.push_back(std::make_unique<LiveQueue>());
    m_thread.start();
    QMetaObject::invokeMethod(context, [this, context, plans = std::move(plans)] {
        for (std::size_t lane = 0; lane < plans.size(); ++lane) {
            LivePlan plan = plans[lane];
            plan.clock = [this] { return Instant(Duration {m_now.load()}); };
            auto* sink = new DescribingSink(*m_queues[lane], context);
            auto* run = new LiveRun(std::move(plan), *sink, context);
            sink->setRun(run);
            run->start();
        }
    });
}

LiveTraffic::~LiveTraffic()
{
    m_thread.quit();
    m_thread.wait();
}

LiveWorld::LiveWorld(std::shared_ptr<LiveTraffic> traffic, std::size_t lane, Cast cast)
    : m_traffic(std::move(traffic))
    , m_lane(lane)
    , m_cast(std::move(cast))
{
}

void LiveWorld::advance(Instant until, ObservationSink& sink)
{
    m_traffic->setNow(until);
    std::vector<Observation> shown;
    for (Observation one : m_traffic->queue(m_lane).take(m_cast, m_texts)) {
        one.lane = static_cast<LaneIndex>(m_lane);
        one.at = until;
        if (!ends(one)) {
            one.value = shownTravel;
            shown.push_back(one);
            continue;
        }
        Observation way = one;
        way.value = {};
        way.kind = ObservationKind::placed;
        if (one.replica != noReplica)
            shown.push_back(way);
        way.value = shownBehind;
        way.kind = ObservationKind::served;
        shown.push_back(way);
        one.at = until + shownBehind;
        m_landing.push_back(one);
    }
    for (; !m_landing.empty() && m_landing.front().at <= until; m_landing.pop_front())
        shown.push_back(m_landing.front());
    if (!shown.empty())
        sink.observe(shown);
}

Scenario liveScenario(const LivePlan& plan, Duration length)
{
    Scenario scenario;
    scenario.title = plan.target.endpoint.url.authority() + plan.target.endpoint.url.path;
    scenario.duration = length;
    scenario.lanes = offAndOn();
    return scenario;
}

Experiment makeLiveExperiment(const LivePlan& plan, const std::shared_ptr<const Scenario>& scenario)
{
    std::vector<LivePlan> plans(2, plan);
    plans[0].withholdSticky = true;
    const auto roster = std::make_shared<ReplicaRoster>();
    for (LivePlan& lane : plans)
        lane.roster = roster;
    for (LivePlan& lane : plans)
        lane.rateInAll = plan.rateInAll / 2; // both together stay under the cap
    Cast cast {.balancer = plan.target.endpoint.url.authority(),
               .sessionsVisible = false,
               .decisionsVisible = false};
    for (int number = 1; number <= plan.clients; ++number) {
        cast.clients.push_back(plan.clients == 1 ? plan.group
                                                 : plan.group + "-" + std::to_string(number));
        cast.clientKinds.emplace_back("browser");
    }
    const auto traffic = std::make_shared<LiveTraffic>(std::move(plans));
    std::vector<std::unique_ptr<World>> worlds;
    for (std::size_t lane = 0; lane < 2; ++lane)
        worlds.push_back(std::make_unique<LiveWorld>(traffic, lane, cast));
    return {scenario, std::move(worlds), "live", {.history = true}};
}

} // namespace stickyscope::live
