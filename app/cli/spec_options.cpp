// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/spec_options.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/formats/yaml_text.h"
#include "sim/products/product.h"

#include <algorithm>

namespace stickyscope::cli {

std::string faultInNames(const std::string& product, const std::string& algorithm)
{
    const Product* known = findProduct(product);
    std::string allowed;
    if (!known) {
        for (const Product* one : products())
            allowed.append(allowed.empty() ? "" : ", ").append(one->id);
        return "--product must be one of " + allowed + ", not '" + product + "'";
    }
    if (findAlgorithm(*known, algorithm))
        return {};
    for (const ProductAlgorithm& one : known->algorithms)
        allowed.append(allowed.empty() ? "" : ", ").append(one.name);
    return "--algorithm of " + product + " must be one of " + allowed + ", not '" + algorithm + "'";
}

Outcome<std::string> pairsAsYaml(std::string_view option, std::string_view text,
                                 std::string_view example)
{
    std::string yaml;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const std::string_view pair = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string_view::npos) {
            return Outcome<std::string>::failure(
                std::string(option) + " must be KEY=VALUE,..., such as " + std::string(example)
                + ", not '" + std::string(pair) + "'");
        }
        const std::string_view value = pair.substr(equals + 1);
        const bool word = std::all_of(value.begin(), value.end(), [](char letter) {
            return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z');
        });
        yaml.append(yaml.empty() ? "" : ", ").append(yamlScalar(pair.substr(0, equals)));
        // A word may be a number, a time or true; of the rest nothing but text is meant.
        yaml.append(": ").append(word && !value.empty() ? value : yamlScalar(value));
    }
    return yaml;
}

Outcome<Scenario> scenarioOfOptions(const std::string& replicas, const std::string& balancer)
{
    auto scenario = readScenario("version: 1\nreplicas: [" + replicas + "]\nbalancer: {" + balancer
                                     + "}\nclients: [{name: any, kind: curl}]\n",
                                 "options");
    // Where in that text the fault is, nobody can look up.
    return scenario
        ? std::move(scenario)
        : Outcome<Scenario>::failure(scenario.error().substr(scenario.error().find(' ') + 1));
}

} // namespace stickyscope::cli
