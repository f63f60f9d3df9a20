// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::StickyTrial;

namespace {

std::string hashOf(std::size_t place)
{
    return md5Hex(test::serverAt(place).address());
}

} // namespace

TEST_CASE("Azure Application Gateway sets its cookie twice, on the first answer only")
{
    StickyTrial trial(azureApplicationGateway);
    const auto first = trial.ask();
    const std::string value = hashOf(raw(first.decision.replica));
    CHECK(first.setCookies
          == std::vector<std::string> {"ApplicationGatewayAffinity=" + value + "; Path=/",
                                       "ApplicationGatewayAffinityCORS=" + value
                                           + "; Path=/; Secure; SameSite=None"});
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.fail().setCookies.empty());
}

TEST_CASE("Azure Application Gateway keeps to a server that drains, and not to one that is down")
{
    StickyTrial trial(azureApplicationGateway);
    const std::string cookie = "ApplicationGatewayAffinity=" + hashOf(1);
    const ReplicaIndex server {1};
    CHECK(trial.recall(cookie).state == CookieIn::valid);
    trial.dispatcher.setDraining(server, true);
    CHECK(trial.recall(cookie).state == CookieIn::draining);
    CHECK(trial.recall(cookie).bound);
    trial.dispatcher.tell(server, false, {});
    const auto next = trial.ask(cookie);
    CHECK(next.recall.state == CookieIn::down);
    CHECK(next.out == CookieOut::rewritten);
    CHECK(trial.ask("ApplicationGatewayAffinity=bogus").recall.state == CookieIn::unknown);
    CHECK(azureApplicationGateway.failed({}, {}).status == 502);
}

TEST_CASE("The twin of Azure Application Gateway's cookie goes by its name")
{
    StickyTrial trial(BalancerSpec {.product = "azure-application-gateway",
                                    .sticky = StickySpec {.cookie = "mine"}});
    CHECK(trial.ask().setCookies.at(1).starts_with("mineCORS="));
}
