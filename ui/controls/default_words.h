// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <QString>

namespace stickyscope {

/// A setting's default, as its own explanation says it: "3" of "How often ... is tried again (3).",
/// "insert" of "insert a cookie of its own (default), rewrite ...". Empty where that is not said in
/// so many words, or depends on something else.
QString defaultIn(const Setting& setting);

} // namespace stickyscope
