// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/latency_histogram.h"

#include <bit>
#include <cmath>

namespace stickyscope {

std::size_t LatencyHistogram::bucketOf(std::uint64_t microseconds)
{
    const auto width = static_cast<unsigned>(std::bit_width(microseconds));
    if (width <= precision + 1)
        return microseconds;
    const unsigned shift = width - precision - 1;
    return (std::size_t {shift} << precision) + (microseconds >> shift);
}

std::uint64_t LatencyHistogram::middleOf(std::size_t bucket)
{
    const std::size_t shift = bucket < (2U << precision) ? 0 : (bucket >> precision) - 1;
    const std::uint64_t leading = bucket - (shift << precision);
    return (leading << shift) + ((std::uint64_t {1} << shift) / 2);
}

void LatencyHistogram::add(Duration latency)
{
    const auto microseconds = latency.count() / 1000;
    const std::size_t bucket = bucketOf(static_cast<std::uint64_t>(microseconds));
    if (bucket >= m_buckets.size())
        m_buckets.resize(bucket + 1);
    ++m_buckets[bucket];
    ++m_count;
    m_sum += latency;
}

void LatencyHistogram::merge(const LatencyHistogram& other)
{
    if (other.m_buckets.size() > m_buckets.size())
        m_buckets.resize(other.m_buckets.size());
    for (std::size_t bucket = 0; bucket < other.m_buckets.size(); ++bucket)
        m_buckets[bucket] += other.m_buckets[bucket];
    m_count += other.m_count;
    m_sum += other.m_sum;
}

Duration LatencyHistogram::percentile(double share) const
{
    const auto wanted = static_cast<Count>(std::ceil(share * static_cast<double>(m_count)));
    Count seen = 0;
    for (std::size_t bucket = 0; bucket < m_buckets.size(); ++bucket) {
        seen += m_buckets[bucket];
        if (seen >= wanted && seen > 0)
            return std::chrono::microseconds(middleOf(bucket));
    }
    return {};
}

std::optional<LatencyResult> LatencyHistogram::result() const
{
    if (m_count == 0)
        return std::nullopt;
    return LatencyResult {.mean = inMilliseconds(m_sum) / static_cast<double>(m_count),
                          .p50 = inMilliseconds(percentile(0.50)),
                          .p95 = inMilliseconds(percentile(0.95)),
                          .p99 = inMilliseconds(percentile(0.99))};
}

} // namespace stickyscope
