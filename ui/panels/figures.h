// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace stickyscope {

/// One large figure, of each lane.
struct Figure
{
    QString title;
    QString explanation;
    QStringList values; ///< one for each lane
    QStringList notes; ///< likewise, or none: "of 412"...
    QString noteEnds; ///< ..." answered", where there is room
};

/// What tells lanes apart, the most important first: requests that met their session (or stayed,
/// where sessions are not visible), those that failed where any has, sessions broken, busiest
/// server / mean.
std::vector<Figure> figuresOf(const Snapshot& snapshot);

} // namespace stickyscope
