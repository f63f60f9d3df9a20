// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/outcome.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stickyscope::live {

/// Who answered, and by what it is known.
struct Identity
{
    std::string name;
    std::string source; ///< "JSON field hostname", "according to the balancer", ...
    bool inBody = true; ///< it follows from the answer's body alone

    bool operator==(const Identity&) const = default;
};

/// The source of a name that was read from the balancer's own cookie.
inline constexpr const char* accordingToTheBalancer = "according to the balancer";

/// Whether an answer of this status says nothing of replicas: a redirect, 401 or 403 may be
/// anybody's, and is never evidence of stickiness.
constexpr bool namesNobody(int status)
{
    return (status >= 300 && status < 400) || status == 401 || status == 403;
}

/// Finds the replica's name in an answer without any agent. With a rule only that is looked at:
/// "json:FIELD" (dots lead deeper), "line:NAME" (a "NAME: value" line), "header:NAME".
class IdentityRule
{
public:
    /// Looks at what replicas commonly say of themselves.
    IdentityRule() = default;
    static Outcome<IdentityRule> parse(std::string_view text);

    std::optional<Identity> identify(const http::ResponseHead& head, std::string_view body) const;

private:
    enum class Kind : std::uint8_t
    {
        any,
        json,
        line,
        header
    };

    Kind m_kind = Kind::any;
    std::string m_name;
};

/// Reads the same few bodies once: replicas tend to say the same again and again.
class IdentityMemory
{
public:
    /// As the rule says, which is always the same one; null where it finds nobody. Good until the
    /// next call.
    const Identity* of(const IdentityRule& rule, const http::ResponseHead& head,
                       std::string_view body);

private:
    static constexpr std::size_t mostBodies = 8;
    static constexpr std::size_t longestBody = 1024;

    std::vector<std::pair<std::string, Identity>> m_known;
    Identity m_unkept;
};

} // namespace stickyscope::live
