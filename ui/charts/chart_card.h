// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCPAxis;
class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;
class QToolButton;

namespace stickyscope {

class ElidedLabel;

/// A chart of one lane on a card: title, plot, the same look everywhere. Copies and saves as a
/// picture or as values (its menu, Ctrl+C); what is under the pointer is said in words.
class ChartCard : public QWidget
{
    Q_OBJECT

public:
    ChartCard(const QString& title, QWidget* parent);

    virtual void setTheme(const Theme& theme);
    /// Shows one lane of a snapshot; called only while the chart is visible.
    virtual void show(std::shared_ptr<const Snapshot> snapshot, std::size_t lane) = 0;
    /// What the chart shows, tab-separated with a headline.
    virtual QString asText() const = 0;
    QString title() const;
    /// As much of the title as there is room for.
    QString shownTitle() const;
    /// The plot alone, as lines and letters rather than as the pixels on show.
    void paintPlot(QPainter& painter);
    QPoint plotCorner(const QWidget* within) const;
    void copyPicture() const;
    void copyValues() const;
    /// Asks for a file.
    void savePicture();
    /// Likewise; separated by commas in a .csv, else by tabs.
    void saveValues();

    QCustomPlot* plot() const { return m_plot; }
    using QWidget::show;

signals:
    /// Somebody wants the menu of this chart, at a place on the screen.
    void menuAsked(const QPoint& globalPosition);

protected:
    const Theme& theme() const { return m_theme; }
    /// "%1 · %2", of what it is a chart and of which lane, whose name gives way.
    void setTitle(const QString& what, const QString& lane);
    /// Below a time axis: its own title, and what the marks mean.
    void setTimeLegend(const QStringList& marks);
    /// What is at this place of the plot, in words; empty where nothing is.
    virtual QString wordsAt(const QPointF& place) const = 0;
    /// The dashed lines at which replicas stopped or started.
    void showMarks(const std::vector<Mark>& marks);
    /// Names in the middle of the first units of an axis; of as many as there is room for.
    void showNames(QCPAxis& axis, const QStringList& names) const;
    void showNames(QCPAxis& axis, const std::vector<ReplicaResult>& replicas) const;
    /// Room between title and axes, in heights of a line.
    void makeRoomAbove(double lines);
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    Theme m_theme = Theme::light();
    QToolButton* m_menu;
    ElidedLabel* m_title; ///< a long one makes no column wider than those beside it
    QCustomPlot* m_plot;

    struct MarkItems
    {
        QCPItemStraightLine* line;
        QCPItemText* text;
    };
    void growMarks(std::size_t marks);
    /// The words of those whose line is here: where they crowd, some have no room above the chart.
    QStringList marksAt(double x) const;
    std::vector<MarkItems> m_marks;
};

} // namespace stickyscope
