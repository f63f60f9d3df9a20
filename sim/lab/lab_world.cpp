// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_world.h"

#include "sim/lab/listener.h"
#include "sim/lab/managed/program_balancer.h"
#include "sim/model/rolling_update.h"
#include "sim/virtual/virtual_world.h"
#include "sim/wire/epoll_event_loop.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

namespace {

constexpr std::chrono::milliseconds countsEvery(250);

// Any free one where none is asked for.
std::uint16_t portFor(const std::string& lane, const LabTerms& terms)
{
    const auto found = terms.ports.find(lane);
    return found == terms.ports.end() ? std::uint16_t {0} : found->second;
}

// A program is told a port and does not choose another one.
std::uint16_t portIfFree(std::uint16_t port)
{
    Listener attempt([](qintptr) {});
    return port != 0 && attempt.openOnLoopback(port).empty() ? port : std::uint16_t {0};
}

} // namespace

LabTraffic::LabTraffic(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
    : m_told(scenario->lanes.size())
    , m_can(LabLane::can(terms.cast()))
    , m_context(new QObject)
{
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane)
        m_queues.push_back(std::make_unique<live::LiveQueue>());
    m_thread.setEventDispatcher(new wire::EpollEventLoop);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
    onWire([&] { listen(scenario, terms); });
    // Programs ask the replicas how they are before they begin.
    if (m_error.empty() && terms.program)
        startPrograms(terms);
    onWire([&] {
        if (m_error.empty())
            begin();
        if (!m_error.empty())
            m_lanes.clear();
    });
    m_begun = true;
    if (m_error.empty() && m_programThread)
        watchPrograms();
}

LabTraffic::~LabTraffic()
{
    m_ends = true;
    if (m_programThread)
        m_programThread->run([this] { m_programs.clear(); });
    // The lanes end on their own thread, whose event loop can still delete what they leave.
    onWire([this] { m_lanes.clear(); });
    m_programThread.reset();
    m_thread.quit();
    m_thread.wait();
}

void LabTraffic::onWire(const std::function<void()>& task)
{
    QMetaObject::invokeMethod(
        m_context, [&task] { task(); }, Qt::BlockingQueuedConnection);
}

void LabTraffic::listen(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
{
    for (std::size_t number = 0; number < scenario->lanes.size() && m_error.empty(); ++number) {
        const auto index = static_cast<LaneIndex>(number);
        auto lane = std::make_unique<LabLane>(
            LabLane::Terms {.scenario = asPlayed(scenarioOf(scenario, index)),
                            .lane = index,
                            .jars = terms.jars,
                            .cast = terms.cast(),
                            .balancers = VirtualWorld(scenario, index).cast().balancers,
                            .limits = terms.limits,
                            .replicaLimits = terms.replicaLimits,
                            .port = portFor(scenario->lanes[number].name, terms),
                            .log = terms.log},
            *m_queues[number]);
        m_error = lane->listen();
        m_lanes.push_back(std::move(lane));
    }
}

void LabTraffic::startPrograms(const LabTerms& terms)
{
    std::vector<Scenario> told;
    std::vector<std::uint16_t> ports;
    onWire([&] {
        for (const auto& lane : m_lanes) {
            told.push_back(lane->scenarioForProgram());
            ports.push_back(portIfFree(portFor(lane->name(), terms)));
        }
    });
    m_programThread = std::make_unique<ManagedThread>();
    m_programThread->run([&] {
        for (std::size_t lane = 0; lane < told.size(); ++lane) {
            auto started = ManagedBalancer::start(
                told[lane], *terms.program,
                {.port = ports[lane], .adminPort = 0, .healthPath = "/healthz"},
                // They ask this later too, when they take on a change.
                [this, asked = terms.stopAsked] {
                    return m_ends || (!m_begun && asked && asked());
                });
            if (!started) {
                m_error = started.error();
                return m_programs.clear();
            }
            for (const std::string& note : (*started)->notes()) {
                if (std::find(m_notes.begin(), m_notes.end(), note) == m_notes.end())
                    m_notes.push_back(note);
            }
            m_programs.push_back(std::move(*started));
        }
    });
}

std::unique_ptr<LabBalancer> LabTraffic::balancerFor(std::size_t lane)
{
    if (!m_programThread)
        return nullptr;
    std::vector<std::string> servers;
    for (const ReplicaSpec& replica : m_lanes[lane]->scenarioForProgram().replicas)
        servers.push_back(replica.name);
    return std::make_unique<ProgramBalancer>(
        *m_programThread, *m_programs[lane], std::move(servers),
        [this, lane](const std::string& trouble) { tell(lane, trouble); });
}

void LabTraffic::begin()
{
    for (std::size_t lane = 0; lane < m_lanes.size() && m_error.empty(); ++lane) {
        m_error = m_lanes[lane]->begin(balancerFor(lane));
        if (m_error.empty())
            m_addresses.push_back(m_lanes[lane]->address());
        m_books.push_back(&m_lanes[lane]->guestBook());
    }
    auto* beat = new QTimer(m_context);
    QObject::connect(beat, &QTimer::timeout, m_context, [this] { publish(); });
    beat->start(countsEvery);
}

void LabTraffic::tell(std::size_t lane, const std::string& notice)
{
    QMetaObject::invokeMethod(m_context, [this, lane, notice] {
        if (lane < m_lanes.size())
            m_lanes[lane]->setNotice(notice);
    });
}

// On the programs' thread.
void LabTraffic::readCounts(std::size_t lane)
{
    const auto read = m_programs[lane]->counts();
    if (!read)
        return;
    std::vector<std::optional<std::uint64_t>> counts;
    for (const ServerCount& one : *read)
        counts.emplace_back(one.requests);
    QMetaObject::invokeMethod(m_context, [this, lane, counts = std::move(counts)] {
        if (lane < m_lanes.size())
            m_lanes[lane]->setProgramCounts(counts);
    });
}

void LabTraffic::publish()
{
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        m_queues[lane]->setReconciliation(m_lanes[lane]->reconciled());
}

// Some balancers have their counts in a log that grows: reading takes its time, and rests.
void LabTraffic::watchPrograms()
{
    constexpr int restsAsLong = 20;
    std::vector<std::string> names;
    for (const LaneAddress& lane : m_addresses)
        names.push_back(lane.lane);
    m_programThread->watch([this, names, told = std::vector<bool>(m_programs.size()),
                            next = QDeadlineTimer(1000)]() mutable {
        if (next.hasExpired()) {
            QElapsedTimer took;
            took.start();
            for (std::size_t lane = 0; lane < m_programs.size(); ++lane)
                readCounts(lane);
            next.setRemainingTime(1000 + restsAsLong * took.elapsed());
        }
        for (std::size_t lane = 0; lane < m_programs.size(); ++lane) {
            if (m_programs[lane]->running() || told[lane])
                continue;
            told[lane] = true;
            const std::string said =
                "The balancer ended by itself; " + m_programs[lane]->lastWords();
            tell(lane, said);
            const std::lock_guard lock(m_endedMutex);
            if (m_ended.empty())
                m_ended = names[lane] + ": " + said;
        }
    });
}

std::string LabTraffic::ended() const
{
    const std::lock_guard lock(m_endedMutex);
    return m_ended;
}

// The clock's beat is the clients': there is no timer of their own. It goes the same way as what is
// asked of lanes, so that both come in their order.
void LabTraffic::setNow(std::size_t lane, Instant now)
{
    if (std::exchange(m_told[lane], now) == now)
        return;
    QMetaObject::invokeMethod(m_context, [this, lane, now] { m_lanes[lane]->tick(now); });
}

void LabTraffic::settle(std::size_t lane)
{
    QDeadlineTimer patience(3000);
    bool settled = false;
    while (!settled && !patience.hasExpired()) {
        QThread::msleep(5);
        if (m_programThread)
            m_programThread->run([this, lane] { readCounts(lane); });
        onWire([&] { settled = m_lanes[lane]->settled(); });
    }
    onWire([this] { publish(); });
}

void LabTraffic::apply(std::size_t lane, const TimelineEntry& entry)
{
    QMetaObject::invokeMethod(m_context, [this, lane, entry] { m_lanes[lane]->apply(entry); });
}

} // namespace stickyscope::lab
