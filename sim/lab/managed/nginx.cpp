// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"
#include "sim/lab/managed/text_of.h"

#include <csignal>
#include <sstream>

namespace stickyscope::lab {

namespace {

std::vector<std::string> arguments(const ManagedRun& run)
{
    return {"-p", run.folder.string(), "-c", (run.folder / "nginx.conf").string(), "-e", "stderr"};
}

std::string apply(ManagedRun& run, std::size_t)
{
    run.processes.back()->signal(SIGHUP);
    return {};
}

// A worker of the version before takes connections until it says in its title that it ends.
bool hasOneWorker(long long master)
{
    const std::string process = std::to_string(master);
    std::istringstream workers(textOf("/proc/" + process + "/task/" + process + "/children"));
    int taking = 0;
    for (long long worker = 0; workers >> worker;) {
        const std::string title = textOf("/proc/" + std::to_string(worker) + "/cmdline");
        taking += title.find("shutting down") == std::string::npos ? 1 : 0;
    }
    return taking == 1;
}

// Each version of the file says its number on the status page.
bool settled(const ManagedRun& run)
{
    if (!hasOneWorker(run.processes.back()->id()))
        return false;
    const auto page = askAdmin(run, "GET", "/status");
    const std::string* version = page ? page->fields.find("X-Configuration") : nullptr;
    return version && *version == std::to_string(run.site.version) && listens(run);
}

// "200 10.0.0.1:80, 10.0.0.2:80": the last one answered.
std::string lastAddress(const std::string& line)
{
    const auto space = line.rfind(' ');
    return space == std::string::npos ? "" : line.substr(space + 1);
}

Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    return countLines(run, "requests.log", lastAddress);
}

} // namespace

// Told to end at once, it takes its workers with it; killed, it could not.
constexpr ManagedProduct managedNginx {
    "nginx", "nginx", "Debian's package nginx", "nginx", SIGTERM, true, arguments, apply,
    settled, counts};

} // namespace stickyscope::lab
