// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/dispatcher.h"

#include "sim/balance/algorithms.h"

#include <algorithm>
#include <cassert>
#include <utility>

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

const Algorithm& algorithmOf(const Product& product, const BalancerSpec& spec)
{
    if (spec.sticky && product.stickyAlgorithm) {
        if (const Algorithm* own = findAlgorithm(product.stickyAlgorithm(spec)))
            return *own;
    }
    const ProductAlgorithm* named = findAlgorithm(product, spec.algorithm);
    assert(named);
    return *findAlgorithm(named->id);
}

std::unique_ptr<StickyPolicy> makeSticky(const Product& product, const BalancerSpec& spec,
                                         const ReplicaSet& replicas)
{
    return spec.sticky && product.hasCookie() ? product.sticky(spec, replicas)
                                              : makeNoStickiness(*product.picked);
}

} // namespace

Dispatcher::Dispatcher(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance)
    : m_spec(spec)
    , m_product(findProduct(spec.product))
    , m_replicas(std::move(replicas))
    , m_passive(m_product->passive ? m_product->passive(spec) : PassiveCheck {}, m_replicas.size())
    , m_circuit(m_product->circuit ? m_product->circuit(spec) : CircuitBreaking {})
    , m_circuitStatus(m_product->circuit ? m_product->circuit(spec).status : 0)
    , m_slowStart(m_product->slowStart ? m_product->slowStart(spec) : Duration {})
{
    assert(m_product);
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        m_checkedUp.push_back(m_replicas[replica].up);
        m_weights.push_back(m_replicas[replica].weight);
        // Weights are whole: the parts of one need as many times as much.
        if (m_slowStart > Duration::zero())
            m_replicas.setWeight(replica, m_weights.back() * warmUpSteps);
    }
    holdBack();
    m_sticky = makeSticky(*m_product, spec, m_replicas);
    const Algorithm& algorithm = algorithmOf(*m_product, spec);
    m_policy = algorithm.make(m_replicas, chance, spec.settings);
    m_hasCookie = spec.sticky && m_product->hasCookie();
    m_hashes = algorithm.hashes;
    m_namesClients = m_sticky->namesClients();
    m_renames = m_sticky->renames();
    m_looksAtSource = m_sticky->looksAtSource();
}

Dispatcher::Dispatcher(const Dispatcher& other)
    : m_spec(other.m_spec)
    , m_product(other.m_product)
    , m_replicas(other.m_replicas)
    , m_sticky(other.m_sticky->clone())
    , m_policy(other.m_policy->clone())
    , m_passive(other.m_passive)
    , m_circuit(other.m_circuit)
    , m_circuitStatus(other.m_circuitStatus)
    , m_slowStart(other.m_slowStart)
    , m_weights(other.m_weights)
    , m_checkedUp(other.m_checkedUp)
    , m_stickyVersion(other.m_stickyVersion)
    , m_hasCookie(other.m_hasCookie)
    , m_hashes(other.m_hashes)
    , m_namesClients(other.m_namesClients)
    , m_renames(other.m_renames)
    , m_looksAtSource(other.m_looksAtSource)
{
}

void Dispatcher::reload(const BalancerSpec& spec, const Chance& chance)
{
    const bool sameCookie = m_spec.sticky == spec.sticky && m_spec.product == spec.product;
    const bool samePicks = m_product->reloadKeepsPicks && m_spec.algorithm == spec.algorithm
        && m_spec.settings == spec.settings && sameCookie;
    if (samePicks) {
        m_spec = spec;
        return;
    }
    Dispatcher fresh(spec, configured(), chance);
    if (sameCookie)
        fresh.m_sticky = std::move(m_sticky);
    fresh.m_stickyVersion = fresh.m_sticky->version();
    *this = std::move(fresh);
}

ReplicaSet Dispatcher::configured() const
{
    ReplicaSet servers;
    for (ReplicaView replica : m_replicas) {
        replica.weight = m_weights[servers.size()];
        replica.up = !replica.url.empty();
        servers.add(std::move(replica));
    }
    return servers;
}

Decision Dispatcher::place(const Recall& recall, Circumstances& circumstances)
{
    const Ledger ledger = ledgerOf(recall.state);
    if (recall.status != 0)
        return {.ledger = ledger, .rule = recall.rule, .status = recall.status};
    if (recall.bound && recall.names != circumstances.avoid) {
        m_policy->assigned(recall.names, Bound::yes);
        tell(recall.names, circumstances);
        return {
            .replica = recall.names, .ledger = ledger, .bound = Bound::yes, .rule = recall.rule};
    }
    Decision decision {.ledger = ledger, .rule = recall.rule};
    std::string_view key = circumstances.source;
    std::string name;
    if (m_namesClients) {
        name = m_sticky->key(circumstances.issued.empty() ? recall.value : circumstances.issued);
        key = name;
    }
    const bool keyWasThere = recall.hashed || (!m_namesClients && ledger == Ledger::fresh);
    if (m_hashes && keyWasThere)
        decision.ledger = Ledger::hash;
    const auto chosen = m_policy->choose(
        {m_replicas, circumstances.draw, circumstances.avoid, key, circumstances.now});
    if (!chosen)
        return {.ledger = ledger, .rule = &nobodyLeft, .status = m_product->statusWithoutReplica};
    m_policy->assigned(*chosen, Bound::no);
    tell(*chosen, circumstances);
    decision.replica = *chosen;
    return decision;
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
        const auto leadsTo =
            m_policy->choose({m_replicas, draw, noReplica, key, circumstances.now});
        if (leadsTo != circumstances.avoid)
            break;
        name = m_sticky->issue(draw, circumstances.wall);
    }
    return name;
}

OnFailure Dispatcher::failed(ReplicaIndex replica, Attempt attempt, Instant now)
{
    if (m_passive.failed(replica, now))
        refresh(replica);
    attempt.replicas = m_replicas.takingFresh();
    attempt.known = static_cast<int>(m_replicas.size());
    return m_product->failed(m_spec, attempt);
}

std::optional<ReplicaIndex> Dispatcher::takeBackDue(Instant now, const Recall& recall)
{
    const auto replica = m_passive.takeBack(now, recall);
    if (replica)
        refresh(*replica);
    return replica;
}

void Dispatcher::setUp(ReplicaIndex replica, bool up)
{
    m_checkedUp[raw(replica)] = up;
    refresh(replica);
}

void Dispatcher::refresh(ReplicaIndex replica)
{
    const bool up = m_checkedUp[raw(replica)] && !m_passive.leftOut(replica);
    if (m_replicas[replica].up == up)
        return;
    m_replicas.setUp(replica, up);
    changed();
}

void Dispatcher::changed()
{
    holdBack();
    m_policy->topologyChanged(m_replicas);
}

// Those of its own zone come first, then those elsewhere, then the backups.
void Dispatcher::holdBack()
{
    const auto levelOf = [&](const ReplicaView& replica) {
        if (replica.backup)
            return 2;
        return m_spec.zones.empty() || replica.zone.empty() || replica.zone == m_spec.zones.front()
            ? 0
            : 1;
    };
    int best = 3;
    for (const ReplicaView& replica : m_replicas) {
        if (replica.up && !replica.draining && replica.weight > 0)
            best = std::min(best, levelOf(replica));
    }
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const bool held = levelOf(m_replicas[replica]) > best;
        if (held != m_replicas[replica].heldBack)
            m_replicas.setHeldBack(replica, held);
    }
}

void Dispatcher::warmUp(ReplicaIndex replica, int step)
{
    m_replicas.setWeight(replica, m_weights[raw(replica)] * step);
    m_policy->topologyChanged(m_replicas);
}

void Dispatcher::setDraining(ReplicaIndex replica, bool draining)
{
    m_replicas.setDraining(replica, draining);
    changed();
}

void Dispatcher::remove(ReplicaIndex replica)
{
    m_replicas.remove(replica);
    m_weights[raw(replica)] = 0;
    m_checkedUp[raw(replica)] = false;
    m_sticky->removed(replica);
    changed();
}

ReplicaIndex Dispatcher::add(const ReplicaView& replica)
{
    const ReplicaIndex index = m_replicas.add(replica);
    m_checkedUp.push_back(replica.up);
    m_weights.push_back(replica.weight);
    if (m_slowStart > Duration::zero())
        m_replicas.setWeight(index, replica.weight * warmUpSteps);
    m_passive.add();
    m_sticky->added(replica);
    changed();
    return index;
}

} // namespace stickyscope
