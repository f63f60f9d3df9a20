// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/products/product.h"

#include <nlohmann/json.hpp>

namespace stickyscope::cli {

namespace {

using nlohmann::ordered_json;

std::string listed(std::span<const ProductAlgorithm> algorithms)
{
    std::string text;
    for (const ProductAlgorithm& algorithm : algorithms)
        text.append(text.empty() ? "" : ", ").append(algorithm.name);
    return text;
}

std::string listed(std::span<const Setting> settings)
{
    std::string text;
    for (const Setting& setting : settings) {
        text.append("      ").append(setting.key).append(": ");
        text.append(setting.explanation).append(" Default: ");
        text.append(usualOf(setting)).append(".\n");
    }
    return text;
}

std::string listed(const std::vector<Difference>& differences)
{
    std::string text;
    for (const Difference& difference : differences) {
        text.append("      ").append(difference.id).append(": ").append(difference.what);
        text.append(" ").append(difference.why).append("\n");
    }
    return text;
}

ordered_json jsonOf(const Product& product)
{
    const auto orNull = [](std::string_view text) {
        return text.empty() ? ordered_json() : ordered_json(text);
    };
    ordered_json algorithms = ordered_json::array();
    for (const ProductAlgorithm& algorithm : product.algorithms)
        algorithms.push_back(algorithm.name);
    ordered_json differences = ordered_json::array();
    for (const Difference& one : differencesOf(product))
        differences.push_back({{"id", one.id}, {"what", one.what}, {"why", one.why}});
    return {{"id", product.id},           {"title", product.title},
            {"follows", product.follows}, {"source", product.source},
            {"algorithms", algorithms},   {"documents_only", orNull(product.documentsOnly)},
            {"differences", differences}};
}

std::string rowOf(const Product& product, bool withSettings)
{
    std::string text =
        std::string(product.title) + "  (product: " + std::string(product.id) + ")\n";
    const auto line = [&text](std::string_view name, std::string_view value) {
        std::string label = "  " + std::string(name);
        label.resize(14, ' ');
        text.append(label).append(value).append("\n");
    };
    line("follows", product.follows);
    line("by", product.source);
    line("algorithms", listed(product.algorithms));
    line("measured",
         !product.isProduct                  ? "it is no product: there is nothing to measure"
             : product.documentsOnly.empty() ? "all of it"
                                             : "not all of it:");
    if (!product.documentsOnly.empty())
        line("", product.documentsOnly);
    if (!withSettings)
        return text;
    if (const auto differences = differencesOf(product); !differences.empty())
        text += "  known to differ from the real one\n" + listed(differences);
    if (!product.settings.empty())
        text += "  settings of `balancer`\n" + listed(product.settings);
    if (!product.cookieSettings.empty())
        text += "  settings of `sticky`\n" + listed(product.cookieSettings);
    return text;
}

} // namespace

int listProducts(int argc, char** argv)
{
    std::string only;
    CLI::App app("List the balancers that can be modelled: the version each follows, its "
                 "algorithms, and what of it rests on documents alone",
                 "stickyscope products");
    app.add_option("PRODUCT", only,
                   "This one alone, with its settings, and in what it is known to differ");
    bool json = false;
    app.add_flag("--json", json, "One JSON document: {\"products\": [...]}");
    if (const auto status = parse(app, argc, argv))
        return *status;
    if (!only.empty() && !findProduct(only)) {
        std::string known;
        for (const Product* product : products())
            known.append(known.empty() ? "" : ", ").append(product->id);
        complain("there is no product " + printable(only) + "; there are " + known);
        return wrongUse;
    }
    std::string text;
    ordered_json list = ordered_json::array();
    for (const Product* product : products()) {
        if (!only.empty() && product->id != only)
            continue;
        list.push_back(jsonOf(*product));
        text.append(text.empty() ? "" : "\n").append(rowOf(*product, !only.empty()));
    }
    print(json ? ordered_json {{"products", list}}.dump() + "\n" : text);
    return done;
}

} // namespace stickyscope::cli
