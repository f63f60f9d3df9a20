// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// Somebody who asks a lab's balancer beside our own clients.
struct Guest
{
    ClientIndex client = noClient; ///< as observations and pictures number it
    std::string name; ///< "browser-2"
    std::string address; ///< in numbers, without a port
    bool outside = false; ///< another machine
    std::chrono::steady_clock::time_point lastAsked {}; ///< or said something in a WebSocket
    int sockets = 0; ///< WebSockets that are open
};

/// Who has been at a lane, for those who look on from another thread.
class GuestBook
{
public:
    /// This guest has asked now. `source`: address and port.
    void enter(ClientIndex client, const std::string& name, const std::string& source);
    /// Who has entered says something in a WebSocket, has opened or closed one.
    void speaks(ClientIndex client);
    void opens(ClientIndex client);
    void closes(ClientIndex client);
    /// In the order of their first requests.
    std::vector<Guest> guests() const;

private:
    Guest* find(ClientIndex client);

    mutable std::mutex m_mutex;
    std::vector<Guest> m_guests;
};

} // namespace stickyscope::lab
