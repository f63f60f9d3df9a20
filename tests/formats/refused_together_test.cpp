// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a product refuses although each setting is one of its own.
#include "sim/formats/scenario_yaml.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;

namespace {

std::string faultOf(const std::string& rest, const std::string& replica = "{name: a}")
{
    return test::errorOf("version: 1\nreplicas: [" + replica
                         + "]\nclients: [{name: x, kind: browser}]\n" + rest + "\n");
}

bool says(const std::string& fault, const std::string& words)
{
    return fault.find(words) != std::string::npos && fault.find('\n') == std::string::npos;
}

} // namespace

TEST_CASE("Each of these is refused in one line that says why, and taken once it is put right")
{
    struct Row
    {
        std::string wrong;
        std::string words;
        std::string right;
    };
    const std::string permanent = "{product: gateway-api, sticky: {lifetime-type: Permanent";
    const std::string minutes = "{product: cloudflare, sticky: {session-affinity-ttl: 29m";
    for (const Row& row :
         {Row {"{product: nginx, sticky: {method: userid}}", "hash-consistent alone",
               "{product: nginx, algorithm: hash, sticky: {method: userid}}"},
          Row {"{product: nginx, algorithm: hash, hash-on: uri, sticky: {method: userid}}",
               "what hash-on names", "{product: nginx, algorithm: hash, hash-on: uri}"},
          Row {"{product: caddy, algorithm: query, hash-name: u}", "Caddy 2.6 has no query",
               "{product: caddy, version: current, algorithm: query, hash-name: u}"},
          Row {"{product: aws-alb, sticky: {type: app_cookie, app-cookie: AWSALBTG}}",
               "keeps names such as AWSALBTG",
               "{product: aws-alb, sticky: {type: app_cookie, app-cookie: sid}}"},
          Row {"{product: aws-alb, sticky: {type: app_cookie, app-cookie: AWSALB}}",
               "keeps names such as AWSALB ", "{product: aws-alb, sticky: {app-cookie: AWSALB}}"},
          Row {"{product: aws-alb, sticky: {type: app_cookie, app-cookie: AWSALBAPP-1}}",
               "keeps names such as AWSALBAPP-1",
               "{product: aws-alb, sticky: {type: app_cookie, app-cookie: MYAWSALB}}"},
          Row {permanent + "}}", "must be told absolute-timeout",
               permanent + ", absolute-timeout: 2h}}"},
          Row {minutes + "}}", "30 minutes to a week",
               "{product: cloudflare, sticky: {session-affinity-ttl: 30m}}"},
          Row {"{product: cloudflare, sticky: {affinity-by: header, session-affinity-ttl: 2h}}",
               "30 s to an hour",
               "{product: cloudflare, sticky: {affinity-by: header, session-affinity-ttl: 30s}}"},
          Row {"{product: kubernetes-service, sticky: {timeout: 86401s}}", "timeout must be",
               "{product: kubernetes-service, sticky: {timeout: 86400s}}"},
          Row {"{product: gcp-mesh, sticky: {cookie-ttl: 86401s}}", "cookie-ttl must be",
               "{product: gcp-mesh, sticky: {cookie-ttl: 86400s}}"}}) {
        CAPTURE(row.wrong);
        const std::string fault = faultOf("balancer: " + row.wrong);
        CAPTURE(fault);
        CHECK(says(fault, row.words));
        CHECK(faultOf("balancer: " + row.right).empty());
    }
}

TEST_CASE("A rule with weighted target groups does not go with the application's cookie")
{
    const auto rule = [](const std::string& type, const std::string& lanes = "") {
        return faultOf(
            "balancer: {product: aws-alb-rule, sticky: {}, servers: [group]}\nbalancers: "
            "[{name: group, product: aws-alb, servers: [a], sticky: {type: "
            + type + "}}]" + lanes);
    };
    CHECK(says(rule("app_cookie"), "does not go with app_cookie: the target group group"));
    CHECK(rule("lb_cookie").empty());
    CHECK(rule("app_cookie", "\nlanes: [{name: \"off\", sticky: none}]").empty());
}

TEST_CASE("nginx takes a route of 32 characters and no longer one, where it is sticky")
{
    const auto route = [](int length, const std::string& balancer) {
        return faultOf("balancer: " + balancer,
                       "{name: a, route: " + std::string(static_cast<std::size_t>(length), 'r')
                           + "}");
    };
    const std::string sticky = "{product: nginx, sticky: {method: route}}";
    CHECK(route(32, sticky).empty());
    CHECK(says(route(33, sticky), "32 characters at most, and that of a has 33"));
    CHECK(route(33, "{product: nginx, sticky: none}").empty());
    CHECK(route(33, "{product: apache, sticky: {}}").empty());
}

TEST_CASE("Traefik makes a name of any text, and no attribute of a SameSite that there is not")
{
    const auto read = [](const std::string& sticky) {
        return readScenario("version: 1\nreplicas: [{name: a}]\nclients: [{name: x, kind: "
                            "browser}]\nbalancer: {product: traefik, sticky: {"
                                + sticky + "}}\n",
                            "f");
    };
    CHECK(read("cookie: \"my cookie; 1\"")->balancer.sticky->cookie == "my cookie; 1");
    CHECK(read("cookie: lb, same-site: LAX")->balancer.sticky->sameSite == SameSite::lax);
    CHECK(read("cookie: lb, same-site: whatever")->balancer.sticky->sameSite == SameSite::unset);
    CHECK(says(faultOf("balancer: {product: haproxy, sticky: {cookie: \"a b\"}}"),
               "must be a cookie's name"));
    CHECK(says(faultOf("balancer: {product: nginx, sticky: {same-site: LAX}}"), "must be one of"));
    // A lane has another balancer, which makes nothing of it.
    CHECK(says(faultOf("balancer: {product: traefik, sticky: {cookie: \"a b\"}}\nlanes: [{name: l, "
                       "product: haproxy}]"),
               "must be a cookie's name: letters, digits and"));
}
