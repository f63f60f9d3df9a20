// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/url.h"

#include <array>
#include <doctest/doctest.h>

using namespace stickyscope::http;

TEST_CASE("An address is taken apart, with http and the scheme's port where it says nothing")
{
    const auto plain = parseUrl("localhost:8000/hostname?a=b#part");
    REQUIRE(plain);
    CHECK(plain->scheme == "http");
    CHECK(plain->authority() == "localhost:8000");
    CHECK(plain->target() == "/hostname?a=b");
    CHECK(parseUrl("HTTPS://Example.COM")->text() == "https://example.com/");
    CHECK(parseUrl("wss://[::1]:9/x")->host == "::1");
    CHECK(parseUrl("wss://[::1]:9/x")->authority() == "[::1]:9");
    CHECK(parseUrl("http://me:secret@host/")->userInfo == "me:secret");
    CHECK(parseUrl("http://host/a b")->path == "/a%20b");
}

TEST_CASE("What is no address gets a reason")
{
    static constexpr std::array<const char*, 8> wrong {"",
                                                       "ftp://host/",
                                                       "http://",
                                                       "http://host:0/",
                                                       "http://host:99999/",
                                                       "http://ho st/",
                                                       "http://[::1",
                                                       "http://[zz]/"};
    for (const char* text : wrong) {
        std::string why;
        CAPTURE(text);
        CHECK_FALSE(parseUrl(text, &why));
        CHECK_FALSE(why.empty());
    }
}

TEST_CASE("A reference is followed from where it stands")
{
    const Url base = *parseUrl("http://host:8000/a/b/c?x=1");
    CHECK(resolve(base, "d")->text() == "http://host:8000/a/b/d");
    CHECK(resolve(base, "../d?y")->text() == "http://host:8000/a/d?y");
    CHECK(resolve(base, "/login")->text() == "http://host:8000/login");
    CHECK(resolve(base, "//other/x")->text() == "http://other/x");
    CHECK(resolve(base, "https://other/")->text() == "https://other/");
    CHECK(resolve(base, "/a/./b/../../c")->path == "/c");
}
