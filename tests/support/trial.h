// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/algorithms.h"

#include <doctest/doctest.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::test {

/// Replicas at the addresses at which the real balancers were measured: 127.0.0.201:19080 and on.
inline ReplicaView replicaAt(std::size_t place, int weight)
{
    return {.name = "r" + std::to_string(place + 1),
            .url = "http://127.0.0." + std::to_string(201 + place) + ":19080",
            .weight = weight};
}

inline ReplicaSet replicas(const std::vector<int>& weights)
{
    ReplicaSet set;
    for (const int weight : weights)
        set.add(replicaAt(set.size(), weight));
    return set;
}

/// One algorithm on some replicas, asked for one pick after the other. Picks are letters: "abc"
/// are the first three replicas, '-' is none.
class Trial
{
public:
    Trial(std::string_view id, const std::vector<int>& weights, const Settings& settings = {},
          std::uint64_t seed = 1)
        : set(replicas(weights))
        , m_algorithm(findAlgorithm(id))
    {
        REQUIRE_MESSAGE(m_algorithm, id);
        policy = m_algorithm->make(set, Chance {seed}, settings);
    }

    std::optional<ReplicaIndex> choose(std::string_view key = {}, ReplicaIndex avoid = noReplica)
    {
        Draw draw(1, 0, m_number++, 0, Purpose::balancerChoice);
        return policy->choose({set, draw, avoid, key});
    }

    /// What another policy chooses at the latest pick, with the same luck.
    std::optional<ReplicaIndex> chooseAgain(BalancingPolicy& other, std::string_view key,
                                            ReplicaIndex avoid) const
    {
        Draw draw(1, 0, m_number - 1, 0, Purpose::balancerChoice);
        return other.choose({set, draw, avoid, key});
    }

    /// A fresh request that ends at once.
    char fresh(std::string_view key = {})
    {
        const auto chosen = choose(key);
        if (!chosen)
            return '-';
        policy->assigned(*chosen, Bound::no, {});
        policy->released({.replica = *chosen});
        return static_cast<char>('a' + raw(*chosen));
    }
    std::string fresh(int count)
    {
        std::string picks;
        while (static_cast<int>(picks.size()) < count)
            picks += fresh();
        return picks;
    }
    std::string freshFor(const std::vector<std::string>& keys)
    {
        std::string picks;
        for (const std::string& key : keys)
            picks += fresh(key);
        return picks;
    }

    /// A fresh request that goes on.
    char hold()
    {
        const ReplicaIndex chosen = choose().value();
        policy->assigned(chosen, Bound::no, {});
        return static_cast<char>('a' + raw(chosen));
    }
    void hold(char replica) { policy->assigned(at(replica), Bound::no, {}); }
    void release(char replica) { policy->released({.replica = at(replica)}); }

    /// A bound request that ends at once.
    void bound(char replica)
    {
        policy->assigned(at(replica), Bound::yes, {});
        policy->released({.replica = at(replica), .bound = Bound::yes});
    }

    void setUp(char replica, bool up)
    {
        set.setUp(at(replica), up);
        policy->topologyChanged(set);
    }
    void setDraining(char replica, bool draining)
    {
        set.setDraining(at(replica), draining);
        policy->topologyChanged(set);
    }
    void setWeight(char replica, int weight)
    {
        ReplicaSet changed;
        for (const ReplicaView& view : set)
            changed.add(view.name == set[at(replica)].name ? weighing(view, weight) : view);
        set = std::move(changed);
        policy->topologyChanged(set);
    }
    void add(int weight)
    {
        set.add(replicaAt(set.size(), weight));
        policy->topologyChanged(set);
    }

    static ReplicaIndex at(char replica) { return static_cast<ReplicaIndex>(replica - 'a'); }

    ReplicaSet set;
    std::unique_ptr<BalancingPolicy> policy;

private:
    static ReplicaView weighing(ReplicaView view, int weight)
    {
        view.weight = weight;
        return view;
    }

    const Algorithm* m_algorithm;
    std::uint32_t m_number = 0;
};

/// The picks with letters by first appearance, for balancers that shuffle their servers.
inline std::string relabelled(const std::string& picks)
{
    std::map<char, char> names;
    std::string text;
    for (const char pick : picks)
        text += names.try_emplace(pick, static_cast<char>('a' + names.size())).first->second;
    return text;
}

} // namespace stickyscope::test
