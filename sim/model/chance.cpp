// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/chance.h"

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

namespace stickyscope {

namespace {

// The 99 % quantile of the standard normal distribution.
constexpr double z99 = 2.3263478740408408;

Duration rounded(double nanoseconds)
{
    // A drawn time beyond 30 years is a scenario's mistake, not a number to overflow with.
    constexpr double most = 1e18;
    // None is negative, so half of one more rounds as llround() does, without its call.
    return Duration {static_cast<Duration::rep>(nanoseconds < most ? nanoseconds + 0.5 : most)};
}

double count(Duration duration)
{
    return static_cast<double>(duration.count());
}

} // namespace

double lognormalSigma(Duration mean, Duration p99)
{
    // p99 / mean = exp(z s - s^2 / 2), solved for the smaller s.
    const double ratio = std::log(count(p99) / count(mean));
    const double root = z99 * z99 - 2 * ratio;
    return root < 0 || ratio < 0 ? -1 : z99 - std::sqrt(root);
}

Duration Distribution::operator()(Draw& draw) const
{
    switch (shape) {
    case Shape::constant:
        return mean;
    case Shape::uniform:
        return rounded(count(least) + draw.unit() * count(most - least));
    case Shape::exponential:
        return rounded(boost::random::exponential_distribution<double>()(draw) * count(mean));
    case Shape::lognormal: {
        const double sigma = lognormalSigma(mean, p99);
        const double mu = std::log(count(mean)) - sigma * sigma / 2;
        return rounded(std::exp(boost::random::normal_distribution<double>(mu, sigma)(draw)));
    }
    }
    return mean;
}

} // namespace stickyscope
