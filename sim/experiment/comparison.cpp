// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/comparison.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <utility>

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

std::string ratio(double value)
{
    std::array<char, 32> text {};
    const int length = std::snprintf(text.data(), text.size(), "%.2f", value);
    return {text.data(), static_cast<std::size_t>(length)};
}

// "with sticky cookies" and "without", or "in mended".
std::string settingOf(const LaneResult& lane, bool offAndOn)
{
    if (!offAndOn)
        return "in " + lane.name;
    return lane.sticky ? "with sticky cookies" : "without";
}

std::string asSentence(std::string words)
{
    words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
    return words;
}

Count withoutUse(const LaneResult& lane)
{
    return lane.failed + lane.errors;
}

std::string ofAll(const LaneResult& lane)
{
    return std::to_string(withoutUse(lane)) + " of " + std::to_string(lane.requests);
}

// A request that fails is no follow-up: the share of these says nothing about it.
std::string followUpsOf(const LaneResult& first, const LaneResult& second)
{
    return withoutUse(first) + withoutUse(second) > 0
        ? " of the follow-up requests that were answered "
        : " of the follow-up requests ";
}

// What else tells the two apart: requests that were of no use, and a server that has far more than
// its share.
std::string besides(const LaneResult& first, const LaneResult& second, const std::string& before,
                    const std::string& after)
{
    constexpr double worthSaying = 0.5;
    std::string words;
    if (withoutUse(first) + withoutUse(second) > 0)
        words += " Failed requests: " + ofAll(second) + " " + after + ", " + ofAll(first) + " "
            + before + ".";
    if (first.imbalance && second.imbalance
        && std::abs(first.imbalance->busiestOverMean - second.imbalance->busiestOverMean)
            >= worthSaying)
        words += " The busiest server had " + ratio(second.imbalance->busiestOverMean)
            + " times the mean " + after + ", " + ratio(first.imbalance->busiestOverMean)
            + " times " + before + ".";
    return words;
}

std::string sentenceFor(const LaneResult& first, const LaneResult& second)
{
    if (!first.stickiness || !second.stickiness)
        return "Not enough follow-up requests yet to compare.";
    const bool offAndOn =
        first.name == "off" && !first.sticky && second.name == "on" && second.sticky;
    const std::string before = settingOf(first, offAndOn);
    const std::string after = settingOf(second, offAndOn);
    if (!first.met || !second.met)
        return asSentence(after + ", " + percent(*second.stickiness) + followUpsOf(first, second)
                          + "stayed with their server; " + before + ", "
                          + percent(*first.stickiness) + "."
                          + besides(first, second, before, after));
    std::string words = after + ", " + percent(*second.met) + followUpsOf(first, second)
        + "met their session; " + before + ", " + percent(*first.met)
        + ". Sessions lost: " + std::to_string(*second.sessionsLost) + " " + after + ", "
        + std::to_string(*first.sessionsLost) + " " + before + ".";
    if (first.sessionsLostByStop + second.sessionsLostByStop > 0)
        words += " Of these, because a server stopped: " + std::to_string(second.sessionsLostByStop)
            + " " + after + ", " + std::to_string(first.sessionsLostByStop) + " " + before + ".";
    return asSentence(words + besides(first, second, before, after));
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
    const Count lost = row.failed + row.errors;
    const std::string end = lost == 0 ? "."
                                      : "; " + std::to_string(lost) + " of its "
            + counted(row.requests, "request", "requests") + " failed.";
    if (lane.sessionsLost) {
        text += row.lost == 0 ? " and kept its session"
            : row.lost == 1   ? " and lost its session once"
                              : " and lost its session " + std::to_string(row.lost) + " times";
    } else {
        text += row.switches == 0 ? " and stayed"
            : row.switches == 1   ? " and was moved once"
                                  : " and was moved " + std::to_string(row.switches) + " times";
    }
    return text + end;
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
