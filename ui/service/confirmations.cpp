// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/confirmations.h"

#include "ui/messages.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QObject>

namespace stickyscope {

bool confirmHost(const QString& host, QWidget* parent)
{
    return askPlainly(
        parent,
        QObject::tr("%1 is not this machine. May you test it?\n\nA public address gets at "
                    "most 10 requests per second for 5 minutes, one of your own network 20 "
                    "per second unless you ask for more.")
            .arg(host));
}

bool confirmOnce(const QString& method, const QString& address, QWidget* parent)
{
    return askPlainly(
        parent,
        QObject::tr("%1 may change things, so it is not repeated.\n\nSend it to %2 a single "
                    "time?")
            .arg(method, address));
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
