// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/qr_view.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace stickyscope {

namespace {

constexpr int usualModule = 5; ///< pixels: a phone reads it at arm's length

} // namespace

QrView::QrView(QWidget* parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void QrView::setAddress(const QString& address)
{
    m_address = address;
    m_code = lab::qrCodeOf(address.toStdString());
    setAccessibleName(tr("QR code of %1").arg(address));
    setToolTip(tr("%1: click for a large one").arg(address));
    updateGeometry();
    update();
}

int QrView::modules() const
{
    return static_cast<int>(m_code.width + 2 * lab::QrCode::quietZone);
}

QSize QrView::sizeHint() const
{
    return QSize(1, 1) * modules() * usualModule;
}

// In device pixels, so that no module's edge falls between two of them.
void QrView::paintEvent(QPaintEvent*)
{
    if (m_code.width == 0)
        return;
    QPainter painter(this);
    const qreal ratio = devicePixelRatioF();
    painter.scale(1 / ratio, 1 / ratio);
    const int across = static_cast<int>(width() * ratio);
    const int down = static_cast<int>(height() * ratio);
    const int module = std::max(1, std::min(across, down) / modules());
    const QRect whole(QPoint((across - module * modules()) / 2, (down - module * modules()) / 2),
                      QSize(1, 1) * module * modules());
    painter.fillRect(whole, Qt::white);
    const QPoint first =
        whole.topLeft() + QPoint(1, 1) * module * static_cast<int>(lab::QrCode::quietZone);
    for (std::size_t row = 0; row < m_code.width; ++row) {
        for (std::size_t column = 0; column < m_code.width; ++column) {
            const QPoint place(static_cast<int>(column) * module, static_cast<int>(row) * module);
            if (m_code.isDark(column, row))
                painter.fillRect(QRect(first + place, QSize(module, module)), Qt::black);
        }
    }
    // Within the quiet zone's outermost module, which readers can do without.
    if (hasFocus()) {
        painter.setPen(QPen(QColor(0x52, 0x60, 0x6d), 2 * ratio));
        painter.drawRect(whole.adjusted(2, 2, -2, -2));
    }
}

void QrView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return click();
    QAbstractButton::keyPressEvent(event);
}

} // namespace stickyscope
