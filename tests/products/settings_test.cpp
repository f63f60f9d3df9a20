// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/product.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

using namespace stickyscope;

namespace {

nlohmann::json balancerSchema()
{
    std::ifstream file(STICKYSCOPE_RESOURCES "/scenario.schema.json");
    return nlohmann::json::parse(file)["$defs"]["balancer"]["properties"];
}

nlohmann::json expected(const Setting& setting)
{
    switch (setting.type) {
    case Setting::Type::flag:
        return {{"type", "boolean"}};
    case Setting::Type::whole:
        return {{"type", "integer"},
                {"minimum", static_cast<std::int64_t>(setting.least)},
                {"maximum", static_cast<std::int64_t>(setting.most)}};
    case Setting::Type::number:
        return {{"type", "number"}, {"minimum", setting.least}, {"maximum", setting.most}};
    case Setting::Type::time:
        return {{"$ref", "#/$defs/time"}};
    case Setting::Type::text:
    case Setting::Type::words:
        return {{"$ref", "#/$defs/word"}};
    case Setting::Type::choice:
        return {{"enum", std::vector<std::string>(setting.choices.begin(), setting.choices.end())}};
    }
    return {};
}

void checkAgainst(const nlohmann::json& schema, const std::string& place,
                  const std::vector<const Setting*>& settings,
                  const std::vector<std::string>& common)
{
    for (const Setting* setting : settings) {
        CAPTURE(setting->key);
        CHECK_MESSAGE(
            schema.value(std::string(setting->key), nlohmann::json()) == expected(*setting),
            "resources/scenario.schema.json, " << place << ": \"" << setting->key << "\" must be "
                                               << expected(*setting).dump());
    }
    for (const auto& item : schema.items()) {
        const std::string key = item.key();
        const bool known = std::find(common.begin(), common.end(), key) != common.end()
            || std::any_of(settings.begin(), settings.end(),
                           [&](const Setting* setting) { return setting->key == key; });
        CHECK_MESSAGE(known,
                      "resources/scenario.schema.json, " << place << ": no product has \"" << key
                                                         << "\"");
    }
}

} // namespace

TEST_CASE("The schema knows every product's settings, and no others")
{
    const nlohmann::json schema = balancerSchema();
    checkAgainst(schema, "$defs/balancer/properties", allSettings(),
                 {"name", "weight", "servers", "sessions", "zones", "product", "algorithm",
                  "sticky", "health-check", "answer-timeout", "count", "per"});
    checkAgainst(schema["sticky"]["oneOf"][1]["properties"],
                 "$defs/balancer/properties/sticky/oneOf/1/properties", allCookieSettings(),
                 {"cookie", "path", "domain", "secure", "http-only", "same-site", "max-age"});
}

TEST_CASE("The schema knows every product")
{
    std::ifstream file(STICKYSCOPE_RESOURCES "/scenario.schema.json");
    std::vector<std::string> ids;
    for (const Product* product : products())
        ids.emplace_back(product->id);
    const nlohmann::json known = nlohmann::json::parse(file)["$defs"]["product"]["enum"];
    CHECK_MESSAGE(known == ids,
                  "resources/scenario.schema.json, $defs/product/enum must be "
                      << nlohmann::json(ids).dump());
}

TEST_CASE("A setting means the same in every product that has it")
{
    for (const auto settings : {&Product::settings, &Product::cookieSettings}) {
        std::map<std::string_view, const Setting*> known;
        for (const Product* product : products()) {
            for (const Setting& setting : product->*settings) {
                CAPTURE(product->id);
                CAPTURE(setting.key);
                CHECK_FALSE(setting.explanation.empty());
                const Setting* other = known.try_emplace(setting.key, &setting).first->second;
                // Ranges may differ.
                CHECK(other->type == setting.type);
                CHECK((setting.type != Setting::Type::choice
                       || expected(*other) == expected(setting)));
            }
        }
    }
}
