// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/algorithm_settings.h"
#include "sim/products/custom_value.h"
#include "sim/products/hash_key.h"
#include "sim/products/product.h"

#include <array>
#include <string_view>

// All that can be said of a balancer that is no product.
namespace stickyscope::custom_settings {

// Every algorithm, under its own name.
inline constexpr std::string_view ids[] = {"traefik-wrr",
                                           "traefik-p2c",
                                           "traefik-hrw",
                                           "traefik-leasttime",
                                           "haproxy-roundrobin",
                                           "haproxy-static-rr",
                                           "haproxy-leastconn",
                                           "haproxy-random",
                                           "haproxy-source",
                                           "haproxy-hash",
                                           "smooth-weighted-round-robin",
                                           "nginx-round-robin",
                                           "nginx-sticky-module-ng",
                                           "nginx-least-conn",
                                           "nginx-least-time",
                                           "nginx-random",
                                           "nginx-random-two",
                                           "nginx-ip-hash",
                                           "nginx-hash",
                                           "nginx-hash-consistent",
                                           "apache-byrequests",
                                           "apache-bytraffic",
                                           "apache-bybusyness",
                                           "envoy-round-robin",
                                           "envoy-least-request",
                                           "envoy-ring-hash",
                                           "envoy-maglev",
                                           "caddy-round-robin",
                                           "caddy-random-choose",
                                           "caddy-hash",
                                           "caddy-weighted-round-robin",
                                           "caddy-xxhash",
                                           "ingress-nginx-chash",
                                           "ingress-nginx-ewma",
                                           "peak-ewma",
                                           "round-robin",
                                           "spring-round-robin",
                                           "random",
                                           "weighted-random",
                                           "least-connections",
                                           "first",
                                           "first-alphabetical"};
inline constexpr auto algorithms = [] {
    std::array<ProductAlgorithm, std::size(ids)> all {};
    for (std::size_t place = 0; place < all.size(); ++place)
        all.at(place) = {ids[place], ids[place]};
    return all;
}();

inline constexpr double longest = 10.0 * 365 * 86400;
inline constexpr std::array<std::string_view, 3> lookups {"map", "ring", "encrypted"};
inline constexpr std::array<std::string_view, 3> emissions {"on-miss", "always", "refresh"};
inline constexpr std::array<std::string_view, 3> forUnknown {"repick", "accept", "reject"};
inline constexpr std::array<std::string_view, 3> forDown {"repick", "keep-cookie", "reject"};
inline constexpr std::array<std::string_view, 4> expiries {"absolute", "sliding", "in-value",
                                                           "idle-and-life"};
inline constexpr std::array<Setting, 24> ofCookie {{
    {"value", Setting::Type::choice,
     "What stands for a server: its name, address, url, a hash, base64, the address as F5's "
     "number, its place in the list (index), or a number that the balancer makes up as it begins "
     "(random).",
     "name", 0, 0, customValues},
    {"value-of", Setting::Type::choice,
     "What a hash or base64 is made of: the server's address, url or name.", "address", 0, 0,
     customValueSources},
    {"digits", Setting::Type::whole, "How many digits of a hash are kept.", "all", 1, 64},
    {"separator", Setting::Type::text,
     "Stands before the value. What a client has before it does not count; without it there is no "
     "value.",
     "none"},
    {"secret", Setting::Type::text,
     "The key of hmac, and of what is encrypted. Unsaid, that of hmac is empty, and each balancer "
     "makes up the other one as it begins.",
     "it depends"},
    {"lookup", Setting::Type::choice,
     "map: the cookie names a server; encrypted: likewise, but it looks different each time it is "
     "set, and only the balancer reads it; ring: it names a client, and its hash says which "
     "server.",
     "map", 0, 0, lookups},
    {"emit", Setting::Type::choice,
     "on-miss: the cookie is set where a server was picked; always: in every answer; refresh: also "
     "where a date in its value is older than now.",
     "on-miss", 0, 0, emissions},
    {"on-unknown", Setting::Type::choice,
     "A value that names nobody: repick, accept it and set no other, or reject.", "repick", 0, 0,
     forUnknown},
    {"on-down", Setting::Type::choice,
     "A server that is marked down: repick and tell the client, keep-cookie and do not, or reject.",
     "repick", 0, 0, forDown},
    {"reject-status", Setting::Type::whole, "The answer to what is rejected.", "503", 400, 599},
    {"keep-draining", Setting::Type::flag, "Bound requests go to draining servers."},
    {"keep-weight-zero", Setting::Type::flag, "Bound requests go to servers of weight 0."},
    {"any-usable", Setting::Type::flag,
     "Of several cookies of the name any usable one counts, not the first alone."},
    {"strip-quotes", Setting::Type::flag, "Quotes around the value do not count."},
    {"in-quotes", Setting::Type::flag,
     "The value is written in quotes, and must come back in them."},
    {"expiry", Setting::Type::choice,
     "What max-age means: absolute, from the first answer on; sliding, from each; in-value: a date "
     "in the value; idle-and-life: dates in the value, by maxidle and maxlife.",
     "absolute", 0, 0, expiries},
    {"maxidle", Setting::Type::time, "Ignore a cookie that was not used for so long.", "never", 1,
     longest},
    {"maxlife", Setting::Type::time, "Ignore a cookie that is older.", "never", 1, longest},
    {"as-date", Setting::Type::flag, "The lifetime is written as Expires, not as Max-Age."},
    {"partitioned", Setting::Type::flag, "The attribute Partitioned."},
    {"secure-over-tls", Setting::Type::flag, "Secure where the client speaks TLS."},
    {"cookie-on-errors", Setting::Type::flag,
     "The balancer's own error carries the cookie of the server that was picked."},
    {"not-on-101", Setting::Type::flag, "A WebSocket's handshake carries no cookie."},
    {"of-each-attempt", Setting::Type::flag,
     "A retried request's answer carries the cookies of all attempts (with cookie-on-errors)."},
}};
inline constexpr std::array<std::string_view, 3> forFailed {"next", "same-target", "redispatch"};
inline constexpr std::array<std::string_view, 3> reloads {"keeps-turns", "keeps-cookies",
                                                          "keeps-nothing"};
inline constexpr std::array<Setting, 25> ofBalancer {{
    hashOn,
    hashName,
    algorithm_settings::said(algorithm_settings::draws, "How many servers haproxy-random draws."),
    algorithm_settings::said(algorithm_settings::hashType,
                             "Of haproxy-hash and haproxy-source: map-based: most keys move with "
                             "any change; consistent: few do."),
    algorithm_settings::said(algorithm_settings::hashBalanceFactor,
                             "Of these, where they are consistent: no server takes more than so "
                             "many hundredths of the mean; 0: any number."),
    algorithm_settings::said(algorithm_settings::hashFunction, "Their function."),
    algorithm_settings::avalanche,
    algorithm_settings::said(algorithm_settings::choiceCount,
                             "How many servers envoy-least-request draws."),
    algorithm_settings::said(
        algorithm_settings::activeRequestBias,
        "How much requests in flight count for envoy-least-request with unequal weights."),
    algorithm_settings::said(algorithm_settings::fullScan,
                             "envoy-least-request looks at all servers."),
    algorithm_settings::said(algorithm_settings::minimumRingSize, "Of envoy-ring-hash."),
    algorithm_settings::said(algorithm_settings::maximumRingSize, "Of envoy-ring-hash."),
    algorithm_settings::said(
        algorithm_settings::inflight,
        "nginx-least-time counts how long the requests in flight have taken so far."),
    algorithm_settings::said(algorithm_settings::choose,
                             "How many servers caddy-random-choose draws."),
    {"decay", Setting::Type::time, "How fast peak-ewma forgets.", "10s", 0.001, 86400},
    {"reload", Setting::Type::choice,
     "What a reload that changes nothing leaves: keeps-cookies, the algorithm begins anew; "
     "keeps-turns, it goes on where it was; keeps-nothing, also what the balancer has made up for "
     "its cookies is new: random values, its own key.",
     "keeps-cookies", 0, 0, reloads},
    {"on-failure", Setting::Type::choice,
     "A server that does not answer, before anybody has noticed: next, another one; same-target: "
     "it alone; redispatch: it, and at last another.",
     "next", 0, 0, forFailed},
    {"retries", Setting::Type::whole, "How often a request is tried once more.", "1", 0, 100},
    {"redispatch-after", Setting::Type::whole, "After how many tries redispatch goes to another.",
     "1", 1, 100},
    {"retry-pause", Setting::Type::time, "Before each further try.", "0s", 0, 3600},
    {"failure-status", Setting::Type::whole, "The answer where no try was answered.", "502", 400,
     599},
    {"max-fails", Setting::Type::whole,
     "How many failed requests mark a server as unavailable; 0: none does.", "0", 0, 1000},
    {"fail-timeout", Setting::Type::time, "Within which time, and for how long it is left out.",
     "10s", 1, 86400},
    {"max-requests", Setting::Type::whole, "How many requests may be under way at once.",
     "any number", 1, 1'000'000},
    {"slow-start", Setting::Type::time,
     "How long a server that joins or comes up again takes less than its share.", "none", 1, 3600},
}};

} // namespace stickyscope::custom_settings
