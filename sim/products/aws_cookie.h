// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/instant.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// What stands in an encrypted cookie.
struct AwsCookie
{
    ReplicaIndex target = noReplica;
    WallSeconds until {};
    std::uint32_t serial = 0; ///< equal contents with another serial look quite different
};

/// AWS does not say how its cookies are encrypted. These have their look, base 64 that tells
/// nothing, and what matters: without the key nobody reads or makes one.
std::string writeAwsCookie(std::string_view key, const AwsCookie& cookie);
/// Absent where the value was not made with this key.
std::optional<AwsCookie> readAwsCookie(std::string_view key, std::string_view value);

} // namespace stickyscope
