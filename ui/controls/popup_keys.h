// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace stickyscope {

/// Keys belong to an open list or menu for as long as it is open: the window's shortcuts would
/// take them first.
class PopupKeys : public QObject
{
    Q_OBJECT

public:
    explicit PopupKeys(QObject* parent);

    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace stickyscope
