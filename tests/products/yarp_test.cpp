// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using namespace std::string_literals;
using test::StickyTrial;

namespace {

const std::string name = ".Yarp.ReverseProxy.Affinity=";

} // namespace

TEST_CASE("YARP's HashCookie is the XXH64 of the destination's id, in capitals and two octets each")
{
    StickyTrial trial(yarp);
    trial.avoid = ReplicaIndex {1};
    const auto first = trial.ask();
    const std::string digit(1, static_cast<char>('1' + raw(first.decision.replica)));
    const std::string value = hexOf(xxHash64("S\0"s + digit + "\0"s), 16);
    CHECK(first.setCookies == std::vector<std::string> {name + value + "; path=/; httponly"});
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.fail().setCookies.size() == 1);
    CHECK(trial.fail(first.cookie).setCookies.empty());
}

TEST_CASE("YARP's ArrCookie is the SHA-256 of the id in small letters, in capital digits")
{
    StickyTrial trial(yarp, {{"policy", "ArrCookie"s}});
    std::string value = sha256Hex("s\0002\0"s);
    for (char& digit : value)
        digit = static_cast<char>(digit >= 'a' ? digit - 'a' + 'A' : digit);
    const Recall recall = trial.recall(name + value);
    CHECK(recall.bound);
    CHECK(recall.names == ReplicaIndex {1});
}

TEST_CASE("YARP's encrypted cookie is read with the same keys alone")
{
    const Settings keys {{"policy", "Cookie"s}, {"data-protection-keys", "one"s}};
    StickyTrial trial(yarp, keys);
    const auto first = trial.ask();
    CHECK(first.cookie.starts_with(name + "CfDJ8"));
    CHECK(first.cookie.find('=', name.size()) == std::string::npos);
    CHECK(StickyTrial(yarp, keys).recall(first.cookie).bound);
    StickyTrial other(yarp, {{"policy", "Cookie"s}, {"data-protection-keys", "two"s}});
    CHECK(other.recall(first.cookie).state == CookieIn::unknown);
    CHECK(other.ask(first.cookie).out == CookieOut::rewritten);
}

TEST_CASE("YARP redistributes what leads nowhere, or answers 503")
{
    for (const bool refuses : {false, true}) {
        CAPTURE(refuses);
        StickyTrial trial(yarp,
                          {{"failure-policy", refuses ? "Return503Error"s : "Redistribute"s}});
        const auto first = trial.ask();
        CHECK(first.recall.status == 0);
        CHECK(trial.recall(name + "bogus").status == (refuses ? 503 : 0));
        trial.dispatcher.setUp(first.decision.replica, false);
        const Recall recall = trial.recall(first.cookie);
        CHECK(recall.status == (refuses ? 503 : 0));
        CHECK(recall.state == (refuses ? CookieIn::refused : CookieIn::down));
    }
    CHECK(yarp.failed({}, {}).status == 502);
}

TEST_CASE("YARP writes attributes as ASP.NET Core does")
{
    BalancerSpec spec = StickyTrial::specOf(yarp, {{"expiration", Duration(1h)}}, {});
    spec.sticky->cookie = "k";
    spec.sticky->domain = "app.example";
    spec.sticky->secure = true;
    spec.sticky->sameSite = SameSite::strict;
    const std::string tail = "domain=app.example; path=/; secure; samesite=strict; httponly";
    CHECK(StickyTrial(spec).ask().setCookies.at(0).ends_with(
        "; expires=Thu, 01 Jan 2026 01:00:00 GMT; " + tail));
    spec.sticky->maxAge = 60s;
    CHECK(StickyTrial(spec).ask().setCookies.at(0).ends_with("; max-age=60; " + tail));
}

TEST_CASE("YARP's CustomHeader carries the key both ways, and sets no cookie")
{
    StickyTrial trial(yarp, {{"policy", std::string("CustomHeader")}});
    const auto first = trial.ask();
    CHECK(first.setCookies.empty());
    const std::string* key = first.response.fields.find("X-Yarp-Affinity");
    REQUIRE(key);
    trial.headers.add("X-Yarp-Affinity", *key);
    const auto second = trial.ask();
    CHECK(second.recall.bound);
    CHECK(second.decision.replica == first.decision.replica);
    trial.headers.set("X-Yarp-Affinity", "bogus");
    CHECK(trial.recall("").state == CookieIn::unknown);
}
