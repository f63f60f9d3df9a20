// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/import_compose.h"

#include "sim/export/export_scenario.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

const std::string prefix = "traefik.http.services.app.loadbalancer.";

// One service `web` with these labels behind "...loadbalancer.".
std::string composeWith(const std::vector<std::string>& labels, const std::string& more = "")
{
    std::string text = "services:\n  web:\n    image: web\n" + more
        + "    labels:\n      - traefik.http.routers.app.rule=PathPrefix(`/`)\n";
    for (const std::string& label : labels)
        text += "      - \"" + (label.starts_with("traefik.") ? "" : prefix) + label + "\"\n";
    return text;
}

Scenario imported(const std::string& text, std::string_view service = {})
{
    const ComposeImport result = importCompose(text, "compose.yaml", service);
    REQUIRE_MESSAGE(result.scenario, (result.errors.empty() ? "" : result.errors.front()));
    return *result.scenario;
}

std::string importError(const std::string& text, std::string_view service = {})
{
    const ComposeImport result = importCompose(text, "compose.yaml", service);
    CHECK_FALSE(result.scenario);
    REQUIRE(result.errors.size() == 1);
    return result.errors.front();
}

} // namespace

TEST_CASE("Labels become the balancer, and containers the replicas")
{
    const Scenario scenario = imported(composeWith(
        {"server.port=8000", "sticky.cookie.name=who", "sticky.cookie.secure=true",
         "sticky.cookie.httpOnly=1", "sticky.cookie.sameSite=lax", "sticky.cookie.maxAge=60",
         "sticky.cookie.path=/app", "sticky.cookie.domain=example.test", "strategy=p2c",
         "healthcheck.path=/health", "healthcheck.interval=1m30s", "server.weight=3",
         "passivehealthcheck.failurewindow=5s", "passivehealthcheck.maxfailedattempts=2",
         "traefik.http.middlewares.again.retry.attempts=4",
         "traefik.http.middlewares.again.retry.initialInterval=100ms",
         "traefik.http.routers.app.middlewares=other@file, again@docker"},
        "    deploy: {replicas: 2}\n"));
    const StickySpec sticky {.cookie = "who",
                             .path = "/app",
                             .domain = "example.test",
                             .secure = true,
                             .httpOnly = true,
                             .sameSite = SameSite::lax,
                             .maxAge = 60s};
    const BalancerSpec wanted {.product = "traefik",
                               .algorithm = "p2c",
                               .sticky = sticky,
                               .healthCheck = HealthCheck {.every = 90s},
                               .settings = {{"failure-window", Duration(5s)},
                                            {"max-failed-attempts", std::int64_t {2}},
                                            {"attempts", std::int64_t {4}},
                                            {"initial-interval", Duration(100ms)}}};
    CHECK(scenario.balancer == wanted);
    REQUIRE(scenario.replicas.size() == 2);
    CHECK(scenario.replicas[1].name == "web-2");
    CHECK(scenario.replicas[1].weight == 3);
    CHECK(scenario.title == "Imported from compose.yaml");
}

TEST_CASE("A retry without attempts makes no router")
{
    const std::string labels = composeWith({"traefik.http.middlewares.m.retry.initialinterval=1s",
                                            "traefik.http.routers.app.middlewares=m"});
    CHECK(importError(labels)
          == "compose.yaml: a retry without attempts: Traefik makes no router that names it");
}

TEST_CASE("Labels as a mapping, of Swarm, in any case, with variables")
{
    const Scenario scenario = imported(R"(
services:
  traefik: {image: "traefik:v3", labels: {traefik.http.routers.api.service: api@internal}}
  redis: {image: redis}
  hidden: {labels: {traefik.enable: false, traefik.http.services.other.loadbalancer.strategy: p2c}}
  web:
    scale: 5
    deploy:
      replicas: ${COUNT:-3}
      labels:
        Traefik.HTTP.Services.App.LoadBalancer.Sticky.Cookie.Name: a$$b
        traefik.http.services.app.loadbalancer.sticky.cookie.path: ${BASE-/x}
        com.example.other: 1
)");
    CHECK(scenario.replicas.size() == 3);
    CHECK(scenario.balancer.sticky->cookie == "a$b");
    CHECK(scenario.balancer.sticky->path == "/x");
}

TEST_CASE("Without a service's label Traefik makes one up, and it is not sticky")
{
    const ComposeImport result =
        importCompose("services: {web: {labels: [traefik.enable=true]}}", "compose.yaml");
    REQUIRE(result.scenario);
    CHECK_FALSE(result.scenario->balancer.sticky);
    CHECK(result.scenario->replicas.front().name == "web");
    REQUIRE(result.notes.size() == 1);
    CHECK(result.notes.front() == "compose.yaml: no label sets a sticky cookie");
}

TEST_CASE("What labels say that a scenario does not hold is named")
{
    const ComposeImport result =
        importCompose(composeWith({"sticky.cookie=true", "healthcheck.path=/healthz",
                                   "healthcheck.timeout=7s", "server.port=3000"}),
                      "compose.yaml");
    REQUIRE(result.scenario);
    REQUIRE(result.notes.size() == 1);
    CHECK(result.notes.front()
          == "compose.yaml: not of a scenario, and left out: healthcheck.path, "
             "healthcheck.timeout, server.port");
    CHECK(importCompose(composeWith({"sticky.cookie=true", "healthcheck.path=/"}), "compose.yaml")
              .notes.empty());
}

TEST_CASE("sticky alone sets no cookie, sticky.cookie does")
{
    const ComposeImport alone = importCompose(composeWith({"sticky=true"}), "compose.yaml");
    REQUIRE(alone.scenario);
    CHECK_FALSE(alone.scenario->balancer.sticky);
    CHECK(alone.notes.front().find("sets no cookie by itself") != std::string::npos);
    CHECK(imported(composeWith({"sticky.cookie=true"})).balancer.sticky == StickySpec {});
    CHECK_FALSE(imported(composeWith({"sticky.cookie=false"})).balancer.sticky);
}

TEST_CASE("A name of any text is taken, and a SameSite in any case or of none")
{
    const auto cookie = [](const std::string& label) {
        const ComposeImport read = importCompose(composeWith({label}), "compose.yaml");
        REQUIRE(read.scenario);
        return *read.scenario->balancer.sticky;
    };
    CHECK(cookie("sticky.cookie.name=a b").cookie == "a b");
    CHECK(cookie("sticky.cookie.samesite=LAX").sameSite == SameSite::lax);
    CHECK(cookie("sticky.cookie.samesite=Lax2").sameSite == SameSite::unset);
}

TEST_CASE("A bad label is one line with its place, and gives no scenario")
{
    const std::string place = "compose.yaml:6:9: ";
    CHECK(importError(composeWith({"colour.cookie=true"}))
          == place + "Traefik knows no label " + prefix
              + "colour.cookie, and leaves out a container that has one");
    CHECK(importError(composeWith({"traefik.frontend.rule=Host:a"}))
              .find("Traefik knows no label traefik.frontend.rule")
          != std::string::npos);
    for (const char* bad :
         {"sticky.cookie.secure=yes", "sticky.cookie.maxage=-1", "sticky.cookie.maxage=1h",
          "sticky.cookie.name=", "sticky.cookie.path=app", "sticky.cookie.domain=a b",
          "strategy=fastest", "server.weight=-1", "server.weight=x", "healthcheck.interval=soon",
          "healthcheck.interval=1ms", "passivehealthcheck.maxfailedattempts=0",
          "traefik.http.middlewares.m.retry.attempts=many",
          "traefik.http.middlewares.m.retry.initialinterval=-1s", "traefik.enable=maybe"}) {
        const std::string error = importError(composeWith({bad}));
        CHECK_MESSAGE((error.starts_with(place) && error.find(" must be ") != std::string::npos),
                      error);
    }
    const ComposeImport two =
        importCompose(composeWith({"strategy=x", "server.weight=y"}), "compose.yaml");
    CHECK(two.errors.size() == 2);
    CHECK(importError(composeWith({"sticky.cookie.name=${COOKIE}"})).find("variable of Compose's")
          != std::string::npos);
    CHECK(importError(composeWith({"sticky.cookie.name=$COOKIE"})).find("variable of Compose's")
          != std::string::npos);
    for (const char* count : {"-1", "x", "20000", "1.5", "$N", "99999999999"})
        CHECK(importError(composeWith({"strategy=wrr"},
                                      "    deploy: {replicas: " + std::string(count) + "}\n"))
                  .find("must be 0 to 10000")
              != std::string::npos);
}

TEST_CASE("What is no compose file is one line")
{
    CHECK(importError("a: 1").find("compose.yaml:1:1: there is no mapping `services`") == 0);
    CHECK(importError("[1").find("compose.yaml:") == 0);
    CHECK(importError("").find("compose.yaml:") == 0);
    CHECK(importError("services: [a]").find("no mapping `services`") != std::string::npos);
    CHECK(importError("services: {a: 1, b: {labels: null}}").find("no service has labels")
          != std::string::npos);
    CHECK(importError("services: {a: {labels: x}}").find("labels must be a list or a mapping")
          != std::string::npos);
    CHECK(importError("services: {a: {labels: [{traefik.enable: true}]}}")
              .find("a label must be a text")
          != std::string::npos);
    CHECK(importError("services: {a: {deploy: {replicas: 0}, labels: [traefik.enable=true]}}")
              .find("has no container")
          != std::string::npos);
    CHECK(importError("services: {a b: {labels: [traefik.enable=true]}}")
              .find("replicas[0].name must be")
          != std::string::npos);
}

TEST_CASE("Several services: one is chosen, and containers of one must agree")
{
    const std::string two =
        "services:\n  a: {labels: [traefik.http.services.x.loadbalancer.strategy=p2c]}\n"
        "  b: {labels: [traefik.http.services.y.loadbalancer.strategy=wrr]}\n";
    CHECK(importError(two)
          == "compose.yaml: the labels name several services, x, y: say with --service which to "
             "import");
    CHECK(imported(two, "Y").replicas.front().name == "b");
    CHECK(importError(two, "z") == "compose.yaml: --service must be one of x, y, not z");
    const std::string differ =
        "services:\n  a: {labels: [traefik.http.services.x.loadbalancer.strategy=p2c]}\n"
        "  b: {labels: [traefik.http.services.x.loadbalancer.strategy=wrr]}\n";
    CHECK(importError(differ)
          == "compose.yaml:3:3: b and a say different things of the service x: Traefik leaves out "
             "both");
    const Scenario weights = imported(
        "services:\n  a: {labels: [traefik.http.services.x.loadbalancer.server.weight=5]}\n"
        "  b: {labels: [traefik.http.services.x.loadbalancer.server.weight=1]}\n");
    REQUIRE(weights.replicas.size() == 2);
    CHECK(weights.replicas[0].weight == 5);
}

TEST_CASE("What is exported for Traefik is imported as the same balancer with the same replicas")
{
    for (const char* balancer :
         {"", ", sticky: none", ", algorithm: p2c", ", algorithm: leasttime, attempts: 3",
          ", sticky: {cookie: \"a$b'c%`\"}", ", failure-window: 1500ms",
          ", max-failed-attempts: 4, health-check: {every: 250ms}",
          ", sticky: {path: \"/a \\\"b\\\\ #c $d\"}",
          ", sticky: {cookie: S, path: /a, domain: example.test, secure: true, http-only: true, "
          "same-site: none, max-age: 90s}"}) {
        for (const char* replicas :
             {"{name: a}", "{name: app-1}, {name: app-2}, {name: app-3}",
              "{name: app-1, weight: 4}, {name: app-2, weight: 4}",
              "{name: x, weight: 3}, {name: traefik}, {name: \"on\", weight: 0}"}) {
            CAPTURE(balancer);
            CAPTURE(replicas);
            const auto scenario = scenarioFrom(
                "version: 1\nreplicas: [" + std::string(replicas) + "]\nbalancer: {product: traefik"
                + balancer + "}\nclients: [{name: c, kind: curl}]\n"
                + (std::string(balancer).find("sticky: none") == std::string::npos
                       ? ""
                       : "lanes: [{name: plain, sticky: none}]\n"));
            const auto exported =
                exportScenario(*scenario, scenario->balancer, *findExportTarget("traefik"));
            REQUIRE(exported);
            const Scenario back = imported(exported->files.front().text);
            CHECK(back.balancer == scenario->balancer);
            CHECK(back.replicas == scenario->replicas);
        }
    }
}
