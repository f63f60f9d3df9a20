// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::lab {

/// A QR code (ISO/IEC 18004) of a text, with error correction M: `width` rows of `width` modules.
struct QrCode
{
    static constexpr std::size_t quietZone = 4; ///< modules that stay white on each side

    std::size_t width = 0; ///< 0: the text is too long for one
    std::vector<bool> dark; ///< row by row

    bool isDark(std::size_t column, std::size_t row) const { return dark[row * width + column]; }
};

QrCode qrCodeOf(std::string_view text);

/// For a terminal, quiet zone included: two rows of modules in one line of half blocks, in black
/// on white where `coloured`, else with the terminal's own ink for white, as for a dark one.
std::string inHalfBlocks(const QrCode& code, bool coloured);

} // namespace stickyscope::lab
