// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_message.h"

#include "sim/http/cookie.h"
#include "sim/http/field_list.h"
#include "sim/http/reason_phrase.h"

#include <algorithm>

namespace stickyscope::lab {

std::string_view ReplicaRequest::query(std::string_view key) const
{
    const auto mark = head.target.find('?');
    std::string_view left = mark == std::string::npos
        ? std::string_view {}
        : std::string_view(head.target).substr(mark + 1);
    while (!left.empty()) {
        const auto end = std::min(left.find('&'), left.size());
        const std::string_view pair = left.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) == key)
            return pair.substr(std::min(equals + 1, pair.size()));
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return {};
}

std::string_view ReplicaRequest::cookie(std::string_view name) const
{
    return http::cookieValue(head.fields, name).value_or(std::string_view());
}

bool ReplicaRequest::asksForWebSocket() const
{
    return head.method == "GET" && !http10 && body.empty()
        && http::lists(head.fields, "Upgrade", "websocket")
        && http::lists(head.fields, "Connection", "upgrade");
}

ReplicaAnswer errorAnswer(int status)
{
    ReplicaAnswer answer {.status = status,
                          .body =
                              R"({"error":")" + std::string(http::reasonPhrase(status)) + "\"}"};
    if (status == 426) {
        answer.fields.add("Upgrade", "websocket");
        answer.fields.add("Connection", "Upgrade");
        answer.fields.add("Sec-WebSocket-Version", "13");
    }
    return answer;
}

} // namespace stickyscope::lab
