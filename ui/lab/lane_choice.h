// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QComboBox>

#include <vector>

namespace stickyscope {

/// What stands side by side in Real: the scenario's settings, or one of them beside its model.
class LaneChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit LaneChoice(QWidget* parent);

    /// The scenario's. Off and on stand together where it has one of them alone.
    void setLanes(const std::vector<LaneSpec>& lanes);
    /// The lanes that run on real sockets.
    std::vector<LaneSpec> realLanes() const;
    /// Whether the model of the one lane stands beside it.
    bool againstModel() const { return currentIndex() > 0; }
    /// Whether these are the plain ones, off and on.
    bool isOffAndOn() const { return m_lanes == offAndOn(); }

signals:
    /// By the user.
    void chosen();

private:
    void fill();

    std::vector<LaneSpec> m_lanes = offAndOn();
};

} // namespace stickyscope
