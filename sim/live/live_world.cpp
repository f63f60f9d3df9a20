// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_world.h"

#include "sim/live/live_run.h"

#include <algorithm>
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
    void describe() { m_queue.describe(m_run->recorder().cast(), m_run->recorder().texts()); }

    void observe(std::span<const Observation> observations) override
    {
        describe();
        m_queue.observe(observations);
    }

private:
    LiveQueue& m_queue;
    const LiveRun* m_run = nullptr; ///< set before the first observation
};

Cast castOf(const LivePlan& plan)
{
    Cast cast {.balancer = plan.target().endpoint.url.authority(),
               .sessionsVisible = !plan.sessionRules.empty(),
               .stickyWithheld = plan.withholdSticky,
               .decisionsVisible = false};
    for (const LiveGroup& group : plan.groups) {
        for (int number = 1; number <= group.count; ++number) {
            cast.clients.push_back(group.count == 1 ? group.name
                                                    : group.name + "-" + std::to_string(number));
            cast.clientKinds.emplace_back(nameOf(group.kind));
        }
    }
    return cast;
}

} // namespace

LiveTraffic::LiveTraffic(std::vector<LivePlan> plans, const LiveTerms& terms)
    : m_context(new QObject)
{
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    for (std::size_t lane = 0; lane < plans.size(); ++lane)
        m_queues.push_back(std::make_unique<LiveQueue>());
    const Target& target = plans.front().target();
    LiveShared shared;
    shared.clock = [this] { return Instant(Duration {m_now.load()}); };
    // Who has to ask a second time for a name asks half as often.
    const double rate = plans.front().identify ? terms.rate / 2 : terms.rate;
    shared.pacer = std::make_shared<Pacer>(rate, plans.size(), namedClass(target), terms.inPerson);
    m_thread.start();
    QMetaObject::invokeMethod(m_context, [this, shared, plans = std::move(plans)] {
        for (std::size_t lane = 0; lane < plans.size(); ++lane) {
            auto* sink = new DescribingSink(*m_queues[lane], m_context);
            auto* run = new LiveRun(plans[lane], shared, lane, *sink, m_context);
            sink->setRun(run);
            QObject::connect(run, &LiveRun::finished, sink, [sink] { sink->describe(); });
            m_runs.push_back(run);
            run->start();
        }
    });
}

LiveTraffic::~LiveTraffic()
{
    m_thread.quit();
    m_thread.wait();
}

void LiveTraffic::apply(std::size_t lane, const Intervention& intervention)
{
    QMetaObject::invokeMethod(m_context, [this, lane, intervention] {
        if (intervention.kind == Intervention::Kind::cutConnections)
            m_runs[lane]->cut(intervention.client);
        if (intervention.kind == Intervention::Kind::takeCookies)
            m_runs[lane]->takeCookies(intervention.client);
    });
}

LiveWorld::LiveWorld(std::shared_ptr<Traffic> traffic, std::size_t lane, Cast cast,
                     std::vector<TimelineEntry> timeline, Duration shownBehind)
    : m_traffic(std::move(traffic))
    , m_lane(lane)
    , m_cast(std::move(cast))
    , m_timeline(std::move(timeline))
    , m_shownBehind(shownBehind)
{
    std::stable_sort(m_timeline.begin(), m_timeline.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
}

void LiveWorld::apply(const Intervention& intervention)
{
    m_traffic->apply(m_lane, intervention);
}

void LiveWorld::renameReplica(ReplicaIndex replica, const std::string& name)
{
    m_renamed[replica] = name;
    if (raw(replica) < m_cast.replicas.size())
        m_cast.replicas[raw(replica)] = name;
}

// Where answers are shown behind, all that follows from an answer is as well.
void LiveWorld::show(Observation observation, Instant until, std::vector<Observation>& shown)
{
    observation.lane = static_cast<LaneIndex>(m_lane);
    observation.at = until;
    if (observation.kind == ObservationKind::sent) {
        observation.value = shownTravel;
        shown.push_back(observation);
        return;
    }
    if (ends(observation) && m_shownBehind > Duration::zero()) {
        Observation way = observation;
        way.value = {};
        way.kind = ObservationKind::placed;
        if (observation.replica != noReplica)
            shown.push_back(way);
        way.value = m_shownBehind;
        way.kind = ObservationKind::served;
        shown.push_back(way);
    }
    observation.at = until + m_shownBehind;
    m_landing.push_back(observation);
}

void LiveWorld::takeNews(Instant until, std::vector<Observation>& shown)
{
    const std::size_t known = m_cast.replicas.size();
    const auto news = m_traffic->queue(m_lane).take(m_cast, m_texts);
    for (std::size_t index = known; index < m_cast.replicas.size(); ++index) {
        const auto renamed = m_renamed.find(static_cast<ReplicaIndex>(index));
        if (renamed != m_renamed.end())
            m_cast.replicas[index] = renamed->second;
    }
    for (const Observation& one : news)
        show(one, until, shown);
}

void LiveWorld::advance(Instant until, ObservationSink& sink)
{
    // What the timeline asks for comes before what clients do at this moment.
    for (;
         m_nextEntry < m_timeline.size() && m_timeline[m_nextEntry].at <= until.time_since_epoch();
         ++m_nextEntry)
        apply(m_timeline[m_nextEntry].intervention);
    m_traffic->setNow(m_lane, until);
    std::vector<Observation> shown;
    takeNews(until, shown);
    for (; !m_landing.empty() && m_landing.front().at <= until; m_landing.pop_front())
        shown.push_back(m_landing.front());
    if (!shown.empty())
        sink.observe(shown);
}

Experiment makeLiveExperiment(std::vector<LivePlan> plans,
                              const std::shared_ptr<const Scenario>& scenario,
                              const LiveTerms& terms)
{
    std::vector<Cast> casts;
    casts.reserve(plans.size());
    for (const LivePlan& plan : plans)
        casts.push_back(castOf(plan));
    const auto traffic = std::make_shared<LiveTraffic>(std::move(plans), terms);
    std::vector<std::unique_ptr<World>> worlds;
    worlds.reserve(casts.size());
    for (std::size_t lane = 0; lane < casts.size(); ++lane)
        worlds.push_back(std::make_unique<LiveWorld>(traffic, lane, casts[lane], scenario->timeline,
                                                     terms.shownBehind));
    return {scenario,
            std::move(worlds),
            "live",
            {.history = terms.pictures, .trace = terms.trace, .recording = terms.recording}};
}

} // namespace stickyscope::live
