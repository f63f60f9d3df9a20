// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may ask of the model, and not of real sockets here.
#include "sim/http/url.h"
#include "sim/lab/lab_lane.h"

namespace stickyscope::lab {

namespace {

// Where it can be done at all.
std::string whoseIs(Intervention::Kind kind)
{
    if (!LabLane::can({}).contains(kind))
        return "the model";
    return isOfBalancer(kind) ? "the model and for our own balancer, not for a product's program"
                              : "the model and for our own servers, not for yours";
}

} // namespace

std::string impossibleInLab(const Scenario& scenario, LabCast cast)
{
    const auto origin = http::parseUrl(scenario.origin);
    if (!origin || origin->scheme != "http")
        return "a lab speaks plain http: its origin must begin with http://, not be "
            + scenario.origin;
    if (scenario.cache != CacheCookies::pass)
        return "a cache in front of the balancer is for the model";
    for (const LaneSpec& lane : scenario.lanes) {
        const BalancerSpec balancer = balancerOf(scenario, lane);
        if (balancer.count > 1 || balancer.perConnection || !balancer.servers.empty()
            || !scenario.balancers.empty() || !scenario.routes.empty())
            return "several balancers, and those that place connections, are for the model";
    }
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (replica.leaves || !replica.zone.empty())
            return "replica " + replica.name + ": zones and leaving are for the model";
        if (cast.theirs && !replica.faults.empty())
            return "replica " + replica.name + ": faults are for the model and for our own servers";
    }
    for (const TimelineEntry& entry : scenario.timeline) {
        const Intervention::Kind kind = entry.intervention.kind;
        if (!LabLane::can(cast).contains(kind))
            return "the timeline's '" + std::string(nameOf(kind)) + "' is for " + whoseIs(kind);
    }
    for (const ClientSpec& client : scenario.clients) {
        const bool modelOnly = client.paths.size() > 1 || client.burst > 1 || !client.page.empty()
            || !client.credentials || !client.thirdPartyCookies || !client.source.empty();
        if (modelOnly)
            return "clients " + client.name
                + ": several paths, bursts, pages of other sites and given addresses are for the "
                  "model";
    }
    return {};
}

} // namespace stickyscope::lab
