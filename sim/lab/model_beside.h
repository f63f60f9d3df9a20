// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/model/scenario.h"
#include "sim/model/world.h"

#include <memory>
#include <vector>

namespace stickyscope::lab {

/// The lanes of "model against real", of a scenario with one lane: "model", then "real". The
/// model's way to the balancer takes no time, as on this machine it takes next to none.
Scenario besideItsModel(const Scenario& scenario);

/// The model's lane of such a scenario. Where the real lane's answers are shown behind, so are the
/// model's.
std::unique_ptr<World> modelBeside(const std::shared_ptr<const Scenario>& scenario,
                                   const std::vector<http::CookieJar>& jars, Duration shownBehind);

} // namespace stickyscope::lab
