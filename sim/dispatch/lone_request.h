// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"

#include <functional>
#include <string>
#include <vector>

namespace stickyscope {

/// One request that a balancer meets while nothing else happens: its retries follow at once.
struct LoneRequest
{
    Arrival arrival;
    Instant now {}; ///< `arrival.now` by the experiment's clock
    std::function<Draw(int)> draw; ///< its luck, for each attempt, from 0
    /// How the replica lets it down; nothing where it answers.
    std::function<std::optional<Fault>(ReplicaIndex)> fault;
    bool waitsForEver = false; ///< for an answer that does not come in time
    /// What the replica answers that is reached.
    std::function<http::ResponseHead(ReplicaIndex)> answer;
};

/// What came of it.
struct LoneAnswer
{
    Recall recall; ///< as it was last read
    ReplicaIndex replica = noReplica; ///< that answered, or was tried last
    Origin origin = Origin::replica; ///< of `response`
    const Rule* rule = nullptr; ///< by which it came there, or is answered
    std::vector<ReplicaIndex> failed; ///< that were tried before, in order
    http::ResponseHead response; ///< status 0: none at all
};

/// All attempts of the request, with what its product remembers and writes.
LoneAnswer meetAlone(Dispatcher& dispatcher, const LoneRequest& request);

} // namespace stickyscope
