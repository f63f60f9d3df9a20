// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace stickyscope {

namespace {

constexpr int largestWeight = 256;

// What `balance` calls the parts of a request that it hashes.
std::string hashed(const Settings& given)
{
    const std::string part = given.text("hash-on", "source");
    const std::string name = given.text("hash-name");
    if (part == "header")
        return haproxyQuoted("hdr(" + name + ")");
    if (part == "query")
        return "url_param " + haproxyQuoted(name);
    if (part == "path")
        return "uri";
    if (part == "uri")
        return "uri whole";
    return "hash " + (part == "cookie" ? haproxyQuoted("req.cook(" + name + ")") : "src");
}

std::string balanceOf(const BalancerSpec& balancer)
{
    if (balancer.algorithm.empty())
        return "roundrobin";
    if (balancer.algorithm == "hash")
        return hashed(balancer.settings);
    const auto draws = balancer.settings.whole("draws", 0);
    if (balancer.algorithm == "random" && draws > 0)
        return "random(" + std::to_string(draws) + ")";
    return plainName(balancer.algorithm);
}

const StickySpec* withTable(const StickySpec* spec)
{
    return spec && spec->settings.text("mode", "insert") == "stick-table" ? spec : nullptr;
}

std::string tableLine(const Settings& given, bool onSession)
{
    std::string line = onSession ? "type string len 128" : "type ip";
    line += " size " + std::to_string(given.whole("table-size", 100'000));
    if (given.has("expire"))
        line += " expire " + std::to_string(wholeSeconds(given.time("expire"))) + "s";
    return line;
}

// What the stick table remembers, and when.
void describeTable(TemplateValues& values, const StickySpec* spec)
{
    const std::string on = spec ? spec->settings.text("stick-on", "source") : std::string();
    const bool onSession = spec && on != "source";
    values.setIf("stick-table", spec != nullptr, spec ? tableLine(spec->settings, onSession) : "");
    values.showIf("stick-on-source", spec && !onSession);
    std::string name;
    if (on == "header")
        name = "hdr(" + spec->settings.text("stick-header", "Mcp-Session-Id") + ")";
    else if (onSession)
        name = "cook(" + (spec->cookie.empty() ? "session" : spec->cookie) + ")";
    values.setIf("stick-response", onSession, haproxyQuoted("res." + name));
    values.setIf("stick-request", onSession, haproxyQuoted("req." + name));
}

std::string cookieLine(const StickySpec& spec)
{
    const Settings& given = spec.settings;
    std::string line = "cookie " + haproxyQuoted(spec.cookie.empty() ? "SRV" : spec.cookie) + " "
        + plainName(given.text("mode", "insert"));
    for (const char* flag : {"indirect", "nocache", "postonly", "preserve"}) {
        if (given.flag(flag))
            line.append(" ").append(flag);
    }
    if (spec.httpOnly)
        line += " httponly";
    if (spec.secure)
        line += " secure";
    if (!spec.domain.empty())
        line += " domain " + haproxyQuoted(spec.domain);
    for (const char* age : {"maxidle", "maxlife"}) {
        if (given.has(age))
            line.append(" ").append(age).append(" ") +=
                std::to_string(wholeSeconds(given.time(age))) + "s";
    }
    if (given.has("dynamic-cookie-key"))
        line += " dynamic";
    if (spec.sameSite != SameSite::unset)
        line += " attr " + haproxyQuoted("SameSite=" + capitalized(spec.sameSite));
    if (given.has("attr"))
        line += " attr " + haproxyQuoted(given.text("attr"));
    return line;
}

// Method, function and modifier; empty where none is set. The method must come first.
std::string hashTypeOf(const Settings& given)
{
    if (!given.has("hash-type") && !given.has("hash-function") && !given.flag("avalanche"))
        return {};
    std::string text = plainName(given.text("hash-type", "map-based"));
    if (given.has("hash-function") || given.flag("avalanche"))
        text += " " + plainName(given.text("hash-function", "sdbm"));
    return given.flag("avalanche") ? text + " avalanche" : text;
}

void describeSettings(Draft& draft)
{
    const Settings& given = draft.balancer.settings;
    TemplateValues& values = draft.values;
    values.set("balance", balanceOf(draft.balancer));
    const std::string hashType = hashTypeOf(given);
    values.setIf("hash-type", !hashType.empty(), hashType);
    values.set(
        "timeout-connect",
        std::to_string(wholeMilliseconds(given.time("timeout-connect", std::chrono::seconds(1)))));
    values.setIf("timeout-queue", given.has("timeout-queue"),
                 std::to_string(wholeMilliseconds(given.time("timeout-queue"))));
    values.setIf("hash-balance-factor", given.has("hash-balance-factor"),
                 std::to_string(given.whole("hash-balance-factor", 0)));
    values.set("retries", std::to_string(given.whole("retries", 3)));
    values.setIf("redispatch", given.flag("redispatch"),
                 given.has("redispatch-interval")
                     ? " " + std::to_string(given.whole("redispatch-interval", -1))
                     : "");
    values.setIf("retry-on", given.has("retry-on"), given.text("retry-on"));
    values.showIf("persist", given.flag("persist"));
    values.setIf("force-persist", given.has("force-persist"),
                 plainName(given.text("force-persist", "none")));
    values.showIf("allbackups", given.flag("allbackups"));
    values.set("health-path", draft.site.healthPath);
}

// What stands on each server's line.
std::string serverOptions(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    std::string options;
    if (const auto& check = balancer.healthCheck) {
        options += " check inter " + std::to_string(wholeMilliseconds(check->every)) + "ms";
        options += " fall " + std::to_string(check->fall.value_or(3));
        options += " rise " + std::to_string(check->rise.value_or(2));
        if (const std::string layer = given.text("observe", "none"); layer != "none")
            options += " observe " + plainName(layer) + " on-error mark-down error-limit "
                + std::to_string(given.whole("error-limit", 10));
    }
    if (given.has("slowstart"))
        options +=
            " slowstart " + std::to_string(wholeMilliseconds(given.time("slowstart"))) + "ms";
    for (const char* limit : {"maxconn", "maxqueue"}) {
        if (given.has(limit))
            options.append(" ").append(limit).append(" ") += std::to_string(given.whole(limit, 0));
    }
    return options;
}

void describeServers(Draft& draft)
{
    const StickySpec* spec = draft.sticky();
    const bool named = spec && !withTable(spec) && !spec->settings.has("dynamic-cookie-key");
    for (const ReplicaSpec& replica : draft.scenario.replicas) {
        const std::string route = replica.route.value_or(replica.name);
        TemplateValues& server = draft.values.repeat("servers");
        server.set("name", plainName(replica.name));
        server.set("address", plainAddress(replica.address));
        draft.noteIf(replica.weight > largestWeight,
                     replica.name + " has the weight " + std::to_string(replica.weight)
                         + " in the scenario: HAProxy's largest is 256");
        server.set("weight", std::to_string(std::min(replica.weight, largestWeight)));
        server.set("cookie", named && !route.empty() ? " cookie " + haproxyQuoted(route) : "");
        server.set("options", serverOptions(draft.balancer) + (replica.backup ? " backup" : ""));
    }
}

void describe(Draft& draft)
{
    describeSettings(draft);
    const StickySpec* spec = draft.sticky();
    const bool setsCookie = spec && !withTable(spec);
    describeTable(draft.values, withTable(spec));
    draft.values.setIf("cookie-line", setsCookie, setsCookie ? cookieLine(*spec) : "");
    const std::string key = setsCookie ? spec->settings.text("dynamic-cookie-key") : "";
    draft.values.setIf("dynamic-cookie-key", !key.empty(), haproxyQuoted(key));
    draft.values.showIf("health", draft.balancer.healthCheck.has_value());
    const auto& orders = draft.site.orders;
    draft.values.showIf("ordered", std::any_of(orders.begin(), orders.end(), [](ServerOrder order) {
                            return order != ServerOrder::ready;
                        }));
    draft.noteIf(!draft.balancer.healthCheck
                     && draft.balancer.settings.text("observe", "none") != "none",
                 "observe works only with a health check: it is left out");
    describeServers(draft);
}

constexpr std::array<ConfigFile, 1> files {{{"haproxy.cfg", "haproxy/haproxy.cfg"}}};
constexpr std::array<ConfigFormat, 1> formats {{{"haproxy", "haproxy.cfg", files, true, describe}}};

} // namespace

std::span<const ConfigFormat> haproxyFormats()
{
    return formats;
}

} // namespace stickyscope
