// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_event.h"

#include <map>
#include <string>
#include <tuple>

namespace stickyscope::lab {

/// Tells apart who asks a lab's balancer beside our own clients: terminals, browsers, scripts. One
/// visitor for each source address, program (the first word of User-Agent up to its version; where
/// there is none, whether it opens a WebSocket as programs do) and jar. A jar is known by the
/// cookie that the page for browsers sets; who keeps no cookies, or never opens the page, is one
/// visitor for each address and program, in however many terminals.
class Visitors
{
public:
    static constexpr std::size_t most = 60; ///< the rest is one more, "others"

    struct Visitor
    {
        std::size_t number = 0; ///< from 0, in the order of their first requests
        std::string name; ///< "curl", "browser-2", "WebSocket client"
        ClientKind kind = ClientKind::rest;
    };

    /// `source`: address and port. `event`: what the replica was told; empty where none was asked.
    const Visitor& find(const std::string& source, const ReplicaEvent& event);

private:
    using Key = std::tuple<std::string, std::string, std::string>; ///< address, program, jar

    std::map<Key, Visitor> m_visitors;
    std::map<std::string, int> m_counts; ///< by program
};

} // namespace stickyscope::lab
