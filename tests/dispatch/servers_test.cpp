// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a balancer thinks of its servers: told, checked and met, over reloads and while some come
// and go.
#include "tests/support/places.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::first;
using test::second;
using namespace std::chrono_literals;

namespace {

struct Watched
{
    explicit Watched(const BalancerSpec& given)
        : spec(given)
        , dispatcher(spec, test::StickyTrial::three(), Chance {1})
    {
    }

    bool isUp(ReplicaIndex replica = first) const { return dispatcher.replicas()[replica].up; }
    void fail(ReplicaIndex replica = first, int times = 1)
    {
        for (int count = 0; count < times; ++count)
            dispatcher.failed(replica, {}, now);
    }
    void check(bool good, int times)
    {
        for (int count = 0; count < times; ++count)
            dispatcher.checked(first, good, now);
    }

    BalancerSpec spec;
    Dispatcher dispatcher;
    Instant now {1s};
};

BalancerSpec checkedSpec(const Product& product, Settings settings = {})
{
    return {.product = std::string(product.id),
            .healthCheck = HealthCheck {.every = 1s, .fall = 3, .rise = 2},
            .settings = std::move(settings)};
}

} // namespace

TEST_CASE(
    "Over a reload a server that is down stays so until checks find it good, or is up at once")
{
    for (const Product* product : {&envoy, &haproxy, &traefik}) {
        CAPTURE(product->id);
        Watched servers(checkedSpec(*product));
        servers.check(false, 3);
        CHECK_FALSE(servers.isUp());
        const bool goesOn = servers.dispatcher.reload(servers.spec, Chance {2});
        CHECK(goesOn == (product == &envoy));
        CHECK(servers.isUp() == !goesOn);
        servers.check(true, 2);
        CHECK(servers.isUp());
        servers.check(false, 3);
        CHECK_FALSE(servers.isUp());
    }
}

TEST_CASE("A reload that goes on takes other numbers of checks, or none")
{
    Watched servers(checkedSpec(envoy));
    servers.check(false, 3);
    servers.spec.healthCheck->rise = 1;
    REQUIRE(servers.dispatcher.reload(servers.spec, Chance {2}));
    servers.check(true, 1);
    CHECK(servers.isUp());
    servers.check(false, 3);
    servers.spec.healthCheck.reset();
    REQUIRE(servers.dispatcher.reload(servers.spec, Chance {3}));
    CHECK(servers.isUp());
}

TEST_CASE("What an orchestrator has said holds over a reload and a restart")
{
    for (const Product* product : {&envoy, &haproxy, &traefik, &nginx}) {
        CAPTURE(product->id);
        Watched servers({.product = std::string(product->id)});
        servers.dispatcher.tell(first, false, servers.now);
        servers.dispatcher.reload(servers.spec, Chance {2});
        CHECK_FALSE(servers.isUp());
        servers.dispatcher = servers.dispatcher.successor(servers.spec, Chance {3});
        CHECK_FALSE(servers.isUp());
        servers.dispatcher.tell(first, true, servers.now);
        CHECK(servers.isUp());
    }
}

TEST_CASE("A server that is there again is up, and the next check that fails takes it down")
{
    Watched servers(checkedSpec(
        haproxy, {{"observe", std::string("layer4")}, {"error-limit", std::int64_t {1}}}));
    for (const bool byChecks : {true, false}) {
        CAPTURE(byChecks);
        if (byChecks)
            servers.check(false, 3);
        else
            servers.fail();
        CHECK_FALSE(servers.isUp());
        servers.dispatcher.tell(first, false, servers.now);
        // Nobody looks after it meanwhile.
        servers.check(true, 5);
        CHECK_FALSE(servers.isUp());
        servers.dispatcher.tell(first, true, servers.now);
        CHECK(servers.isUp());
        servers.check(false, 1);
        CHECK_FALSE(servers.isUp());
        servers.check(true, 2);
        CHECK(servers.isUp());
        servers.check(false, 2);
        CHECK(servers.isUp());
        servers.check(true, 1);
    }
}

TEST_CASE("A server that is there again starts slowly: measured on HAProxy 2.6.12")
{
    Watched servers({.product = "haproxy", .settings = {{"slowstart", Duration(15s)}}});
    const auto weight = [&] { return servers.dispatcher.replicas()[first].weight; };
    const int whole = weight();
    servers.dispatcher.tell(first, false, servers.now);
    servers.dispatcher.tell(first, true, servers.now);
    CHECK(weight() < whole / 4);
}

TEST_CASE("A good active check brings back whom Envoy has ejected: measured on 1.40")
{
    const Settings settings {{"consecutive-5xx", std::int64_t {1}},
                             {"max-ejection-percent", std::int64_t {100}}};
    Watched servers(checkedSpec(envoy, settings));
    servers.fail();
    CHECK_FALSE(servers.isUp());
    servers.check(true, 1);
    CHECK(servers.isUp());
    // Not where the checks have it down themselves.
    servers.check(false, 3);
    servers.fail();
    servers.check(true, 1);
    CHECK_FALSE(servers.isUp());
    servers.check(true, 1);
    CHECK(servers.isUp());
}

TEST_CASE("A server that has left is not there again by anybody's word")
{
    Watched servers({.product = "haproxy"});
    servers.dispatcher.tell(first, false, servers.now);
    servers.dispatcher.remove(first);
    servers.dispatcher.tell(first, true, servers.now);
    CHECK_FALSE(servers.isUp());
    CHECK(servers.dispatcher.replicas().takingFresh() == 2);
}

TEST_CASE("Servers that have left count no more")
{
    SUBCASE("for Apache, whether all are out")
    {
        Watched servers({.product = "apache"});
        servers.dispatcher.remove(ReplicaIndex {2});
        servers.fail();
        CHECK_FALSE(servers.isUp());
        servers.fail(second);
        while (servers.dispatcher.takeBack(servers.now, {})) { }
        CHECK(servers.isUp());
    }
    SUBCASE("for Envoy, of which share it may eject")
    {
        Watched servers({.product = "envoy", .settings = {{"consecutive-5xx", std::int64_t {1}}}});
        for (int count = 0; count < 7; ++count)
            servers.dispatcher.remove(servers.dispatcher.add(test::StickyTrial::three()[second]));
        servers.fail();
        CHECK(servers.isUp());
        servers.dispatcher.reload(servers.spec, Chance {2});
        servers.dispatcher = servers.dispatcher.successor(servers.spec, Chance {3});
        servers.fail();
        CHECK(servers.isUp());
    }
    SUBCASE("for nginx, how many a request may be tried at")
    {
        Watched servers({.product = "nginx", .settings = {{"max-fails", std::int64_t {0}}}});
        servers.dispatcher.remove(ReplicaIndex {2});
        CHECK(servers.dispatcher.failed(first, {.number = 0}, servers.now).action
              != OnFailure::Action::giveUp);
        CHECK(servers.dispatcher.failed(second, {.number = 1}, servers.now).action
              == OnFailure::Action::giveUp);
    }
}

TEST_CASE("nginx leaves no server out that is the only one, whenever that came to be")
{
    Watched servers({.product = "nginx"});
    servers.dispatcher.remove(ReplicaIndex {2});
    servers.fail();
    CHECK_FALSE(servers.isUp());
    servers.dispatcher.remove(second);
    CHECK(servers.isUp());
    servers.fail(first, 3);
    CHECK(servers.isUp());
    servers.dispatcher.add(test::StickyTrial::three()[second]);
    servers.fail();
    CHECK_FALSE(servers.isUp());
}

TEST_CASE("A failure that the balancer before a reload has met is not held against the server")
{
    Watched servers({.product = "nginx"});
    CHECK(servers.dispatcher.failed(first, {.counts = false}, servers.now).action
          == OnFailure::Action::another);
    CHECK(servers.isUp());
}
