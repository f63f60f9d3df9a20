// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab_options.h"

#include "app/cli/limit_options.h"

#include <algorithm>

namespace stickyscope::cli {

void addLabOptions(CLI::App& app, LabOptions& options)
{
    app.add_flag("--real-balancer", options.real,
                 "The product's own program balances, not ours: HAProxy, nginx, Traefik, Envoy, "
                 "Caddy or Apache, found on the PATH");
    app.add_option("--program", options.path, "Where that program is; means --real-balancer");
    addLimitOption<lab::ProxyLimits>(
        app, "limit", "In a lab, where first-byte is the product's own, what our balancer",
        options.limits);
    addLimitOption<lab::ReplicaLimits>(app, "replica-limit", "In a lab, what a replica",
                                       options.replicaLimits);
}

std::string tellOptions(const LabOptions& options, lab::LabTerms& terms)
{
    if (options.real || !options.path.empty())
        terms.program = options.path;
    if (terms.program && !options.limits.empty())
        return "--limit is our balancer's: a product's own program has its own";
    const bool waits =
        std::any_of(options.limits.begin(), options.limits.end(),
                    [](const std::string& text) { return text.starts_with("first-byte="); });
    if (waits)
        return "--limit first-byte is the product's in a lab: the scenario's answer-timeout says "
               "otherwise";
    std::string wrong = setLimits(terms.limits, "limit", options.limits);
    return wrong.empty() ? setLimits(terms.replicaLimits, "replica-limit", options.replicaLimits)
                         : wrong;
}

} // namespace stickyscope::cli
