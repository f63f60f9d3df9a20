// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/virtual/explanation.h"

#include <string>

namespace stickyscope {

/// An explanation in words, for a terminal or a window of fixed letters.
std::string explanationText(const Explanation& explained);

} // namespace stickyscope
