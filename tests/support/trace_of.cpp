// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the digest of everything that happens in a scenario: the same from every compiler.
#include "sim/experiment/experiment.h"
#include "sim/formats/scenario_yaml.h"

#include <fstream>
#include <iostream>
#include <sstream>

int main(int argc, char** argv)
{
    for (int place = 1; place < argc; ++place) {
        std::ostringstream text;
        text << std::ifstream(argv[place]).rdbuf();
        const auto scenario = stickyscope::readScenario(text.str(), argv[place]);
        if (!scenario) {
            std::cerr << scenario.error() << "\n";
            return 2;
        }
        auto experiment = stickyscope::makeVirtualExperiment(
            std::make_shared<stickyscope::Scenario>(*scenario), {.trace = true});
        experiment.advance(scenario->duration);
        std::cout << *experiment.result().trace << "\n";
    }
    return 0;
}
