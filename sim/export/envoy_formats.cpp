// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"
#include "sim/http/url.h"
#include "sim/products/envoy_stickiness.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace stickyscope {

namespace {

// As Envoy has them where none are given (UNKNOWN, HEALTHY, DEGRADED), and so of `healthy`.
std::string overrideStates(const Settings& sticky)
{
    const EnvoyOverrides overrides = envoyOverrides(sticky);
    std::string states = overrides.keepsHealthy ? "UNKNOWN, HEALTHY, DEGRADED" : "";
    for (const auto& [has, state] : {std::pair(overrides.keepsUnhealthy, "UNHEALTHY"),
                                     std::pair(overrides.keepsDraining, "DRAINING")}) {
        if (has)
            states.append(states.empty() ? "" : ", ").append(state);
    }
    return states;
}

// A hash policy places by the cookie; a stateful session overrides what was placed.
void describeSticky(Draft& draft)
{
    draft.values.showIf("hash-policy", false);
    draft.values.showIf("session", false);
    const StickySpec* spec = draft.sticky();
    if (!spec)
        return;
    const Settings& given = spec->settings;
    const bool hashed = given.flag("hash-policy");
    TemplateValues& sticky = draft.values.showIf(hashed ? "hash-policy" : "session", true);
    sticky.set("name", yamlText(spec->cookie.empty() ? "sticky" : spec->cookie));
    sticky.setIf("ttl", given.has("ttl"), inDecimalSeconds(given.time("ttl")));
    sticky.setIf("cookie-path", spec->path.has_value(), yamlText(spec->path.value_or("/")));
    sticky.showIf("made-up", given.has("ttl"));
    sticky.showIf("found", !given.has("ttl"));
    TemplateValues& strict = sticky.showIf("strict", given.flag("strict"));
    const char* const status = "status-on-strict-destination-not-found";
    strict.setIf("status", given.has(status), std::to_string(given.whole(status, 503)));
    sticky.set("override-states", overrideStates(given));
}

// The entry of hash_policy for what is hashed.
std::string hashed(Draft& draft)
{
    const Settings& given = draft.balancer.settings;
    const std::string part = given.text("hash-on", "source");
    const std::string name = yamlText(given.text("hash-name"));
    draft.noteIf(part == "path", "Envoy hashes the path with its query");
    if (part == "header")
        return "{header: {header_name: " + name + "}}";
    if (part == "query")
        return "{query_parameter: {name: " + name + "}}";
    if (part == "cookie")
        return "{cookie: {name: " + name + "}}";
    if (part != "source")
        return "{header: {header_name: \":path\"}}";
    return "{connection_properties: {source_ip: true}}";
}

std::string ringOf(const Settings& given)
{
    std::string text;
    for (const char* key : {"minimum-ring-size", "maximum-ring-size"}) {
        if (!given.has(key))
            continue;
        std::string name(key);
        std::replace(name.begin(), name.end(), '-', '_');
        text.append(text.empty() ? "" : ", ").append(name).append(": ");
        text += std::to_string(given.whole(key, 0));
    }
    return text;
}

void describePlacing(Draft& draft)
{
    const BalancerSpec& balancer = draft.balancer;
    const Settings& given = balancer.settings;
    TemplateValues& values = draft.values;
    const std::string algorithm =
        plainName(balancer.algorithm.empty() ? "round_robin" : balancer.algorithm);
    const bool least = algorithm == "least_request";
    const bool hashes = algorithm == "ring_hash" || algorithm == "maglev";
    std::string policy = algorithm;
    std::transform(policy.begin(), policy.end(), policy.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    values.setIf("lb-policy", !least, policy);
    values.showIf("least", least);
    values.setIf("choices", given.has("choice-count"),
                 std::to_string(given.whole("choice-count", 2)));
    values.setIf("bias", given.has("active-request-bias"),
                 writeNumber(given.number("active-request-bias", 1)));
    values.showIf("full-scan", given.flag("full-scan"));
    const std::string ring = ringOf(given);
    values.setIf("ring", algorithm == "ring_hash" && !ring.empty(), ring);
    values.setIf("balance-factor", hashes && given.has("hash-balance-factor"),
                 std::to_string(given.whole("hash-balance-factor", 0)));
    const bool byCookie = draft.sticky() && draft.sticky()->settings.flag("hash-policy");
    values.setIf("hash-policy-entry", hashes && !byCookie,
                 hashes && !byCookie ? hashed(draft) : std::string());
    draft.noteIf(byCookie && !hashes,
                 "a hash policy works with ring_hash and maglev alone: " + algorithm
                     + " does not look at the cookie");
}

void describeFailures(Draft& draft)
{
    const Settings& given = draft.balancer.settings;
    TemplateValues& values = draft.values;
    std::string conditions = given.text("retry-on", "none");
    TemplateValues& retries = values.showIf("retries", !hasWord(conditions, "none"));
    std::replace(conditions.begin(), conditions.end(), ' ', ',');
    retries.set("condition", yamlText(conditions));
    retries.set("times", std::to_string(given.whole("num-retries", 1)));
    const auto failures = given.whole("consecutive-gateway-failure", 0);
    const auto errors = given.whole("consecutive-5xx", 0);
    TemplateValues& outliers = values.showIf("outliers", failures > 0 || errors > 0);
    outliers.setIf("failures", failures > 0, std::to_string(failures));
    outliers.showIf("no-failures", failures == 0);
    outliers.setIf("errors", errors > 0, std::to_string(errors));
    outliers.showIf("no-errors", errors == 0);
    outliers.set("percent", std::to_string(given.whole("max-ejection-percent", 10)));
    outliers.set("ejection",
                 inDecimalSeconds(given.time("base-ejection-time", std::chrono::seconds(30))));
    values.setIf("panic", given.has("healthy-panic-threshold"),
                 writeNumber(given.number("healthy-panic-threshold", 50)));
    values.showIf("health", false);
    if (const auto& check = draft.balancer.healthCheck) {
        TemplateValues& health = values.showIf("health", true);
        health.set("every", inDecimalSeconds(check->every));
        health.set("fall", std::to_string(check->fall.value_or(1)));
        health.set("rise", std::to_string(check->rise.value_or(1)));
        health.set("path", yamlText(draft.site.healthPath));
    }
}

// Empty for a server that takes all requests.
std::string stateOf(const Draft& draft, std::size_t replica)
{
    if (draft.order(replica) == ServerOrder::stop)
        return "UNHEALTHY";
    const bool drains =
        draft.order(replica) == ServerOrder::drain || draft.scenario.replicas[replica].weight == 0;
    return drains ? "DRAINING" : "";
}

// Servers that drain count as not healthy to Envoy: where too many do, it asks them all the same.
void notePanic(Draft& draft)
{
    const auto& replicas = draft.scenario.replicas;
    const auto resting = std::count_if(replicas.begin(), replicas.end(),
                                       [](const ReplicaSpec& one) { return one.weight == 0; });
    const double threshold = draft.balancer.settings.number("healthy-panic-threshold", 50);
    const double fit = 100.0 * static_cast<double>(replicas.size() - resting)
        / static_cast<double>(replicas.size());
    draft.noteIf(resting > 0 && fit < threshold,
                 "with so many servers of weight 0, Envoy panics and asks these as well "
                 "(healthy_panic_threshold)");
}

bool describeServers(Draft& draft)
{
    const auto& replicas = draft.scenario.replicas;
    const bool weighted =
        std::any_of(replicas.begin(), replicas.end(),
                    [](const ReplicaSpec& replica) { return replica.weight != 1; });
    bool numbers = true;
    for (std::size_t index = 0; index < replicas.size(); ++index) {
        const ReplicaSpec& replica = replicas[index];
        const std::string address = plainAddress(replica.address);
        const auto colon = address.rfind(':');
        std::string host = address.substr(0, colon);
        if (host.front() == '[')
            host = host.substr(1, host.size() - 2);
        numbers = numbers && http::isIpAddress(host);
        TemplateValues& server = draft.values.repeat("servers");
        server.set("name", plainName(replica.name));
        server.set("address", yamlText(host));
        server.set("server-port", address.substr(colon + 1));
        server.setIf("weight", weighted && replica.weight > 0, std::to_string(replica.weight));
        const std::string state = stateOf(draft, index);
        server.setIf("state", !state.empty(), state);
        draft.noteIf(replica.weight == 0,
                     replica.name
                         + " has the weight 0 in the scenario: Envoy "
                           "has none, so the server is said to be draining");
    }
    notePanic(draft);
    return numbers;
}

void describe(Draft& draft)
{
    describeSticky(draft);
    describePlacing(draft);
    describeFailures(draft);
}

void describeInline(Draft& draft)
{
    describe(draft);
    const bool numbers = describeServers(draft);
    draft.values.set("type", numbers ? "STATIC" : "STRICT_DNS");
    draft.values.showIf("inline", true);
    draft.values.showIf("watched", false);
}

void describeWatched(Draft& draft)
{
    describe(draft);
    if (!describeServers(draft))
        throw ExportError {"Envoy's file of endpoints takes addresses in numbers alone"};
    draft.values.set("type", "EDS");
    draft.values.showIf("inline", false);
    draft.values.showIf("watched", true);
}

constexpr std::array<ConfigFile, 1> files {{{"envoy.yaml", "envoy/envoy.yaml"}}};
constexpr std::array<ConfigFile, 2> watchedFiles {
    {{"envoy.yaml", "envoy/envoy.yaml"}, {"endpoints.yaml", "envoy/endpoints.yaml"}}};
constexpr std::array<ConfigFormat, 2> formats {
    {{"envoy", "envoy.yaml", files, true, describeInline},
     {"envoy-eds", "envoy.yaml, and a file of endpoints that it watches", watchedFiles, true,
      describeWatched}}};

} // namespace

std::span<const ConfigFormat> envoyFormats()
{
    return formats;
}

} // namespace stickyscope
