// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shortcut_sheet.h"

#include <QMessageBox>
#include <QStringList>

namespace stickyscope {

namespace {

QStringList rows()
{
    return QObject::tr("Space\trun or pause\n"
                       "Right\tto the next event\n"
                       "Left\tfive seconds back\n"
                       "Home\tback to the beginning\n"
                       "+ and -\tspeed\n"
                       "Tab, then Up and Down\tchoose a server\n"
                       "Enter\tstop or start it\n"
                       "F2\trename it\n"
                       "Shift+Up and Down\tchoose a client\n"
                       "E\texplain its last answer\n"
                       "B\tchoose the balancer\n"
                       "Menu key\tall that can be done with it\n"
                       "Click a server\tstop or start it\n"
                       "Click a dot or an answer\twhy it went there\n"
                       "Drag a sticky cookie\toff, or onto another client to swap\n"
                       "Ctrl+O\topen a scenario or a recording\n"
                       "Ctrl+S\tsave the scenario\n"
                       "Ctrl+Z, Ctrl+Shift+Z\tundo, redo\n"
                       "Ctrl+0\tthe first screen\n"
                       "Ctrl+1\tthe model's settings and charts\n"
                       "Ctrl+2\tmy service\n"
                       "Ctrl+3\treal servers on this computer\n"
                       "Esc\tend all real traffic and servers\n"
                       "Ctrl+C on a chart\tcopy its values\n"
                       "Menu key on a chart\tanother one, or a copy in a file\n"
                       "F11\tpresenter mode: full screen, large type\n"
                       "?\tthis sheet")
        .split(QLatin1Char('\n'));
}

QString cells(const QString& row)
{
    const QStringList parts = row.toHtmlEscaped().split(QLatin1Char('\t'));
    return QStringLiteral("<td style='white-space:nowrap; padding-right:10px'><b>%1</b></td>"
                          "<td style='white-space:nowrap; padding-right:28px'>%2</td>")
        .arg(parts.first(), parts.last());
}

} // namespace

void showShortcutSheet(QWidget* parent)
{
    const QStringList all = rows();
    // In two columns, so that it is no higher than a small window.
    const qsizetype half = (all.size() + 1) / 2;
    QString table = QStringLiteral("<table cellspacing='0' cellpadding='2'>");
    for (qsizetype row = 0; row < half; ++row) {
        table += QStringLiteral("<tr>") + cells(all[row]);
        if (row + half < all.size())
            table += cells(all[row + half]);
        table += QStringLiteral("</tr>");
    }
    QMessageBox box(QMessageBox::NoIcon, QObject::tr("Keys and mouse"),
                    table + QStringLiteral("</table>"), QMessageBox::Ok, parent);
    box.setObjectName(QStringLiteral("shortcut-sheet"));
    box.setTextFormat(Qt::RichText);
    box.exec();
}

} // namespace stickyscope
