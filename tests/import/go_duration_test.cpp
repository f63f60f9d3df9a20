// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/go_duration.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;

TEST_CASE("Times of Go's, and plain seconds")
{
    CHECK(readGoDuration("10s") == Duration(10s));
    CHECK(readGoDuration("1m30s") == Duration(90s));
    CHECK(readGoDuration("1h2m3s4ms") == Duration(3723004ms));
    CHECK(readGoDuration("1.5s") == Duration(1500ms));
    CHECK(readGoDuration("30") == Duration(30s));
    for (const char* bad :
         {"", "s", "-1s", "1s2", "1d", "1s 2s", "99999999999999999999s", "9000h", "1..2s", "+1s"})
        CHECK_MESSAGE(!readGoDuration(bad), bad);
}
