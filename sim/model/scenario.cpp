// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/scenario.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

namespace stickyscope {

namespace {

// Those that lead to the balancer of this name.
std::vector<RouteSpec> routesTo(const std::string& name, const Scenario& scenario)
{
    std::vector<RouteSpec> routes;
    std::copy_if(scenario.routes.begin(), scenario.routes.end(), std::back_inserter(routes),
                 [&name](const RouteSpec& route) { return route.to == name; });
    return routes;
}

} // namespace

bool RouteSpec::fits(std::string_view askedHost, std::string_view askedPath) const
{
    const bool begins = askedPath.starts_with(path)
        && (path.ends_with('/') || askedPath.size() == path.size() || askedPath[path.size()] == '/'
            || askedPath[path.size()] == '?');
    return begins && (host.empty() || host == askedHost);
}

std::vector<LaneSpec> offAndOn()
{
    return {{.name = "off", .sticky = false}, {.name = "on", .sticky = true}};
}

std::shared_ptr<const Scenario> scenarioOf(const std::shared_ptr<const Scenario>& scenario,
                                           LaneIndex lane)
{
    const LaneSpec& spec = scenario->lanes[raw(lane)];
    return spec.own ? spec.own : scenario;
}

BalancerSpec inLane(BalancerSpec balancer, const LaneSpec& lane, bool first)
{
    if (first && lane.product) {
        balancer.product = *lane.product;
        balancer.algorithm.clear();
    }
    if (first && lane.algorithm)
        balancer.algorithm = *lane.algorithm;
    if (!lane.sticky)
        balancer.sticky.reset();
    return balancer;
}

BalancerSpec balancerOf(const Scenario& scenario, const LaneSpec& lane)
{
    return inLane(lane.own ? lane.own->balancer : scenario.balancer, lane, true);
}

std::vector<BalancerSpec> balancersOf(const Scenario& scenario, const LaneSpec& lane)
{
    std::vector<BalancerSpec> all {balancerOf(scenario, lane)};
    const Scenario& own = lane.own ? *lane.own : scenario;
    for (const BalancerSpec& balancer : own.balancers) {
        all.push_back(inLane(balancer, lane, false));
        all.back().routes = routesTo(balancer.name, own);
    }
    return all;
}

BalancerSpec afterReload(const TimelineEntry& reload, const Scenario& scenario,
                         const LaneSpec& lane)
{
    BalancerSpec balancer = inLane(*reload.changed, lane, reload.changed->name.empty());
    balancer.routes = routesTo(balancer.name, lane.own ? *lane.own : scenario);
    return balancer;
}

std::size_t routeOf(const Scenario& scenario, const std::string& host, std::string_view path)
{
    for (const RouteSpec& route : scenario.routes) {
        if (!route.fits(host, path))
            continue;
        const auto to =
            std::find_if(scenario.balancers.begin(), scenario.balancers.end(),
                         [&](const BalancerSpec& balancer) { return balancer.name == route.to; });
        return static_cast<std::size_t>(to - scenario.balancers.begin()) + 1;
    }
    return 0;
}

std::vector<std::string> clientNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const ClientSpec& group : scenario.clients) {
        if (group.count == 1)
            names.push_back(group.name);
        for (int number = 1; group.count > 1 && number <= group.count; ++number)
            names.push_back(group.name + "-" + std::to_string(number));
    }
    return names;
}

std::string_view nameOf(ClientKind kind)
{
    static constexpr std::array<std::string_view, clientKinds> names {
        "browser", "curl", "rest", "websocket", "grpc", "socketio", "signalr", "mcp", "load"};
    return names.at(static_cast<std::size_t>(kind));
}

bool ClientSpec::operator==(const ClientSpec& other) const
{
    const auto own = [](const ClientSpec& spec) {
        return std::tie(spec.name, spec.kind, spec.count, spec.jar, spec.origin, spec.path,
                        spec.paths, spec.page, spec.credentials, spec.thirdPartyCookies, spec.burst,
                        spec.keepAlive, spec.source, spec.thinkTime, spec.gap, spec.daily,
                        spec.bursts, spec.trace, spec.logout, spec.stripsQuotes,
                        spec.sessionRequests, spec.upgradeAfter, spec.send, spec.messageEvery,
                        spec.message, spec.connectionLifetime, spec.headers, spec.method,
                        spec.carries, spec.cookieFile);
    };
    return own(*this) == own(other);
}

std::string_view nameOf(JarKind kind)
{
    static constexpr std::array<std::string_view, 3> names {"none", "own", "shared"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string_view nameOf(SessionStore store)
{
    static constexpr std::array<std::string_view, 3> names {"in-memory", "with-connection",
                                                            "shared"};
    return names.at(static_cast<std::size_t>(store));
}

std::string_view nameOf(SameSite sameSite)
{
    static constexpr std::array<std::string_view, 4> names {"", "none", "lax", "strict"};
    return names.at(static_cast<std::size_t>(sameSite));
}

JarKind usualJar(ClientKind kind)
{
    switch (kind) {
    case ClientKind::browser:
    case ClientKind::websocket:
    case ClientKind::socketio:
    case ClientKind::signalr:
        return JarKind::own;
    default:
        return JarKind::none;
    }
}

int statusWithoutSession(ClientKind kind)
{
    switch (kind) {
    case ClientKind::socketio:
        return 400;
    case ClientKind::signalr:
    case ClientKind::mcp:
        return 404;
    default:
        return 200;
    }
}

std::string_view nameOf(SendRule rule)
{
    static constexpr std::array<std::string_view, 4> names {"on-open", "after-answer", "every",
                                                            "never"};
    return names.at(static_cast<std::size_t>(rule));
}

} // namespace stickyscope
