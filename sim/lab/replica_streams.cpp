// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_streams.h"

#include "sim/lab/replica_connection.h"
#include "sim/lab/replica_socket.h"

#include <memory>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

using Json = nlohmann::json;

namespace {

// What is not UTF-8 in a name is replaced: JSON can hold nothing else.
std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

void streamEvents(ReplicaConnection& connection, const std::string& hostname)
{
    ReplicaAnswer head {.type = "text/event-stream"};
    head.fields.add("Cache-Control", "no-store");
    connection.beginStream(head);
    auto count = std::make_shared<int>(0);
    const auto tell = [&connection, hostname, count] {
        ++*count;
        connection.send("id: " + std::to_string(*count) + "\ndata: "
                        + dumped({{"hostname", hostname}, {"count", *count}}) + "\n\n");
    };
    tell();
    auto* timer = new QTimer(&connection);
    QObject::connect(timer, &QTimer::timeout, &connection, tell);
    timer->start(std::chrono::seconds(1));
}

void answerMessages(ReplicaSocket& socket, const std::string& hostname,
                    const std::function<void(int)>& noted)
{
    auto count = std::make_shared<int>(0);
    QObject::connect(
        &socket, &ReplicaSocket::received, &socket,
        [&socket, hostname, noted, count](const std::string& message, bool) {
            const Json read = Json::parse(message, nullptr, false);
            Json topic;
            if (read.is_object() && read.contains("topic"))
                topic = read["topic"];
            ++*count;
            socket.send(dumped({{"hostname", hostname}, {"topic", topic}, {"count", *count}}));
            noted(*count);
        });
}

void echoMessages(ReplicaSocket& socket)
{
    QObject::connect(
        &socket, &ReplicaSocket::received, &socket,
        [&socket](const std::string& message, bool binary) { socket.send(message, binary); });
}

} // namespace stickyscope::lab
