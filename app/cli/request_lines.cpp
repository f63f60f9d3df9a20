// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/request_lines.h"

#include <array>
#include <charconv>

namespace stickyscope::cli {

namespace {

// A balancer that is busy writes thousands a second.
constexpr std::size_t usualLine = 160;

std::string_view pathOf(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

template <typename... How>
void addNumber(std::string& line, How... how)
{
    std::array<char, 32> digits {};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), how...);
    line.append(digits.data(), end);
}

void addMilliseconds(std::string& line, Duration took)
{
    addNumber(line, inMilliseconds(took), std::chars_format::fixed, 1);
    line.append(" ms");
}

} // namespace

std::string lineOf(const lab::ProxyRecord& record, const std::string& target,
                   const std::string& replica)
{
    std::string line;
    line.reserve(usualLine);
    line.append(record.client).append(" ");
    if (record.method.empty())
        line.append("no request: ");
    else
        line.append(record.method).append(" ").append(target).append(" ");
    if (record.status == 0)
        line.append("no answer");
    else
        addNumber(line, record.status);
    if (!replica.empty())
        line.append(" ").append(replica);
    line.append(" cookie ").append(nameOf(record.cookieIn));
    if (record.cookieOut != CookieOut::none)
        line.append(", ").append(nameOf(record.cookieOut));
    if (record.attempts > 1)
        addNumber(line.append(" attempts "), record.attempts);
    addMilliseconds(line.append(" "), record.took);
    line.append(" ").append(record.requestId);
    if (!record.why.empty())
        line.append(" ").append(record.why);
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
    if (!entry.told.empty()) {
        if (!entry.client.empty())
            line.append(" ").append(entry.client);
        return line.append(" ").append(entry.told);
    }
    const lab::ProxyRecord& record = *entry.record;
    line.append(" ").append(record.client);
    if (!entry.client.empty())
        line.append(" ").append(entry.client);
    // A query may hold secrets.
    if (record.method.empty()) {
        line.append(" no request: ").append(std::to_string(record.status));
    } else {
        line.append(" ").append(record.method).append(" ").append(pathOf(record.target));
        line.append(" ").append(std::to_string(record.status)).append(" ");
        line.append(entry.replica.empty() ? "nobody" : entry.replica);
        line.append(" ").append(nameOf(record.ledger));
    }
    addMilliseconds(line.append(" "), record.took);
    return record.why.empty() ? line : line.append(" ").append(record.why);
}

nlohmann::ordered_json jsonOf(const lab::LaneLog& entry, const record::SecretMask& mask)
{
    nlohmann::ordered_json line {{"lane", entry.lane}, {"who", entry.client}};
    if (entry.client.empty())
        line["who"] = nullptr;
    line.update(
        jsonOf(*entry.record, mask.address(entry.record->target), std::string(entry.replica)));
    if (entry.told.empty())
        return line;
    // What a program decides is not seen, and a replica does not know how long it took.
    for (const char* unseen : {"cookie_in", "cookie_out", "because", "rule", "attempts"})
        line.erase(unseen);
    if (entry.record->took == Duration::zero())
        line["took_ms"] = nullptr;
    line["told"] = entry.told;
    return line;
}

} // namespace stickyscope::cli
