// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"

namespace stickyscope::cli {

int checkScenario(int argc, char** argv)
{
    std::string file;
    CLI::App app("Read a scenario and say whether it is right", "stickyscope check");
    app.add_option("FILE", file, "The scenario, *.sticky.yaml")->required();
    if (const auto status = parse(app, argc, argv))
        return *status;
    const auto scenario = loadScenario(file);
    if (!scenario) {
        complain(scenario.error());
        return wrongUse;
    }
    print(file + ": right; " + std::to_string(scenario->replicas.size()) + " replicas, "
          + std::to_string(clientNames(*scenario).size()) + " clients, "
          + std::to_string(scenario->lanes.size()) + " lanes\n");
    return done;
}

} // namespace stickyscope::cli
