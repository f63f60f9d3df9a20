// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// As measured on nginx 1.22.1 (tests/interop/broken_off.py).
#include "tests/support/lone_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

BalancerSpec nginxWith(const char* words, int maxFails = 1)
{
    return {
        .product = "nginx",
        .sticky = std::nullopt,
        .settings = {{"proxy-next-upstream", text(words)}, {"max-fails", std::int64_t {maxFails}}}};
}

} // namespace

TEST_CASE("nginx passes an answer on by its status, and leaves that server out")
{
    LoneTrial trial(nginxWith("error timeout http_503"));
    trial.statuses['a'] = 503;
    CHECK(trial.ask() == "ab 200");
    CHECK(trial.ask() == "c 200");
    CHECK(trial.ask() == "b 200");
    CHECK(trial.ask() == "c 200");
}

TEST_CASE("nginx passes on 403 and 404 as well, and holds nothing against who answers so")
{
    LoneTrial trial(nginxWith("error http_403 http_404"));
    trial.statuses = {{'a', 404}, {'b', 403}};
    CHECK(trial.ask() == "abc 200");
    CHECK(trial.ask() == "c 200");
    trial.statuses['c'] = 404;
    CHECK(trial.ask() == "cba 404");
    CHECK(trial.ask("POST") == "a 404");
}

TEST_CASE("nginx gives the client what it does not pass on")
{
    LoneTrial trial(nginxWith("error http_502"));
    trial.statuses['a'] = 500;
    CHECK(trial.ask() == "a 500");
    CHECK(trial.ask() == "b 200");
    CHECK(trial.ask() == "c 200");
    CHECK(trial.ask() == "a 500");
}

TEST_CASE("nginx passes on what is not idempotent only with non_idempotent")
{
    LoneTrial trial(nginxWith("error http_503", 0));
    trial.statuses['a'] = 503;
    CHECK(trial.ask("POST") == "a 503");
    LoneTrial any(nginxWith("error http_503 non_idempotent", 0));
    any.statuses['a'] = 503;
    CHECK(any.ask("POST") == "ab 200");
    LoneTrial reset(nginxWith("error non_idempotent", 0));
    reset.faults['a'] = Fault::reset;
    CHECK(reset.ask("POST") == "ab 200");
}

TEST_CASE("An answer that is no HTTP is passed on with invalid_header alone, and counts anyhow")
{
    LoneTrial trial(nginxWith("invalid_header", 0));
    trial.faults['a'] = Fault::malformed;
    CHECK(trial.ask() == "ab 200");
    LoneTrial usual(nginxWith("error timeout", 1));
    usual.faults['a'] = Fault::malformed;
    CHECK(usual.ask() == "a 502");
    for (int number = 0; number < 4; ++number)
        CHECK(usual.ask()[0] != 'a');
}

TEST_CASE("Where all servers answer so, the client gets the last of these answers")
{
    LoneTrial trial(nginxWith("error http_503", 0));
    trial.statuses = {{'a', 503}, {'b', 503}, {'c', 503}};
    CHECK(trial.ask() == "abc 503");
    // With max_fails the first two are left out; the last one has nobody behind it.
    LoneTrial counting(nginxWith("error http_503"));
    counting.statuses = trial.statuses;
    CHECK(counting.ask() == "abc 503");
    CHECK(counting.ask() == "c 502");
    CHECK(counting.ask() == "502");
}

TEST_CASE("proxy_next_upstream off passes nothing on, and says so")
{
    LoneTrial trial(nginxWith("off http_503", 0));
    trial.faults['a'] = Fault::reset;
    trial.statuses['b'] = 503;
    CHECK(trial.ask() == "a 502");
    CHECK(trial.ask() == "b 503");
    trial.ask();
    const LoneAnswer kept = trial.meet();
    CHECK(std::string(kept.rule->sentence).find("proxy_next_upstream") != std::string::npos);
}

TEST_CASE("nginx passes on a timeout where it says so")
{
    LoneTrial trial(nginxWith("timeout", 0));
    trial.faults = {{'a', Fault::timedOut}, {'b', Fault::refused}};
    CHECK(trial.ask() == "ab 502");
    LoneTrial error(nginxWith("error", 0));
    error.faults['a'] = Fault::timedOut;
    CHECK(error.ask() == "a 504");
}

TEST_CASE("ingress-nginx and sticky-module-ng have proxy_next_upstream too")
{
    for (const char* product : {"ingress-nginx", "nginx-sticky-module-ng"}) {
        CAPTURE(product);
        LoneTrial trial({.product = product,
                         .sticky = std::nullopt,
                         .settings = {{"proxy-next-upstream", text("http_500")}}});
        trial.statuses = {{'a', 500}, {'b', 500}};
        bool retried = false;
        for (int number = 0; number < 6; ++number) {
            const std::string met = trial.ask();
            retried = retried || met.size() > std::string("a 200").size();
            CHECK(met.substr(met.size() - 5) == "c 200");
        }
        CHECK(retried);
    }
}
