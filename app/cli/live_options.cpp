// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/live_options.h"

#include "app/cli/console.h"
#include "app/cli/verbs.h"
#include "sim/live/allowance.h"
#include "sim/live/target_class.h"

#include <CLI/CLI.hpp>
#include <charconv>

namespace stickyscope::cli {

namespace {

// "50/s" reads as 50; what is wrong, or nothing.
std::string readRate(std::string& text)
{
    if (text.ends_with("/s"))
        text.resize(text.size() - 2);
    constexpr double most = 1e6;
    double rate = 0;
    const char* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, rate);
    const bool good = error == std::errc {} && read == end && rate > 0 && rate <= most;
    return good ? std::string() : "must be requests per second, such as 50/s";
}

} // namespace

void addLiveOptions(CLI::App& app, LiveOptions& options)
{
    auto* id = app.add_option("--replica-id", options.replicaId,
                              "Who answered: json:FIELD, line:NAME or header:NAME");
    app.add_option("--identify", options.identify,
                   "A second request that names the replica: GET:/PATH")
        ->excludes(id);
    app.add_option("--sticky-cookie", options.stickyCookie, "Which cookie is the sticky one");
    app.add_option(
        "--broken", options.broken,
        "What says that a session is broken: status:401,403, redirect:/login, engine.io, "
        "signalr, mcp, cookie:NAME or missing:TEXT");
    app.add_option("--rate", options.rate,
                   "Requests per second in all, such as 50/s; without it 20/s at most")
        ->transform(CLI::Validator(readRate, "RATE"));
    app.add_option("--i-may-test", options.permitted,
                   "A host beyond this machine that you may test");
}

Outcome<LiveRules> rulesOf(const LiveOptions& options, const live::Target& target)
{
    using Result = Outcome<LiveRules>;
    LiveRules rules;
    if (!options.replicaId.empty()) {
        const auto identity = live::IdentityRule::parse(options.replicaId);
        if (!identity)
            return Result::failure(identity.error());
        rules.identity = *identity;
    }
    for (const std::string& text : options.broken) {
        const auto rule = live::SessionRule::parse(text);
        if (!rule)
            return Result::failure(rule.error());
        rules.sessions.push_back(*rule);
    }
    if (options.identify.empty())
        return rules;
    if (!options.identify.starts_with("GET:/"))
        return Result::failure("--identify must be GET:/PATH, not '" + options.identify + "'");
    rules.identify = live::atPath(target, std::string_view(options.identify).substr(4));
    if (const std::string fault = live::faultIn(*rules.identify); !fault.empty())
        return Result::failure("--identify: " + fault);
    return rules;
}

double rateOf(const LiveOptions& options)
{
    return options.rate > 0 ? options.rate : live::usualRateInAll;
}

std::optional<int> refusedForSafety(const live::Target& target, const LiveOptions& options)
{
    const std::string host = live::hostToPermit(target);
    if (host.empty() || host == options.permitted)
        return std::nullopt;
    complain(notThisMachine(host, "test"));
    return unsafe;
}

} // namespace stickyscope::cli
