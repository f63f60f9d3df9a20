// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/message_stream.h"
#include "tests/fuzz/fuzz.h"

#include <string>

namespace stickyscope::fuzz {

inline std::string startOf(const wire::RequestStream& stream)
{
    return stream.head().method + " " + stream.head().target;
}

inline std::string startOf(const wire::ResponseStream& stream)
{
    return std::to_string(stream.head().status) + " " + stream.head().reason;
}

/// All that is read of these octets when they come in such steps: heads, framing, bodies, ends,
/// what is wrong, and whether more was awaited.
template <typename Stream>
std::string transcriptOf(std::string_view octets, std::size_t step)
{
    Stream stream;
    std::string text;
    inSteps(octets, step, [&](std::string_view piece) {
        stream.put(piece);
        for (auto part = stream.next(); part != wire::Part::needsMore; part = stream.next()) {
            if (part == wire::Part::malformed) {
                text += "\nmalformed";
                return false;
            }
            if (part == wire::Part::head) {
                text += "\n" + startOf(stream) + "\n";
                for (const http::Field& field : stream.head().fields)
                    text += field.name + "=" + field.value + "\n";
                text += std::to_string(static_cast<int>(stream.framing())) + " "
                    + (stream.keepsAlive() ? "stays" : "closes") + "\n";
            }
            text += part == wire::Part::body ? stream.piece() : "";
            text += part == wire::Part::end ? "\nend" : "";
        }
        return true;
    });
    return text + (stream.hasBegun() ? "\nmore" : "");
}

} // namespace stickyscope::fuzz
