// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/formats/scenario_writer.h"
#include "sim/import/import_compose.h"

#include <filesystem>

namespace stickyscope::cli {

int importConfiguration(int argc, char** argv)
{
    std::string file;
    std::string service;
    CLI::App app("Make a scenario of a compose file: Traefik's labels say the balancer, and deploy "
                 "the replicas. The scenario goes to standard output",
                 "stickyscope import");
    app.add_option("FILE", file, "The compose file; - is standard input")->required();
    app.add_option("--service", service, "Traefik's service, where the labels name several");
    if (const auto status = parse(app, argc, argv))
        return *status;
    const auto text = readFile(file);
    if (!text) {
        complain(text.error());
        return wrongUse;
    }
    const std::string name = std::filesystem::path(file).filename().string();
    const ComposeImport imported = importCompose(*text, name, service);
    for (const std::string& error : imported.errors)
        complain(error);
    for (const std::string& note : imported.notes)
        complain(note);
    if (!imported.scenario)
        return wrongUse;
    print(writeScenario(*imported.scenario));
    return done;
}

} // namespace stickyscope::cli
