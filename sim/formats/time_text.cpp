// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stickyscope {

namespace {

__extension__ using Wide = unsigned __int128;

struct Unit
{
    std::string_view name;
    std::uint64_t nanoseconds;
};
constexpr std::array<Unit, 6> units {{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

const Unit* findUnit(std::string_view name)
{
    const auto* found = std::find_if(units.begin(), units.end(),
                                     [name](const Unit& unit) { return unit.name == name; });
    return found == units.end() ? nullptr : found;
}

/// A decimal number as it stands in a text: digits / scale. Not a double, which holds no more than
/// 104 days to the nanosecond.
struct Decimal
{
    static constexpr std::uint64_t most = 1'000'000'000'000'000'000;
    static constexpr Wide finest = Wide {1'000'000'000'000} * 1'000'000'000'000;

    std::uint64_t whole = 0; ///< `most` stands for anything above it
    Wide fraction = 0; ///< of `scale`
    Wide scale = 1; ///< at most `finest`: further places are dropped

    /// From the beginning of `text`, of which it leaves the rest; false where no number stands.
    bool take(std::string_view& text);
};

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool Decimal::take(std::string_view& text)
{
    if (text.empty() || !isDigit(text.front()))
        return false;
    for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1))
        whole = std::min(most, whole * 10 + static_cast<std::uint64_t>(text.front() - '0'));
    if (text.size() < 2 || text[0] != '.' || !isDigit(text[1]))
        return text.empty() || text.front() != '.';
    for (text.remove_prefix(1); !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
        if (scale == finest)
            continue;
        fraction = fraction * 10 + static_cast<unsigned>(text.front() - '0');
        scale *= 10;
    }
    return true;
}

// unit / gap with so many decimal places.
std::string rateText(Duration gap, const Unit& unit, int places)
{
    Wide scale = 1;
    for (int place = 0; place < places; ++place)
        scale *= 10;
    const auto width = static_cast<Wide>(gap.count());
    Wide digits = (unit.nanoseconds * scale + width / 2) / width;
    std::string text;
    for (int place = 0; digits > 0 || place <= places; ++place) {
        if (place == places && places > 0)
            text.insert(0, 1, '.');
        text.insert(0, 1, static_cast<char>('0' + static_cast<int>(digits % 10)));
        digits /= 10;
    }
    return text + "/" + std::string(unit.name);
}

} // namespace

std::optional<Duration> readTime(std::string_view text)
{
    Decimal number;
    if (!number.take(text))
        return std::nullopt;
    const Unit* unit = findUnit(text);
    if (!unit)
        return std::nullopt;
    // Two steps, so that neither leaves 128 bits.
    const Wide part = number.fraction * unit->nanoseconds;
    const Wide nanoseconds =
        Wide {number.whole} * unit->nanoseconds + (part + number.scale / 2) / number.scale;
    constexpr Wide most = 9'000'000'000'000'000'000;
    return nanoseconds < most ? Duration {static_cast<Duration::rep>(nanoseconds)}
                              : Duration::max();
}

std::string writeTime(Duration time)
{
    if (time == Duration::zero())
        return "0s";
    const auto nanoseconds = static_cast<std::uint64_t>(time.count());
    std::size_t index = units.size() - 1;
    while (index > 0 && nanoseconds % units.at(index).nanoseconds != 0)
        --index;
    return std::to_string(nanoseconds / units.at(index).nanoseconds)
        + std::string(units.at(index).name);
}

std::string writeNumber(double number)
{
    std::array<char, 400> text {};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

std::optional<Duration> readRate(std::string_view text)
{
    Decimal number;
    if (!number.take(text))
        return std::nullopt;
    const Unit* unit = text.starts_with('/') ? findUnit(text.substr(1)) : nullptr;
    constexpr std::uint64_t fastest = 1'000'000'000'000; // 277 million a second, in hours
    if (!unit || number.whole > fastest)
        return std::nullopt;
    const Wide rate = number.whole * number.scale + number.fraction;
    const Wide nanoseconds = unit->nanoseconds * number.scale;
    if (rate == 0 || nanoseconds / rate < 1000)
        return std::nullopt;
    const auto longest = static_cast<Wide>(longestTime.count());
    if (nanoseconds / rate > longest || (nanoseconds / rate == longest && nanoseconds % rate != 0))
        return std::nullopt;
    return Duration {static_cast<Duration::rep>((nanoseconds + rate / 2) / rate)};
}

std::string writeRate(Duration gap)
{
    // The decimal places that pin a gap down to its nanosecond, a year's at the most.
    constexpr int mostPlaces = 24;
    constexpr std::size_t shortEnough = 6;
    std::string shortest;
    for (const std::string_view name : {"s", "m", "h"}) {
        for (int places = 0; places <= mostPlaces; ++places) {
            const std::string text = rateText(gap, *findUnit(name), places);
            if (readRate(text) != gap)
                continue;
            if (shortest.empty() || text.size() < shortest.size())
                shortest = text;
            break;
        }
        if (!shortest.empty() && shortest.size() <= shortEnough)
            break;
    }
    return shortest;
}

} // namespace stickyscope
