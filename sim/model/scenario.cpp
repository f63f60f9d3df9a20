// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/scenario.h"

#include <array>

namespace stickyscope {

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

BalancerSpec balancerOf(const Scenario& scenario, const LaneSpec& lane)
{
    BalancerSpec balancer = lane.own ? lane.own->balancer : scenario.balancer;
    if (lane.product) {
        balancer.product = *lane.product;
        balancer.algorithm.clear();
    }
    if (lane.algorithm)
        balancer.algorithm = *lane.algorithm;
    if (!lane.sticky)
        balancer.sticky.reset();
    else if (!balancer.sticky)
        balancer.sticky = StickySpec {};
    return balancer;
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
    static constexpr std::array<std::string_view, 8> names {
        "browser", "curl", "rest", "websocket", "grpc", "socketio", "signalr", "mcp"};
    return names.at(static_cast<std::size_t>(kind));
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
