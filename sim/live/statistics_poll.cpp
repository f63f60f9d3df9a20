// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/statistics_poll.h"

#include <algorithm>
#include <utility>

namespace stickyscope::live {

namespace {

constexpr std::chrono::milliseconds between(1000);

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

StatisticsPoll::StatisticsPoll(const StatisticsSource& source,
                               std::function<void(const Reconciliation&)> published,
                               QObject* parent)
    : QObject(parent)
    , m_published(std::move(published))
    , m_reader(StatisticsReader::from(source))
{
    connect(m_reader.get(), &StatisticsReader::finished, this, &StatisticsPoll::take);
    connect(&m_beat, &QTimer::timeout, this, &StatisticsPoll::read);
    m_beat.start(between);
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
    m_reader->read();
}

void StatisticsPoll::take(const Outcome<std::string>& text)
{
    m_busy = false;
    compare(text);
    if (++m_readings == 1)
        emit begun();
}

void StatisticsPoll::compare(const Outcome<std::string>& text)
{
    const auto trouble = [this](const std::string& why) {
        m_published({.differences = {"The balancer's statistics could not be read: " + why + "."},
                     .allLanes = true});
    };
    if (!text)
        return trouble(text.error());
    const auto now = readStatistics(*text);
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
