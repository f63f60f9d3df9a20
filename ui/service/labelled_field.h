// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QGridLayout;
class QWidget;

namespace stickyscope {

/// Where a title stands in a grid; its field is in the next column.
struct GridCell
{
    int row = 0;
    int column = 0;
};

/// Puts a field into the grid with its title before it, which is its accessible name too.
void addField(QGridLayout& grid, GridCell cell, const QString& title, QWidget* field,
              const char* objectName);

} // namespace stickyscope
