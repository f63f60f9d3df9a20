// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/cookie_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/verbs.h"
#include "sim/dispatch/cookie_ways.h"
#include "sim/formats/yaml_text.h"
#include "sim/products/cookie_text.h"

#include <algorithm>
#include <chrono>

namespace stickyscope::cli {

namespace {

// The setting that its cookie's value follows from; null where there is none.
const Setting* keyOf(const Product& product)
{
    for (const char* key : {"secret", "dynamic-cookie-key", "hmac-key"}) {
        const Setting* setting = findSetting(product.cookieSettings, key);
        if (setting && setting->type == Setting::Type::text)
            return setting;
    }
    return nullptr;
}

// What keeps anybody from saying anything of this product's cookie; or nothing.
std::string whyNot(const CookieOptions& options)
{
    const Product* product = findProduct(options.product);
    if (!product || !product->hasCookie()) {
        std::string known;
        for (const Product* one : products()) {
            if (one->hasCookie())
                known.append(known.empty() ? "" : ", ").append(one->id);
        }
        return "--product must be one of " + known + ", not " + printable(options.product);
    }
    const std::string title(product->title);
    if (product->opaqueValue && options.value.empty())
        return "what stands in the cookie of " + title
            + " is known to nobody but its maker: no value can be written for a server";
    if (product->opaqueValue)
        return "what stands in the cookie of " + title + " is known to nobody but its maker";
    if (!product->opaqueAlgorithm.empty() && options.algorithm == product->opaqueAlgorithm)
        return "what stands in the cookie of " + title + "'s " + options.algorithm
            + " is known to nobody but its maker";
    if (!options.key.empty() && !keyOf(*product))
        return "the cookie of " + title + " has no key: leave --key out";
    if (!options.name.empty() && !product->anyCookieText && !isToken(options.name))
        return "--name must be " + std::string(aCookiesName) + ", not " + printable(options.name);
    return faultInNames(options.product, options.algorithm);
}

std::string replicaText(const CookieOptions& options, ReplicaIndex replica)
{
    return printableLine(options.replicas[raw(replica)]);
}

std::string inBrackets(const std::string& title)
{
    return title.empty() ? "" : " (" + title + ")";
}

// Where the hash leads in each way that the product has; empty where it hashes no cookie.
std::string hashedLines(const BalancerSpec& spec, const CookieOptions& options,
                        const std::string& value)
{
    const ReplicaSet replicas = cookieServersOf(options);
    std::string text;
    const Rule* said = nullptr;
    for (const CookieWay& way : cookieWays(spec)) {
        const LedTo led = whereCookieLeads(way.spec, replicas, value, timeNow());
        if (led.rule != said)
            text.append("  ").append(led.rule->sentence).append("\n");
        said = led.rule;
        if (led.hashed && led.replica != noReplica)
            text.append("  leads to ")
                .append(replicaText(options, led.replica))
                .append(inBrackets(way.title))
                .append("\n");
    }
    return text;
}

// Where no algorithm is given, all are meant with which there is such a balancer: there must be
// one.
Outcome<Scenario> withOneOf(const CookieOptions& options, const std::string& balancer)
{
    const std::string server = "{name: server-1}";
    auto usual = scenarioOfOptions(server, balancer);
    if (usual || !options.algorithm.empty())
        return usual;
    for (const ProductAlgorithm& algorithm : findProduct(options.product)->algorithms) {
        auto other = scenarioOfOptions(
            server, balancer + ", algorithm: " + yamlScalar(std::string(algorithm.name)));
        if (!other)
            continue;
        other->balancer.algorithm.clear();
        return other;
    }
    return usual;
}

} // namespace

WallSeconds timeNow()
{
    return WallSeconds(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                           .time_since_epoch());
}

Outcome<BalancerSpec> cookieSpecOf(const CookieOptions& options)
{
    using Result = Outcome<BalancerSpec>;
    if (const std::string wrong = whyNot(options); !wrong.empty())
        return Result::failure(wrong);
    const auto sticky = pairsAsYaml("--sticky", options.sticky, "hash-policy=true");
    const auto settings = pairsAsYaml("--settings", options.settings, "consistent-hash=maglev");
    if (!sticky || !settings)
        return Result::failure((sticky ? settings : sticky).error());
    std::string text = "product: " + yamlScalar(options.product) + ", sticky: {" + *sticky + "}";
    if (!options.algorithm.empty())
        text += ", algorithm: " + yamlScalar(options.algorithm);
    if (!settings->empty())
        text += ", " + *settings;
    const auto scenario = withOneOf(options, text);
    if (!scenario)
        return Result::failure(scenario.error());
    BalancerSpec spec = scenario->balancer;
    // Not the scenario's usual name for it, but the product's.
    spec.sticky->cookie =
        options.name.empty() && options.sticky.find("cookie=") == std::string::npos ? std::string()
        : options.name.empty() ? spec.sticky->cookie
                               : options.name;
    if (options.key.empty())
        return spec;
    const std::string_view key = keyOf(*findProduct(options.product))->key;
    if (key == "hmac-key" && !spec.sticky->settings.has("hmac"))
        return Result::failure("the module has a key for its hmac alone: add --sticky hmac=md5 or "
                               "hmac=sha1");
    spec.sticky->settings.set(key, options.key);
    return spec;
}

ReplicaSet cookieServersOf(const CookieOptions& options)
{
    ReplicaSet replicas;
    for (const std::string& text : options.replicas) {
        const CookieServer server = *serverOf(text);
        replicas.add({.name = server.name.empty() ? server.address : server.name,
                      .url = "http://" + server.address});
    }
    return replicas;
}

int readCookieOfProduct(const CookieOptions& options, const std::string& value)
{
    const auto spec = cookieSpecOf(options);
    if (!spec) {
        complain(spec.error());
        return wrongUse;
    }
    if (options.replicas.empty()) {
        complain("name the balancer's servers with --replicas, all of them");
        return wrongUse;
    }
    const ReplicaSet replicas = cookieServersOf(options);
    std::string text = std::string(findProduct(spec->product)->title) + "\n";
    const LedTo named = whereCookieLeads(*spec, replicas, value, timeNow());
    if (!named.hashed && named.replica != noReplica) {
        print(text + "  belongs to " + replicaText(options, named.replica) + "\n");
        return done;
    }
    const std::string led = hashedLines(*spec, options, value);
    text += led.empty() ? "  belongs to none of the replicas given\n" : led;
    print(text);
    return led.find("  leads to ") == std::string::npos ? notMet : done;
}

std::string whereHashLeads(const CookieOptions& options, const std::string& value)
{
    const auto spec = cookieSpecOf(options);
    return spec ? hashedLines(*spec, options, value) : std::string();
}

} // namespace stickyscope::cli
