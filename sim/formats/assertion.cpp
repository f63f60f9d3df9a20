// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/assertion.h"

#include "sim/http/head.h"
#include "sim/model/observation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stickyscope {

namespace {

using Json = nlohmann::ordered_json;

// What a document leaves out because there is none of it: failures and close codes that did not
// occur, replicas that a client did not meet, figures of what has not happened yet.
const Json* leftOut(const Json& lane, std::string_view list, std::string_view key)
{
    static const Json zero = 0;
    static const Json nothing = nullptr;
    static constexpr std::array<std::string_view, 4> latencies {"mean", "p50", "p95", "p99"};
    static constexpr std::array<std::string_view, 3> imbalances {"busiest_over_mean", "cv", "jain"};
    const auto among = [key](const auto& names) {
        return std::find(names.begin(), names.end(), key) != names.end();
    };
    if (list == "latency_ms")
        return among(latencies) ? &nothing : nullptr;
    if (list == "imbalance")
        return among(imbalances) ? &nothing : nullptr;
    bool known = false;
    if (list == "failures") {
        for (std::size_t kind = 1; kind < failureKinds; ++kind)
            known = known || key == nameOf(static_cast<Failure>(kind));
    } else if (list == "closes") {
        known = !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos;
    } else if (list == "replicas") {
        for (const Json& replica : lane["replicas"])
            known = known || replica["name"] == key;
    }
    return known ? &zero : nullptr;
}

// Follows "replicas.server-1.share" from `from`, which the document calls `title`: keys of
// objects, and the names of rows in lists. Names may hold dots, so each prefix that fits is tried.
const Json* follow(const Json& lane, std::string_view title, const Json& from,
                   std::string_view path)
{
    if (path.empty())
        return &from;
    if (from.is_object()) {
        for (const auto& [key, value] : from.items()) {
            if (path == key)
                return &value;
            if (path.starts_with(key) && path[key.size()] == '.') {
                if (const Json* found = follow(lane, key, value, path.substr(key.size() + 1)))
                    return found;
            }
        }
    }
    if (from.is_array()) {
        for (const Json& row : from) {
            const auto name = row.value("name", row.value("kind", std::string {}));
            if (!name.empty() && path.starts_with(name + ".")) {
                if (const Json* found = follow(lane, {}, row, path.substr(name.size() + 1)))
                    return found;
            }
        }
        return nullptr;
    }
    return leftOut(lane, title, path);
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

std::string lanesOf(const Json& document)
{
    std::string names;
    for (const Json& lane : document["lanes"])
        names.append(names.empty() ? "" : ", ").append(lane.value("name", std::string {}));
    return names;
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

Assertion::Finding Assertion::findingOf(Finding::Kind kind, const std::string& what) const
{
    return {kind, "'" + m_text + "' " + what};
}

Assertion::Finding Assertion::check(const std::string& json) const
{
    const Json document = Json::parse(json);
    bool named = false;
    for (const Json& lane : document["lanes"])
        named = named || m_path.starts_with(lane.value("name", std::string {}) + ".");
    Finding finding;
    for (const Json& lane : document["lanes"]) {
        const auto name = lane.value("name", std::string {});
        std::string_view path = m_path;
        if (named && !path.starts_with(name + "."))
            continue;
        if (named)
            path.remove_prefix(name.size() + 1);
        const Json* found = follow(lane, {}, lane, path);
        if (!found && !named && !lane.contains(path.substr(0, path.find('.'))))
            return findingOf(Finding::Kind::namesNothing,
                             "names neither a lane (" + lanesOf(document) + ") nor a number that "
                                 + "lanes have");
        if (!found || !(found->is_number() || found->is_null()))
            return findingOf(Finding::Kind::namesNothing,
                             "names no number that lane " + name + " has");
        if (finding.kind == Finding::Kind::fails)
            continue; // a name that is wrong in a later lane outranks it
        if (found->is_null())
            finding =
                findingOf(Finding::Kind::fails, "does not hold: " + name + " has no value for it");
        else if (!holds(found->get<double>(), m_operator, m_bound))
            finding = findingOf(Finding::Kind::fails,
                                "does not hold: in lane " + name + " it is " + found->dump());
    }
    return finding;
}

} // namespace stickyscope
