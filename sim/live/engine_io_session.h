// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace stickyscope::live {

/// A Socket.IO client's side of its Engine.IO session (protocol 4, github.com/socketio/
/// engine.io-protocol): it polls, saying something and fetching the answer in turn, so that no poll
/// has to wait; and it goes on as a WebSocket. One request at a time.
class EngineIoSession
{
public:
    struct Poll
    {
        std::string target;
        bool says = false; ///< by POST; else it fetches
        std::string body;
    };

    /// What came over the WebSocket.
    struct Heard
    {
        std::string reply; ///< to be sent at once; may be empty
        bool opens = false; ///< messages may be sent from now on
        bool message = false; ///< it answers one of them
    };

    /// The next poll; `target` is the scenario's path.
    Poll poll(const std::string& target);
    /// Of the handshake by which the session goes on, or without one begins.
    std::string upgradeTarget(const std::string& target) const;
    /// The last poll was answered, or was not.
    void answered(int status, std::string_view body);
    void failed();
    /// What is to be said first when the WebSocket is open; empty where the server speaks first.
    std::string probe() const;
    Heard heard(std::string_view packet);
    /// A message as a Socket.IO event; what is no JSON goes as text.
    static std::string event(const std::string& message);
    /// It is over, and the next poll begins another one.
    void end() { *this = {}; }

private:
    std::string m_id; ///< the server's name for it; empty: none has begun
    bool m_connected = false; ///< to Socket.IO's namespace
    bool m_says = false; ///< the poll that is under way
    int m_owed = 0; ///< packets with which the server has yet to answer
};

} // namespace stickyscope::live
