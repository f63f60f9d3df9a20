// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using test::errorOf;

namespace {

std::string file(const std::string& balancer, const std::string& replica = "")
{
    return "version: 1\nreplicas: [{name: a" + replica + "}]\nbalancer: {" + balancer
        + "}\nclients: [{name: c, kind: curl, every: 1s}]\n";
}

bool comesBack(const std::string& text)
{
    const auto read = readScenario(text, "file");
    if (!read)
        return false;
    const auto again = readScenario(writeScenario(*read), "written");
    return again && *again == *read;
}

} // namespace

TEST_CASE("A setting of several words takes those that the product has, each once")
{
    CHECK(comesBack(file("product: haproxy, retry-on: conn-failure 503")));
    CHECK(comesBack(file("product: haproxy, retry-on: 503")));
    CHECK(comesBack(file("product: envoy, retry-on: reset 5xx")));
    CHECK(comesBack(file("product: apache, failonstatus: 500 503")));
    CHECK(errorOf(file("product: envoy, retry-on: conn-failure"))
              .find("must be one or more of none, connect-failure, reset, 5xx, gateway-error")
          != std::string::npos);
    for (const char* bad : {"503 503", "sometimes", "503 sometimes", "\" \""})
        CHECK_FALSE(errorOf(file(std::string("product: haproxy, retry-on: ") + bad)).empty());
}

TEST_CASE("So does one of a cookie's")
{
    const auto states = [](const std::string& words) {
        return file("product: envoy, sticky: {override-host-status: " + words + "}");
    };
    CHECK(comesBack(states("healthy unhealthy draining")));
    for (const char* bad : {"healthy healthy", "degraded", "healthy, draining", "\"\""})
        CHECK_FALSE(errorOf(states(bad)).empty());
    CHECK(errorOf(states("timeout"))
              .find("balancer.sticky.override-host-status must be one or more of healthy, "
                    "unhealthy, draining")
          != std::string::npos);
}

TEST_CASE("A number has the range that the product gives it")
{
    CHECK(comesBack(file("product: haproxy, hash-balance-factor: 50")));
    CHECK(comesBack(file("product: envoy, hash-balance-factor: 100")));
    CHECK(errorOf(file("product: envoy, hash-balance-factor: 50"))
              .find("balancer.hash-balance-factor must be 100 to 65535 for Envoy")
          != std::string::npos);
}

TEST_CASE("Only a product that has canaries takes one")
{
    CHECK(
        comesBack(file("product: ingress-nginx, canary-weight: 10", "}, {name: b, canary: true")));
    CHECK(
        errorOf(file("product: nginx", ", canary: true")).find("a is a canary, and nginx has none")
        != std::string::npos);
}

TEST_CASE("A pattern that is not right is said in one line, with the place in it")
{
    const auto canary = [](const std::string& pattern) {
        return file(
            "product: ingress-nginx, canary-by-header: X-Canary, canary-by-header-pattern: '"
            + pattern + "'");
    };
    CHECK(comesBack(canary("^beta-[0-9]+$")));
    CHECK(errorOf(canary("beta-(1|2"))
          == "f:3:64: balancer.canary-by-header-pattern must be a regular expression (PCRE), not "
             "'beta-(1|2': missing closing parenthesis, behind 'beta-(1|2'");
}
