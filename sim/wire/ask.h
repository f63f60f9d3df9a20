// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/http_connection.h"

#include <functional>
#include <string>

namespace stickyscope::wire {

/// Sends one request and waits for its end, in an event loop of its own on the calling thread.
/// Looks in between whether to stop; then the connection is aborted.
Exchange ask(HttpConnection& connection, const http::RequestHead& head, const std::string& body,
             const std::function<bool()>& stopAsked);

} // namespace stickyscope::wire
