// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/rolling_update.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace stickyscope {

namespace {

using Kind = Intervention::Kind;

bool bringsReplicas(const TimelineEntry& entry)
{
    return entry.intervention.kind == Kind::rollingUpdate
        && rollingUpdateOf(entry.intervention).newAddresses;
}

/// Adds what each update brings, under names that nobody has.
class Successors
{
public:
    explicit Successors(Scenario& scenario)
        : m_scenario(scenario)
    {
        for (const ReplicaSpec& replica : scenario.replicas)
            m_names.insert(replica.name);
    }

    void add(const TimelineEntry& entry)
    {
        const RollingUpdate update = rollingUpdateOf(entry.intervention);
        Duration begins = entry.at;
        for (const ReplicaIndex replica : replacedAt(m_scenario, entry.at)) {
            if (m_scenario.replicas.size() > mostReplicas)
                return;
            replace(raw(replica), begins + update.drain, update.startsIn);
            begins += update.every;
        }
    }

private:
    // Its address is made up, or found, as that of any replica without one.
    void replace(std::size_t place, Duration leaves, Duration startsIn)
    {
        ReplicaSpec& old = m_scenario.replicas[place];
        old.leaves = std::min(leaves, old.leaves.value_or(leaves));
        ReplicaSpec next = old;
        next.replaces = old.name;
        next.name = nameAfter(old);
        next.address.clear();
        next.route.reset();
        next.joins = leaves + startsIn;
        next.leaves.reset();
        addToServers(m_scenario.balancer, next);
        for (BalancerSpec& balancer : m_scenario.balancers)
            addToServers(balancer, next);
        m_scenario.replicas.push_back(std::move(next));
    }

    // "server-1-v2", and after it "server-1-v3".
    std::string nameAfter(const ReplicaSpec& old)
    {
        const std::string base = old.replaces.empty() ? old.name : m_bases[old.name];
        int version = 2;
        while (!m_names.insert(base + "-v" + std::to_string(version)).second)
            ++version;
        std::string name = base + "-v" + std::to_string(version);
        m_bases[name] = base;
        return name;
    }

    static void addToServers(BalancerSpec& balancer, const ReplicaSpec& next)
    {
        std::vector<std::string>& servers = balancer.servers;
        if (std::find(servers.begin(), servers.end(), next.replaces) != servers.end())
            servers.push_back(next.name);
    }

    Scenario& m_scenario;
    std::set<std::string> m_names;
    std::map<std::string, std::string> m_bases; ///< by name: what it was before all updates
};

} // namespace

Intervention asIntervention(const RollingUpdate& update)
{
    return {.kind = Kind::rollingUpdate,
            .lasts = update.drain,
            .time = update.every,
            .jitter = update.startsIn,
            .amount = update.newAddresses ? 1 : 0};
}

RollingUpdate rollingUpdateOf(const Intervention& intervention)
{
    return {.every = intervention.time,
            .drain = intervention.lasts,
            .startsIn = intervention.jitter,
            .newAddresses = intervention.amount != 0};
}

std::vector<ReplicaIndex> replacedAt(const Scenario& scenario, Duration at)
{
    std::vector<ReplicaIndex> there;
    for (std::size_t place = 0; place < scenario.replicas.size(); ++place) {
        const ReplicaSpec& replica = scenario.replicas[place];
        const bool joined = replica.joins == Duration::zero() || replica.joins < at;
        if (joined && (!replica.leaves || *replica.leaves >= at))
            there.push_back(static_cast<ReplicaIndex>(place));
    }
    return there;
}

std::vector<TimelineEntry> stepsOf(const RollingUpdate& update, Duration at,
                                   const std::vector<ReplicaIndex>& replaced)
{
    std::vector<TimelineEntry> steps;
    const auto add = [&steps](Duration when, Kind kind, ReplicaIndex replica) {
        steps.push_back({.at = when, .intervention = {.kind = kind, .replica = replica}});
    };
    Duration end = at;
    for (const ReplicaIndex replica : replaced) {
        if (update.drain > Duration::zero())
            add(at, Kind::drainReplica, replica);
        add(at + update.drain, update.newAddresses ? Kind::stopReplica : Kind::removeReplica,
            replica);
        if (!update.newAddresses)
            add(at + update.drain + update.startsIn, Kind::startReplica, replica);
        end = at + update.drain + update.startsIn;
        at += update.every;
    }
    steps.push_back({.at = end, .intervention = {.kind = Kind::rollingUpdate, .status = 1}});
    std::stable_sort(steps.begin(), steps.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
    return steps;
}

bool endsUpdate(const Intervention& intervention)
{
    return intervention.kind == Kind::rollingUpdate && intervention.status != 0;
}

std::shared_ptr<const Scenario> asPlayed(const std::shared_ptr<const Scenario>& scenario)
{
    const bool played =
        std::any_of(scenario->replicas.begin(), scenario->replicas.end(),
                    [](const ReplicaSpec& replica) { return !replica.replaces.empty(); });
    if (played
        || std::none_of(scenario->timeline.begin(), scenario->timeline.end(), bringsReplicas))
        return scenario;
    auto whole = std::make_shared<Scenario>(*scenario);
    std::vector<TimelineEntry> updates;
    std::copy_if(scenario->timeline.begin(), scenario->timeline.end(), std::back_inserter(updates),
                 bringsReplicas);
    std::stable_sort(updates.begin(), updates.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
    Successors successors(*whole);
    for (const TimelineEntry& update : updates)
        successors.add(update);
    return whole;
}

} // namespace stickyscope
