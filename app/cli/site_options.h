// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/export/config_format.h"
#include "sim/model/outcome.h"

#include <string>

namespace stickyscope::cli {

/// The scenario itself for an empty name, or what its lane of this name makes of it.
Outcome<Scenario> ofLane(const Scenario& scenario, const std::string& name);

/// Reads "127.0.0.1:8000": four numbers and a port, which every format can listen on. `least` is
/// the smallest port; 0 stands for a free one.
bool readListen(const std::string& text, int least, ExportSite& site);

} // namespace stickyscope::cli
