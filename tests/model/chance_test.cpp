// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/chance.h"

#include <array>
#include <cmath>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;

namespace {

double meanOf(const Distribution& distribution, int draws)
{
    double sum = 0;
    for (int number = 0; number < draws; ++number) {
        Draw draw = Chance {42}.draw(static_cast<ClientIndex>(0),
                                     static_cast<std::uint32_t>(number), Purpose::serviceTime);
        sum += inSeconds(distribution(draw));
    }
    return sum / draws;
}

} // namespace

TEST_CASE("A draw depends on nothing but its key")
{
    const Chance chance {7};
    Draw one = chance.draw(static_cast<ClientIndex>(3), 12, Purpose::thinkTime);
    Draw other = chance.draw(static_cast<ClientIndex>(3), 12, Purpose::thinkTime);
    for (int number = 0; number < 10; ++number)
        CHECK(one() == other());
}

TEST_CASE("Each part of the key changes the draw")
{
    const auto first = [](std::uint64_t seed, std::uint32_t client, std::uint32_t ordinal,
                          std::uint32_t attempt, Purpose purpose) {
        return Draw(seed, client, ordinal, attempt, purpose)();
    };
    const auto base = first(1, 2, 3, 4, Purpose::thinkTime);
    CHECK(base != first(2, 2, 3, 4, Purpose::thinkTime));
    CHECK(base != first(1ULL + (1ULL << 40U), 2, 3, 4, Purpose::thinkTime));
    CHECK(base != first(1, 3, 3, 4, Purpose::thinkTime));
    CHECK(base != first(1, 2, 4, 4, Purpose::thinkTime));
    CHECK(base != first(1, 2, 3, 5, Purpose::thinkTime));
    CHECK(base != first(1, 2, 3, 4, Purpose::serviceTime));
}

TEST_CASE("The generator gives the published numbers of Philox 4x32-7")
{
    // Random123, kat_vectors: counter 0 and key 0 give 5f6fb709 0d893f64 4f121f81 4f730a48.
    Draw draw(0, 0, 0, 0, static_cast<Purpose>(0));
    CHECK(draw() == 0x4f730a484f121f81U);
    CHECK(draw() == 0x0d893f645f6fb709U);
}

TEST_CASE("Drawn durations have the mean that was asked for, within four standard errors")
{
    constexpr int draws = 200'000;
    const double root = std::sqrt(static_cast<double>(draws));
    CHECK(std::abs(meanOf({.shape = Distribution::Shape::exponential, .mean = 1s}, draws) - 1)
          < 4 / root);
    CHECK(std::abs(meanOf({.shape = Distribution::Shape::uniform, .least = 1s, .most = 3s}, draws)
                   - 2)
          < 4 * 0.58 / root);
    CHECK(std::abs(
              meanOf({.shape = Distribution::Shape::lognormal, .mean = 600ms, .p99 = 1500ms}, draws)
              - 0.6)
          < 4 * 0.25 / root);
    CHECK(meanOf({.mean = 250ms}, 10) == doctest::Approx(0.25));
}

TEST_CASE("A lognormal has the 99th percentile that was asked for")
{
    const Distribution distribution {
        .shape = Distribution::Shape::lognormal, .mean = 600ms, .p99 = 2s};
    int above = 0;
    constexpr int draws = 100'000;
    for (int number = 0; number < draws; ++number) {
        Draw draw(9, 0, static_cast<std::uint32_t>(number), 0, Purpose::serviceTime);
        above += distribution(draw) > 2s ? 1 : 0;
    }
    CHECK(std::abs(above - draws * 0.01) < 4 * std::sqrt(draws * 0.01));
}

TEST_CASE("A whole number below a bound is each as likely")
{
    std::array<int, 3> seen {};
    for (std::uint32_t number = 0; number < 30'000; ++number)
        ++seen.at(Draw(5, 1, number, 0, Purpose::balancerChoice).below(3));
    for (const int count : seen)
        CHECK(std::abs(count - 10'000) < 4 * 82);
}
