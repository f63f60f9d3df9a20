// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QString;
class QWidget;

namespace stickyscope {

// Messages hold names from outside: they are shown as plain text, never taken for markup.

/// Says one thing.
void sayPlainly(QWidget* parent, const QString& text);
/// Asks a question; No is the default.
bool askPlainly(QWidget* parent, const QString& text);

} // namespace stickyscope
