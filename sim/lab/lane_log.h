// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_record.h"

#include <string_view>

namespace stickyscope::lab {

/// What a lab says of one request, while it says it: what its balancer did or, where that is a
/// product's own program, what a replica tells, and of requests that no replica answered what our
/// client met. Health checks are not told.
struct LaneLog
{
    std::string_view lane;
    std::string_view client; ///< its name; empty: unknown
    std::string_view replica; ///< its name; empty: none
    const ProxyRecord* record = nullptr; ///< never null; without decisions where they are unseen
    /// In words, where decisions are unseen; without a query, which may hold secrets. Else empty.
    std::string_view told;
};

} // namespace stickyscope::lab
