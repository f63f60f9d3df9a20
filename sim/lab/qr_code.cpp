// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace stickyscope::lab {

QrCode qrCodeOf(std::string_view text)
{
    const std::string whole(text);
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString(whole.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
    QrCode code;
    if (!made)
        return code;
    code.width = static_cast<std::size_t>(made->width);
    code.dark.resize(code.width * code.width);
    for (std::size_t module = 0; module < code.dark.size(); ++module)
        code.dark[module] = (made->data[module] & 1U) != 0;
    return code;
}

std::string inHalfBlocks(const QrCode& code, bool coloured)
{
    const std::size_t side = code.width + 2 * QrCode::quietZone;
    const auto isWhite = [&code](std::size_t column, std::size_t row) {
        const std::size_t x = column - QrCode::quietZone; // left of the code: past its right end
        const std::size_t y = row - QrCode::quietZone;
        return x >= code.width || y >= code.width || !code.isDark(x, y);
    };
    std::string text;
    for (std::size_t row = 0; row < side; row += 2) {
        text += coloured ? "\x1b[97;40m" : "";
        for (std::size_t column = 0; column < side; ++column) {
            const bool upper = isWhite(column, row);
            const bool lower = row + 1 < side && isWhite(column, row + 1);
            text += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
        }
        text += coloured ? "\x1b[0m\n" : "\n";
    }
    return text;
}

} // namespace stickyscope::lab
