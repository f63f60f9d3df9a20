// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/advance.h"
#include "app/cli/console.h"
#include "app/cli/run_options.h"
#include "app/cli/verbs.h"
#include "sim/record/recording.h"

#include <filesystem>

namespace stickyscope::cli {

bool isRecorded(const std::string& file)
{
    return std::filesystem::path(file).extension() == ".stickyscope" || record::isRecording(file);
}

int playRecording(const CLI::App& app, const RunOptions& options,
                  const std::vector<Assertion>& assertions)
{
    for (const char* option : {"--world", "--sticky", "--for", "--seed", "--record"}) {
        if (app.count(option) == 0)
            continue;
        complain(std::string(option) + " is for scenarios; a recording is played as it was");
        return wrongUse;
    }
    const auto recording = record::Recording::open(options.file);
    if (!recording) {
        complain(recording.error());
        return wrongUse;
    }
    Experiment experiment = record::makeRecordedExperiment(*recording, {.trace = options.trace});
    if (!understood(assertions, experiment.result()))
        return wrongUse;
    watchForInterrupt();
    advanceToEnd(experiment);
    ExperimentResult result = experiment.result();
    // That of the run itself, whose secrets the recording does not have.
    if ((*recording)->trace())
        result.trace = (*recording)->trace();
    return report(result, options, assertions);
}

} // namespace stickyscope::cli
