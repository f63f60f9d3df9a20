// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <string_view>

namespace stickyscope::lab {

/// The scenario's balancer in front of somebody's own servers: `addresses` are http addresses on
/// this machine, with commas or blanks between them, such as
/// "http://localhost:8001/hostname, localhost:8002"; the first that has a path says what the
/// clients ask for. The replicas are these servers, named by host and port; the clients are six
/// browsers, as it is not known what else the servers answer. One line where an address is wrong.
Outcome<Scenario> beforeOwnServers(const Scenario& scenario, std::string_view addresses);

} // namespace stickyscope::lab
