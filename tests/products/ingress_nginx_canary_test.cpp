// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/ingress_nginx_canary.h"

#include "sim/products/regular_expression.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// s1, s2 and s3 of the service, s4 and s5 of its canary.
ReplicaSet withCanary()
{
    ReplicaSet set = StickyTrial::three();
    for (std::size_t place = 3; place < 5; ++place) {
        ReplicaView canary = serverAt(place);
        canary.canary = true;
        set.add(canary);
    }
    return set;
}

BalancerSpec ingress(Settings settings, const Settings& cookie = {})
{
    return StickyTrial::specOf(ingressNginx, cookie, settings);
}

BalancerSpec withoutAffinity(Settings settings)
{
    BalancerSpec spec = ingress(std::move(settings));
    spec.sticky.reset();
    return spec;
}

bool isCanary(const StickyTrial::Answer& answer)
{
    return raw(answer.decision.replica) >= 3;
}

int canaries(StickyTrial& trial, int count, const std::string& cookie = {})
{
    int met = 0;
    for (int number = 0; number < count; ++number)
        met += isCanary(trial.ask(cookie)) ? 1 : 0;
    return met;
}

} // namespace

TEST_CASE("A canary gets nothing where no rule sends it anything")
{
    StickyTrial trial(withoutAffinity({}), withCanary());
    CHECK(canaries(trial, 200) == 0);
}

TEST_CASE("canary-weight sends so many of canary-weight-total requests to the canary")
{
    StickyTrial some(withoutAffinity({{"canary-weight", std::int64_t {25}}}), withCanary());
    CHECK(canaries(some, 4000) == doctest::Approx(1000).epsilon(0.08));
    StickyTrial all(withoutAffinity({{"canary-weight", std::int64_t {100}}}), withCanary());
    CHECK(canaries(all, 200) == 200);
    StickyTrial few(withoutAffinity({{"canary-weight", std::int64_t {100}},
                                     {"canary-weight-total", std::int64_t {400}}}),
                    withCanary());
    CHECK(canaries(few, 4000) == doctest::Approx(1000).epsilon(0.08));
    // Each service takes turns for itself.
    StickyTrial turns(withoutAffinity({{"canary-weight", std::int64_t {100}}}), withCanary());
    std::set<std::size_t> met;
    for (int number = 0; number < 2; ++number)
        met.insert(raw(turns.ask().decision.replica));
    CHECK(met == std::set<std::size_t> {3, 4});
}

TEST_CASE("canary-by-header decides before the weight, by always and never or by its own value")
{
    StickyTrial words(withoutAffinity({{"canary-by-header", text("X-Canary")},
                                       {"canary-weight", std::int64_t {100}}}),
                      withCanary());
    words.headers.set("x-canary", "never");
    CHECK(canaries(words, 50) == 0);
    words.headers.set("x-canary", "perhaps");
    CHECK(canaries(words, 50) == 50);
    StickyTrial value(withoutAffinity({{"canary-by-header", text("X-Canary")},
                                       {"canary-by-header-value", text("beta")}}),
                      withCanary());
    value.headers.set("X-Canary", "always");
    CHECK(canaries(value, 50) == 0);
    value.headers.set("X-Canary", "beta");
    const auto answer = value.ask();
    CHECK(isCanary(answer));
    CHECK(answer.decision.rule->sentence
          == "Its header says so: ingress-nginx sends it to the canary.");
}

TEST_CASE("canary-by-header-pattern finds its pattern anywhere in the value, as PCRE does")
{
    Settings settings {{"canary-by-header", text("X-Canary")},
                       {"canary-by-header-pattern", text("(?<![a-z])beta-\\d+$")},
                       {"canary-weight", std::int64_t {0}}};
    StickyTrial trial(withoutAffinity(settings), withCanary());
    for (const char* value : {"beta-12", "user beta-3"}) {
        CAPTURE(value);
        trial.headers.set("X-Canary", value);
        CHECK(canaries(trial, 20) == 20);
    }
    // Neither word decides any more: the cookie and the weight do.
    for (const char* value : {"always", "never", "Beta-1", "alphabeta-1", "beta-1 ", "beta-"}) {
        CAPTURE(value);
        trial.headers.set("X-Canary", value);
        CHECK(canaries(trial, 20) == 0);
    }
    // The value of its own comes before it.
    settings.set("canary-by-header-value", text("stable"));
    StickyTrial both(withoutAffinity(settings), withCanary());
    both.headers.set("X-Canary", "beta-12");
    CHECK(canaries(both, 20) == 0);
    both.headers.set("X-Canary", "stable");
    CHECK(canaries(both, 20) == 20);
}

TEST_CASE("A pattern that is not right finds nothing and says where, one that takes for ever ends")
{
    const RegularExpression open("a(b");
    CHECK(open.fault() == "missing closing parenthesis, behind 'a(b'");
    CHECK_FALSE(open.finds("a(b"));
    const RegularExpression slow("^(([a-z])+)+$");
    CHECK(slow.fault().empty());
    CHECK(slow.finds("abc"));
    CHECK_FALSE(slow.finds(std::string(60, 'a') + "!"));
}

TEST_CASE("canary-by-cookie decides after the header and before the weight")
{
    StickyTrial trial(withoutAffinity({{"canary-by-header", text("X-Canary")},
                                       {"canary-by-cookie", text("beta")},
                                       {"canary-weight", std::int64_t {0}}}),
                      withCanary());
    CHECK(canaries(trial, 20, "beta=always") == 20);
    CHECK(canaries(trial, 20, "beta=1") == 0);
    trial.headers.set("X-Canary", "never");
    CHECK(canaries(trial, 20, "beta=always") == 0);
}

TEST_CASE("A session stays with the service that its cookie names, whatever the weight is by then")
{
    for (const char* mode : {"balanced", "persistent"}) {
        CAPTURE(mode);
        const Settings cookie {{"affinity-mode", text(mode)}};
        StickyTrial trial(ingress({{"canary-weight", std::int64_t {50}}}, cookie), withCanary());
        bool met[2] {};
        for (int client = 0; client < 20; ++client) {
            const auto first = trial.ask();
            REQUIRE(first.setCookies.size() == 1);
            const bool canary = isCanary(first);
            met[canary ? 1 : 0] = true;
            CHECK(first.cookie.ends_with("|" + ingressBackendKey({}, canary)));
            for (int more = 0; more < 10; ++more) {
                const auto next = trial.ask(first.cookie);
                CHECK(next.decision.replica == first.decision.replica);
                CHECK(next.setCookies.empty());
            }
        }
        CHECK(met[0]);
        CHECK(met[1]);
    }
}

TEST_CASE("With affinity-canary-behavior legacy the canary has no sessions")
{
    const Settings cookie {{"affinity-canary-behavior", text("legacy")}};
    StickyTrial trial(ingress({{"canary-weight", std::int64_t {50}}}, cookie), withCanary());
    std::string ofService;
    for (int client = 0; client < 20; ++client) {
        const auto answer = trial.ask();
        CHECK(answer.setCookies.empty() == isCanary(answer));
        if (!isCanary(answer))
            ofService = answer.cookie;
    }
    // Who has the service's cookie keeps to the service.
    CHECK(canaries(trial, 50, ofService) == 0);
    // A canary's cookie from before decides nothing.
    const int met = canaries(trial, 400, "INGRESSCOOKIE=1.2.3|" + ingressBackendKey({}, true));
    CHECK(met == doctest::Approx(200).epsilon(0.25));
}

TEST_CASE("A canary without a pod is none, and a retry stays with its service")
{
    StickyTrial trial(withoutAffinity({{"canary-weight", std::int64_t {100}}}), withCanary());
    const auto s4 = static_cast<ReplicaIndex>(3);
    const auto s5 = static_cast<ReplicaIndex>(4);
    trial.avoid = s4;
    CHECK(trial.ask().decision.replica == s5);
    trial.avoid = static_cast<ReplicaIndex>(0);
    CHECK_FALSE(isCanary(trial.ask()));
    trial.avoid = noReplica;
    trial.dispatcher.tell(s4, false, {});
    CHECK(trial.ask().decision.replica == s5);
    trial.dispatcher.tell(s5, false, {});
    CHECK(canaries(trial, 20) == 0);
    trial.dispatcher.tell(s5, true, {});
    CHECK(canaries(trial, 20) == 20);
}
