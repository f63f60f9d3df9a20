// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/cookie_ways.h"

#include "sim/balance/algorithms.h"

#include <algorithm>
#include <span>
#include <utility>

namespace stickyscope {

namespace {

// One setting, and the word for it; without a setting, nothing is changed.
struct Change
{
    std::string title;
    const Setting* setting = nullptr;
    SettingValue value = false;
};

// None, and each that turns a flag on or makes another choice than the usual one.
std::vector<Change> changesOf(std::span<const Setting> settings, const Settings& given)
{
    std::vector<Change> all {{}};
    for (const Setting& setting : settings) {
        if (given.has(setting.key))
            continue;
        if (setting.type == Setting::Type::flag)
            all.push_back({std::string(setting.key), &setting, true});
        if (setting.type != Setting::Type::choice)
            continue;
        for (const std::string_view choice : setting.choices) {
            if (choice != setting.usual)
                all.push_back({std::string(setting.key).append(" ").append(choice), &setting,
                               std::string(choice)});
        }
    }
    return all;
}

void make(const Change& change, Settings& settings, std::string& title)
{
    if (!change.setting)
        return;
    settings.set(change.setting->key, change.value);
    title.append(title.empty() ? "" : ", ").append(change.title);
}

// Whether it hashes clients' addresses whatever else there is (nginx's ip_hash).
bool hashesAddressesOnly(const Product& product, BalancerSpec spec)
{
    if (!product.hashKey)
        return false;
    spec.settings.set("hash-on", std::string("cookie"));
    return product.hashKey(spec).of == HashKey::Of::source;
}

// The id of the algorithm that hashes its cookie; empty where none does.
std::string_view hashing(const Product& product, const BalancerSpec& spec)
{
    const ReplicaSet nobody;
    if (!product.sticky(spec, nobody)->namesClients())
        return {};
    const std::string_view own =
        product.stickyAlgorithm ? product.stickyAlgorithm(spec) : std::string_view();
    const Algorithm* algorithm =
        findAlgorithm(own.empty() ? findAlgorithm(product, spec.algorithm)->id : own);
    const bool hashes = algorithm->hashes && (!own.empty() || !hashesAddressesOnly(product, spec));
    return hashes ? algorithm->id : std::string_view();
}

// The algorithm needs no word where the cookie brings another one along.
std::string algorithmWord(const Product& product, const BalancerSpec& spec, std::string_view id)
{
    return findAlgorithm(product, spec.algorithm)->id == id ? spec.algorithm : std::string();
}

http::RequestHead requestWith(std::string_view name, std::string_view value)
{
    http::RequestHead request;
    request.method = "GET";
    request.target = "/";
    request.fields.add("Cookie", std::string(name).append("=").append(value));
    return request;
}

LedTo leads(Dispatcher& dispatcher, const BalancerSpec& balancer, std::string_view value,
            WallSeconds now)
{
    http::RequestHead request = requestWith(dispatcher.cookieName(), value);
    if (balancer.sticky->path)
        request.target = *balancer.sticky->path;
    const Recall recall = dispatcher.recall({request, now});
    LedTo led {.replica = recall.names,
               .hashed = recall.hashed,
               .state = recall.state,
               .rule = recall.rule};
    if (!recall.hashed)
        return led;
    Circumstances circumstances {
        .draw = Chance {1}.draw(ClientIndex {0}, 0, Purpose::balancerChoice), .wall = now};
    led.replica = dispatcher.place(recall, circumstances).replica;
    if (led.replica != noReplica)
        dispatcher.released({.replica = led.replica, .status = 200});
    return led;
}

} // namespace

std::vector<CookieWay> cookieWays(const BalancerSpec& balancer)
{
    const Product& product = *findProduct(balancer.product);
    std::vector<CookieWay> ways;
    std::vector<std::string_view> known;
    if (!product.hasCookie())
        return ways;
    std::vector<std::string_view> names {balancer.algorithm};
    if (balancer.algorithm.empty()) {
        names.clear();
        for (const ProductAlgorithm& one : product.algorithms)
            names.push_back(one.name);
    }
    const auto look = [&](const Change& ofCookie, const Change& own, std::string_view name) {
        CookieWay way {.spec = balancer};
        way.spec.algorithm = name;
        make(ofCookie, way.spec.sticky->settings, way.title);
        make(own, way.spec.settings, way.title);
        const std::string_view id = hashing(product, way.spec);
        if (id.empty() || std::find(known.begin(), known.end(), id) != known.end())
            return;
        known.push_back(id);
        if (const std::string word = algorithmWord(product, way.spec, id); !word.empty())
            way.title.append(way.title.empty() ? "" : ", ").append(word);
        ways.push_back(std::move(way));
    };
    // What takes the fewest words comes first.
    for (const Change& ofCookie : changesOf(product.cookieSettings, balancer.sticky->settings)) {
        for (const Change& own : changesOf(product.settings, balancer.settings)) {
            for (const std::string_view name : names)
                look(ofCookie, own, name);
        }
    }
    return ways;
}

LedTo whereCookieLeads(const BalancerSpec& balancer, const ReplicaSet& replicas,
                       std::string_view value, WallSeconds now)
{
    Dispatcher dispatcher(balancer, replicas, Chance {1});
    return leads(dispatcher, balancer, value, now);
}

std::optional<std::string> cookieThatLeads(const std::vector<CookieWay>& ways,
                                           const ReplicaSet& replicas, ReplicaIndex wanted,
                                           WallSeconds now, std::uint32_t tries)
{
    if (ways.empty())
        return std::nullopt;
    std::vector<Dispatcher> dispatchers;
    dispatchers.reserve(ways.size());
    for (const CookieWay& way : ways)
        dispatchers.emplace_back(way.spec, replicas, Chance {1});
    for (std::uint32_t number = 0; number < tries; ++number) {
        const std::string value = dispatchers.front().issue(
            {.draw = Chance {1}.draw(ClientIndex {number}, 0, Purpose::balancerChoice),
             .wall = now});
        bool there = true;
        for (std::size_t place = 0; there && place < ways.size(); ++place) {
            there = leads(dispatchers[place], ways[place].spec, value, now).replica == wanted;
        }
        if (there)
            return value;
    }
    return std::nullopt;
}

} // namespace stickyscope
