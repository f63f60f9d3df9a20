// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// By ngx_http_upstream_least_time_module.c.
#include "tests/support/trial.h"

#include <chrono>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

class Timed : public Trial
{
public:
    explicit Timed(const std::vector<int>& weights, const Settings& settings = {})
        : Trial("nginx-least-time", weights, settings)
    {
    }

    char pick()
    {
        Draw draw(1, 0, 0, 0, Purpose::balancerChoice);
        return static_cast<char>('a'
                                 + raw(policy->choose({set, draw, noReplica, {}, now}).value()));
    }
    void begins(char replica) { policy->assigned(at(replica), Bound::no, now); }
    void ends(char replica, Duration took, bool answered = true)
    {
        policy->released({.replica = at(replica), .answered = answered, .took = took, .now = now});
    }
    void answers(char replica, Duration took)
    {
        begins(replica);
        now += took;
        ends(replica, took);
    }
    std::string picks(int count)
    {
        std::string all;
        for (int number = 0; number < count; ++number) {
            all += pick();
            begins(all.back());
            ends(all.back(), 100ms);
        }
        return all;
    }

    Instant now {100s};
};

} // namespace

TEST_CASE("nginx least_time takes turns while response times are in the same twenty milliseconds")
{
    Timed trial({1, 1, 1});
    trial.answers('a', 101ms);
    trial.answers('b', 105ms);
    trial.answers('c', 119ms);
    CHECK(trial.picks(6) == "abcabc");
    Timed slower({1, 1, 1});
    slower.answers('a', 121ms);
    slower.answers('b', 105ms);
    slower.answers('c', 119ms);
    CHECK(slower.picks(6) == "bcbcbc");
}

TEST_CASE("A server that was not asked yet counts as the fastest")
{
    Timed trial({1, 1});
    trial.answers('a', 5ms);
    // 20 ms both: nothing, and up to 19 ms.
    CHECK(trial.pick() == 'a');
    Timed other({1, 1});
    other.answers('a', 25ms);
    CHECK(other.pick() == 'b');
}

TEST_CASE("Its requests in flight count, for its weight")
{
    Timed trial({1, 1});
    trial.answers('a', 50ms); // 60
    trial.answers('b', 90ms); // 100
    trial.begins('a'); // 120
    CHECK(trial.pick() == 'b');
    Timed heavy({3, 1});
    heavy.answers('a', 50ms);
    heavy.answers('b', 50ms);
    heavy.begins('a'); // 120 / 3
    CHECK(heavy.pick() == 'a');
    heavy.begins('a'); // 180 / 3, as b's 60
    heavy.begins('a');
    CHECK(heavy.pick() == 'b');
}

TEST_CASE("The mean moves by a twentieth, rounded")
{
    Timed trial({1, 1});
    trial.answers('a', 100ms);
    trial.answers('b', 139ms); // 140
    trial.answers('a', 870ms); // 0.05 * 870 + 0.95 * 100 = 138.5, and so 139: 140
    CHECK(trial.picks(4) == "abab");
    Timed over({1, 1});
    over.answers('a', 100ms);
    over.answers('b', 139ms);
    over.answers('a', 890ms); // 140 by rounding: 160
    CHECK(over.picks(2) == "bb");
}

TEST_CASE("More than five seconds are all alike, and connections decide")
{
    Timed trial({1, 1});
    trial.answers('a', 6s);
    trial.answers('b', 60s);
    trial.begins('a');
    CHECK(trial.pick() == 'b');
}

TEST_CASE("A slow server gets another chance once in fail_timeout")
{
    Settings settings;
    settings.set("fail-timeout", Duration(10s));
    Timed trial({1, 1}, settings);
    trial.answers('a', 30ms); // 40
    trial.answers('b', 130ms); // 140
    CHECK(trial.pick() == 'a');
    trial.now += 11s;
    trial.begins('a'); // a is asked, and begins to be looked at anew
    trial.ends('a', 30ms);
    CHECK(trial.pick() == 'a'); // b: 130 >> 1 = 65, 80
    trial.now += 11s;
    trial.begins('a');
    trial.ends('a', 30ms);
    // b: 130 >> 2 = 32, 40 as a's: they take turns.
    CHECK(trial.pick() == 'a');
    CHECK(trial.pick() == 'b');
}

TEST_CASE("With inflight a request that takes long makes its server a slow one")
{
    Settings settings;
    settings.set("inflight", true);
    for (const bool inflight : {false, true}) {
        CAPTURE(inflight);
        Timed trial({3, 1}, inflight ? settings : Settings {});
        trial.answers('a', 50ms);
        trial.answers('b', 90ms);
        trial.begins('a'); // 60 * 2 / 3 = 40 against 100
        trial.now += 400ms;
        // With inflight: 400 and a bit, 420 * 2 / 3 = 280 against 100.
        CHECK(trial.pick() == (inflight ? 'b' : 'a'));
        trial.ends('a', 400ms);
        CHECK(trial.pick() == 'a');
    }
}

TEST_CASE("What fails takes no part in the mean")
{
    Timed trial({1, 1});
    trial.answers('a', 30ms);
    trial.answers('b', 70ms);
    trial.begins('a');
    trial.ends('a', 9s, false);
    CHECK(trial.pick() == 'a');
}
