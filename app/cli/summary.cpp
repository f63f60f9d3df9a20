// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/summary.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <iterator>
#include <vector>

namespace stickyscope::cli {

namespace {

std::string number(double value, const char* format)
{
    std::array<char, 32> text {};
    const int length = std::snprintf(text.data(), text.size(), format, value);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string share(const std::optional<double>& value)
{
    return value ? number(*value * 100, "%.1f %%") : "-";
}

std::string count(const std::optional<Count>& value)
{
    return value ? std::to_string(*value) : "-";
}

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width)
        text.insert(0, width - text.size(), ' ');
    return text;
}

class Table
{
public:
    explicit Table(const std::vector<LaneResult>& lanes)
        : m_lanes(lanes)
    {
    }

    void row(std::string title, const std::function<std::string(const LaneResult&)>& cell)
    {
        title.resize(34, ' ');
        m_text += title;
        for (const LaneResult& lane : m_lanes)
            m_text += padded(cell(lane), 14);
        m_text += "\n";
    }

    const std::string& text() const { return m_text; }

private:
    const std::vector<LaneResult>& m_lanes;
    std::string m_text;
};

std::string failuresOf(const LaneResult& lane)
{
    std::string text;
    for (std::size_t kind = 1; kind < failureKinds; ++kind) {
        if (lane.failures.at(kind) > 0)
            text += (text.empty() ? "" : ", ") + std::string(nameOf(static_cast<Failure>(kind)))
                + " " + std::to_string(lane.failures.at(kind));
    }
    return text;
}

std::string closesOf(const LaneResult& lane)
{
    std::string text;
    for (const auto& [code, count] : lane.closes)
        text += (text.empty() ? "" : ", ") + std::to_string(code) + " x " + std::to_string(count);
    return text;
}

std::string stayedOf(const LaneResult& lane, const std::string& kind)
{
    for (const KindResult& row : lane.kinds) {
        if (row.kind == kind)
            return share(row.stickiness);
    }
    return "-";
}

// Each as wide as its head needs.
std::string columns(const std::vector<std::string>& cells, const std::vector<std::string>& heads)
{
    constexpr std::size_t usual = 14;
    std::string text;
    for (std::size_t place = 0; place < cells.size(); ++place)
        text += padded(cells[place], std::max(usual, heads[place].size() + 1));
    return text + "\n";
}

// Who counted what, and why they differ.
std::string countsOf(const LaneResult& lane)
{
    const Reconciliation& counts = *lane.reconciliation;
    const auto title = [](std::string text) {
        text.resize(34, ' ');
        return text;
    };
    const bool several = !counts.balancers.empty();
    std::vector<std::string> heads {"clients", "balancer", "server"};
    if (several) {
        // Each counts what came to it, also where it has passed it on to one behind it.
        heads.assign(1, "clients");
        for (const std::string& name : counts.balancers)
            heads.push_back(name);
        heads.emplace_back("server");
    }
    std::string text = "\n" + title((counts.allLanes ? "all lanes" : lane.name) + " counted by")
        + columns(heads, heads);
    for (const ReconciledReplica& replica : counts.replicas) {
        std::vector<std::string> cells {count(replica.clients)};
        if (several)
            std::transform(replica.each.begin(), replica.each.end(), std::back_inserter(cells),
                           [](std::uint64_t one) { return std::to_string(one); });
        else
            cells.push_back(count(replica.balancer));
        cells.push_back(count(replica.replica));
        text += title("  " + replica.name) + columns(cells, heads);
    }
    if (counts.balancerTotal)
        text += title("  all") + columns({"", count(counts.balancerTotal), ""}, heads);
    if (counts.joined)
        text += "  " + std::to_string(*counts.joined) + " requests: all name the same server\n";
    for (const std::string& difference : counts.differences)
        text += "  " + difference + "\n";
    return text;
}

} // namespace

std::string summaryOf(const ExperimentResult& result)
{
    Table table(result.lanes);
    table.row(result.scenario.value_or("").substr(0, 32),
              [](const LaneResult& lane) { return lane.name; });
    table.row("requests", [](const LaneResult& lane) { return std::to_string(lane.requests); });
    table.row("failed", [](const LaneResult& lane) { return std::to_string(lane.failed); });
    const bool errors = std::any_of(result.lanes.begin(), result.lanes.end(),
                                    [](const LaneResult& lane) { return lane.errors > 0; });
    if (errors)
        table.row("answered with an error",
                  [](const LaneResult& lane) { return std::to_string(lane.errors); });
    const bool useless = errors
        || std::any_of(result.lanes.begin(), result.lanes.end(),
                       [](const LaneResult& lane) { return lane.failed > 0; });
    // What fails is no follow-up: a share of these says nothing about it.
    if (useless)
        table.row("follow-ups that were answered",
                  [](const LaneResult& lane) { return std::to_string(lane.followUps); });
    table.row(useless ? "of these met their session" : "requests that met their session",
              [](const LaneResult& lane) { return share(lane.met); });
    table.row(useless ? "of these stayed" : "requests that stayed",
              [](const LaneResult& lane) { return share(lane.stickiness); });
    if (!result.lanes.empty() && result.lanes[0].kinds.size() > 1) {
        for (const KindResult& row : result.lanes[0].kinds)
            table.row("stayed, " + row.kind,
                      [&row](const LaneResult& lane) { return stayedOf(lane, row.kind); });
    }
    table.row("sessions broken", [](const LaneResult& lane) { return count(lane.sessionsLost); });
    table.row("busiest server / mean", [](const LaneResult& lane) {
        return lane.imbalance ? number(lane.imbalance->busiestOverMean, "%.2f") : "-";
    });
    table.row("latency p50", [](const LaneResult& lane) {
        return lane.latency ? number(lane.latency->p50, "%.1f ms") : "-";
    });
    table.row("latency p99", [](const LaneResult& lane) {
        return lane.latency ? number(lane.latency->p99, "%.1f ms") : "-";
    });
    for (std::size_t index = 0;
         !result.lanes.empty() && index < result.lanes[0].replicas.size() && index < 20; ++index)
        table.row("share of " + result.lanes[0].replicas[index].name,
                  [index](const LaneResult& lane) {
                      return index < lane.replicas.size() ? share(lane.replicas[index].share) : "-";
                  });
    std::string text = table.text();
    for (const LaneResult& lane : result.lanes) {
        if (lane.failed > 0)
            text += lane.name + " failed: " + failuresOf(lane) + "\n";
        if (!lane.closes.empty())
            text += lane.name + " closed: " + closesOf(lane) + "\n";
    }
    for (const LaneResult& lane : result.lanes) {
        if (lane.reconciliation)
            text += countsOf(lane);
    }
    if (result.trace)
        text += "trace " + *result.trace + "\n";
    if (result.comparison)
        text += "\n" + result.comparison->sentence + "\n";
    return text;
}

} // namespace stickyscope::cli
