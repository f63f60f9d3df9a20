// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/replica_faults.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace stickyscope {

namespace {

using Field = FaultSetting::Field;
using Type = FaultSetting::Type;
using Kind = Intervention::Kind;

constexpr std::int64_t year = Duration(std::chrono::hours(24 * 365)).count();
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1000 * millisecond;

constexpr FaultSetting lasts {"for", Field::lasts, Type::time, 0, year};
constexpr FaultSetting mustLast {"for", Field::lasts, Type::time, 1, year, true, 0, 10 * second};
constexpr FaultSetting share {"share",    Field::amount, Type::share, 0,
                              wholeShare, false,         wholeShare};

constexpr std::array latencySettings {
    FaultSetting {"add", Field::time, Type::time, 0, year, true, 0, second},
    FaultSetting {"jitter", Field::jitter, Type::time, 0, year, false, 0, 200 * millisecond},
    lasts};
constexpr std::array bandwidthSettings {
    FaultSetting {"octets-per-second", Field::amount, Type::whole, 1, 1'000'000'000, true, 0, 5000},
    lasts};
constexpr std::array lastingSettings {lasts};
constexpr std::array resetSettings {share, lasts};
constexpr std::array limitSettings {
    FaultSetting {"octets", Field::amount, Type::whole, 0, 1'000'000'000, true, 0, 1000}, lasts};
constexpr std::array slicerSettings {
    FaultSetting {"octets", Field::amount, Type::whole, 1, 1'000'000'000, true, 0, 2000},
    FaultSetting {"pause", Field::time, Type::time, 1, year, true, 0, 100 * millisecond}, lasts};
constexpr std::array slowCloseSettings {
    FaultSetting {"delay", Field::time, Type::time, 1, year, true, 0, 500 * millisecond}, lasts};
constexpr std::array slowStartSettings {
    FaultSetting {"times", Field::amount, Type::factor, 1000, 1'000'000, true, 0, 5000}, mustLast};
constexpr std::array errorSettings {
    share, FaultSetting {"status", Field::status, Type::whole, 400, 599, false, 500}, lasts};
constexpr std::array crashSettings {mustLast};
constexpr std::array floodSettings {
    FaultSetting {"connections", Field::amount, Type::whole, 1, 1'000'000'000, true, 0, 1000},
    lasts};

constexpr std::array<ReplicaFault, 12> faults {{
    {Kind::latency, "Latency",
     "Each request takes `add` longer, by `jitter` less or more; it holds its slot all the while.",
     latencySettings},
    {Kind::bandwidth, "Narrow bandwidth",
     "An answer takes its size divided by this rate longer, and holds its slot all the while.",
     bandwidthSettings},
    {Kind::blackHole, "Black hole",
     "What is sent to it is never answered: the balancer waits as long as it waits, and what then "
     "still hangs is reset when the fault ends.",
     lastingSettings},
    {Kind::reset, "Resets", "It closes the connection in the place of an answer.", resetSettings},
    {Kind::limitData, "Cut answers",
     "An answer larger than this is cut: the client has its head and cookies, and not all of its "
     "body.",
     limitSettings},
    {Kind::slicer, "Slices",
     "An answer comes in pieces of `octets`, `pause` apart, and ends as much later; its slot is "
     "free when the first of them goes out.",
     slicerSettings},
    {Kind::slowClose, "Slow close",
     "An answer does not say how long it is, and the connection is closed `delay` after it: who "
     "waits for its end waits as long.",
     slowCloseSettings},
    {Kind::pause, "Paused",
     "It serves nothing and keeps its connections; what it had begun goes on when it resumes.",
     lastingSettings},
    {Kind::slowStart, "Slow start",
     "After a start its service time is `times` the usual one, and falls to it linearly.",
     slowStartSettings},
    {Kind::errors, "Error answers", "It answers with an error of its own, and checks find it well.",
     errorSettings},
    {Kind::crash, "Crash and restart",
     "It stops, and starts again, with an empty memory, after this time.", crashSettings, false},
    {Kind::flood, "Flooded",
     "Idle connections take the places of its queue, and then its slots: who finds none is "
     "refused.",
     floodSettings},
}};

} // namespace

std::span<const ReplicaFault> replicaFaults()
{
    return faults;
}

const ReplicaFault* findFault(Kind kind)
{
    const auto* const found = std::find_if(
        faults.begin(), faults.end(), [kind](const ReplicaFault& row) { return row.kind == kind; });
    return found == faults.end() ? nullptr : found;
}

std::int64_t valueOf(const Intervention& intervention, Field field)
{
    switch (field) {
    case Field::lasts:
        return intervention.lasts.count();
    case Field::time:
        return intervention.time.count();
    case Field::jitter:
        return intervention.jitter.count();
    case Field::amount:
        return intervention.amount;
    case Field::status:
        return intervention.status;
    }
    return 0;
}

void setValue(Intervention& intervention, Field field, std::int64_t value)
{
    switch (field) {
    case Field::lasts:
        intervention.lasts = Duration {value};
        return;
    case Field::time:
        intervention.time = Duration {value};
        return;
    case Field::jitter:
        intervention.jitter = Duration {value};
        return;
    case Field::amount:
        intervention.amount = value;
        return;
    case Field::status:
        intervention.status = static_cast<std::uint16_t>(value);
        return;
    }
}

Intervention usualFault(const ReplicaFault& fault)
{
    Intervention intervention {.kind = fault.kind};
    for (const FaultSetting& setting : fault.settings)
        setValue(intervention, setting.field, setting.usual);
    return intervention;
}

Intervention suggestedFault(const ReplicaFault& fault)
{
    Intervention intervention {.kind = fault.kind};
    for (const FaultSetting& setting : fault.settings)
        setValue(intervention, setting.field, setting.suggested);
    return intervention;
}

Intervention endOf(Kind fault, ReplicaIndex replica)
{
    return {.kind = Kind::mend, .replica = replica, .status = static_cast<std::uint16_t>(fault)};
}

std::optional<Kind> onlyFault(const Intervention& mend)
{
    // The first kind is no fault.
    return mend.status == 0 ? std::nullopt : std::optional(static_cast<Kind>(mend.status));
}

} // namespace stickyscope
