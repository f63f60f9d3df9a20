// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"

#include <algorithm>

namespace stickyscope {

namespace {

constexpr std::size_t mostTimeline = 1'000'000;

ReplicaIndex replicaNamed(const Place& at, const Scenario& scenario)
{
    for (std::size_t index = 0; index < scenario.replicas.size(); ++index) {
        if (scenario.replicas[index].name == at.node().text)
            return static_cast<ReplicaIndex>(index);
    }
    at.mustBe("the name of a replica of this file");
}

ClientIndex clientNamed(const Place& at, const Scenario& scenario)
{
    if (at.node().text == "all")
        return noClient;
    const auto names = clientNames(scenario);
    const auto found = std::find(names.begin(), names.end(), at.node().text);
    if (found == names.end())
        at.mustBe("'all' or the name of a client, such as " + names.front());
    return static_cast<ClientIndex>(found - names.begin());
}

TimelineEntry readEntry(const Place& at, const Scenario& scenario)
{
    using Kind = Intervention::Kind;
    TimelineEntry entry;
    int given = 0;
    const auto forReplica = [&](Kind kind) {
        return [&entry, &given, &scenario, kind](const Place& of) {
            entry.intervention = {.kind = kind, .replica = replicaNamed(of, scenario)};
            ++given;
        };
    };
    const auto forClient = [&](Kind kind) {
        return [&entry, &given, &scenario, kind](const Place& of) {
            entry.intervention = {.kind = kind, .client = clientNamed(of, scenario)};
            ++given;
        };
    };
    at.fields({{"at", [&](const Place& of) { entry.at = of.duration({}, longestTime); }, true},
               {nameOf(Kind::stopReplica), forReplica(Kind::stopReplica)},
               {nameOf(Kind::startReplica), forReplica(Kind::startReplica)},
               {nameOf(Kind::drainReplica), forReplica(Kind::drainReplica)},
               {nameOf(Kind::takeCookies), forClient(Kind::takeCookies)},
               {nameOf(Kind::cutConnections), forClient(Kind::cutConnections)}});
    if (given != 1)
        at.fail(at.path() + " must have one of stop, start, drain, take-cookies, cut beside 'at'");
    return entry;
}

} // namespace

std::vector<TimelineEntry> readTimeline(const Place& at, const Scenario& scenario)
{
    std::vector<TimelineEntry> timeline;
    for (const Place& item : at.items(0, mostTimeline))
        timeline.push_back(readEntry(item, scenario));
    return timeline;
}

} // namespace stickyscope
