// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/imbalance.h"

#include <algorithm>
#include <cmath>

namespace stickyscope {

std::optional<ImbalanceResult> imbalanceOf(std::span<const Count> requests)
{
    double sum = 0;
    double squares = 0;
    double most = 0;
    for (const Count count : requests) {
        const auto value = static_cast<double>(count);
        sum += value;
        squares += value * value;
        most = std::max(most, value);
    }
    if (sum == 0)
        return std::nullopt;
    const auto size = static_cast<double>(requests.size());
    const double mean = sum / size;
    const double variance = std::max(0.0, squares / size - mean * mean);
    return ImbalanceResult {.busiestOverMean = most / mean,
                            .cv = std::sqrt(variance) / mean,
                            .jain = sum * sum / (size * squares)};
}

} // namespace stickyscope
