// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/assertion.h"

#include "sim/http/head.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stickyscope {

namespace {

using Json = nlohmann::ordered_json;

// Follows "replicas.server-1.share": keys of objects, and the names of rows in lists. Names may
// hold dots, so each prefix that fits is tried.
const Json* follow(const Json& from, std::string_view path)
{
    if (path.empty())
        return &from;
    if (from.is_object()) {
        for (const auto& [key, value] : from.items()) {
            if (path == key)
                return &value;
            if (path.starts_with(key) && path[key.size()] == '.') {
                if (const Json* found = follow(value, path.substr(key.size() + 1)))
                    return found;
            }
        }
        return nullptr;
    }
    if (!from.is_array())
        return nullptr;
    for (const Json& row : from) {
        const auto name = row.value("name", std::string {});
        if (!name.empty() && path.starts_with(name + ".")) {
            if (const Json* found = follow(row, path.substr(name.size() + 1)))
                return found;
        }
    }
    return nullptr;
}

bool holds(double value, const std::string& comparison, double bound)
{
    if (comparison == "<")
        return value < bound;
    if (comparison == "<=")
        return value <= bound;
    if (comparison == ">")
        return value > bound;
    if (comparison == ">=")
        return value >= bound;
    return comparison == "==" ? value == bound : value != bound;
}

} // namespace

Outcome<Assertion> Assertion::parse(std::string_view text)
{
    static constexpr std::array<std::string_view, 6> operators {"<=", ">=", "==", "!=", "<", ">"};
    Assertion result;
    result.m_text = text;
    for (const std::string_view comparison : operators) {
        const auto place = text.find(comparison);
        if (place == std::string_view::npos)
            continue;
        result.m_path = http::trimmed(text.substr(0, place));
        result.m_operator = comparison;
        const std::string_view right = http::trimmed(text.substr(place + comparison.size()));
        const auto [end, error] =
            std::from_chars(right.data(), right.data() + right.size(), result.m_bound);
        if (error != std::errc {} || end != right.data() + right.size() || result.m_path.empty())
            break;
        return result;
    }
    return Outcome<Assertion>::failure("the assertion '" + result.m_text
                                       + "' must be like 'on.stickiness >= 0.99'");
}

Outcome<bool> Assertion::check(const std::string& json) const
{
    const Json document = Json::parse(json);
    bool named = false;
    for (const Json& lane : document["lanes"]) {
        const auto name = lane.value("name", std::string {});
        const bool ofThisLane = m_path.starts_with(name + ".");
        named = named || ofThisLane;
    }
    bool checked = false;
    for (const Json& lane : document["lanes"]) {
        const auto name = lane.value("name", std::string {});
        std::string_view path = m_path;
        if (named && !path.starts_with(name + "."))
            continue;
        if (named)
            path.remove_prefix(name.size() + 1);
        const Json* found = follow(lane, path);
        if (!found || found->is_object() || found->is_array() || found->is_string())
            return Outcome<bool>::failure("'" + m_text + "' names nothing that lane " + name
                                          + " has");
        checked = true;
        if (!found->is_number())
            return Outcome<bool>::failure("'" + m_text + "' does not hold: " + name
                                          + " has no value for it");
        if (!holds(found->get<double>(), m_operator, m_bound))
            return Outcome<bool>::failure("'" + m_text + "' does not hold: in lane " + name
                                          + " it is " + found->dump());
    }
    if (!checked)
        return Outcome<bool>::failure("'" + m_text + "' names no lane");
    return true;
}

} // namespace stickyscope
