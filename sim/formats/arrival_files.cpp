// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/arrival_files.h"

#include "sim/formats/text_file.h"
#include "sim/formats/time_text.h"

#include <algorithm>
#include <map>
#include <memory>

namespace stickyscope {

namespace {

constexpr std::size_t mostArrivals = 10'000'000;

using Times = std::shared_ptr<const std::vector<Duration>>;

// Blanks around it do not count; `column` is that of its first letter, from 1.
std::string_view trimmed(std::string_view line, std::size_t& column)
{
    constexpr std::string_view blanks = " \t\r";
    const auto first = std::min(line.find_first_not_of(blanks), line.size());
    column = first + 1;
    line.remove_prefix(first);
    return line.substr(0, line.find_last_not_of(blanks) + 1);
}

std::vector<Scenario> lanesOf(const Scenario& scenario)
{
    std::vector<Scenario> all {scenario};
    for (const LaneSpec& lane : scenario.lanes) {
        if (lane.own)
            all.push_back(*lane.own);
    }
    return all;
}

void give(Scenario& scenario, const std::map<std::string, Times>& times)
{
    for (ClientSpec& group : scenario.clients) {
        if (!group.trace.empty())
            group.arrivals = times.at(group.trace);
    }
}

} // namespace

std::vector<std::string> arrivalFilesOf(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const Scenario& one : lanesOf(scenario)) {
        for (const ClientSpec& group : one.clients) {
            if (!group.trace.empty()
                && std::find(names.begin(), names.end(), group.trace) == names.end())
                names.push_back(group.trace);
        }
    }
    return names;
}

Outcome<std::vector<Duration>> readArrivals(std::string_view text, std::string_view name)
{
    std::vector<Duration> times;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        std::size_t column = 1;
        const std::string_view line = trimmed(text.substr(0, end), column);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#'))
            continue;
        const auto failure = [&](const std::string& why) {
            return Outcome<std::vector<Duration>>::failure(std::string(name) + ":"
                                                           + std::to_string(number) + ":"
                                                           + std::to_string(column) + ": " + why);
        };
        const bool digits = line.find_first_not_of("0123456789.") == std::string_view::npos;
        const auto time = digits ? readTime(std::string(line) + "s") : std::nullopt;
        if (!time || *time > longestTime)
            return failure("this must be a time in seconds, such as 12.5, up to a year");
        if (!times.empty() && *time < times.back())
            return failure("the times stand in their order: this one is earlier than the last");
        if (times.size() == mostArrivals)
            return failure("more than " + std::to_string(mostArrivals) + " times");
        times.push_back(*time);
    }
    return times;
}

Outcome<Scenario> withArrivals(const Scenario& scenario, const std::filesystem::path& folder)
{
    std::map<std::string, Times> times;
    for (const std::string& name : arrivalFilesOf(scenario)) {
        const auto text = readTextFile(folder / name, name);
        if (!text)
            return Outcome<Scenario>::failure(text.error());
        auto read = readArrivals(*text, name);
        if (!read)
            return Outcome<Scenario>::failure(read.error());
        times[name] = std::make_shared<const std::vector<Duration>>(std::move(*read));
    }
    Scenario filled = scenario;
    if (times.empty())
        return filled;
    give(filled, times);
    for (LaneSpec& lane : filled.lanes) {
        if (!lane.own)
            continue;
        Scenario own = *lane.own;
        give(own, times);
        lane.own = std::make_shared<const Scenario>(std::move(own));
    }
    return filled;
}

} // namespace stickyscope
