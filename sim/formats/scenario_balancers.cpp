// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario's balancers must be to one another, to their servers, and to their products.
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/products/cookie_text.h"
#include "sim/products/product.h"
#include "sim/products/regular_expression.h"

#include <algorithm>
#include <array>
#include <set>

namespace stickyscope {

namespace {

constexpr std::array<std::pair<std::string_view, CookieKey>, 7> cookieKeys {
    {{"cookie", CookieKey::name},
     {"path", CookieKey::path},
     {"domain", CookieKey::domain},
     {"secure", CookieKey::secure},
     {"http-only", CookieKey::httpOnly},
     {"same-site", CookieKey::sameSite},
     {"max-age", CookieKey::maxAge}}};

// The key in the file, which is there.
const YamlNode* keyNode(const YamlNode& mapping, std::string_view key)
{
    for (std::size_t entry = 0; entry < mapping.entries(); ++entry) {
        if (mapping.key(entry).text == key)
            return &mapping.key(entry);
    }
    return &mapping;
}

// Several products may have a setting of this key, each with a range of its own.
bool isWithin(const Setting& setting, Duration time)
{
    return time >= inSeconds(setting.least) && time <= inSeconds(setting.most);
}

void checkRange(const Setting& setting, const SettingValue& value, const Product& product,
                const Place& at)
{
    const auto fail = [&](const std::string& least, const std::string& most) {
        at.fail(at.path() + " must be " + least + " to " + most + " for "
                + std::string(product.title));
    };
    if (const auto* time = std::get_if<Duration>(&value); time && !isWithin(setting, *time))
        fail(writeTime(inSeconds(setting.least)), writeTime(inSeconds(setting.most)));
    if (const auto* whole = std::get_if<std::int64_t>(&value); whole
        && (static_cast<double>(*whole) < setting.least
            || static_cast<double>(*whole) > setting.most))
        fail(writeNumber(setting.least), writeNumber(setting.most));
}

bool isServer(const BalancerSpec& balancer, const std::string& name)
{
    return std::find(balancer.servers.begin(), balancer.servers.end(), name)
        != balancer.servers.end();
}

void checkWeights(const BalancerSpec& spec, const Product& product, const Scenario& scenario,
                  const Place& at)
{
    const auto check = [&](const std::string& name, int weight) {
        if (weight > product.largestWeight)
            at.fail("the weight of " + name + " must be 0 to "
                    + std::to_string(product.largestWeight) + " for " + std::string(product.title));
    };
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (spec.servers.empty() || isServer(spec, replica.name))
            check(replica.name, replica.weight);
    }
    for (const TimelineEntry& entry : scenario.timeline) {
        const Intervention& what = entry.intervention;
        if (what.kind != Intervention::Kind::setWeight)
            continue;
        const bool all = what.replica == noReplica;
        const std::string& name = scenario.replicas[all ? 0 : raw(what.replica)].name;
        if (all || spec.servers.empty() || isServer(spec, name))
            check(name, static_cast<int>(what.amount));
    }
    for (const BalancerSpec& other : scenario.balancers) {
        if (isServer(spec, other.name))
            check(other.name, other.weight);
    }
}

void checkLevels(const BalancerSpec& spec, const Product& product, const Scenario& scenario,
                 const Place& at)
{
    if (!spec.zones.empty() && !product.hasZones)
        at.fail(at.path() + ".zones: " + std::string(product.title) + " knows no zones");
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (!spec.servers.empty() && !isServer(spec, replica.name))
            continue;
        const std::string has(product.title);
        if (replica.backup && !product.hasBackups)
            at.fail(replica.name + " is a backup, and " + has + " has none");
        if (replica.spare && !product.hasSpares)
            at.fail(replica.name + " is a spare, and " + has + " has none");
        if (replica.canary && !product.canary)
            at.fail(replica.name + " is a canary, and " + has + " has none");
        if (!replica.redirect.empty() && !product.hasRedirects)
            at.fail(replica.name + " has a redirect, and " + has + " has none");
    }
}

// Other products have other words under the same key.
void checkWords(const Setting& setting, const std::string& text, const Place& at)
{
    std::string known;
    for (const std::string_view choice : setting.choices)
        known.append(known.empty() ? "" : ", ").append(choice);
    std::set<std::string_view> given;
    for (const std::string_view word : wordsOf(text)) {
        const auto& all = setting.choices;
        if (std::find(all.begin(), all.end(), word) == all.end() || !given.insert(word).second)
            given.clear();
        if (given.empty())
            break;
    }
    if (given.empty())
        at.mustBe("one or more of " + known + ", each once, with blanks between them");
}

void checkPattern(const std::string& pattern, const Place& at)
{
    if (const std::string wrong = RegularExpression(pattern).fault(); !wrong.empty())
        at.fail(at.path() + " must be a regular expression (PCRE), not '" + pattern
                + "': " + wrong);
}

// What each setting is good for, and not what others are set to.
void checkTogether(const BalancerSpec& spec, const Product& product, const Scenario& scenario,
                   const LaneSpec& lane, const Place& at)
{
    const auto refuse = [&](const std::string& why) {
        if (!why.empty())
            at.fail(at.path() + ": " + std::string(product.title) + " " + why);
    };
    if (product.refuses)
        refuse(product.refuses(spec));
    for (const BalancerSpec& other : scenario.balancers) {
        if (product.refusesServer && isServer(spec, other.name))
            refuse(product.refusesServer(spec, inLane(other, lane, false)));
    }
    for (const ReplicaSpec& replica : scenario.replicas) {
        const bool isIts = spec.servers.empty() || isServer(spec, replica.name);
        const std::size_t size = replica.route.value_or("").size();
        if (spec.sticky && isIts && product.longestRoute > 0 && size > product.longestRoute)
            refuse("takes a route of " + std::to_string(product.longestRoute)
                   + " characters at most, and that of " + replica.name + " has "
                   + std::to_string(size));
    }
}

void checkOptions(const BalancerSpec& spec, const Product& product, const BalancerPart& part)
{
    for (const auto& [key, value] : spec.settings) {
        if (const Setting* setting = findSetting(product.settings, key);
            setting && setting->type == Setting::Type::words)
            checkWords(*setting, std::get<std::string>(value),
                       Place(*keyNode(*part.node, key), part.path + "." + key));
        if (key.ends_with("-pattern"))
            checkPattern(std::get<std::string>(value),
                         Place(*keyNode(*part.node, key), part.path + "." + key));
        const Place there(*keyNode(*part.node, key), {});
        const std::string path = part.path + "." + key;
        const Setting* setting = findSetting(product.settings, key);
        if (!setting)
            there.fail(path + ": " + std::string(product.title) + " has no such option");
        checkRange(*setting, value, product, Place(*keyNode(*part.node, key), path));
    }
}

} // namespace

std::optional<CookieKey> cookieKeyOf(std::string_view key)
{
    const auto* const row = std::find_if(cookieKeys.begin(), cookieKeys.end(),
                                         [key](const auto& one) { return one.first == key; });
    return row == cookieKeys.end() ? std::nullopt : std::optional(row->second);
}

void checkBalancer(const LaneSpec& lane, const Scenario& scenario, const BalancerPart& part)
{
    // A lane's own product and algorithm are those of the one in front.
    const BalancerSpec spec = inLane(part.spec, lane, part.spec.name.empty());
    const Product& product = *findProduct(spec.product);
    const Place at(*part.node, part.path);
    if (!findAlgorithm(product, spec.algorithm)) {
        std::string known;
        for (const ProductAlgorithm& algorithm : product.algorithms)
            known += (known.empty() ? "" : ", ") + std::string(algorithm.name);
        at.fail("lane " + lane.name + ": the algorithm of " + std::string(product.id)
                + " must be one of " + known + ", not " + spec.algorithm);
    }
    checkOptions(spec, product, part);
    checkWeights(spec, product, scenario, at);
    checkLevels(spec, product, scenario, at);
    checkTogether(spec, product, scenario, lane, at);
    if (!lane.sticky)
        return;
    if (spec.sticky && !spec.sticky->cookie.empty() && !product.anyCookieText
        && !isToken(spec.sticky->cookie))
        at.fail(part.path + ".sticky.cookie must be " + aCookiesName + ", for "
                + std::string(product.title));
    for (const YamlNode* node : part.stickyKeys) {
        const std::string& key = node->text;
        const auto common = cookieKeyOf(key);
        const Setting* const own = common ? nullptr : findSetting(product.cookieSettings, key);
        const bool known = common ? product.has(*common) : own != nullptr;
        const std::string path = part.path + ".sticky." + key;
        if (!known)
            Place(*node, {}).fail(path + ": " + std::string(product.title)
                                  + " has no such setting");
        if (own && own->type == Setting::Type::words)
            checkWords(*own, spec.sticky->settings.text(key), Place(*node, path));
        for (const auto& [name, value] : spec.sticky->settings) {
            if (own && name == key)
                checkRange(*own, value, product, Place(*node, path));
        }
    }
}

void checkServers(const std::vector<BalancerPart>& balancers, const Scenario& scenario)
{
    std::set<std::string> names;
    for (const ReplicaSpec& replica : scenario.replicas)
        names.insert(replica.name);
    for (const BalancerPart& part : balancers) {
        if (names.contains(part.spec.name))
            Place(*part.node, part.path)
                .fail(part.path + ": a replica has the name " + part.spec.name + " already");
    }
    // From behind: each knows the replicas, and the balancers that stand after it in the file.
    for (std::size_t place = balancers.size(); place-- > 0;) {
        const BalancerPart& part = balancers[place];
        std::set<std::string> given;
        for (const std::string& server : part.spec.servers) {
            const Place at(*part.node, part.path);
            if (!names.contains(server))
                at.fail(part.path + ".servers: " + server
                        + " is neither a replica nor a balancer that stands further down");
            if (!given.insert(server).second)
                at.fail(part.path + ".servers: " + server + " stands there twice");
        }
        names.insert(part.spec.name);
    }
}

std::vector<RouteSpec> readRoutes(const Place& at, const std::vector<BalancerSpec>& balancers)
{
    std::vector<RouteSpec> routes;
    for (const Place& item : at.items(1, 100)) {
        RouteSpec& route = routes.emplace_back();
        item.fields({{"host", [&](const Place& of) { route.host = of.name(); }},
                     {"path",
                      [&](const Place& of) {
                          route.path = of.text(2000);
                          if (!route.path.starts_with('/'))
                              of.mustBe("a path that begins with /");
                      }},
                     {"to",
                      [&](const Place& of) {
                          route.to = of.name();
                          const bool there = std::any_of(balancers.begin(), balancers.end(),
                                                         [&](const BalancerSpec& balancer) {
                                                             return balancer.name == route.to;
                                                         });
                          if (!there)
                              of.mustBe("the name of one of `balancers`");
                      },
                      true}});
    }
    return routes;
}

} // namespace stickyscope
