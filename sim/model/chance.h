// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/instant.h"

#include <Random123/philox.h>
#include <array>
#include <cstdint>
#include <limits>

namespace stickyscope {

/// What a draw is for. Part of its key, so that one purpose never disturbs another.
enum class Purpose : std::uint32_t
{
    thinkTime,
    serviceTime,
    balancerChoice,
    balancerStart,
    connectionLifetime,
    firstMoment,
    liveOrder,
    liveGap,
    balancerInstance,
    replicaFault,
    balancerKey,
};

/// One draw: a uniform random bit generator whose numbers depend on its key alone.
/// Philox 4x32-7 (Salmon et al., 2011), counter-based: no state is shared between draws. Seven
/// rounds are the fewest that pass BigCrush there; the usual ten cost a tenth of a whole run.
class Draw
{
public:
    using result_type = std::uint64_t;

    Draw(std::uint64_t seed, std::uint32_t who, std::uint32_t ordinal, std::uint32_t attempt,
         Purpose purpose)
        : m_counter {{who, ordinal, (attempt << 8U) | static_cast<std::uint32_t>(purpose), 0}}
        , m_key {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}}
    {
    }

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    result_type operator()()
    {
        if (m_left == 0) {
            const auto block = r123::Philox4x32_R<7>()(m_counter, m_key);
            ++m_counter[3];
            m_words = {(std::uint64_t {block[1]} << 32U) | block[0],
                       (std::uint64_t {block[3]} << 32U) | block[2]};
            m_left = 2;
        }
        return m_words[--m_left];
    }

    /// A whole number from 0 to `bound - 1`, each as likely (Lemire's method, 2019, without the
    /// rejection: the bias is below bound / 2^64). `bound` must not be 0.
    std::uint32_t below(std::uint32_t bound)
    {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint32_t>((Wide {(*this)()} * bound) >> 64U);
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    double unit() { return static_cast<double>((*this)() >> 11U) * 0x1p-53; }

private:
    r123::Philox4x32_R<7>::ctr_type m_counter;
    r123::Philox4x32_R<7>::key_type m_key;
    std::array<std::uint64_t, 2> m_words {};
    unsigned m_left = 0;
};

/// The luck of an experiment. A draw belongs to a request (client, ordinal, attempt), not to a
/// lane, so that lanes keep the same luck after they have diverged.
struct Chance
{
    std::uint64_t seed = 1;

    Draw draw(ClientIndex client, std::uint32_t ordinal, Purpose purpose,
              std::uint32_t attempt = 0) const
    {
        return {seed, raw(client), ordinal, attempt, purpose};
    }
};

/// A duration that is drawn, or a fixed one. Rounded to whole nanoseconds at once.
struct Distribution
{
    enum class Shape : std::uint8_t
    {
        constant,
        uniform,
        exponential,
        lognormal
    };

    Shape shape = Shape::constant;
    Duration mean {}; ///< of every shape
    Duration least {}; ///< uniform only
    Duration most {}; ///< uniform only
    Duration p99 {}; ///< lognormal only; above the mean and at most 14 times it

    Duration operator()(Draw& draw) const;

    bool operator==(const Distribution&) const = default;
};

/// The lognormal's standard deviation (of the logarithm) with this mean and 99th percentile; a
/// negative number where there is none, because p99 / mean exceeds exp(z^2 / 2), some 14.97.
double lognormalSigma(Duration mean, Duration p99);

} // namespace stickyscope
