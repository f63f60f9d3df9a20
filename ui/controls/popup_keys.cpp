// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/popup_keys.h"

#include <QApplication>

namespace stickyscope {

PopupKeys::PopupKeys(QObject* parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

bool PopupKeys::eventFilter(QObject* watched, QEvent* event)
{
    const bool mine =
        event->type() == QEvent::ShortcutOverride && QApplication::activePopupWidget() != nullptr;
    if (mine)
        event->accept();
    return mine || QObject::eventFilter(watched, event);
}

} // namespace stickyscope
