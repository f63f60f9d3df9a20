// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"

#include <array>

namespace stickyscope {

namespace {

bool isCurrent(const BalancerSpec& balancer)
{
    return balancer.settings.text("version") == "current";
}

bool isUsed(const Draft& draft, std::size_t index)
{
    return draft.scenario.replicas[index].weight > 0 && draft.order(index) == ServerOrder::ready;
}

std::string placingOf(const Draft& draft)
{
    const BalancerSpec& balancer = draft.balancer;
    if (balancer.algorithm == "random_choose")
        return "random_choose " + std::to_string(balancer.settings.whole("choose", 2));
    if (balancer.algorithm == "header" || balancer.algorithm == "query")
        return plainName(balancer.algorithm) + " "
            + caddyQuoted(balancer.settings.text("hash-name"));
    if (balancer.algorithm == "weighted_round_robin") {
        std::string policy = "weighted_round_robin";
        for (std::size_t index = 0; index < draft.scenario.replicas.size(); ++index) {
            if (isUsed(draft, index))
                policy += " " + std::to_string(draft.scenario.replicas[index].weight);
        }
        return policy;
    }
    return balancer.algorithm.empty() ? "random" : plainName(balancer.algorithm);
}

std::string policyOf(const Draft& draft)
{
    const StickySpec* spec = draft.sticky();
    if (!spec)
        return placingOf(draft);
    const std::string secret = spec->settings.text("secret");
    std::string policy = "cookie " + caddyQuoted(spec->cookie.empty() ? "lb" : spec->cookie)
        + (secret.empty() ? "" : " " + caddyQuoted(secret));
    if (!isCurrent(draft.balancer))
        return policy;
    policy += " {\n\t\t\tfallback " + placingOf(draft) + "\n";
    if (spec->maxAge)
        policy += "\t\t\tmax_age " + std::to_string(spec->maxAge->count()) + "s\n";
    return policy + "\t\t}";
}

// What only a newer Caddy reads.
void noteNewer(Draft& draft)
{
    const std::string& algorithm = draft.balancer.algorithm;
    const bool newer = algorithm == "weighted_round_robin" || algorithm == "query"
        || algorithm == "client_ip_hash";
    draft.noteIf(newer && !isCurrent(draft.balancer) && !draft.sticky(),
                 "Caddy 2.6 has no " + algorithm + ": it came with 2.7");
}

void describeServers(Draft& draft)
{
    bool weighted = false;
    std::string used;
    draft.values.showIf("left-out", false);
    for (std::size_t index = 0; index < draft.scenario.replicas.size(); ++index) {
        const ReplicaSpec& replica = draft.scenario.replicas[index];
        weighted = weighted || replica.weight > 1;
        if (!isUsed(draft, index)) {
            draft.values.repeat("left-out").set("name", plainName(replica.name));
            continue;
        }
        used += " " + plainAddress(replica.address);
    }
    draft.values.setIf("servers", !used.empty(), used);
    draft.values.showIf("nobody", used.empty());
    draft.noteIf(weighted && draft.balancer.algorithm != "weighted_round_robin",
                 "Caddy's weights count with weighted_round_robin alone: all servers count the "
                 "same");
}

void describe(Draft& draft)
{
    TemplateValues& values = draft.values;
    const Settings& given = draft.balancer.settings;
    values.set("policy", policyOf(draft));
    noteNewer(draft);
    // What the scenario's own Caddy of that version does as well is no difference.
    const bool current = isCurrent(draft.balancer) || draft.isOwnProduct;
    draft.noteIf(!current && draft.sticky() && !draft.balancer.algorithm.empty()
                     && draft.balancer.algorithm != "random",
                 "beside its cookie Caddy 2.6 places new clients at random, not by "
                     + draft.balancer.algorithm);
    draft.noteIf(!current && draft.sticky() && draft.sticky()->maxAge,
                 "Caddy 2.6 sets no age: its cookie lasts as long as the browser runs");
    values.showIf("sticky", draft.sticky() != nullptr);
    values.setIf("try-duration", given.has("lb-try-duration"),
                 writeTime(given.time("lb-try-duration")));
    values.setIf("retries", given.has("lb-retries"), std::to_string(given.whole("lb-retries", 0)));
    values.setIf("try-interval", given.has("lb-try-interval"),
                 writeTime(given.time("lb-try-interval")));
    values.setIf("fail-duration", given.has("fail-duration"),
                 writeTime(given.time("fail-duration")));
    values.setIf("request-count", given.has("unhealthy-request-count"),
                 std::to_string(given.whole("unhealthy-request-count", 0)));
    values.setIf("max-fails", given.has("max-fails"), std::to_string(given.whole("max-fails", 1)));
    values.showIf("health", false);
    if (const auto& check = draft.balancer.healthCheck) {
        TemplateValues& health = values.showIf("health", true);
        health.set("every", writeTime(check->every));
        health.set("path", draft.site.healthPath);
        draft.noteIf(check->fall.value_or(1) != 1 || check->rise.value_or(1) != 1,
                     "Caddy's checks mark a server down at the first failure, and up at the first "
                     "good answer: fall and rise cannot be set");
    }
    describeServers(draft);
}

constexpr std::array<ConfigFile, 1> files {{{"Caddyfile", "caddy/Caddyfile"}}};
constexpr std::array<ConfigFormat, 1> formats {{{"caddy", "Caddyfile", files, true, describe}}};

} // namespace

std::span<const ConfigFormat> caddyFormats()
{
    return formats;
}

} // namespace stickyscope
