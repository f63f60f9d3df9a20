// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <array>
#include <string_view>

// What products let people say of their algorithms, each read by the algorithm itself.
namespace stickyscope::algorithm_settings {

inline constexpr std::array<std::string_view, 2> hashTypes {"map-based", "consistent"};

inline constexpr Setting draws {
    "draws", Setting::Type::whole, "How many servers random draws.", "2", 1, 1000};
inline constexpr Setting hashType {"hash-type",
                                   Setting::Type::choice,
                                   "map-based: most keys move with any change; consistent: few do.",
                                   "map-based",
                                   0,
                                   0,
                                   hashTypes};
inline constexpr Setting hashBalanceFactor {
    "hash-balance-factor",
    Setting::Type::whole,
    "No server takes more than so many hundredths of the mean; 0: any number.",
    "0",
    0,
    65535};
inline constexpr std::array<std::string_view, 4> hashFunctions {"sdbm", "djb2", "wt6", "crc32"};
inline constexpr Setting hashFunction {
    "hash-function", Setting::Type::choice, "Of hash and source.", "sdbm", 0, 0, hashFunctions};
inline constexpr Setting avalanche {"avalanche", Setting::Type::flag,
                                    "Whether the hash's bits are mixed once more; unsaid, where it "
                                    "is consistent and no function is named.",
                                    "it depends"};
inline constexpr Setting choiceCount {
    "choice-count", Setting::Type::whole, "How many servers least_request draws.", "2", 2, 1000};
inline constexpr Setting activeRequestBias {
    "active-request-bias",
    Setting::Type::number,
    "How much requests in flight count for least_request with unequal weights.",
    "1",
    0,
    100};
inline constexpr Setting fullScan {"full-scan", Setting::Type::flag,
                                   "least_request looks at all servers."};
inline constexpr Setting inflight {
    "inflight", Setting::Type::flag,
    "least_time counts how long the requests in flight have taken so far."};
inline constexpr Setting maximumRingSize {
    "maximum-ring-size", Setting::Type::whole, "Of ring_hash.", "8388608", 1, 8'388'608};
inline constexpr Setting minimumRingSize {
    "minimum-ring-size", Setting::Type::whole, "Of ring_hash.", "1024", 1, 8'388'608};
inline constexpr Setting choose {
    "choose", Setting::Type::whole, "How many servers random_choose draws.", "2", 2, 1000};

/// The same setting in other words.
constexpr Setting said(Setting setting, std::string_view explanation)
{
    setting.explanation = explanation;
    return setting;
}

} // namespace stickyscope::algorithm_settings
