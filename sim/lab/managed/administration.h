// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/lab/managed/managed_product.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stickyscope::lab {

struct Page
{
    int status = 0;
    std::string body;
    http::Fields fields;
};

/// Asks the run's administration port on loopback; waits at most two seconds. Nothing where
/// nobody answers.
std::optional<Page> askAdmin(const ManagedRun& run, const std::string& method,
                             const std::string& target, const std::string& body = {},
                             const http::Fields& fields = {});
/// Whether somebody listens where the balancer should.
bool listens(const ManagedRun& run);
/// One command to a Unix socket, and all that is answered; nothing where nobody does.
std::optional<std::string> askSocket(const std::filesystem::path& socket,
                                     const std::string& command);

/// Counts the lines of a log by server: `addressIn` gives the address of the one that answered, or
/// an empty text.
Outcome<std::vector<ServerCount>>
countLines(const ManagedRun& run, const std::string& file,
           const std::function<std::string(const std::string& line)>& addressIn);

} // namespace stickyscope::lab
