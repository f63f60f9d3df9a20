// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/time_text.h"
#include "sim/products/product.h"
#include "tests/support/accepted.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <cctype>
#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Where it is a value, and not words for what no value says: as a file writes it.
std::string valueIn(const Setting& setting)
{
    const std::string usual(usualOf(setting));
    switch (setting.type) {
    case Setting::Type::flag:
        return usual == "false" || usual == "true" ? usual : std::string();
    case Setting::Type::whole:
    case Setting::Type::number:
        return std::isdigit(static_cast<unsigned char>(usual.front())) != 0 ? usual : std::string();
    case Setting::Type::time:
        return readTime(usual) ? usual : std::string();
    case Setting::Type::words:
        return hasWord("none off", usual) ? std::string() : "\"" + usual + "\"";
    case Setting::Type::choice: {
        const auto& all = setting.choices;
        return std::find(all.begin(), all.end(), usual) == all.end() ? std::string()
                                                                     : "\"" + usual + "\"";
    }
    case Setting::Type::text:
        // Names of cookies and separators; all else is words.
        return usual == "JSESSIONID" || usual == "." ? "\"" + usual + "\"" : std::string();
    }
    return {};
}

// A server that nobody misses for a while, and some requests too many for it.
std::string ran(const Product& product, std::string_view algorithm, const std::string& ofBalancer,
                const std::string& ofCookie)
{
    std::string yaml = "version: 1\nduration: 8s\norigin: https://app.example\n"
                       "replicas:\n  - {name: a, slots: 1, queue: 2}\n"
                       "  - {name: b, slots: 1, queue: 2}\n  - {name: c}\n"
                       "balancer: {product: ";
    yaml.append(product.id).append(", algorithm: \"").append(algorithm).append("\"");
    yaml += ofBalancer;
    if (product.hasCookie())
        yaml += ", sticky: {" + ofCookie + "}";
    yaml += "}\nclients: [{name: c, kind: browser, count: 5, think-time: {exponential: 400ms}}]\n"
            "timeline: [{at: 2s, stop: b}, {at: 5s, start: b}]\nlanes: [{name: one}]\n";
    return run(scenarioFrom(yaml), std::chrono::seconds(8), true).trace.value();
}

} // namespace

TEST_CASE("What is said to be a setting's default is what happens where nothing is set")
{
    int values = 0;
    for (const Product* product : products()) {
        for (const ProductAlgorithm& algorithm : product->algorithms) {
            // There is none of it in the version that is the default.
            if (test::isRefused({.product = std::string(product->id),
                                 .algorithm = std::string(algorithm.name)}))
                continue;
            const std::string plain = ran(*product, algorithm.name, "", "");
            for (const auto settings : {&Product::settings, &Product::cookieSettings}) {
                for (const Setting& setting : product->*settings) {
                    const std::string value = valueIn(setting);
                    if (value.empty())
                        continue;
                    ++values;
                    CAPTURE(product->id);
                    CAPTURE(algorithm.name);
                    CAPTURE(setting.key);
                    const std::string said = std::string(setting.key) + ": " + value;
                    const bool cookie = settings == &Product::cookieSettings;
                    CHECK(
                        ran(*product, algorithm.name, cookie ? "" : ", " + said, cookie ? said : "")
                        == plain);
                }
            }
        }
    }
    CHECK(values > 1000);
}

TEST_CASE("Each setting has a default, and leaves it to that field to say so")
{
    for (const Product* product : products()) {
        for (const auto settings : {&Product::settings, &Product::cookieSettings}) {
            for (const Setting& setting : product->*settings) {
                CAPTURE(product->id);
                CAPTURE(setting.key);
                CHECK_FALSE(usualOf(setting).empty());
                // The sentence leaves it to the field.
                CHECK(setting.explanation.find("default") == std::string_view::npos);
            }
        }
    }
}
