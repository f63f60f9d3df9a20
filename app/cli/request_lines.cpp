// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/request_lines.h"

#include <array>
#include <cstdio>

namespace stickyscope::cli {

namespace {

std::string_view pathOf(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

} // namespace

std::string lineOf(const lab::ProxyRecord& record, const std::string& target,
                   const std::string& replica)
{
    std::string line = record.client + " ";
    line += record.method.empty() ? "no request: " : record.method + " " + target + " ";
    line += record.status == 0 ? "no answer" : std::to_string(record.status);
    line += replica.empty() ? "" : " " + replica;
    line += " cookie " + std::string(nameOf(record.cookieIn));
    if (record.cookieOut != CookieOut::none)
        line += ", " + std::string(nameOf(record.cookieOut));
    if (record.attempts > 1)
        line += " attempts " + std::to_string(record.attempts);
    std::array<char, 32> took {};
    std::snprintf(took.data(), took.size(), " %.1f ms ", inMilliseconds(record.took));
    line += took.data() + record.requestId;
    if (!record.why.empty())
        line += " " + record.why;
    return line;
}

nlohmann::ordered_json jsonOf(const lab::ProxyRecord& record, const std::string& target,
                              const std::string& replica)
{
    nlohmann::ordered_json line {{"at_s", inSeconds(record.at.time_since_epoch())},
                                 {"client", record.client},
                                 {"method", record.method},
                                 {"target", target},
                                 {"status", record.status},
                                 {"replica", nullptr},
                                 {"answered", record.answered},
                                 {"websocket", record.webSocket},
                                 {"cookie_in", nameOf(record.cookieIn)},
                                 {"cookie_out", nameOf(record.cookieOut)},
                                 {"because", nameOf(record.ledger)},
                                 {"rule", nullptr},
                                 {"attempts", record.attempts},
                                 {"took_ms", inMilliseconds(record.took)},
                                 {"request_id", record.requestId},
                                 {"failure", nullptr},
                                 {"why", record.why}};
    if (!replica.empty())
        line["replica"] = replica;
    if (record.rule)
        line["rule"] = lab::reasonOf(record);
    if (record.failure != Failure::none)
        line["failure"] = nameOf(record.failure);
    return line;
}

std::string jsonLine(const nlohmann::ordered_json& value)
{
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string lineOf(const lab::LaneLog& entry)
{
    std::string line(entry.lane);
    if (!entry.record)
        return line.append(" ").append(entry.told);
    const lab::ProxyRecord& record = *entry.record;
    std::array<char, 32> took {};
    std::snprintf(took.data(), took.size(), "%.1f ms", inMilliseconds(record.took));
    // A query may hold secrets.
    line.append(" ").append(record.client).append(" ").append(entry.client);
    line.append(" ").append(record.method).append(" ").append(pathOf(record.target));
    line.append(" ").append(std::to_string(record.status)).append(" ");
    line.append(entry.replica.empty() ? "nobody" : entry.replica);
    line.append(" ").append(nameOf(record.ledger)).append(" ").append(took.data());
    return record.why.empty() ? line : line.append(" ").append(record.why);
}

nlohmann::ordered_json jsonOf(const lab::LaneLog& entry, const record::SecretMask& mask)
{
    nlohmann::ordered_json line {{"lane", entry.lane}};
    if (!entry.record) {
        line["told"] = entry.told;
        return line;
    }
    line["who"] = entry.client;
    line.update(
        jsonOf(*entry.record, mask.address(entry.record->target), std::string(entry.replica)));
    return line;
}

} // namespace stickyscope::cli
