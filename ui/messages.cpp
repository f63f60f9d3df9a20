// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messages.h"

#include <QMessageBox>

namespace stickyscope {

void sayPlainly(QWidget* parent, const QString& text)
{
    QMessageBox box(QMessageBox::NoIcon, QObject::tr("Stickyscope"), text, QMessageBox::Ok, parent);
    box.setObjectName(QStringLiteral("message"));
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

bool askPlainly(QWidget* parent, const QString& text)
{
    QMessageBox box(QMessageBox::Question, QObject::tr("Stickyscope"), text,
                    QMessageBox::Yes | QMessageBox::No, parent);
    box.setObjectName(QStringLiteral("question"));
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::No);
    return box.exec() == QMessageBox::Yes;
}

} // namespace stickyscope
