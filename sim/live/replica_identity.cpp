// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/replica_identity.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace stickyscope::live {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longestName = 100;

// Names that replicas give themselves in JSON, the most telling first.
constexpr std::array<std::string_view, 10> jsonFields {
    "hostname",  "host_name", "pod",      "podName",    "pod_name",
    "container", "server",    "instance", "instanceId", "replica"};
constexpr std::array<std::string_view, 2> lines {"Hostname", "Server name"};
// Fields that name the machine itself; "Server" and "Via" name products.
constexpr std::array<std::string_view, 9> headers {
    "X-Hostname", "X-Served-By",    "X-Backend-Server", "X-Backend",  "X-Upstream",
    "X-Pod-Name", "X-Container-Id", "X-Instance-Id",    "X-Server-Id"};

std::optional<Identity> named(std::string_view name, std::string source)
{
    name = http::trimmed(name);
    if (name.empty() || name.size() > longestName)
        return std::nullopt;
    return Identity {.name = std::string(name), .source = std::move(source)};
}

std::optional<Identity> fromJson(const Json& document, const std::string& path)
{
    const Json* at = &document;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto dot = path.find('.', begin);
        const std::string key = path.substr(begin, dot - begin);
        if (!at->is_object() || !at->contains(key))
            return std::nullopt;
        at = &(*at)[key];
        begin = dot == std::string::npos ? path.size() + 1 : dot + 1;
    }
    if (at->is_string())
        return named(at->get<std::string>(), "JSON field " + path);
    return at->is_number() ? named(at->dump(), "JSON field " + path) : std::nullopt;
}

std::optional<Identity> fromJsonBody(std::string_view body, const std::string& path)
{
    const Json document = Json::parse(body, nullptr, false);
    if (document.is_discarded())
        return std::nullopt;
    if (!path.empty())
        return fromJson(document, path);
    for (const std::string_view field : jsonFields) {
        if (auto found = fromJson(document, std::string(field)))
            return found;
    }
    return std::nullopt;
}

std::optional<Identity> fromLine(std::string_view body, std::string_view name)
{
    while (!body.empty()) {
        const auto end = body.find('\n');
        std::string_view line = body.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos
            && http::equalIgnoringCase(http::trimmed(line.substr(0, colon)), name))
            return named(line.substr(colon + 1), std::string(name) + ": line");
        body = end == std::string_view::npos ? std::string_view {} : body.substr(end + 1);
    }
    return std::nullopt;
}

std::optional<Identity> fromHeader(const http::ResponseHead& head, std::string_view name)
{
    const std::string* value = head.fields.find(name);
    auto found = value ? named(*value, "header " + std::string(name)) : std::nullopt;
    if (found)
        found->inBody = false;
    return found;
}

} // namespace

Outcome<IdentityRule> IdentityRule::parse(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, Kind>, 3> kinds {
        {{"json:", Kind::json}, {"line:", Kind::line}, {"header:", Kind::header}}};
    for (const auto& [prefix, kind] : kinds) {
        if (!text.starts_with(prefix) || text.size() == prefix.size())
            continue;
        IdentityRule rule;
        rule.m_kind = kind;
        rule.m_name = text.substr(prefix.size());
        return rule;
    }
    return Outcome<IdentityRule>::failure(
        "'" + std::string(text)
        + "' is no rule for who answered; allowed are json:FIELD, line:NAME and header:NAME");
}

std::optional<Identity> IdentityRule::identify(const http::ResponseHead& head,
                                               std::string_view body) const
{
    switch (m_kind) {
    case Kind::json:
        return fromJsonBody(body, m_name);
    case Kind::line:
        return fromLine(body, m_name);
    case Kind::header:
        return fromHeader(head, m_name);
    case Kind::any:
        break;
    }
    if (auto found = fromJsonBody(body, {}))
        return found;
    for (const std::string_view line : lines) {
        if (auto found = fromLine(body, line))
            return found;
    }
    for (const std::string_view name : headers) {
        if (auto found = fromHeader(head, name))
            return found;
    }
    return std::nullopt;
}

const Identity* IdentityMemory::of(const IdentityRule& rule, const http::ResponseHead& head,
                                   std::string_view body)
{
    const auto same = std::find_if(m_known.begin(), m_known.end(),
                                   [body](const auto& one) { return one.first == body; });
    if (same != m_known.end())
        return &same->second;
    auto found = rule.identify(head, body);
    if (!found)
        return nullptr;
    if (!found->inBody || body.size() > longestBody) {
        m_unkept = std::move(*found);
        return &m_unkept;
    }
    if (m_known.size() == mostBodies)
        m_known.erase(m_known.begin());
    return &m_known.emplace_back(std::string(body), std::move(*found)).second;
}

} // namespace stickyscope::live
