// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QString>

namespace stickyscope {

/// The difference of the snapshot's first two lanes in a sentence or three, which claim no more
/// than what was counted: of off and on in words of their own, else by the lanes' names. Empty
/// where nothing is compared.
QString comparisonInWords(const Snapshot& snapshot);

} // namespace stickyscope
