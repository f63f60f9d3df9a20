// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lane_choice.h"

namespace stickyscope {

LaneChoice::LaneChoice(QWidget* parent)
    : QComboBox(parent)
{
    setObjectName(QStringLiteral("lab-lanes"));
    setAccessibleName(tr("Side by side"));
    setToolTip(tr("What stands side by side: sticky cookies off and on, both on real sockets; or "
                  "the model and the real thing, and whether they differ by more than chance"));
    addItem(tr("Sticky off and on"));
    addItem(tr("Model and real, sticky on"));
    addItem(tr("Model and real, sticky off"));
    connect(this, &QComboBox::activated, this, &LaneChoice::chosen);
}

std::vector<LaneSpec> LaneChoice::realLanes() const
{
    auto lanes = offAndOn();
    if (againstModel())
        lanes.erase(currentIndex() == 1 ? lanes.begin() : lanes.begin() + 1);
    return lanes;
}

} // namespace stickyscope
