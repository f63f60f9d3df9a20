// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/authorization.h"

#include <algorithm>

namespace stickyscope::http {

std::string basicAuthorization(std::string_view user)
{
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    for (std::size_t place = 0; place < user.size(); place += 3) {
        unsigned long bits = 0;
        const std::size_t count = std::min<std::size_t>(3, user.size() - place);
        for (std::size_t octet = 0; octet < 3; ++octet)
            bits = (bits << 8U)
                | (octet < count ? static_cast<unsigned char>(user[place + octet]) : 0U);
        for (std::size_t digit = 0; digit < 4; ++digit)
            encoded += digit <= count ? letters[(bits >> (18U - 6U * digit)) & 0x3fU] : '=';
    }
    return "Basic " + encoded;
}

} // namespace stickyscope::http
