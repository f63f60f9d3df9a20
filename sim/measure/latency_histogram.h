// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"
#include "sim/model/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace stickyscope {

/// Counts of durations in buckets that are at most 0.1 % wide (the layout of HdrHistogram with
/// three digits, one microsecond fine). Histograms add up, and grow only as far as needed.
class LatencyHistogram
{
public:
    void add(Duration latency);
    void merge(const LatencyHistogram& other);
    Count count() const { return m_count; }
    /// The duration that `share` (0 to 1) of the counted ones do not exceed; 0 where none is.
    Duration percentile(double share) const;
    std::optional<LatencyResult> result() const;

private:
    static constexpr unsigned precision = 10; ///< bits below the leading one

    static std::size_t bucketOf(std::uint64_t microseconds);
    static std::uint64_t middleOf(std::size_t bucket);

    std::vector<Count> m_buckets;
    Count m_count = 0;
    Duration m_sum {};
};

} // namespace stickyscope
