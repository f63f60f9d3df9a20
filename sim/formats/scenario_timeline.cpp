// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_merge.h"
#include "sim/model/rolling_update.h"

#include <algorithm>
#include <memory>
#include <tuple>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mostTimeline = 1'000'000;

ReplicaIndex replicaNamed(const Place& at, const Scenario& scenario)
{
    if (at.node().text == "all")
        return noReplica;
    for (std::size_t index = 0; index < scenario.replicas.size(); ++index) {
        if (scenario.replicas[index].name == at.node().text)
            return static_cast<ReplicaIndex>(index);
    }
    at.mustBe("'all' or the name of a replica of this file");
}

ClientIndex clientNamed(const Place& at, const Scenario& scenario, bool all = true)
{
    if (all && at.node().text == "all")
        return noClient;
    const auto names = clientNames(scenario);
    const auto found = std::find(names.begin(), names.end(), at.node().text);
    if (found == names.end())
        at.mustBe(
            (all ? "'all' or the name of a client, such as " : "the name of a client, such as ")
            + names.front());
    return static_cast<ClientIndex>(found - names.begin());
}

std::uint8_t balancerNamed(const Place& at, const Scenario& scenario)
{
    if (at.node().text == inFront)
        return 0;
    for (std::size_t place = 0; place < scenario.balancers.size(); ++place) {
        if (scenario.balancers[place].name == at.node().text)
            return static_cast<std::uint8_t>(place + 1);
    }
    at.mustBe("'balancer' or the name of one of `balancers`");
}

// What a reload brings: the balancer as it stands in the file, with something laid over it.
BalancerPart changedBy(const YamlNode& with, const BalancerPart& before, const Place& at)
{
    if (with.kind != YamlNode::Kind::mapping)
        at.mustBe("a mapping of what is different from then on");
    const auto node = std::make_shared<const YamlNode>(merged(*before.node, with));
    const bool further = !before.spec.name.empty();
    BalancerPart part = further ? readFurtherBalancer(Place(*node, before.path))
                                : readBalancer(Place(*node, before.path));
    part.changed = node;
    const auto shape = [](const BalancerSpec& spec) {
        return std::tie(spec.name, spec.weight, spec.servers, spec.zones, spec.count,
                        spec.sharedSessions, spec.perConnection);
    };
    if (shape(part.spec) != shape(before.spec))
        at.fail(at.path()
                + ": name, weight, servers, zones, count, sessions and per stay as they are");
    return part;
}

// The replica's name alone, or a mapping with what else there is to say.
void readFault(const Place& at, const Scenario& scenario, const ReplicaFault& row,
               Intervention& intervention)
{
    intervention = usualFault(row);
    const auto ofReplica = [&](const Place& of) {
        intervention.replica = replicaNamed(of, scenario);
    };
    std::vector<Place::Field> fields = faultFields(row, intervention);
    const bool mustSay = std::any_of(fields.begin(), fields.end(),
                                     [](const Place::Field& field) { return field.required; });
    if (at.node().kind == YamlNode::Kind::scalar && !mustSay)
        return ofReplica(at);
    fields.insert(fields.begin(), {"of", ofReplica, true});
    at.fields(fields);
}

// See endOf().
std::uint16_t faultNumber(const Place& at)
{
    std::string names;
    for (const ReplicaFault& row : replicaFaults()) {
        if (at.node().text == nameOf(row.kind))
            return endOf(row.kind, noReplica).status;
        names.append(names.empty() ? "" : ", ").append(nameOf(row.kind));
    }
    at.mustBe("one of " + names);
}

// `all`, or how it goes on.
Intervention readRollingUpdate(const Place& at)
{
    RollingUpdate update;
    if (at.node().kind == YamlNode::Kind::scalar) {
        at.oneOf({"all"});
        return asIntervention(update);
    }
    at.fields({
        {"every", [&](const Place& of) { update.every = of.duration(1ns, 1h); }},
        {"drain", [&](const Place& of) { update.drain = of.duration({}, 1h); }},
        {"starts-in", [&](const Place& of) { update.startsIn = of.duration({}, 1h); }},
        {"addresses",
         [&](const Place& of) {
             update.newAddresses = of.oneOf({"same", "new"}) == 1;
         }},
    });
    return asIntervention(update);
}

// Whom it is about, and what else there is to say.
void readWhat(const Place& at, const Scenario& scenario, Intervention& what)
{
    using Kind = Intervention::Kind;
    if (const ReplicaFault* row = findFault(what.kind))
        return readFault(at, scenario, *row, what);
    if (what.kind == Kind::mend && at.node().kind == YamlNode::Kind::mapping) {
        at.fields(
            {{"of", [&](const Place& of) { what.replica = replicaNamed(of, scenario); }, true},
             {"fault", [&](const Place& of) { what.status = faultNumber(of); }, true}});
    } else if (isOfBalancer(what.kind)) {
        what.balancer = balancerNamed(at, scenario);
    } else if (what.kind == Kind::shareCookies) {
        at.fields(
            {{"from", [&](const Place& of) { what.from = clientNamed(of, scenario, false); }, true},
             {"to", [&](const Place& of) { what.client = clientNamed(of, scenario); }, true}});
    } else if (what.kind == Kind::swapCookies) {
        at.fields(
            {{"of", [&](const Place& of) { what.client = clientNamed(of, scenario, false); }, true},
             {"with", [&](const Place& of) { what.from = clientNamed(of, scenario, false); },
              true}});
    } else if (isOfClients(what.kind)) {
        what.client = clientNamed(at, scenario);
    } else if (what.kind == Kind::scaleToZero) {
        at.oneOf({"all"});
    } else if (what.kind == Kind::rollingUpdate) {
        what = readRollingUpdate(at);
    } else if (what.kind == Kind::setWeight) {
        at.fields(
            {{"of", [&](const Place& of) { what.replica = replicaNamed(of, scenario); }, true},
             {"to", [&](const Place& of) { what.amount = of.integer(0, 1000); }, true}});
    } else {
        what.replica = replicaNamed(at, scenario);
    }
}

TimelineEntry readEntry(const Place& at, const Scenario& scenario,
                        std::vector<BalancerPart>& balancers)
{
    using Kind = Intervention::Kind;
    TimelineEntry entry;
    int given = 0;
    const YamlNode* with = nullptr;
    std::vector<Place::Field> fields {
        {"at", [&](const Place& of) { entry.at = of.duration({}, longestTime); }, true}};
    std::string names;
    for (std::size_t number = 0; number < interventionKinds; ++number) {
        const auto kind = static_cast<Kind>(number);
        names.append(names.empty() ? "" : ", ").append(nameOf(kind));
        fields.push_back({nameOf(kind), [&entry, &given, &scenario, kind](const Place& of) {
                              entry.intervention = {.kind = kind};
                              ++given;
                              readWhat(of, scenario, entry.intervention);
                          }});
    }
    fields.push_back({"with", [&](const Place& of) { with = &of.node(); }});
    at.fields(fields);
    if (given != 1)
        at.fail(at.path() + " must have one of " + names + " beside 'at'");
    if (!with)
        return entry;
    const Place place(*with, at.path() + ".with");
    if (entry.intervention.kind != Kind::reloadBalancer)
        place.fail(place.path() + ": only a reload brings something else");
    BalancerPart changed = changedBy(*with, balancers[entry.intervention.balancer], place);
    entry.with = flowText(*with);
    entry.changed = std::make_shared<const BalancerSpec>(changed.spec);
    balancers.push_back(std::move(changed));
    return entry;
}

// What updates bring joins behind all others, as replicas of a file do.
void checkUpdates(const Place& at, const Scenario& scenario,
                  const std::vector<TimelineEntry>& timeline)
{
    auto whole = std::make_shared<Scenario>(scenario);
    whole->timeline = timeline;
    const auto played = asPlayed(whole);
    const std::vector<ReplicaSpec>& all = played->replicas;
    if (all.size() > mostReplicas)
        at.fail(at.path() + ": its rolling updates bring more than " + std::to_string(mostReplicas)
                + " replicas");
    const bool inOrder = std::is_sorted(
        all.begin(), all.end(), [](const auto& a, const auto& b) { return a.joins < b.joins; });
    if (!inOrder)
        at.fail(at.path()
                + ": a rolling update to new addresses begins when all other replicas have "
                  "joined, and ends before the next one begins");
}

} // namespace

std::vector<TimelineEntry> readTimeline(const Place& at, const Scenario& scenario,
                                        std::vector<BalancerPart>& balancers)
{
    std::vector<TimelineEntry> timeline;
    for (const Place& item : at.items(0, mostTimeline))
        timeline.push_back(readEntry(item, scenario, balancers));
    checkUpdates(at, scenario, timeline);
    return timeline;
}

} // namespace stickyscope
