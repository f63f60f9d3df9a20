// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <functional>
#include <utility>

namespace stickyscope {

/// What a chart paints into its plot itself, in pixels, where QCustomPlot has nothing of the kind.
/// It is part of the plot's layers, and so of pictures that are copied or saved.
class PaintedItem : public QCPAbstractItem
{
    Q_OBJECT

public:
    using Paint = std::function<void(QCPPainter&)>;

    PaintedItem(QCustomPlot* plot, Paint paint)
        : QCPAbstractItem(plot)
        , m_paint(std::move(paint))
    {
        setClipToAxisRect(false);
    }

    double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override { m_paint(*painter); }

private:
    Paint m_paint;
};

} // namespace stickyscope
