// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/head.h"

#include <doctest/doctest.h>
#include <optional>

using namespace stickyscope;

TEST_CASE("Fields of a name are edited where they stand, or go")
{
    http::Fields fields;
    fields.add("Cookie", "a=1");
    fields.add("Host", "x");
    fields.add("cookie", "b=2");
    fields.add("COOKIE", "");
    fields.edit("Cookie", [](const std::string& value) {
        return value == "b=2" ? std::nullopt : std::optional(value + "!");
    });
    http::Fields expected;
    expected.add("Cookie", "a=1!");
    expected.add("Host", "x");
    expected.add("COOKIE", "!");
    CHECK(fields == expected);
}
