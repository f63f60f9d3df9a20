// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"
#include "sim/lab/managed/text_of.h"

#include <QLocalSocket>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

namespace stickyscope::lab {

namespace {

std::filesystem::path socketOf(const ManagedRun& run)
{
    return run.folder / "haproxy.sock";
}

// Until its prompt comes, with which an answer ends.
std::string readAnswer(QLocalSocket& line)
{
    constexpr int waitMilliseconds = 1000;
    QByteArray answer;
    while (!answer.endsWith("> ") && line.waitForReadyRead(waitMilliseconds))
        answer += line.readAll();
    return answer.toStdString();
}

// A line that stays open: as long as it does, the process at its end stays, and answers. Null where
// there is none.
std::shared_ptr<QLocalSocket> holdLine(const std::filesystem::path& socket)
{
    auto line = std::make_shared<QLocalSocket>();
    line->connectToServer(QString::fromStdString(socket.string()));
    if (!line->waitForConnected())
        return nullptr;
    line->write("prompt\n");
    readAnswer(*line);
    return line;
}

std::vector<std::string> arguments(const ManagedRun& run)
{
    std::vector<std::string> words {"-db", "-f", "haproxy.cfg"};
    // The one that was in charge ends when its connections do.
    if (!run.processes.empty())
        words.insert(words.end(), {"-sf", std::to_string(run.processes.back()->id())});
    return words;
}

std::string sayState(const ManagedRun& run, std::size_t server)
{
    constexpr std::array<const char*, 3> words {"ready", "drain", "maint"};
    const auto& orders = run.site.orders;
    const ServerOrder order = server < orders.size() ? orders[server] : ServerOrder::ready;
    const auto said = askSocket(socketOf(run),
                                "set server app/" + run.scenario.replicas[server].name + " state "
                                    + words[static_cast<std::size_t>(order)]);
    if (!said)
        return "HAProxy's socket does not answer";
    return said->find_first_not_of(" \n") == std::string::npos ? "" : "HAProxy says: " + *said;
}

bool settled(const ManagedRun& run)
{
    const auto info = askSocket(socketOf(run), "show info");
    return info
        && info->find("\nPid: " + std::to_string(run.processes.back()->id()) + "\n")
        != std::string::npos
        && listens(run);
}

std::vector<std::string> fieldsOf(const std::string& line)
{
    std::vector<std::string> fields;
    std::istringstream text(line);
    for (std::string field; std::getline(text, field, ',');)
        fields.push_back(field);
    return fields;
}

// "show stat": CSV with a line of names (management guide 9.1).
std::vector<ServerCount> countsIn(const std::string& table)
{
    std::istringstream text(table);
    std::string line;
    std::getline(text, line);
    const auto names = fieldsOf(line);
    const auto column = [&names](std::string_view name) {
        return static_cast<std::size_t>(std::find(names.begin(), names.end(), name)
                                        - names.begin());
    };
    const std::size_t server = column("svname");
    const std::size_t sessions = column("stot");
    const std::size_t state = column("status");
    std::vector<ServerCount> result;
    while (std::getline(text, line)) {
        const auto fields = fieldsOf(line);
        if (fields.size() <= std::max({server, sessions, state}) || fields.front() != "app"
            || fields[server] == "BACKEND")
            continue;
        result.push_back({fields[server], numberIn(fields[sessions]), fields[state]});
    }
    return result;
}

// 2.6 takes no cookie for a server that is added while it runs: a new process reads the file, and
// what was asked of the servers from another one, before it takes its first request.
std::string reload(ManagedRun& run)
{
    const auto states = askSocket(socketOf(run), "show servers state");
    if (!states)
        return "HAProxy's socket does not answer";
    std::ofstream file(run.folder / "haproxy.state", std::ios::trunc);
    file << *states;
    file.close();
    if (!file)
        return "haproxy.state cannot be written";
    auto former = holdLine(socketOf(run));
    auto next = std::make_unique<ManagedProcess>(run.program, arguments(run), run.folder, SIGKILL);
    if (std::string error = next->start(); !error.empty())
        return error;
    run.former = std::move(former);
    run.processes.push_back(std::move(next));
    return {};
}

// All that it has counted, now that the new one is in charge.
void readFormer(ManagedRun& run)
{
    const auto line = std::exchange(run.former, nullptr);
    if (!line)
        return;
    line->write("show stat\n");
    run.counted.push_back(countsIn(readAnswer(*line)));
}

std::string apply(ManagedRun& run, std::size_t added)
{
    if (added > 0)
        return reload(run);
    readFormer(run);
    for (std::size_t server = 0; server < run.scenario.replicas.size(); ++server) {
        if (std::string error = sayState(run, server); !error.empty())
            return error;
    }
    return {};
}

// Each process counts for itself, from its own beginning.
Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    using Counts = Outcome<std::vector<ServerCount>>;
    const auto table = askSocket(socketOf(run), "show stat");
    if (!table)
        return Counts::failure("HAProxy's socket does not answer");
    std::vector<ServerCount> all = countsIn(*table);
    for (const auto& process : run.counted) {
        for (const ServerCount& before : process) {
            const auto same = [&](const ServerCount& one) { return one.name == before.name; };
            if (const auto now = std::find_if(all.begin(), all.end(), same); now != all.end())
                now->requests += before.requests;
        }
    }
    return all;
}

} // namespace

constexpr ManagedProduct managedHaproxy {
    "haproxy", "haproxy", "Debian's package haproxy", "haproxy", SIGKILL, true, arguments, apply,
    settled,   counts};

} // namespace stickyscope::lab
