// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/popup_keys.h"

#include <QApplication>
#include <QKeyEvent>

namespace stickyscope {

PopupKeys::PopupKeys(QObject* parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

bool PopupKeys::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride || !QApplication::activePopupWidget())
        return QObject::eventFilter(watched, event);
    // By these an open list learns that a row is chosen; the window has no shortcut of them.
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter)
        return QObject::eventFilter(watched, event);
    event->accept();
    return true;
}

} // namespace stickyscope
