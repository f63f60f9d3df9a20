// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/cookie_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/verbs.h"
#include "sim/dispatch/cookie_ways.h"
#include "sim/formats/yaml_text.h"
#include "sim/http/url.h"

#include <algorithm>
#include <chrono>

namespace stickyscope::cli {

namespace {

WallSeconds timeNow()
{
    return WallSeconds(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                           .time_since_epoch());
}

// The setting that its cookie's value follows from; null where there is none.
const Setting* keyOf(const Product& product)
{
    for (const char* key : {"secret", "dynamic-cookie-key"}) {
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
    if (!options.key.empty() && !keyOf(*product))
        return "the cookie of " + title + " has no key: leave --key out";
    return faultInNames(options.product, options.algorithm);
}

// The balancer as these options describe it.
Outcome<BalancerSpec> specOf(const CookieOptions& options)
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
    const auto scenario = scenarioOfOptions("{name: server-1}", text);
    if (!scenario)
        return Result::failure(scenario.error());
    BalancerSpec spec = scenario->balancer;
    // Not the scenario's usual name for it, but the product's.
    spec.sticky->cookie =
        options.name.empty() && options.sticky.find("cookie=") == std::string::npos ? std::string()
        : options.name.empty() ? spec.sticky->cookie
                               : options.name;
    if (!options.key.empty())
        spec.sticky->settings.set(keyOf(*findProduct(options.product))->key, options.key);
    return spec;
}

ReplicaSet replicasOf(const CookieOptions& options)
{
    ReplicaSet replicas;
    for (const std::string& text : options.replicas) {
        const CookieServer server = *serverOf(text);
        replicas.add({.name = server.name.empty() ? server.address : server.name,
                      .url = "http://" + server.address});
    }
    return replicas;
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
    const ReplicaSet replicas = replicasOf(options);
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

// The Set-Cookie field for the only one of these servers, or for the one that an issued value leads
// to; empty where its cookie says nothing of the server, or the product sets none.
std::string fieldFor(const BalancerSpec& spec, const ReplicaSet& replicas, ReplicaIndex replica,
                     const std::string& issued, WallSeconds now)
{
    const auto policy = findProduct(spec.product)->sticky(spec, replicas);
    http::ResponseHead response;
    const Recall recall;
    policy->remember(
        {.recall = recall, .replicas = replicas, .replica = replica, .issued = issued, .now = now},
        response);
    const std::string* field = response.fields.find("Set-Cookie");
    return field ? *field : std::string();
}

std::string fieldFor(const BalancerSpec& spec, const std::string& address, const std::string& name,
                     WallSeconds now)
{
    ReplicaSet replicas;
    replicas.add({.name = name, .url = "http://" + address});
    return fieldFor(spec, replicas, ReplicaIndex {0}, {}, now);
}

int writeHashed(const CookieOptions& options, const BalancerSpec& spec)
{
    const std::string title(findProduct(spec.product)->title);
    const std::string cookie = "the cookie of " + title;
    const ReplicaSet replicas = replicasOf(options);
    const auto wanted =
        std::find_if(replicas.begin(), replicas.end(), [&options](const ReplicaView& replica) {
            return replica.address() == options.address;
        });
    if (wanted == replicas.end()) {
        complain(cookie + " is hashed over all servers: name them with --replicas, "
                 + printable(options.address) + " among them");
        return wrongUse;
    }
    const auto ways = cookieWays(spec);
    if (ways.empty()) {
        complain(cookie + " is to be hashed, and " + spec.algorithm
                 + " hashes none: choose another --algorithm");
        return wrongUse;
    }
    const auto replica = static_cast<ReplicaIndex>(wanted - replicas.begin());
    const WallSeconds now = timeNow();
    const auto value = cookieThatLeads(ways, replicas, replica, now);
    if (!value) {
        std::string all;
        for (const CookieWay& way : ways)
            all.append(all.empty() ? "" : "; ").append(way.title);
        complain("no value was found that leads to " + printable(options.address)
                 + (ways.size() == 1 ? std::string()
                                     : " in each of these ways: " + all
                            + "; choose one with --algorithm or --settings"));
        return notMet;
    }
    const std::string field = fieldFor(ways.front().spec, replicas, replica, *value, now);
    const auto policy = findProduct(spec.product)->sticky(ways.front().spec, replicas);
    print((field.empty() ? std::string(policy->cookieName()) + "=" + *value : field) + "\n");
    return done;
}

} // namespace

int readCookieOfProduct(const CookieOptions& options, const std::string& value)
{
    const auto spec = specOf(options);
    if (!spec) {
        complain(spec.error());
        return wrongUse;
    }
    if (options.replicas.empty()) {
        complain("name the balancer's servers with --replicas, all of them");
        return wrongUse;
    }
    const ReplicaSet replicas = replicasOf(options);
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
    const auto spec = specOf(options);
    return spec ? hashedLines(*spec, options, value) : std::string();
}

int writeCookie(const CookieOptions& options)
{
    const auto spec = specOf(options);
    if (!spec) {
        complain(spec.error());
        return wrongUse;
    }
    const std::string title(findProduct(spec->product)->title);
    if (findProduct(spec->product)->sticky(*spec, ReplicaSet())->namesClients())
        return writeHashed(options, *spec);
    const WallSeconds now = timeNow();
    const std::string field = fieldFor(*spec, options.address, options.server, now);
    if (field.empty()) {
        complain(title + "'s cookie does not follow from a server's address");
        return wrongUse;
    }
    const auto url = http::parseUrl("http://" + options.address);
    const bool byAddress = (url && http::isIpAddress(url->host))
        || field
            != fieldFor(*spec, "x" + options.address, options.server, now); // no address any more
    const bool byName = field != fieldFor(*spec, options.address, options.server + "x", now);
    if (byName && options.server.empty()) {
        complain("the cookie of " + title
                 + " follows from the server's name, not from its address: give it with --server");
        return wrongUse;
    }
    if (!byAddress && !byName) {
        complain(title + "'s cookie holds an address and a port: " + printable(options.address)
                 + " is none");
        return wrongUse;
    }
    print(field + "\n");
    return done;
}

} // namespace stickyscope::cli
