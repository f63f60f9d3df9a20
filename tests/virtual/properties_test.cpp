// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of any scenario whatever: drawn ones, with every product and algorithm.
#include "sim/experiment/experiment.h"
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/products/product.h"
#include "sim/virtual/virtual_world.h"
#include "tests/support/drawn_scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <rapidcheck.h>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

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
        // What was sent long ago has ended: no queue here is longer than that, but for those of
        // balancers where any number may wait for ever, and come whatever becomes of them. And
        // where servers drain, one that is down may make Traefik pick for ever.
        for (const auto& [request, sentAt] : m_open) {
            if (end - sentAt > 60s && (m_placed.count(request) == 1U || !mayWaitForEver())
                && !mayPickForEver())
                RC_FAIL("a request never ended");
        }
    }

    // What the balancer forgets by, or what replaces servers.
    static bool hidesWhoKnows(Intervention::Kind kind)
    {
        return isOfBalancer(kind) || kind == Intervention::Kind::scaleToZero
            || kind == Intervention::Kind::removeReplica
            || kind == Intervention::Kind::rollingUpdate;
    }

private:
    bool manyLook() const
    {
        return m_scenario.balancer.count > 1 || !m_scenario.balancers.empty()
            || std::any_of(m_scenario.timeline.begin(), m_scenario.timeline.end(),
                           [](const TimelineEntry& entry) {
                               return hidesWhoKnows(entry.intervention.kind);
                           });
    }

    template <typename Predicate>
    bool anyBalancer(const Predicate& holds) const
    {
        return holds(m_scenario.balancer)
            || std::any_of(m_scenario.balancers.begin(), m_scenario.balancers.end(), holds);
    }

    static ServerLimit limitOf(const BalancerSpec& spec)
    {
        const Product& product = *findProduct(spec.product);
        return product.limit ? product.limit(spec) : ServerLimit {};
    }

    bool mayWaitForEver() const
    {
        return anyBalancer([](const BalancerSpec& spec) {
                   const ServerLimit limit = limitOf(spec);
                   return limit.queues && limit.patience == Duration::zero();
               })
            && std::any_of(m_scenario.clients.begin(), m_scenario.clients.end(),
                           [](const ClientSpec& client) { return client.isOpen(); });
    }

    // Who waits may wait for the server that was picked, whatever becomes of it.
    bool waitWherePicked() const
    {
        return anyBalancer([](const BalancerSpec& spec) {
            const ServerLimit limit = limitOf(spec);
            return limit.connections > 0 || (limit.most && (limit.taken || limit.queues));
        });
    }

    // One that is down is up again only when somebody has tried it.
    bool triesAgain() const
    {
        return anyBalancer([](const BalancerSpec& spec) {
            const auto passive = findProduct(spec.product)->passive;
            return passive && passive(spec).counted == CountedFailures::untilChecked;
        });
    }

    bool mayPickForEver() const
    {
        const bool drains = std::any_of(
            m_scenario.timeline.begin(), m_scenario.timeline.end(), [](const TimelineEntry& entry) {
                return entry.intervention.kind == Intervention::Kind::drainReplica
                    || entry.intervention.kind == Intervention::Kind::rollingUpdate;
            });
        return drains && anyBalancer([](const BalancerSpec& spec) {
                   return findProduct(spec.product)->picksForever != nullptr;
               });
    }

    // Where too few are fit; of some those that drain as well.
    bool asksUnfit(bool draining) const
    {
        return anyBalancer([draining](const BalancerSpec& spec) {
            const auto failOpen = findProduct(spec.product)->failOpen;
            const FailOpen rule = failOpen ? failOpen(spec) : FailOpen {};
            return rule.isThere() && (rule.draining || !draining);
        });
    }

    bool getsWeight(ReplicaIndex replica) const
    {
        return std::any_of(m_scenario.timeline.begin(), m_scenario.timeline.end(),
                           [replica](const TimelineEntry& entry) {
                               const Intervention& what = entry.intervention;
                               return what.kind == Intervention::Kind::setWeight
                                   && what.replica == replica && what.amount > 0;
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
            if (m_placed.insert(request).second && one.ledger == Ledger::fresh) {
                RC_ASSERT(m_down.count(one.replica) == 0U || manyLook() || waitWherePicked()
                          || asksUnfit(false) || triesAgain());
                RC_ASSERT(m_draining.count(one.replica) == 0U || waitWherePicked()
                          || asksUnfit(true));
                RC_ASSERT(m_scenario.replicas[raw(one.replica)].weight > 0
                          || getsWeight(one.replica));
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

// With several of them, or one that is told what to do, it is not seen who knows what: most drawn
// scenarios excuse that.
TEST_CASE("Behind one balancer that nobody touches, no fresh request goes where it knows none may")
{
    CHECK(rc::check([] {
        auto one = std::make_shared<Scenario>(*anyScenario());
        one->balancers.clear();
        one->routes.clear();
        one->balancer.servers.clear();
        one->balancer.count = 1;
        std::erase_if(one->timeline, [](const TimelineEntry& entry) {
            return Watcher::hidesWhoKnows(entry.intervention.kind);
        });
        for (LaneSpec& lane : one->lanes) {
            lane.with.clear();
            lane.own.reset();
        }
        RC_LOG(writeScenario(*one));
        RC_CLASSIFY(one->balancer.healthCheck.has_value(), "checks");
        VirtualWorld world(one, LaneIndex {1});
        Watcher watcher(*one);
        world.advance(Instant(100s), watcher);
    }));
}

TEST_CASE("A scenario that can be run is written as one that is read as the same")
{
    CHECK(rc::check([] {
        const auto scenario = anyScenario();
        const std::string text = writeScenario(*scenario);
        RC_LOG(text);
        const auto read = readScenario(text, "written");
        if (!read)
            RC_FAIL(read.error());
        RC_ASSERT(*read == *scenario);
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
