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

// Weights are whole: the parts of one need as many times as much.
constexpr int warmUpSteps = 20;
constexpr int mostWeight = 1000;

Dispatcher::Dispatcher(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance)
    : m_spec(spec)
    , m_product(findProduct(spec.product))
    , m_replicas(std::move(replicas))
    , m_passive(m_product->passive ? m_product->passive(spec) : PassiveCheck {}, m_replicas.size())
    , m_limits(m_product->limit ? m_product->limit(spec) : ServerLimit {}, m_replicas.size())
    , m_oneBackup(m_product->oneBackup && m_product->oneBackup(spec))
    , m_circuit(m_product->circuit ? m_product->circuit(spec) : CircuitBreaking {})
    , m_slowStart(m_product->slowStart ? m_product->slowStart(spec) : SlowStart {})
    , m_hashKey(m_product->hashKey ? m_product->hashKey(spec) : HashKey {})
{
    assert(m_product);
    if (m_limits.rule().queues) {
        m_whenFull = findAlgorithm(*m_product, spec.algorithm)->whenFull;
        m_whenBackupFull = findAlgorithm(*m_product, spec.algorithm)->whenBackupFull;
    }
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        m_checkedUp.push_back(m_replicas[replica].up);
        m_weights.push_back(m_replicas[replica].weight);
        if (m_slowStart.window > Duration::zero())
            m_replicas.setWeight(replica, m_weights.back() * warmUpSteps);
    }
    for (std::size_t place = 0; m_limits.isThere() && place < m_replicas.size(); ++place)
        markFull(static_cast<ReplicaIndex>(place));
    holdBack();
    m_sticky = makeSticky(*m_product, spec, m_replicas);
    m_sticky->begins(chance, m_replicas);
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
    for (std::size_t place = 0; m_slowStart.fromBeginning && place < m_replicas.size(); ++place)
        comesUp(static_cast<ReplicaIndex>(place), {});
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
    , m_whenBackupFull(other.m_whenBackupFull)
    , m_oneBackup(other.m_oneBackup)
    , m_circuit(other.m_circuit)
    , m_slowStart(other.m_slowStart)
    , m_warming(other.m_warming)
    , m_weights(other.m_weights)
    , m_checkedUp(other.m_checkedUp)
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
        for (const ServerLimits::Ticket ticket : m_limits.waiting())
            waitsNoMore(ticket);
        return true;
    }
    Dispatcher fresh(spec, configured(), chance);
    if (sameCookie && m_sticky->survivesReload())
        fresh.m_sticky = std::move(m_sticky);
    fresh.m_stickyVersion = fresh.m_sticky->version();
    fresh.m_lost = std::move(m_lost);
    *this = std::move(fresh);
    return false;
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
    const OnFailure next = m_product->failed(m_spec, attempt);
    if (next.action == OnFailure::Action::giveUp || attempt.retried || !m_circuit.isThere())
        return next;
    if (const Refusal* refusal = m_circuit.refusesRetry())
        return {
            .action = OnFailure::Action::giveUp, .status = refusal->status, .rule = refusal->rule};
    return next;
}

OnFailure Dispatcher::foundNone(const Decision& decision, const Attempt& attempt) const
{
    const OnFailure next =
        m_product->looksAgain ? m_product->failed(m_spec, attempt) : OnFailure {};
    if (next.action == OnFailure::Action::anew)
        return next;
    return {.action = OnFailure::Action::giveUp, .status = decision.status, .rule = decision.rule};
}

std::optional<ReplicaIndex> Dispatcher::takeBackDue(Instant now, const Recall& recall)
{
    const auto replica = m_passive.takeBack(now, [&](ReplicaIndex one) {
        const bool looksAtAll = !recall.bound && recall.status == 0;
        return looksAtAll || m_sticky->asks(recall, one, m_replicas);
    });
    if (!replica)
        return replica;
    refresh(*replica);
    if (m_slowStart.afterPassive && m_replicas[*replica].up)
        comesUp(*replica, now);
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

// Those of its own zone come first, then those elsewhere, then the backups, all or one by one.
std::size_t Dispatcher::levelOf(ReplicaIndex replica) const
{
    const ReplicaView& view = m_replicas[replica];
    if (view.backup)
        return m_oneBackup ? 2 + raw(replica) : 2;
    const bool near =
        m_spec.zones.empty() || view.zone.empty() || view.zone == m_spec.zones.front();
    return near ? 0 : 1;
}

void Dispatcher::holdBack()
{
    std::size_t best = m_replicas.size() + 2;
    // Where requests wait, they wait for those in front, and not for backups.
    const bool passedOver = !m_limits.rule().queues;
    const ReplicaIndex spares = firstIdleSpare();
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const ReplicaView& view = m_replicas[replica];
        if (view.isServer() && !(passedOver && view.full) && !(view.spare && replica >= spares))
            best = std::min(best, levelOf(replica));
    }
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const bool idle = m_replicas[replica].spare && replica >= spares;
        const bool held = idle || levelOf(replica) > best;
        if (held != m_replicas[replica].heldBack)
            m_replicas.setHeldBack(replica, held);
    }
}

// Of the spares that are there, as many are called as others are missing, in their order; this
// one and those behind it are not.
ReplicaIndex Dispatcher::firstIdleSpare() const
{
    std::ptrdiff_t missing =
        std::count_if(m_replicas.begin(), m_replicas.end(), [](const ReplicaView& view) {
            return !view.spare && !view.backup && !view.isServer() && !view.url.empty();
        });
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const ReplicaView& view = m_replicas[replica];
        if (view.spare && view.isServer() && missing-- == 0)
            return replica;
    }
    return noReplica;
}

void Dispatcher::comesUp(ReplicaIndex replica, Instant now)
{
    if (m_slowStart.window == Duration::zero())
        return;
    std::erase_if(m_warming, [replica](const Warming& one) { return one.replica == replica; });
    m_warming.push_back({replica, now});
    warmUp(now);
}

void Dispatcher::warmUp(Instant now)
{
    const int least = std::max(1, warmUpSteps * m_slowStart.least / 100);
    bool anyChanged = false;
    std::erase_if(m_warming, [&](const Warming& one) {
        const auto passed = std::min(now - one.since, m_slowStart.window);
        const auto nearest =
            (2 * warmUpSteps * passed + m_slowStart.window) / (2 * m_slowStart.window);
        const int step = std::max(least, static_cast<int>(nearest));
        const int weight = m_weights[raw(one.replica)] * step;
        if (weight != m_replicas[one.replica].weight) {
            m_replicas.setWeight(one.replica, weight);
            anyChanged = true;
        }
        return step >= warmUpSteps;
    });
    if (anyChanged)
        m_policy->topologyChanged(m_replicas);
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
    m_checkedUp[raw(replica)] = false;
    m_sticky->removed(replica);
    changed();
}

ReplicaIndex Dispatcher::add(const ReplicaView& replica)
{
    const ReplicaIndex index = m_replicas.add(replica);
    m_checkedUp.push_back(replica.up);
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
