// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_limits.h"

#include <string>
#include <string_view>

namespace stickyscope::cli {

/// Sets one of the balancer's limits by its name: "connections=6000", "request-body=64MiB",
/// "head-time=5s". Empty, or one line that says what is wrong and what is allowed.
std::string setLimit(lab::ProxyLimits& limits, std::string_view text);
/// The limits' names with their defaults: "connections=2000, ...".
std::string limitNames();

} // namespace stickyscope::cli
