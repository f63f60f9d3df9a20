// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QString>

#include <string>

class QLabel;
class QWidget;

namespace stickyscope {

/// Words that wrap and can be selected, never markup: much of them comes from outside.
QLabel* explainingWords(const QString& what, QWidget* parent, bool faint = false);

/// A server in its colour, or what happened in place of one, where `replica` is empty.
QWidget* placeLabel(const std::string& replica, const QString& otherwise, const Scenario& scenario,
                    QWidget* parent);

} // namespace stickyscope
