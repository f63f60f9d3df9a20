// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/observation.h"

#include <array>

namespace stickyscope {

namespace {

template <std::size_t Count, typename Enum>
std::string_view entry(const std::array<std::string_view, Count>& names, Enum value)
{
    return names.at(static_cast<std::size_t>(value));
}

} // namespace

std::string_view nameOf(ObservationKind kind)
{
    static constexpr std::array<std::string_view, observationKinds> names {
        "sent",         "placed",          "served",          "answered",
        "failed",       "opened",          "closed",          "message",
        "session-lost", "replica-stopped", "replica-started", "replica-draining",
        "noticed-down", "noticed-up",      "rolling-update",  "rolling-update-ends"};
    return entry(names, kind);
}

std::string_view nameOf(SessionMark mark)
{
    static constexpr std::array<std::string_view, sessionMarks> names {"none", "begins", "met",
                                                                       "broken", "unseen"};
    return entry(names, mark);
}

std::string_view nameOf(CookieIn state)
{
    static constexpr std::array<std::string_view, cookieInStates> names {
        "none", "valid", "unknown", "down", "draining", "expired", "refused"};
    return entry(names, state);
}

std::string_view nameOf(CookieOut state)
{
    static constexpr std::array<std::string_view, cookieOutStates> names {
        "none",    "inserted",  "refreshed", "rewritten",
        "deleted", "passed-on", "several",   "not-kept"};
    return entry(names, state);
}

std::string_view nameOf(Ledger key)
{
    static constexpr std::array<std::string_view, ledgerKeys> names {
        "valid",   "fresh", "down",       "draining", "unknown",  "expired",
        "refused", "hash",  "connection", "honoured", "replaced", "unidentified"};
    return entry(names, key);
}

std::string_view nameOf(Failure failure)
{
    static constexpr std::array<std::string_view, failureKinds> names {"none",
                                                                       "connection-refused",
                                                                       "connection-reset",
                                                                       "closed-without-answer",
                                                                       "timed-out",
                                                                       "unresolved",
                                                                       "tls-refused",
                                                                       "malformed-answer",
                                                                       "truncated-answer",
                                                                       "http2-only",
                                                                       "balancer-404",
                                                                       "balancer-502",
                                                                       "balancer-503",
                                                                       "balancer-504",
                                                                       "handshake-refused",
                                                                       "other"};
    return entry(names, failure);
}

} // namespace stickyscope
