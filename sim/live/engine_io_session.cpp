// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/engine_io_session.h"

#include <nlohmann/json.hpp>

namespace stickyscope::live {

namespace {

using Json = nlohmann::json;

std::string withQuery(const std::string& target, const std::string& transport,
                      const std::string& session)
{
    return target + (target.find('?') == std::string::npos ? "?" : "&")
        + "EIO=4&transport=" + transport + (session.empty() ? "" : "&sid=" + session);
}

std::string text(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

EngineIoSession::Poll EngineIoSession::poll(const std::string& target)
{
    m_says = !m_id.empty() && m_owed == 0;
    Poll poll {.target = withQuery(target, "polling", m_id), .says = m_says};
    if (m_says)
        poll.body = m_connected ? event("poll") : "40";
    return poll;
}

std::string EngineIoSession::upgradeTarget(const std::string& target) const
{
    return withQuery(target, "websocket", m_id);
}

void EngineIoSession::answered(int status, std::string_view body)
{
    if (status != 200)
        return end();
    if (m_says) {
        m_connected = true;
        ++m_owed;
    } else if (!m_id.empty()) {
        m_owed = 0;
    } else if (body.starts_with('0')) {
        const Json open = Json::parse(body.substr(1), nullptr, false);
        if (open.is_object() && open.contains("sid") && open["sid"].is_string())
            m_id = open["sid"].get<std::string>();
    }
}

// Whether the server has said what it owed is not known: nothing is waited for.
void EngineIoSession::failed()
{
    m_owed = 0;
}

std::string EngineIoSession::probe() const
{
    return m_id.empty() ? "" : "2probe";
}

EngineIoSession::Heard EngineIoSession::heard(std::string_view packet)
{
    if (packet == "3probe")
        return {.reply = "5", .opens = true};
    // It begins here, without polls before it.
    if (packet.starts_with('0')) {
        ++m_owed;
        return {.reply = "40", .opens = true};
    }
    if (packet.starts_with('2'))
        return {.reply = "3" + std::string(packet.substr(1))};
    if (packet.starts_with('4') && m_owed > 0) {
        --m_owed;
        return {};
    }
    return {.message = packet.starts_with("42")};
}

std::string EngineIoSession::event(const std::string& message)
{
    Json json = Json::parse(message, nullptr, false);
    if (json.is_discarded())
        json = message;
    return "42" + text(Json::array({"message", json}));
}

} // namespace stickyscope::live
