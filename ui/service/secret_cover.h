// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QLineEdit;
class QPlainTextEdit;

namespace stickyscope {

// People show their screens: a secret in a field is covered while nobody edits it there.

/// All of the field, where `holdsSecret` says so of its text.
void coverSecret(QLineEdit& edit, std::function<bool(const QString& text)> holdsSecret);
/// Of each line what begins at `from`, or nothing where that is negative.
void coverSecrets(QPlainTextEdit& edit, std::function<qsizetype(const QString& line)> from);

} // namespace stickyscope
