// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>

#include <functional>

class QPainter;
class QWidget;

namespace stickyscope {

// What is on show, in files: each asks where to, writes whole or not at all, and says in one line
// why it could not.

/// What `paint` draws, `size` pixels large: as PNG (twice as fine), SVG or PDF, as the name ends.
void savePicture(QWidget* parent, const QString& title, QSize size,
                 const std::function<void(QPainter&)>& paint);
/// A table whose cells are separated by tabs: as CSV (RFC 4180) or as it is.
void saveValues(QWidget* parent, const QString& title, const QString& table);
/// A JSON document.
void saveDocument(QWidget* parent, const QString& title, const QByteArray& json);

/// What these write, without asking.
QByteArray pictureAs(const QString& suffix, const QString& title, QSize size,
                     const std::function<void(QPainter&)>& paint);
QString asCsv(const QString& table);

} // namespace stickyscope
