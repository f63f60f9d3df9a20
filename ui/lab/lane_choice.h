// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QComboBox>

#include <vector>

namespace stickyscope {

/// What stands side by side in Real: sticky cookies off and on, or one of them beside its model.
class LaneChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit LaneChoice(QWidget* parent);

    /// The lanes that run on real sockets.
    std::vector<LaneSpec> realLanes() const;
    /// Whether the model of the one lane stands beside it.
    bool againstModel() const { return currentIndex() > 0; }

signals:
    /// By the user.
    void chosen();
};

} // namespace stickyscope
