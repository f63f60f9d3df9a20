// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where a request goes, and whether it has to wait.
#include "sim/dispatch/dispatcher.h"
#include "sim/dispatch/hashed_part.h"

#include <algorithm>

namespace stickyscope {

namespace {

constexpr Rule nobodyLeft {"No server is up that takes requests: the balancer answers for itself.",
                           "see the product"};

Ledger ledgerOf(CookieIn state)
{
    switch (state) {
    case CookieIn::none:
        return Ledger::fresh;
    case CookieIn::valid:
        return Ledger::valid;
    case CookieIn::unknown:
        return Ledger::unknown;
    case CookieIn::down:
        return Ledger::down;
    case CookieIn::draining:
        return Ledger::draining;
    case CookieIn::expired:
        return Ledger::expired;
    case CookieIn::refused:
        return Ledger::refused;
    }
    return Ledger::fresh;
}

} // namespace

std::string_view Dispatcher::keyOf(const http::RequestHead& request) const
{
    return hashedPart(m_hashKey, request);
}

Decision Dispatcher::place(const Recall& recall, Circumstances& circumstances)
{
    const Ledger ledger = ledgerOf(recall.state);
    if (!m_warming.empty())
        warmUp(circumstances.now);
    if (recall.status != 0)
        return {.ledger = ledger, .rule = recall.rule, .status = recall.status};
    if (m_stuck)
        return getsLost(ledger, circumstances);
    if (const auto placed = placeBound(recall, circumstances))
        return *placed;
    if (m_product->picksForever && m_replicas.takingFresh() == 0)
        m_stuck = m_product->picksForever(m_spec, m_replicas);
    if (m_stuck)
        return getsLost(ledger, circumstances);
    Decision decision {.ledger = ledger, .rule = recall.rule};
    std::string_view key = hashesRequests() ? circumstances.key : circumstances.source;
    std::string name;
    if (m_namesClients) {
        name = m_sticky->key(circumstances.issued.empty() ? recall.value : circumstances.issued);
        key = name;
    }
    const bool keyWasThere = recall.hashed
        || (!m_namesClients && ledger == Ledger::fresh && (!hashesRequests() || key.data()));
    if (m_hashes && keyWasThere)
        decision.ledger = Ledger::hash;
    const bool queues = m_limits.isThere() && m_limits.rule().queues;
    // Where servers are passed over, somebody who waits says that all are full: nobody is asked.
    const bool mustWait =
        queues && m_whenFull == WhenFull::passesOver && m_limits.anybodyWaitsForAny();
    const bool canary = goesToCanary(recall, circumstances);
    if (canary && recall.canary.rule)
        decision.rule = recall.canary.rule;
    const ReplicaSet& among = canary ? m_canary->replicas : m_replicas;
    BalancingPolicy& policy = canary ? *m_canary->policy : *m_policy;
    const auto chosen = mustWait
        ? std::nullopt
        : policy.choose({among, circumstances.draw, circumstances.avoid, key, circumstances.now});
    if (!chosen && queues
        && std::any_of(m_replicas.begin(), m_replicas.end(),
                       [](const ReplicaView& replica) { return replica.isServer(); }))
        return waits(decision, circumstances);
    if (!chosen)
        return {.ledger = ledger, .rule = &nobodyLeft, .status = m_product->statusWithoutReplica};
    return give(*chosen, decision, circumstances);
}

Decision Dispatcher::give(ReplicaIndex replica, Decision decision,
                          const Circumstances& circumstances)
{
    if (m_limits.isThere() && m_limits.rule().queues && m_limits.full(replica)) {
        if (decision.bound == Bound::yes || whenFull(replica) == WhenFull::waitsThere)
            decision.replica = replica;
        return waits(decision, circumstances);
    }
    if (m_limits.isThere() && m_limits.connectsInVain(replica))
        return {.ledger = decision.ledger, .rule = m_limits.rule().queueFull, .status = 503};
    if (m_limits.tooMany())
        return {.ledger = decision.ledger, .rule = m_limits.rule().tooMany, .status = 503};
    assigned(replica, decision.bound, circumstances.now);
    tell(replica, circumstances);
    decision.replica = replica;
    if (decision.bound == Bound::no && m_replicas[replica].askedUnfit
        && !m_replicas[replica].isFit())
        decision.rule = m_failOpen.rule;
    return decision;
}

// Absent where the algorithm is to be asked.
std::optional<Decision> Dispatcher::placeBound(const Recall& recall,
                                               const Circumstances& circumstances)
{
    const ReplicaIndex replica = recall.leadsTo();
    if (!recall.bound || replica == circumstances.avoid)
        return std::nullopt;
    if (m_limits.isThere() && m_limits.rule().elsewhere && m_limits.full(replica)
        && m_limits.queueFull(replica))
        return std::nullopt;
    return give(replica,
                {.ledger = ledgerOf(recall.state), .bound = Bound::yes, .rule = recall.rule},
                circumstances);
}

// A retry stays where its first attempt was.
bool Dispatcher::goesToCanary(const Recall& recall, Circumstances& circumstances) const
{
    // A service without a pod is none.
    if (!m_canary || m_canary->replicas.takingFresh() == 0)
        return false;
    if (circumstances.avoid != noReplica)
        return m_replicas[circumstances.avoid].canary;
    const CanaryChoice& canary = recall.canary;
    if (canary.is != CanaryChoice::Is::drawn)
        return canary.is == CanaryChoice::Is::yes;
    return static_cast<int>(circumstances.draw.below(static_cast<std::uint32_t>(canary.of)))
        < canary.weight;
}

Decision Dispatcher::getsLost(Ledger ledger, const Circumstances& circumstances)
{
    m_lost.push_back(circumstances.ticket);
    return {.ledger = ledger, .rule = m_stuck, .waits = true};
}

Decision Dispatcher::waits(const Decision& decision, const Circumstances& circumstances)
{
    const ServerLimit& rule = m_limits.rule();
    const ReplicaIndex replica = decision.replica;
    if (replica != noReplica && m_limits.queueFull(replica))
        return {.ledger = decision.ledger, .rule = rule.queueFull, .status = 503};
    m_limits.wait({circumstances.ticket, replica, decision.bound});
    if (rule.taken)
        m_policy->assigned(replica, decision.bound, circumstances.now);
    Decision waiting = decision;
    waiting.rule = replica == noReplica ? rule.waitedForAny : rule.waitedThere;
    waiting.waits = true;
    return waiting;
}

std::optional<ServerLimits::Ticket> Dispatcher::callIn(ReplicaIndex replica, Instant now)
{
    if (!m_limits.anybodyWaits())
        return std::nullopt;
    const ReplicaView& server = m_replicas[replica];
    const auto next = m_limits.next(replica, server.isThere());
    if (!next)
        return std::nullopt;
    if (m_limits.rule().taken)
        countIn(replica);
    else
        assigned(replica, next->bound, now);
    return next->ticket;
}

std::optional<ServerLimits::Ticket> Dispatcher::leftBehind()
{
    if (!serverLimit().elsewhere || !m_limits.anybodyWaits())
        return std::nullopt;
    const auto request = m_limits.leftBehind(m_replicas);
    if (!request)
        return std::nullopt;
    markFull(request->replica);
    return request->ticket;
}

ReplicaIndex Dispatcher::waitsNoMore(ServerLimits::Ticket ticket)
{
    std::erase(m_lost, ticket);
    const auto request = m_limits.leave(ticket);
    if (!request || request->replica == noReplica)
        return noReplica;
    if (m_limits.rule().taken)
        m_policy->released(
            {.replica = request->replica, .bound = request->bound, .answered = false});
    markFull(request->replica);
    return request->replica;
}

void Dispatcher::countIn(ReplicaIndex replica)
{
    m_limits.assigned(replica);
    markFull(replica);
}

void Dispatcher::countOut(ReplicaIndex replica, bool broke)
{
    m_limits.released(replica, broke);
    markFull(replica);
}

// Only where the algorithm is to pass it over.
void Dispatcher::markFull(ReplicaIndex replica)
{
    const bool full = whenFull(replica) == WhenFull::passesOver && m_limits.full(replica);
    if (full == m_replicas[replica].full)
        return;
    m_replicas.setFull(replica, full);
    if (m_policy)
        changed();
}

void Dispatcher::tell(ReplicaIndex replica, const Circumstances& circumstances)
{
    if (!m_looksAtSource)
        return;
    m_sticky->placed(replica, circumstances.source, circumstances.wall);
    m_stickyVersion = m_sticky->version();
}

std::string Dispatcher::issue(const Circumstances& circumstances) const
{
    // ingress-nginx draws as often, and then gives up.
    constexpr int mostNames = 20;
    Draw draw = circumstances.draw;
    std::string name = m_sticky->issue(draw, circumstances.wall);
    for (int left = mostNames; left > 1 && renames(circumstances) && m_hashes; --left) {
        const std::string key = m_sticky->key(name);
        const bool canary = m_canary && m_replicas[circumstances.avoid].canary;
        const ReplicaSet& among = canary ? m_canary->replicas : m_replicas;
        const auto leadsTo =
            policyOf(circumstances.avoid).choose({among, draw, noReplica, key, circumstances.now});
        if (leadsTo != circumstances.avoid)
            break;
        name = m_sticky->issue(draw, circumstances.wall);
    }
    return name;
}

} // namespace stickyscope
