// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/wire/endpoint.h"

#include <QNetworkProxy>

namespace stickyscope::wire {

/// The endpoint's proxy, for a socket that is to go through it (SOCKS, or CONNECT).
QNetworkProxy tunnelFor(const Endpoint& endpoint);
/// The request as a proxy wants it that is asked itself: the whole address, and who asks.
http::RequestHead headForProxy(const http::RequestHead& head, const Endpoint& endpoint);

} // namespace stickyscope::wire
