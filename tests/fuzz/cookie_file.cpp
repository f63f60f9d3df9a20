// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cookie files in Netscape's format. What is written of one is read again, and written alike.
#include "sim/http/cookie_file.h"

#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string written =
        http::writeCookieFile(http::readCookieFile(fuzz::textOf(data, size)));
    fuzz::require(http::writeCookieFile(http::readCookieFile(written)) == written);
    return 0;
}
