// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>

namespace stickyscope {

/// Shipped failures that belong together, in the order of their numbers.
struct FailureGroup
{
    const char* title; ///< in the menu
    std::span<const char* const> files; ///< without ".sticky.yaml"
};

/// All that are shipped, by what goes wrong; short enough for a menu each.
std::span<const FailureGroup> failureGroups();
/// Of one of them, among the program's resources.
QString failurePath(const char* file);

} // namespace stickyscope
