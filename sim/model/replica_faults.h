// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/intervention.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace stickyscope {

/// A figure that a fault is described by, as files and people know it.
struct FaultSetting
{
    enum class Field : std::uint8_t
    {
        lasts,
        time,
        jitter,
        amount,
        status
    };
    enum class Type : std::uint8_t
    {
        time, ///< least and most are nanoseconds
        whole,
        share, ///< 0 to 1, kept in millionths
        factor, ///< kept in thousandths
    };

    std::string_view key;
    Field field = Field::lasts;
    Type type = Type::time;
    std::int64_t least = 0; ///< as it is kept
    std::int64_t most = 0;
    bool required = false;
    std::int64_t usual = 0; ///< as it is kept
    /// What shows the fault well, as it is kept: where a menu begins.
    std::int64_t suggested = usual;
};

/// All of it, as a share is kept.
constexpr std::int64_t wholeShare = 1'000'000;

/// How many of what is kept are one: 1,000,000 for a share, 1,000 for a factor.
constexpr double faultUnit(FaultSetting::Type type)
{
    return type == FaultSetting::Type::share ? wholeShare
        : type == FaultSetting::Type::factor ? 1e3
                                             : 1;
}

/// Something that can be wrong with a replica: one row, from which files are read and written, the
/// schema's test and the documents' table are made, and menus can be.
struct ReplicaFault
{
    Intervention::Kind kind {}; ///< its name is the key in files
    std::string_view title; ///< as people say it: what a server has, or is
    std::string_view explanation; ///< one sentence: what it does
    std::span<const FaultSetting> settings;
    bool fromBeginning = true; ///< may stand in a replica's `faults`
};

std::span<const ReplicaFault> replicaFaults();
/// Null where the kind is no fault.
const ReplicaFault* findFault(Intervention::Kind kind);

std::int64_t valueOf(const Intervention& intervention, FaultSetting::Field field);
void setValue(Intervention& intervention, FaultSetting::Field field, std::int64_t value);
/// One of this kind with what is usual.
Intervention usualFault(const ReplicaFault& fault);
/// One of this kind with what is suggested.
Intervention suggestedFault(const ReplicaFault& fault);

/// A `mend` that ends this fault alone. It has the fault's number as its status.
Intervention endOf(Intervention::Kind fault, ReplicaIndex replica);
/// Which fault alone a `mend` ends; absent where it ends all.
std::optional<Intervention::Kind> onlyFault(const Intervention& mend);

} // namespace stickyscope
