// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QUrl;

namespace stickyscope {

/// Opens addresses in the user's browser, and says so where there is none: the system's opener
/// begins well also where it then finds no browser.
class Browser : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void open(const QUrl& address);

signals:
    void failed(const QUrl& address);
};

} // namespace stickyscope
