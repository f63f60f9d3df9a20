// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <utility>
#include <vector>

namespace stickyscope {

/// For pictures: what the cookies name of those clients whose jar was changed by hand, until an
/// answer sets one.
class ChangedCookies
{
public:
    void set(ClientIndex client, ReplicaIndex names)
    {
        forget(client);
        m_all.emplace_back(client, names);
    }
    void forget(ClientIndex client)
    {
        std::erase_if(m_all, [client](const auto& one) { return one.first == client; });
    }
    const std::vector<std::pair<ClientIndex, ReplicaIndex>>& all() const { return m_all; }

private:
    std::vector<std::pair<ClientIndex, ReplicaIndex>> m_all;
};

} // namespace stickyscope
