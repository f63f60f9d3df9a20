// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace stickyscope {

/// A large card that leads somewhere: what it is, and what is behind it.
class Door : public QAbstractButton
{
    Q_OBJECT

public:
    Door(const QString& title, const QString& behind, QWidget* parent);

    void setTheme(const Theme& theme);
    /// One line, for a low window.
    void setCompact(bool compact);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    Theme m_theme = Theme::light();
    QString m_behind;
    bool m_compact = false;
};

} // namespace stickyscope
