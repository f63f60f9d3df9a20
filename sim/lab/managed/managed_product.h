// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/export/config_format.h"
#include "sim/lab/managed/managed_process.h"
#include "sim/model/outcome.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class QLocalSocket;

namespace stickyscope::lab {

/// What the balancer itself says of one server.
struct ServerCount
{
    std::string name;
    std::uint64_t requests = 0; ///< that it passed on to it and got an answer for, or tried to
    std::string state; ///< in the balancer's own word; empty where it does not say
};

/// A balancer that runs, as its product's functions see it.
struct ManagedRun
{
    std::filesystem::path folder;
    std::string program;
    ExportSite site;
    Scenario scenario; ///< its replicas have addresses; grows by those that are added
    std::vector<std::unique_ptr<ManagedProcess>> processes; ///< the one in charge is the last
    /// What those before it have counted, where each counts for itself.
    std::vector<std::vector<ServerCount>> counted {};
    /// To the process that was in charge until a moment ago, where it is to be asked once more.
    std::shared_ptr<QLocalSocket> former {};
};

/// How a product's program is started, changed while it runs, and read.
struct ManagedProduct
{
    std::string_view product; ///< its id
    std::string_view program;
    std::string_view whereToGet; ///< when it is not installed
    std::string_view format; ///< what is exported for it (sim/export)
    int lastSignal; ///< ends it at once, with all processes of its own
    bool drains; ///< it can be told to give a server bound requests only
    std::vector<std::string> (*arguments)(const ManagedRun&);
    /// Makes what was written anew count, `added` servers at the end of the list included. Empty,
    /// or what went wrong.
    std::string (*apply)(ManagedRun&, std::size_t added);
    /// Whether what was written last is in force.
    bool (*settled)(const ManagedRun&);
    Outcome<std::vector<ServerCount>> (*counts)(const ManagedRun&);
};

std::span<const ManagedProduct* const> managedProducts();
/// Null where there is none for the product of this id.
const ManagedProduct* findManagedProduct(std::string_view product);

extern const ManagedProduct managedHaproxy;
extern const ManagedProduct managedNginx;
extern const ManagedProduct managedTraefik;
extern const ManagedProduct managedEnvoy;
extern const ManagedProduct managedCaddy;
extern const ManagedProduct managedApache;

} // namespace stickyscope::lab
