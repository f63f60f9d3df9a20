// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/limit_options.h"

#include "sim/formats/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <type_traits>

namespace stickyscope::cli {

namespace {

using lab::ProxyLimits;
using lab::ReplicaLimits;
using std::chrono::milliseconds;

enum class Unit : std::uint8_t
{
    count,
    octets,
    time
};

template <typename Limits>
struct Limit
{
    std::string_view name;
    Unit unit;
    std::int64_t most; ///< milliseconds for times; the least is 1
    void (*set)(Limits&, std::int64_t);
    std::int64_t (*get)(const Limits&);
};

template <typename Limits>
using LimitTable = std::vector<Limit<Limits>>;

constexpr std::int64_t gibi = std::int64_t {1} << 30U;
constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t day = std::int64_t {24} * 3600 * 1000;

// `path` leads from all limits to the one.
template <typename Limits, auto... path>
constexpr Limit<Limits> row(std::string_view name, Unit unit, std::int64_t most)
{
    return {name, unit, most,
            [](Limits& limits, std::int64_t value) {
                auto& limit = (limits.*....*path);
                limit = static_cast<std::remove_reference_t<decltype(limit)>>(value);
            },
            [](const Limits& limits) -> std::int64_t {
                const auto& limit = (limits.*....*path);
                if constexpr (std::is_convertible_v<decltype(limit), milliseconds>)
                    return limit.count();
                else
                    return static_cast<std::int64_t>(limit);
            }};
}

template <typename Limits, auto member>
constexpr Limit<Limits> time(std::string_view name)
{
    return row<Limits, member>(name, Unit::time, day);
}

template <typename Limits, auto member>
constexpr Limit<Limits> message(std::string_view name, Unit unit, std::int64_t most)
{
    return row<Limits, &Limits::messages, member>(name, unit, most);
}

// What a balancer and a replica read alike.
template <typename Limits>
LimitTable<Limits> requestLimits()
{
    using M = wire::MessageLimits;
    return {
        row<Limits, &Limits::connections>("connections", Unit::count, million),
        row<Limits, &Limits::requestsPerConnection>("requests-per-connection", Unit::count,
                                                    1000 * million),
        row<Limits, &Limits::buffer>("buffer", Unit::octets, gibi),
        message<Limits, &M::requestLine>("request-line", Unit::octets, gibi),
        message<Limits, &M::requestHead>("request-head", Unit::octets, gibi),
        message<Limits, &M::requestFields>("request-fields", Unit::count, million),
        message<Limits, &M::field>("request-field", Unit::octets, gibi),
        message<Limits, &M::requestBody>("request-body", Unit::octets, 1024 * gibi),
        message<Limits, &M::chunk>("chunk", Unit::octets, 1024 * gibi),
        message<Limits, &M::chunkExtensions>("chunk-extensions", Unit::octets, gibi),
        message<Limits, &M::trailer>("trailer", Unit::octets, gibi),
        time<Limits, &Limits::head>("head-time"),
        time<Limits, &Limits::bodyPause>("body-pause"),
        row<Limits, &Limits::bodyRate>("body-rate", Unit::octets, gibi),
        time<Limits, &Limits::sendPause>("send-pause"),
        time<Limits, &Limits::idle>("idle"),
    };
}

template <typename Limits>
const LimitTable<Limits>& limitTable();

template <>
const LimitTable<ProxyLimits>& limitTable()
{
    using P = ProxyLimits;
    using M = wire::MessageLimits;
    static const LimitTable<P> table = [] {
        LimitTable<P> all = requestLimits<P>();
        for (const Limit<P>& limit : {
                 row<P, &P::connectionsPerReplica>("connections-per-replica", Unit::count, million),
                 row<P, &P::queuePerReplica>("queue-per-replica", Unit::count, million),
                 row<P, &P::pipelined>("pipelined", Unit::count, million),
                 row<P, &P::replay>("replay", Unit::octets, gibi),
                 message<P, &M::responseHead>("response-head", Unit::octets, gibi),
                 message<P, &M::responseFields>("response-fields", Unit::count, million),
                 time<P, &P::connect>("connect-time"),
                 time<P, &P::firstByte>("first-byte"),
                 time<P, &P::answerPause>("answer-pause"),
                 time<P, &P::tunnelIdle>("tunnel-idle"),
                 time<P, &P::tunnelClose>("tunnel-close"),
             })
            all.push_back(limit);
        return all;
    }();
    return table;
}

template <>
const LimitTable<ReplicaLimits>& limitTable()
{
    using R = ReplicaLimits;
    using S = lab::SocketLimits;
    static const LimitTable<R> table = [] {
        LimitTable<R> all = requestLimits<R>();
        for (const Limit<R>& limit : {
                 row<R, &R::sockets, &S::message>("websocket-message", Unit::octets, gibi),
                 row<R, &R::sockets, &S::silence>("websocket-idle", Unit::time, day),
                 row<R, &R::sockets, &S::closeWait>("websocket-close", Unit::time, day),
             })
            all.push_back(limit);
        return all;
    }();
    return table;
}

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

template <typename Limits>
std::string limitNames()
{
    std::string names;
    for (const Limit<Limits>& limit : limitTable<Limits>())
        names.append(names.empty() ? "" : ", ")
            .append(limit.name)
            .append("=")
            .append(written(limit.unit, limit.get({})));
    return names;
}

template <typename Limits>
std::string setLimit(Limits& limits, const std::string& option, std::string_view text)
{
    const auto equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const std::string_view given = text.substr(std::min(equals + 1, text.size()));
    for (const Limit<Limits>& limit : limitTable<Limits>()) {
        if (limit.name != name)
            continue;
        const auto value = read(limit.unit, given);
        if (value && *value >= 1 && *value <= limit.most) {
            limit.set(limits, *value);
            return {};
        }
        return "--" + option + " " + std::string(name) + " must be " + written(limit.unit, 1)
            + " to " + written(limit.unit, limit.most) + ", such as "
            + written(limit.unit, limit.get({})) + ", not '" + std::string(given) + "'";
    }
    return "--" + option + " must be NAME=VALUE, one of " + limitNames<Limits>() + "; not '"
        + std::string(text) + "'";
}

} // namespace

template <typename Limits>
void addLimitOption(CLI::App& app, const std::string& name, const std::string& whose,
                    std::vector<std::string>& texts)
{
    app.add_option("--" + name, texts,
                   whose + " puts up with, other than by default: NAME=VALUE,... of "
                       + limitNames<Limits>())
        ->delimiter(',');
}

template <typename Limits>
std::string setLimits(Limits& limits, const std::string& name,
                      const std::vector<std::string>& texts)
{
    for (const std::string& text : texts) {
        if (auto wrong = setLimit(limits, name, text); !wrong.empty())
            return wrong;
    }
    return {};
}

template void addLimitOption<ProxyLimits>(CLI::App&, const std::string&, const std::string&,
                                          std::vector<std::string>&);
template void addLimitOption<ReplicaLimits>(CLI::App&, const std::string&, const std::string&,
                                            std::vector<std::string>&);
template std::string setLimits(ProxyLimits&, const std::string&, const std::vector<std::string>&);
template std::string setLimits(ReplicaLimits&, const std::string&, const std::vector<std::string>&);

} // namespace stickyscope::cli
