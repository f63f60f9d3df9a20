// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Traefik's source says that nobody has measured here: the date of its provider for
// ingress-nginx.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("The date of all cookies is that of the configuration, until it is read again")
{
    BalancerSpec spec = StickyTrial::specOf(traefik, {{"expires", Duration(1h)}}, {});
    spec.sticky->domain = "app.example";
    spec.sticky->maxAge = 60s;
    StickyTrial trial(spec);
    trial.dispatcher.readConfiguration(trial.now);
    const std::string first = "; Path=/; Domain=app.example; Expires=Thu, 01 Jan 2026 01:00:00 GMT"
                              "; Max-Age=60";
    CHECK(trial.ask().setCookies.at(0).ends_with(first));
    trial.now += 2h;
    CHECK(trial.ask().setCookies.at(0).ends_with(first));
    trial.dispatcher.reload(spec, Chance {2});
    trial.dispatcher.readConfiguration(trial.now);
    CHECK(trial.ask().setCookies.at(0).find("; Expires=Thu, 01 Jan 2026 03:00:00 GMT")
          != std::string::npos);
    const auto bound = trial.ask(trial.ask().cookie);
    CHECK(bound.recall.bound);
    CHECK(bound.setCookies.empty());
}
