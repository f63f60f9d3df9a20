// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_message.h"
#include "sim/lab/session_memory.h"

#include <string>

namespace stickyscope::lab {

/// The cookie by which a replica knows who is logged in; the balancer's is another.
inline constexpr const char* loginCookie = "login-session";

/// POST /login with "user=NAME" (or {"user": NAME}): a session in this replica's memory, and its
/// cookie.
ReplicaAnswer logIn(const ReplicaRequest& request, SessionMemory& memory,
                    const std::string& hostname);
/// POST /logout: forgets it here, and deletes the cookie.
ReplicaAnswer logOut(const ReplicaRequest& request, SessionMemory& memory,
                     const std::string& hostname);
/// GET /cart shows the cart, POST puts one more thing into it; 401 where the session is not known
/// here.
ReplicaAnswer visitCart(const ReplicaRequest& request, SessionMemory& memory,
                        const std::string& hostname);

} // namespace stickyscope::lab
