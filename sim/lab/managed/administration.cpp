// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"

#include "sim/wire/ask.h"

#include <QLocalSocket>
#include <QTcpSocket>

#include <fstream>
#include <map>

namespace stickyscope::lab {

namespace {

constexpr int waitMilliseconds = 2000;

} // namespace

std::optional<Page> askAdmin(const ManagedRun& run, const std::string& method,
                             const std::string& target, const std::string& body,
                             const http::Fields& fields)
{
    wire::Endpoint endpoint;
    endpoint.url.host = "127.0.0.1";
    endpoint.url.port = run.site.adminPort;
    endpoint.answerMilliseconds = waitMilliseconds;
    wire::HttpConnection connection(endpoint, nullptr);
    http::RequestHead head {.method = method, .target = target, .fields = fields};
    head.fields.set("Host", "127.0.0.1:" + std::to_string(run.site.adminPort));
    if (!body.empty())
        head.fields.set("Content-Length", std::to_string(body.size()));
    const wire::Exchange exchange = wire::ask(connection, head, body, [] { return false; });
    if (exchange.failure != Failure::none)
        return std::nullopt;
    return Page {exchange.head.status, exchange.body, exchange.head.fields};
}

bool listens(const ManagedRun& run)
{
    QTcpSocket socket;
    socket.connectToHost(QString::fromStdString(run.site.listen), run.site.port);
    return socket.waitForConnected(waitMilliseconds);
}

std::optional<std::string> askSocket(const std::filesystem::path& socket,
                                     const std::string& command)
{
    QLocalSocket line;
    line.connectToServer(QString::fromStdString(socket.string()));
    if (!line.waitForConnected(waitMilliseconds))
        return std::nullopt;
    line.write((command + "\n").c_str());
    std::string answer;
    // It closes the line behind its answer.
    while (line.state() == QLocalSocket::ConnectedState && line.waitForReadyRead(waitMilliseconds))
        answer += line.readAll().toStdString();
    return answer + line.readAll().toStdString();
}

Outcome<std::vector<ServerCount>>
countLines(const ManagedRun& run, const std::string& file,
           const std::function<std::string(const std::string& line)>& addressIn)
{
    std::map<std::string, std::uint64_t> lines;
    std::ifstream log(run.folder / file);
    if (!log)
        return Outcome<std::vector<ServerCount>>::failure(file + " cannot be read");
    for (std::string line; std::getline(log, line);)
        ++lines[addressIn(line)];
    std::vector<ServerCount> counts;
    for (const ReplicaSpec& replica : run.scenario.replicas)
        counts.push_back({.name = replica.name, .requests = lines[replica.address]});
    return counts;
}

} // namespace stickyscope::lab
