// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/site_options.h"
#include "app/cli/verbs.h"
#include "sim/export/export_scenario.h"

#include <filesystem>

namespace stickyscope::cli {

namespace {

struct ExportOptions
{
    std::string file;
    std::string to;
    std::string lane;
    std::string listen = "127.0.0.1:8000";
    std::string folder;
    ExportSite site;
};

std::string knownTargets()
{
    std::string text;
    for (const std::string_view name : exportTargets())
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

// Into a folder, which may not hold files of these names yet.
Outcome<std::string> writeFiles(const Exported& exported, const std::string& folder)
{
    namespace fs = std::filesystem;
    using Written = Outcome<std::string>;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return Written::failure(folder + ": the folder cannot be made");
    for (const ExportedFile& file : exported.files) {
        const std::string path = (fs::path(folder) / file.name).string();
        if (fs::exists(fs::symlink_status(path, error)))
            return Written::failure(path + ": there is such a file already");
    }
    for (const ExportedFile& file : exported.files) {
        if (auto written = writeFile((fs::path(folder) / file.name).string(), file.text); !written)
            return written;
    }
    return folder;
}

int write(const ExportOptions& options, const Exported& exported)
{
    for (const std::string& note : exported.notes)
        complain("not as in the scenario: " + note);
    if (!options.folder.empty()) {
        const auto written = writeFiles(exported, options.folder);
        if (!written) {
            complain(written.error());
            return wrongUse;
        }
        return done;
    }
    for (const ExportedFile& file : exported.files) {
        if (exported.files.size() > 1)
            print("# ---- " + file.name + "\n");
        print(file.text);
    }
    return done;
}

} // namespace

int exportConfiguration(int argc, char** argv)
{
    ExportOptions options;
    CLI::App app(
        "Write the configuration of a real balancer that does what a scenario's does, with "
        "comments; what it cannot say stands on standard error too",
        "stickyscope export");
    app.add_option("FILE", options.file, "The scenario, *.sticky.yaml")->required();
    app.add_option("--to", options.to,
                   "The balancer: " + knownTargets() + "; without it, the scenario's own");
    app.add_option("--lane", options.lane, "The balancer as it is in this lane");
    app.add_option("--listen", options.listen, "Where it listens (127.0.0.1:8000)");
    app.add_option("--admin-port", options.site.adminPort,
                   "Where on this machine it tells figures (8001)")
        ->check(CLI::Range(1, 65535));
    app.add_option("--health-path", options.site.healthPath, "What its checks ask for (/)");
    app.add_option("--output", options.folder, "Write the files into this folder");
    if (const auto status = parse(app, argc, argv))
        return *status;
    const auto refuse = [](const std::string& sentence) {
        complain(sentence);
        return wrongUse;
    };
    if (!readListen(options.listen, 1, options.site))
        return refuse("--listen must be an address in numbers and a port, such as 127.0.0.1:8000, "
                      "not "
                      + options.listen);
    const auto scenario = loadScenario(options.file);
    if (!scenario)
        return refuse(scenario.error());
    const auto chosen = ofLane(*scenario, options.lane);
    if (!chosen)
        return refuse(chosen.error());
    const std::string& wanted = options.to.empty() ? chosen->balancer.product : options.to;
    const auto target = findExportTarget(wanted);
    if (!target)
        return refuse(options.to.empty()
                          ? "there is no configuration to write for " + wanted
                              + ": say with --to which other balancer, one of " + knownTargets()
                          : "--to must be one of " + knownTargets() + ", not " + wanted);
    const auto exported = exportScenario(*chosen, chosen->balancer, *target, options.site);
    if (!exported)
        return refuse(exported.error());
    return write(options, *exported);
}

} // namespace stickyscope::cli
