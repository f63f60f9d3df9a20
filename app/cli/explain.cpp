// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/formats/arrival_files.h"
#include "sim/formats/cookie_files.h"
#include "sim/formats/explanation_text.h"
#include "sim/virtual/explanation.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::cli {

namespace {

// Its place among balancersOf(). Complains where there is no balancer of this name.
std::optional<std::size_t> placeNamed(const std::string& name, const Scenario& scenario)
{
    std::vector<std::string> names {"balancer"}; // as timelines call the one in front
    for (const BalancerSpec& balancer : scenario.balancers)
        names.push_back(balancer.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    std::string known;
    for (const std::string& one : names)
        known.append(known.empty() ? "" : ", ").append(one);
    complain("--balancer must be one of " + known + ", not " + printable(name));
    return std::nullopt;
}

} // namespace

int explainRequestVerb(int argc, char** argv)
{
    std::string file;
    std::string laneName;
    std::string balancerName;
    std::uint64_t request = 1;
    CLI::App app(
        "Explain one request of a scenario: what came in, which rule fired, what went out, "
        "and what the other balancers would have done",
        "stickyscope explain");
    app.add_option("FILE", file, "The scenario, *.sticky.yaml")->required();
    app.add_option("--request", request, "Its number, from 1, in the order of sending")
        ->required()
        ->check(CLI::Range(std::uint64_t {1}, std::uint64_t {1'000'000'000}));
    app.add_option("--lane", laneName, "Of this lane (the last one)");
    app.add_option("--balancer", balancerName,
                   "Of several, in whose place the others are asked: its name, or `balancer` for "
                   "the one in front (the one that the client asks)");
    if (const auto status = parse(app, argc, argv))
        return *status;
    auto scenario = loadScenario(file);
    if (!scenario) {
        complain(scenario.error());
        return wrongUse;
    }
    const auto folder = std::filesystem::path(file).parent_path();
    const auto filled = withArrivals(*scenario, folder);
    if (!filled) {
        complain(filled.error());
        return wrongUse;
    }
    const auto shared = std::make_shared<const Scenario>(*filled);
    const auto& lanes = shared->lanes;
    const auto lane = laneName.empty()
        ? lanes.end() - 1
        : std::find_if(lanes.begin(), lanes.end(),
                       [&](const LaneSpec& one) { return one.name == laneName; });
    if (lane == lanes.end()) {
        std::string known;
        for (const LaneSpec& one : lanes)
            known.append(known.empty() ? "" : ", ").append(one.name);
        complain("--lane must be one of " + known + ", not " + printable(laneName));
        return wrongUse;
    }
    const auto jars = readCookieFiles(*shared, folder);
    if (!jars) {
        complain(jars.error());
        return wrongUse;
    }
    const auto index = static_cast<LaneIndex>(lane - lanes.begin());
    ExplanationTerms terms {.jars = *jars};
    if (!balancerName.empty()) {
        terms.balancer = placeNamed(balancerName, *scenarioOf(shared, index));
        if (!terms.balancer)
            return wrongUse;
    }
    const auto explained = explainRequest(shared, index, request, terms);
    if (!explained) {
        complain(explained.error());
        return wrongUse;
    }
    print(explanationText(*explained));
    return done;
}

} // namespace stickyscope::cli
