// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/sticky_finder.h"

#include <doctest/doctest.h>

using namespace stickyscope;

TEST_CASE("A cookie is known by its form or its name, and where there is none, none is found")
{
    const auto sees = [](live::StickyFinder finder) {
        finder.sees("JSESSIONID", "A1B2C3D4E5F60718293A4B5C6D7E8F90.web-1");
        finder.sees("AWSALB", "hQ8q1Vx7m2mS0eJ1kQ==");
        for (int time = 0; time < 20; ++time) {
            finder.saw({"app", "one", "web-1"});
            finder.saw({"app", "two", "web-2"});
        }
        return finder.name();
    };
    CHECK(!sees(live::StickyFinder({})).empty());
    CHECK(sees(live::StickyFinder("mine")) == "mine");
    CHECK(sees(live::StickyFinder::ofNone()).empty());
}
