// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A live session moves only if its replica is unfit, or its product says so: with every product
// whose cookie names servers, while drawn replicas stop, start, drain, join and leave.
#include "sim/formats/scenario_writer.h"
#include "sim/virtual/virtual_world.h"
#include "tests/support/drawn_scenarios.h"
#include "tests/support/product_variants.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <rapidcheck.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

// Whose sessions stay at a replica that drains, says each's documentation, source or measurement
// (the cited sources of its rules). To all others, one that drains is unfit.
constexpr std::array keepDraining {"apache",     "aws-alb-rule", "azure-application-gateway",
                                   "cloudflare", "f5",           "haproxy",
                                   "istio",      "kong",         "nginx",
                                   "traefik"};

bool keepsDraining(const ProductVariant& variant)
{
    const bool always = std::find(keepDraining.begin(), keepDraining.end(), variant.product->id)
        != keepDraining.end();
    return always || variant.cookie.flag("keep-draining")
        || hasWord(variant.cookie.text("override-host-status"), "draining");
}

// A session that had to go elsewhere comes back, unless its cookie was written anew.
bool keepsCookie(const ProductVariant& variant)
{
    return variant.cookie.text("on-down") == "keep-cookie";
}

// All whose cookie says which server, whatever else is in the cookie or has become of it.
std::vector<ProductVariant> namingServers()
{
    std::vector<ProductVariant> all = productVariants();
    for (const Product* product : {&envoy, &custom})
        all.push_back({product, {{"keep-draining", true}}});
    all.push_back({&envoy, {{"strict", true}}});
    all.push_back({&envoy, {{"override-host-status", std::string("healthy draining")}}});
    for (const char* rule : {"keep-cookie", "reject"})
        all.push_back({&custom, {{"on-down", std::string(rule)}}});
    std::erase_if(all, [](const ProductVariant& variant) {
        const auto policy = variant.product->sticky(specOf(variant), StickyTrial::three());
        // Without a cookie, there is nothing that these clients bring along.
        return policy->namesClients() || policy->looksAtSource() || policy->cookieName().empty();
    });
    return all;
}

// A request whose server is unfit is answered by the balancer, and by no other server.
bool isStrict(const ProductVariant& variant)
{
    return variant.cookie.flag("strict");
}

bool turnsAway(const BalancerSpec& balancer)
{
    const Product& product = *findProduct(balancer.product);
    const ServerLimit limit = product.limit ? product.limit(balancer) : ServerLimit {};
    const CircuitBreaking circuit =
        product.circuit ? product.circuit(balancer) : CircuitBreaking {};
    return limit.most || limit.connections > 0 || limit.mostRequests > 0 || circuit.mostRequests > 0
        || circuit.errorRatio < 1 || circuit.mostRetries > 0;
}

// But those that send a session elsewhere because its server, or the balancer, has enough to do.
void addSettings(BalancerSpec& balancer)
{
    for (const auto& [key, value] : anySettings(findProduct(balancer.product)->settings)) {
        balancer.settings.set(key, value);
        if (turnsAway(balancer))
            balancer.settings.remove(key);
    }
    // In panic draining servers get requests as well.
    if (balancer.product == envoy.id)
        balancer.settings.set("healthy-panic-threshold", 0.0);
    // An Application Load Balancer has no sessions with it.
    balancer.settings.remove("cross-zone-off");
}

std::shared_ptr<Scenario> anySessions(const ProductVariant& variant)
{
    auto scenario = std::make_shared<Scenario>();
    scenario->seed = *rc::gen::arbitrary<std::uint32_t>();
    scenario->duration = 20s;
    scenario->origin = "https://app.example"; // for those whose cookie is Secure
    scenario->travel = milliseconds(0, 50);
    scenario->sessionCookie = "JSESSIONID";
    const int replicas = whole(2, 5);
    for (int number = 0; number < replicas; ++number) {
        ReplicaSpec& replica = scenario->replicas.emplace_back();
        replica.name = "r" + std::to_string(number);
        replica.weight = number == 0 ? 1 : std::min(whole(0, 3), variant.product->largestWeight);
        replica.slotCount = whole(1, 4);
        replica.queue = 10'000;
        replica.serviceTime = {.shape = Distribution::Shape::exponential,
                               .mean = milliseconds(1, 100)};
    }
    if (perhaps())
        scenario->replicas.back().joins = milliseconds(1, 10'000);
    if (perhaps())
        scenario->replicas.back().leaves = milliseconds(10'001, 19'000);
    scenario->balancer = specOf(variant);
    if (variant.product->has(CookieKey::path))
        scenario->balancer.sticky->path = "/";
    if (variant.algorithm.empty()) {
        const auto known = variant.product->algorithms;
        const int algorithm = whole(0, static_cast<int>(known.size()) - 1);
        scenario->balancer.algorithm = known[static_cast<std::size_t>(algorithm)].name;
    }
    // Traefik's hrw takes no cookie.
    if (scenario->balancer.algorithm == "hrw")
        scenario->balancer.algorithm = "wrr";
    addSettings(scenario->balancer);
    // Each has values of its own.
    const bool drawn = variant.cookie.text("value") == "random";
    scenario->balancer.count = drawn ? 1 : whole(1, 2);
    if (perhaps())
        scenario->balancer.healthCheck = HealthCheck {.every = milliseconds(100, 1000)};
    for (const char* name : {"c0", "c1"}) {
        ClientSpec& client = scenario->clients.emplace_back();
        client.name = name;
        client.count = whole(1, 6);
        // Apache's 101 carries no cookie.
        if (variant.product->id != "apache" && perhaps())
            client.kind = ClientKind::websocket;
        client.thinkTime.mean = milliseconds(20, 500);
        client.connectionLifetime.mean = milliseconds(10, 2000);
        client.sessionRequests = 0;
    }
    for (int number = whole(0, 10); number > 0; --number) {
        TimelineEntry& entry = scenario->timeline.emplace_back();
        entry.at = milliseconds(0, 18'000);
        entry.intervention.kind = static_cast<Intervention::Kind>(whole(0, 2));
        entry.intervention.replica = static_cast<ReplicaIndex>(whole(0, replicas - 1));
    }
    scenario->lanes = offAndOn();
    return scenario;
}

// Whether a replica is fit for its sessions, and when it last was not.
struct Fitness
{
    bool stopped = false;
    bool draining = false;
    bool gone = false;
    int down = 0; ///< for so many balancers
    Instant drainingSince {};
    Instant unfit = Instant::min();
    Instant drained = Instant::min();

    void note(Instant now)
    {
        if (stopped || gone || down > 0)
            unfit = now;
        if (draining)
            drained = now;
    }
    // At any time since then, up to now.
    bool wasUnfit(Instant since) const { return stopped || gone || down > 0 || unfit >= since; }
    bool wasDraining(Instant since) const { return draining || drained >= since; }
};

class Sessions final : public ObservationSink
{
public:
    Sessions(const Scenario& scenario, const ProductVariant& variant)
        : m_scenario(scenario)
        , m_keepsDraining(keepsDraining(variant))
        , m_keepsCookie(keepsCookie(variant))
        , m_replicas(scenario.replicas.size())
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations)
            watch(one);
    }

    int stayed = 0; ///< though another replica was unfit
    int moved = 0;

private:
    struct Session
    {
        ReplicaIndex at = noReplica;
        Instant answered {};
        Instant sent {};
    };

    bool wasUnfit(ReplicaIndex index, Instant since) const
    {
        const Fitness& replica = m_replicas[raw(index)];
        return replica.wasUnfit(since) || (!m_keepsDraining && replica.wasDraining(since));
    }
    // For fresh requests.
    bool anyWasUnfit(Instant since) const
    {
        return std::any_of(m_replicas.begin(), m_replicas.end(), [&](const Fitness& one) {
            return one.wasUnfit(since) || one.wasDraining(since);
        });
    }

    void watch(const Observation& one)
    {
        if (one.client != noClient)
            return watchSession(one, m_sessions[one.client]);
        if (one.replica == noReplica)
            return;
        Fitness& replica = m_replicas[raw(one.replica)];
        replica.note(one.at);
        change(replica, one);
        replica.note(one.at);
    }

    void change(Fitness& replica, const Observation& one) const
    {
        const auto& leaves = m_scenario.replicas[raw(one.replica)].leaves;
        switch (one.kind) {
        case ObservationKind::replicaStopped:
            replica.stopped = true;
            return;
        case ObservationKind::replicaStarted:
            replica.stopped = replica.draining = false;
            return;
        case ObservationKind::replicaDraining:
            replica.gone = replica.gone || (leaves && one.at == Instant(*leaves));
            if (!replica.draining)
                replica.drainingSince = one.at;
            replica.draining = true;
            return;
        case ObservationKind::noticedDown:
            ++replica.down;
            return;
        case ObservationKind::noticedUp:
            --replica.down;
            return;
        default:
            return;
        }
    }

    void watchSession(const Observation& one, Session& session)
    {
        switch (one.kind) {
        case ObservationKind::sent:
            session.sent = one.at;
            return;
        case ObservationKind::answered:
            answered(one, session);
            return;
        case ObservationKind::failed:
            // A fresh one may have gone to any.
            if (session.at != noReplica)
                RC_ASSERT(wasUnfit(session.at, session.answered));
            else
                RC_ASSERT(anyWasUnfit(session.sent));
            return;
        default:
            return;
        }
    }

    void answered(const Observation& one, Session& session)
    {
        const Fitness& by = m_replicas[raw(one.replica)];
        if (!m_keepsDraining)
            RC_ASSERT(!by.draining || by.drainingSince >= session.sent);
        if (session.at != noReplica && session.at != one.replica) {
            RC_ASSERT(wasUnfit(session.at, session.answered));
            ++moved;
        } else if (session.at != noReplica && anyWasUnfit(session.answered)) {
            ++stayed;
        }
        if (!m_keepsCookie || one.cookieOut != CookieOut::none)
            session.at = one.replica;
        session.answered = one.at;
    }

    const Scenario& m_scenario;
    bool m_keepsDraining;
    bool m_keepsCookie;
    std::vector<Fitness> m_replicas;
    std::map<ClientIndex, Session> m_sessions;
};

} // namespace

TEST_CASE("A live session moves only if its replica is unfit, or its product says so")
{
    for (const ProductVariant& variant : namingServers()) {
        CAPTURE(variant.product->id);
        int stayed = 0;
        int moved = 0;
        CHECK(rc::check([&] {
            const auto scenario = anySessions(variant);
            RC_LOG(writeScenario(*scenario));
            Sessions sessions(*scenario, variant);
            VirtualWorld world(scenario, LaneIndex {1});
            world.advance(Instant(scenario->duration), sessions);
            stayed += sessions.stayed;
            moved += sessions.moved;
        }));
        CHECK(stayed > 0);
        CHECK((moved > 0) != isStrict(variant));
    }
}
