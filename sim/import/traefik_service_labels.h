// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/import/traefik_labels.h"

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
/// Reads the value of a time, or a whole number, that Traefik's row has.
void readSetting(Settings& settings, std::string_view key, const std::string& text);

/// Reads what stands behind traefik.http.services.NAME.loadbalancer. in a label. False where
/// Traefik knows no such key.
bool readServiceLabel(TraefikService& service, std::string_view key, const std::string& value);

} // namespace stickyscope
