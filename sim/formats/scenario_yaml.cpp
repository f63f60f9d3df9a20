// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_yaml.h"

#include "sim/formats/assertion.h"
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_merge.h"
#include "sim/model/rolling_update.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <memory>
#include <new>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

WallSeconds readInstant(const Place& at)
{
    int y = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int read = 0;
    const std::string text = at.text(20);
    std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ%n", &y, &month, &day, &hour, &minute,
                &second, &read);
    const std::chrono::year_month_day date {std::chrono::year(y), std::chrono::month(month),
                                            std::chrono::day(day)};
    if (read != 20 || !date.ok() || y < 1970 || hour > 23 || minute > 59 || second > 59)
        at.mustBe("a moment such as 2026-01-01T00:00:00Z");
    return WallSeconds(std::chrono::sys_days(date)) + std::chrono::hours(hour)
        + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::vector<std::string> readAssertions(const Place& at)
{
    std::vector<std::string> assertions;
    for (const Place& item : at.items(1, 1000)) {
        assertions.push_back(item.text(200));
        if (!Assertion::parse(assertions.back()))
            item.mustBe("a condition such as on.stickiness >= 0.99");
    }
    return assertions;
}

enum class FilePart
{
    whole,
    ofLane, ///< with what one lane changes, and without lanes
};
Scenario readRoot(const YamlNode& root, FilePart file);

// Those included that rolling updates bring.
std::vector<std::string> namesAsPlayed(const Scenario& scenario)
{
    std::vector<std::string> names;
    const auto played = asPlayed(std::make_shared<const Scenario>(scenario));
    for (const ReplicaSpec& replica : played->replicas)
        names.push_back(replica.name);
    return names;
}

// The whole file once more, with what this lane changes. Lanes are compared client by client and
// server by server, at one clock.
std::shared_ptr<const Scenario> ownOf(const LanePart& lane, const Scenario& scenario,
                                      const YamlNode& root)
{
    const Place with(*lane.with, "lanes: with");
    for (std::size_t entry = 0; entry < lane.with->entries(); ++entry) {
        static constexpr std::array<std::string_view, 12> allowed {
            "origin",   "travel",   "session-cookie", "cache",  "session-route", "path-cookies",
            "replicas", "balancer", "balancers",      "routes", "clients",       "timeline"};
        const std::string& key = lane.with->key(entry).text;
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
            Place(lane.with->key(entry), {})
                .fail("lane " + lane.spec.name + ": " + key
                      + " cannot differ; origin, travel, session-cookie, session-route, cache, "
                        "path-cookies, replicas, balancer, balancers, routes, clients and timeline "
                        "can");
    }
    YamlNode changed = merged(root, *lane.with);
    for (std::size_t entry = changed.entries(); entry-- > 0;) {
        const std::string& key = changed.key(entry).text;
        if (key == "lanes" || key == "assert")
            changed.children.erase(
                changed.children.begin() + static_cast<std::ptrdiff_t>(2 * entry),
                changed.children.begin() + static_cast<std::ptrdiff_t>(2 * entry + 2));
    }
    Scenario own = readRoot(changed, FilePart::ofLane);
    const bool sameReplicas = namesAsPlayed(own) == namesAsPlayed(scenario);
    if (!sameReplicas || clientNames(own) != clientNames(scenario))
        with.fail("lane " + lane.spec.name
                  + ": replicas and clients keep their names and numbers in every lane");
    return std::make_shared<const Scenario>(std::move(own));
}

// Each lane's own scenario knows all lanes, so that it is found by the same number.
void addOwn(Scenario& scenario, const std::vector<LanePart>& parts, const YamlNode& root)
{
    const std::vector<LaneSpec> plain = scenario.lanes;
    for (std::size_t lane = 0; lane < parts.size(); ++lane) {
        if (!parts[lane].with)
            continue;
        Scenario own = *ownOf(parts[lane], scenario, root);
        own.lanes = plain;
        scenario.lanes[lane].own = std::make_shared<const Scenario>(std::move(own));
    }
}

Scenario readRoot(const YamlNode& root, FilePart file)
{
    Scenario scenario;
    std::vector<BalancerPart> balancers(1);
    std::vector<LanePart> lanes;
    const YamlNode* timeline = nullptr;
    const YamlNode* routes = nullptr;
    Place(root, {}).fields({
        {"version",
         [](const Place& at) {
             if (at.integer(0, std::numeric_limits<int>::max()) != 1)
                 at.mustBe("1");
         },
         true},
        {"title", [&](const Place& at) { scenario.title = at.text(200); }},
        {"about", [&](const Place& at) { scenario.about = at.text(1000); }},
        {"seed",
         [&](const Place& at) {
             scenario.seed = static_cast<std::uint64_t>(
                 at.integer(0, std::numeric_limits<std::int64_t>::max()));
         }},
        {"duration", [&](const Place& at) { scenario.duration = at.duration(1ms, longestTime); }},
        {"starts", [&](const Place& at) { scenario.starts = readInstant(at); }},
        {"origin", [&](const Place& at) { scenario.origin = readUrl(at); }},
        {"target", [&](const Place& at) { scenario.target = readUrl(at); }},
        {"travel", [&](const Place& at) { scenario.travel = at.duration({}, 1h); }},
        {"session-cookie", [&](const Place& at) { scenario.sessionCookie = at.name(); }},
        {"cache",
         [&](const Place& at) {
             scenario.cache =
                 static_cast<CacheCookies>(at.oneOf({"none", "strips-cookies", "stores-cookies"}));
         }},
        {"path-cookies", [&](const Place& at) { scenario.pathCookies = at.whole(0, 4000); }},
        {"session-route", [&](const Place& at) { scenario.sessionRoute = at.boolean(); }},
        {"replicas", [&](const Place& at) { scenario.replicas = readReplicas(at); }, true},
        {"balancer", [&](const Place& at) { balancers.front() = readBalancer(at); }, true},
        {"balancers",
         [&](const Place& at) {
             for (BalancerPart& part : readBalancers(at))
                 balancers.push_back(std::move(part));
         }},
        {"routes", [&](const Place& at) { routes = &at.node(); }},
        {"clients", [&](const Place& at) { scenario.clients = readClients(at); }, true},
        {"timeline", [&](const Place& at) { timeline = &at.node(); }},
        {"lanes", [&](const Place& at) { lanes = readLanes(at); }},
        {"assert", [&](const Place& at) { scenario.assertions = readAssertions(at); }},
    });
    // Names may be used before they stand in the file.
    checkServers(balancers, scenario);
    scenario.balancer = balancers.front().spec;
    for (std::size_t place = 1; place < balancers.size(); ++place)
        scenario.balancers.push_back(balancers[place].spec);
    if (routes)
        scenario.routes = readRoutes(Place(*routes, "routes"), scenario.balancers);
    if (timeline)
        scenario.timeline = readTimeline(Place(*timeline, "timeline"), scenario, balancers);
    for (const LanePart& lane : lanes)
        scenario.lanes.push_back(lane.spec);
    // Without lanes of its own a file has `off` and `on`, and `on` is sticky whatever it says.
    if (scenario.lanes.empty() && file == FilePart::whole && !scenario.balancer.sticky)
        scenario.balancer.sticky.emplace();
    if (scenario.lanes.empty())
        scenario.lanes = offAndOn();
    for (const LaneSpec& lane : scenario.lanes) {
        for (const BalancerPart& part : balancers) {
            if (lane.with.empty())
                checkBalancer(lane, scenario, part);
        }
    }
    addOwn(scenario, lanes, root);
    return scenario;
}

} // namespace

Outcome<Scenario> readScenario(std::string_view yaml, std::string_view name)
{
    const std::string prefix = std::string(name) + ":";
    try {
        const auto root = parseYaml(yaml);
        if (!root)
            return Outcome<Scenario>::failure(prefix + root.error());
        return readRoot(*root, FilePart::whole);
    } catch (const FieldError& error) {
        return Outcome<Scenario>::failure(prefix + error.text);
    } catch (const std::bad_alloc&) {
        return Outcome<Scenario>::failure(prefix + "1:1: the file needs more memory than there is");
    }
}

} // namespace stickyscope
