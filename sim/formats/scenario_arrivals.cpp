// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// When clients send, beside think times and steady rates; and what they do as people.
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_text.h"

#include <algorithm>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mostPoints = 1000;

Duration readCurveRate(const Place& at)
{
    return at.node().kind == YamlNode::Kind::scalar && at.node().text == "0/s" ? Duration::zero()
                                                                               : at.rate();
}

void readDaily(const Place& at, ClientSpec& spec)
{
    for (const Place& item : at.items(1, mostPoints)) {
        RatePoint point;
        item.fields({{"at", [&](const Place& of) { point.at = of.duration({}, 24h - 1ns); }, true},
                     {"rate", [&](const Place& of) { point.gap = readCurveRate(of); }, true}});
        if (!spec.daily.empty() && point.at <= spec.daily.back().at)
            item.fail(item.path() + ": the points of a day stand in their order");
        spec.daily.push_back(point);
    }
    const bool silent = std::all_of(spec.daily.begin(), spec.daily.end(), [](const RatePoint& one) {
        return one.gap == Duration::zero();
    });
    if (silent)
        at.fail(at.path() + ": one rate at least must be above 0");
}

void readBursts(const Place& at, ClientSpec& spec)
{
    BurstSpec bursts;
    at.fields(
        {{"every", [&](const Place& of) { bursts.every = of.duration(1us, longestTime); }, true},
         {"requests", [&](const Place& of) { bursts.requests = of.whole(1, 10'000); }, true}});
    spec.bursts = bursts;
}

void readLogout(const Place& at, ClientSpec& spec)
{
    LogoutSpec logout;
    at.fields({{"after", [&](const Place& of) { logout.after = of.whole(1, 1'000'000); }, true},
               {"clears", [&](const Place& of) {
                    logout.clearsAll = of.oneOf({"session", "all"}) == 1;
                }}});
    spec.logout = logout;
}

} // namespace

std::string readFileBeside(const Place& at)
{
    std::string name = at.text(255);
    if (name.find('/') != std::string::npos || name.starts_with('.'))
        at.mustBe("the name of a file beside the scenario");
    return name;
}

std::vector<Place::Field> arrivalFields(ClientSpec& spec, std::vector<std::string>& paces)
{
    return {
        {"daily",
         [&spec, &paces](const Place& of) {
             readDaily(of, spec);
             paces.emplace_back("daily");
         }},
        {"bursts",
         [&spec, &paces](const Place& of) {
             readBursts(of, spec);
             paces.emplace_back("bursts");
         }},
        {"trace",
         [&spec, &paces](const Place& of) {
             spec.trace = readFileBeside(of);
             paces.emplace_back("trace");
         }},
        {"logout", [&spec](const Place& of) { readLogout(of, spec); }},
        {"quotes",
         [&spec](const Place& of) {
             spec.stripsQuotes = of.oneOf({"kept", "stripped"}) == 1;
         }},
    };
}

std::vector<Entry> arrivalEntries(const ClientSpec& client)
{
    std::vector<Entry> entries;
    std::string points;
    for (const RatePoint& point : client.daily) {
        points.append(points.empty() ? "{at: " : ", {at: ").append(writeTime(point.at));
        points.append(", rate: ");
        points.append(point.gap == Duration::zero() ? "0/s" : writeRate(point.gap)).append("}");
    }
    if (!points.empty())
        entries.emplace_back("daily", "[" + points + "]");
    if (client.bursts)
        entries.emplace_back("bursts",
                             "{every: " + writeTime(client.bursts->every)
                                 + ", requests: " + std::to_string(client.bursts->requests) + "}");
    if (!client.trace.empty())
        entries.emplace_back("trace", yamlScalar(client.trace));
    if (client.logout)
        entries.emplace_back("logout",
                             "{after: " + std::to_string(client.logout->after)
                                 + (client.logout->clearsAll ? "}" : ", clears: session}"));
    if (client.stripsQuotes)
        entries.emplace_back("quotes", "stripped");
    return entries;
}

} // namespace stickyscope
