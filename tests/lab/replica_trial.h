// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_server.h"
#include "sim/live/request_marks.h"
#include "sim/model/replica_faults.h"
#include "tests/lab/asking.h"

#include <QHostAddress>

#include <doctest/doctest.h>
#include <string>

namespace stickyscope::test {

inline wire::Endpoint endpointOf(const lab::ReplicaServer& server)
{
    return endpointAt("http://127.0.0.1:" + std::to_string(server.port()));
}

inline http::RequestHead request(const std::string& method, const std::string& target,
                                 const http::Fields& fields = {})
{
    http::RequestHead head {.method = method, .target = target, .fields = fields};
    head.fields.add("Host", "127.0.0.1");
    return head;
}

/// As our own clients mark theirs: "client ordinal kind", and the session's name or "new".
inline http::Fields marked(const std::string& number, const std::string& session)
{
    http::Fields fields;
    fields.add(live::requestMark, number);
    fields.add(live::sessionMark, session);
    return fields;
}

inline wire::Exchange ask(const lab::ReplicaServer& server, const http::RequestHead& head,
                          const std::string& body = {})
{
    return Asked(endpointOf(server), head, body).end();
}

inline lab::ReplicaMake make(const std::string& name)
{
    lab::ReplicaMake result;
    result.spec.name = name;
    result.spec.serviceTime = {};
    return result;
}

/// One with so many slots and places in its queue.
inline lab::ReplicaMake serving(Duration serviceTime, int slotCount, int queue)
{
    lab::ReplicaMake replica = make("server-1");
    replica.spec.serviceTime = {.mean = serviceTime};
    replica.spec.slotCount = slotCount;
    replica.spec.queue = queue;
    return replica;
}

inline void start(lab::ReplicaServer& server)
{
    REQUIRE(server.listen(QHostAddress::LocalHost, 0) == "");
}

inline void begin(lab::ReplicaServer& server, Intervention::Kind kind)
{
    server.begin(usualFault(*findFault(kind)), Instant {});
}

inline const http::RequestHead hostname = request("GET", "/hostname");
inline const http::RequestHead health = request("GET", "/healthz");

} // namespace stickyscope::test
