// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"

#include <string>
#include <vector>

namespace stickyscope::lab {

/// What the balancer decided about one request, and what came of it: for logs, observations, and
/// to be joined by its X-Request-Id with what clients and replicas saw. Made when the response has
/// ended; of a WebSocket when its handshake has.
struct ProxyRecord
{
    Instant at {}; ///< its head was read
    Duration took {};
    std::string requestId; ///< the client's own, or one made here
    std::string method;
    std::string target; ///< as it came: may hold secrets
    std::string client; ///< address and port
    int balancer = 0; ///< which of all it came to, from 0
    std::vector<int> through {}; ///< those behind it that it was passed on to, in order
    ReplicaIndex replica = noReplica; ///< that answered, or was tried last
    CookieIn cookieIn {};
    CookieOut cookieOut {};
    Ledger ledger = Ledger::fresh;
    const Rule* rule = nullptr; ///< null where it was refused before it was placed
    std::vector<const Rule*> rulesBefore {}; ///< of balancers in front of the one that says that
    std::string why; ///< of a failure, in words; else empty
    int attempts = 0; ///< at replicas
    int status = 0; ///< 0: no answer at all
    Failure failure = Failure::none; ///< as its client meets it
    bool answered = false; ///< by a replica
    bool passedOn = false; ///< by another balancer: see InnerRecords
    bool webSocket = false;
};

/// Why it went where it went, as the model says it: of all balancers that decided; or what failed.
std::string reasonOf(const ProxyRecord& record);

} // namespace stickyscope::lab
