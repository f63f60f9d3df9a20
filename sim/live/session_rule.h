// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/outcome.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::live {

/// What in an answer of a real service says that the replica did not know the client's session.
/// Without a rule that is not visible from outside, and never guessed.
class SessionRule
{
public:
    /// "status:401,403", "redirect:/login" (the Location's path begins so), "engine.io" (400 with
    /// code 1), "signalr" and "mcp" (404), "cookie:NAME" (the answer gives it a new value),
    /// "missing:TEXT" (the answer's body lacks it).
    static Outcome<SessionRule> parse(std::string_view text);

    /// `cookiesSent`: the request's Cookie field.
    bool broken(const http::ResponseHead& head, std::string_view body,
                std::string_view cookiesSent) const;

private:
    enum class Kind : std::uint8_t
    {
        status,
        redirect,
        engineIo,
        cookie,
        missing
    };

    Kind m_kind = Kind::status;
    std::vector<int> m_statuses;
    std::string m_text;
};

/// Whether any of the rules says so.
bool brokenBy(const std::vector<SessionRule>& rules, const http::ResponseHead& head,
              std::string_view body, std::string_view cookiesSent);

} // namespace stickyscope::live
