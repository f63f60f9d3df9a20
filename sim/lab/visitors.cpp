// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/visitors.h"

#include <algorithm>
#include <cctype>

namespace stickyscope::lab {

namespace {

constexpr std::size_t longestName = 24;
constexpr const char* socketClient = "WebSocket client";

// Names are shown: what they are made of comes from outside.
std::string programOf(const ReplicaEvent& event)
{
    if (event.agent.starts_with("Mozilla/"))
        return "browser";
    std::string program;
    for (const char letter : event.agent) {
        const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-'
            || letter == '_' || letter == '.';
        if (!plain || program.size() == longestName)
            break;
        program += letter;
    }
    if (!program.empty())
        return program;
    // Libraries for programs, such as Node's ws, send no User-Agent, and no Origin either.
    return event.webSocket && !event.origin ? socketClient : "visitor";
}

ClientKind kindOf(const std::string& program)
{
    if (program == "browser")
        return ClientKind::browser;
    if (program == socketClient)
        return ClientKind::websocket;
    return program == "curl" ? ClientKind::curl : ClientKind::rest;
}

} // namespace

const Visitors::Visitor& Visitors::find(const std::string& source, const ReplicaEvent& event)
{
    std::string program = programOf(event);
    Key key {source.substr(0, source.rfind(':')), program, event.visitor};
    if (const auto known = m_visitors.find(key); known != m_visitors.end())
        return known->second;
    if (m_visitors.size() >= most) {
        key = {};
        program = "others";
    }
    const auto [place, added] = m_visitors.try_emplace(key);
    if (!added)
        return place->second;
    const int number = ++m_counts[program];
    place->second = {.number = m_visitors.size() - 1,
                     .name = number == 1 ? program : program + "-" + std::to_string(number),
                     .kind = kindOf(program)};
    return place->second;
}

} // namespace stickyscope::lab
