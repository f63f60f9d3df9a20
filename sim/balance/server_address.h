// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"

#include <string_view>

namespace stickyscope {

/// Host and port of a replica, as it stands in a balancer's configuration: "10.0.0.1:8000" of
/// "http://10.0.0.1:8000". What most balancers hash as a server's identity.
inline std::string_view serverAddress(const ReplicaView& replica)
{
    std::string_view url = replica.url;
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    return url.substr(0, url.find('/'));
}

} // namespace stickyscope
