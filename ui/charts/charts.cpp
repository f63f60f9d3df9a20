// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/charts.h"

#include "ui/charts/ledger_chart.h"
#include "ui/charts/serving_chart.h"
#include "ui/charts/share_chart.h"
#include "ui/charts/timeline_chart.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

template <typename Chart>
ChartCard* make(QWidget* parent)
{
    return new Chart(parent);
}

constexpr std::array table {
    ChartKind {"share", QT_TRANSLATE_NOOP("Charts", "Requests per server"), make<ShareChart>},
    ChartKind {"timeline", QT_TRANSLATE_NOOP("Charts", "Clients over time"), make<TimelineChart>},
    ChartKind {"ledger", QT_TRANSLATE_NOOP("Charts", "Why requests went there"), make<LedgerChart>},
    ChartKind {"serving", QT_TRANSLATE_NOOP("Charts", "Who served whom"), make<ServingChart>},
};

} // namespace

std::span<const ChartKind> chartKinds()
{
    return table;
}

const ChartKind* chartKind(const QString& name)
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const ChartKind& kind) {
        return name == QLatin1String(kind.name);
    });
    return found == table.end() ? nullptr : &*found;
}

QString titleOf(const ChartKind& kind)
{
    return QCoreApplication::translate("Charts", kind.title);
}

} // namespace stickyscope
