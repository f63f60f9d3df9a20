// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which charts stand under the stages, and what can be done with them.
#include "ui/charts/chart_card.h"
#include "ui/charts/charts.h"
#include "ui/comparison_words.h"
#include "ui/panels/comparison_view.h"
#include "ui/save_files.h"

#include <QActionGroup>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QSettings>

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

constexpr QLatin1String settingsKey("charts");

}

std::array<const ChartKind*, ComparisonView::chartsPerLane> ComparisonView::chosenCharts()
{
    std::array<const ChartKind*, chartsPerLane> kinds {};
    const QStringList names = QSettings().value(settingsKey).toStringList();
    for (std::size_t place = 0; place < chartsPerLane; ++place) {
        const ChartKind* kind = chartKind(names.value(static_cast<qsizetype>(place)));
        const bool twice = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
        kinds.at(place) = kind && !twice ? kind : nullptr;
    }
    for (const ChartKind*& kind : kinds) {
        for (const ChartKind& other : chartKinds()) {
            if (!kind && std::find(kinds.begin(), kinds.end(), &other) == kinds.end())
                kind = &other;
        }
    }
    return kinds;
}

void ComparisonView::addChart(std::size_t lane, std::size_t place)
{
    const ChartKind& kind = *m_kinds.at(place);
    ChartCard* chart = kind.make(this);
    chart->setObjectName(QStringLiteral("%1-%2").arg(QLatin1String(kind.name)).arg(lane));
    connect(chart, &ChartCard::menuAsked, this, [this, chart, place](const QPoint& position) {
        showChartMenu(*chart, place, position);
    });
    m_charts.insert(m_charts.begin() + static_cast<std::ptrdiff_t>(lane * chartsPerLane + place),
                    chart);
}

void ComparisonView::chooseChart(std::size_t place, const ChartKind& kind)
{
    if (m_kinds.at(place) == &kind)
        return;
    auto* const elsewhere = std::find(m_kinds.begin(), m_kinds.end(), &kind);
    if (elsewhere != m_kinds.end())
        *elsewhere = m_kinds.at(place);
    m_kinds.at(place) = &kind;
    QStringList names;
    for (const ChartKind* one : m_kinds)
        names << QLatin1String(one->name);
    QSettings().setValue(settingsKey, names);
    // Not deleted at once: one of them may have asked for this.
    for (ChartCard* chart : std::exchange(m_charts, {})) {
        chart->hide();
        chart->deleteLater();
    }
    for (std::size_t lane = 0; lane < m_stages.size(); ++lane) {
        for (std::size_t one = 0; one < chartsPerLane; ++one)
            addChart(lane, one);
    }
    setTheme(m_theme);
    arrange();
}

void ComparisonView::showChartMenu(ChartCard& chart, std::size_t place,
                                   const QPoint& globalPosition)
{
    QMenu menu(this);
    QActionGroup kinds(&menu);
    for (const ChartKind& kind : chartKinds()) {
        QAction* action =
            menu.addAction(titleOf(kind), this, [this, place, &kind] { chooseChart(place, kind); });
        action->setObjectName(QLatin1String(kind.name));
        action->setCheckable(true);
        action->setChecked(m_kinds.at(place) == &kind);
        kinds.addAction(action);
    }
    menu.addSeparator();
    menu.addAction(tr("Copy as picture"), &chart, &ChartCard::copyPicture);
    menu.addAction(tr("Copy values"), &chart, &ChartCard::copyValues);
    menu.addAction(tr("Save as picture…"), &chart, &ChartCard::savePicture);
    menu.addAction(tr("Save values…"), &chart, &ChartCard::saveValues);
    menu.exec(globalPosition);
}

// Charts need room: rather none than squashed ones, or squashed stages where the page scrolls.
bool ComparisonView::chartsFit() const
{
    if (!m_unfolded || m_chartsAlways)
        return m_unfolded;
    constexpr int spareEms = 5;
    const int em = fontMetrics().height();
    return height() >= (m_expectsClients ? 40 : 29) * em
        && height() >= minimumSizeHint().height() + spareEms * em;
}

void ComparisonView::showCharts()
{
    for (std::size_t chart = 0; chart < m_charts.size() && m_snapshot; ++chart)
        m_charts[chart]->show(m_snapshot, chart / chartsPerLane);
    if (m_snapshot)
        m_sentence->setText(comparisonInWords(*m_snapshot));
}

void ComparisonView::savePicture(const QString& title)
{
    stickyscope::savePicture(this, title, size(), [this](QPainter& painter) {
        painter.fillRect(rect(), m_theme.window);
        render(&painter, {}, {}, QWidget::DrawChildren);
        for (ChartCard* chart : m_charts) {
            if (!chart->isVisible())
                continue;
            painter.save();
            painter.translate(chart->plotCorner(this));
            chart->paintPlot(painter);
            painter.restore();
        }
    });
}

} // namespace stickyscope
