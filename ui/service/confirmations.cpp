// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/confirmations.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QObject>

namespace stickyscope {

namespace {

bool ask(const QString& text, QWidget* parent)
{
    QMessageBox box(QMessageBox::Question, QObject::tr("Stickyscope"), text,
                    QMessageBox::Yes | QMessageBox::No, parent);
    box.setObjectName(QStringLiteral("confirmation"));
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::No);
    return box.exec() == QMessageBox::Yes;
}

} // namespace

bool confirmHost(const QString& host, QWidget* parent)
{
    return ask(QObject::tr("%1 is not this machine. May you test it?\n\nA public address gets at "
                           "most 10 requests per second for 5 minutes, one of your own network 20 "
                           "per second unless you ask for more.")
                   .arg(host),
               parent);
}

bool confirmOnce(const QString& method, const QString& address, QWidget* parent)
{
    return ask(QObject::tr("%1 may change things, so it is not repeated.\n\nSend it to %2 a single "
                           "time?")
                   .arg(method, address),
               parent);
}

bool confirmFaster(const QString& host, double rate, QWidget* parent)
{
    bool accepted = false;
    const QString typed = QInputDialog::getText(
        parent, QObject::tr("Stickyscope"),
        QObject::tr("To have %1 asked %2 times per second, type its name:").arg(host).arg(rate),
        QLineEdit::Normal, QString(), &accepted);
    return accepted && typed.trimmed().toLower() == host;
}

} // namespace stickyscope
