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
    const bool balancers = isOfBalancer(kind) || kind == Intervention::Kind::setWeight;
    return balancers ? "the model and for our own balancer, not for a product's program"
                     : "the model and for our own servers, not for yours";
}

std::string impossibleFor(const ClientSpec& client, LabCast cast)
{
    if (cast.theirs && (client.logout || client.upgradeAfter > 0))
        return "logout and upgrade-after are for the model and for our own servers, not for yours";
    if (cast.program && !client.origin.empty()
        && http::parseUrl(client.origin).value_or(http::Url {}).secure())
        return "a product's own program speaks plain http here: their origin must begin with "
               "http://, not be "
            + client.origin;
    // All of this network is this machine (RFC 5735 3).
    const bool here = client.source.starts_with("127.");
    if (!client.source.empty() && !here)
        return "on this machine their source must be one of its own addresses, 127.0.0.1 to "
               "127.255.255.254, not "
            + client.source;
    return {};
}

} // namespace

std::string impossibleInLab(const Scenario& scenario, LabCast cast)
{
    const auto origin = http::parseUrl(scenario.origin);
    if (!origin || (cast.program && origin->secure()))
        return "a product's own program speaks plain http here: its origin must begin with "
               "http://, not be "
            + scenario.origin;
    if (cast.theirs && (!scenario.sessionCookie.empty() || scenario.pathCookies > 0))
        return "session-cookie and path-cookies are for the model and for our own servers, not for "
               "yours: what yours set is theirs to say";
    if (cast.program && scenario.cache != CacheCookies::pass)
        return "a cache in front of the balancer is for the model and for our own balancer, not "
               "for a product's program";
    for (const LaneSpec& lane : scenario.lanes) {
        const BalancerSpec balancer = balancerOf(scenario, lane);
        const bool several = balancer.count > 1 || !balancer.servers.empty()
            || !scenario.balancers.empty() || !scenario.routes.empty();
        if (several && cast.program)
            return "several balancers are for the model and for our own, not for a product's "
                   "program";
        if (balancer.perConnection && cast.program)
            return "connections are placed by the model and by our own balancer, not by a "
                   "product's program";
    }
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (!replica.zone.empty() && cast.program)
            return "replica " + replica.name
                + ": zones are for the model and for our own balancer, not for a product's program";
        if (cast.theirs && !replica.faults.empty())
            return "replica " + replica.name + ": faults are for the model and for our own servers";
    }
    for (const TimelineEntry& entry : scenario.timeline) {
        const Intervention::Kind kind = entry.intervention.kind;
        if (!LabLane::can(cast).contains(kind))
            return "the timeline's '" + std::string(nameOf(kind)) + "' is for " + whoseIs(kind);
    }
    for (const ClientSpec& client : scenario.clients) {
        if (std::string why = impossibleFor(client, cast); !why.empty())
            return "clients " + client.name + ": " + why;
    }
    return {};
}

} // namespace stickyscope::lab
