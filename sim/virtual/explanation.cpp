// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/explanation.h"

#include "sim/http/client_site.h"
#include "sim/http/cookie.h"
#include "sim/http/secrets.h"
#include "sim/http/url.h"
#include "sim/virtual/explained_levels.h"
#include "sim/virtual/other_products.h"
#include "sim/virtual/request_follower.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

ReplicaIndex serverOf(const ReplicaSet& servers, const std::string& name)
{
    for (std::size_t place = 0; !name.empty() && place < servers.size(); ++place) {
        if (servers[static_cast<ReplicaIndex>(place)].name == name)
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

// What the user has given a group of clients, in its headers or a file, is the user's: of such
// cookies the names alone are shown, but for those that a balancer looks for.
std::string withoutSecrets(const std::string& cookies, const Followed& run,
                           const std::vector<http::CookieJar>& jars)
{
    const std::size_t group = run.world.groupOf(run.client());
    const std::string given = http::givenCookies(run.scenario.clients[group]);
    const std::vector<http::CookiePair> byHand = http::parseCookieField(given);
    const auto isTheUsers = [&](const http::CookiePair& pair) {
        const auto same = [&pair](const auto& own) {
            return own.name == pair.name && own.value == pair.value;
        };
        return std::any_of(byHand.begin(), byHand.end(), same)
            || (group < jars.size()
                && std::any_of(jars[group].cookies().begin(), jars[group].cookies().end(), same));
    };
    const auto isSticky = [&run](std::string_view name) {
        const auto& balancers = run.world.cast().balancers;
        return std::any_of(balancers.begin(), balancers.end(), [&](const CastBalancer& one) {
            return run.world.balancer(one.place).dispatcher().cookieName() == name;
        });
    };
    std::string shown;
    for (const http::CookiePair& pair : http::parseCookieField(cookies)) {
        const bool hidden = !isSticky(pair.name) && isTheUsers(pair);
        shown.append(shown.empty() ? "" : "; ").append(pair.name).append("=");
        shown.append(hidden ? "***" : pair.value);
    }
    return shown;
}

// Until the request has ended, or the scenario's time; false where nobody wants to know any more.
bool follow(VirtualWorld& world, RequestFollower& follower, Instant end,
            const ExplanationTerms& terms, std::size_t& byHand)
{
    while (!follower.ended()) {
        follower.look(world);
        const Instant next = world.nextEvent();
        if (byHand < terms.byHand.size() && terms.byHand[byHand].first < next) {
            world.advance(terms.byHand[byHand].first, follower);
            world.apply(terms.byHand[byHand].second);
            ++byHand;
            continue;
        }
        if (next > end)
            break;
        if (terms.stopped && terms.stopped())
            return false;
        world.advance(next, follower);
    }
    return true;
}

// The place of the balancer in question; absent where the request has not come to it.
std::optional<std::size_t> placeOf(const ExplanationTerms& terms, const RequestFollower& follower,
                                   const std::vector<CastBalancer>& cast)
{
    const std::vector<std::size_t>& cameTo = follower.cameTo();
    const std::size_t first = cameTo.empty() ? 0 : cast[cameTo.front()].place;
    const std::size_t place = terms.balancer.value_or(first);
    const bool cameThere = std::any_of(cameTo.begin(), cameTo.end(), [&](std::size_t number) {
        return cast[number].place == place;
    });
    return place == first || cameThere ? std::optional(place) : std::nullopt;
}

// What names its session, where a kind of clients has a way of its own.
std::string namedSession(const http::RequestHead& head, ClientKind kind)
{
    const SessionPlace place = sessionPlaceOf(kind);
    const std::string name(place.name);
    if (place.in == SessionPlace::In::header) {
        const std::string* value = head.fields.find(name);
        return value ? name + ": " + *value : std::string();
    }
    const auto at =
        place.in == SessionPlace::In::query ? head.target.rfind(name + "=") : std::string::npos;
    return at == std::string::npos || at == 0 ? std::string() : "?" + head.target.substr(at);
}

// What the others make of the request in the place of this balancer.
void askOthers(std::size_t place, const BalancerSpec& balancer, const Followed& run,
               Explanation& explained)
{
    const ClientIndex client = run.client();
    const ReplicaSet& servers = run.request.servers(place);
    Scene scene {.balancer = balancer,
                 .replicas = servers,
                 .faults = run.request.faults(place),
                 .request = headAt(place, run),
                 .now = std::chrono::floor<std::chrono::seconds>(
                     run.scenario.starts + explained.sentAt.time_since_epoch()),
                 .secure = run.world.urlOf(client, explained.ordinal).secure(),
                 .draw =
                     [&](int attempt) {
                         return Chance {run.scenario.seed}.draw(
                             client, explained.ordinal, Purpose::balancerChoice,
                             static_cast<std::uint32_t>(attempt));
                     },
                 .source = run.world.sourceOf(client),
                 .bound = serverOf(servers, explained.pointsTo),
                 .answer =
                     [&](ReplicaIndex server) {
                         const bool met = explained.session == SessionMark::met
                             && !explained.attempts.empty()
                             && explained.attempts.back().replica == servers[server].name;
                         return run.world.answerOf(place,
                                                   {.client = client,
                                                    .ordinal = explained.ordinal,
                                                    .upgraded = explained.status == 101,
                                                    .sessionIsThere = met},
                                                   server);
                     }};
    // Where there are further balancers behind it, the cookie may name one of these.
    if (scene.bound == noReplica && !run.world.cast().balancers.empty())
        scene.bound = run.world.balancer(place)
                          .dispatcher()
                          .recall({scene.request, scene.now, scene.secure, scene.source})
                          .names;
    if (scene.bound != noReplica)
        explained.boundTo = servers[scene.bound].name;
    for (const Product* other : products()) {
        if (other->id != balancer.product)
            explained.others.push_back(answerOf(*other, scene));
    }
}

Outcome<Explanation> explain(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                             RequestFollower& follower, const ExplanationTerms& terms)
{
    const auto own = scenarioOf(scenario, lane);
    const LaneSpec& laneSpec = scenario->lanes[raw(lane)];
    const std::vector<BalancerSpec> balancers = balancersOf(*own, own->lanes[raw(lane)]);
    VirtualWorld world(scenario, lane, terms.jars);
    Explanation explained;
    if (!follow(world, follower, Instant {scenario->duration}, terms, explained.byHand))
        return Outcome<Explanation>::failure("it was stopped");
    if (follower.seen().empty())
        return Outcome<Explanation>::failure("lane " + laneSpec.name + " has no such request");
    follower.found(world);
    const auto place = placeOf(terms, follower, world.cast().balancers);
    if (!place)
        return Outcome<Explanation>::failure("in lane " + laneSpec.name
                                             + " the request does not come to that balancer");
    const BalancerSpec& balancer = balancers[*place];
    const Product& product = *findProduct(balancer.product);
    explained.lane = laneSpec.name;
    explained.balancer = balancer.name;
    explained.product = titleOf(product, balancer);
    explained.algorithm = findAlgorithm(product, balancer.algorithm)->name;
    for (const Observation& one : follower.seen())
        tell(one, world, explained);
    const Followed run {*scenario, world, follower};
    explained.cookie = withoutSecrets(explained.cookie, run, terms.jars);
    explained.levels = levelsOf(balancers, run);
    for (std::size_t level = 0; level < explained.levels.size(); ++level) {
        if (world.cast().balancers[follower.cameTo()[level]].place == *place)
            explained.level = level;
    }
    if (!explained.levels.empty()) {
        explained.serversAreBalancers = explained.levels[explained.level].serversAreBalancers;
        for (ExplainedAttempt& attempt : explained.attempts)
            keepLastRule(attempt, follower.passedOn().back(), world);
    }
    const ClientIndex client = run.client();
    explained.namedSession = namedSession(follower.head(), world.kindOf(client));
    explained.url = http::withoutSecrets(world.urlOf(client, explained.ordinal).text());
    explained.kept = world.whatBecomesOf(explained.setCookie, client, explained.ordinal);
    askOthers(*place, balancer, run, explained);
    return explained;
}

} // namespace

Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    RequestOf request, const ExplanationTerms& terms)
{
    RequestFollower follower(request);
    return explain(scenario, lane, follower, terms);
}

Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    std::uint64_t request, const ExplanationTerms& terms)
{
    RequestFollower follower(request);
    auto explained = explain(scenario, lane, follower, terms);
    if (follower.seen().empty())
        return Outcome<Explanation>::failure(
            "lane " + scenario->lanes[raw(lane)].name + " has no request number "
            + std::to_string(request) + "; it sends " + std::to_string(request - follower.missing())
            + " in its time");
    return explained;
}

} // namespace stickyscope
