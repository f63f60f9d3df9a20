// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_record.h"

#include <string_view>

namespace stickyscope::lab {

/// What a lab says of one request, while it says it: what its balancer did or, where that is a
/// product's own program, what a replica tells in words.
struct LaneLog
{
    std::string_view lane;
    std::string_view client; ///< its name
    std::string_view replica; ///< its name; empty: none
    const ProxyRecord* record = nullptr; ///< null: `told` alone
    std::string_view told; ///< its peer's address, what it asked for without a query, the status
};

} // namespace stickyscope::lab
