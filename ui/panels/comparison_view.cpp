// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/comparison_view.h"

#include "ui/charts/chart_card.h"
#include "ui/panels/figures_panel.h"
#include "ui/stage/lane_stage.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace stickyscope {

namespace {

// Before charts take room from the stages' rows.
constexpr std::size_t clientsFirst = 12;
constexpr std::size_t serversFirst = 6;
// Before a page scrolls.
constexpr std::size_t clientsAtLeast = 10;
constexpr std::size_t serversAtLeast = 4;
constexpr int leastChartEms = 8;

} // namespace

ComparisonView::ComparisonView(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_figures(new FiguresPanel(this))
    , m_sentence(new QLabel(this))
    , m_kinds(chosenCharts())
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(12);
    m_grid->setSizeConstraint(QLayout::SetNoConstraint);
    m_figures->setObjectName(QStringLiteral("figures"));
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setVisible(false);
}

void ComparisonView::addLane(std::size_t lane)
{
    auto* stage = new LaneStage(lane, this);
    stage->setObjectName(QStringLiteral("stage-%1").arg(lane));
    connect(stage, &LaneStage::replicaToggled, this, &ComparisonView::replicaToggled);
    connect(stage, &LaneStage::replicaMenuAsked, this, &ComparisonView::replicaMenuAsked);
    connect(stage, &LaneStage::balancerMenuAsked, this, &ComparisonView::balancerMenuAsked);
    connect(stage, &LaneStage::clientMenuAsked, this, &ComparisonView::clientMenuAsked);
    connect(stage, &LaneStage::cookieDropped, this, &ComparisonView::cookieDropped);
    connect(stage, &LaneStage::replicaRenameAsked, this, &ComparisonView::replicaRenameAsked);
    connect(stage, &LaneStage::explanationAsked, this, &ComparisonView::explanationAsked);
    m_stages.push_back(stage);
    for (std::size_t place = 0; place < chartsPerLane; ++place)
        addChart(lane, place);
}

void ComparisonView::setLanes(const QStringList& headlines, const QStringList& remarks)
{
    const auto wanted = static_cast<std::size_t>(headlines.size());
    while (m_stages.size() > wanted) {
        delete m_stages.back();
        m_stages.pop_back();
        for (std::size_t chart = 0; chart < chartsPerLane; ++chart) {
            delete m_charts.back();
            m_charts.pop_back();
        }
    }
    while (m_stages.size() < wanted)
        addLane(m_stages.size());
    m_scale = {};
    for (std::size_t lane = 0; lane < wanted; ++lane) {
        m_stages[lane]->setHeadline(headlines[static_cast<qsizetype>(lane)]);
        m_stages[lane]->setRemark(remarks[static_cast<qsizetype>(lane)], remarks);
    }
    setTheme(m_theme);
    arrange();
}

QSize ComparisonView::minimumSizeHint() const
{
    QSize size(600, m_figures->minimumSizeHint().height() + m_grid->verticalSpacing());
    if (!m_stages.empty()) {
        const QSize stage = m_stages.front()->minimumSizeHint();
        const int stages = static_cast<int>(m_stages.size());
        // A page that scrolls has room for what is seen at once.
        size.rheight() +=
            std::max(stage.height(),
                     m_unfolded ? m_stages.front()->heightFor(clientsAtLeast, serversAtLeast) : 0);
        size.setWidth(stage.width() * stages + m_grid->horizontalSpacing() * (stages - 1));
    }
    if (m_unfolded)
        size.rheight() +=
            m_sentence->heightForWidth(std::max(width(), size.width())) + m_grid->verticalSpacing();
    if (m_unfolded && m_chartsAlways)
        size.rheight() += leastChartEms * fontMetrics().height() + m_grid->verticalSpacing();
    return size;
}

void ComparisonView::setCompact(bool compact)
{
    m_compact = compact;
    divide();
    updateGeometry();
}

// Figures and charts leave stages the room for their clients, as far as they themselves can be
// read.
void ComparisonView::divide()
{
    const int em = fontMetrics().height();
    constexpr int roomyEms = 46;
    m_figures->setCompact(m_compact || (m_chartsShown && height() < roomyEms * em));
    int wanted = 0;
    if (m_chartsShown && !m_stages.empty()) {
        const int others = m_figures->sizeHint().height() + leastChartEms * em
            + m_sentence->heightForWidth(width()) + 3 * m_grid->verticalSpacing();
        wanted =
            std::min(m_stages.front()->heightFor(clientsFirst, serversFirst), height() - others);
    }
    wanted = std::max(wanted, 0);
    if (m_grid->rowMinimumHeight(0) != wanted)
        m_grid->setRowMinimumHeight(0, wanted);
}

void ComparisonView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (chartsFit() != m_chartsShown)
        arrange();
    divide();
}

void ComparisonView::arrange()
{
    m_chartsShown = chartsFit();
    while (m_grid->count() > 0)
        delete m_grid->takeAt(0);
    const int columns = static_cast<int>(std::max<std::size_t>(m_stages.size(), 1))
        * static_cast<int>(chartsPerLane);
    for (std::size_t lane = 0; lane < m_stages.size(); ++lane) {
        const int column = static_cast<int>(lane * chartsPerLane);
        m_grid->addWidget(m_stages[lane], 0, column, 1, static_cast<int>(chartsPerLane));
        for (std::size_t chart = 0; chart < chartsPerLane; ++chart) {
            ChartCard* card = m_charts[lane * chartsPerLane + chart];
            card->setVisible(m_chartsShown);
            if (m_chartsShown)
                m_grid->addWidget(card, 2, column + static_cast<int>(chart));
        }
    }
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    m_grid->addWidget(m_figures, 1, 0, 1, columns);
    m_sentence->setVisible(m_unfolded);
    if (m_unfolded)
        m_grid->addWidget(m_sentence, 3, 0, 1, columns);
    m_grid->setRowStretch(0, 3);
    m_grid->setRowStretch(2, m_chartsShown ? 2 : 0);
    divide();
}

void ComparisonView::setSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    updateScale();
    // The grid gives the odd pixel to one of them.
    const auto narrowest = std::min_element(
        m_stages.begin(), m_stages.end(),
        [](const LaneStage* a, const LaneStage* b) { return a->width() < b->width(); });
    for (LaneStage* stage : m_stages) {
        stage->setWordsWidth((*narrowest)->width());
        stage->setSnapshot(m_snapshot, m_scale);
    }
    m_figures->setSnapshot(m_snapshot);
    divide();
    if (const int least = minimumSizeHint().height(); std::exchange(m_least, least) != least) {
        updateGeometry();
        if (chartsFit() != m_chartsShown)
            arrange();
    }
    if (m_unfolded)
        showCharts();
}

// One for all: dots beside each other are to be compared.
void ComparisonView::updateScale()
{
    std::ptrdiff_t most = 0;
    for (const LaneSnapshot& lane : m_snapshot->lanes) {
        most = std::max(
            most,
            std::count_if(lane.flights.begin(), lane.flights.end(), [this](const Flight& flight) {
                return StageGeometry::travels(flight, m_snapshot->now);
            }));
    }
    m_scale.update(static_cast<std::size_t>(most));
}

void ComparisonView::setTheme(const Theme& theme)
{
    m_theme = theme;
    for (LaneStage* stage : m_stages)
        stage->setTheme(theme);
    for (ChartCard* chart : m_charts)
        chart->setTheme(theme);
    m_figures->setTheme(theme);
    if (m_unfolded)
        showCharts();
}

void ComparisonView::setUnfolded(bool unfolded)
{
    if (m_unfolded == unfolded)
        return;
    m_unfolded = unfolded;
    arrange();
    if (unfolded)
        showCharts();
}

void ComparisonView::setExpectsClients(bool expects)
{
    m_expectsClients = expects;
    if (chartsFit() != m_chartsShown)
        arrange();
}

void ComparisonView::setChartsAlways(bool always)
{
    m_chartsAlways = always;
    arrange();
    updateGeometry();
    if (m_chartsShown)
        showCharts();
}

void ComparisonView::setHint(const QString& hint)
{
    for (LaneStage* stage : m_stages)
        stage->setHint(hint);
}

} // namespace stickyscope
