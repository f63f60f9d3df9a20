// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/qr_code.h"

#include <QAbstractButton>

namespace stickyscope {

/// The QR code of an address, black on white in every theme, with its quiet zone, in modules of
/// whole pixels. A button: who clicks it wants it large.
class QrView : public QAbstractButton
{
    Q_OBJECT

public:
    explicit QrView(QWidget* parent);

    void setAddress(const QString& address);
    const QString& address() const { return m_address; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int modules() const;

    QString m_address;
    lab::QrCode m_code;
};

} // namespace stickyscope
