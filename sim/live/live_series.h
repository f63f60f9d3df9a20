// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace stickyscope::live {

/// What the requests of one client have in common, those side by side among them: their numbers,
/// and where our own replicas are told, the session that they follow.
class LiveSeries
{
public:
    struct Terms
    {
        int sessionRequests = 0; ///< answered requests of a session; 0: no end
        int upgradeAfter = 0; ///< so many of them poll before a WebSocket; 0: all do
        bool refused = false; ///< where its session is not known: then the session is over
        int logoutAfter = 0; ///< answered requests from one logout to the next; 0: none
        /// Where this replica keeps its sessions.
        std::function<SessionStore(const std::string& replica)> store;
    };

    /// One request, as it is sent.
    struct Sent
    {
        std::uint32_t ordinal = 0;
        std::string session; ///< empty: none has begun
        bool logsOut = false;
    };

    /// One answer, as it goes with the series.
    struct Judged
    {
        SessionMark mark {};
        bool endsSession = false;
    };

    LiveSeries() = default;
    explicit LiveSeries(Terms terms)
        : m_terms(std::move(terms))
    {
    }

    std::uint32_t requests() const { return m_ordinal; }
    /// Whether the next request is to ask for a WebSocket.
    bool upgrades() const
    {
        return m_terms.upgradeAfter > 0 && !m_session.empty() && m_answered >= m_terms.upgradeAfter;
    }
    Sent send();
    /// It has ended without an answer.
    void failed(const Sent& request);
    /// What `replica` said of its session: "met NAME" and the like (request_marks.h).
    Judged answered(const Sent& request, std::string_view said, const std::string& replica);
    /// The session has ended with something else than an answer.
    void endSession();

private:
    SessionMark markOf(const Sent& request, SessionMark said, const std::string& replica) const;

    Terms m_terms;
    std::uint32_t m_ordinal = 0;
    std::string m_session; ///< its name; empty: none
    std::string m_holder; ///< the replica that has it
    int m_answered = 0; ///< of the session
    int m_sinceLogout = 0; ///< answered
    bool m_loggingOut = false; ///< such a request is under way
};

} // namespace stickyscope::live
