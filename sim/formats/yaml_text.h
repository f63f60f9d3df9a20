// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace stickyscope {

/// A text as a YAML scalar that any reader understands as this text, also within {} and []: plain
/// where nothing can misread it (YAML 1.1 takes off, 1e3 and 12:30 for other things), else in
/// quotes. Octets that are not UTF-8 become question marks.
std::string yamlScalar(std::string_view text);

} // namespace stickyscope
