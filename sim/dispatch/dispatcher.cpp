// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/dispatcher.h"

#include "sim/balance/algorithms.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace stickyscope {

namespace {

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
    , m_limits(m_product->limit ? m_product->limit(spec) : ServerLimit {}, m_replicas.size())
    , m_whenFull(m_limits.rule().queues ? findAlgorithm(*m_product, spec.algorithm)->whenFull
                                        : WhenFull::passesOver)
    , m_circuit(m_product->circuit ? m_product->circuit(spec) : CircuitBreaking {})
    , m_circuitStatus(m_product->circuit ? m_product->circuit(spec).status : 0)
    , m_slowStart(m_product->slowStart ? m_product->slowStart(spec) : Duration {})
    , m_hashKey(m_product->hashKey ? m_product->hashKey(spec) : HashKey {})
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
    for (std::size_t place = 0; m_limits.isThere() && place < m_replicas.size(); ++place)
        markFull(static_cast<ReplicaIndex>(place));
    holdBack();
    m_sticky = makeSticky(*m_product, spec, m_replicas);
    const Algorithm& algorithm = algorithmOf(*m_product, spec);
    m_policy = algorithm.make(m_replicas, chance, spec.settings);
    m_hasCookie = spec.sticky && m_product->hasCookie();
    m_hashes = algorithm.hashes;
    m_namesClients = m_sticky->namesClients();
    // A cookie that names clients is hashed, whatever else could be.
    if (m_namesClients)
        m_hashKey = {};
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
    , m_limits(other.m_limits)
    , m_whenFull(other.m_whenFull)
    , m_circuit(other.m_circuit)
    , m_circuitStatus(other.m_circuitStatus)
    , m_slowStart(other.m_slowStart)
    , m_weights(other.m_weights)
    , m_checkedUp(other.m_checkedUp)
    , m_stickyVersion(other.m_stickyVersion)
    , m_hasCookie(other.m_hasCookie)
    , m_hashKey(other.m_hashKey)
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
        for (const ServerLimits::Ticket ticket : m_limits.waiting())
            waitsNoMore(ticket);
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
        replica.full = false;
        replica.up = !replica.url.empty();
        servers.add(std::move(replica));
    }
    return servers;
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
    if (m_limits.isThere())
        markFull(replica);
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
    // Where requests wait, they wait for those in front, and not for backups.
    const bool passedOver = !m_limits.rule().queues;
    for (const ReplicaView& replica : m_replicas) {
        if (replica.isServer() && !(passedOver && replica.full))
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
    m_limits.add();
    m_sticky->added(replica);
    if (m_limits.isThere())
        markFull(index);
    changed();
    return index;
}

} // namespace stickyscope
