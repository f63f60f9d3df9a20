// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/url.h"
#include "sim/lab/balancer_proxy.h"
#include "sim/model/outcome.h"

#include <optional>
#include <string>
#include <vector>

namespace stickyscope::cli {

/// What `stickyscope balance` was asked for, as it was written.
struct BalanceOptions
{
    std::string file; ///< a scenario: its balancer and replicas; else these four
    std::vector<std::string> servers; ///< "http://127.0.0.1:8001"
    std::string product = "traefik";
    std::string algorithm;
    std::string sticky; ///< "cookie=ws-session,secure=true": keys of a scenario's `sticky`
    bool stickyOff = false;
    std::string checkEvery; ///< "10s"; empty: no active checks
    std::string checkPath;
    std::uint16_t checkPort = 0;
    std::string listen = "localhost:8000"; ///< at both of its addresses
    std::vector<std::string> limits; ///< "connections=6000"
    std::vector<std::string> permitted; ///< hosts of servers beyond this machine
};

struct BalancePlan
{
    lab::ProxySettings settings;
    std::vector<lab::Backend> backends;
    QHostAddress address;
    bool bothLoopbacks = false; ///< [::1] beside `address`
    std::uint16_t port = 0;
    std::vector<std::string> permitted; ///< hosts of servers beyond this machine
    std::string stranger; ///< a server's host beyond this machine that nobody permitted; or empty
};

/// One line that says what is wrong with them, or what to do.
Outcome<BalancePlan> planOf(const BalanceOptions& options);

/// Where a server is, as --to and orders name it: "http://HOST:PORT", and nothing more.
std::optional<http::Url> serverAt(const std::string& address);

} // namespace stickyscope::cli
