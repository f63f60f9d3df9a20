// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/products/cookie_formats.h"
#include "sim/products/product.h"

#include <optional>
#include <string>
#include <vector>

namespace stickyscope::cli {

/// What the verb `cookie` is told.
struct CookieOptions
{
    std::string value;
    std::vector<std::string> replicas; ///< "host:port" or "name=host:port", each an address
    std::string address; ///< whose cookie is wanted, "host:port"
    std::string product;
    std::string algorithm; ///< empty: those that hash cookies
    std::string sticky; ///< KEY=VALUE,...
    std::string settings; ///< likewise
    std::string key;
    std::string name;
    std::string server;
};

bool isAddress(const std::string& text);
/// "host:port", or "name=host:port"; nothing where it is neither.
std::optional<CookieServer> serverOf(const std::string& text);

/// The balancer as these options describe it.
Outcome<BalancerSpec> cookieSpecOf(const CookieOptions& options);
/// Its servers.
ReplicaSet cookieServersOf(const CookieOptions& options);
WallSeconds timeNow();

/// Says where this product sends a request that brings the value. An exit status.
int readCookieOfProduct(const CookieOptions& options, const std::string& value);
/// Where the product's hash leads it, a line for each way; empty where it hashes no cookie.
std::string whereHashLeads(const CookieOptions& options, const std::string& value);
/// Prints the Set-Cookie field that this product writes for a server. An exit status.
int writeCookie(const CookieOptions& options);

} // namespace stickyscope::cli
