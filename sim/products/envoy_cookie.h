// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/instant.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// What a stateful session's cookie holds.
struct EnvoySession
{
    std::string address; ///< "10.0.0.1:8000"
    std::optional<WallSeconds> expires;
};

/// Base 64 of a protocol buffer: 1 is the address, 2 the expiry in seconds since 1970
/// (cookie.proto; measured on 1.40.0). Older ones hold the address alone.
std::string writeEnvoySession(const EnvoySession& session);
/// Absent where it holds no text at all.
std::optional<EnvoySession> readEnvoySession(std::string_view value);

/// The cookie's value as Envoy reads it: the first of this name, one pair of quotes taken off;
/// only blanks are skipped, and only before the name.
std::optional<std::string_view> envoyCookie(const http::RequestHead& request,
                                            std::string_view name);

} // namespace stickyscope
