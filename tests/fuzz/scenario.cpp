// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario files. What was understood can be written, and then means the same.
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto scenario = readScenario(fuzz::textOf(data, size), "f");
    if (!scenario)
        return 0;
    const auto again = readScenario(writeScenario(*scenario), "f");
    fuzz::require(again && *again == *scenario);
    return 0;
}
