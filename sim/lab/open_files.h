// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_limits.h"

#include <string>

namespace stickyscope::lab {

/// Connections beyond the limit of so many that are told so; still more are closed at once.
std::size_t turnedAwayAtOnce(std::size_t connections);

/// Lowers `limits.connections` to what so many open files are enough for: each client's connection
/// may need another one to a replica. `files` is what the system allows beyond those that are open
/// already, a balancer's share of it. Says in one line that it did, and why; empty: it did not.
std::string keepWithin(ProxyLimits& limits, std::size_t files);

/// How many files this program may still open, by RLIMIT_NOFILE.
std::size_t filesLeft();

} // namespace stickyscope::lab
