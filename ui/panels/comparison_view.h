// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/model/snapshot.h"
#include "ui/stage/dot_scale.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <array>
#include <memory>
#include <vector>

class QGridLayout;
class QLabel;

namespace stickyscope {

class ChartCard;
class FiguresPanel;
class LaneStage;
struct ChartKind;

/// All lanes of an experiment side by side: a stage each, the difference in large figures, and,
/// when unfolded, charts under each stage and the difference as a sentence.
class ComparisonView : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonView(QWidget* parent);

    /// Makes room for other lanes; headlines and remarks are for each.
    void setLanes(const QStringList& headlines, const QStringList& remarks);
    void setSnapshot(std::shared_ptr<const Snapshot> snapshot);
    void setTheme(const Theme& theme);
    void setUnfolded(bool unfolded);
    /// Whether stages need room for more clients than a run began with; charts come after that.
    void setExpectsClients(bool expects);
    /// Charts are there even where one must scroll to them.
    void setChartsAlways(bool always);
    /// Shown beside stories or behind remarks, until taken back with an empty text.
    void setHint(const QString& hint);

    /// With smaller figures, for a low window.
    void setCompact(bool compact);
    /// Without charts that give way where room is short.
    QSize minimumSizeHint() const override;
    /// It asks for no more: it takes what is left, and charts that were there do not keep it.
    QSize sizeHint() const override { return minimumSizeHint(); }
    /// Charts give way before anything scrolls: the height is this view's own to divide.
    bool hasHeightForWidth() const override { return false; }
    LaneStage* stage(std::size_t lane) const { return m_stages[lane]; }
    std::size_t lanes() const { return m_stages.size(); }
    /// The charts under every stage, from left to right: this one at `place`. One that stands
    /// elsewhere changes places with it. Kept for the next time.
    void chooseChart(std::size_t place, const ChartKind& kind);
    /// Stages, figures, and what is unfolded, as a picture in a file that is asked for.
    void savePicture(const QString& title);

signals:
    void replicaToggled(stickyscope::ReplicaIndex replica, bool running);
    void replicaMenuAsked(stickyscope::ReplicaIndex replica, const QPoint& globalPosition);
    void balancerMenuAsked(std::size_t balancer, const QPoint& globalPosition,
                           stickyscope::LaneIndex lane);
    void clientMenuAsked(stickyscope::ClientIndex client, const QPoint& globalPosition,
                         stickyscope::LaneIndex lane);
    void explanationAsked(stickyscope::LaneIndex lane, stickyscope::ClientIndex client,
                          std::uint32_t ordinal);
    void cookieDropped(stickyscope::ClientIndex of, stickyscope::ClientIndex onto);
    void replicaRenameAsked(stickyscope::ReplicaIndex replica);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    static constexpr std::size_t chartsPerLane = 2;

    /// Of the last time, else the first of the table.
    static std::array<const ChartKind*, chartsPerLane> chosenCharts();
    bool chartsFit() const;
    void addLane(std::size_t lane);
    void addChart(std::size_t lane, std::size_t place);
    void showChartMenu(ChartCard& chart, std::size_t place, const QPoint& globalPosition);
    void arrange();
    void divide();
    void updateScale();
    void showCharts();

    QGridLayout* m_grid;
    FiguresPanel* m_figures;
    QLabel* m_sentence;
    std::vector<LaneStage*> m_stages;
    std::vector<ChartCard*> m_charts; ///< chartsPerLane of each lane
    std::array<const ChartKind*, chartsPerLane> m_kinds; ///< of each lane, from left to right
    Theme m_theme = Theme::light();
    std::shared_ptr<const Snapshot> m_snapshot;
    DotScale m_scale;
    int m_least = 0; ///< the height that it has asked for
    bool m_compact = false;
    bool m_unfolded = false;
    bool m_expectsClients = false;
    bool m_chartsAlways = false;
    bool m_chartsShown = false;
};

} // namespace stickyscope
