// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sticky_trial.h"

#include <string>
#include <vector>

namespace stickyscope::test {

/// A product, and one of its ways of being sticky.
struct ProductVariant
{
    const Product* product;
    Settings cookie;
    std::string algorithm {}; ///< where the cookie needs one that hashes
};

inline BalancerSpec specOf(const ProductVariant& variant)
{
    BalancerSpec spec = StickyTrial::specOf(*variant.product, variant.cookie, {});
    spec.algorithm = variant.algorithm;
    return spec;
}

/// Each product that has a cookie as it comes, and each of its ways of being sticky.
inline std::vector<ProductVariant> productVariants()
{
    std::vector<ProductVariant> all;
    for (const Product* product : products()) {
        if (product->hasCookie())
            all.push_back({product, {}});
    }
    all.push_back({&nginx, {{"method", std::string("userid")}}, "hash-consistent"});
    all.push_back({&envoy, {{"hash-policy", true}, {"ttl", Duration {}}}, "ring_hash"});
    all.push_back({&envoy, {{"hash-policy", true}, {"ttl", Duration {}}}, "maglev"});
    all.push_back({&envoy, {{"ttl", Duration(std::chrono::minutes(2))}}});
    all.push_back({&haproxy, {{"maxidle", Duration(std::chrono::minutes(2))}}});
    all.push_back({&haproxy, {{"dynamic-cookie-key", std::string("key")}}});
    all.push_back({&ingressNginx, {{"affinity-mode", std::string("persistent")}}});
    all.push_back({&istio, {{"persistent-session", true}}});
    all.push_back({&gcp, {{"session-affinity", std::string("STRONG_COOKIE_AFFINITY")}}});
    all.push_back({&gatewayApi,
                   {{"lifetime-type", std::string("Permanent")},
                    {"absolute-timeout", Duration(std::chrono::hours(24))}}});
    for (const char* policy : {"ArrCookie", "Cookie", "CustomHeader"})
        all.push_back(
            {&yarp,
             {{"policy", std::string(policy)}, {"data-protection-keys", std::string("shared")}}});
    for (const char* hash : {"index", "sha1"})
        all.push_back({&stickyModuleNg, {{"hash", std::string(hash)}}});
    all.push_back({&stickyModuleNg, {{"text", std::string("raw")}}});
    all.push_back({&kong, {}, "sticky-sessions"});
    all.push_back({&gatewayApi, {{"persistence-type", std::string("Header")}}});
    for (const char* by : {"ip_cookie", "header"})
        all.push_back({&cloudflare, {{"affinity-by", std::string(by)}}});
    all.push_back({&gcp, {{"session-affinity", std::string("HEADER_FIELD")}}});
    all.push_back({&apache, {{"stickysessionsep", std::string("Off")}}});
    all.push_back({&custom, {{"lookup", std::string("ring")}}});
    const Settings encrypted {{"lookup", std::string("encrypted")}, {"secret", std::string("k")}};
    all.push_back({&custom, encrypted});
    all.push_back({&custom, encrypted});
    all.back().cookie.set("expiry", std::string("idle-and-life"));
    all.push_back({&custom, {{"separator", std::string("!")}, {"in-quotes", true}}});
    for (const char* value : {"address", "url", "md5", "sha1", "sha256", "hmac", "xxhash", "fnv",
                              "base64", "f5", "index", "random"})
        all.push_back({&custom, {{"value", std::string(value)}}});
    all.push_back({&custom, {{"expiry", std::string("idle-and-life")}}});
    return all;
}

} // namespace stickyscope::test
