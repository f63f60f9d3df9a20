// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/cookie_attributes.h"
#include "sim/products/sticky_policy.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Sticky cookies that are told by their properties alone: most clouds', and any balancer's that
// somebody describes.
namespace stickyscope {

/// Why the policy did what it did; each balancer has its own words. Always needed are picked,
/// valid, unknown and down; draining where it keeps to servers that drain or have weight 0, expired
/// where the value has dates, refused where a status is given for unknown or down.
struct CookieRules
{
    const Rule* picked = nullptr;
    const Rule* valid = nullptr;
    const Rule* draining = nullptr;
    const Rule* unknown = nullptr;
    const Rule* down = nullptr;
    const Rule* expired = nullptr;
    const Rule* refused = nullptr;
};

/// A second cookie of the same value.
struct CookieTwin
{
    std::string name;
    CookieAttributes attributes;
    bool overTlsOnly = false; ///< is set
    bool countsAlone = false; ///< it is read where the other one does not come
};

/// A cookie that names a server, by what its balancer does with it.
// In the order of a description, not of its size: a balancer has one.
struct CookieDescription // NOLINT(clang-analyzer-optin.performance.Padding)
{
    /// Dates within the value, in seconds since 1970.
    enum class Dates : std::uint8_t
    {
        none,
        until, ///< "value|until"
        lastAndFirst, ///< "value|last|first"
    };

    std::string name;
    /// What carries the session instead of a cookie, both ways: it needs clients that copy it from
    /// answers into requests. Empty: it is a cookie, with attributes.
    std::string header;
    /// The value of the server at this place; empty: it has none, and is never named.
    std::function<std::string(const ReplicaView& replica, std::size_t place)> valueOf;
    /// In its place, the value by `key`, where nobody makes one without it.
    std::string (*valueBy)(const std::string& key, const ReplicaView& replica) = nullptr;
    bool drawn = false; ///< `valueOf` does not count: the balancer makes up values as it begins
    std::string separator; ///< before the value, and of a client's only what is behind it counts
    bool sealed = false; ///< all that is encrypted, and looks different each time it is written
    std::string key; ///< of either; empty: the balancer makes one up as it begins
    bool outlivesReload = true; ///< what it has made up
    CookieAttributes attributes;
    bool secureOverTls = false; ///< Secure also where the client speaks TLS
    bool hostIsDomain = false; ///< Domain is whom the request asks for, where none is set
    CookieRules rules;

    // Reading.
    /// How it finds its cookie; null: by `anyUsable` and `stripsQuotes`.
    std::optional<std::string_view> (*read)(const http::RequestHead&, std::string_view) = nullptr;
    bool anyUsable = false; ///< of several cookies of the name; false: the first one counts
    bool stripsQuotes = false;
    bool inQuotes = false; ///< it is written in quotes, and must come back in them
    bool keepsDraining = false;
    bool keepsWeightZero = false;
    bool keepsDown = false; ///< whatever becomes of it there
    int unknownStatus = 0; ///< the answer to a value that names nobody; 0: it picks anew
    int downStatus = 0; ///< the answer where the server is down; 0: it picks anew
    Dates dates = Dates::none;
    std::chrono::seconds longestIdle {}; ///< with `lastAndFirst`; zero: any
    std::chrono::seconds longestLife {}; ///< with dates; zero: any

    // Writing.
    bool always = false; ///< in every answer, not only where a server was picked
    bool refreshes = false; ///< also where a date within the value is older than now
    bool keepsCookieOfDown = false; ///< a server picked in place of one that is down is not told
    bool keepsCookieOfUnknown = false; ///< nor one in place of nobody
    bool ofEachAttempt = true; ///< where a retried request's answer carries several
    bool onOwnErrors = false; ///< once a server was picked
    bool on101 = true;
    std::string (*write)(const CookieAttributes&, WallSeconds) = attributesText;
    std::optional<CookieTwin> twin;
};

std::unique_ptr<StickyPolicy> makeDescribedCookie(CookieDescription description,
                                                  const ReplicaSet& replicas);

} // namespace stickyscope
