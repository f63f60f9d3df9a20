// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/explanation.h"

#include "sim/http/secrets.h"
#include "sim/http/url.h"
#include "sim/virtual/other_products.h"
#include "sim/virtual/virtual_world.h"

#include <utility>

namespace stickyscope {

namespace {

// Follows the lane's requests until the one that is asked for, and then this one to its end.
class Follower final : public ObservationSink
{
public:
    /// The lane's request of this number, from 1.
    explicit Follower(std::uint64_t request)
        : m_left(request)
    {
    }
    explicit Follower(RequestOf request)
        : m_wanted(request)
    {
    }

    void observe(std::span<const Observation> observations) override
    {
        for (const Observation& one : observations) {
            const bool follows =
                !m_seen.empty() && !ended() && isOf(one, m_wanted) && isOfRequest(one);
            if (begins(one) || follows)
                m_seen.push_back(one);
        }
    }

    const std::vector<Observation>& seen() const { return m_seen; }
    std::uint64_t missing() const { return m_left; }
    bool placed() const { return m_seen.size() > 1; }
    bool ended() const
    {
        return !m_seen.empty()
            && (m_seen.back().kind == ObservationKind::answered
                || m_seen.back().kind == ObservationKind::failed);
    }

private:
    static bool isOf(const Observation& one, RequestOf request)
    {
        return one.client == request.client && one.ordinal == request.ordinal;
    }
    bool begins(const Observation& one)
    {
        if (one.kind != ObservationKind::sent || !m_seen.empty())
            return false;
        const bool numbered = m_left > 0 && --m_left == 0;
        if (numbered)
            m_wanted = {one.client, one.ordinal};
        return numbered || isOf(one, m_wanted);
    }
    // Not what is passed on to a further balancer: the reason at the end is that of all.
    static bool isOfRequest(const Observation& one)
    {
        const ObservationKind kind = one.kind;
        return (kind == ObservationKind::placed && one.replica != noReplica)
            || kind == ObservationKind::answered || kind == ObservationKind::failed;
    }

    std::uint64_t m_left = 0;
    RequestOf m_wanted;
    std::vector<Observation> m_seen;
};

ReplicaIndex serverOf(const ReplicaSet& replicas, const std::string& name)
{
    for (std::size_t place = 0; !name.empty() && place < replicas.size(); ++place) {
        if (replicas[static_cast<ReplicaIndex>(place)].name == name)
            return static_cast<ReplicaIndex>(place);
    }
    return noReplica;
}

void tell(const Observation& one, const VirtualWorld& world, Explanation& into)
{
    const auto nameOf = [&](ReplicaIndex replica) {
        return replica == noReplica ? std::string() : world.cast().replicas[raw(replica)];
    };
    switch (one.kind) {
    case ObservationKind::sent:
        into.client = world.cast().clients[raw(one.client)];
        into.ordinal = one.ordinal;
        into.sentAt = one.at;
        into.cookie = world.texts().text(one.cookie);
        into.pointsTo = nameOf(one.pointsTo);
        return;
    case ObservationKind::placed: {
        into.cookieIn = one.cookieIn;
        into.attempts.push_back({.at = one.at,
                                 .replica = nameOf(one.replica),
                                 .ledger = one.ledger,
                                 .rule = world.texts().text(one.rule),
                                 .source = world.whereWritten(one.rule)});
        return;
    }
    default:
        into.ended = true;
        into.cookieIn = one.cookieIn;
        into.failure = one.failure;
        into.status = one.status;
        into.latency = one.value;
        into.cookieOut = one.cookieOut;
        into.setCookie = world.texts().text(one.cookie);
        into.session = one.session;
        // The balancer's own answer has a rule as well.
        if (one.kind == ObservationKind::failed)
            into.attempts.push_back({.at = one.at,
                                     .ledger = one.ledger,
                                     .rule = world.texts().text(one.rule),
                                     .source = world.whereWritten(one.rule)});
    }
}

Outcome<Explanation> explain(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                             Follower& follower, const ExplanationTerms& terms)
{
    const auto own = scenarioOf(scenario, lane);
    const LaneSpec& laneSpec = scenario->lanes[raw(lane)];
    const BalancerSpec balancer = balancerOf(*own, own->lanes[raw(lane)]);
    VirtualWorld world(scenario, lane, terms.jars);
    const Instant end {scenario->duration};
    // As the balancer saw them when the request came to it.
    ReplicaSet replicas = world.balancer().dispatcher().replicas();
    std::vector<std::optional<Fault>> faults;
    auto byHand = terms.byHand.begin();
    while (!follower.ended()) {
        if (follower.placed() && faults.empty())
            faults =
                world.whoFails(follower.seen().front().client, follower.seen().front().ordinal);
        if (!follower.placed()
            && replicas.version() != world.balancer().dispatcher().replicas().version())
            replicas = world.balancer().dispatcher().replicas();
        const Instant next = world.nextEvent();
        if (byHand != terms.byHand.end() && byHand->first < next) {
            world.advance(byHand->first, follower);
            world.apply(byHand->second);
            ++byHand;
            continue;
        }
        if (next > end)
            break;
        if (terms.stopped && terms.stopped())
            return Outcome<Explanation>::failure("it was stopped");
        world.advance(next, follower);
    }
    if (follower.seen().empty())
        return Outcome<Explanation>::failure("lane " + laneSpec.name + " has no such request");

    const Product& product = *findProduct(balancer.product);
    Explanation explained;
    explained.lane = laneSpec.name;
    explained.byHand = static_cast<std::size_t>(byHand - terms.byHand.begin());
    explained.product = titleOf(product);
    explained.algorithm = findAlgorithm(product, balancer.algorithm)->name;
    for (const Observation& one : follower.seen())
        tell(one, world, explained);

    const ClientIndex client = follower.seen().front().client;
    const http::Url& url = world.urlOf(client, explained.ordinal);
    explained.url = http::withoutSecrets(url.text());
    if (faults.empty())
        faults = world.whoFails(client, explained.ordinal);
    const Scene scene {.balancer = balancer,
                       .replicas = replicas,
                       .faults = faults,
                       .request = world.headOf(client, explained.ordinal, explained.cookie),
                       .now = std::chrono::floor<std::chrono::seconds>(
                           own->starts + explained.sentAt.time_since_epoch()),
                       .secure = url.secure(),
                       .draw =
                           [&](int attempt) {
                               return Chance {scenario->seed}.draw(
                                   client, explained.ordinal, Purpose::balancerChoice,
                                   static_cast<std::uint32_t>(attempt));
                           },
                       .source = world.sourceOf(client),
                       .bound = serverOf(replicas, explained.pointsTo),
                       .answer =
                           [&](ReplicaIndex server) {
                               const bool met = explained.session == SessionMark::met
                                   && !explained.attempts.empty()
                                   && explained.attempts.back().replica == replicas[server].name;
                               return world.answerOf({.client = client,
                                                      .ordinal = explained.ordinal,
                                                      .upgraded = explained.status == 101,
                                                      .sessionIsThere = met},
                                                     server);
                           }};
    explained.kept = world.whatBecomesOf(explained.setCookie, client, explained.ordinal);
    for (const Product* other : products()) {
        if (other != &product)
            explained.others.push_back(answerOf(*other, scene));
    }
    return explained;
}

} // namespace

Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    RequestOf request, const ExplanationTerms& terms)
{
    Follower follower(request);
    return explain(scenario, lane, follower, terms);
}

Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    std::uint64_t request, const std::vector<http::CookieJar>& jars)
{
    Follower follower(request);
    auto explained = explain(scenario, lane, follower, {.jars = jars});
    if (follower.seen().empty())
        return Outcome<Explanation>::failure(
            "lane " + scenario->lanes[raw(lane)].name + " has no request number "
            + std::to_string(request) + "; it sends " + std::to_string(request - follower.missing())
            + " in its time");
    return explained;
}

} // namespace stickyscope
