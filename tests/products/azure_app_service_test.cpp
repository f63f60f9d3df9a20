// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::StickyTrial;

namespace {

std::string hashOf(ReplicaIndex server)
{
    return sha256Hex(test::serverAt(raw(server)).address());
}

} // namespace

TEST_CASE("Azure App Service sets its cookies for the host that it was asked for")
{
    StickyTrial trial(azureAppService);
    trial.secure = true;
    trial.host = "shop.azurewebsites.net:443";
    const auto first = trial.ask();
    const std::string value = hashOf(first.decision.replica);
    CHECK(first.setCookies
          == std::vector<std::string> {
              "ARRAffinity=" + value + ";Path=/;HttpOnly;Secure;Domain=shop.azurewebsites.net",
              "ARRAffinitySameSite=" + value
                  + ";Path=/;HttpOnly;SameSite=None;Secure;Domain=shop.azurewebsites.net"});
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.recall("ARRAffinitySameSite=" + value).bound);
    CHECK(trial.fail().setCookies.empty());
}

TEST_CASE("Without TLS Azure App Service sets one cookie, without a host no Domain")
{
    StickyTrial trial(azureAppService);
    trial.host = "[2001:db8::1]:8080";
    const auto first = trial.ask();
    const std::string value = "ARRAffinity=" + hashOf(first.decision.replica) + ";Path=/;HttpOnly";
    CHECK(first.setCookies == std::vector<std::string> {value + ";Domain=[2001:db8::1]"});
    trial.host.clear();
    CHECK(trial.ask("ARRAffinity=" + hashOf(first.decision.replica) + "x")
              .setCookies.at(0)
              .find("Domain")
          == std::string::npos);
}

TEST_CASE("Behind a gateway that sends another Host, the cookie of Azure App Service is for that")
{
    StickyTrial trial(azureAppService, {{"host-name", std::string("shop.azurewebsites.net")}});
    CHECK(trial.ask().setCookies.at(0).ends_with(";Domain=shop.azurewebsites.net"));
}

TEST_CASE("An old ARRAffinity before a good one moves the client with each answer")
{
    StickyTrial trial(azureAppService);
    const auto first = trial.ask("ARRAffinity=removed");
    CHECK(first.recall.state == CookieIn::unknown);
    const auto second = trial.ask("ARRAffinity=removed; " + first.cookie);
    CHECK(second.recall.state == CookieIn::unknown);
    CHECK(second.out == CookieOut::rewritten);
    CHECK(second.decision.replica != first.decision.replica);
    trial.dispatcher.setDraining(first.decision.replica, true);
    CHECK(trial.recall(first.cookie).state == CookieIn::down);
    CHECK(azureAppService.failed({}, {}).status == 502);
}
