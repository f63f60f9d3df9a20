// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie_file.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::http;

TEST_CASE("A cookie file as curl writes it is read and written the same")
{
    const std::string text = "# Netscape HTTP Cookie File\n"
                             "localhost\tFALSE\t/\tFALSE\t0\tws-session\t7c1e9f02ab34d1c0\n"
                             "#HttpOnly_.app.example\tTRUE\t/app\tTRUE\t1900000000\tsid\tx\n";
    const CookieJar jar = readCookieFile(text);
    REQUIRE(jar.cookies().size() == 2);
    CHECK(jar.cookies()[0].hostOnly);
    CHECK_FALSE(jar.cookies()[0].expires);
    CHECK(jar.cookies()[1].httpOnly);
    CHECK(jar.cookies()[1].domain == "app.example");
    CHECK(writeCookieFile(jar) == text);
}

TEST_CASE("Lines that are no cookie are passed over")
{
    CHECK(readCookieFile("# comment\n\nnonsense\na\tb\n").cookies().empty());
}
