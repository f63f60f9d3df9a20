// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/balance_options.h"

#include "app/cli/console.h"
#include "app/cli/limit_options.h"
#include "app/cli/spec_options.h"
#include "sim/formats/yaml_text.h"
#include "sim/http/secrets.h"
#include "sim/http/url.h"

#include <algorithm>
#include <charconv>

namespace stickyscope::cli {

namespace {

using Plan = Outcome<BalancePlan>;

// "127.0.0.1:8000", "[::1]:8000", "localhost:0". What is wrong, or nothing.
std::string readListen(const std::string& text, BalancePlan& plan)
{
    std::string wrong =
        "--listen must be an address and a port, such as 127.0.0.1:8000, not '" + text + "'";
    const auto colon = text.rfind(':');
    if (colon == std::string::npos)
        return wrong;
    std::string host = text.substr(0, colon);
    const char* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data() + colon + 1, end, plan.port);
    if (error != std::errc {} || read != end)
        return wrong;
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host == "localhost") {
        host = "127.0.0.1";
        plan.bothLoopbacks = true;
    }
    plan.address = QHostAddress(QString::fromStdString(host));
    return plan.address.isNull() ? wrong : std::string();
}

// The options as a scenario, so that both are judged by the same rules.
Outcome<Scenario> scenarioOf(const BalanceOptions& options)
{
    using Result = Outcome<Scenario>;
    std::string replicas;
    int number = 0;
    for (const std::string& server : options.servers) {
        const auto url = serverAt(server);
        if (!url)
            return Result::failure("--to must name servers as http://HOST:PORT, not '"
                                   + http::wrongWithoutSecrets(server) + "'");
        const bool v6 = url->host.find(':') != std::string::npos;
        const std::string host = v6 ? "[" + url->host + "]" : url->host;
        replicas.append(replicas.empty() ? "" : ", ")
            .append("{name: server-" + std::to_string(++number) + ", address: ")
            .append(yamlScalar(host + ":" + std::to_string(url->port)) + "}");
    }
    if (number == 0)
        return Result::failure("--to URL,URL,... says where the servers are; there is none");
    std::string balancer = "product: " + yamlScalar(options.product);
    if (!options.algorithm.empty())
        balancer += ", algorithm: " + yamlScalar(options.algorithm);
    if (!options.sticky.empty() && !options.stickyOff) {
        const auto sticky = pairsAsYaml("--sticky", options.sticky, "cookie=ws-session");
        if (!sticky)
            return Result::failure(sticky.error());
        balancer += ", sticky: {" + *sticky + "}";
    }
    if (!options.checkEvery.empty())
        balancer += ", health-check: {every: " + yamlScalar(options.checkEvery) + "}";
    return scenarioOfOptions(replicas, balancer);
}

} // namespace

std::optional<http::Url> serverAt(const std::string& address)
{
    auto url = http::parseUrl(address);
    // A fragment is no server's either.
    const bool plain = url && url->scheme == "http" && url->target() == "/" && url->userInfo.empty()
        && address.find('#') == std::string::npos;
    return plain ? url : std::nullopt;
}

Outcome<BalancePlan> planOf(const BalanceOptions& options)
{
    BalancePlan plan;
    if (const std::string wrong = readListen(options.listen, plan); !wrong.empty())
        return Plan::failure(wrong);
    if (const std::string wrong = faultInNames(options.product, options.algorithm);
        options.file.empty() && !wrong.empty())
        return Plan::failure(wrong);
    if (const auto wrong = setLimits(plan.settings.limits, "limit", options.limits); !wrong.empty())
        return Plan::failure(wrong);
    const auto scenario = options.file.empty() ? scenarioOf(options) : loadScenario(options.file);
    if (!scenario)
        return Plan::failure(scenario.error());
    plan.settings.balancer = scenario->balancer;
    plan.settings.seed = scenario->seed;
    if (!scenario->balancer.healthCheck && (!options.checkPath.empty() || options.checkPort != 0))
        return Plan::failure("--check-path and --check-port say how servers are checked, and they "
                             "are not: "
                             + std::string(options.file.empty()
                                               ? "say --check 10s"
                                               : "the scenario has no health-check"));
    plan.permitted = options.permitted;
    plan.settings.check.path = options.checkPath;
    plan.settings.check.port = options.checkPort;
    if (options.stickyOff)
        plan.settings.balancer.sticky.reset();
    for (const ReplicaSpec& replica : scenario->replicas) {
        const auto url = http::parseUrl("http://" + replica.address);
        if (replica.address.empty() || !url)
            return Plan::failure(replica.name + " needs an address, such as 127.0.0.1:8001");
        if (!isPermitted(url->host, options.permitted))
            plan.stranger = url->host;
        plan.backends.push_back({viewOf(replica, replica.address)});
    }
    return plan;
}

} // namespace stickyscope::cli
