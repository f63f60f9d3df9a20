// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// `stickyscope cookie --for`: the cookie that a product writes for a server.
#include "app/cli/console.h"
#include "app/cli/cookie_options.h"
#include "app/cli/verbs.h"
#include "sim/dispatch/cookie_ways.h"
#include "sim/http/url.h"

#include <algorithm>
#include <optional>

namespace stickyscope::cli {

namespace {

// For whom a cookie is written.
struct Wanted
{
    ReplicaIndex replica {0};
    std::string issued {}; ///< a value that leads there, where one is made up
    std::string applications {}; ///< the Set-Cookie field of the server's own
};

// The Set-Cookie field; empty where its cookie says nothing of the server, or the product sets
// none.
std::string fieldFor(const BalancerSpec& spec, const ReplicaSet& replicas, const Wanted& wanted,
                     WallSeconds now)
{
    const auto policy = findProduct(spec.product)->sticky(spec, replicas);
    http::ResponseHead response;
    if (!wanted.applications.empty())
        response.fields.add("Set-Cookie", wanted.applications);
    const Recall recall;
    policy->remember({.recall = recall,
                      .replicas = replicas,
                      .replica = wanted.replica,
                      .issued = wanted.issued,
                      .now = now},
                     response);
    const std::string* field = response.fields.find("Set-Cookie");
    return field ? *field : std::string();
}

std::string fieldFor(const BalancerSpec& spec, const std::string& address, const std::string& name,
                     WallSeconds now)
{
    ReplicaSet replicas;
    replicas.add({.name = name, .url = "http://" + address});
    return fieldFor(spec, replicas, {}, now);
}

// Behind others, where the value is its place among all of them.
std::string fieldAt(std::size_t place, const BalancerSpec& spec, const CookieOptions& options,
                    WallSeconds now)
{
    ReplicaSet replicas;
    for (std::size_t other = 0; other < place; ++other) {
        const std::string name = "other-" + std::to_string(other);
        replicas.add({.name = name, .url = "http://" + name + ".invalid:1"});
    }
    replicas.add({.name = options.server, .url = "http://" + options.address});
    return fieldFor(spec, replicas, {.replica = static_cast<ReplicaIndex>(place)}, now);
}

// Its place among --replicas; absent where it is not one of them.
std::optional<std::size_t> placeOf(const CookieOptions& options)
{
    for (std::size_t place = 0; place < options.replicas.size(); ++place) {
        if (serverOf(options.replicas[place])->address == options.address)
            return place;
    }
    return std::nullopt;
}

// Why this product writes no cookie for a server by itself.
std::string whyNone(const BalancerSpec& spec, const CookieOptions& options, WallSeconds now)
{
    const std::string title(findProduct(spec.product)->title);
    ReplicaSet replicas;
    replicas.add({.name = options.server.empty() ? "server-1" : options.server,
                  .url = "http://" + options.address});
    const std::string name(findProduct(spec.product)->sticky(spec, replicas)->cookieName());
    const std::string own = name + "=value";
    const std::string changed = fieldFor(spec, replicas, {.applications = own}, now);
    if (!changed.empty() && changed != own)
        return title
            + " sets no cookie of its own here: it writes the server into the value of "
              "the application's cookie "
            + name;
    return title + "'s cookie does not follow from a server's address";
}

// With one of its algorithms at least.
bool hashesCookie(BalancerSpec spec)
{
    const Product& product = *findProduct(spec.product);
    return std::any_of(product.algorithms.begin(), product.algorithms.end(),
                       [&](const ProductAlgorithm& algorithm) {
                           spec.algorithm = algorithm.name;
                           return product.sticky(spec, ReplicaSet())->namesClients();
                       });
}

int writeHashed(const CookieOptions& options, const BalancerSpec& spec)
{
    const std::string title(findProduct(spec.product)->title);
    const std::string cookie = "the cookie of " + title;
    const ReplicaSet replicas = cookieServersOf(options);
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
    const std::string field =
        fieldFor(ways.front().spec, replicas, {.replica = replica, .issued = *value}, now);
    const auto policy = findProduct(spec.product)->sticky(ways.front().spec, replicas);
    print((field.empty() ? std::string(policy->cookieName()) + "=" + *value : field) + "\n");
    return done;
}

} // namespace

int writeCookie(const CookieOptions& options)
{
    const auto spec = cookieSpecOf(options);
    if (!spec) {
        complain(spec.error());
        return wrongUse;
    }
    const std::string title(findProduct(spec->product)->title);
    if (hashesCookie(*spec))
        return writeHashed(options, *spec);
    const WallSeconds now = timeNow();
    const std::string field = fieldFor(*spec, options.address, options.server, now);
    if (field.empty()) {
        complain(whyNone(*spec, options, now));
        return wrongUse;
    }
    if (field != fieldAt(1, *spec, options, now)) {
        const auto place = placeOf(options);
        if (!place) {
            complain("the cookie of " + title
                     + " follows from the server's place among all: name them with --replicas, "
                     + printable(options.address) + " among them");
            return wrongUse;
        }
        print(fieldAt(*place, *spec, options, now) + "\n");
        return done;
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
