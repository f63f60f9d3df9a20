// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/observation.h"

#include <map>
#include <string>

namespace stickyscope::live {

/// Which replica a value of the sticky cookie stands for, as far as answers have shown it: what a
/// lane can know of a balancer that does not tell its decisions. Clients may share a jar, so that
/// one's value is another's too.
class StickyOwners
{
public:
    /// noReplica where no answer has shown it.
    ReplicaIndex ownerOf(const std::string& value) const;
    /// What became of a request that `replica` answered, with the values that were sent and set;
    /// empty: none. Judged by who answered, never by whether Set-Cookie came: some balancers
    /// repeat it. Learns from both values.
    Ledger judge(const std::string& sent, const std::string& set, ReplicaIndex replica);

private:
    void learn(const std::string& value, ReplicaIndex replica);

    std::map<std::string, ReplicaIndex> m_owners;
};

/// What the balancer did with the cookie, by the values sent and set.
CookieOut cookieOutOf(const std::string& sent, const std::string& set, bool kept);

} // namespace stickyscope::live
