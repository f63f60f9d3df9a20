// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/import/traefik_labels.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stickyscope {

/// A label's value that Traefik, or a scenario, does not take; thrown within a reader of labels.
struct BadValue
{
    std::string allowed; ///< behind "must be "
};

/// true or false as Go's strconv.ParseBool reads them.
bool readFlag(const std::string& text);
/// A whole number in decimal digits.
std::int64_t readWhole(const std::string& text, std::int64_t least, std::int64_t most);

/// Reads what stands behind traefik.http.services.NAME.loadbalancer. in a label. False where
/// Traefik knows no such key.
bool readServiceLabel(TraefikService& service, std::string_view key, const std::string& value);

} // namespace stickyscope
