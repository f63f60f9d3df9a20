// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"
#include "sim/lab/managed/text_of.h"

#include <csignal>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

std::vector<std::string> arguments(const ManagedRun&)
{
    return {"run", "--adapter", "caddyfile", "--config", "Caddyfile"};
}

// Its administration reads a Caddyfile, and answers when it is in force.
std::string apply(ManagedRun& run, std::size_t)
{
    const std::string text = textOf(run.folder / "Caddyfile");
    http::Fields fields;
    fields.set("Content-Type", "text/caddyfile");
    const auto page = askAdmin(run, "POST", "/load", text, fields);
    if (!page)
        return "Caddy's administration does not answer";
    return page->status == 200 ? "" : "Caddy says: " + page->body;
}

bool settled(const ManagedRun& run)
{
    return askAdmin(run, "GET", "/config/admin") && listens(run);
}

std::string addressIn(const std::string& line)
{
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    const bool answer = entry.is_object() && entry.value("msg", "") == "upstream roundtrip"
        && !entry.contains("error");
    return answer ? entry.value("upstream", "") : "";
}

Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    return countLines(run, "upstreams.log", addressIn);
}

} // namespace

constexpr ManagedProduct managedCaddy {
    "caddy", "caddy", "Debian's package caddy", "caddy", SIGKILL, false, arguments, apply,
    settled, counts};

} // namespace stickyscope::lab
