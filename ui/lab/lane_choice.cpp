// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lane_choice.h"

#include "ui/format.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

LaneChoice::LaneChoice(QWidget* parent)
    : QComboBox(parent)
{
    setObjectName(QStringLiteral("lab-lanes"));
    setAccessibleName(tr("Side by side"));
    setToolTip(tr("What stands side by side: the scenario's settings, all on real sockets; or the "
                  "model and the real thing, and whether they differ by more than chance"));
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    fill();
    connect(this, &QComboBox::activated, this, &LaneChoice::chosen);
}

void LaneChoice::setLanes(const std::vector<LaneSpec>& lanes)
{
    const auto both = offAndOn();
    const bool offAndOnAlone =
        std::all_of(lanes.begin(), lanes.end(), [&both](const LaneSpec& lane) {
            return std::find(both.begin(), both.end(), lane) != both.end();
        });
    const bool same = (offAndOnAlone ? both : lanes) == m_lanes;
    // As they are now: what a lane's scenario is follows from the rest of it.
    m_lanes = offAndOnAlone ? both : lanes;
    if (!same)
        fill();
}

void LaneChoice::fill()
{
    clear();
    const QString prefix = isOffAndOn() ? tr("sticky ") : QString();
    QStringList names;
    for (const LaneSpec& lane : m_lanes)
        names << fromCore(lane.name);
    QString all = prefix + names.join(tr(" and "));
    all[0] = all[0].toUpper();
    addItem(all);
    // The last one first: it is the one with sticky cookies.
    std::reverse(names.begin(), names.end());
    for (const QString& name : std::as_const(names))
        addItem(tr("Model and real, %1").arg(prefix + name));
}

std::vector<LaneSpec> LaneChoice::realLanes() const
{
    if (!againstModel())
        return m_lanes;
    return {m_lanes[m_lanes.size() - static_cast<std::size_t>(currentIndex())]};
}

} // namespace stickyscope
