// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_world.h"

#include "sim/products/product.h"
#include "sim/wire/epoll_event_loop.h"

#include <utility>

namespace stickyscope::lab {

LabTraffic::LabTraffic(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
    : m_told(scenario->lanes.size())
    , m_context(new QObject)
{
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane)
        m_queues.push_back(std::make_unique<live::LiveQueue>());
    m_thread.setEventDispatcher(new wire::EpollEventLoop);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_context, [&] { listen(scenario, terms); }, Qt::BlockingQueuedConnection);
}

LabTraffic::~LabTraffic()
{
    // The lanes end on their own thread, whose event loop can still delete what they leave.
    QMetaObject::invokeMethod(
        m_context, [this] { m_lanes.clear(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void LabTraffic::listen(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
{
    for (std::size_t number = 0; number < scenario->lanes.size() && m_error.empty(); ++number) {
        const auto index = static_cast<LaneIndex>(number);
        auto lane =
            std::make_unique<LabLane>(LabLane::Terms {.scenario = scenarioOf(scenario, index),
                                                      .lane = index,
                                                      .jars = terms.jars,
                                                      .log = terms.log},
                                      *m_queues[number]);
        m_error = lane->start();
        if (m_error.empty())
            m_addresses.push_back(lane->address());
        m_lanes.push_back(std::move(lane));
    }
    if (!m_error.empty())
        m_lanes.clear();
}

// The clock's beat is the clients': there is no timer of their own. It goes the same way as what is
// asked of lanes, so that both come in their order.
void LabTraffic::setNow(std::size_t lane, Instant now)
{
    if (std::exchange(m_told[lane], now) == now)
        return;
    QMetaObject::invokeMethod(m_context, [this, lane, now] { m_lanes[lane]->tick(now); });
}

void LabTraffic::apply(std::size_t lane, const Intervention& intervention)
{
    QMetaObject::invokeMethod(m_context,
                              [this, lane, intervention] { m_lanes[lane]->apply(intervention); });
}

Outcome<Lab> makeLab(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
{
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane) {
        const auto own = scenarioOf(scenario, static_cast<LaneIndex>(lane));
        if (std::string why = impossibleInLab(*own); !why.empty())
            return Outcome<Lab>::failure(why);
    }
    wire::raiseOpenFiles();
    const auto traffic = std::make_shared<LabTraffic>(scenario, terms);
    if (!traffic->error().empty())
        return Outcome<Lab>::failure(traffic->error());
    std::vector<std::unique_ptr<World>> worlds;
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane) {
        TextTable texts;
        Cast cast;
        traffic->queue(lane).take(cast, texts);
        cast.balancer = findProduct(balancerOf(*scenario, scenario->lanes[lane]).product)->title;
        worlds.push_back(std::make_unique<live::LiveWorld>(traffic, lane, std::move(cast),
                                                           scenario->timeline, terms.shownBehind));
    }
    return Lab {{scenario,
                 std::move(worlds),
                 "lab",
                 {.history = terms.pictures, .trace = terms.trace, .recording = terms.recording}},
                traffic->addresses()};
}

} // namespace stickyscope::lab
