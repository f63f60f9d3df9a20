// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"

#include <string>
#include <string_view>

namespace stickyscope::test {

/// How one parser reads the first message of a text, in terms that both have.
struct Reading
{
    enum class End
    {
        refused, ///< the head
        more, ///< of the head is awaited
        broken, ///< the head is good, and what follows is not
        unfinished, ///< the head is good, and more of the body is awaited
        complete
    };

    End end = End::refused;
    std::string start; ///< "GET /path", "200 OK"
    http::Fields fields;
    std::string body;
    std::size_t used = 0; ///< octets of a complete message
    bool untilClose = false; ///< its body ends with the connection
    bool keepsAlive = false;
    std::string why; ///< refused or broken

    bool hasHead() const { return end != End::refused && end != End::more; }
    bool operator==(const Reading& other) const
    {
        return end == other.end && start == other.start && fields == other.fields
            && body == other.body && used == other.used && untilClose == other.untilClose
            && keepsAlive == other.keepsAlive;
    }
};

/// By MessageStream.
Reading readByUs(std::string_view text, bool request);
/// By llhttp, Node's parser, in its strict mode.
Reading readByLlhttp(std::string_view text, bool request);

} // namespace stickyscope::test
