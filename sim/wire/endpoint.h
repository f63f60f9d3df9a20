// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/url.h"

#include <QHostAddress>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::wire {

/// host:port that stands for another one (curl's --resolve and --connect-to).
struct Redirection
{
    std::string fromHost; ///< empty: any
    std::uint16_t fromPort = 0; ///< 0: any
    std::string toHost;
    std::uint16_t toPort = 0; ///< 0: as it was
};

/// Where and how to connect for an address. TLS is verified unless `insecure`.
struct Endpoint
{
    http::Url url;
    std::vector<Redirection> redirections;
    std::optional<http::Url> proxy; ///< with the user's name and password, where it wants them
    bool proxyIsSocks = false; ///< SOCKS5, which resolves the name; else an HTTP proxy
    bool insecure = false;
    std::string caFile;
    std::string trusted; ///< PEM: these certificates, and no others, where it is not empty
    std::string certificateFile;
    std::string keyFile;
    /// Asked for each resolved address before a connection to it; a sentence refuses.
    std::function<std::optional<std::string>(const QHostAddress&)> guard;
    /// The address of this machine that direct connections come from; any where null.
    QHostAddress from;
    int connectMilliseconds = 2000;
    int answerMilliseconds = 10'000;

    /// The host and port to connect to, redirections applied.
    std::pair<std::string, std::uint16_t> destination() const;
    /// An HTTP proxy is asked in the clear, with the whole address in the request line (RFC 9112
    /// 3.2.2); a tunnel through it is for TLS and WebSockets alone, as many allow no other.
    bool asksProxyItself() const { return proxy && !proxyIsSocks && url.scheme == "http"; }
};

} // namespace stickyscope::wire
