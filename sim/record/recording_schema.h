// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/intervention.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The tables of a recording, as docs/observations.md describes them for people.
namespace stickyscope::record {

/// Counts up whenever a program that reads the format before would misread a file.
inline constexpr std::uint32_t recordingFormat = 2;
/// SQLite's application_id: "Styk".
inline constexpr std::uint32_t recordingApplication = 0x5374796b;

/// What an intervention has beside its subject, by name: "balancer", "from", "status", "lasts",
/// "time", "jitter", "amount".
struct InterventionSetting
{
    std::string_view name;
    std::int64_t (*get)(const Intervention&);
    void (*set)(Intervention&, std::int64_t);
    std::int64_t most; ///< the least is 0
};
std::span<const InterventionSetting> interventionSettings();

struct Table
{
    std::string_view name;
    std::string_view sql; ///< exactly as SQLite keeps it, so that a reader can compare
    std::uint32_t since = 1; ///< the format that has it first
};
std::span<const Table> recordingTables();
/// Observations with words in the place of numbers, for reading by hand.
std::string_view readableView();

/// What a number in a column means.
struct Word
{
    std::string_view field;
    std::size_t number;
    std::string_view word;
};
std::vector<Word> recordingWords();

} // namespace stickyscope::record
