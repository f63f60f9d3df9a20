// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <optional>
#include <string_view>

namespace stickyscope {

/// "1m30s", "1.5s", "100ms" as Go's time.ParseDuration reads them, or a number of seconds, as
/// Traefik takes it too. Nothing for any other text, and for what is longer than longestTime.
std::optional<Duration> readGoDuration(std::string_view text);

} // namespace stickyscope
