// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <type_traits>

namespace stickyscope {

/// Numbers that name things within one experiment. Each is a type of its own, so that a client's
/// number can never be given where a replica's is meant. None is used again in an experiment.
enum class ReplicaIndex : std::uint16_t
{
};
enum class ClientIndex : std::uint32_t
{
};
enum class LaneIndex : std::uint8_t
{
};
/// A text in the experiment's TextTable; 0 is the empty text.
enum class TextId : std::uint32_t
{
};

inline constexpr ReplicaIndex noReplica {0xffff};
inline constexpr ClientIndex noClient {0xffffffff};
inline constexpr TextId noText {0};

/// The plain number behind an index, for use as a subscript.
template <typename Index>
constexpr std::underlying_type_t<Index> raw(Index index)
{
    return static_cast<std::underlying_type_t<Index>>(index);
}

} // namespace stickyscope
