// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <filesystem>
#include <vector>

namespace stickyscope {

/// The jar that each client group of a scenario starts with: the cookies of its cookie file
/// (Netscape's format), or none. The files stand in `folder`, the scenario's own. Called when the
/// scenario is run, never when it is opened. The error is one line: "cookies.txt: there is no such
/// file".
Outcome<std::vector<http::CookieJar>> readCookieFiles(const Scenario& scenario,
                                                      const std::filesystem::path& folder);

} // namespace stickyscope
