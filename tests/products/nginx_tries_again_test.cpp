// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// nginx, when fail_timeout is over: one request tries the server again.
#include "tests/support/places.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::first;
using namespace std::chrono_literals;

TEST_CASE("While nginx tries a server again, others pass it over: measured beside it")
{
    enum class Ends : std::uint8_t
    {
        well,
        badly,
        itsClientGoes,
        never
    };
    const auto at = [](Duration time) { return Instant(time); };
    for (const Ends ends : {Ends::well, Ends::badly, Ends::itsClientGoes, Ends::never}) {
        CAPTURE(static_cast<int>(ends));
        Dispatcher dispatcher(
            {.product = "nginx",
             .settings = {{"max-fails", std::int64_t {3}}, {"fail-timeout", Duration(2s)}}},
            test::StickyTrial::three(), Chance {1});
        const auto isUp = [&] { return dispatcher.replicas()[first].up; };
        const auto goesThere = [&](Duration time) {
            while (dispatcher.takeBack(at(100s + time), {})) { }
            dispatcher.assigned(first, Bound::no, at(100s + time));
        };
        const auto fails = [&](Duration time) {
            dispatcher.released({.replica = first, .answered = false, .now = at(100s + time)});
            dispatcher.failed(first, {.fault = Fault::timedOut}, at(100s + time));
        };
        for (int failure = 0; failure < 3; ++failure) {
            goesThere(0s);
            fails(500ms);
        }
        CHECK_FALSE(dispatcher.seemsUp(first));
        CHECK_FALSE(dispatcher.takeBack(at(102999ms), {}));
        goesThere(3s);
        CHECK_FALSE(isUp());
        CHECK_FALSE(dispatcher.seemsUp(first));
        switch (ends) {
        case Ends::well:
            dispatcher.released({.replica = first, .now = at(104s)});
            CHECK(isUp());
            CHECK(dispatcher.seemsUp(first));
            // All is forgotten: it needs as many once more.
            goesThere(4s);
            fails(4s);
            CHECK(isUp());
            break;
        case Ends::badly:
            fails(4s);
            CHECK_FALSE(isUp());
            CHECK_FALSE(dispatcher.takeBack(at(106999ms), {}));
            break;
        case Ends::itsClientGoes:
            dispatcher.released({.replica = first, .answered = false, .now = at(104s)});
            dispatcher.abandoned(first);
            CHECK(isUp());
            break;
        case Ends::never:
            // Then the next one tries it.
            CHECK_FALSE(dispatcher.takeBack(at(105999ms), {}));
            CHECK(dispatcher.takeBack(at(106s), {}) == first);
            CHECK(isUp());
            break;
        }
    }
}
