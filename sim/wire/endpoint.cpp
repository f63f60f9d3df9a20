// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/endpoint.h"

namespace stickyscope::wire {

std::pair<std::string, std::uint16_t> Endpoint::destination() const
{
    for (const Redirection& one : redirections) {
        const bool host = one.fromHost.empty() || one.fromHost == url.host;
        const bool port = one.fromPort == 0 || one.fromPort == url.port;
        if (host && port)
            return {one.toHost.empty() ? url.host : one.toHost,
                    one.toPort == 0 ? url.port : one.toPort};
    }
    return {url.host, url.port};
}

} // namespace stickyscope::wire
