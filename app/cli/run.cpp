// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/advance.h"
#include "app/cli/console.h"
#include "app/cli/run_live.h"
#include "app/cli/run_options.h"
#include "app/cli/verbs.h"
#include "sim/experiment/experiment.h"
#include "sim/formats/arrival_files.h"
#include "sim/formats/cookie_files.h"
#include "sim/formats/yaml_fields.h"
#include "sim/lab/lab_world.h"
#include "sim/lab/model_beside.h"
#include "sim/record/recording_writer.h"
#include "sim/record/secret_mask.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

namespace stickyscope::cli {

namespace {

// The command line outranks the file.
Outcome<Scenario> scenarioFor(const RunOptions& options)
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

// What has to be said of a lab's lane: that its program has ended, or could not do what it was
// told.
void sayNotices(const Experiment& experiment)
{
    const auto last = experiment.snapshot();
    for (const LaneSnapshot& lane : last->lanes) {
        if (!lane.cast->notice.empty())
            complain(lane.result.name + ": " + lane.cast->notice);
    }
}

int finishRun(Experiment& experiment, const RunOptions& options,
              const std::vector<Assertion>& assertions,
              const std::shared_ptr<record::RecordingWriter>& recording)
{
    watchForInterrupt();
    options.isReal() ? advanceWithClock(experiment, ShowProgress::yes) : advanceToEnd(experiment);
    experiment.settle();
    if (interrupted())
        complain("interrupted after "
                 + std::to_string(inSeconds(experiment.now().time_since_epoch()))
                 + " s of the scenario; what is known so far:");
    const ExperimentResult result = experiment.result();
    const std::string lost = recording ? recording->finish(result.trace) : std::string();
    const int status = report(result, options, assertions);
    if (options.isLab())
        sayNotices(experiment);
    if (lost.empty())
        return status;
    complain(lost);
    return wrongUse;
}

// Null where there is none to be kept.
Outcome<std::shared_ptr<record::RecordingWriter>> recordingFor(const RunOptions& options,
                                                               const Scenario& scenario)
{
    if (options.record.empty())
        return {nullptr};
    return record::RecordingWriter::create(
        options.record,
        {.scenario = scenario,
         .world = options.againstModel ? std::string(modelAndLab) : options.world,
         .stickyCookies = options.live.stickyCookie.empty()
             ? record::stickyCookiesOf(scenario)
             : std::vector<std::string> {options.live.stickyCookie}});
}

int refuse(const std::string& why)
{
    complain(why);
    return wrongUse;
}

// The file's own conditions hold for the file as it is.
void addAssertionsOf(const Scenario& scenario, const RunOptions& options,
                     std::vector<Assertion>& assertions)
{
    if (options.isReal() || options.seed || !options.sticky.empty() || !options.duration.empty())
        return;
    for (const std::string& text : scenario.assertions)
        assertions.push_back(*Assertion::parse(text));
}

Outcome<Experiment> experimentOf(const RunOptions& options,
                                 const std::shared_ptr<const Scenario>& scenario,
                                 std::vector<live::LivePlan> plans,
                                 const std::vector<http::CookieJar>& jars,
                                 std::shared_ptr<RecordingSink> recording)
{
    if (options.isLive())
        return makeLive(std::move(plans), scenario, options.live, std::move(recording),
                        options.trace);
    if (!options.isLab())
        return makeVirtualExperiment(
            scenario, {.trace = options.trace, .recording = std::move(recording)}, jars);
    lab::LabTerms terms {.jars = jars,
                         .trace = options.trace,
                         .recording = std::move(recording),
                         .stopAsked = interrupted,
                         .againstModel = options.againstModel};
    if (const std::string wrong = tellOptions(options.lab, terms); !wrong.empty())
        return Outcome<Experiment>::failure(wrong);
    auto made = lab::makeLab(scenario, terms);
    if (!made)
        return Outcome<Experiment>::failure(made.error());
    for (const std::string& note : made->notes)
        complain("not as in the scenario: " + note);
    return std::move(made->experiment);
}

// Why the model cannot stand beside it; empty where it can, or need not.
std::string notComparable(const Scenario& scenario, const RunOptions& options)
{
    if (!options.againstModel)
        return {};
    if (!options.isLab())
        return "--against-model needs --world lab";
    if (scenario.lanes.size() != 1)
        return "--against-model compares one setting: add --sticky off or --sticky on";
    return {};
}

int run(const RunOptions& options, std::vector<Assertion> assertions)
{
    const auto read = scenarioFor(options);
    if (!read)
        return refuse(read.error());
    if (const std::string why = notComparable(*read, options); !why.empty())
        return refuse(why);
    addAssertionsOf(*read, options, assertions);
    // "-" has no folder of its own: the current one stands for it.
    const auto folder = std::filesystem::path(options.file).parent_path();
    const auto filled = withArrivals(*read, folder);
    if (!filled)
        return refuse(filled.error());
    const auto scenario = std::make_shared<const Scenario>(*filled);
    const auto jars = readCookieFiles(*scenario, folder);
    if (!jars)
        return refuse(jars.error());
    std::vector<live::LivePlan> plans;
    std::string asked;
    if (options.isLive()) {
        const auto found = livePlansFor(*scenario, options.live, *jars);
        if (!found)
            return refuse(found.error());
        if (const auto refused = refusedForSafety(found->front().target(), options.live))
            return *refused;
        plans = *found;
        asked = addressesOf(plans.front());
    }
    // Names are looked up before anything runs; those of real replicas are not known by then.
    const std::shared_ptr<const Scenario> shown = options.againstModel
        ? std::make_shared<const Scenario>(lab::besideItsModel(*scenario))
        : scenario;
    if (!assertions.empty() && !options.isLive()
        && !understood(assertions, makeVirtualExperiment(shown, {}, *jars).result()))
        return wrongUse;
    const auto recording = recordingFor(options, *shown);
    if (!recording)
        return refuse(recording.error());
    // Who ends it while its balancers still begin leaves nothing behind either.
    watchForInterrupt();
    auto made = experimentOf(options, scenario, std::move(plans), *jars, *recording);
    if (!made && interrupted())
        return done;
    if (!made)
        return refuse(made.error());
    Experiment& experiment = *made;
    const int status = finishRun(experiment, options, assertions, *recording);
    if (!asked.empty() && options.json != "-")
        print(asked);
    const auto lanes = experiment.result().lanes;
    const bool silent = std::all_of(lanes.begin(), lanes.end(),
                                    [](const LaneResult& lane) { return lane.answered == 0; });
    return options.isReal() && silent ? std::max<int>(status, notMet) : status;
}

} // namespace

int runScenario(int argc, char** argv)
{
    RunOptions options;
    CLI::App app("Run a scenario without a window, and print what came out", "stickyscope run");
    app.add_option("FILE", options.file,
                   "The scenario, *.sticky.yaml, or a recording, *.stickyscope")
        ->required();
    app.add_option("--world", options.world,
                   "Where the requests happen: virtual, the model (usual), lab or live")
        ->check(CLI::IsMember({"virtual", "lab", "live"}));
    app.add_option("--sticky", options.sticky, "Replace the file's lanes")
        ->check(CLI::IsMember({"off", "on", "both"}));
    app.add_option("--for", options.duration, "How long, such as 60s");
    app.add_option("--seed", options.seed, "The luck")->check(CLI::NonNegativeNumber);
    app.add_option("--json", options.json, "Write the result to this file; - is standard output");
    app.add_flag("--trace", options.trace, "Add a digest of everything that happened");
    app.add_option("--record", options.record,
                   "Keep everything that happens in this file, *.stickyscope")
        ->check([](const std::string& name) {
            return name.empty() || name == "-" ? "must be a file" : std::string();
        });
    app.add_option("--assert", options.assertions, "A condition, such as 'on.stickiness >= 0.99'");
    app.add_flag("--against-model", options.againstModel,
                 "With --world lab and one lane: the model beside it, and whether they differ by "
                 "more than chance");
    addLabOptions(app, options.lab);
    addLiveOptions(app, options.live);
    app.add_option("--statistics", options.live.statistics,
                   "With --world live the balancer's own statistics, to compare counts with: "
                   "HAProxy's /stats;csv or the path of its socket, Envoy's /clusters, Apache's "
                   "balancer-manager?xml=1, "
                   "nginx's stub_status, or Prometheus metrics");
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
    // Recordings and sockets need Qt's application; a plain run does without.
    const bool played = isRecorded(options.file);
    std::optional<QCoreApplication> application;
    if (played || options.isReal() || !options.record.empty())
        application.emplace(argc, argv);
    return played ? playRecording(app, options, assertions) : run(options, assertions);
}

} // namespace stickyscope::cli
