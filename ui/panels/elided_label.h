// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace stickyscope {

/// One line of plain text that gives way where there is little room: then its end is left out, and
/// the whole is its tool tip.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent);

    /// What is shown where the text itself does not fit; empty: as much of the text as fits.
    void setShorter(const QString& shorter);
    /// As it stands there by now.
    QString shown() const;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool fits() const;

    QString m_shorter;
};

} // namespace stickyscope
