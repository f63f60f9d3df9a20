// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/save_files.h"

#include "ui/messages.h"

#include <QBuffer>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QObject>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>

namespace stickyscope {

namespace {

constexpr int dotsPerInch = 96;
constexpr int finer = 2;
constexpr double pointsPerInch = 72;

// What a title makes of itself as a file's name.
QString fileName(const QString& title)
{
    static const QRegularExpression neitherLetterNorDigit(QStringLiteral("[^\\p{L}\\p{N}]+"));
    static const QRegularExpression dashAtAnEnd(QStringLiteral("^-|-$"));
    QString name = title.toLower();
    name.replace(neitherLetterNorDigit, QStringLiteral("-"));
    name.remove(dashAtAnEnd);
    return name;
}

// A name that a stranger's server gave itself must not become a formula in a spreadsheet.
QString notCalculated(const QString& cell)
{
    bool isNumber = false;
    cell.toDouble(&isNumber);
    const bool wouldBe = !cell.isEmpty() && QStringLiteral("=+-@").contains(cell.front());
    return wouldBe && !isNumber ? QLatin1Char('\'') + cell : cell;
}

// Empty where nobody wants a file. The name says what is written, or else the filter does.
QString askWhere(QWidget* parent, const QString& caption, const QString& title,
                 const QStringList& suffixes, const QStringList& filters)
{
    QString chosen = filters.first();
    QString path = QFileDialog::getSaveFileName(parent, caption, fileName(title),
                                                filters.join(QStringLiteral(";;")), &chosen);
    if (!path.isEmpty() && !suffixes.contains(QFileInfo(path).suffix().toLower()))
        path += QLatin1Char('.') + suffixes.value(filters.indexOf(chosen), suffixes.first());
    return path;
}

void write(QWidget* parent, const QString& path, const QByteArray& contents)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size()
        || !file.commit())
        sayPlainly(parent, QStringLiteral("%1: %2").arg(path, file.errorString()));
}

QByteArray asPng(QSize size, const std::function<void(QPainter&)>& paint)
{
    QImage image(size * finer, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(finer);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray asSvg(const QString& title, QSize size, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setTitle(title.toHtmlEscaped());
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    svg.setResolution(dotsPerInch);
    QPainter painter(&svg);
    paint(painter);
    painter.end();
    return bytes;
}

QByteArray asPdf(const QString& title, QSize size, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setTitle(title);
    pdf.setResolution(dotsPerInch);
    const QSizeF points = QSizeF(size) * pointsPerInch / dotsPerInch;
    pdf.setPageSize(QPageSize(points, QPageSize::Point, title, QPageSize::ExactMatch));
    pdf.setPageMargins({});
    QPainter painter(&pdf);
    paint(painter);
    painter.end();
    return bytes;
}

} // namespace

QByteArray pictureAs(const QString& suffix, const QString& title, QSize size,
                     const std::function<void(QPainter&)>& paint)
{
    if (suffix == QLatin1String("svg"))
        return asSvg(title, size, paint);
    if (suffix == QLatin1String("pdf"))
        return asPdf(title, size, paint);
    return asPng(size, paint);
}

// RFC 4180: lines end with CRLF, and a cell with a comma, quotation mark or line end is quoted.
QString asCsv(const QString& table)
{
    QString csv;
    const QStringList rows = table.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString& row : rows) {
        QStringList cells = row.split(QLatin1Char('\t'));
        for (QString& cell : cells) {
            cell = notCalculated(cell);
            if (cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')))
                cell = QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\""))
                    + QLatin1Char('"');
        }
        csv += cells.join(QLatin1Char(',')) + QLatin1String("\r\n");
    }
    return csv;
}

void savePicture(QWidget* parent, const QString& title, QSize size,
                 const std::function<void(QPainter&)>& paint)
{
    const QString path =
        askWhere(parent, QObject::tr("Save as picture"), title,
                 {QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")},
                 {QObject::tr("Pictures (*.png)"), QObject::tr("Scalable pictures (*.svg)"),
                  QObject::tr("Documents (*.pdf)")});
    if (!path.isEmpty())
        write(parent, path, pictureAs(QFileInfo(path).suffix().toLower(), title, size, paint));
}

void saveValues(QWidget* parent, const QString& title, const QString& table)
{
    const QString path = askWhere(
        parent, QObject::tr("Save values"), title, {QStringLiteral("csv"), QStringLiteral("tsv")},
        {QObject::tr("Separated by commas (*.csv)"), QObject::tr("Separated by tabs (*.tsv)")});
    if (path.isEmpty())
        return;
    const bool commas = QFileInfo(path).suffix().toLower() == QLatin1String("csv");
    write(parent, path, (commas ? asCsv(table) : table).toUtf8());
}

void saveDocument(QWidget* parent, const QString& title, const QByteArray& json)
{
    const QString path = askWhere(parent, QObject::tr("Save results"), title,
                                  {QStringLiteral("json")}, {QObject::tr("Results (*.json)")});
    if (!path.isEmpty())
        write(parent, path, json);
}

} // namespace stickyscope
