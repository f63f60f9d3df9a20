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

// The same servers, all but the canary's held back.
ReplicaSet canarys(ReplicaSet replicas)
{
    for (std::size_t place = 0; place < replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        replicas.setHeldBack(replica, !replicas[replica].canary);
    }
    return replicas;
}

} // namespace

constexpr int mostWeight = 1000;

Dispatcher::Dispatcher(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance)
    : m_spec(spec)
    , m_product(findProduct(spec.product))
    , m_chance(chance)
    , m_replicas(std::move(replicas))
    , m_passive(m_product->passive ? m_product->passive(spec) : PassiveCheck {}, m_replicas.size())
    , m_limits(m_product->limit ? m_product->limit(spec) : ServerLimit {}, m_replicas.size())
    , m_oneBackup(m_product->oneBackup && m_product->oneBackup(spec))
    , m_circuit(m_product->circuit ? m_product->circuit(spec) : CircuitBreaking {})
    , m_slowStart(m_product->slowStart ? m_product->slowStart(spec) : SlowStart {})
    , m_failOpen(m_product->failOpen ? m_product->failOpen(spec) : FailOpen {})
    , m_hashKey(m_product->hashKey ? m_product->hashKey(spec) : HashKey {})
{
    assert(m_product);
    if (m_limits.rule().queues) {
        m_whenFull = findAlgorithm(*m_product, spec.algorithm)->whenFull;
        m_whenBackupFull = findAlgorithm(*m_product, spec.algorithm)->whenBackupFull;
    }
    setHealth();
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        m_there.push_back(m_replicas[replica].up);
        if (m_replicas[replica].url.empty())
            m_passive.remove(replica);
        m_weights.push_back(m_replicas[replica].weight);
        if (m_slowStart.window > Duration::zero())
            m_replicas.setWeight(replica, m_weights.back() * warmUpSteps);
    }
    for (std::size_t place = 0; m_limits.isThere() && place < m_replicas.size(); ++place)
        markFull(static_cast<ReplicaIndex>(place));
    failOpen();
    holdBack();
    m_sticky = makeSticky(*m_product, spec, m_replicas);
    m_sticky->begins(chance, m_replicas);
    const Algorithm& algorithm = algorithmOf(*m_product, spec);
    m_policy = algorithm.make(m_replicas, chance, spec.settings);
    setCanaryApart();
    m_hasCookie = spec.sticky && m_product->hasCookie();
    m_hashes = algorithm.hashes;
    m_namesClients = m_sticky->namesClients();
    // A cookie that names clients is hashed, whatever else could be.
    if (m_namesClients)
        m_hashKey = {};
    m_renames = m_sticky->renames();
    m_looksAtSource = m_sticky->looksAtSource();
    for (std::size_t place = 0; m_slowStart.fromBeginning && place < m_replicas.size(); ++place)
        comesUp(static_cast<ReplicaIndex>(place), {});
}

Dispatcher::Dispatcher(const Dispatcher& other)
    : m_spec(other.m_spec)
    , m_product(other.m_product)
    , m_chance(other.m_chance)
    , m_replicas(other.m_replicas)
    , m_sticky(other.m_sticky->clone())
    , m_policy(other.m_policy->clone())
    , m_canary(other.m_canary
                   ? std::optional(Part {other.m_canary->replicas, other.m_canary->policy->clone()})
                   : std::nullopt)
    , m_passive(other.m_passive)
    , m_limits(other.m_limits)
    , m_whenFull(other.m_whenFull)
    , m_whenBackupFull(other.m_whenBackupFull)
    , m_oneBackup(other.m_oneBackup)
    , m_circuit(other.m_circuit)
    , m_slowStart(other.m_slowStart)
    , m_failOpen(other.m_failOpen)
    , m_warming(other.m_warming)
    , m_weights(other.m_weights)
    , m_there(other.m_there)
    , m_health(other.m_health)
    , m_stuck(other.m_stuck)
    , m_lost(other.m_lost)
    , m_stickyVersion(other.m_stickyVersion)
    , m_hasCookie(other.m_hasCookie)
    , m_hashKey(other.m_hashKey)
    , m_hashes(other.m_hashes)
    , m_namesClients(other.m_namesClients)
    , m_renames(other.m_renames)
    , m_looksAtSource(other.m_looksAtSource)
{
}

bool Dispatcher::reload(const BalancerSpec& spec, const Chance& chance)
{
    const bool sameCookie = m_spec.sticky == spec.sticky && m_spec.product == spec.product;
    const bool samePicks = sameCookie && m_spec.algorithm == spec.algorithm
        && m_spec.settings == spec.settings && m_product->reloadKeepsPicks
        && m_product->reloadKeepsPicks(spec);
    if (samePicks) {
        m_spec = spec;
        setHealth();
        refreshAll();
        for (const ServerLimits::Ticket ticket : m_limits.waiting())
            waitsNoMore(ticket);
        return true;
    }
    Dispatcher fresh = successor(spec, chance);
    if (sameCookie && m_sticky->survivesReload())
        fresh.m_sticky = std::move(m_sticky);
    fresh.m_stickyVersion = fresh.m_sticky->version();
    fresh.m_lost = std::move(m_lost);
    *this = std::move(fresh);
    return false;
}

Dispatcher Dispatcher::successor(const BalancerSpec& spec, const Chance& chance) const
{
    return {spec, configured(), chance};
}

ReplicaSet Dispatcher::configured() const
{
    ReplicaSet servers;
    for (ReplicaView replica : m_replicas) {
        replica.weight = m_weights[servers.size()];
        replica.full = false;
        replica.up = m_there[servers.size()];
        servers.add(std::move(replica));
    }
    return servers;
}

void Dispatcher::setCanaryApart()
{
    const bool isThere = m_product->canary
        && std::any_of(m_replicas.begin(), m_replicas.end(),
                       [](const ReplicaView& replica) { return replica.canary; });
    if (!isThere)
        return;
    ReplicaSet its = canarys(m_replicas);
    if (m_canary) {
        m_canary->replicas = std::move(its);
        m_canary->policy->topologyChanged(m_canary->replicas);
        return;
    }
    const Algorithm* own =
        m_product->canaryAlgorithm ? findAlgorithm(m_product->canaryAlgorithm(m_spec)) : nullptr;
    const Algorithm& algorithm = own ? *own : algorithmOf(*m_product, m_spec);
    auto policy = algorithm.make(its, m_chance, m_spec.settings);
    m_canary.emplace(Part {std::move(its), std::move(policy)});
}

void Dispatcher::setDraining(ReplicaIndex replica, bool draining)
{
    m_replicas.setDraining(replica, draining);
    changed();
}

// One that warms up has its part of it when the next request is placed.
void Dispatcher::setWeight(ReplicaIndex replica, int weight)
{
    if (m_replicas[replica].url.empty())
        return;
    m_weights[raw(replica)] = std::clamp(weight, 0, mostWeight);
    const int steps = m_slowStart.window > Duration::zero() ? warmUpSteps : 1;
    m_replicas.setWeight(replica, m_weights[raw(replica)] * steps);
    changed();
}

void Dispatcher::remove(ReplicaIndex replica)
{
    m_replicas.remove(replica);
    m_weights[raw(replica)] = 0;
    std::erase_if(m_warming, [replica](const Warming& one) { return one.replica == replica; });
    m_there[raw(replica)] = false;
    m_passive.remove(replica);
    m_sticky->removed(replica);
    changed();
    // Where one is left, its failures may not count any more.
    refreshAll();
}

ReplicaIndex Dispatcher::add(const ReplicaView& replica)
{
    const ReplicaIndex index = m_replicas.add(replica);
    m_there.push_back(replica.up);
    if (m_health)
        m_health->add();
    m_weights.push_back(replica.weight);
    if (m_slowStart.window > Duration::zero())
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
