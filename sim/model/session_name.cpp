// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/session_name.h"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <xxhash.h>

namespace stickyscope {

SessionPlace sessionPlaceOf(ClientKind kind)
{
    switch (kind) {
    case ClientKind::mcp:
        return {SessionPlace::In::header, "Mcp-Session-Id"};
    case ClientKind::signalr:
        return {SessionPlace::In::query, "id"};
    case ClientKind::socketio:
        return {SessionPlace::In::query, "sid"};
    default:
        return {};
    }
}

// Digits that tell nothing, as those of real ones.
std::string nameOfSession(ClientIndex client, std::uint32_t ordinal, std::string_view replica)
{
    std::string text = std::to_string(raw(client)) + " " + std::to_string(ordinal) + " ";
    text += replica;
    std::array<char, 17> digits {};
    std::snprintf(digits.data(), digits.size(), "%016" PRIx64,
                  std::uint64_t {XXH64(text.data(), text.size(), 0)});
    return digits.data();
}

std::string withParameter(std::string_view target, std::string_view name, std::string_view value)
{
    std::string text(target);
    text += target.find('?') == std::string_view::npos ? '?' : '&';
    return text.append(name).append("=").append(value);
}

} // namespace stickyscope
