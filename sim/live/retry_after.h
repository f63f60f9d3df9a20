// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/instant.h"

#include <optional>

namespace stickyscope::live {

/// How long a 429 or 503 asks to be left alone (Retry-After: seconds or a date, RFC 9110 10.2.3);
/// at most a day. Nothing where it does not ask.
std::optional<std::chrono::seconds> retryAfter(const http::ResponseHead& head, WallSeconds now);

} // namespace stickyscope::live
