// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scenarios.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/virtual/virtual_world.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace stickyscope::test {

std::shared_ptr<Scenario> scenarioFrom(const std::string& yaml)
{
    auto scenario = readScenario(yaml, "test");
    if (!scenario)
        throw std::runtime_error(scenario.error());
    return std::make_shared<Scenario>(*scenario);
}

std::string errorOf(const std::string& yaml)
{
    const auto read = readScenario(yaml, "f");
    return read ? std::string() : read.error();
}

std::shared_ptr<Scenario> shipped(const std::string& name)
{
    std::ifstream file(STICKYSCOPE_RESOURCES "/scenarios/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return scenarioFrom(text.str());
}

ExperimentResult run(const std::shared_ptr<const Scenario>& scenario, Duration slice, bool trace)
{
    Experiment experiment = makeVirtualExperiment(scenario, {.trace = trace});
    while (!experiment.finished())
        experiment.advance(slice);
    return experiment.result();
}

std::vector<Observation> allAnswers(const std::shared_ptr<const Scenario>& scenario)
{
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(scenario->duration), recorder);
    std::erase_if(recorder.all,
                  [](const Observation& one) { return one.kind != ObservationKind::answered; });
    return recorder.all;
}

} // namespace stickyscope::test
