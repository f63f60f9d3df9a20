// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/replica_identity.h"
#include "sim/live/session_rule.h"
#include "sim/live/target.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace stickyscope::cli {

/// What the verbs that ask real services have in common.
struct LiveOptions
{
    std::string replicaId;
    std::string identify;
    std::string statistics; ///< where the balancer's own counts are
    std::string stickyCookie;
    std::vector<std::string> broken;
    double rate = 0; ///< requests per second in all; 0: as usual
    std::string permitted; ///< a host beyond this machine
};

void addLiveOptions(CLI::App& app, LiveOptions& options);

/// The rules among the options, read.
struct LiveRules
{
    live::IdentityRule identity;
    std::vector<live::SessionRule> sessions;
    std::optional<live::Target> identify; ///< at the target's host
};
Outcome<LiveRules> rulesOf(const LiveOptions& options, const live::Target& target);

/// Requests per second in all; the target's own allowance is the pacer's to keep.
double rateOf(const LiveOptions& options);

/// The exit status of a refusal, which has been said; nothing where the target may be asked.
std::optional<int> refusedForSafety(const live::Target& target, const LiveOptions& options);

} // namespace stickyscope::cli
