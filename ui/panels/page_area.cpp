// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/page_area.h"

#include <QEvent>
#include <QLayout>

namespace stickyscope {

PageArea::PageArea(QWidget* parent)
    : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
}

void PageArea::setPage(QWidget* page)
{
    page->setAutoFillBackground(false);
    page->installEventFilter(this);
    setWidget(page);
    fit();
}

QSize PageArea::minimumSizeHint() const
{
    const int em = fontMetrics().height();
    return {widget() ? widget()->minimumSizeHint().width() : 10 * em, 10 * em};
}

void PageArea::fit()
{
    const QLayout* layout = widget() ? widget()->layout() : nullptr;
    if (!layout)
        return;
    const int width = viewport()->width();
    const int height = layout->hasHeightForWidth() ? layout->totalMinimumHeightForWidth(width)
                                                   : layout->totalMinimumSize().height();
    if (widget()->minimumHeight() != height)
        widget()->setMinimumHeight(height);
}

void PageArea::resizeEvent(QResizeEvent* event)
{
    fit();
    QScrollArea::resizeEvent(event);
}

bool PageArea::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        fit();
    return QScrollArea::eventFilter(watched, event);
}

} // namespace stickyscope
