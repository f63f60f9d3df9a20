// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"
#include "sim/products/digests.h"

#include <algorithm>
#include <array>
#include <optional>

namespace stickyscope {

namespace {

// In seconds; below zero clients are to drop the cookie.
std::optional<long long> maxAgeOf(const StickySpec& spec)
{
    if (spec.settings.flag("max-age-negative"))
        return -1;
    return spec.maxAge ? std::optional<long long>(spec.maxAge->count()) : std::nullopt;
}

bool isWeighted(const Scenario& scenario)
{
    return std::any_of(scenario.replicas.begin(), scenario.replicas.end(),
                       [](const ReplicaSpec& replica) { return replica.weight != 1; });
}

// Labels and files say the same in the same words; only the notation differs.
void describeBalancer(Draft& draft)
{
    TemplateValues& values = draft.values;
    const BalancerSpec& balancer = draft.balancer;
    values.setIf("strategy", !balancer.algorithm.empty(),
                 balancer.algorithm.empty() ? "" : plainName(balancer.algorithm));
    draft.noteIf(
        draft.sticky() && balancer.algorithm == "hrw",
        "Traefik's strategy hrw ignores the sticky cookie: it goes by the client's address");
    draft.noteIf(draft.sticky() && draft.sticky()->settings.has("expires"),
                 "the date of the sticky cookie (expires) is of Traefik's provider for "
                 "ingress-nginx: here it has none");
    values.setIf("attempts", balancer.settings.has("attempts"),
                 std::to_string(balancer.settings.whole("attempts", 1)));
    const Settings& given = balancer.settings;
    values.setIf("initial-interval", given.has("initial-interval"),
                 writeTime(given.time("initial-interval")));
    values.setIf("failure-window", given.has("failure-window"),
                 writeTime(given.time("failure-window")));
    values.setIf("max-failed-attempts", given.has("max-failed-attempts"),
                 std::to_string(given.whole("max-failed-attempts", 1)));
    values.showIf("passive", given.has("failure-window") || given.has("max-failed-attempts"));
    values.showIf("health", false);
    if (const auto& check = balancer.healthCheck) {
        TemplateValues& health = values.showIf("health", true);
        health.set("every", writeTime(check->every));
        health.set("path", draft.site.healthPath);
        draft.noteIf(check->fall.value_or(1) != 1 || check->rise.value_or(1) != 1,
                     "Traefik's checks mark a server down at the first failure, and up at the "
                     "first good answer: fall and rise cannot be set");
    }
}

// A draining server: Traefik's files have no word for it, but a router of its own for the cookie
// that names it leads its clients there, and nobody else.
void describeDraining(Draft& draft, const ReplicaSpec& replica)
{
    const StickySpec* spec = draft.sticky();
    if (!spec) // nobody is bound to it
        return;
    if (spec->cookie.empty() || draft.balancer.algorithm == "hrw") {
        draft.note(plainName(replica.name)
                   + " drains: without a named sticky cookie Traefik can only leave it out");
        return;
    }
    TemplateValues& server = draft.values.repeat("draining");
    const std::string url = "http://" + plainAddress(replica.address);
    server.set("name", plainName(replica.name));
    server.set("url", url);
    const std::string expression =
        "(^|; *)" + regexLiteral(spec->cookie) + "=" + sha256Hex(url).substr(0, 16) + "(;|$)";
    server.set("rule", traefikScalar("HeaderRegexp(`Cookie`, " + goQuoted(expression) + ")"));
}

void describeServers(Draft& draft)
{
    const bool weighted = isWeighted(draft.scenario);
    const auto& replicas = draft.scenario.replicas;
    draft.values.showIf("servers", false);
    draft.values.showIf("draining", false);
    for (std::size_t index = 0; index < replicas.size(); ++index) {
        const ReplicaSpec& replica = replicas[index];
        if (draft.order(index) == ServerOrder::drain)
            describeDraining(draft, replica);
        if (draft.order(index) != ServerOrder::ready)
            continue;
        TemplateValues& server = draft.values.repeat("servers");
        server.set("name", plainName(replica.name));
        server.set("url", "http://" + plainAddress(replica.address));
        server.setIf("weight", weighted, std::to_string(replica.weight));
    }
}

void describeFile(Draft& draft)
{
    describeBalancer(draft);
    TemplateValues& values = draft.values;
    const StickySpec none;
    const StickySpec& spec = draft.sticky() ? *draft.sticky() : none;
    values.showIf("sticky", draft.sticky() != nullptr);
    values.showIf("bare", spec == none);
    values.showIf("described", spec != none);
    values.setIf("cookie", !spec.cookie.empty(), traefikScalar(spec.cookie));
    values.setIf("cookie-path", spec.path.has_value(), traefikScalar(spec.path.value_or("/")));
    values.setIf("domain", !spec.domain.empty(), traefikScalar(spec.domain));
    values.showIf("secure", spec.secure);
    values.showIf("http-only", spec.httpOnly);
    values.setIf("same-site", spec.sameSite != SameSite::unset, std::string(nameOf(spec.sameSite)));
    const auto maxAge = maxAgeOf(spec);
    values.setIf("max-age", maxAge.has_value(), std::to_string(maxAge.value_or(0)));
    describeServers(draft);
}

struct ComposeService
{
    std::string name;
    std::size_t count = 1;
    int weight = 1;
};

// Servers called app-1, app-2 and so on that are alike are one service with so many containers:
// Docker calls these in the same way.
std::vector<ComposeService> composeServices(const Scenario& scenario)
{
    const auto& replicas = scenario.replicas;
    const std::string& first = replicas.front().name;
    const std::string base = first.substr(0, first.rfind('-'));
    bool alike = first.size() > base.size() && !base.empty() && replicas.size() > 1;
    for (std::size_t index = 0; index < replicas.size(); ++index)
        alike = alike && replicas[index].name == base + "-" + std::to_string(index + 1)
            && replicas[index].weight == replicas.front().weight;
    if (alike)
        return {{plainName(base), replicas.size(), replicas.front().weight}};
    std::vector<ComposeService> services;
    services.reserve(replicas.size());
    for (const ReplicaSpec& replica : replicas)
        services.push_back({plainName(replica.name), 1, replica.weight});
    return services;
}

// What Traefik itself is called: as no server is.
std::string balancerName(const std::vector<ComposeService>& services)
{
    std::string name = "traefik";
    while (std::any_of(services.begin(), services.end(),
                       [&](const ComposeService& service) { return service.name == name; }))
        name += "-balancer";
    return name;
}

// A label is one scalar, so its value is made safe together with its key.
void describeCookieLabels(Draft& draft)
{
    TemplateValues& values = draft.values;
    const StickySpec none;
    const StickySpec& spec = draft.sticky() ? *draft.sticky() : none;
    const auto label = [&values](std::string_view block, bool given, const std::string& key,
                                 const std::string& value) {
        values.setIf(block, given,
                     composeScalar("traefik.http.services.app.loadbalancer.sticky.cookie" + key
                                   + "=" + value));
    };
    const bool named = !spec.cookie.empty();
    label("cookie-label", draft.sticky() != nullptr, named ? ".name" : "",
          named ? spec.cookie : "true");
    label("path-label", spec.path.has_value(), ".path", spec.path.value_or(""));
    label("domain-label", !spec.domain.empty(), ".domain", spec.domain);
    label("secure-label", spec.secure, ".secure", "true");
    label("http-only-label", spec.httpOnly, ".httponly", "true");
    label("same-site-label", spec.sameSite != SameSite::unset, ".samesite",
          std::string(nameOf(spec.sameSite)));
    const auto maxAge = maxAgeOf(spec);
    label("max-age-label", maxAge.has_value(), ".maxage", std::to_string(maxAge.value_or(0)));
}

void describeCompose(Draft& draft)
{
    describeBalancer(draft);
    describeCookieLabels(draft);
    const bool weighted = isWeighted(draft.scenario);
    const auto services = composeServices(draft.scenario);
    draft.values.set("balancer", yamlText(balancerName(services)));
    for (const ComposeService& service : services) {
        TemplateValues& one = draft.values.repeat("services");
        one.set("name", yamlText(service.name));
        one.set("count", std::to_string(service.count));
        one.setIf("weight", weighted, std::to_string(service.weight));
    }
}

constexpr std::array<ConfigFile, 2> files {
    {{"traefik.yml", "traefik/traefik.yml"}, {"dynamic.yml", "traefik/dynamic.yml"}}};
constexpr std::array<ConfigFile, 1> composeFiles {{{"compose.yaml", "traefik/compose.yaml"}}};
constexpr std::array<ConfigFormat, 2> formats {
    {{"compose", "Docker Compose with Traefik's labels", composeFiles, false, describeCompose},
     {"traefik-file", "Traefik's file provider", files, true, describeFile}}};

} // namespace

std::span<const ConfigFormat> traefikFormats()
{
    return formats;
}

} // namespace stickyscope
