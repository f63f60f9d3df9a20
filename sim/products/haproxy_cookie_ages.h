// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/sticky_policy.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// The value of HAProxy's cookie taken apart: "server", "server|last|first" or
/// "server~the application's". Lives as long as the text.
struct HaproxyCookieValue
{
    HaproxyCookieValue(std::string_view text, bool prefixed);

    std::string_view server;
    std::optional<WallSeconds> last; ///< when it was used last
    std::optional<WallSeconds> first; ///< when it was set first
};

/// How old a cookie may become (configuration.txt: cookie, maxidle and maxlife); zero: any age.
class HaproxyCookieAges
{
public:
    HaproxyCookieAges() = default;
    HaproxyCookieAges(Duration maxidle, Duration maxlife);

    /// Why the cookie counts no more; null where it counts.
    const Rule* expiry(const HaproxyCookieValue& value, WallSeconds now) const;
    WallSeconds goodUntil(const HaproxyCookieValue& value) const;
    /// Whether the cookie of a client that stays is to be written anew.
    bool needRefresh(const HaproxyCookieValue& value, WallSeconds now) const;
    /// What stands behind the server's name: "|last|first", as far as anybody asked for it.
    std::string stamps(const HaproxyCookieValue& before, WallSeconds now) const;

private:
    bool dated() const;

    std::chrono::seconds m_maxidle {};
    std::chrono::seconds m_maxlife {};
};

} // namespace stickyscope
