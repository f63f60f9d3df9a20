// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/model/scenario.h"

namespace stickyscope {

/// Whether a follow-up meets its session at a replica that keeps state so; `there`: it is the one
/// that has served the session, and has not started anew since.
inline SessionMark followUpAt(SessionStore store, bool there)
{
    switch (store) {
    case SessionStore::shared:
        return SessionMark::met;
    case SessionStore::withConnection:
        return SessionMark::broken;
    case SessionStore::inMemory:
        break;
    }
    return there ? SessionMark::met : SessionMark::broken;
}

} // namespace stickyscope
