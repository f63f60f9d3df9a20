// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>

class QWidget;

namespace stickyscope {

class ChartCard;

/// A chart that can stand under each stage. A new one is one file and one row.
struct ChartKind
{
    const char* name; ///< in settings, and of the widget
    const char* title;
    ChartCard* (*make)(QWidget* parent);
};

std::span<const ChartKind> chartKinds();
/// Null where there is none of this name.
const ChartKind* chartKind(const QString& name);
QString titleOf(const ChartKind& kind);

} // namespace stickyscope
