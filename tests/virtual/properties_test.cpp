// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of any scenario whatever: drawn ones, with every product and algorithm.
#include "sim/experiment/experiment.h"
#include "sim/formats/scenario_writer.h"
#include "sim/model/replica_faults.h"
#include "sim/products/product.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <rapidcheck.h>
#include <set>

using namespace stickyscope;
using namespace std::chrono_literals;

namespace {

int whole(int least, int most)
{
    return *rc::gen::inRange(least, most + 1);
}

ClientSpec anyClients(int number)
{
    ClientSpec client;
    client.name = "c" + std::to_string(number);
    client.kind = static_cast<ClientKind>(whole(0, 7));
    client.count = whole(1, 6);
    client.jar =
        client.kind == ClientKind::rest ? JarKind::none : static_cast<JarKind>(whole(0, 2));
    client.thinkTime.mean = std::chrono::milliseconds(whole(20, 500));
    client.sessionRequests = whole(0, 6);
    client.keepAlive = whole(1, 4);
    if (client.kind != ClientKind::websocket)
        client.burst = whole(1, 3);
    client.connectionLifetime.mean = std::chrono::milliseconds(whole(10, 2000));
    client.paths = {"/a/x", "/b/y"};
    return client;
}

// The balancer becomes one of two behind another: one for all servers, one for the first.
void standBehind(Scenario& scenario)
{
    BalancerSpec inner = scenario.balancer;
    inner.name = "inner";
    BalancerSpec other = inner;
    other.name = "other";
    other.servers = {scenario.replicas.front().name};
    scenario.balancers = {inner, other};
    scenario.balancer = {.product = whole(0, 1) == 0 ? "haproxy" : "envoy",
                         .count = whole(1, 2),
                         .servers = {"inner", "other"}};
    if (whole(0, 1) == 0)
        scenario.balancer.healthCheck = HealthCheck {.every = 500ms};
    if (whole(0, 1) == 0)
        scenario.routes.push_back({.path = "/b", .to = "other"});
}

// One that ends, so that no request hangs for ever.
Intervention anyFault(const ReplicaFault& row)
{
    Intervention fault = usualFault(row);
    for (const FaultSetting& setting : row.settings) {
        // Five times as slow at most: what is sent is to end within a minute.
        const bool factor = setting.type == FaultSetting::Type::factor;
        const auto most =
            static_cast<int>(std::min<std::int64_t>(setting.most, factor ? 5'000 : 2'000'000));
        setValue(fault, setting.field, whole(static_cast<int>(setting.least), most));
    }
    fault.lasts = std::chrono::milliseconds(whole(1, 3000));
    return fault;
}

// Where servers drain, a check that finds others down may make Traefik pick for ever.
void endPicks(Scenario& scenario)
{
    const bool drains = std::any_of(
        scenario.timeline.begin(), scenario.timeline.end(), [](const TimelineEntry& entry) {
            return entry.intervention.kind == Intervention::Kind::drainReplica;
        });
    if (!drains)
        return;
    const auto end = [](BalancerSpec& balancer) {
        if (findProduct(balancer.product)->picksForever)
            balancer.healthCheck.reset();
    };
    end(scenario.balancer);
    std::for_each(scenario.balancers.begin(), scenario.balancers.end(), end);
}

std::shared_ptr<const Scenario> anyScenario()
{
    auto scenario = std::make_shared<Scenario>();
    scenario->seed = *rc::gen::arbitrary<std::uint32_t>();
    scenario->duration = 10s;
    scenario->travel = std::chrono::milliseconds(whole(0, 50));
    const int replicas = whole(1, 5);
    const Product& product =
        *products()[static_cast<std::size_t>(whole(0, static_cast<int>(products().size()) - 1))];
    for (int number = 0; number < replicas; ++number) {
        ReplicaSpec& replica = scenario->replicas.emplace_back();
        replica.name = "r" + std::to_string(number);
        replica.weight = number == 0 ? 1 : std::min(whole(0, 3), product.largestWeight);
        replica.slotCount = whole(1, 4);
        replica.queue = whole(0, 5);
        replica.serviceTime = {.shape = Distribution::Shape::exponential,
                               .mean = std::chrono::milliseconds(whole(1, 200))};
        replica.sessions = static_cast<SessionStore>(whole(0, 2));
        if (number > 0 && number + 1 == replicas && whole(0, 2) == 0)
            replica.joins = 4s;
    }
    scenario->balancer.product = product.id;
    scenario->balancer.algorithm = product
                                       .algorithms[static_cast<std::size_t>(whole(
                                           0, static_cast<int>(product.algorithms.size()) - 1))]
                                       .name;
    scenario->balancer.count = whole(1, 2);
    scenario->balancer.perConnection = whole(0, 4) == 0;
    if (whole(0, 1) == 0)
        scenario->balancer.healthCheck = HealthCheck {.every = 500ms};
    if (whole(0, 1) == 0)
        scenario->sessionCookie = "JSESSIONID";
    for (int number = 0; number < 2; ++number)
        scenario->clients.push_back(anyClients(number));
    if (whole(0, 2) == 0)
        standBehind(*scenario);
    for (int number = whole(0, 6); number > 0; --number) {
        TimelineEntry& entry = scenario->timeline.emplace_back();
        entry.at = std::chrono::milliseconds(whole(0, 9000));
        entry.intervention.kind =
            static_cast<Intervention::Kind>(whole(0, static_cast<int>(interventionKinds) - 1));
        if (const ReplicaFault* row = findFault(entry.intervention.kind))
            entry.intervention = anyFault(*row);
        entry.intervention.replica = static_cast<ReplicaIndex>(whole(0, replicas - 1));
        if (isOfTwoClients(entry.intervention.kind))
            entry.intervention.from = ClientIndex {0};
    }
    endPicks(*scenario);
    scenario->lanes = offAndOn();
    return scenario;
}

using RequestName = std::pair<ClientIndex, std::uint32_t>;

// Watches one lane, and says what it saw that may not be.
class Watcher final : public ObservationSink
{
public:
    explicit Watcher(const Scenario& scenario)
        : m_scenario(scenario)
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations)
            watch(one);
    }

    void atEnd(Instant end)
    {
        // What was sent long ago has ended: no queue here is longer than that.
        for (const auto& [request, sentAt] : m_open) {
            if (end - sentAt > 60s)
                RC_FAIL("a request never ended");
        }
    }

private:
    bool manyLook() const
    {
        return m_scenario.balancer.count > 1 || !m_scenario.balancers.empty()
            || std::any_of(m_scenario.timeline.begin(), m_scenario.timeline.end(),
                           [](const TimelineEntry& entry) {
                               return isOfBalancer(entry.intervention.kind)
                                   || entry.intervention.kind == Intervention::Kind::scaleToZero;
                           });
    }

    void watch(const Observation& one)
    {
        const RequestName request {one.client, one.ordinal};
        switch (one.kind) {
        case ObservationKind::sent:
            RC_ASSERT(m_open.emplace(request, one.at).second);
            RC_ASSERT(m_ended.count(request) == 0U);
            return;
        case ObservationKind::placed:
            RC_ASSERT(m_open.count(request) == 1U);
            // On to a further balancer, whose servers are not chosen yet.
            if (one.replica == noReplica)
                return;
            // A retry at the same server is no new placement.
            // One that has just been started again looks anew at all of them.
            if (one.ledger == Ledger::fresh && m_placed.insert(request).second) {
                RC_ASSERT(m_down.count(one.replica) == 0U || manyLook());
                RC_ASSERT(m_draining.count(one.replica) == 0U);
                RC_ASSERT(m_scenario.replicas[raw(one.replica)].weight > 0);
            }
            return;
        case ObservationKind::answered:
        case ObservationKind::failed:
            RC_ASSERT(m_open.erase(request) == 1U);
            RC_ASSERT(m_ended.insert(request).second);
            return;
        case ObservationKind::noticedDown:
            m_down.insert(one.replica);
            return;
        case ObservationKind::noticedUp:
            m_down.erase(one.replica);
            return;
        case ObservationKind::replicaDraining:
            m_draining.insert(one.replica);
            return;
        case ObservationKind::replicaStarted:
            m_draining.erase(one.replica);
            return;
        default:
            return;
        }
    }

    const Scenario& m_scenario;
    std::map<RequestName, Instant> m_open;
    std::set<RequestName> m_placed;
    std::set<RequestName> m_ended;
    std::set<ReplicaIndex> m_down;
    std::set<ReplicaIndex> m_draining;
};

} // namespace

TEST_CASE("Every request ends exactly once, and no fresh one goes where none may go")
{
    CHECK(rc::check([] {
        const auto scenario = anyScenario();
        RC_LOG(writeScenario(*scenario));
        for (const auto lane : {LaneIndex {0}, LaneIndex {1}}) {
            VirtualWorld world(scenario, lane);
            Watcher watcher(*scenario);
            const Instant end(100s);
            world.advance(end, watcher);
            watcher.atEnd(end);
        }
    }));
}

TEST_CASE("Parts sum to the whole in any scenario")
{
    CHECK(rc::check([] {
        const auto scenario = anyScenario();
        RC_LOG(writeScenario(*scenario));
        Experiment experiment = makeVirtualExperiment(scenario, {});
        experiment.advance(scenario->duration);
        for (const LaneResult& lane : experiment.result().lanes) {
            RC_ASSERT(lane.requests == lane.answered + lane.failed);
            Count answered = 0;
            for (const ReplicaResult& replica : lane.replicas) {
                answered += replica.requests;
                Count brought = 0;
                for (const Count count : replica.ledger)
                    brought += count;
                RC_ASSERT(brought == replica.requests);
            }
            RC_ASSERT(answered == lane.answered);
            Count ofClients = 0;
            for (const ClientResult& client : lane.clients)
                ofClients += client.requests;
            RC_ASSERT(ofClients == lane.requests);
            Count ofKinds = 0;
            for (const KindResult& kind : lane.kinds)
                ofKinds += kind.requests;
            RC_ASSERT(ofKinds == lane.requests);
            RC_ASSERT(lane.switches <= lane.followUps);
            RC_ASSERT(lane.broken.value_or(0) <= lane.followUps);
        }
    }));
}

TEST_CASE("A copy of a world goes on as the original would have")
{
    CHECK(rc::check([] {
        const auto scenario = anyScenario();
        RC_LOG(writeScenario(*scenario));
        VirtualWorld world(scenario, LaneIndex {1});
        struct Keeper final : ObservationSink
        {
            void observe(std::span<const Observation> observations) override
            {
                for (const Observation& one : observations)
                    seen.emplace_back(one.at, one.kind, one.client, one.ordinal, one.replica);
            }
            std::vector<
                std::tuple<Instant, ObservationKind, ClientIndex, std::uint32_t, ReplicaIndex>>
                seen;
        };
        Keeper before;
        world.advance(Instant(3s), before);
        const auto copy = world.clone();
        Keeper original;
        Keeper copied;
        world.advance(Instant(10s), original);
        copy->advance(Instant(10s), copied);
        RC_ASSERT(original.seen == copied.seen);
    }));
}

// Neither drawn nor in a hurry: whoever adds a product meets this one first.
TEST_CASE("With every product and algorithm, a client comes back where its cookie says")
{
    for (const Product* product : products()) {
        if (!product->hasCookie())
            continue;
        for (const ProductAlgorithm& algorithm : product->algorithms) {
            CAPTURE(product->id);
            CAPTURE(algorithm.name);
            // Traefik's hrw takes no cookie.
            if (algorithm.name == "hrw")
                continue;
            auto scenario = std::make_shared<Scenario>();
            scenario->origin = "https://app.example";
            scenario->duration = 30s;
            for (const char* name : {"r1", "r2", "r3"})
                scenario->replicas.emplace_back().name = name;
            scenario->balancer.product = product->id;
            scenario->balancer.algorithm = algorithm.name;
            if (product->has(CookieKey::path))
                scenario->balancer.sticky->path = "/";
            ClientSpec& client = scenario->clients.emplace_back();
            client.name = "c";
            client.count = 6;
            client.sessionRequests = 0;
            scenario->lanes = offAndOn();
            Experiment experiment = makeVirtualExperiment(scenario, {});
            experiment.advance(scenario->duration);
            const LaneResult on = experiment.result().lanes[1];
            CHECK_MESSAGE(on.switches == 0,
                          "sessions moved: does the client keep its cookie at https://app.example, "
                          "and does recall() read what remember() wrote?");
            CHECK(on.answered > 50);
        }
    }
}

// With its server up all the while, and room for every request there.
TEST_CASE("A live session stays where it is, whatever the product whose cookie names servers")
{
    CHECK(rc::check([] {
        auto scenario = std::make_shared<Scenario>(*anyScenario());
        // Two in a row with one cookie disagree: that behind is the only one here.
        if (!scenario->balancers.empty())
            scenario->balancer = scenario->balancers.front();
        scenario->balancer.name.clear();
        scenario->balancers.clear();
        scenario->routes.clear();
        scenario->origin = "https://app.example"; // for those whose cookie is Secure
        scenario->timeline.clear();
        scenario->balancer.perConnection = false;
        scenario->balancer.count = 1; // tables of several may differ
        for (ReplicaSpec& replica : scenario->replicas) {
            replica.queue = 10'000;
            replica.joins = {};
        }
        for (ClientSpec& client : scenario->clients) {
            client.kind = whole(0, 1) == 0 ? ClientKind::browser : ClientKind::websocket;
            client.jar = JarKind::own;
            client.burst = 1;
            client.sessionRequests = 0;
        }
        scenario->balancer.sticky->path = "/";
        const Product& product = *findProduct(scenario->balancer.product);
        if (!product.has(CookieKey::path))
            scenario->balancer.sticky->path.reset();
        // Traefik's hrw takes no cookie, Apache's 101 carries none, and these have none at all.
        const bool without = !product.hasCookie() || scenario->balancer.algorithm == "hrw";
        const bool silent = product.id == "apache"
            && std::any_of(scenario->clients.begin(), scenario->clients.end(),
                           [](const ClientSpec& c) { return c.kind == ClientKind::websocket; });
        RC_PRE(!without && !silent);
        RC_LOG(writeScenario(*scenario));
        Experiment experiment = makeVirtualExperiment(scenario, {});
        experiment.advance(scenario->duration);
        const LaneResult on = experiment.result().lanes[1];
        RC_ASSERT(on.switches == 0U);
        RC_ASSERT(on.failed == 0U);
    }));
}
