// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stickyscope::http {

/// An http, https, ws or wss address, taken apart (RFC 3986; ws: RFC 6455 3). The host is in
/// lower case, an IPv6 host without its brackets; the fragment is dropped.
struct Url
{
    std::string scheme = "http";
    std::string userInfo; ///< "name:password", still percent-encoded
    std::string host;
    std::uint16_t port = 80;
    std::string path = "/"; ///< never empty
    std::string query; ///< without the question mark

    bool secure() const { return scheme == "https" || scheme == "wss"; }
    bool hasDefaultPort() const { return port == (secure() ? 443 : 80); }
    /// What a Host field holds: the port only where it is not the scheme's own.
    std::string authority() const;
    /// Path and query, as the request line has them.
    std::string target() const;
    std::string text() const;

    bool operator==(const Url&) const = default;
};

/// Empty with a reason in `why` where `text` is no address. "localhost:8000/x" means http.
std::optional<Url> parseUrl(std::string_view text, std::string* why = nullptr);

/// Of what a Host field holds. An address of IPv6 keeps its brackets.
std::string_view withoutPort(std::string_view authority);

/// With each "%41" replaced by its octet; what is no such triplet stays (RFC 3986 2.1).
std::string percentDecoded(std::string_view text);

/// An address in numbers: IPv4 in dotted form, or IPv6 without brackets.
bool isIpAddress(std::string_view host);

/// Follows a relative or absolute reference such as a Location field's (RFC 3986 5.2).
std::optional<Url> resolve(const Url& base, std::string_view reference);

} // namespace stickyscope::http
