// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace stickyscope {

/// What differs in a lane, said in words: `yaml` is LaneSpec::with. "the balancer's sticky cookie
/// has the path /"; without a capital and a full stop.
QString differenceInWords(const std::string& yaml);

} // namespace stickyscope
