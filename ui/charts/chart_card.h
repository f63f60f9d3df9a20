// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace stickyscope {

class ElidedLabel;

/// A chart of one lane on a card: title, plot, the same look everywhere. Copies as a picture or
/// as tab-separated values (context menu, Ctrl+C).
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
    void copyPicture() const;

    QCustomPlot* plot() const { return m_plot; }
    using QWidget::show;

protected:
    const Theme& theme() const { return m_theme; }
    void setTitle(const QString& title);
    /// The dashed lines at which replicas stopped or started.
    void showMarks(const std::vector<Mark>& marks);
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    Theme m_theme = Theme::light();
    ElidedLabel* m_title; ///< a long one makes no column wider than those beside it
    QCustomPlot* m_plot;

    struct MarkItems
    {
        QCPItemStraightLine* line;
        QCPItemText* text;
    };
    void growMarks(std::size_t marks);
    std::vector<MarkItems> m_marks;
};

} // namespace stickyscope
