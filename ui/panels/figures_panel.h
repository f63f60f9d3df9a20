// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/panels/figures.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <memory>

namespace stickyscope {

/// The difference between lanes in large figures: requests that met their session (or stayed,
/// where sessions are not visible), those that failed where any has, sessions broken, busiest
/// server / mean.
class FiguresPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FiguresPanel(QWidget* parent);

    void setTheme(const Theme& theme);
    void setSnapshot(std::shared_ptr<const Snapshot> snapshot);
    /// What the panel shows, in words: "requests that met their session: off 34 %, on 97 %; ..."
    QString text() const;
    /// Smaller, for a low window.
    void setCompact(bool compact);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<Figure> shownFigures() const;
    QFont largeFont() const;
    QFont smallFont() const;
    double valueWidth(const QString& value) const;
    void drawValue(QPainter& painter, const Figure& figure, qsizetype lane,
                   const QRectF& box) const;
    std::vector<double> cellsNeededBy(const Figure& figure) const;
    std::vector<double> columnsOf(const std::vector<Figure>& figures) const;
    QString valuesOf(const Figure& figure) const;

    Theme m_theme = Theme::light();
    std::shared_ptr<const Snapshot> m_snapshot;
    bool m_compact = false;
};

} // namespace stickyscope
