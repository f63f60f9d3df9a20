// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ingress with ingress-nginx's annotations, and Gateway API.
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"

#include <array>
#include <set>

namespace stickyscope {

namespace {

// A readiness probe counts in whole seconds.
void describeProbe(Draft& draft)
{
    draft.values.showIf("health", false);
    const auto& check = draft.balancer.healthCheck;
    if (!check)
        return;
    TemplateValues& health = draft.values.showIf("health", true);
    health.set("path", yamlText(draft.site.healthPath));
    health.set("every", std::to_string(std::max<long long>(wholeSeconds(check->every), 1)));
    health.set("fall", std::to_string(check->fall.value_or(1)));
    health.set("rise", std::to_string(check->rise.value_or(1)));
    draft.noteIf(check->every % std::chrono::seconds(1) != Duration::zero(),
                 "a readiness probe counts in whole seconds: " + writeTime(check->every)
                     + " is rounded up");
}

// Each annotation's value is a text to Kubernetes, whatever it looks like.
void annotate(Draft& draft, std::string_view key, std::string_view value)
{
    const std::string scalar = yamlText(value);
    TemplateValues& annotation = draft.values.repeat("annotations");
    annotation.set("key", std::string(key));
    annotation.set(
        "value", scalar.starts_with('"') || scalar.starts_with('\'') ? scalar : '"' + scalar + '"');
}

void annotateCookie(Draft& draft, const StickySpec& spec)
{
    annotate(draft, "affinity", "cookie");
    annotate(draft, "affinity-mode", spec.settings.text("affinity-mode", "balanced"));
    annotate(draft, "session-cookie-name", spec.cookie.empty() ? "INGRESSCOOKIE" : spec.cookie);
    if (spec.path)
        annotate(draft, "session-cookie-path", *spec.path);
    if (!spec.domain.empty())
        annotate(draft, "session-cookie-domain", spec.domain);
    if (spec.secure)
        annotate(draft, "session-cookie-secure", "true");
    if (spec.sameSite != SameSite::unset)
        annotate(draft, "session-cookie-samesite", capitalized(spec.sameSite));
    if (spec.settings.flag("conditional-samesite-none"))
        annotate(draft, "session-cookie-conditional-samesite-none", "true");
    if (spec.maxAge)
        annotate(draft, "session-cookie-max-age", std::to_string(spec.maxAge->count()));
    if (spec.settings.has("expires"))
        annotate(draft, "session-cookie-expires",
                 std::to_string(wholeSeconds(spec.settings.time("expires"))));
    if (spec.settings.flag("change-on-failure"))
        annotate(draft, "session-cookie-change-on-failure", "true");
}

void describeIngress(Draft& draft)
{
    TemplateValues& values = draft.values;
    const BalancerSpec& balancer = draft.balancer;
    values.set("count", std::to_string(draft.scenario.replicas.size()));
    describeProbe(draft);
    values.showIf("annotations", false);
    if (draft.sticky())
        annotateCookie(draft, *draft.sticky());
    else if (balancer.algorithm == "chash")
        annotate(draft, "upstream-hash-by", "$remote_addr");
    if (balancer.algorithm == "ewma" || balancer.algorithm == "round_robin")
        annotate(draft, "load-balance", balancer.algorithm);
    if (balancer.settings.has("proxy-next-upstream-tries"))
        annotate(draft, "proxy-next-upstream-tries",
                 std::to_string(balancer.settings.whole("proxy-next-upstream-tries", 3)));
    if (balancer.settings.has("proxy-next-upstream"))
        annotate(draft, "proxy-next-upstream", balancer.settings.text("proxy-next-upstream"));
    const auto& replicas = draft.scenario.replicas;
    draft.noteIf(std::any_of(replicas.begin(), replicas.end(),
                             [](const ReplicaSpec& replica) { return replica.canary; }),
                 "a canary is an Ingress and a Service of its own: its pods stand here among the "
                 "others, and nothing of canary-* is written");
    draft.noteIf(std::any_of(replicas.begin(), replicas.end(),
                             [](const ReplicaSpec& replica) { return replica.weight != 1; }),
                 "an Ingress has no weights: all pods count the same");
    draft.note("Kubernetes names the pods by itself: the scenario's names are left out");
}

void describeGateway(Draft& draft)
{
    TemplateValues& values = draft.values;
    describeProbe(draft);
    const StickySpec* spec = draft.sticky();
    values.set("route-path", yamlText(spec ? spec->path.value_or("/") : "/"));
    values.showIf("sticky", false);
    if (spec) {
        TemplateValues& sticky = values.showIf("sticky", true);
        const std::string lifetime = spec->settings.text("lifetime-type", "Session");
        const bool permanent = lifetime == "Permanent";
        const std::string type = spec->settings.text("persistence-type", "Cookie");
        const bool byHeader = type == "Header";
        const std::string usual = byHeader ? "X-Session" : "session";
        sticky.set("type", plainName(type));
        sticky.set("name", yamlText(spec->cookie.empty() ? usual : spec->cookie));
        sticky.setIf("lifetime", !byHeader, plainName(lifetime));
        const bool limited = permanent || spec->settings.has("absolute-timeout");
        const auto timeout = spec->settings.time("absolute-timeout", std::chrono::hours(24));
        sticky.setIf("timeout", limited, std::to_string(wholeSeconds(timeout)) + "s");
        draft.noteIf(!byHeader && spec->path.value_or("/") != "/",
                     "the cookie's path follows the route's: this route is for "
                         + spec->path.value_or("/") + " alone");
    }
    std::set<std::string> names;
    for (const ReplicaSpec& replica : draft.scenario.replicas) {
        std::string name = kubernetesName(replica.name);
        draft.noteIf(name != replica.name,
                     replica.name + " is called " + name
                         + ": Kubernetes takes small letters, digits "
                           "and hyphens");
        if (!names.insert(name).second)
            throw ExportError {"two servers would be called '" + name + "' in Kubernetes"};
        TemplateValues& server = values.repeat("servers");
        server.set("name", yamlText(name));
        server.set("weight", std::to_string(replica.weight));
    }
    draft.noteIf(draft.balancer.algorithm == "in-turn",
                 "Gateway API says how often a backend is chosen, not in which order");
}

constexpr std::array<ConfigFile, 1> ingressFiles {{{"ingress.yaml", "kubernetes/ingress.yaml"}}};
constexpr std::array<ConfigFormat, 1> ingress {
    {{"ingress", "Kubernetes Ingress with ingress-nginx's annotations", ingressFiles, false,
      describeIngress}}};
constexpr std::array<ConfigFile, 1> gatewayFiles {{{"gateway.yaml", "kubernetes/gateway.yaml"}}};
constexpr std::array<ConfigFormat, 1> gateway {
    {{"gateway", "Kubernetes Gateway API", gatewayFiles, false, describeGateway}}};

} // namespace

std::span<const ConfigFormat> ingressNginxFormats()
{
    return ingress;
}

std::span<const ConfigFormat> gatewayApiFormats()
{
    return gateway;
}

} // namespace stickyscope
