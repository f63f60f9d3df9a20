// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"

#include <string>

namespace stickyscope {

/// The JSON document of docs/result.md: stable keys, unrounded numbers, ends with a newline.
std::string toJson(const ExperimentResult& result);

} // namespace stickyscope
