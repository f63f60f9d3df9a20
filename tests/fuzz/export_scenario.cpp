// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a scenario holds, each configuration is written or refused; and Traefik's labels say the
// same sticky cookie to who reads them.
#include "sim/export/export_scenario.h"

#include "sim/export/config_format.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/import/import_compose.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto scenario = readScenario(fuzz::textOf(data, size), "f");
    if (!scenario || scenario->replicas.size() > 20)
        return 0;
    for (const std::string_view name : exportTargets()) {
        const auto target = *findExportTarget(name);
        const auto exported = exportScenario(*scenario, scenario->balancer, target);
        if (!exported || target.format->id != "compose" || scenario->balancer.product != "traefik")
            continue;
        const auto back = importCompose(exported->files.front().text, "f");
        fuzz::require(back.scenario && back.scenario->balancer.sticky == scenario->balancer.sticky);
    }
    return 0;
}
