// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/arrivals.h"

#include "sim/model/daily_curve.h"

#include <chrono>
#include <cmath>

namespace stickyscope {

// Drawn, never in step: clients in lockstep look sticky without any cookie. A trace is as it is.
std::optional<Instant> Arrivals::first(ClientIndex client) const
{
    Draw draw = chance.draw(client, 0, Purpose::firstMoment);
    if (group.bursts) {
        const Distribution within {.shape = Distribution::Shape::uniform,
                                   .most = group.bursts->every};
        return Instant(within(draw));
    }
    // As if after a request before the one with the ordinal 0.
    if (group.isOpen() && !group.gap)
        return next(client, 0xffffffffU, Instant {});
    Distribution pace = group.gap ? *group.gap : group.thinkTime;
    if (pace.shape == Distribution::Shape::constant)
        pace = {.shape = Distribution::Shape::uniform, .most = pace.mean};
    return Instant(pace(draw));
}

std::optional<Instant> Arrivals::next(ClientIndex client, std::uint32_t ordinal, Instant from) const
{
    if (group.bursts)
        return from + group.bursts->every;
    if (!group.trace.empty()) {
        // The group's clients send in turn.
        const std::size_t turn = ordinal + 1U;
        const std::size_t place =
            turn * static_cast<std::size_t>(group.count) + raw(client) - firstClient;
        if (!group.arrivals || place >= group.arrivals->size())
            return std::nullopt;
        return Instant((*group.arrivals)[place]);
    }
    Draw draw = chance.draw(client, ordinal, Purpose::thinkTime);
    if (!group.daily.empty()) {
        const double area = -std::log1p(-draw.unit());
        const Duration today = (starts.time_since_epoch() + from.time_since_epoch())
            % Duration(std::chrono::hours(24));
        return from + nextOnCurve(group.daily, today, area);
    }
    return from + (group.gap ? (*group.gap)(draw) : group.thinkTime(draw));
}

int Arrivals::together(bool atFirst) const
{
    if (group.bursts)
        return group.bursts->requests;
    return atFirst ? group.burst : 1;
}

} // namespace stickyscope
