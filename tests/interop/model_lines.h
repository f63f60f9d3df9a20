// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"
#include "sim/model/replica_set.h"
#include "sim/model/scenario.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

// What programs have in common that say what the model of a product does, for comparison with the
// real one: PROGRAM SCENARIO.yaml, a JSON object a line in, and one out for each that has an
// answer.
namespace stickyscope::interop {

/// The scenario's replicas, as its balancer has them.
ReplicaSet serversOf(const Scenario& scenario);
/// Throws where there is none of this name.
ReplicaIndex serverNamed(const ReplicaSet& servers, const std::string& name);

/// So many active checks as it takes, all good or all bad.
void check(Dispatcher& dispatcher, ReplicaIndex replica, bool good, Instant now = {});

/// Takes one line; null where there is nothing to say to it.
using Answering = std::function<nlohmann::json(const nlohmann::json&)>;
/// The program's main(): reads the scenario, then the lines.
int playLines(int argc, char** argv, const std::function<Answering(const Scenario&)>& begin);

} // namespace stickyscope::interop
