// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compose files, whose labels are read as Traefik reads them. What became a scenario can be written
// as one, and read again.
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/import/import_compose.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ComposeImport read = importCompose(fuzz::textOf(data, size), "f");
    fuzz::require(read.scenario.has_value() != !read.errors.empty());
    if (read.scenario)
        fuzz::require(static_cast<bool>(readScenario(writeScenario(*read.scenario), "f")));
    return 0;
}
