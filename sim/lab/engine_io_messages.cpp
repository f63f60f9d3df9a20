// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Socket.IO's protocol 5 on an Engine.IO session.
#include "sim/lab/engine_io.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

using Json = nlohmann::json;

}

// Socket.IO's packets: type, of a binary event the number of attachments and "-", "/namespace,",
// number to acknowledge, JSON.
void EngineIo::takeMessage(Session& session, const std::string& message)
{
    if (message.empty())
        return;
    const bool binary = message[0] == '5';
    std::size_t place = binary ? std::min(message.find('-'), message.size() - 1) + 1 : 1;
    std::string space;
    if (place < message.size() && message[place] == '/') {
        const auto comma = std::min(message.find(',', place), message.size());
        space = message.substr(place, comma - place) + ",";
        place = std::min(comma + 1, message.size());
    }
    if (message[0] == '0')
        return say(session, "40" + space + written({{"sid", session.id}}));
    if (message[0] != '2' && !binary)
        return;
    std::size_t end = place;
    while (end < message.size() && std::isdigit(static_cast<unsigned char>(message[end])) != 0)
        ++end;
    const std::string number = message.substr(place, end - place);
    if (!number.empty())
        say(session, "43" + space + number + written(Json::array({m_hostname})));
    say(session, "42" + space + written(Json::array({"hostname", m_hostname})));
}

} // namespace stickyscope::lab
