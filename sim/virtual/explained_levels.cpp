// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/explained_levels.h"

#include "sim/http/cookie.h"
#include "sim/virtual/other_products.h"

#include <algorithm>
#include <string_view>

namespace stickyscope {

namespace {

bool carries(const http::RequestHead& head, std::string_view cookie)
{
    for (const std::string_view field : head.fields.all("Cookie")) {
        const auto pairs = http::parseCookieField(field);
        if (std::any_of(pairs.begin(), pairs.end(),
                        [&](const http::CookiePair& pair) { return pair.name == cookie; }))
            return true;
    }
    return false;
}

// The server that this balancer sent it to: a further balancer, or the replica that it came to.
std::string serverAt(std::size_t level, const std::vector<BalancerSpec>& balancers,
                     const Followed& run)
{
    const Cast& cast = run.world.cast();
    const auto& cameTo = run.request.cameTo();
    if (level + 1 < cameTo.size())
        return balancers[cast.balancers[cameTo[level + 1]].place].name;
    const Observation& end = run.request.seen().back();
    return end.kind == ObservationKind::sent || end.replica == noReplica
        ? std::string()
        : cast.replicas[raw(end.replica)];
}

} // namespace

http::RequestHead headAt(std::size_t place, const Followed& run)
{
    http::RequestHead head = run.request.head();
    for (const std::size_t number : run.request.cameTo()) {
        const std::size_t before = run.world.cast().balancers[number].place;
        if (before == place)
            break;
        run.world.balancer(before).dispatcher().forward(head);
    }
    return head;
}

void keepLastRule(ExplainedAttempt& attempt, const Observation& before, const VirtualWorld& world)
{
    const std::string rule = world.texts().text(before.rule) + " Then: ";
    if (!attempt.rule.starts_with(rule))
        return;
    attempt.rule.erase(0, rule.size());
    const std::string source = world.whereWritten(before.rule) + "; ";
    if (attempt.source.starts_with(source))
        attempt.source.erase(0, source.size());
}

std::vector<ExplainedLevel> levelsOf(const std::vector<BalancerSpec>& balancers,
                                     const Followed& run)
{
    const auto& cameTo = run.request.cameTo();
    const auto& passed = run.request.passedOn();
    std::vector<ExplainedLevel> levels;
    for (std::size_t level = 0; cameTo.size() > 1 && level < cameTo.size(); ++level) {
        const CastBalancer& cast = run.world.cast().balancers[cameTo[level]];
        const BalancerSpec& spec = balancers[cast.place];
        const Dispatcher& dispatcher = run.world.balancer(cast.place).dispatcher();
        const Observation& told = level < passed.size() ? passed[level] : run.request.seen().back();
        const http::RequestHead head = headAt(cast.place, run);
        ExplainedLevel one {
            .balancer = spec.name.empty() && !cast.beside ? std::string() : cast.name,
            .product = titleOf(dispatcher.product(), spec),
            .algorithm = std::string(findAlgorithm(dispatcher.product(), spec.algorithm)->name),
            .cookie = std::string(dispatcher.cookieName()),
            .server = serverAt(level, balancers, run)};
        one.carried = !one.cookie.empty() && carries(head, one.cookie);
        const ReplicaSet& servers = dispatcher.replicas();
        one.serversAreBalancers =
            std::any_of(servers.begin(), servers.end(),
                        [](const ReplicaView& server) { return server.isBalancer; });
        if (told.kind != ObservationKind::sent) {
            one.cookieIn = told.cookieIn;
            one.attempt = {.at = told.at,
                           .replica = one.server,
                           .ledger = told.ledger,
                           .rule = run.world.texts().text(told.rule),
                           .source = run.world.whereWritten(told.rule)};
        }
        if (level > 0)
            keepLastRule(one.attempt, passed[level - 1], run.world);
        // A cookie that is honoured names where it went; of another the balancer is asked.
        if (one.cookieIn == CookieIn::valid || one.cookieIn == CookieIn::draining) {
            one.names = one.server;
        } else if (one.cookieIn != CookieIn::none) {
            const Observation& sent = run.request.seen().front();
            const auto now = std::chrono::floor<std::chrono::seconds>(run.scenario.starts
                                                                      + sent.at.time_since_epoch());
            const ReplicaIndex names =
                dispatcher
                    .recall({head, now, run.world.urlOf(run.client(), sent.ordinal).secure(),
                             run.world.sourceOf(run.client())})
                    .names;
            if (names != noReplica)
                one.names = servers[names].name;
        }
        levels.push_back(std::move(one));
    }
    return levels;
}

} // namespace stickyscope
