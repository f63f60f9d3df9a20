// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/browser.h"

#include <QDesktopServices>
#include <QProcess>
#include <QStandardPaths>
#include <QUrl>

namespace stickyscope {

void Browser::open(const QUrl& address)
{
    const QString opener = QStandardPaths::findExecutable(QStringLiteral("xdg-open"));
    if (opener.isEmpty()) {
        if (!QDesktopServices::openUrl(address))
            emit failed(address);
        return;
    }
    // Where it becomes the browser itself, it runs for as long: it is not ours to end.
    auto* process = new QProcess;
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setStandardErrorFile(QProcess::nullDevice());
    connect(process, &QProcess::errorOccurred, this, [this, address](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failed(address);
    });
    connect(process, &QProcess::finished, this,
            [this, address](int code, QProcess::ExitStatus status) {
                if (code != 0 && status == QProcess::NormalExit)
                    emit failed(address);
            });
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->start(opener, {address.toString()});
}

} // namespace stickyscope
