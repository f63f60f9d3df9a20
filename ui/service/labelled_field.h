// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QGridLayout;
class QWidget;

namespace stickyscope {

/// Puts a field into the grid with its title before it, which is its accessible name too.
void addField(QGridLayout& grid, int row, int column, const QString& title, QWidget* field,
              const char* objectName);

} // namespace stickyscope
