// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/run_options.h"
#include "app/cli/verbs.h"
#include "sim/record/recording.h"

namespace stickyscope::cli {

int checkScenario(int argc, char** argv)
{
    std::string file;
    CLI::App app("Read a scenario or a recording and say whether it is right", "stickyscope check");
    app.add_option("FILE", file, "The scenario, *.sticky.yaml, or a recording, *.stickyscope")
        ->required();
    if (const auto status = parse(app, argc, argv))
        return *status;
    if (isRecorded(file)) {
        const auto recording = record::Recording::open(file);
        if (!recording) {
            complain(recording.error());
            return wrongUse;
        }
        print(file + ": a recording, right\n");
        return done;
    }
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
