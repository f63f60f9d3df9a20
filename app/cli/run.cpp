// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/summary.h"
#include "app/cli/verbs.h"
#include "sim/experiment/experiment.h"
#include "sim/formats/assertion.h"
#include "sim/formats/cookie_files.h"
#include "sim/formats/result_json.h"
#include "sim/formats/yaml_fields.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

namespace stickyscope::cli {

namespace {

struct Options
{
    std::string file;
    std::string world = "virtual";
    std::string sticky;
    std::string duration;
    std::optional<std::uint64_t> seed;
    std::string json;
    bool trace = false;
    std::vector<std::string> assertions;
};

// The command line outranks the file.
Outcome<Scenario> scenarioFor(const Options& options)
{
    auto scenario = loadScenario(options.file);
    if (!scenario)
        return scenario;
    if (options.seed)
        scenario->seed = *options.seed;
    if (!options.duration.empty()) {
        const YamlNode node {.plain = true, .text = options.duration};
        try {
            scenario->duration =
                Place(node, "--for")
                    .duration(std::chrono::milliseconds(1), std::chrono::hours(24 * 365));
        } catch (const FieldError& error) {
            return Outcome<Scenario>::failure(error.text.substr(error.text.find(' ') + 1));
        }
    }
    if (!options.sticky.empty()) {
        const auto both = offAndOn();
        scenario->lanes.clear();
        if (options.sticky != "on")
            scenario->lanes.push_back(both[0]);
        if (options.sticky != "off")
            scenario->lanes.push_back(both[1]);
    }
    return scenario;
}

void advanceToEnd(Experiment& experiment)
{
    using Clock = std::chrono::steady_clock;
    Progress progress;
    const double end = inSeconds(experiment.end().time_since_epoch());
    // Slices of some 50 ms of the wall clock: to show progress, and to end soon after Ctrl-C.
    constexpr auto wanted = std::chrono::milliseconds(50);
    Duration slice = std::chrono::milliseconds(1);
    while (!experiment.finished() && !interrupted()) {
        const auto before = Clock::now();
        experiment.advance(slice);
        slice = Clock::now() - before < wanted
            ? slice * 2
            : std::max<Duration>(slice / 2, std::chrono::microseconds(1));
        progress.show(inSeconds(experiment.now().time_since_epoch()) / end,
                      "of the scenario's time");
    }
}

int report(const ExperimentResult& result, const Options& options,
           const std::vector<Assertion>& assertions)
{
    const std::string json = toJson(result);
    if (!options.json.empty()) {
        if (const auto written = writeFile(options.json, json); !written) {
            complain(written.error());
            return wrongUse;
        }
    }
    if (options.json != "-")
        print(summaryOf(result));
    int status = done;
    for (const Assertion& assertion : assertions) {
        const Assertion::Finding found = assertion.check(json);
        if (found.kind == Assertion::Finding::Kind::holds)
            continue;
        complain(found.sentence);
        status = std::max<int>(status,
                               found.kind == Assertion::Finding::Kind::fails ? notMet : wrongUse);
    }
    return status;
}

// Whether each names something; said before a run that may be long.
bool understood(const std::vector<Assertion>& assertions, const ExperimentResult& result)
{
    if (assertions.empty())
        return true;
    const std::string json = toJson(result);
    for (const Assertion& assertion : assertions) {
        const Assertion::Finding found = assertion.check(json);
        if (found.kind == Assertion::Finding::Kind::namesNothing) {
            complain(found.sentence);
            return false;
        }
    }
    return true;
}

} // namespace

int runScenario(int argc, char** argv)
{
    Options options;
    CLI::App app("Run a scenario without a window, and print what came out", "stickyscope run");
    app.add_option("FILE", options.file, "The scenario, *.sticky.yaml")->required();
    app.add_option("--world", options.world, "Where the requests happen")
        ->check(CLI::IsMember({"virtual"}));
    app.add_option("--sticky", options.sticky, "Replace the file's lanes")
        ->check(CLI::IsMember({"off", "on", "both"}));
    app.add_option("--for", options.duration, "How long, such as 60s");
    app.add_option("--seed", options.seed, "The luck")->check(CLI::NonNegativeNumber);
    app.add_option("--json", options.json, "Write the result to this file; - is standard output");
    app.add_flag("--trace", options.trace, "Add a digest of everything that happened");
    app.add_option("--assert", options.assertions, "A condition, such as 'on.stickiness >= 0.99'");
    if (const auto status = parse(app, argc, argv))
        return *status;
    std::vector<Assertion> assertions;
    for (const std::string& text : options.assertions) {
        const auto assertion = Assertion::parse(text);
        if (!assertion) {
            complain(assertion.error());
            return wrongUse;
        }
        assertions.push_back(*assertion);
    }
    const auto scenario = scenarioFor(options);
    if (!scenario) {
        complain(scenario.error());
        return wrongUse;
    }
    // "-" has no folder of its own: the current one stands for it.
    const auto jars = readCookieFiles(*scenario, std::filesystem::path(options.file).parent_path());
    if (!jars) {
        complain(jars.error());
        return wrongUse;
    }
    watchForInterrupt();
    Experiment experiment = makeVirtualExperiment(std::make_shared<Scenario>(*scenario),
                                                  {.trace = options.trace}, *jars);
    if (!understood(assertions, experiment.result()))
        return wrongUse;
    advanceToEnd(experiment);
    if (interrupted())
        complain("interrupted after "
                 + std::to_string(inSeconds(experiment.now().time_since_epoch()))
                 + " s of the scenario; what is known so far:");
    return report(experiment.result(), options, assertions);
}

} // namespace stickyscope::cli
