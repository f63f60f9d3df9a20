// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QFont>

#include <optional>

namespace stickyscope {

/// A large card that leads somewhere: what it is, and what is behind it.
class Door : public QAbstractButton
{
    Q_OBJECT

public:
    Door(const QString& title, const QString& behind, QWidget* parent);

    void setTheme(const Theme& theme);
    /// How much height there is: for two lines, for two close ones, for one.
    enum class Room : std::uint8_t
    {
        plenty,
        some,
        little
    };
    void setRoom(Room room);
    /// Whether it is said what is behind it; where that has no room, the tool tip says it.
    bool tellsWhatIsBehind() const { return behindFont().has_value(); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    Theme m_theme = Theme::light();
    /// The size in which all of it fits; nothing where none does.
    std::optional<QFont> behindFont() const;
    QFont titleFont() const;
    int inset() const;

    QString m_behind;
    Room m_room = Room::plenty;
};

} // namespace stickyscope
