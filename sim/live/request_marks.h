// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace stickyscope::live {

/// What our clients tell our own replicas, so that real requests have the luck and the sessions of
/// modelled ones. Other services never see these fields.

/// "CLIENT ORDINAL KIND", such as "3 17 browser": whose request it is. Its demand is drawn by it.
inline constexpr const char* requestMark = "X-Stickyscope-Request";
/// In a request the session's name as a replica gave it, or "new" where none has begun; in an
/// answer "begins NAME", "met NAME", or "broken NAME" where the replica did not know the session
/// and began another one, and "broken" where it refused the request. A field, as clients without a
/// jar have sessions too.
inline constexpr const char* sessionMark = "X-Stickyscope-Session";
/// In a request: it logs the user out, and the answer takes "all" cookies, or the "session" cookie.
inline constexpr const char* logoutMark = "X-Stickyscope-Logout";
/// In an answer: the replica's name.
inline constexpr const char* replicaMark = "X-Stickyscope-Replica";

} // namespace stickyscope::live
