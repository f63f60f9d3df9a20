// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a replica says of requests, and what it takes from them for that.
#include "sim/lab/replica_line.h"

#include "sim/lab/replica_server.h"

#include <utility>

namespace stickyscope::lab {

std::string textOf(const ReplicaLine& line)
{
    std::string text(line.replica);
    text.append(" ").append(line.peer).append(" ");
    if (!line.method.empty())
        text.append(line.method).append(" ").append(line.path).append(" ");
    if (line.status == 0)
        return text.append(line.what);
    text.append(std::to_string(line.status));
    return line.requestId.empty() ? text : text.append(" ").append(line.requestId);
}

// The last address is the one that the balancer itself has seen; it tells no port.
std::string ReplicaServer::sourceOf(const ReplicaRequest& request)
{
    const std::string* field = request.head.fields.find("X-Forwarded-For");
    if (!field)
        return request.peer;
    const auto comma = field->rfind(',');
    const auto begin = field->find_first_not_of(' ', comma == std::string::npos ? 0 : comma + 1);
    return begin == std::string::npos ? request.peer : field->substr(begin) + ":0";
}

void ReplicaServer::log(const std::string& peer, std::string what)
{
    if (m_lines)
        m_lines(
            {.replica = m_face.hostname, .peer = peer, .source = peer, .what = std::move(what)});
}

ReplicaLine ReplicaServer::lineOf(const ReplicaRequest& request) const
{
    const std::string* id = request.head.fields.find("X-Request-Id");
    const Mark mark = markOf(request);
    return {.replica = m_face.hostname,
            .peer = request.peer,
            .source = sourceOf(request),
            .method = request.head.method,
            .path = request.path(),
            .requestId = id ? std::string_view(*id) : std::string_view(),
            .client = mark.ours ? mark.client : noClient,
            .check = request.path() == healthPath,
            .direct = isDirect(request)};
}

void ReplicaServer::log(const ReplicaRequest& request, int status, std::string what)
{
    if (!m_lines)
        return;
    ReplicaLine line = lineOf(request);
    line.status = status;
    line.what = std::move(what);
    m_lines(line);
}

void ReplicaServer::logLater(const ReplicaRequest& request, std::string what)
{
    if (!m_lines)
        return;
    ReplicaLine line = lineOf(request);
    line.method = {};
    line.what = std::move(what);
    m_lines(line);
}

} // namespace stickyscope::lab
