// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/comparison.h"

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

std::string counted(Count number, const std::string& one, const std::string& many)
{
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string percent(double share)
{
    // A share below 1 is never shown as 100 %, nor one above 0 as 0 %.
    const double shown = std::round(share * 100);
    if (shown >= 100 && share < 1)
        return "99 %";
    if (shown <= 0 && share > 0)
        return "1 %";
    return std::to_string(static_cast<int>(shown)) + " %";
}

std::string lostByStop(const LaneResult& first, const LaneResult& second)
{
    const Count lost = std::max(first.sessionsLostByStop, second.sessionsLostByStop);
    if (lost == 0)
        return {};
    return " Sessions in the memory of a server that stopped were lost in both: "
        + std::to_string(first.sessionsLostByStop) + " with " + first.name + ", "
        + std::to_string(second.sessionsLostByStop) + " with " + second.name + ".";
}

std::string sentenceFor(const LaneResult& first, const LaneResult& second)
{
    if (!first.stickiness || !second.stickiness)
        return "Not enough follow-up requests yet to compare.";
    if (first.met && second.met) {
        return "With " + second.name + ", " + percent(*second.met)
            + " of the follow-up requests met their session, with " + first.name + " "
            + percent(*first.met) + ": " + counted(*second.sessionsLost, "session", "sessions")
            + " lost against " + std::to_string(*first.sessionsLost) + "."
            + lostByStop(first, second);
    }
    return "With " + second.name + ", " + percent(*second.stickiness)
        + " of the follow-up requests stayed with their server, with " + first.name + " "
        + percent(*first.stickiness) + ".";
}

// Of a client whom no known server has answered.
std::string withoutServers(const ClientResult& client)
{
    if (client.requests == 0)
        return " has had no answer yet.";
    if (client.failed == client.requests)
        return ": " + counted(client.failed, "request", "requests") + ", and none was answered.";
    return " has had " + counted(client.requests - client.failed, "answer", "answers")
        + ", from servers that do not name themselves.";
}

} // namespace

ComparisonResult compare(const LaneResult& first, const LaneResult& second)
{
    ComparisonResult result;
    if (first.stickiness && second.stickiness)
        result.stickinessDifference = *second.stickiness - *first.stickiness;
    result.sentence = sentenceFor(first, second);
    return result;
}

std::string storyOf(const LaneResult& lane, std::size_t client)
{
    const ClientResult& row = lane.clients[client];
    const auto met = static_cast<Count>(std::count_if(row.replicas.begin(), row.replicas.end(),
                                                      [](Count count) { return count > 0; }));
    if (met == 0)
        return row.name + withoutServers(row);
    std::string text = row.name + " has met " + counted(met, "server", "servers");
    if (lane.sessionsLost) {
        text += row.lost == 0 ? " and kept its session."
            : row.lost == 1   ? " and lost its session once."
                              : " and lost its session " + std::to_string(row.lost) + " times.";
    } else {
        text += row.switches == 0 ? " and stayed."
                                  : " and was moved " + counted(row.switches, "time.", "times.");
    }
    return text;
}

std::optional<std::size_t> mostTellingClient(const LaneResult& lane)
{
    if (lane.clients.empty())
        return std::nullopt;
    const auto less = [](const ClientResult& a, const ClientResult& b) {
        return a.lost != b.lost ? a.lost < b.lost : a.switches < b.switches;
    };
    const auto most = std::max_element(lane.clients.begin(), lane.clients.end(), less);
    return static_cast<std::size_t>(most - lane.clients.begin());
}

} // namespace stickyscope
