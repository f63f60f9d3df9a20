// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/check_box.h"

#include <QKeyEvent>

namespace stickyscope {

bool CheckBox::event(QEvent* event)
{
    const bool isSpace = event->type() == QEvent::ShortcutOverride
        && static_cast<const QKeyEvent*>(event)->key() == Qt::Key_Space;
    if (!isSpace)
        return QCheckBox::event(event);
    event->accept();
    return true;
}

void CheckBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return click();
    QCheckBox::keyPressEvent(event);
}

} // namespace stickyscope
