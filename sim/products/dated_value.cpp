// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/dated_value.h"

#include <charconv>

namespace stickyscope {

namespace {

std::optional<WallSeconds> readSeconds(std::string_view text)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t most = 1LL << 40U;
    if (error != std::errc {} || end != text.data() + text.size() || seconds < 0 || seconds > most)
        return std::nullopt;
    return WallSeconds(std::chrono::seconds(seconds));
}

} // namespace

DatedValue readDatedValue(std::string_view text)
{
    const auto bar = text.find('|');
    DatedValue value {.server = text.substr(0, bar)};
    if (bar == std::string_view::npos)
        return value;
    const std::string_view stamps = text.substr(bar + 1);
    const auto next = stamps.find('|');
    value.one = readSeconds(stamps.substr(0, next));
    if (next != std::string_view::npos)
        value.two = readSeconds(stamps.substr(next + 1));
    return value;
}

std::string dateBehindValue(WallSeconds moment)
{
    return "|" + std::to_string(moment.time_since_epoch().count());
}

} // namespace stickyscope
