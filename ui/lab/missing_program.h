// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace stickyscope {

namespace lab {
struct ManagedProduct;
} // namespace lab

/// What to do where a real balancer is chosen that is not installed.
struct MissingProgram
{
    QString sentence; ///< that it is not there, and which package brings it
    QString command; ///< that installs it
};
MissingProgram missingProgram(const lab::ManagedProduct& product);

} // namespace stickyscope
