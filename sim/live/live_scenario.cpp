// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_scenario.h"

#include <algorithm>

namespace stickyscope::live {

namespace {

using Plans = Outcome<std::vector<LivePlan>>;

// What a model can do and nobody can with somebody else's service.
std::string impossible(const Scenario& scenario)
{
    if (scenario.target.empty())
        return "the scenario has no target; a live run needs one, such as "
               "target: http://localhost:8000/hostname";
    for (const TimelineEntry& entry : scenario.timeline) {
        const auto kind = entry.intervention.kind;
        if (kind != Intervention::Kind::cutConnections && kind != Intervention::Kind::takeCookies)
            return "the timeline's '" + std::string(nameOf(kind))
                + "' is for the model: a real service's replicas are its owner's to stop; cut and "
                  "take-cookies are allowed";
    }
    for (const LaneSpec& lane : scenario.lanes) {
        if (lane.product || lane.algorithm || !lane.with.empty())
            return "lane " + lane.name
                + ": a real service has its own balancer; a live lane can only be sticky or not";
    }
    for (const ClientSpec& client : scenario.clients) {
        const bool modelOnly = client.kind > ClientKind::websocket || client.paths.size() > 1
            || client.burst > 1 || !client.page.empty() || client.logout || client.stripsQuotes
            || (client.isOpen() && !client.gap);
        if (modelOnly)
            return "clients " + client.name
                + ": a live client is a browser, curl, rest or websocket with one path; "
                  "pages of other sites, bursts, daily curves, traces, logouts and stripped "
                  "quotes are for the model";
    }
    return {};
}

// No client asks more often than once a second unless the user says so.
void slowDown(LiveGroup& group)
{
    constexpr Duration least = std::chrono::seconds(1);
    if (group.pause.mean < least)
        group.pause = LiveGroup {}.pause;
}

LiveGroup groupFor(const ClientSpec& spec, const Target& service, const LiveChoices& choices,
                   std::size_t index)
{
    LiveGroup group;
    group.name = spec.name;
    group.kind = spec.kind;
    group.count = spec.count;
    group.jar = spec.jar;
    group.carries = spec.carries;
    group.keepAlive = keepAliveOf(spec);
    group.target = spec.path == "/" ? service : atPath(service, spec.path);
    addHeaders(group.target, spec);
    if (index < choices.jars.size())
        group.target.initialJar = choices.jars[index];
    group.open = spec.gap.has_value();
    group.pause = spec.gap.value_or(spec.thinkTime);
    if (!choices.faster)
        slowDown(group);
    group.socket.message = spec.message;
    group.socket.send = spec.send;
    group.socket.pause = spec.messageEvery;
    group.socket.lifetime = spec.connectionLifetime;
    return group;
}

} // namespace

Plans plansFor(const Scenario& scenario, const LiveChoices& choices)
{
    if (const std::string why = impossible(scenario); !why.empty())
        return Plans::failure(why);
    auto service = parseTarget(scenario.target);
    if (!service)
        return Plans::failure(service.error());
    const std::string host = hostToPermit(*service);
    service->endpoint.guard =
        TargetGuard(service->endpoint.url.host, !host.empty() && host == choices.permitted);
    LivePlan plan {.stickyName = choices.stickyName, .seed = scenario.seed};
    for (std::size_t index = 0; index < scenario.clients.size(); ++index) {
        plan.groups.push_back(groupFor(scenario.clients[index], *service, choices, index));
        if (const std::string fault = faultIn(plan.groups.back().target); !fault.empty())
            return Plans::failure(scenario.clients[index].name + ": " + fault);
    }
    std::vector<LivePlan> plans;
    for (const LaneSpec& lane : scenario.lanes) {
        plans.push_back(plan);
        plans.back().withholdSticky = !lane.sticky;
    }
    return plans;
}

} // namespace stickyscope::live
