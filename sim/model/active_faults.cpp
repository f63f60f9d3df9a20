// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/active_faults.h"

#include "sim/model/replica_faults.h"

#include <algorithm>
#include <chrono>

namespace stickyscope {

namespace {

using Kind = Intervention::Kind;

// From `times` the usual at its beginning to the usual at its end.
Duration warmingUp(Duration usual, const ActiveFaults::Active& slow, Instant now)
{
    const double left = 1
        - static_cast<double>((now - slow.since).count())
            / static_cast<double>(slow.fault.lasts.count());
    const double times = static_cast<double>(slow.fault.amount) / 1e3;
    return Duration {static_cast<Duration::rep>(static_cast<double>(usual.count())
                                                * (1 + (times - 1) * std::max(left, 0.0)))};
}

} // namespace

const ActiveFaults::Active& ActiveFaults::begin(const Intervention& fault, Instant now)
{
    end(fault.kind);
    Active& one = m_active.emplace_back();
    one.fault = fault;
    one.since = now;
    if (fault.lasts > Duration::zero())
        one.until = now + fault.lasts;
    one.number = ++m_begun;
    return one;
}

bool ActiveFaults::end(Kind kind)
{
    return std::erase_if(m_active, [kind](const Active& one) { return one.fault.kind == kind; })
        > 0;
}

const ActiveFaults::Active* ActiveFaults::find(Kind kind) const
{
    const auto found = std::find_if(m_active.begin(), m_active.end(),
                                    [kind](const Active& one) { return one.fault.kind == kind; });
    return found == m_active.end() ? nullptr : &*found;
}

const Intervention* ActiveFaults::fault(Kind kind) const
{
    const Active* found = find(kind);
    return found ? &found->fault : nullptr;
}

std::optional<Kind> ActiveFaults::kindOf(std::uint32_t number) const
{
    const auto found = std::find_if(m_active.begin(), m_active.end(),
                                    [number](const Active& one) { return one.number == number; });
    return found == m_active.end() ? std::nullopt : std::optional(found->fault.kind);
}

std::optional<ActiveFaults::Active> ActiveFaults::dueBy(Instant now) const
{
    const auto first =
        std::min_element(m_active.begin(), m_active.end(),
                         [](const Active& a, const Active& b) { return a.until < b.until; });
    return first == m_active.end() || first->until > now ? std::nullopt : std::optional(*first);
}

std::vector<Intervention> ActiveFaults::of(ReplicaIndex replica) const
{
    std::vector<Intervention> faults;
    faults.reserve(m_active.size());
    for (const Active& one : m_active) {
        faults.push_back(one.fault);
        faults.back().replica = replica;
    }
    return faults;
}

Duration ActiveFaults::demand(Duration usual, Instant now, Draw luck, int answerSize) const
{
    Duration demand = usual;
    if (const Active* slow = find(Kind::slowStart))
        demand = warmingUp(demand, *slow, now);
    if (const Intervention* latency = fault(Kind::latency)) {
        luck(); // the first is for what strikes only some
        const double swing = 2 * luck.unit() - 1;
        const Duration jitter {
            static_cast<Duration::rep>(swing * static_cast<double>(latency->jitter.count()))};
        demand += std::max(latency->time + jitter, Duration::zero());
    }
    if (const Intervention* narrow = fault(Kind::bandwidth))
        demand += Duration {std::chrono::seconds(1)} * answerSize / narrow->amount;
    return demand;
}

Duration ActiveFaults::tail(int answerSize) const
{
    Duration tail {};
    if (const Intervention* slicer = fault(Kind::slicer); slicer && answerSize > 0)
        tail += (answerSize - 1) / slicer->amount * slicer->time;
    if (const Intervention* slow = fault(Kind::slowClose))
        tail += slow->time;
    return tail;
}

std::int64_t ActiveFaults::passes(int answerSize) const
{
    const Intervention* const limit = fault(Kind::limitData);
    return limit ? std::min<std::int64_t>(answerSize, limit->amount) : answerSize;
}

bool ActiveFaults::strikes(Kind kind, Draw luck) const
{
    const Intervention* const fault = this->fault(kind);
    return fault
        && static_cast<std::int64_t>(luck.below(static_cast<std::uint32_t>(wholeShare)))
        < fault->amount;
}

bool ActiveFaults::failsChecks() const
{
    const Intervention* const reset = fault(Kind::reset);
    return find(Kind::blackHole) || find(Kind::pause) || (reset && reset->amount == wholeShare);
}

RoomLeft roomBeside(std::int64_t idleConnections, std::size_t slotCount, std::size_t queue)
{
    const auto idle = static_cast<std::size_t>(idleConnections);
    const std::size_t queued = std::min(idle, queue);
    return {slotCount - std::min(slotCount, idle - queued), queue - queued};
}

} // namespace stickyscope
