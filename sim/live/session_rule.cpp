// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/session_rule.h"

#include "sim/http/cookie.h"
#include "sim/http/url.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stickyscope::live {

namespace {

Outcome<SessionRule> wrong(std::string_view text)
{
    return Outcome<SessionRule>::failure(
        "'" + std::string(text)
        + "' is no rule for a broken session; allowed are status:401,403, redirect:/login, "
          "engine.io, signalr, mcp, cookie:NAME and missing:TEXT");
}

// Engine.IO's "Session ID unknown" (engine.io, server.ts).
bool saysUnknownSession(std::string_view body)
{
    const auto document = nlohmann::json::parse(body, nullptr, false);
    return document.is_object() && document.contains("code") && document["code"] == 1;
}

std::string_view valueOf(std::string_view cookies, std::string_view name)
{
    for (const http::CookiePair& pair : http::parseCookieField(cookies)) {
        if (pair.name == name)
            return pair.value;
    }
    return {};
}

bool getsNewValue(const http::ResponseHead& head, const std::string& name,
                  std::string_view cookiesSent)
{
    const std::string_view before = valueOf(cookiesSent, name);
    if (before.empty())
        return false;
    const auto fields = head.fields.all("Set-Cookie");
    return std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
        const auto cookie = http::parseSetCookie(field);
        return cookie && cookie->name == name && cookie->value != before;
    });
}

bool redirectsTo(const http::ResponseHead& head, const std::string& path)
{
    const std::string* location = head.fields.find("Location");
    if (head.status < 300 || head.status >= 400 || !location)
        return false;
    const auto url = http::resolve(http::Url {}, *location);
    return url && url->path.starts_with(path);
}

} // namespace

Outcome<SessionRule> SessionRule::parse(std::string_view text)
{
    SessionRule rule;
    if (text == "engine.io") {
        rule.m_kind = Kind::engineIo;
        return rule;
    }
    if (text == "signalr" || text == "mcp") {
        rule.m_statuses = {404};
        return rule;
    }
    const auto colon = text.find(':');
    const std::string_view kind = text.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (value.empty())
        return wrong(text);
    rule.m_text = value;
    if (kind == "status") {
        const char* at = value.data();
        const char* const end = at + value.size();
        while (at < end) {
            int status = 0;
            const auto [next, error] = std::from_chars(at, end, status);
            if (error != std::errc {} || status < 200 || status > 599
                || (next < end && *next != ','))
                return wrong(text);
            rule.m_statuses.push_back(status);
            at = next + 1;
        }
        return rule;
    }
    if (kind == "redirect" && value.starts_with('/'))
        rule.m_kind = Kind::redirect;
    else if (kind == "cookie")
        rule.m_kind = Kind::cookie;
    else if (kind == "missing")
        rule.m_kind = Kind::missing;
    else
        return wrong(text);
    return rule;
}

bool SessionRule::broken(const http::ResponseHead& head, std::string_view body,
                         std::string_view cookiesSent) const
{
    switch (m_kind) {
    case Kind::status:
        return std::find(m_statuses.begin(), m_statuses.end(), head.status) != m_statuses.end();
    case Kind::redirect:
        return redirectsTo(head, m_text);
    case Kind::engineIo:
        return head.status == 400 && saysUnknownSession(body);
    case Kind::cookie:
        return getsNewValue(head, m_text, cookiesSent);
    case Kind::missing:
        return body.find(m_text) == std::string_view::npos;
    }
    return false;
}

bool brokenBy(const std::vector<SessionRule>& rules, const http::ResponseHead& head,
              std::string_view body, std::string_view cookiesSent)
{
    return std::any_of(rules.begin(), rules.end(), [&](const SessionRule& rule) {
        return rule.broken(head, body, cookiesSent);
    });
}

} // namespace stickyscope::live
