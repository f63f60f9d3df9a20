// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/client_spec.h"
#include "sim/model/ids.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stickyscope {

/// Where the requests of a kind of clients name the session that a replica has begun for them, so
/// that balancers may hash it or look it up.
struct SessionPlace
{
    enum class In : std::uint8_t
    {
        nowhere, ///< in the application's cookie, if anywhere
        header, ///< of requests, and of the answer that begins the session
        query ///< of requests; the answer that begins it names it in its body
    };

    In in = In::nowhere;
    std::string_view name {}; ///< of the header or the parameter
};

/// `Mcp-Session-Id` (Model Context Protocol, Streamable HTTP), SignalR's `id` (its transport
/// protocol, after negotiate), Engine.IO's `sid`.
SessionPlace sessionPlaceOf(ClientKind kind);

/// The name that a replica gives to the session which this request begins: another one at each.
std::string nameOfSession(ClientIndex client, std::uint32_t ordinal, std::string_view replica);

/// The target with one more parameter behind those that it has.
std::string withParameter(std::string_view target, std::string_view name, std::string_view value);

} // namespace stickyscope
