// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/limit_options.h"

#include "sim/formats/time_text.h"

#include <array>
#include <charconv>
#include <optional>

namespace stickyscope::cli {

namespace {

using lab::ProxyLimits;
using std::chrono::milliseconds;

enum class Unit : std::uint8_t
{
    count,
    octets,
    time
};

struct Limit
{
    std::string_view name;
    Unit unit;
    std::int64_t most; ///< milliseconds for times; the least is 1
    void (*set)(ProxyLimits&, std::int64_t);
    std::int64_t (*get)(const ProxyLimits&);
};

constexpr std::int64_t gibi = std::int64_t {1} << 30U;
constexpr std::int64_t day = std::int64_t {24} * 3600 * 1000;

template <auto member>
constexpr Limit ofProxy(std::string_view name, Unit unit, std::int64_t most)
{
    return {name, unit, most,
            [](ProxyLimits& limits, std::int64_t value) {
                using Type = std::remove_reference_t<decltype(limits.*member)>;
                limits.*member = static_cast<Type>(value);
            },
            [](const ProxyLimits& limits) { return static_cast<std::int64_t>(limits.*member); }};
}

template <auto member>
constexpr Limit ofMessages(std::string_view name, Unit unit, std::int64_t most)
{
    return {name, unit, most,
            [](ProxyLimits& limits, std::int64_t value) {
                limits.messages.*member = static_cast<std::uint64_t>(value);
            },
            [](const ProxyLimits& limits) {
                return static_cast<std::int64_t>(limits.messages.*member);
            }};
}

template <milliseconds ProxyLimits::*member>
constexpr Limit ofTime(std::string_view name)
{
    return {name, Unit::time, day,
            [](ProxyLimits& limits, std::int64_t value) { limits.*member = milliseconds(value); },
            [](const ProxyLimits& limits) -> std::int64_t { return (limits.*member).count(); }};
}

constexpr std::array limitTable {
    ofProxy<&ProxyLimits::connections>("connections", Unit::count, 1'000'000),
    ofProxy<&ProxyLimits::connectionsPerReplica>("connections-per-replica", Unit::count, 1'000'000),
    ofProxy<&ProxyLimits::queuePerReplica>("queue-per-replica", Unit::count, 1'000'000),
    ofProxy<&ProxyLimits::requestsPerConnection>("requests-per-connection", Unit::count,
                                                 1'000'000'000),
    ofProxy<&ProxyLimits::pipelined>("pipelined", Unit::count, 1'000'000),
    ofProxy<&ProxyLimits::buffer>("buffer", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::requestLine>("request-line", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::requestHead>("request-head", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::requestFields>("request-fields", Unit::count, 1'000'000),
    ofMessages<&wire::MessageLimits::field>("request-field", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::requestBody>("request-body", Unit::octets, 1024 * gibi),
    ofMessages<&wire::MessageLimits::responseHead>("response-head", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::responseFields>("response-fields", Unit::count, 1'000'000),
    ofMessages<&wire::MessageLimits::chunk>("chunk", Unit::octets, 1024 * gibi),
    ofMessages<&wire::MessageLimits::chunkExtensions>("chunk-extensions", Unit::octets, gibi),
    ofMessages<&wire::MessageLimits::trailer>("trailer", Unit::octets, gibi),
    ofTime<&ProxyLimits::head>("head-time"),
    ofTime<&ProxyLimits::bodyPause>("body-pause"),
    ofTime<&ProxyLimits::sendPause>("send-pause"),
    ofTime<&ProxyLimits::idle>("idle"),
    ofTime<&ProxyLimits::connect>("connect-time"),
    ofTime<&ProxyLimits::firstByte>("first-byte"),
    ofTime<&ProxyLimits::answerPause>("answer-pause"),
};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> sizes {
    {{"KiB", std::int64_t {1} << 10U}, {"MiB", std::int64_t {1} << 20U}, {"GiB", gibi}}};

std::string written(Unit unit, std::int64_t value)
{
    if (unit == Unit::time)
        return writeTime(milliseconds(value));
    for (auto size = sizes.rbegin(); unit == Unit::octets && size != sizes.rend(); ++size) {
        if (value % size->second == 0)
            return std::to_string(value / size->second) + std::string(size->first);
    }
    return std::to_string(value);
}

std::optional<std::int64_t> read(Unit unit, std::string_view text)
{
    if (unit == Unit::time) {
        const auto time = readTime(text);
        if (!time || *time == Duration::max())
            return {};
        return std::chrono::floor<milliseconds>(*time).count();
    }
    std::int64_t factor = 1;
    for (const auto& [name, octets] : sizes) {
        if (unit == Unit::octets && text.ends_with(name)) {
            factor = octets;
            text.remove_suffix(name.size());
        }
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc {} || last != end || number < 0 || number > 1024 * gibi)
        return {};
    return number > 1024 * gibi / factor ? 1024 * gibi + 1 : number * factor;
}

} // namespace

std::string setLimit(ProxyLimits& limits, std::string_view text)
{
    const auto equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    for (const Limit& limit : limitTable) {
        if (limit.name != name)
            continue;
        const auto value = read(limit.unit, text.substr(std::min(equals + 1, text.size())));
        if (value && *value >= 1 && *value <= limit.most) {
            limit.set(limits, *value);
            return {};
        }
        return "--limit " + std::string(name) + " must be " + written(limit.unit, 1) + " to "
            + written(limit.unit, limit.most) + ", such as " + written(limit.unit, limit.get({}))
            + ", not '" + std::string(text.substr(std::min(equals + 1, text.size()))) + "'";
    }
    return "--limit must be NAME=VALUE, one of " + limitNames() + "; not '" + std::string(text)
        + "'";
}

std::string limitNames()
{
    std::string names;
    for (const Limit& limit : limitTable)
        names.append(names.empty() ? "" : ", ")
            .append(limit.name)
            .append("=")
            .append(written(limit.unit, limit.get({})));
    return names;
}

} // namespace stickyscope::cli
