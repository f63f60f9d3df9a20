// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

namespace stickyscope::lab {

class ReplicaConnection;
class ReplicaSocket;

/// /sse: server-sent events (HTML, 9.2), one a second, each with the replica's name and its number
/// from 1, until the client goes.
void streamEvents(ReplicaConnection& connection, const std::string& hostname);

/// /streaming: answers each message with {"hostname": ..., "topic": ..., "count": n}; `topic` is
/// the message's own field, null without. Calls `noted` with each number.
void answerMessages(ReplicaSocket& socket, const std::string& hostname,
                    const std::function<void(int)>& noted);

/// /streaming?mode=echo: gives back what comes, text or binary, for conformance tools.
void echoMessages(ReplicaSocket& socket);

} // namespace stickyscope::lab
