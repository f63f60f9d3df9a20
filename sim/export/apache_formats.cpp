// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"
#include "sim/products/apache_stickiness.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

constexpr int largestWeight = 100;

// In the order in which the model writes them.
std::string attributesOf(const StickySpec& spec)
{
    std::string text = "; path=" + spec.path.value_or("/");
    if (!spec.domain.empty())
        text += "; domain=" + spec.domain;
    if (spec.maxAge)
        text += "; Max-Age=" + std::to_string(spec.maxAge->count());
    if (spec.httpOnly)
        text += "; HttpOnly";
    if (spec.secure)
        text += "; Secure";
    if (spec.sameSite != SameSite::unset)
        text += "; SameSite=" + capitalized(spec.sameSite);
    return apacheHeaderText(text);
}

void describeSticky(Draft& draft)
{
    draft.values.showIf("sticky", false);
    const StickySpec* spec = draft.sticky();
    if (!spec)
        return;
    TemplateValues& sticky = draft.values.showIf("sticky", true);
    const std::string name = spec->cookie.empty() ? "ROUTEID" : spec->cookie;
    const std::string parameter = spec->settings.text("url-parameter");
    sticky.set("session", apacheText(name + (parameter.empty() ? "" : "|" + parameter)));
    sticky.showIf("parameter", !parameter.empty());
    const std::string separator = apacheSeparator(*spec);
    sticky.setIf("separator", spec->settings.has("stickysessionsep"),
                 separator.empty() ? "Off" : apacheText(separator));
    draft.noteIf(
        name.find('|') != std::string::npos,
        "in stickysession a | stands between a cookie's name and a parameter's: the cookie " + name
            + " is not found");
    // Neither a quote nor a variable of the Header directive ends early: both parts are escaped.
    draft.values.setIf("header", !spec->settings.flag("application-cookie"),
                       apacheHeaderText(name) + "=" + apacheHeaderText(separator)
                           + "%{BALANCER_WORKER_ROUTE}e" + attributesOf(*spec));
}

void describeMembers(Draft& draft)
{
    const BalancerSpec& balancer = draft.balancer;
    std::string checks;
    if (const auto& check = balancer.healthCheck)
        checks = " hcmethod=GET hcuri=" + draft.site.healthPath
            + " hcinterval=" + std::to_string(std::max(wholeMilliseconds(check->every), 100LL))
            + "ms" + " hcfails=" + std::to_string(check->fall.value_or(1))
            + " hcpasses=" + std::to_string(check->rise.value_or(1));
    const Settings& given = balancer.settings;
    std::string limit = given.has("max") ? " max=" + std::to_string(given.whole("max", 0)) : "";
    if (given.has("max") && given.has("acquire"))
        limit += " acquire=" + std::to_string(wholeMilliseconds(given.time("acquire")));
    const auto retry = given.time("retry", std::chrono::seconds(60));
    for (const ReplicaSpec& replica : draft.scenario.replicas) {
        TemplateValues& member = draft.values.repeat("members");
        const std::string route = replica.route.value_or(replica.name);
        member.set("name", plainName(replica.name));
        member.set("url", "http://" + plainAddress(replica.address));
        member.set("route", route.empty() ? "" : " route=" + plainName(route));
        const int weight = std::clamp(replica.weight, 1, largestWeight);
        draft.noteIf(replica.weight > largestWeight,
                     replica.name + " has the weight " + std::to_string(replica.weight)
                         + " in the scenario: Apache's largest is 100");
        draft.noteIf(replica.weight == 0,
                     replica.name
                         + " has the weight 0 in the scenario: Apache "
                           "has none, so the member drains (status=+N)");
        member.set("weight", std::to_string(weight));
        member.set("redirect",
                   replica.redirect.empty() ? "" : " redirect=" + plainName(replica.redirect));
        const std::string state = std::string(replica.weight == 0 ? "N" : "")
            + (replica.backup ? "H" : "") + (replica.spare ? "R" : "");
        member.set("state", state.empty() ? "" : " status=+" + state);
        member.set("retry", std::to_string(wholeSeconds(retry)));
        member.set("checks", limit + checks);
    }
}

void describe(Draft& draft)
{
    TemplateValues& values = draft.values;
    const std::string& algorithm = draft.balancer.algorithm;
    values.set("method", algorithm.empty() ? "byrequests" : plainName(algorithm));
    values.showIf("nofailover", draft.balancer.settings.flag("nofailover"));
    const Settings& given = draft.balancer.settings;
    values.setIf("maxattempts", given.has("maxattempts"),
                 std::to_string(given.whole("maxattempts", 0)));
    std::string statuses = given.text("failonstatus");
    std::replace(statuses.begin(), statuses.end(), ' ', ',');
    values.setIf("failonstatus", !statuses.empty(), statuses);
    values.showIf("no-recovery", !given.flag("forcerecovery", true));
    values.showIf("health", draft.balancer.healthCheck.has_value());
    values.showIf("header", false);
    describeSticky(draft);
    describeMembers(draft);
}

constexpr std::array<ConfigFile, 1> files {{{"httpd.conf", "apache/httpd.conf"}}};
constexpr std::array<ConfigFormat, 1> formats {{{"apache", "httpd.conf", files, true, describe}}};

} // namespace

std::span<const ConfigFormat> apacheFormats()
{
    return formats;
}

} // namespace stickyscope
