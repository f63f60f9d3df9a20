// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_writer.h"

#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_mapping.h"

#include <utility>
#include <vector>

namespace stickyscope {

namespace {

void putAll(const Settings& settings, Mapping& map)
{
    for (const auto& [key, value] : settings)
        map.put(key, yaml(value));
}

Mapping mappingOf(const ReplicaSpec& replica)
{
    const ReplicaSpec usual;
    Mapping map;
    map.put("name", yaml(replica.name));
    map.putIfNot(usual.address, "address", replica.address);
    if (replica.route)
        map.put("route", replica.route->empty() ? "none" : yaml(*replica.route));
    map.putIfNot(usual.weight, "weight", replica.weight);
    map.putIfNot(usual.slotCount, "slots", replica.slotCount);
    map.putIfNot(usual.queue, "queue", replica.queue);
    map.putIfNot(usual.serviceTime, "service-time", replica.serviceTime);
    map.putIfNot(usual.sessions, "sessions", replica.sessions);
    map.putIfNot(usual.joins, "joins", replica.joins);
    if (replica.leaves)
        map.put("leaves", yaml(*replica.leaves));
    map.putIfNot(usual.zone, "zone", replica.zone);
    map.putIfNot(usual.backup, "backup", replica.backup);
    map.putIfNot(usual.canary, "canary", replica.canary);
    map.putIfNot(usual.spare, "spare", replica.spare);
    map.putIfNot(usual.redirect, "redirect", replica.redirect);
    map.putIfNot(usual.answerSize, "answer-size", replica.answerSize);
    if (!replica.faults.empty())
        map.put("faults", faultsText(replica.faults));
    return map;
}

Mapping mappingOf(const StickySpec& sticky)
{
    const StickySpec usual;
    Mapping map;
    map.putIfNot(usual.cookie, "cookie", sticky.cookie);
    if (sticky.path)
        map.put("path", yaml(*sticky.path));
    map.putIfNot(usual.domain, "domain", sticky.domain);
    map.putIfNot(usual.secure, "secure", sticky.secure);
    map.putIfNot(usual.httpOnly, "http-only", sticky.httpOnly);
    map.putIfNot(usual.sameSite, "same-site", sticky.sameSite);
    if (sticky.maxAge)
        map.put("max-age", yaml(Duration(*sticky.maxAge)));
    putAll(sticky.settings, map);
    return map;
}

Mapping mappingOf(const HealthCheck& check)
{
    Mapping map;
    map.put("every", yaml(check.every));
    if (check.fall)
        map.put("fall", yaml(*check.fall));
    if (check.rise)
        map.put("rise", yaml(*check.rise));
    if (check.timeout)
        map.put("timeout", yaml(*check.timeout));
    return map;
}

Mapping mappingOf(const BalancerSpec& balancer)
{
    const BalancerSpec usual;
    Mapping map;
    map.putIfNot(usual.name, "name", balancer.name);
    map.put("product", yaml(balancer.product));
    map.putIfNot(usual.algorithm, "algorithm", balancer.algorithm);
    if (!balancer.sticky)
        map.put("sticky", "none");
    else if (const Mapping sticky = mappingOf(*balancer.sticky); !sticky.empty())
        map.put("sticky", sticky.flow());
    if (balancer.healthCheck)
        map.put("health-check", mappingOf(*balancer.healthCheck).flow());
    map.putIfNot(usual.count, "count", balancer.count);
    if (balancer.sharedSessions)
        map.put("sessions", "shared");
    if (!balancer.zones.empty())
        map.put("zones", listOf(balancer.zones));
    if (balancer.perConnection)
        map.put("per", "connection");
    map.putIfNot(usual.weight, "weight", balancer.weight);
    if (!balancer.servers.empty())
        map.put("servers", listOf(balancer.servers));
    if (balancer.answerTimeout)
        map.put("answer-timeout", yaml(*balancer.answerTimeout));
    putAll(balancer.settings, map);
    return map;
}

Mapping mappingOf(const ClientSpec& client)
{
    const ClientSpec usual;
    Mapping map;
    map.put("name", yaml(client.name));
    map.put("kind", std::string(nameOf(client.kind)));
    map.putIfNot(usual.count, "count", client.count);
    map.putIfNot(usualJar(client.kind), "jar", client.jar);
    map.putIfNot(usual.origin, "origin", client.origin);
    map.putIfNot(usual.path, "path", client.path);
    if (!client.paths.empty())
        map.put("paths", listOf(client.paths));
    map.putIfNot(usual.page, "page", client.page);
    if (!client.credentials)
        map.put("credentials", "omit");
    if (!client.thirdPartyCookies)
        map.put("third-party-cookies", "blocked");
    map.putIfNot(usual.burst, "burst", client.burst);
    map.putIfNot(usualKeepAlive(client.kind), "keep-alive", client.keepAlive);
    map.putIfNot(usual.source, "source", client.source);
    map.putIfNot(usual.thinkTime, "think-time", client.thinkTime);
    if (client.gap && client.gap->shape == Distribution::Shape::exponential)
        map.put("rate", writeRate(client.gap->mean));
    else if (client.gap)
        map.put("every", yaml(client.gap->mean));
    for (auto& [key, value] : arrivalEntries(client))
        map.put(key, std::move(value));
    if (client.sessionRequests != usual.sessionRequests)
        map.put("session", "{requests: " + yaml(client.sessionRequests) + "}");
    map.putIfNot(usual.upgradeAfter, "upgrade-after", client.upgradeAfter);
    map.putIfNot(usual.message, "message", client.message);
    map.putIfNot(usual.send, "send", client.send);
    map.putIfNot(usual.messageEvery, "message-every", client.messageEvery);
    map.putIfNot(usual.connectionLifetime, "connection-lifetime", client.connectionLifetime);
    Mapping headers;
    for (const auto& [name, value] : client.headers)
        headers.put(yaml(name), yaml(value));
    if (!headers.empty())
        map.put("headers", headers.flow());
    map.putIfNot(usual.method, "method", client.method);
    map.putIfNot(usual.carries, "carries", client.carries);
    map.putIfNot(usual.cookieFile, "cookie-file", client.cookieFile);
    return map;
}

Mapping mappingOf(const RouteSpec& route)
{
    const RouteSpec usual;
    Mapping map;
    map.putIfNot(usual.host, "host", route.host);
    map.putIfNot(usual.path, "path", route.path);
    map.put("to", yaml(route.to));
    return map;
}

Mapping mappingOf(const LaneSpec& lane)
{
    Mapping map;
    map.put("name", yaml(lane.name));
    if (!lane.sticky)
        map.put("sticky", "none");
    if (lane.product)
        map.put("product", yaml(*lane.product));
    if (lane.algorithm)
        map.put("algorithm", yaml(*lane.algorithm));
    if (!lane.with.empty())
        map.put("with", lane.with);
    return map;
}

template <typename Row>
std::string list(std::string_view title, const std::vector<Row>& rows)
{
    std::string text = std::string(title) + ":\n";
    for (const Row& row : rows)
        text += "  - " + mappingOf(row).flow() + "\n";
    return text;
}

std::string timelineOf(const Scenario& scenario)
{
    const std::vector<std::string> clients = clientNames(scenario);
    std::string text = "timeline:\n";
    for (const TimelineEntry& entry : scenario.timeline) {
        const Intervention& what = entry.intervention;
        Mapping map;
        map.put("at", yaml(entry.at));
        map.put(nameOf(what.kind), interventionText(what, scenario, clients));
        if (!entry.with.empty())
            map.put("with", entry.with);
        text += "  - " + map.flow() + "\n";
    }
    return text;
}

} // namespace

std::string writeScenario(const Scenario& scenario)
{
    const Scenario usual;
    Mapping head;
    head.put("version", "1");
    head.putIfNot(usual.title, "title", scenario.title);
    head.putIfNot(usual.about, "about", scenario.about);
    head.putIfNot(usual.seed, "seed", scenario.seed);
    head.putIfNot(usual.duration, "duration", scenario.duration);
    head.putIfNot(usual.starts, "starts", scenario.starts);
    head.putIfNot(usual.origin, "origin", scenario.origin);
    head.putIfNot(usual.target, "target", scenario.target);
    head.putIfNot(usual.travel, "travel", scenario.travel);
    head.putIfNot(usual.sessionCookie, "session-cookie", scenario.sessionCookie);
    head.putIfNot(usual.pathCookies, "path-cookies", scenario.pathCookies);
    head.putIfNot(usual.sessionRoute, "session-route", scenario.sessionRoute);
    if (scenario.cache != CacheCookies::pass)
        head.put("cache",
                 scenario.cache == CacheCookies::strip ? "strips-cookies" : "stores-cookies");
    std::string text = head.block("");
    text += list("replicas", scenario.replicas);
    text += "balancer:\n" + mappingOf(scenario.balancer).block("  ");
    if (!scenario.balancers.empty())
        text += list("balancers", scenario.balancers);
    if (!scenario.routes.empty())
        text += list("routes", scenario.routes);
    text += list("clients", scenario.clients);
    if (!scenario.timeline.empty())
        text += timelineOf(scenario);
    if (scenario.lanes != offAndOn())
        text += list("lanes", scenario.lanes);
    if (!scenario.assertions.empty())
        text += "assert:\n";
    for (const std::string& assertion : scenario.assertions)
        text += "  - " + yaml(assertion) + "\n";
    return text;
}

} // namespace stickyscope
