// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/labelled_field.h"

#include <QGridLayout>
#include <QLabel>

namespace stickyscope {

void addField(QGridLayout& grid, GridCell cell, const QString& title, QWidget* field,
              const char* objectName)
{
    auto* label = new QLabel(title, grid.parentWidget());
    label->setBuddy(field);
    field->setObjectName(QString::fromLatin1(objectName));
    field->setAccessibleName(title);
    grid.addWidget(label, cell.row, cell.column);
    grid.addWidget(field, cell.row, cell.column + 1);
}

} // namespace stickyscope
