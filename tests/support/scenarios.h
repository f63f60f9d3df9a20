// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/scenario.h"

#include <memory>
#include <string>
#include <vector>

namespace stickyscope::test {

/// A scenario that must be right.
std::shared_ptr<Scenario> scenarioFrom(const std::string& yaml);
/// What is wrong with one that is not, read from a file "f"; empty where it is right.
std::string errorOf(const std::string& yaml);
/// One that the program ships, by its file's name.
std::shared_ptr<Scenario> shipped(const std::string& name);

/// Keeps all that it is given.
class Recorder final : public ObservationSink
{
public:
    void observe(std::span<const Observation> observations) override
    {
        all.insert(all.end(), observations.begin(), observations.end());
    }

    std::vector<Observation> all;
};

/// Those of all requests of the first lane that were answered, in order.
std::vector<Observation> allAnswers(const std::shared_ptr<const Scenario>& scenario);

/// A whole run, in slices of this length.
ExperimentResult run(const std::shared_ptr<const Scenario>& scenario,
                     Duration slice = std::chrono::seconds(1), bool trace = false);

} // namespace stickyscope::test
