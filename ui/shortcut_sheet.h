// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace stickyscope {

/// Shows all keys, and what the mouse does on a stage, until it is closed.
void showShortcutSheet(QWidget* parent);

} // namespace stickyscope
