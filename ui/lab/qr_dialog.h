// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace stickyscope {

/// An address and its QR code, large enough for the last row before a projector.
class QrDialog : public QDialog
{
    Q_OBJECT

public:
    /// As large as the window that it comes from. Deletes itself when closed.
    QrDialog(const QString& title, const QString& address, QWidget* parent);
};

} // namespace stickyscope
