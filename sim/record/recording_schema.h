// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The tables of a recording, as docs/observations.md describes them for people.
namespace stickyscope::record {

/// Counts up whenever a program that reads the format before would misread a file.
inline constexpr std::uint32_t recordingFormat = 1;
/// SQLite's application_id: "Styk".
inline constexpr std::uint32_t recordingApplication = 0x5374796b;

struct Table
{
    std::string_view name;
    std::string_view sql; ///< exactly as SQLite keeps it, so that a reader can compare
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
