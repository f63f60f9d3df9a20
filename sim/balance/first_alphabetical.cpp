// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <algorithm>
#include <string_view>

namespace stickyscope {

namespace {

// YARP: FirstLoadBalancingPolicy.cs. Of those that are there the one whose name comes first, as
// OrdinalIgnoreCase compares them; the others wait for it to fail.
class FirstAlphabetical final : public CloneablePolicy<FirstAlphabetical>
{
public:
    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        std::optional<ReplicaIndex> first;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (eligible(pick, index, onlyOne)
                && (!first || comesBefore(nameOf(pick, index), nameOf(pick, *first))))
                first = index;
        }
        return first;
    }

private:
    static std::string_view nameOf(const Pick& pick, ReplicaIndex replica)
    {
        return pick.replicas[replica].name;
    }

    static bool comesBefore(std::string_view one, std::string_view other)
    {
        const auto upper = [](char letter) {
            return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        };
        return std::lexicographical_compare(
            one.begin(), one.end(), other.begin(), other.end(),
            [&upper](char left, char right) { return upper(left) < upper(right); });
    }
};

} // namespace

std::unique_ptr<BalancingPolicy> makeFirstAlphabetical(const ReplicaSet&, const Chance&,
                                                       const Settings&)
{
    return std::make_unique<FirstAlphabetical>();
}

} // namespace stickyscope
