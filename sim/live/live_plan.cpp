// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_plan.h"

#include "sim/http/client_site.h"

#include <array>

namespace stickyscope::live {

int keepAliveOf(const ClientSpec& spec)
{
    const bool always = spec.kind == ClientKind::rest || spec.kind == ClientKind::grpc;
    return always ? alwaysKept : spec.keepAlive;
}

void addHeaders(Target& target, const ClientSpec& spec)
{
    for (const auto& [name, value] : spec.headers) {
        if (!http::equalIgnoringCase(name, "Cookie"))
            target.request.fields.add(name, value);
    }
    const std::string given = http::givenCookies(spec);
    if (!given.empty())
        target.cookies.append(target.cookies.empty() ? "" : "; ").append(given);
}

std::string filledIn(const std::string& message, std::uint32_t number, std::int64_t milliseconds,
                     const std::string& client)
{
    const std::array<std::pair<std::string, std::string>, 3> values {
        {{"{n}", std::to_string(number)},
         {"{ms}", std::to_string(milliseconds)},
         {"{client}", client}}};
    std::string result;
    for (std::size_t place = 0; place < message.size();) {
        bool found = false;
        for (const auto& [name, value] : values) {
            if (message.compare(place, name.size(), name) != 0)
                continue;
            result += value;
            place += name.size();
            found = true;
            break;
        }
        if (!found)
            result += message[place++];
    }
    return result;
}

} // namespace stickyscope::live
