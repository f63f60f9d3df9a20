// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_world.h"

#include "sim/live/live_run.h"
#include "sim/live/statistics_poll.h"
#include "sim/model/snapshot.h"
#include "sim/wire/epoll_event_loop.h"

#include <QDeadlineTimer>

#include <algorithm>
#include <utility>

namespace stickyscope::live {

namespace {

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
               .decisionsVisible = false,
               .replicasElsewhere = true};
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
    wire::raiseOpenFiles();
    m_thread.setEventDispatcher(new wire::EpollEventLoop);
    m_thread.start();
    QMetaObject::invokeMethod(m_context, [this, shared, plans = std::move(plans)] {
        for (std::size_t lane = 0; lane < plans.size(); ++lane) {
            auto* sink = new DescribingSink(*m_queues[lane], m_context);
            auto* run = new LiveRun(plans[lane], shared, lane, *sink, m_context);
            sink->setRun(run);
            QObject::connect(run, &LiveRun::finished, sink, [sink] { sink->describe(); });
            m_runs.push_back(run);
            if (!plans.front().statistics)
                run->start();
        }
        if (plans.front().statistics)
            compareWith(*plans.front().statistics);
    });
}

// On the wire thread. The lanes share one balancer: the first has what all of them counted.
void LiveTraffic::compareWith(const StatisticsSource& statistics)
{
    m_statistics = new StatisticsPoll(
        statistics,
        [this](const Reconciliation& known) { m_queues.front()->setReconciliation(known); },
        m_context);
    for (LiveRun* run : m_runs) {
        QObject::connect(run, &LiveRun::answered, m_statistics, &StatisticsPoll::answered);
        QObject::connect(m_statistics, &StatisticsPoll::begun, run, &LiveRun::start);
    }
}

void LiveTraffic::settle(std::size_t lane)
{
    if (lane > 0)
        return;
    int readings = 0;
    const auto read = [&] {
        QMetaObject::invokeMethod(
            m_context,
            [&] {
                if (!m_statistics)
                    return;
                m_statistics->read();
                readings = m_statistics->readings();
            },
            Qt::BlockingQueuedConnection);
        return readings;
    };
    // One that is under way may miss what came last: two must end.
    const int enough = read() + 2;
    for (QDeadlineTimer patience(3000); m_statistics && readings < enough && !patience.hasExpired();
         read())
        QThread::msleep(20);
}

LiveTraffic::~LiveTraffic()
{
    m_thread.quit();
    m_thread.wait();
}

void LiveTraffic::apply(std::size_t lane, const TimelineEntry& entry)
{
    QMetaObject::invokeMethod(m_context, [this, lane, intervention = entry.intervention] {
        if (intervention.kind == Intervention::Kind::cutConnections)
            m_runs[lane]->cut(intervention.client);
        if (intervention.kind == Intervention::Kind::takeCookies)
            m_runs[lane]->takeCookies(intervention.client);
    });
}

LiveWorld::LiveWorld(std::shared_ptr<Traffic> traffic, Number number, Cast cast,
                     std::vector<TimelineEntry> timeline, Duration shownBehind)
    : m_traffic(std::move(traffic))
    , m_lane(number.ofTraffic)
    , m_place(number.ofExperiment)
    , m_cast(std::move(cast))
    , m_timeline(std::move(timeline))
    , m_behind(shownBehind)
    , m_own(m_cast.clients.size())
{
    std::stable_sort(m_timeline.begin(), m_timeline.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
}

void LiveWorld::apply(const Intervention& intervention)
{
    m_traffic->apply(m_lane, {.at = m_reached.time_since_epoch(), .intervention = intervention});
}

void LiveWorld::addTo(LaneSnapshot& picture) const
{
    auto conditions = m_traffic->queue(m_lane).conditions();
    for (std::size_t place = 0; place < std::min(conditions.size(), picture.replicas.size());
         ++place) {
        picture.replicas[place].faults = std::move(conditions[place].faults);
        picture.replicas[place].weight = conditions[place].weight;
    }
    auto held = m_traffic->queue(m_lane).held();
    for (std::size_t client = 0; client < std::min(held.size(), picture.clients.size()); ++client)
        picture.clients[client].held = std::move(held[client]);
}

void LiveWorld::renameReplica(ReplicaIndex replica, const std::string& name)
{
    m_renamed[replica] = name;
    if (raw(replica) < m_cast.replicas.size())
        m_cast.replicas[raw(replica)] = name;
}

void LiveWorld::takeNews(Instant until, std::vector<Observation>& shown)
{
    const std::size_t known = m_cast.replicas.size();
    auto news = m_traffic->queue(m_lane).take(m_cast, m_texts);
    for (std::size_t index = known; index < m_cast.replicas.size(); ++index) {
        const auto renamed = m_renamed.find(static_cast<ReplicaIndex>(index));
        if (renamed != m_renamed.end())
            m_cast.replicas[index] = renamed->second;
    }
    for (Observation& one : news) {
        one.lane = m_place;
        one.at = until;
        m_behind.take(one, shown);
    }
}

void LiveWorld::advance(Instant until, ObservationSink& sink)
{
    // What the timeline asks for comes before what clients do at this moment.
    for (;
         m_nextEntry < m_timeline.size() && m_timeline[m_nextEntry].at <= until.time_since_epoch();
         ++m_nextEntry)
        m_traffic->apply(m_lane, m_timeline[m_nextEntry]);
    m_traffic->setNow(m_lane, until);
    m_reached = until;
    std::vector<Observation> shown;
    takeNews(until, shown);
    m_behind.land(until, shown);
    if (!shown.empty())
        sink.observe(shown);
}

std::optional<Reconciliation> LiveWorld::reconciliation() const
{
    auto known = m_traffic->queue(m_lane).reconciliation();
    if (known && m_late > 0)
        known->differences.push_back(
            std::to_string(m_late) + (m_late == 1 ? " answer" : " answers")
            + " came when the run had ended: no figure but these here counts it.");
    return known;
}

void LiveWorld::settle()
{
    m_traffic->settle(m_lane);
    std::vector<Observation> rest;
    for (const Observation& one : m_traffic->queue(m_lane).take(m_cast, m_texts))
        m_behind.take(one, rest);
    m_behind.land(Instant::max(), rest);
    for (const Observation& one : rest)
        m_late += one.kind == ObservationKind::answered && raw(one.client) < m_own ? 1 : 0;
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
        worlds.push_back(std::make_unique<LiveWorld>(
            traffic, LiveWorld::Number {lane, static_cast<LaneIndex>(lane)}, casts[lane],
            scenario->timeline, terms.shownBehind));
    return {scenario,
            std::move(worlds),
            "live",
            {.history = terms.pictures, .trace = terms.trace, .recording = terms.recording}};
}

} // namespace stickyscope::live
