// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What real balancers make of it is for tests/interop/exports.py.
#include "sim/export/export_scenario.h"

#include "sim/export/config_format.h"
#include "sim/products/product.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

Exported exported(const std::string& balancer, std::string_view to,
                  const std::string& replicas =
                      "{name: a, address: \"10.0.0.1:80\"}, {name: b, address: \"10.0.0.2:80\"}",
                  const std::string& more = "")
{
    const auto scenario = scenarioFrom("version: 1\nreplicas: [" + replicas + "]\nbalancer: {"
                                       + balancer + "}\nclients: [{name: c, kind: curl}]\n" + more);
    const auto target = findExportTarget(to);
    REQUIRE(target);
    const auto result = exportScenario(*scenario, scenario->balancer, *target);
    REQUIRE_MESSAGE(result, result.error());
    return *result;
}

bool has(const std::vector<std::string>& notes, const std::string& text)
{
    return std::any_of(notes.begin(), notes.end(), [&](const std::string& note) {
        return note.find(text) != std::string::npos;
    });
}

} // namespace

TEST_CASE("Every target writes every product's balancer, and its notes stand in the first file")
{
    for (const std::string_view name : exportTargets()) {
        for (const Product* product : products()) {
            CAPTURE(name);
            CAPTURE(product->id);
            const Exported result = exported("product: " + std::string(product->id)
                                                 + ", health-check: {every: 1s, fall: 2}",
                                             name);
            for (const ExportedFile& file : result.files) {
                CHECK(file.text.find("{{") == std::string::npos);
                CHECK(file.text.size() > 400);
            }
            for (const std::string& note : result.notes)
                CHECK(result.files.front().text.find("NOT AS IN THE SCENARIO: " + note)
                      != std::string::npos);
        }
    }
    CHECK_FALSE(findExportTarget("nonsense"));
    CHECK(exportTargets().size() == 13);
}

TEST_CASE("The first format of a product is the one that is usually meant")
{
    CHECK(findExportTarget("traefik")->format->id == "compose");
    CHECK(findExportTarget("traefik-file")->format->files.size() == 2);
    CHECK(findExportTarget("ingress-nginx")->format == findExportTarget("ingress")->format);
    CHECK(findExportTarget("gateway")->product == &gatewayApi);
}

TEST_CASE("HAProxy's lines say what the scenario says")
{
    const std::string text =
        exported("product: haproxy, algorithm: leastconn, sticky: {cookie: SRV, indirect: true, "
                 "nocache: true}, "
                 "health-check: {every: 2s, fall: 2}, retries: 1, redispatch: true, force-persist: "
                 "X-Test",
                 "haproxy",
                 "{name: a, address: \"10.0.0.1:80\", weight: 3}, {name: b, address: "
                 "\"10.0.0.2:80\", route: none}")
            .files.front()
            .text;
    for (const char* line :
         {"    balance leastconn\n", "    cookie \"SRV\" insert indirect nocache\n",
          "    retries 1\n", "    option redispatch\n",
          "    force-persist if { req.hdr(X-Test) -m found }\n",
          "    server a 10.0.0.1:80 check inter 2000ms fall 2 rise 2 cookie \"a\" weight 3\n",
          "    server b 10.0.0.2:80 check inter 2000ms fall 2 rise 2 weight 1\n"})
        CHECK_MESSAGE(text.find(line) != std::string::npos, line);
}

TEST_CASE("Apache's separator stands in the cookie that is set as in how it is read")
{
    const auto text = [](const std::string& more) {
        return exported("product: apache, sticky: {cookie: R" + more + "}", "apache",
                        "{name: a, address: \"10.0.0.1:80\"}")
            .files.front()
            .text;
    };
    CHECK(text("").find("\"R=.%{BALANCER_WORKER_ROUTE}e; path=/\"") != std::string::npos);
    CHECK(text("").find("stickysessionsep") == std::string::npos);
    const std::string bang = text(", stickysessionsep: '!'");
    CHECK(bang.find("\"R=!%{BALANCER_WORKER_ROUTE}e; path=/\"") != std::string::npos);
    CHECK(bang.find("ProxySet \"stickysessionsep=!\"") != std::string::npos);
    const std::string off = text(", stickysessionsep: Off");
    CHECK(off.find("\"R=%{BALANCER_WORKER_ROUTE}e; path=/\"") != std::string::npos);
    CHECK(off.find("ProxySet \"stickysessionsep=Off\"") != std::string::npos);
}

TEST_CASE("Envoy's session is written with the states that it keeps to, and what strict answers")
{
    const auto text = [](const std::string& sticky) {
        return exported("product: envoy, sticky: {" + sticky + "}", "envoy").files.front().text;
    };
    const auto states = [&](const std::string& sticky) {
        const std::string whole = text(sticky);
        const std::string before = "override_host_status: {statuses: [";
        const auto begin = whole.find(before) + before.size();
        return whole.substr(begin, whole.find(']', begin) - begin);
    };
    CHECK(states("") == "UNKNOWN, HEALTHY, DEGRADED");
    CHECK(states("keep-draining: true") == "UNKNOWN, HEALTHY, DEGRADED, DRAINING");
    CHECK(states("override-host-status: draining unhealthy healthy")
          == "UNKNOWN, HEALTHY, DEGRADED, UNHEALTHY, DRAINING");
    CHECK(states("override-host-status: unhealthy") == "UNHEALTHY");
    const std::string status = "status-on-strict-destination-not-found: 404";
    const std::string line = "status_on_strict_destination_not_found: 404\n";
    CHECK(text("strict: true, " + status).find(line) != std::string::npos);
    CHECK(text(status).find("not_found") == std::string::npos);
    CHECK(text("strict: true").find("not_found") == std::string::npos);
}

TEST_CASE("Of Envoy's servers of weight 0 it is said that they drain, and when Envoy asks them all "
          "the same")
{
    const auto text = [](const std::string& settings, const std::string& replicas) {
        return exported("product: envoy" + settings, "envoy", replicas).files.front().text;
    };
    const std::string one = "{name: a}, {name: b}, {name: c, weight: 0}";
    const std::string two = "{name: a}, {name: b, weight: 0}, {name: c, weight: 0}";
    const auto has = [](const std::string& whole, const char* part) {
        return whole.find(part) != std::string::npos;
    };
    CHECK(has(text("", one), "health_status: DRAINING"));
    CHECK(has(text("", one), "c has the weight 0"));
    CHECK_FALSE(has(text("", one), "panics"));
    CHECK(has(text("", two), "Envoy panics and asks these as well"));
    CHECK_FALSE(has(text(", healthy-panic-threshold: 0", two), "panics"));
}

TEST_CASE("A Gateway's session in a header has its type and name, and no cookie")
{
    const std::string text =
        exported("product: gateway-api, sticky: {cookie: X-Cart, persistence-type: Header}",
                 "gateway", "{name: a}")
            .files.front()
            .text;
    CHECK(text.find("        type: Header\n        sessionName: X-Cart\n") != std::string::npos);
    CHECK(text.find("cookieConfig") == std::string::npos);
}

TEST_CASE("What a product cannot say is in its notes, one line each")
{
    const auto caddy = exported(
        "product: traefik, algorithm: p2c, sticky: {cookie: S, secure: true, max-age: 1h}, "
        "attempts: 2, "
        "health-check: {every: 1s}",
        "caddy",
        "{name: a, address: \"10.0.0.1:80\", weight: 3}, {name: b, address: \"10.0.0.2:80\"}");
    CHECK(has(caddy.notes, "the algorithm p2c of Traefik is not one of Caddy"));
    CHECK(has(caddy.notes, "the setting attempts of Traefik has no counterpart in Caddy"));
    CHECK(has(caddy.notes, "the sticky cookie's secure cannot be set in Caddy"));
    CHECK(has(caddy.notes, "Caddy 2.6 sets no age: its cookie lasts as long as the browser runs"));
    CHECK_FALSE(has(caddy.notes, "the sticky cookie's name"));
    CHECK(has(caddy.notes, "weights count with weighted_round_robin alone"));
    // What the scenario's own Caddy does as well is no difference.
    const auto own = exported(
        "product: caddy, algorithm: round_robin, sticky: {cookie: lb, max-age: 1h}", "caddy");
    CHECK_FALSE(has(own.notes, "sets no age"));
    CHECK_FALSE(has(own.notes, "places new clients at random"));
    const std::string route(35, 'r');
    CHECK(has(exported("product: apache, sticky: {cookie: R}", "nginx",
                       "{name: a, address: \"10.0.0.1:80\", route: " + route + "}")
                  .notes,
              "nginx takes a route of 32 characters at most: that of a is longer"));
    // A name that Traefik alone takes goes on as Traefik sends it.
    const auto named =
        exported("product: traefik, sticky: {cookie: \"my cookie; 1\\\"é\"}", "haproxy");
    CHECK(named.files.front().text.find("cookie \"my_cookie__1__\" insert") != std::string::npos);
    CHECK_FALSE(has(named.notes, "the sticky cookie's name"));
    CHECK(has(exported("product: nginx, health-check: {every: 1s}", "nginx").notes,
              "nginx does not check servers by itself"));
    CHECK(has(exported("product: nginx", "nginx", "{name: a, address: \"app.example:80\"}").notes,
              "at start"));
    CHECK(has(exported("product: haproxy", "ingress").notes, "the scenario's are left out"));
    CHECK(has(
        exported("product: haproxy", "haproxy", "{name: a}, {name: b, address: \"10.0.0.2:80\"}")
            .notes,
        "the addresses of all servers"));
    CHECK(has(exported("product: traefik, count: 2", "traefik").notes, "2 balancers side by side"));
    CHECK(has(exported("product: traefik", "traefik", "{name: a}, {name: b, joins: 5s}").notes,
              "b joins after 5s"));
    CHECK(has(exported("product: haproxy, observe: layer4", "haproxy").notes,
              "observe works only with a health check"));
    CHECK(exported("product: haproxy, health-check: {every: 1s}", "haproxy").notes.empty());
    CHECK(has(exported("product: traefik, circuit-breaker: 0.5", "traefik").notes,
              "the setting circuit-breaker is not written"));
    CHECK(has(exported("product: traefik", "traefik", "{name: a}, {name: b, leaves: 5s}").notes,
              "b leaves after 5s"));
    const auto backup = exported(
        "product: haproxy, slowstart: 5s", "haproxy",
        "{name: a, address: \"10.0.0.1:80\"}, {name: b, address: \"10.0.0.2:80\", backup: true}");
    CHECK(backup.notes.empty());
    CHECK(
        backup.files.front().text.find("server b 10.0.0.2:80 slowstart 5000ms backup cookie \"b\"")
        != std::string::npos);
    CHECK(has(exported("product: nginx", "nginx",
                       "{name: a, address: \"10.0.0.1:80\"}, {name: b, address: \"10.0.0.2:80\", "
                       "backup: true}")
                  .notes,
              "b is a backup"));
    const std::string stepIn = "{name: a, address: \"10.0.0.1:80\", redirect: b}, "
                               "{name: b, address: \"10.0.0.2:80\", spare: true}";
    const auto spare = exported("product: apache", "apache", stepIn);
    CHECK(spare.notes.empty());
    const std::string& httpd = spare.files.front().text;
    CHECK(httpd.find("10.0.0.1:80 route=a redirect=b loadfactor") != std::string::npos);
    CHECK(httpd.find(" status=+R\n") != std::string::npos);
    const auto lost = exported("product: apache", "haproxy", stepIn).notes;
    CHECK(has(lost, "the redirect of a is not written"));
    CHECK(has(lost, "b is a spare"));
    const auto some = exported("product: haproxy, servers: [b]", "haproxy");
    CHECK(some.files.front().text.find("server a ") == std::string::npos);
    CHECK(some.files.front().text.find("server b ") != std::string::npos);
}

TEST_CASE("A text that a format cannot hold is one line, and no file")
{
    const auto scenario = scenarioFrom(
        "version: 1\nreplicas: [{name: a}]\nbalancer: {product: nginx, sticky: {cookie: \"a$b\"}}\n"
        "clients: [{name: c, kind: curl}]\n");
    const auto result = exportScenario(*scenario, scenario->balancer, *findExportTarget("nginx"));
    REQUIRE_FALSE(result);
    CHECK(
        result.error()
        == "'a$b=306790fe61af5f9b7557f5ba7dafa7d0' has a $, which nginx would take for a variable");
    ExportSite site;
    site.healthPath = "/a b";
    const auto path =
        exportScenario(*scenario, scenario->balancer, *findExportTarget("haproxy"), site);
    REQUIRE_FALSE(path);
    CHECK(path.error().find("is no path that checks can ask for") != std::string::npos);
}

TEST_CASE("Servers that are alike are one service of Docker's")
{
    const auto text = [](const std::string& replicas) {
        return exported("product: traefik", "compose", replicas).files.front().text;
    };
    CHECK(text("{name: app-1}, {name: app-2}").find("  app:\n") != std::string::npos);
    CHECK(text("{name: app-1}, {name: app-2}").find("deploy: {replicas: 2}") != std::string::npos);
    CHECK(text("{name: app-1}, {name: app-3}").find("  app-3:\n") != std::string::npos);
    CHECK(text("{name: app-1, weight: 2}, {name: app-2}").find("  app-2:\n") != std::string::npos);
    CHECK(text("{name: app-1}").find("  app-1:\n") != std::string::npos);
}
