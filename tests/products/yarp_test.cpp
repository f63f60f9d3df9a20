// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/digests.h"
#include "tests/support/lone_trial.h"

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

TEST_CASE("Of several YARPs each has keys of its own, unless a word stands for those they share")
{
    for (const char* policy : {"Cookie", "CustomHeader"}) {
        for (const bool shared : {false, true}) {
            CAPTURE(policy);
            CAPTURE(shared);
            BalancerSpec spec = StickyTrial::specOf(yarp, {{"policy", std::string(policy)}}, {});
            if (shared)
                spec.sticky->settings.set("data-protection-keys", "ring"s);
            const auto proxy = [&](std::uint64_t seed) {
                return Dispatcher(spec, StickyTrial::three(), Chance {seed});
            };
            const auto reads = [](Dispatcher& dispatcher, const http::Fields& answer) {
                http::RequestHead request;
                if (const std::string* key = answer.find("X-Yarp-Affinity"))
                    request.fields.add("X-Yarp-Affinity", *key);
                else
                    request.fields.add(
                        "Cookie",
                        http::parseSetCookie(*answer.find("Set-Cookie"))->name + "="
                            + http::parseSetCookie(*answer.find("Set-Cookie"))->value);
                return dispatcher.recall({request, {}}).bound;
            };
            Dispatcher first = proxy(1);
            Dispatcher second = proxy(2);
            http::ResponseHead response {.status = 200};
            const Recall fresh;
            first.remember(
                {.recall = fresh, .replicas = first.replicas(), .replica = ReplicaIndex {1}},
                response);
            CHECK(reads(first, response.fields));
            CHECK(reads(second, response.fields) == shared);
        }
    }
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
        trial.dispatcher.tell(first.decision.replica, false, {});
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

TEST_CASE("YARP's FirstAlphabetical asks the destination whose id comes first, in any case")
{
    ReplicaSet set;
    for (const char* name : {"c", "B", "a"})
        set.add({.name = name, .url = std::string("http://10.0.0.1:80") + name[0]});
    test::StickyTrial trial(
        {.product = "yarp", .algorithm = "FirstAlphabetical", .sticky = std::nullopt}, set);
    CHECK(trial.ask().decision.replica == ReplicaIndex {2});
    trial.dispatcher.tell(ReplicaIndex {2}, false, {});
    CHECK(trial.ask().decision.replica == ReplicaIndex {1});
    trial.dispatcher.tell(ReplicaIndex {1}, false, {});
    CHECK(trial.ask().decision.replica == ReplicaIndex {0});
}

TEST_CASE("YARP's passive check leaves a destination out by its share of failures")
{
    using namespace std::chrono_literals;
    BalancerSpec spec {.product = "yarp",
                       .algorithm = "RoundRobin",
                       .sticky = std::nullopt,
                       .settings = {{"passive", true}}};
    test::LoneTrial trial(spec);
    // Nine requests are too few; the tenth of s1 is the fifth that fails.
    for (int round = 0; round < 10; ++round) {
        if (round % 2 == 1)
            trial.faults['a'] = Fault::refused;
        else
            trial.faults.clear();
        CHECK(trial.ask() == (round % 2 == 1 ? "a 502" : "a 200"));
        CHECK(trial.ask() == "b 200");
        CHECK(trial.ask() == "c 200");
        trial.now += 1s;
    }
    for (int number = 0; number < 6; ++number)
        CHECK(trial.ask()[0] != 'a');
    trial.now += 58s;
    CHECK(trial.ask()[0] != 'a');
    trial.now += 2s;
    trial.faults.clear();
    std::string met;
    for (int number = 0; number < 3; ++number)
        met += trial.ask()[0];
    CHECK(met.find('a') != std::string::npos);
    // Without the check it goes on asking.
    spec.settings = {};
    test::LoneTrial blind(spec);
    blind.faults['a'] = Fault::refused;
    int failures = 0;
    for (int number = 0; number < 60; ++number)
        failures += blind.ask() == "a 502" ? 1 : 0;
    CHECK(failures == 20);
}
