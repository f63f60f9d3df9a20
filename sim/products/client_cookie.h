// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/described_cookie.h"

// Cookies that name a client, for an algorithm to hash.
namespace stickyscope {

struct ClientCookie
{
    std::string name;
    CookieAttributes attributes;
    const Rule* hashed = nullptr; ///< it brought one
    const Rule* named = nullptr; ///< it gets one
    std::string (*issue)(Draw&) = nullptr; ///< a new client's name
    bool always = false; ///< in every answer, not only where it is new
    bool onOwnErrors = false;
    bool on101 = true;
    bool secureOverTls = false; ///< Secure where the client speaks TLS
    bool renames = false; ///< see StickyPolicy::renames()
};

std::unique_ptr<StickyPolicy> makeClientCookie(ClientCookie cookie);

/// "6fd1…-4…": a random UUID (RFC 9562, version 4).
std::string randomUuid(Draw& draw);

} // namespace stickyscope
