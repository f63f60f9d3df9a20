// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shortcut_sheet.h"

#include "ui/theme/theme.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QScreen>
#include <QScrollArea>
#include <QStringList>
#include <QVBoxLayout>

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
                       "Ctrl+Z, Ctrl+Shift+Z\tundo, redo: edits, and what was done by hand\n"
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

// In two columns, so that it is no higher than a small window.
QString tableOf(const QStringList& all)
{
    const qsizetype half = (all.size() + 1) / 2;
    QString table = QStringLiteral("<table cellspacing='0' cellpadding='2'>");
    for (qsizetype row = 0; row < half; ++row) {
        table += QStringLiteral("<tr>") + cells(all[row]);
        if (row + half < all.size())
            table += cells(all[row + half]);
        table += QStringLiteral("</tr>");
    }
    return table + QStringLiteral("</table>");
}

// As large as all other type, but for a screen where it would be cut.
void fitInto(const QSize& room, QLabel& text)
{
    for (const double scale : {1.0, 0.9, 0.8, 0.7}) {
        text.setFont(scaledFont(scale));
        const QSize needed = text.sizeHint();
        if (needed.width() <= room.width() && needed.height() <= room.height())
            return;
    }
}

} // namespace

void showShortcutSheet(QWidget* parent)
{
    QDialog sheet(parent);
    sheet.setObjectName(QStringLiteral("shortcut-sheet"));
    sheet.setWindowTitle(QObject::tr("Keys and mouse"));
    auto* text = new QLabel(tableOf(rows()), &sheet);
    text->setTextFormat(Qt::RichText);
    auto* area = new QScrollArea(&sheet);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(text);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok, &sheet);
    QObject::connect(buttons, &QDialogButtonBox::accepted, &sheet, &QDialog::accept);
    auto* layout = new QVBoxLayout(&sheet);
    layout->addWidget(area, 1);
    layout->addWidget(buttons);
    const int em = sheet.fontMetrics().height();
    const QSize around(2 * em, buttons->sizeHint().height() + 3 * em);
    const QSize room = parent->screen()->availableSize() - around;
    fitInto(room, *text);
    text->adjustSize();
    sheet.resize(text->size().boundedTo(room) + around);
    sheet.exec();
}

} // namespace stickyscope
