// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/statistics_poll.h"

#include "sim/live/target_class.h"

#include <algorithm>
#include <utility>

namespace stickyscope::live {

namespace {

constexpr std::chrono::milliseconds beat(1000);

// Counts fall where the balancer was started anew.
std::uint64_t since(std::uint64_t first, std::uint64_t now)
{
    return now >= first ? now - first : now;
}

std::string counted(std::uint64_t number)
{
    return std::to_string(number) + (number == 1 ? " request" : " requests");
}

} // namespace

Outcome<Target> statisticsTarget(std::string_view address, const Target& service)
{
    auto target = parseTarget(address);
    if (!target)
        return target;
    if (target->request.method != "GET")
        return Outcome<Target>::failure("statistics are asked for by GET, not "
                                        + target->request.method);
    if (const std::string fault = faultIn(*target); !fault.empty())
        return Outcome<Target>::failure(fault);
    const std::string host = hostToPermit(*target);
    if (!host.empty() && host != hostToPermit(service))
        return Outcome<Target>::failure("statistics must be on this machine or at the service's "
                                        "host, not at "
                                        + host);
    target->endpoint.guard = service.endpoint.guard;
    // Apache's balancer-manager looks at no query that another page leads to.
    if (!target->request.fields.find("Referer"))
        target->request.fields.add("Referer", target->endpoint.url.text());
    return target;
}

StatisticsPoll::StatisticsPoll(Target target, std::function<void(const Reconciliation&)> published,
                               QObject* parent)
    : QObject(parent)
    , m_target(std::move(target))
    , m_published(std::move(published))
    , m_connection(m_target.endpoint, nullptr)
{
    connect(&m_connection, &wire::HttpConnection::finished, this, &StatisticsPoll::take);
    connect(&m_beat, &QTimer::timeout, this, &StatisticsPoll::read);
    m_beat.start(beat);
    read();
}

void StatisticsPoll::answered(const std::string& replica)
{
    // What came before the first reading is in neither count.
    if (m_first)
        ++m_answered[replica];
}

void StatisticsPoll::read()
{
    if (std::exchange(m_busy, true))
        return;
    m_connection.send(requestFor(m_target, {}, {}), m_target.body);
}

void StatisticsPoll::take(const wire::Exchange& exchange)
{
    m_busy = false;
    compare(exchange);
    if (++m_readings == 1)
        emit begun();
}

void StatisticsPoll::compare(const wire::Exchange& exchange)
{
    const auto trouble = [this](const std::string& why) {
        m_published({.differences = {"The balancer's statistics could not be read: " + why + "."},
                     .allLanes = true});
    };
    if (exchange.failure != Failure::none)
        return trouble(exchange.why);
    if (exchange.head.status != 200)
        return trouble("answered with " + std::to_string(exchange.head.status));
    const auto now = readStatistics(exchange.body);
    if (!now)
        return trouble(now.error());
    if (!m_first)
        m_first = *now;
    m_published(compared(*now));
}

Reconciliation StatisticsPoll::compared(const BalancerStatistics& now) const
{
    Reconciliation result {.balancerSource = now.source, .allLanes = true};
    std::uint64_t clients = 0;
    for (const auto& [name, answers] : m_answered) {
        result.replicas.push_back(
            {.name = name.empty() ? "(nobody knows)" : name, .clients = answers});
        clients += answers;
    }
    for (const BalancerStatistics::Server& server : now.servers) {
        const auto before = std::find_if(m_first->servers.begin(), m_first->servers.end(),
                                         [&](const auto& one) { return one.name == server.name; });
        const std::uint64_t requests =
            since(before == m_first->servers.end() ? 0 : before->requests, server.requests);
        const auto row = std::find_if(result.replicas.begin(), result.replicas.end(),
                                      [&](const auto& one) { return one.name == server.name; });
        if (row == result.replicas.end())
            result.replicas.push_back({.name = server.name, .balancer = requests});
        else
            row->balancer = requests;
    }
    std::uint64_t balancer = since(m_first->requests, now.requests);
    // Each reading after the first one has counted itself.
    if (now.countsItself)
        balancer -= std::min(balancer, static_cast<std::uint64_t>(m_readings));
    result.balancerTotal = balancer;
    if (balancer != clients)
        result.differences.push_back(
            now.source + " count "
            + counted(balancer > clients ? balancer - clients : clients - balancer)
            + (balancer > clients
                   ? " more than our clients were answered: other people's, checks, tries that "
                     "failed, or still under way."
                   : " fewer than our clients were answered: by another balancer beside it, or a "
                     "cache in front of it."));
    return result;
}

} // namespace stickyscope::live
