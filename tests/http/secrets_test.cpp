// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/secrets.h"

#include <doctest/doctest.h>

using namespace stickyscope::http;

TEST_CASE("An address is shown without its user, and without what its query keeps secret")
{
    CHECK(withoutSecrets("http://ada:pw@app.example/a?page=1&token=x#sig=y")
          == "http://***@app.example/a?page=1&token=***#sig=***");
    CHECK(withoutSecrets("/a?access_token=x&monkey=1&KEY=&b")
          == "/a?access_token=***&monkey=1&KEY=&b");
    // What is no address as well, as errors show it.
    CHECK(withoutSecrets("http://ada:pw@app:99999") == "http://***@app:99999");
    CHECK(withoutSecrets("https://a@b@c/x@y") == "https://***@c/x@y");
    // Without a scheme, as servers' addresses are written.
    CHECK(withoutSecrets("ada:pw@127.0.0.1:1") == "***@127.0.0.1:1");
    CHECK(withoutSecrets("ada:pw@app/?token=x") == "***@app/?token=***");
    CHECK(withoutSecrets("//ada:pw@app/a") == "//***@app/a");
    CHECK(withoutSecrets("127.0.0.1:1/a@b") == "127.0.0.1:1/a@b");
    // A server that takes the name apart decodes it first.
    CHECK(withoutSecrets("/a?to%6ben=x&%6Bey=y&monke%79=z&%=1&a%2=2")
          == "/a?to%6ben=***&%6Bey=***&monke%79=z&%=1&a%2=2");
    for (const char* same : {"", "?", "/a@b", "a://", "/x?u=http://u:p@h", "colour: red"})
        CHECK(withoutSecrets(same) == same);
}

TEST_CASE("Header fields may hold secrets, but for a few that are known by their names")
{
    for (const char* name : {"Authorization", "proxy-authorization", "X-Api-Key", "X-Auth-Token",
                             "Cookie", "User-Agent", "X-Of-Our-Own", "Forwarded"})
        CHECK(isSecretHeader(name));
    for (const char* name : {"Accept", "content-type", "Host", "Referer", "Accept-Language"})
        CHECK_FALSE(isSecretHeader(name));
}
